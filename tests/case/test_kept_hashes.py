"""The case file has the hashes of the evidence, and tells when a file is no longer what it was."""

from __future__ import annotations

import hashlib
import tomllib
from typing import TYPE_CHECKING

from logonscope.case.case import Case
from logonscope.case.case_file import CaseFile
from logonscope.case.kept_hashes import keep_hashes
from logonscope.demo.evtx_writer import encode_log
from support.logs import notes

if TYPE_CHECKING:
    from pathlib import Path

LOG = encode_log(notes(30))


def kept(path: Path, file: CaseFile) -> list[str]:
    """Load, hash and keep, as the browser does."""
    with Case([path], work_parent=path.parent) as case:
        case.load()
        return keep_hashes(file, case.sources, case.hashes.compute())


def test_a_file_that_has_changed_is_told_and_its_earlier_hash_stays(tmp_path: Path) -> None:
    path, file = tmp_path / "a.evtx", CaseFile([], tmp_path / "case.toml")
    path.write_bytes(LOG)
    assert kept(path, file) == kept(path, file) == []
    other = encode_log(notes(31))
    path.write_bytes(other)
    assert kept(path, file) == [str(path)]
    assert kept(path, file) == []
    (entry,) = tomllib.loads((tmp_path / "case.toml").read_text())["source"]
    assert entry["sha256"] == hashlib.sha256(other).hexdigest()
    assert entry["earlier"] == [hashlib.sha256(LOG).hexdigest()]
    assert (entry["of"], entry["bytes"]) == ("the file", len(other))


def test_entries_that_somebody_spoiled_are_made_anew(tmp_path: Path) -> None:
    path, file = tmp_path / "a.evtx", CaseFile([], tmp_path / "case.toml")
    path.write_bytes(LOG)
    (tmp_path / "case.toml").write_text("source = [5, {path = 1}, {path = 'x', sha256 = 5}]\n")
    assert kept(path, file) == []
    assert len(tomllib.loads((tmp_path / "case.toml").read_text())["source"]) == 1
