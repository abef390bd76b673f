"""A parser that does not survive some chunks, for the process that parses apart."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from logonscope.demo.evtx_writer import CHUNK_SIZE, FILE_HEADER_SIZE
from logonscope.readers import evtx_apart
from logonscope.readers.evtx_parse import parse_chunk, parse_run

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection

CRASHES, HANGS, BLOATS = b"~crashes~", b"~hangs~", b"~bloats~"


def with_deadly(log: bytes, chunk: int, how: bytes) -> bytes:
    """A log with a chunk that is the end of such a parser, behind its last record: all checksums hold."""
    start = FILE_HEADER_SIZE + chunk * CHUNK_SIZE
    image = bytearray(log)
    image[start + CHUNK_SIZE - len(how) : start + CHUNK_SIZE] = how
    return bytes(image)


def serve(connection: Connection) -> None:
    """What the process runs."""
    with (
        patch.object(evtx_apart, "parse_run", deadly_run),
        patch.object(evtx_apart, "parse_chunk", _deadly(parse_chunk)),
    ):
        _usual_serve(connection)


_usual_serve = evtx_apart._serve


def _deadly(parse: Callable[..., Any]) -> Callable[..., Any]:
    def parsed(chunks: Any, **named: Any) -> Any:
        whole = b"".join(chunks) if isinstance(chunks, list) else chunks
        if CRASHES in whole:
            os.abort()
        while HANGS in whole:
            pass
        if BLOATS in whole:
            bytearray(2 << 30)
        return parse(chunks, **named)

    return parsed


deadly_run = _deadly(parse_run)
