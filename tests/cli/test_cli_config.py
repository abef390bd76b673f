"""``config`` shows, explains and locates settings; ``--json`` is there for every command that prints."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from logonscope.config import config_file
from support.command_line import CommandLine

if TYPE_CHECKING:
    from pathlib import Path

PRINTING = (
    "events", "sessions", "users", "sources", "boots", "coverage", "who", "triage", "explain", "check", "export",
    "findings", "types", "first-seen", "user", "source", "machine", "columns", "config",
)  # fmt: skip


@pytest.fixture
def logonscope(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return CommandLine(tmp_path)


def settings(text: str) -> None:
    config_file().parent.mkdir(parents=True)
    config_file().write_text(text, "utf-8")


def test_a_setting_is_explained_and_located(logonscope: CommandLine) -> None:
    settings('[theme]\nname = "dark"\n\n[findings.D1]\nattempts = 20\n')
    finished = logonscope("config", "theme.name", "findings.D1.attempts", "keys.export")
    assert (finished.code, finished.err) == (0, "")
    assert finished.lines[0] == 'theme.name = "dark"'
    assert finished.lines[2:4] == ['  usual: "auto"', f"  {config_file()}, line 2"]
    assert "findings.D1.attempts = 20" in finished.lines
    assert f"  {config_file()}, line 5" in finished.lines
    assert 'keys.export = "X"' in finished.lines
    assert finished.lines[-1] == "  not set: the usual value holds"


def test_an_unknown_one_has_the_nearest_name(logonscope: CommandLine) -> None:
    finished = logonscope("config", "keys.exprt\x1b[31m", "theme.name")
    assert finished.code == 2
    assert finished.lines[0] == 'theme.name = "auto"'
    assert finished.complaints == ["logonscope: there is no setting keys.exprt\\x1b[31m. Did you mean keys.export?"]


def test_for_machines(logonscope: CommandLine) -> None:
    settings('[keys]\ncopyy = "f5"\nexport = "f6"\n')
    finished = logonscope("config", "--json")
    records = {record.get("name"): record for record in map(json.loads, finished.lines)}
    assert finished.code == 1
    assert (records["keys.export"]["value"], records["keys.export"]["usual"]) == ("f6", "X")
    assert records["keys.export"]["line"] == 3
    assert records[None] == {"problem": "there is no action copyy; did you mean copy?", "line": 2}


@pytest.mark.parametrize("name", PRINTING)
def test_help_has_examples_and_json(name: str, logonscope: CommandLine) -> None:
    told = logonscope(name, "--help").out
    assert "--json" in told
    assert "Examples:\n" in told
    assert f"  logonscope {name} " in told


@pytest.mark.parametrize("arguments", ["explain type 10", "formats", "columns boots"])
def test_json_without_a_case(arguments: str, logonscope: CommandLine) -> None:
    finished = logonscope(*arguments.split(), "--json")
    assert finished.code == 0
    assert all(isinstance(json.loads(line), dict) for line in finished.lines)
    assert finished.lines
