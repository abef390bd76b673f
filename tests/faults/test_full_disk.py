"""Full disks, at whatever moment they become full: one line says so, nothing half is left, nothing kept is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from logonscope.cache.kept_cases import KeptCases
from logonscope.case.case import Case
from logonscope.case.case_file import CaseFile
from logonscope.demo.evtx_writer import encode_log
from logonscope.errors import OutputError, StoreError
from support.command_line import CommandLine
from support.fleet_work import write_machines
from support.full_disk import fill, small_disk
from support.logs import notes, two_boots, write_machine
from support.terminal_program import Program

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SIZES = (64, 300, 700, 1_100, 1_500, 1_900, 2_300, 2_700, 3_500, 5_000)
"""Kilobytes: from no room for a store at all to enough for everything."""


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    write_machine(two_boots(), tmp_path / "logs")
    (tmp_path / "logs" / "more.evtx").write_bytes(encode_log(notes(3_000)))
    return tmp_path / "logs"


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    with small_disk(tmp_path / "disk", 1_000) as folder:
        yield folder


def test_loading_and_rebuilding(logs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever room there is: all answers, or one line and none of them."""
    whole = CommandLine(tmp_path / "cache").process("sessions", logs, "--all", "--json").out
    codes = []
    for size in SIZES:
        with small_disk(tmp_path / f"disk-{size}", size) as disk:
            monkeypatch.setenv("TMPDIR", str(disk))
            done = CommandLine(disk).process("sessions", logs, "--all", "--json")
            codes.append(done.code)
            if done.code == 0:
                assert (done.out, done.err) == (whole, "")
            else:
                assert (done.code, done.out) == (2, "")
                (told,) = done.complaints
                assert "Free some space there, or set XDG_CACHE_HOME to a folder with more." in told
            assert [path for path in disk.rglob("*") if path.is_file()] == []
    assert codes[0] == 2
    assert codes[-1] == 0


@pytest.mark.parametrize("size", SIZES)
def test_keeping_a_case(logs: Path, tmp_path: Path, size: int) -> None:
    """It is kept whole or not at all, and the next start has the same answers."""
    rows = []
    with small_disk(tmp_path / "disk", size) as disk:
        for _ in range(2):
            kept = KeptCases(disk / "kept", smallest_evidence=0)
            with Case([logs], work_parent=tmp_path / "cases", cache=kept) as case:
                case.load()
                rows.append(case.cursor().execute("SELECT * EXCLUDE row FROM event ORDER BY ALL").fetchall())
    assert rows[0] == rows[1]
    assert len(rows[0]) > 3_000


@pytest.mark.parametrize("form", ["csv", "jsonl", "parquet", "timesketch-csv", "ecs", "xml"])
def test_exporting(logs: Path, tmp_path: Path, disk: Path, form: str) -> None:
    fill(disk)
    done = CommandLine(tmp_path / "cache").process("events", logs, "--format", form, "-o", disk / "events")
    assert done.code == 2
    (told,) = done.complaints
    assert "No space left on device" in told
    assert [path.name for path in disk.iterdir()] == ["ballast"]


def test_an_export_that_fails_leaves_what_was_there(logs: Path, tmp_path: Path, disk: Path) -> None:
    (disk / "events.csv").write_text("what was there")
    fill(disk)
    done = CommandLine(tmp_path / "cache").process(
        "events", logs, "--format", "csv", "-o", disk / "events.csv", "--force"
    )
    assert done.code == 2
    assert (disk / "events.csv").read_text() == "what was there"


def test_the_report(logs: Path, tmp_path: Path, disk: Path) -> None:
    fill(disk)
    done = CommandLine(tmp_path / "cache").process("report", logs, "-o", disk / "report.html")
    assert done.code == 2
    (told,) = done.complaints
    assert "No space left on device" in told
    assert [path.name for path in disk.iterdir()] == ["ballast"]


def test_notes_that_are_kept_stay(disk: Path) -> None:
    notes_kept = CaseFile([disk / "evidence"], disk / "case.toml")
    notes_kept.change("bookmark", lambda held: [{"note": "the first"}])
    before = (disk / "case.toml").read_bytes()
    ballast = fill(disk)
    with pytest.raises((StoreError, OutputError), match="No space left on device"):
        notes_kept.change("bookmark", lambda held: [*held, {"note": "x" * 10_000}])
    assert (disk / "case.toml").read_bytes() == before
    assert {path.name for path in disk.iterdir()} - {".case.toml.lock"} == {"case.toml", "ballast"}
    ballast.unlink()
    assert len(notes_kept.change("bookmark", lambda held: [*held, {"note": "the second"}])) == 2


@pytest.mark.parametrize("size", [200, 1_500, 20_000])
def test_a_lake(tmp_path: Path, size: int) -> None:
    """Whole or none: what could not be written is no lake, and is told in a line."""
    pytest.importorskip("distributed")
    run = CommandLine(tmp_path / "cache").process
    write_machines(tmp_path / "logs", 3)
    with small_disk(tmp_path / "disk", size) as disk:
        lake = disk / "lake"
        done = run("fleet", "ingest", tmp_path / "logs", "--lake", lake, "--workers", "1")
        rebuilt = run("fleet", "sessions", "--lake", lake, "--workers", "1")
        asked = run("sessions", lake, "--all", "--json")
    if size < 1_000:
        assert done.code == 2
        assert "No space left on device" in done.complaints[-1]
        assert "start the same command again" in done.complaints[-1]
        assert (asked.code, asked.out) == (2, "")
    else:
        assert (done.code, rebuilt.code, asked.code) == (0, 0, 0)
        assert len(asked.lines) > 10


def test_the_browser(logs: Path, tmp_path: Path, disk: Path) -> None:
    """It loads elsewhere than it keeps settings, notes and the debug log, says what it could not keep, and goes on."""
    for name in ("XDG_STATE_HOME", "XDG_CONFIG_HOME"):
        (disk / name).mkdir()
    (tmp_path / "XDG_CACHE_HOME").mkdir()
    (disk / "XDG_CACHE_HOME").symlink_to(tmp_path / "XDG_CACHE_HOME")
    fill(disk)
    program = Program("--debug", logs, home=disk)
    program.shows(b"space")  # of "No space left on device", however the line is wrapped
    program.settles()
    program.press(b"2")
    program.shows(b"Lasted")
    program.press(b"q")
    drawn = program.rest()
    program.ends()
    assert program.run.returncode == 0
    assert b"The last view was not kept" in drawn
    assert b"not all could be written" in drawn
    assert b"Traceback" not in drawn
