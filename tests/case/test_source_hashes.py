"""Files are hashed byte for byte, and what the hash is of is said: a file, a member of an archive, standard input."""

from __future__ import annotations

import gzip
import hashlib
import io
import zipfile
from typing import TYPE_CHECKING

import pytest

from logonscope.case.case import Case
from logonscope.demo.evtx_writer import encode_log
from support.logs import notes

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from logonscope.case.source_hashes import SourceHash

LOG = encode_log(notes(30))
SHA256 = hashlib.sha256(LOG).hexdigest()


def hashed(case: Case) -> list[SourceHash]:
    case.load()
    return list(case.hashes.compute().values())


def test_a_file(tmp_path: Path) -> None:
    path = tmp_path / "a.evtx"
    path.write_bytes(LOG)
    with Case([path], work_parent=tmp_path) as case:
        (found,) = hashed(case)
    assert (found.sha256, found.of, found.size, found.archive_sha256) == (SHA256, "the file", len(LOG), "")
    assert found.modified is not None
    assert found.note == ""


def zipped(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("in/a.evtx", LOG)


@pytest.mark.parametrize("pack", [zipped, lambda path: path.write_bytes(gzip.compress(LOG))], ids=["zip", "gzip"])
def test_a_member_of_an_archive(pack: Callable[[Path], object], tmp_path: Path) -> None:
    path = tmp_path / "packed"
    pack(path)
    with Case([path], work_parent=tmp_path) as case:
        (found,) = hashed(case)
    assert (found.sha256, found.of, found.size) == (SHA256, "the file as it unpacks from its archive", len(LOG))
    assert found.archive_sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_member_that_is_damaged_has_none(tmp_path: Path) -> None:
    packed = bytearray(gzip.compress(LOG))
    packed[-8] ^= 0xFF
    (tmp_path / "a.gz").write_bytes(packed)
    with Case([tmp_path / "a.gz"], work_parent=tmp_path) as case:
        (found,) = hashed(case)
    assert found.sha256 == ""
    assert found.note.startswith("it could not be hashed")


def test_standard_input(tmp_path: Path) -> None:
    with Case([], io.BytesIO(LOG), work_parent=tmp_path) as case:
        (found,) = hashed(case)
    assert (found.sha256, found.of, found.modified) == (SHA256, "standard input as it came", None)


def test_a_file_that_has_changed_since(tmp_path: Path) -> None:
    path = tmp_path / "a.evtx"
    path.write_bytes(LOG)
    with Case([path], work_parent=tmp_path) as case:
        case.load()
        path.write_bytes(LOG + b"more")
        (found,) = case.hashes.compute().values()
        assert found.sha256 == hashlib.sha256(LOG + b"more").hexdigest()
        assert "has changed since it was read" in found.note
        path.write_bytes(LOG + b"more again")
        (found,) = case.hashes.compute().values()
        assert found.sha256 == hashlib.sha256(LOG + b"more again").hexdigest()


def test_it_can_be_stopped_and_goes_on_where_it_was(tmp_path: Path) -> None:
    for name in "ab":
        (tmp_path / f"{name}.evtx").write_bytes(LOG + name.encode())
    with Case([tmp_path / "a.evtx", tmp_path / "b.evtx"], work_parent=tmp_path) as case:
        case.load()
        asked = iter((False, True))
        assert len(case.hashes.compute(cancelled=lambda: next(asked))) == 1
        seen: list[tuple[int, int]] = []
        assert len(case.hashes.compute(lambda done, total: seen.append((done, total)))) == 2
        assert seen == [(0, 2), (1, 2)]
