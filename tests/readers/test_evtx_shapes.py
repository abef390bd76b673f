"""Logs that do not lie in their file as they should: joined, moved, without a header; and read in one go."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, BinaryIO

import pytest

from logonscope.demo import faults
from logonscope.demo.evtx_writer import CHUNK_SIZE, FILE_HEADER_SIZE, encode_log
from logonscope.readers.evtx import EvtxReader
from logonscope.readers.sniff import sniff
from logonscope.readers.source_file import SourceFile
from support.logs import notes
from support.on_disk import on_disk

if TYPE_CHECKING:
    from pathlib import Path

    from logonscope.model import ReadProblem

LOG = encode_log(notes(300))
SMALL = encode_log(notes(10))
STARTS = range(FILE_HEADER_SIZE, len(LOG), CHUNK_SIZE)


def read(path: Path, log: bytes) -> tuple[list[int], list[ReadProblem], tuple[str, ...]]:
    path.write_bytes(log)
    with EvtxReader(on_disk(path)) as reader:
        batches = list(reader.batches())
        found = [header_id for batch in batches for header_id in batch.header_ids]
        for header_id in (found[0], found[-1]):
            assert reader.record(header_id) is not None
        return found, [problem for batch in batches for problem in batch.problems], reader.notes


def test_logs_one_after_another(tmp_path: Path) -> None:
    found, problems, said = read(tmp_path / "log", faults.joined(SMALL, LOG))
    assert found == [*range(1, 11), *range(1, 301)]
    assert problems == []
    assert said == (f"another log begins at {len(SMALL):#x}",)


def test_cut_log_before_another(tmp_path: Path) -> None:
    cut = faults.truncated(LOG, STARTS[1] + 70)
    found, problems, _ = read(tmp_path / "log", faults.joined(cut, SMALL))
    assert found == [*range(1, 76), *range(1, 11)]
    assert [(problem.offset, problem.reason) for problem in problems] == [
        (STARTS[1], "70 bytes that belong to no chunk"),
        (len(cut), "another log begins here, after 1 of 4 chunks"),
    ]


@pytest.mark.parametrize("chunk", [0, 1, 3])
@pytest.mark.parametrize("size", [1, 37, 512, CHUNK_SIZE - 1, CHUNK_SIZE + 5])
def test_bytes_put_in_between_chunks_cost_nothing(tmp_path: Path, chunk: int, size: int) -> None:
    found, problems, said = read(tmp_path / "log", faults.with_bytes(LOG, STARTS[chunk], b"E" * size))
    assert found == [*range(1, 301)]
    assert [(problem.offset, problem.reason) for problem in problems] == [
        (STARTS[chunk], f"{size:,} bytes that belong to no chunk")
    ]
    assert said == (f"a chunk at {STARTS[chunk] + size:#x}, where none should begin",)


def test_bytes_cut_out_of_a_chunk_cost_that_chunk(tmp_path: Path) -> None:
    found, problems, _ = read(tmp_path / "log", LOG[: STARTS[1] + 30_000] + LOG[STARTS[2] :])
    assert [header_id for header_id in found if not 76 <= header_id <= 150] == [*range(1, 76), *range(151, 301)]
    assert problems[0].offset == STARTS[1]
    assert problems[0].reason.startswith("a chunk is cut short: 30,000 of 65,536 bytes are there, with 3")


def test_a_cut_chunk_of_no_record_may_say_that_it_begins_with_record_0(tmp_path: Path) -> None:
    log = bytearray(LOG[: STARTS[1] + 1000])
    log[STARTS[1] + 24 : STARTS[1] + 32] = bytes(8)
    found, problems, _ = read(tmp_path / "log", bytes(log))
    assert found == [*range(1, 76)]
    assert problems[0].offset == STARTS[1]


@pytest.mark.parametrize("begin", [STARTS[0], STARTS[2]])
def test_chunks_without_a_file_header(tmp_path: Path, begin: int) -> None:
    log = LOG[begin:]
    assert sniff(log[:512]).name == "evtx"
    found, problems, said = read(tmp_path / "log", log)
    assert found == [*range(301 - 75 * ((len(LOG) - begin) // CHUNK_SIZE), 301)]
    assert problems == []
    assert said == ("no file header: it was cut off or overwritten",)


def test_what_begins_in_the_middle_of_a_chunk_is_told_by_a_record(tmp_path: Path) -> None:
    log = LOG[LOG.index(b"**\0\0", STARTS[1] + 20_000) - 100 :]
    assert sniff(log[:512]).name == "evtx"
    found, _, _ = read(tmp_path / "log", log)
    assert found == [*range(151, 301)]


class ForwardOnly(BytesIO):
    """A member of an archive: going back means to begin again."""

    went_back = 0

    def seek(self, place: int, whence: int = 0) -> int:
        self.went_back += place < self.tell()
        return super().seek(place, whence)


class Member(SourceFile):
    """A file inside of an archive."""

    opened: list[ForwardOnly] = []  # noqa: RUF012

    def open(self) -> BinaryIO:
        self.opened.append(ForwardOnly(self.path.read_bytes()))
        return self.opened[-1]


@pytest.mark.parametrize("log", [LOG, faults.without_chunk_magic(LOG, 1), faults.with_bytes(LOG, STARTS[2], b"x" * 99)])
def test_a_log_is_read_in_one_go(tmp_path: Path, log: bytes) -> None:
    path = tmp_path / "log"
    path.write_bytes(log)
    file = on_disk(path)
    member = Member(file.path, file.shown, file.size, file.kind)
    with EvtxReader(member) as reader:
        assert sum(len(batch.header_ids) for batch in reader.batches()) >= 225
    assert [opened.went_back for opened in member.opened] == [0]
    member.opened.clear()


def test_a_file_that_shrank(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_bytes(LOG)
    with EvtxReader(on_disk(path)) as reader:
        batches = reader.batches(1)
        first = next(batches)
        path.write_bytes(LOG[: STARTS[1] + 10])
        rest = list(batches)
        assert first.header_ids == [*range(1, 76)]
        assert [problem.reason for batch in rest for problem in batch.problems]
        assert reader.record(200) is None


def test_a_great_file_of_zeros_is_one_problem_in_bounded_batches(tmp_path: Path) -> None:
    path = tmp_path / "log"
    with path.open("wb") as file:
        file.write(faults.truncated(LOG, FILE_HEADER_SIZE))
        file.truncate(FILE_HEADER_SIZE + 100 * (1 << 20))
    with EvtxReader(on_disk(path)) as reader:
        batches = list(reader.batches())
    assert [problem.reason for batch in batches for problem in batch.problems] == [
        "a chunk is missing: its place holds zeros (4 in a row)"
    ]
    assert len(batches) > 4
    assert sum(batch.bytes_read for batch in batches) == path.stat().st_size
