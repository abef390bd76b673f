"""Chunks that look damaged, parsed by a process of their own: what is the end of the parser costs the chunk it came of.

The process is started for the first of them and serves until the program ends. It has a second or two of processor time
for each task, and a gigabyte of memory, and nothing that it sends is unpickled.
"""

from __future__ import annotations

import logging
import resource
import signal
import time
from contextlib import suppress
from multiprocessing import current_process
from threading import Lock
from typing import TYPE_CHECKING, Any, TypedDict

import msgspec

from logonscope.own_process import OwnProcess, fall_silent
from logonscope.readers.evtx_parse import PARSER_ERRORS, Parts, parse_chunk, parse_run

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

_SECONDS = 2
"""Of processor time: a hundred times what sixteen full chunks take."""
_BYTES = 1 << 30
_STUCK_SECONDS = 120.0
"""The same by the clock, for one that does not even use the processor."""
_MOST_DEATHS = 100
"""Of the process: somebody may have made a log of nothing else."""
_BROKEN = (EOFError, OSError, msgspec.MsgspecError)
_log = logging.getLogger(__name__)


class ParserDiedError(RuntimeError):
    """A chunk that was the end of the process."""


class _Record(TypedDict):
    event_record_id: int
    timestamp: str
    data: str


class _Question(msgspec.Struct, array_like=True):
    chunks: list[bytes]
    is_run: bool
    as_xml: bool


class _Answer(msgspec.Struct, array_like=True):
    records: list[_Record] = []
    reasons: list[str] = []
    error: str | None = None
    has_died: bool = False


class _Apart:
    """The process, and the one thread at a time that asks it."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._process: OwnProcess | None = None
        self._deaths_left = _MOST_DEATHS
        self._decode = msgspec.msgpack.Decoder(_Answer).decode

    def ask(self, question: _Question) -> _Answer | None:
        """Have chunks parsed.

        Returns:
            None where no process can be made.
        """
        if current_process().daemon:
            return None  # it may have none of its own, and is one that may die itself
        with self._lock:
            if not self._deaths_left:
                return _Answer(error=f"the parser has crashed {_MOST_DEATHS} times before", has_died=True)
            try:
                self._process = self._process or OwnProcess(_serve, name="parsing apart")
            except (OSError, ValueError) as error:
                _log.warning("no process can be made to parse apart", exc_info=error)
                return None
            return self._asked(self._process, question)

    def _asked(self, process: OwnProcess, question: _Question) -> _Answer:
        try:
            process.connection.send_bytes(msgspec.msgpack.encode(question))
            if process.connection.poll(_STUCK_SECONDS):
                return self._decode(process.connection.recv_bytes())
            why = "reading it came to no end"
        except _BROKEN:
            why = ""
        self._process = None
        self._deaths_left -= 1
        code = process.end()
        if not why:
            is_late = code == -signal.SIGXCPU
            why = f"reading it took more than {_SECONDS} s" if is_late else "reading it crashed"
        _log.warning("a chunk was too much for the parser: %s (exit code %d)", why, code)
        return _Answer(error=why, has_died=True)


_apart = _Apart()


def run_apart(chunks: list[bytes]) -> Parts | None:
    """Parse some chunks together, as ``parse_run`` does."""
    answer = _apart.ask(_Question(chunks, is_run=True, as_xml=False))
    if answer is None:
        return parse_run(chunks)
    if answer.error is not None:
        return None
    parts = Parts()
    parts.add(answer.records)
    return parts


def chunk_apart(chunk: bytes, *, as_xml: bool = False) -> tuple[list[Any], list[str]]:
    """Parse one chunk, as ``parse_chunk`` does.

    Raises:
        RuntimeError: The chunk as a whole cannot be parsed.
        ParserDiedError: It was the end of the process.
    """
    answer = _apart.ask(_Question([chunk], is_run=False, as_xml=as_xml))
    if answer is None:
        return parse_chunk(chunk, as_xml=as_xml)
    if answer.error is not None:
        raise (ParserDiedError if answer.has_died else RuntimeError)(answer.error)
    return list(answer.records), answer.reasons


def _serve(connection: Connection) -> None:
    fall_silent()
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_DATA, (_BYTES, _BYTES))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    decode = msgspec.msgpack.Decoder(_Question).decode
    with suppress(EOFError, OSError):
        while True:
            question = decode(connection.recv_bytes())
            _limit_seconds()
            connection.send_bytes(msgspec.msgpack.encode(_answer(question)))


def _limit_seconds() -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(time.process_time()) + 1 + _SECONDS, hard))


def _answer(question: _Question) -> _Answer:
    if question.is_run:
        parts = parse_run(question.chunks)
        if parts is None:
            return _Answer(error="")
        columns = zip(parts.header_ids, parts.stamps, parts.texts, strict=True)
        return _Answer([_Record(event_record_id=i, timestamp=stamp, data=text) for i, stamp, text in columns])
    try:
        return _Answer(*parse_chunk(question.chunks[0], as_xml=question.as_xml))
    except PARSER_ERRORS as error:
        return _Answer(error=str(error))
