"""Names in a log are written by attackers: none acts on a terminal or in a spreadsheet, none is lost."""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from typing import TYPE_CHECKING

import pytest

from logonscope.demo.evtx_writer import write_log
from support.command_line import CommandLine, on_loaded_case
from support.logs import FORMULA_USER, HOSTILE_USER, hostile_logons, logon

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from support.command_line import Finished

LISTS = ("sessions", "events")
ALL_LISTS = (*LISTS, "boots", "coverage")
FORMULA_SIGNS = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What a spreadsheet takes for the beginning of a formula, also in full width."""
HARMLESS = r"bob[/admin]\x1b[31m\x1b]0;owned\x07\n\u202egnp.exe\x9b2J"


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("hostile") / "Security.evtx"
    write_log(path, hostile_logons())
    return path


@pytest.fixture(scope="module")
def logonscope(log: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[CommandLine]:
    with on_loaded_case(log, tmp_path_factory) as command_line:
        yield command_line


@pytest.fixture(scope="module")
def printed(log: Path, logonscope: CommandLine) -> dict[str, Finished]:
    """All that the program prints about the log."""
    lists = [f"{command} --format {output}" for command in ALL_LISTS for output in ("table", "csv", "jsonl")]
    who = [f"who --at 2026-03-02T08:00:04 --format {output}" for output in ("table", "jsonl")]
    others = ("findings", "first-seen", "users", "sources")
    lists += [f"{command} --format {output}" for command in others for output in ("table", "csv", "jsonl")]
    lists += [f"export --format {form}" for form in ("timesketch-csv", "timesketch-jsonl", "ecs", "xml")]
    cards = [f"{subject} * --format {output}" for subject in ("user", "machine") for output in ("text", "jsonl")]
    summaries = ["triage", "triage --format json", *cards, *who]
    return {command: logonscope(*command.split(), log) for command in [*summaries, *lists]}


def test_nothing_that_acts_is_printed(printed: dict[str, Finished]) -> None:
    for command, finished in printed.items():
        assert finished.code == 0
        kinds = {unicodedata.category(character) for character in finished.out.replace("\n", "")}
        assert not kinds & {"Cc", "Cf", "Cs", "Zl", "Zp"}, command


@pytest.mark.parametrize(
    "command",
    [
        "triage",
        "sessions --format table",
        "events --format table",
        "who --at 2026-03-02T08:00:04 --format table",
        "first-seen --format table",
    ],
)
def test_people_see_what_was_written(printed: dict[str, Finished], command: str) -> None:
    assert len([line for line in printed[command].lines if HARMLESS in line]) == 1
    assert len([line for line in printed[command].lines if FORMULA_USER in line]) == 1


@pytest.mark.parametrize("command", LISTS)
def test_jsonl_gives_the_very_name_back(printed: dict[str, Finished], command: str) -> None:
    records = [json.loads(line) for line in printed[f"{command} --format jsonl"].lines]
    assert [record["user"] for record in records] == [HOSTILE_USER, FORMULA_USER, "plain"]


@pytest.mark.parametrize("command", LISTS)
def test_csv_runs_no_formula(printed: dict[str, Finished], command: str) -> None:
    rows = [*csv.DictReader(io.StringIO(printed[f"{command} --format csv"].out))]
    assert [row["user"] for row in rows] == [HARMLESS, f"'{FORMULA_USER}", "plain"]
    assert not [cell for row in rows for cell in row.values() if cell.startswith(FORMULA_SIGNS)]


def test_every_sign_of_a_formula_is_defused(tmp_path: Path) -> None:
    names = [f"{sign}1+1" for sign in FORMULA_SIGNS]
    write_log(tmp_path / "log", [logon(number, TargetUserName=name) for number, name in enumerate(names, 1)])
    rows = csv.DictReader(io.StringIO(CommandLine(tmp_path)("events", tmp_path / "log", "--format", "csv").out))
    assert [row["user"] for row in rows] == [f"'{name}" for name in names]


def test_a_name_that_the_terminal_cannot_write(tmp_path: Path, logonscope: CommandLine) -> None:
    write_log(tmp_path / "log", [logon(1, TargetUserName="Zoë 日本")])
    finished = logonscope.process("sessions", tmp_path / "log", encoding="latin-1")
    assert (finished.code, finished.err) == (0, "")
    assert r"Zoë \u65e5\u672c" in finished.out
