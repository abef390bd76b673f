"""Damaged logs: what is read, and what is said of the rest."""

from __future__ import annotations

import re
from struct import Struct
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logonscope.demo import faults
from logonscope.demo.evtx_writer import CHUNK_HEADER_SIZE, CHUNK_SIZE, FILE_HEADER_SIZE, encode_log, seal_chunk
from logonscope.readers.evtx import EvtxReader
from support.logs import notes
from support.on_disk import on_disk

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from logonscope.model import ReadProblem

LOG = encode_log(notes(300))
ALL = range(1, 301)
CHUNKS = (len(LOG) - FILE_HEADER_SIZE) // CHUNK_SIZE
STARTS = [FILE_HEADER_SIZE + chunk * CHUNK_SIZE for chunk in range(CHUNKS)]
IN_CHUNK = [range(*ends) for ends in ((1, 76), (76, 151), (151, 226), (226, 301))]
PLACES = [match.start() for match in re.finditer(rb"\*\*\0\0", LOG)]


def place(header_id: int) -> int:
    """Where a record begins in the file."""
    return PLACES[header_id - 1]


class Reading:
    """All that came of one log."""

    def __init__(self, path: Path, log: bytes) -> None:
        path.write_bytes(log)
        self.header_ids: list[int] = []
        self.problems: list[ReadProblem] = []
        with EvtxReader(on_disk(path)) as reader:
            for batch in reader.batches():
                self.header_ids += batch.header_ids
                self.problems += batch.problems
            self.notes = reader.notes
            self.signs = [(sign.kind, sign.offset) for sign in reader.signs]
            self.seen = [sign.seen for sign in reader.signs]

    @property
    def places(self) -> list[tuple[str, int | None, int | None]]:
        return [(problem.part, problem.offset, problem.record_id) for problem in self.problems]


def without(lost: Collection[int]) -> list[int]:
    return [header_id for header_id in ALL if header_id not in lost]


def zeroed(chunk: int, count: int) -> bytes:
    return LOG[: STARTS[chunk]] + bytes(count * CHUNK_SIZE) + LOG[STARTS[chunk] + count * CHUNK_SIZE :]


def stale_chunk_header(chunk: int, known: int) -> bytes:
    """A log copied while in use: a chunk's header knows only some of its records."""
    image = bytearray(LOG)
    last = IN_CHUNK[chunk][0] + known - 1
    for position in (16, 32):
        Struct("<Q").pack_into(image, STARTS[chunk] + position, last)
    Struct("<I").pack_into(image, STARTS[chunk] + 48, place(last + 1) - STARTS[chunk])
    seal_chunk(image, STARTS[chunk])
    return bytes(image)


@pytest.mark.parametrize(
    ("log", "notes_expected"),
    [
        (LOG, ()),
        (faults.dirty_header(LOG, 2), ("copied while in use (dirty flag)", "header says 2 chunks, 4 found")),
        (faults.wrong_header_checksum(LOG), ()),
        (faults.wrong_chunk_checksum(LOG, 1), ()),
        (faults.preallocated(LOG, 3), ()),
        (stale_chunk_header(3, 40), ("35 records written after the header of their chunk",)),
    ],
    ids=["sound", "dirty", "header checksum", "chunk checksum", "preallocated", "stale chunk header"],
)
def test_nothing_is_lost_to_a_stale_or_wrong_header(
    tmp_path: Path, log: bytes, notes_expected: tuple[str, ...]
) -> None:
    reading = Reading(tmp_path / "log", log)
    assert reading.header_ids == [*ALL]
    assert reading.problems == []
    assert reading.notes == notes_expected


def test_wrapped_log_comes_in_the_order_of_the_file(tmp_path: Path) -> None:
    reading = Reading(tmp_path / "log", faults.wrapped(LOG, newest=2))
    assert reading.header_ids == [*range(151, 301), *range(1, 151)]
    assert reading.problems == []


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_chunk_without_magic_costs_itself(tmp_path: Path, chunk: int) -> None:
    reading = Reading(tmp_path / "log", faults.without_chunk_magic(LOG, chunk))
    assert reading.header_ids == without(IN_CHUNK[chunk])
    assert reading.places == [("chunk", STARTS[chunk], None)]
    assert reading.problems[0].reason == "a chunk is missing: its place holds other bytes"


