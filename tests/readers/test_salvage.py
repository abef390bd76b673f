"""Records that no reader finds: each is made by hand, and must come back with its contents, once, and marked."""

from __future__ import annotations

import json
import os
import random
from typing import TYPE_CHECKING

import pytest

from logonscope.demo import faults
from logonscope.demo.evtx_writer import CHUNK_HEADER_SIZE, CHUNK_SIZE, FILE_HEADER_SIZE, encode_log, file_header
from logonscope.knowledge.recovery import recoveries, recovery_kind, recovery_mark, recovery_number
from logonscope.readers.evtx import EvtxReader
from logonscope.readers.raw_files import raw_files
from logonscope.readers.salvage import Salvage
from support.logs import logon, note, notes
from support.on_disk import on_disk

if TYPE_CHECKING:
    from pathlib import Path

    from logonscope.model import ReadProblem
    from logonscope.readers.evtx_layout import EvtxLayout

LOG = encode_log(notes(300))
STARTS = range(FILE_HEADER_SIZE, len(LOG), CHUNK_SIZE)
CHUNK = LOG[STARTS[1] : STARTS[2]]
"""Records 76 to 150."""
NOISE = random.Random(7).randbytes(1 << 20)


class Searched:
    """All that salvage finds in one file."""

    def __init__(self, path: Path, content: bytes, *, is_log: bool = True) -> None:
        path.write_bytes(content)
        self.file = on_disk(path)
        self.layout: EvtxLayout | None = None
        self.live: list[int] = []
        if is_log:
            with EvtxReader(self.file) as reader:
                self.live = [header_id for batch in reader.batches() for header_id in batch.header_ids]
                self.layout = reader.places
        self.salvage = Salvage()
        if self.layout:
            self.salvage.learn(self.file, self.layout)
        self.found: list[tuple[str, int]] = []
        self.offsets: list[int] = []
        self.texts: list[str] = []
        self.lost: list[ReadProblem] = []
        for batch in self.salvage.search(self.file, self.layout):
            assert len(batch.header_ids) == len(batch.offsets) == len(batch.texts) == len(batch.stamps)
            self.found += [(batch.recovered, header_id) for header_id in batch.header_ids]
            self.offsets += batch.offsets
            self.texts += batch.texts
            self.lost += batch.problems

    def check(self, content: bytes) -> None:
        """Each offset is that of a record with that ID, each text is that record, and it can be read again."""
        for (_, header_id), offset, text in zip(self.found, self.offsets, self.texts, strict=True):
            assert content[offset : offset + 4] == b"**\0\0"
            assert int.from_bytes(content[offset + 8 : offset + 16], "little") == header_id
            assert json.loads(text)["Event"]["EventData"]["Text"] == "x" * 300
        for place in {0, len(self.found) // 2, len(self.found) - 1} if self.found else ():
            xml = self.salvage.xml(self.file, self.layout, self.offsets[place])
            assert xml is not None
            assert f"<EventRecordID>{json.loads(self.texts[place])['Event']['System']['EventRecordID']}<" in xml


def with_stale(fresh: bytes, stale: bytes) -> bytes:
    """A chunk that was used before: its slack still holds the older records."""
    end = int.from_bytes(fresh[48:52], "little")
    return fresh[:end] + stale[end:]


def chunk_of(log: bytes) -> bytes:
    return log[FILE_HEADER_SIZE : FILE_HEADER_SIZE + CHUNK_SIZE]


def test_a_sound_log_has_nothing_to_recover(tmp_path: Path) -> None:
    searched = Searched(tmp_path / "log", LOG)
    assert searched.found == []
    assert searched.lost == []


def test_records_in_slack(tmp_path: Path) -> None:
    fresh = chunk_of(encode_log([note(record_id) for record_id in range(500, 510)]))
    content = file_header(1, 510) + with_stale(fresh, chunk_of(LOG))
    searched = Searched(tmp_path / "log", content)
    assert searched.live == [*range(500, 510)]
    first = searched.found[0][1]
    assert searched.found == [("slack", header_id) for header_id in range(first, 76)]
    assert 8 <= first <= 12
    searched.check(content)


def test_slack_whose_template_was_written_over_is_lent_one(tmp_path: Path) -> None:
    """Another kind of event stands where the template was; another chunk of the file still has it."""
    fresh = chunk_of(encode_log([logon(record_id) for record_id in range(500, 503)]))
    content = file_header(2, 503) + with_stale(fresh, chunk_of(LOG)) + CHUNK
    searched = Searched(tmp_path / "log", content)
    assert {kind for kind, _ in searched.found} == {"lent"}
    assert [header_id for _, header_id in searched.found][-1] == 75
    searched.check(content)


def test_slack_without_any_template_is_told_by_its_header(tmp_path: Path) -> None:
    fresh = chunk_of(encode_log([logon(record_id) for record_id in range(500, 503)]))
    searched = Searched(tmp_path / "log", file_header(1, 503) + with_stale(fresh, chunk_of(LOG)))
    assert searched.found == []
    assert searched.lost[-1].record_id == 75
    assert searched.lost[-1].reason == "found in slack, written 2026-03-02 08:01:15; its template was written over"


def test_hidden_records(tmp_path: Path) -> None:
    content = faults.edited_out(LOG, 100)
    searched = Searched(tmp_path / "log", content)
    assert searched.found == [("hidden", 100)]
    searched.check(content)


def test_records_behind_a_break(tmp_path: Path) -> None:
    content = faults.zero_record_size(LOG, 10)
    searched = Searched(tmp_path / "log", content)
    assert searched.live + [header_id for _, header_id in searched.found] == [
        *range(1, 10),
        *range(76, 301),
        *range(11, 76),
    ]
    assert {kind for kind, _ in searched.found} == {"chain"}
    searched.check(content)


def test_chunk_without_its_magic(tmp_path: Path) -> None:
    content = faults.without_chunk_magic(LOG, 1)
    searched = Searched(tmp_path / "log", content)
    assert searched.found == [("single", header_id) for header_id in range(76, 151)]
    searched.check(content)


@pytest.mark.parametrize("before", [0, 1, 4096, len(NOISE), 5 << 20])
def test_chunk_in_a_memory_image(tmp_path: Path, before: int) -> None:
    content = (NOISE * 6)[:before] + CHUNK + NOISE
    searched = Searched(tmp_path / "image", content, is_log=False)
    assert searched.found == [("chunk", header_id) for header_id in range(76, 151)]
    assert searched.lost == []
    searched.check(content)


@pytest.mark.parametrize("cut", [(4 << 20) - 70_000, (4 << 20) - 65_536, (4 << 20) - 300, 4 << 20])
def test_chunks_across_the_blocks_of_the_search(tmp_path: Path, cut: int) -> None:
    content = bytes(cut) + CHUNK + bytes(100) + CHUNK + bytes(5 << 20) + CHUNK
    searched = Searched(tmp_path / "image", content, is_log=False)
    assert [header_id for _, header_id in searched.found] == [*range(76, 151)] * 3
    assert len({*searched.offsets}) == 225
    searched.check(content)


def test_page_of_a_chunk_alone(tmp_path: Path) -> None:
    """Its first page holds the template, so those records can be read; another page is told by the headers."""
    content = NOISE + CHUNK[CHUNK_HEADER_SIZE:4096] + NOISE + CHUNK[40_960:45_056] + NOISE
    searched = Searched(tmp_path / "image", content, is_log=False)
    assert {kind for kind, _ in searched.found} == {"single"}
    assert searched.found[0] == ("single", 76)
    searched.check(content)
    assert {problem.record_id for problem in searched.lost} <= {*range(120, 135)}
    assert searched.lost


def test_fragmented_chunk(tmp_path: Path) -> None:
    content = CHUNK[:8192] + NOISE[:4096] + CHUNK[12_288:] + NOISE
    searched = Searched(tmp_path / "image", content, is_log=False)
    found = {header_id for _, header_id in searched.found}
    assert {*range(76, 83), *range(95, 151)} <= found <= {*range(76, 151)}
    searched.check(content)


@pytest.mark.parametrize(
    "content",
    [
        bytes(1 << 20),
        b"**\0\0" * 200_000,
        b"ElfChnk\0" * 100_000,
        b"ElfChnk\0" + b"\xff" * 200_000,
        (b"**\0\0\xff\xff\0\0" + bytes(15) + b"\x01\x0f\x01\x01\0") * 10_000,
        NOISE,
    ],
    ids=["zeros", "magics", "chunk magics", "claims", "sizes", "noise"],
)
def test_nothing_is_made_of_nothing(tmp_path: Path, content: bytes) -> None:
    searched = Searched(tmp_path / "image", content, is_log=False)
    assert searched.found == []


def test_templates_that_refer_to_themselves_end(tmp_path: Path) -> None:
    """Offsets in the chunk's tables that run in circles, and one beyond the chunk."""
    image = bytearray(CHUNK)
    place = int.from_bytes(image[384:388], "little") or 512
    for slot in range(384, 512, 4):
        image[slot : slot + 4] = place.to_bytes(4, "little")
    image[place : place + 4] = place.to_bytes(4, "little")
    image[384:388] = (0xFFFFFFF0).to_bytes(4, "little")
    searched = Searched(tmp_path / "image", bytes(image), is_log=False)
    assert len(searched.found) <= 75


def test_many_lost_records_are_counted(tmp_path: Path) -> None:
    record = CHUNK[CHUNK_HEADER_SIZE:]
    second = record[record.index(b"**\0\0", 4) :]
    size = int.from_bytes(second[4:8], "little")
    searched = Searched(tmp_path / "image", second[:size] * 1500, is_log=False)
    assert len(searched.lost) == 1001
    assert searched.lost[-1].reason == "and 500 more records that could not be rebuilt"


def test_other_files_of_a_folder_are_searched_once_and_links_and_pipes_never(tmp_path: Path) -> None:
    for name in ("image", "log"):
        (tmp_path / name).write_bytes(NOISE[:100])
    (tmp_path / "small").write_bytes(b"x")
    (tmp_path / "link").symlink_to(tmp_path / "image")
    os.mkfifo(tmp_path / "pipe")
    found = raw_files([tmp_path, tmp_path / "image"], [tmp_path / "log"])
    assert [file.path.name for file in found] == ["image"]


def test_kinds_have_numbers_and_words() -> None:
    assert recovery_number("") == 0
    assert recovery_mark("") == ""
    for kind in recoveries():
        assert recovery_kind(recovery_number(kind)) == kind
        assert recovery_mark(kind).startswith("~")
