"""What a change of a log leaves behind, and that a sound log shows none of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from logonscope.demo import faults
from logonscope.demo.evtx_writer import CHUNK_SIZE, FILE_HEADER_SIZE, encode_log
from logonscope.knowledge.tamper import sign_kinds
from logonscope.readers.evtx import EvtxReader
from support.logs import notes
from support.on_disk import on_disk

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from logonscope.model import TamperSign

LOG = encode_log(notes(300))
STARTS = range(FILE_HEADER_SIZE, len(LOG), CHUNK_SIZE)


def signs(path: Path, log: bytes) -> tuple[TamperSign, ...]:
    path.write_bytes(log)
    with EvtxReader(on_disk(path)) as reader:
        for _ in reader.batches():
            pass
        return reader.signs


@pytest.mark.parametrize(
    "log",
    [LOG, encode_log([]), faults.dirty_header(LOG, 2), faults.preallocated(LOG, 3), faults.joined(LOG, LOG)],
    ids=["sound", "empty", "dirty", "preallocated", "joined"],
)
def test_a_log_that_nobody_touched_shows_no_sign(tmp_path: Path, log: bytes) -> None:
    assert signs(tmp_path / "log", log) == ()


def _flipped(log: bytes, position: int) -> bytes:
    return log[:position] + bytes([log[position] ^ 1]) + log[position + 1 :]


@pytest.mark.parametrize(
    ("change", "kind", "offset"),
    [
        (faults.wrong_header_checksum, "file checksum", 0),
        (lambda log: faults.wrong_chunk_checksum(log, 1), "records checksum", STARTS[1]),
        (lambda log: _flipped(log, STARTS[2] + 124), "chunk checksum", STARTS[2]),
        (lambda log: _flipped(log, STARTS[3] + 700), "records checksum", STARTS[3]),
    ],
)
def test_checksums(tmp_path: Path, change: Callable[[bytes], bytes], kind: str, offset: int) -> None:
    assert [(sign.kind, sign.offset) for sign in signs(tmp_path / "log", change(LOG))] == [(kind, offset)]


def test_record_that_eventlogedit_hid(tmp_path: Path) -> None:
    """Nothing else tells: numbers, counts and checksums all fit."""
    (sign,) = signs(tmp_path / "log", faults.edited_out(LOG, 100))
    assert sign.kind == "hidden"
    assert LOG[sign.offset : sign.offset + 4] == b"**\0\0"
    assert sign.seen == "record 100 lies inside the bytes of record 99"


def test_break_in_the_record_ids(tmp_path: Path) -> None:
    found = signs(tmp_path / "log", encode_log(faults.with_gap(notes(300), [*range(50, 60), 200])))
    assert [(sign.kind, sign.seen) for sign in found if sign.kind == "ID break"] == [
        ("ID break", "10 record IDs before 60 are missing"),
        ("ID break", "1 record ID before 201 is missing"),
    ]


def test_chunk_taken_out(tmp_path: Path) -> None:
    found = signs(tmp_path / "log", LOG[: STARTS[1]] + LOG[STARTS[2] :])
    assert [(sign.kind, sign.seen) for sign in found] == [
        ("chunk number", "header says 4 chunks, 3 found"),
        ("ID break", "75 record IDs before 151 are missing"),
    ]


def test_last_chunk_taken_out(tmp_path: Path) -> None:
    found = signs(tmp_path / "log", LOG[: STARTS[3]])
    assert [sign.kind for sign in found] == ["chunk number", "next record"]
    assert found[1].seen == "header says that 301 is the next record ID, 226 is"


def test_wrapped_log_has_no_break(tmp_path: Path) -> None:
    assert signs(tmp_path / "log", faults.wrapped(LOG, 2)) == ()


def test_many_of_a_kind_are_counted(tmp_path: Path) -> None:
    found = signs(tmp_path / "log", encode_log(notes(300)[::2]))
    breaks = [sign for sign in found if sign.kind == "ID break"]
    assert len(breaks) == 51
    assert breaks[-1].seen == "and 99 more of this kind in the file"


def test_every_kind_is_explained(tmp_path: Path) -> None:
    kinds = sign_kinds()
    assert {"hidden", "ID break", "file checksum", "chunk checksum", "records checksum"} <= kinds.keys()
    assert all(kind.means and kind.innocent and kind.shown for kind in kinds.values())
