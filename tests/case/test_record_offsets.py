"""Where a record begins: told only where its chunk holds it, once, in the file as it was loaded."""

from __future__ import annotations

import os
import shutil
import struct
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from logonscope.api import OpenCase
from logonscope.case.case import Case
from logonscope.demo import faults
from logonscope.demo.evtx_writer import encode_log
from logonscope.display import microseconds
from support.logs import notes
from support.samples import SAMPLES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LOG = encode_log(notes(300))
EPOCH = datetime(1601, 1, 1)
SAMPLE_FOLDERS = sorted(folder for folder in SAMPLES.glob("*") if any(folder.glob("*.evtx")))


@pytest.fixture
def load(tmp_path: Path) -> Iterator[Callable[[Path], Case]]:
    opened: list[Case] = []

    def load(path: Path) -> Case:
        opened.append(Case([path], work_parent=tmp_path))
        opened[-1].load()
        return opened[-1]

    yield load
    for case in opened:
        case.close()


def cited(case: Case) -> list[dict[str, Any]]:
    return list(OpenCase(case).events().dicts())


def offsets(case: Case) -> dict[int, int | None]:
    return {row["record_id"]: row["offset"] for row in cited(case)}


def log_file(folder: Path, log: bytes) -> Path:
    (folder / "a.evtx").write_bytes(log)
    return folder / "a.evtx"


def holds_time(record: bytes, time: str) -> bool:
    """Whether a record holds a time to the microsecond: as FILETIME or, where it was forwarded as text, as that."""
    passed = datetime.fromisoformat(f"{time[:26]}+00:00").replace(tzinfo=None) - EPOCH
    ticks = microseconds(passed) * 10
    forms = [struct.pack("<Q", ticks + tick) for tick in range(10)]
    return any(form in record for form in (*forms, time[:26].encode("utf-16-le")))


def test_each_record_lies_where_it_is_cited(tmp_path: Path, load: Callable[[Path], Case]) -> None:
    log = log_file(tmp_path, faults.dirty_header(LOG))
    found = offsets(load(log))
    assert sorted(found) == list(range(1, 301))
    for number, offset in found.items():
        assert offset is not None
        assert struct.unpack_from("<4s4xQ", LOG, offset) == (b"**\0\0", number)


@pytest.mark.skipif(not SAMPLE_FOLDERS, reason="the samples are not here")
@pytest.mark.parametrize("folder", SAMPLE_FOLDERS, ids=lambda folder: folder.name)
def test_records_of_real_logs(folder: Path, load: Callable[[Path], Case]) -> None:
    logs: dict[str, bytes] = {}
    for row in cited(load(folder)):
        log = logs.setdefault(row["file"], Path(row["file"]).read_bytes())
        if log.startswith(b"ElfFile"):
            assert (row["offset"] is None) == (row["chunk_offset"] is None), row
        if row["offset"] is not None:
            magic, size = struct.unpack_from("<4sI", log, row["offset"])
            assert magic == b"**\0\0", row
            assert holds_time(log[row["offset"] : row["offset"] + size], row["time"]), row


def test_an_id_that_is_there_twice_is_not_told(tmp_path: Path, load: Callable[[Path], Case]) -> None:
    twice = bytearray(LOG)
    starts = [place for place in offsets(load(log_file(tmp_path, LOG))).values() if place is not None]
    struct.pack_into("<Q", twice, starts[1] + 8, 1)
    found = cited(load(log_file(tmp_path, bytes(twice))))
    assert {row["record_id"]: row["offset"] for row in found if row["record_id"] > 2} != {}
    assert {row["offset"] for row in found if row["record_id"] in (1, 2)} == {None}


def test_a_file_that_was_changed_or_is_gone(tmp_path: Path, load: Callable[[Path], Case]) -> None:
    log = log_file(tmp_path, LOG)
    case = load(log)
    assert None not in offsets(case).values()
    os.utime(log, ns=(0, 1))
    assert set(offsets(case).values()) == {None}
    log.unlink()
    rows = cited(case)
    assert {row["offset"] for row in rows} == {None}
    assert None not in {row["chunk_offset"] for row in rows}


def test_records_in_an_archive(tmp_path: Path, load: Callable[[Path], Case]) -> None:
    (tmp_path / "logs").mkdir()
    log = log_file(tmp_path / "logs", LOG)
    packed = Path(shutil.make_archive(str(tmp_path / "logs"), "zip", log.parent))
    assert offsets(load(packed)) == offsets(load(log))
