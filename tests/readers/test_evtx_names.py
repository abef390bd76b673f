"""Chains of names that lead back would keep the parser going for ever: they are cut, and nothing is lost by it."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from logonscope.demo.evtx_writer import FILE_HEADER_SIZE, encode_log
from logonscope.readers.evtx_names import with_open_chains
from support.command_line import CommandLine
from support.logs import notes

if TYPE_CHECKING:
    from pathlib import Path

LOG = encode_log(notes(60))
CHUNK = LOG[FILE_HEADER_SIZE:]
TABLE = 128


def names(chunk: bytes) -> list[int]:
    """Where the first names of the chains lie."""
    return [place for place in struct.unpack_from("<64I", chunk, TABLE) if place]


def test_a_sound_chunk_stays_as_it_is() -> None:
    assert with_open_chains(CHUNK) is CHUNK


def test_a_circle_ends_and_costs_no_record(tmp_path: Path) -> None:
    log = bytearray(LOG)
    one, other = names(CHUNK)[:2]
    struct.pack_into("<I", log, FILE_HEADER_SIZE + one, other)
    struct.pack_into("<I", log, FILE_HEADER_SIZE + other, one)
    (tmp_path / "x.evtx").write_bytes(log)
    done = CommandLine(tmp_path).process("events", tmp_path / "x.evtx", "--format", "jsonl")
    assert len(done.lines) == 60


def test_names_do_not_take_more_than_there_is() -> None:
    chunk = bytearray(CHUNK)
    first = 1024
    for place in range(first, len(chunk) - 12, 12):
        struct.pack_into("<IHH", chunk, place, place + 12, 0, 0x7FFF)
    struct.pack_into("<64I", chunk, TABLE, first, *[0] * 63)
    image = with_open_chains(bytes(chunk))
    chunk[first : first + 4] = bytes(4)
    assert image == bytes(chunk)
