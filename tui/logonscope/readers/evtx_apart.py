"""Chunks parsed by a process of their own: what is the end of the parser costs the chunk that it came of.

The process is started for the first of them, or before, and serves until the program ends. It has a second or two of
processor time for each task, and a gigabyte of memory, and nothing that it sends is unpickled. It may be at one task
while whoever gave it that does something else.
"""

from __future__ import annotations

import logging
from contextlib import contextmanager, nullcontext, suppress
from multiprocessing import current_process
from threading import Lock
from typing import TYPE_CHECKING, Any

import msgspec

from logonscope.own_process import OwnProcess, cause_of_death, fall_silent, limit_memory, limit_seconds, within_seconds
from logonscope.readers.evtx_parse import PARSER_ERRORS, Parts, parse_chunk, parse_run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from multiprocessing.connection import Connection

_SECONDS, _SECONDS_HERE = 2, 5
"""Of processor time: a hundred times what sixteen full chunks take, and more in a process that does other work, too."""
_BYTES = 1 << 30
_STUCK_SECONDS = 120.0
"""The same by the clock, for one that does not even use the processor."""
_MOST_DEATHS = 100
"""Of the process, in one file: somebody may have made a log of nothing else."""
_BROKEN = (EOFError, OSError)
_log = logging.getLogger(__name__)


class ParserDiedError(RuntimeError):
    """A chunk that was the end of the process."""


class Patience:
    """How often the process may still die of what one file has."""

    def __init__(self) -> None:
        self.deaths_left = _MOST_DEATHS


class _Question(msgspec.Struct, array_like=True):
    chunks: list[bytes]
    is_run: bool
    as_xml: bool


class _Answer(msgspec.Struct, array_like=True):
    header_ids: list[int] = []
    stamps: list[str] = []
    texts: list[str] = []
    reasons: list[str] = []
    error: str | None = None
    has_died: bool = False


_decode_question = msgspec.msgpack.Decoder(_Question).decode
_decode_answer = msgspec.msgpack.Decoder(_Answer).decode


class _Pending:
    """A question that was put."""

    def __init__(self) -> None:
        self.answer: bytes | None = None
        self.fate = ""
        """Why there is none."""


