"""The folder of kept cases: what is found there, what is outdated, what has to go."""

from __future__ import annotations

import os
import stat
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from logonscope.cache.evidence_state import contents_sample, evidence_state
from logonscope.cache.kept_cases import KeptCase, KeptCases, case_key
from logonscope.cache.loaded_state import LoadedState, LoadOutcome
from logonscope.case.work_folder import WorkFolder

if TYPE_CHECKING:
    from pathlib import Path

STORE = b"rows" * 100
NOTHING_FOUND = LoadOutcome((), (), (), ())


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "logs" / "Security.evtx"
    path.parent.mkdir()
    path.write_bytes(bytes(range(256)) * 4000)
    return path


@pytest.fixture
def cases(tmp_path: Path) -> KeptCases:
    return KeptCases(tmp_path / "kept")


def keep(cases: KeptCases, evidence: Path, options: str = "", used: int = 0) -> None:
    """Keep a case as a load would; used so many seconds after the first."""
    logs = [evidence] if evidence.is_file() else [*evidence.iterdir()]
    work = WorkFolder(cases.base.parent / "work")
    (work.path / "case.duckdb").write_bytes(STORE)
    os.utime(work.path / "lock", (used, used))
    state = LoadedState(
        paths=(str(evidence),),
        loaded_at=datetime(2026, 3, 2, tzinfo=UTC),
        evidence=evidence_state([evidence]).digest,
        sample=contents_sample(logs),
        on_disk=tuple(map(str, logs)),
        evidence_bytes=5,
        records=5,
        duplicates=0,
        left_out=0,
    )
    cases.keep(work.path, case_key([evidence], options), state, NOTHING_FOUND, [])
    work.release()


def found(cases: KeptCases, log: Path, options: str = "") -> KeptCase | None:
    kept = cases.find([log], options)
    if kept:
        kept.close()
    return kept


def test_what_was_kept_is_found(cases: KeptCases, log: Path) -> None:
    assert found(cases, log) is None
    keep(cases, log)
    kept = found(cases, log)
    assert kept is not None
    assert kept.state.records == 5


def test_nobody_else_may_see_it(cases: KeptCases, log: Path) -> None:
    keep(cases, log)
    (kept,) = cases.listed()
    modes = {stat.S_IMODE(path.stat().st_mode) for path in kept.folder.iterdir()}
    assert (modes, stat.S_IMODE(kept.folder.stat().st_mode)) == ({0o600}, 0o700)


def test_it_is_that_of_the_same_paths_and_options(cases: KeptCases, log: Path) -> None:
    keep(cases, log, "since March")
    assert found(cases, log) is None
    assert found(cases, log.parent, "since March") is None
    assert found(cases, log, "since March")


def grown(log: Path) -> None:
    with log.open("ab") as file:
        file.write(b"more")


def changed_in_place(log: Path) -> None:
    """With the time that it had before, as whoever tampers would set it."""
    times = log.stat()
    with log.open("r+b") as file:
        file.seek(500_000)
        file.write(b"changed")
    os.utime(log, ns=(times.st_atime_ns, times.st_mtime_ns))


def gone(log: Path) -> None:
    log.unlink()


@pytest.mark.parametrize("change", [grown, changed_in_place, gone])
def test_evidence_that_changed_makes_it_outdated(cases: KeptCases, log: Path, change: object) -> None:
    keep(cases, log)
    assert callable(change)
    change(log)
    assert found(cases, log) is None
    assert cases.listed() == []


def test_so_does_a_file_that_came_to_its_folder(cases: KeptCases, log: Path) -> None:
    keep(cases, log.parent)
    assert found(cases, log.parent)
    (log.parent / "new.evtx").write_bytes(b"")
    assert found(cases, log.parent) is None


@pytest.mark.parametrize("broken", [b"", b"{}", b'{"paths": 5}', b"\xff"])
def test_one_that_cannot_be_read_is_as_none(cases: KeptCases, log: Path, broken: bytes) -> None:
    keep(cases, log)
    (cases.listed()[0].folder / "state.json").write_bytes(broken)
    assert cases.listed()[0].state is None
    assert found(cases, log) is None
    assert cases.listed() == []


@pytest.mark.parametrize("damaged", [STORE[:-1], STORE[:-1] + b"S"])
def test_so_is_one_whose_store_is_damaged(cases: KeptCases, log: Path, damaged: bytes) -> None:
    keep(cases, log)
    (cases.listed()[0].folder / "case.duckdb").write_bytes(damaged)
    assert found(cases, log) is None


def test_the_same_evidence_is_kept_once(cases: KeptCases, log: Path) -> None:
    keep(cases, log)
    keep(cases, log)
    assert len(cases.listed()) == 1


def test_the_one_used_longest_ago_goes_first(cases: KeptCases, log: Path) -> None:
    cases.most_bytes = 10**9
    for number in range(3):
        keep(cases, log, f"options {number}", used=number)
    assert found(cases, log, "options 0")  # used now
    one = cases.listed()[0].size
    cases.most_bytes = 2 * one + one // 2
    cases.shrink()
    assert [bool(found(cases, log, f"options {number}")) for number in range(3)] == [True, False, True]


def test_one_that_is_larger_than_all_may_be_is_not_kept(cases: KeptCases, log: Path) -> None:
    cases.most_bytes = len(STORE) - 1
    with pytest.raises(OSError, match="larger"):
        keep(cases, log)
    assert cases.listed() == []


def test_one_that_is_open_is_not_deleted(cases: KeptCases, log: Path) -> None:
    keep(cases, log)
    kept = cases.find([log], "")
    assert kept is not None
    assert cases.clear() == []
    assert cases.listed()[0].is_used
    kept.close()
    assert len(cases.clear()) == 1
    assert cases.listed() == []


def test_what_is_none_of_ours_stays(cases: KeptCases, log: Path, tmp_path: Path) -> None:
    keep(cases, log)
    (cases.base / "strangers").mkdir()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "lock").write_text("")
    (cases.base / "link").symlink_to(elsewhere, target_is_directory=True)
    cases.clear()
    assert sorted(path.name for path in cases.base.iterdir()) == ["link", "strangers"]
    assert (elsewhere / "lock").exists()