@pytest.mark.parametrize(
    ("count", "reason"),
    [(1, "a chunk is missing: its place holds zeros"), (2, "a chunk is missing: its place holds zeros (2 in a row)")],
)
def test_zeros_among_the_chunks_are_one_problem(tmp_path: Path, count: int, reason: str) -> None:
    reading = Reading(tmp_path / "log", zeroed(1, count))
    assert reading.header_ids == without(range(76, 76 + 75 * count))
    assert [(problem.offset, problem.reason) for problem in reading.problems] == [(STARTS[1], reason)]


@pytest.mark.parametrize(
    ("size", "records", "reasons"),
    [
        (100, 0, ["the file ends here, after 0 of 4 chunks"]),
        (FILE_HEADER_SIZE, 0, ["the file ends here, after 0 of 4 chunks"]),
        (STARTS[1], 75, ["the file ends here, after 1 of 4 chunks"]),
        (
            STARTS[1] + 20_000,
            75 + sum(STARTS[1] <= start < STARTS[1] + 20_000 for start in PLACES) - 1,
            [
                "a chunk is cut short: 20,000 of 65,536 bytes are there, with 21 of 75 records",
                "the file ends here, after 1 of 4 chunks",
            ],
        ),
        (
            STARTS[1] + 200,
            75,
            ["200 bytes that belong to no chunk", "the file ends here, after 1 of 4 chunks"],
        ),
    ],
)
def test_truncated(tmp_path: Path, size: int, records: int, reasons: list[str]) -> None:
    reading = Reading(tmp_path / "log", faults.truncated(LOG, size))
    assert reading.header_ids == [*ALL][:records]
    assert [problem.reason for problem in reading.problems] == reasons


@pytest.mark.parametrize("damaged", [1, 10, 75, 76, 300])
def test_broken_record_costs_itself(tmp_path: Path, damaged: int) -> None:
    reading = Reading(tmp_path / "log", faults.broken_record(LOG, damaged))
    assert reading.header_ids == without([damaged])
    assert reading.places == [("record", place(damaged), damaged)]
    assert "0x1f" in reading.problems[0].reason


def test_each_broken_record_is_told(tmp_path: Path) -> None:
    log = LOG
    for damaged in (5, 7, 200):
        log = faults.broken_record(log, damaged)
    reading = Reading(tmp_path / "log", log)
    assert reading.header_ids == without([5, 7, 200])
    assert [problem.record_id for problem in reading.problems] == [5, 7, 200]
    assert all(f"number {problem.record_id}:" in problem.reason for problem in reading.problems)


def test_broken_chain_says_how_many_records_it_costs(tmp_path: Path) -> None:
    reading = Reading(tmp_path / "log", faults.zero_record_size(LOG, 10))
    assert reading.header_ids == without(range(10, 76))
    assert reading.places == [("record", place(10), None)]
    assert reading.problems[0].reason.endswith("the chunk's header promises 66 more records")


def test_hidden_record_is_found(tmp_path: Path) -> None:
    reading = Reading(tmp_path / "log", faults.hidden_record(LOG, 10))
    assert reading.header_ids == without([10])
    assert reading.places == [("record", place(10), 10)]
    assert reading.problems[0].reason == "hidden: record 9 before it claims its bytes"


def test_faults_in_one_chunk_are_all_told(tmp_path: Path) -> None:
    log = faults.zero_record_size(faults.hidden_record(faults.broken_record(LOG, 5), 10), 40)
    reading = Reading(tmp_path / "log", log)
    assert reading.places == [
        ("record", place(5), 5),
        ("record", place(10), 10),
        ("record", place(40), None),
    ]


def test_gap_in_the_record_ids_is_no_damage(tmp_path: Path) -> None:
    reading = Reading(tmp_path / "log", encode_log(faults.with_gap(notes(300), range(50, 60))))
    assert reading.header_ids == without(range(50, 60))
    assert reading.problems == []


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("damaged") / "log"


@settings(max_examples=40, derandomize=True, deadline=None)
@given(
    chunk=st.integers(0, CHUNKS - 1),
    position=st.integers(CHUNK_HEADER_SIZE, place(75) - STARTS[0]),
    junk=st.binary(min_size=16, max_size=16),
)
def test_no_damage_to_the_records_goes_unsaid(path: Path, chunk: int, position: int, junk: bytes) -> None:
    at = STARTS[chunk] + position
    reading = Reading(path, LOG[:at] + junk + LOG[at + len(junk) :])
    assert len(reading.header_ids) == len(ALL) or reading.problems
    elsewhere = [header_id for header_id in ALL if header_id not in IN_CHUNK[chunk]]
    assert {*elsewhere} <= {*reading.header_ids}
    assert {problem.path for problem in reading.problems} <= {path}