class _Apart:
    """The process, and what it is at."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._process: OwnProcess | None = None
        self._pending: _Pending | None = None
        self.does_runs = True
        """Whether it gets those chunks, too, that do not look damaged."""

    def begin(self) -> bool:
        """Start the process, if there is none; whether there is one now."""
        if current_process().daemon:
            return False  # it may have none of its own, and is one that may die itself
        try:
            self._process = self._process or OwnProcess(_serve, name="parsing apart")
        except (OSError, ValueError) as error:
            _log.warning("no process can be made to parse apart", exc_info=error)
        return self._process is not None

    def put(self, question: _Question) -> _Pending | None:
        """Have the process begin with something, when it has done what it is at.

        Returns:
            None where no process can be made.
        """
        packed = msgspec.msgpack.encode(question)
        with self._lock:
            self._settle()
            for _ in range(2):  # it may have been ended by others, while it had nothing to do
                if not self.begin():
                    return None
                assert self._process is not None
                with suppress(*_BROKEN):
                    self._process.connection.send_bytes(packed)
                    self._pending = _Pending()
                    return self._pending
                self._bury()
        return None

    def answer(self, pending: _Pending) -> _Answer:
        """What came of a question."""
        with self._lock:
            if pending is self._pending:
                self._settle()
        if pending.answer is not None:
            try:
                return _decode_answer(pending.answer)
            except msgspec.MsgspecError:
                with self._lock:
                    pending.fate = self._bury()
        return _Answer(error=pending.fate, has_died=True)

    def end(self) -> None:
        """End the process."""
        with self._lock:
            self._bury()

    def _settle(self) -> None:
        """Receive the answer that is due."""
        pending, self._pending = self._pending, None
        if pending is None or self._process is None:
            return
        pending.fate = "reading it came to no end"
        try:
            if self._process.connection.poll(_STUCK_SECONDS):
                pending.answer = self._process.connection.recv_bytes()
            else:
                self._bury()
        except _BROKEN:
            pending.fate = self._bury()
        except BaseException:
            self._bury()  # half an answer may be left in the pipe
            raise

    def _bury(self) -> str:
        """End the process, and say why it had to be."""
        process, self._process = self._process, None
        if process is None:
            return ""
        code = process.end()
        why = cause_of_death(code, _SECONDS)
        _log.warning("a parser is gone: %s (exit code %d)", why, code)
        return why


_apart = _Apart()
_usual_patience = Patience()


def begin_apart() -> None:
    """Start the process; whoever has something for it soon need not wait for it then."""
    _apart.begin()


@contextmanager
def runs_here() -> Iterator[None]:
    """Let this process parse what does not look damaged itself meanwhile, and die of it where need be.

    That spares a third of the processor time; somebody must know what to do then.
    """
    _apart.does_runs = False
    try:
        yield
    finally:
        _apart.does_runs = True


class RunApart:
    """Some chunks that are parsed together, while whoever wants them does something else.

    Args:
        chunks: 64 KiB each.
        patience: That with the file that they are of.
    """

    def __init__(self, chunks: list[bytes], patience: Patience) -> None:
        self._chunks = chunks
        self._patience = patience
        is_worth_it = chunks and patience.deaths_left and _apart.does_runs
        self._pending = _apart.put(_Question(chunks, is_run=True, as_xml=False)) if is_worth_it else None

    def parts(self) -> Parts | None:
        """What came of them, as of ``parse_run``; None where the parser stumbles."""
        if self._pending is None:
            with within_seconds(_SECONDS_HERE) if not _apart.does_runs else nullcontext():
                return parse_run(self._chunks) if self._patience.deaths_left else None
        answer = _apart.answer(self._pending)
        return Parts(answer.header_ids, answer.stamps, answer.texts) if answer.error is None else None


def chunk_apart(
    chunk: bytes, *, as_xml: bool = False, patience: Patience = _usual_patience
) -> tuple[list[Any], list[str]]:
    """Parse one chunk, as ``parse_chunk`` does.

    Raises:
        RuntimeError: The chunk as a whole cannot be parsed.
        ParserDiedError: It was the end of the process.
    """
    if not patience.deaths_left:
        raise ParserDiedError(f"the parser has crashed {_MOST_DEATHS} times before")
    pending = _apart.put(_Question([chunk], is_run=False, as_xml=as_xml))
    if pending is None:
        return parse_chunk(chunk, as_xml=as_xml)
    answer = _apart.answer(pending)
    patience.deaths_left -= answer.has_died
    if answer.error is not None:
        raise (ParserDiedError if answer.has_died else RuntimeError)(answer.error)
    columns = zip(answer.header_ids, answer.stamps, answer.texts, strict=True)
    return [{"event_record_id": number, "timestamp": at, "data": text} for number, at, text in columns], answer.reasons


def _serve(connection: Connection) -> None:
    fall_silent()
    limit_memory(_BYTES)
    with suppress(EOFError, OSError):
        while True:
            question = _decode_question(connection.recv_bytes())
            limit_seconds(_SECONDS)
            connection.send_bytes(msgspec.msgpack.encode(_answer_to(question)))


def _answer_to(question: _Question) -> _Answer:
    parts = Parts()
    reasons: list[str] = []
    if question.is_run:
        found = parse_run(question.chunks)
        if found is None:
            return _Answer(error="")
        parts = found
    else:
        try:
            records, reasons = parse_chunk(question.chunks[0], as_xml=question.as_xml)
        except PARSER_ERRORS as error:
            return _Answer(error=str(error))
        parts.add(records)
    return _Answer(parts.header_ids, parts.stamps, parts.texts, reasons)
