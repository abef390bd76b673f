"""``findings`` and ``triage --format json``: what to look at first, for people and machines, and by which exit code."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

import pytest
from msgspec import structs

from logonscope.case import case as case_module
from logonscope.config import config_file, watchlist_file
from logonscope.demo.evtx_writer import write_log
from logonscope.findings.rule import rules
from support.command_line import CommandLine, on_loaded_case
from support.small_case import BOB, EvtxLog, Fields, how, target

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

KEYS = [
    "finding", "rule", "title", "severity", "machine", "since", "until", "seen", "why", "usual", "next_step", "attack",
    "filter", "records", "evidence",
]  # fmt: skip
PARTS = [
    "triage", "program", "filter", "read", "machines", "coverage", "findings", "broken_rules", "muted_findings",
    "unused_watchlist_entries", "stays", "arrivals", "failures", "log_changes", "boots", "unknown",
]  # fmt: skip
GUESSES = 12


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Somebody guesses a password, and another one works."""
    log = EvtxLog("WS1.alder.example", 1)
    for second in range(GUESSES):
        guess: Fields = {"TargetUserName": "alice", "TargetDomainName": "ALDER", "SubStatus": 0xC000006A}
        log(f"08:00:{second * 5 % 60:02}", 4625, **guess, **how(3, IpAddress="10.0.0.9"))
    log("09:00:00", 4624, **target(BOB, 0xB2), **how(10, IpAddress="10.0.0.8"))
    log("09:10:00", 4634, **target(BOB, 0xB2, LogonType=10))
    path = tmp_path_factory.mktemp("log") / "Security.evtx"
    write_log(path, log.records)
    return path


@pytest.fixture(scope="module")
def logonscope(log: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[CommandLine]:
    with on_loaded_case(log, tmp_path_factory) as command_line:
        yield command_line


@pytest.fixture(autouse=True)
def own_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings are looked for where no test before this one has left any."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


def settings(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True)
    path.write_text(text, "utf-8")


def test_findings_for_people(log: Path, logonscope: CommandLine) -> None:
    finished = logonscope("findings", log)
    assert (finished.code, finished.err) == (0, "")
    head, *lines = finished.lines
    assert head.split()[:3] == ["#", "Severity", "Rule"]
    assert any("medium" in line and " D1 " in line and "12 refused logons on WS1" in line for line in lines)


def test_findings_cite_their_records(log: Path, logonscope: CommandLine) -> None:
    found = [json.loads(line) for line in logonscope("findings", log, "--format", "jsonl").lines]
    assert [list(finding) for finding in found] == [KEYS] * len(found)
    (guessed,) = [finding for finding in found if finding["rule"] == "D1"]
    assert (guessed["severity"], guessed["records"]) == ("medium", GUESSES)
    assert [record["record_id"] for record in guessed["evidence"]] == list(range(1, GUESSES + 1))
    assert {(record["file"], record["channel"], record["event_id"]) for record in guessed["evidence"]} == {
        (str(log), "Security", 4625)
    }
    rows = list(csv.DictReader(io.StringIO(logonscope("findings", log, "--format", "csv").out)))
    assert [row["rule"] for row in rows] == [finding["rule"] for finding in found]


def test_findings_take_no_filter(log: Path, logonscope: CommandLine) -> None:
    finished = logonscope("findings", log, "user:bob")
    assert finished.code == 2
    assert "no filter holds: user:bob" in finished.err


def test_triage_is_one_object(log: Path, logonscope: CommandLine) -> None:
    finished = logonscope("triage", log, "user:bob", "--format", "json")
    assert (finished.code, finished.err) == (0, "")
    told = json.loads(finished.out)
    assert list(told) == PARTS
    assert (told["triage"], told["filter"], told["muted_findings"]) == (1, "user:bob", 0)
    assert (told["read"]["records"], told["read"]["only_a_part"]) == (GUESSES + 2, None)
    (machine,) = told["machines"]
    assert (machine["machine"], machine["stays"], machine["refused_logons"]) == ("WS1", 1, GUESSES)
    (covered,) = told["coverage"]
    assert (covered["machine"], covered["channel"], covered["amount"]) == ("WS1", "Security", GUESSES + 2)
    assert [(stay["user"], stay["logon_type"], stay["duration"]) for stay in told["stays"]] == [("Bob", 10, 600.0)]
    (failure,) = told["failures"]
    assert (failure["user"], failure["reason"], failure["attempts"]) == ("alice", "wrong password", GUESSES)
    (arrival,) = told["arrivals"]
    assert (arrival["user"], arrival["source"], arrival["logons"]) == ("Bob", "10.0.0.8", 1)
    assert "D1" in {finding["rule"] for finding in told["findings"]}
    assert len(told["boots"]) == 1
    assert any("WS1" in line for line in told["unknown"])


def test_triage_says_that_only_a_part_is_loaded(log: Path, tmp_path: Path) -> None:
    told = json.loads(CommandLine(tmp_path)("triage", log, "--event", "4625", "--format", "json").out)
    assert "4625" in told["read"]["only_a_part"]
    assert (told["read"]["left_out"], told["stays"], told["failures"][0]["attempts"]) == (2, [], GUESSES)


def test_triage_goes_to_a_new_file(log: Path, logonscope: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "triage.json"
    assert logonscope("triage", log, "--format", "json", "-o", file).out == ""
    assert list(json.loads(file.read_text("ascii"))) == PARTS
    assert logonscope("triage", log, "-o", file).code == 2


@pytest.mark.parametrize(("severity", "code"), [("high", 0), ("medium", 3), ("info", 3)])
@pytest.mark.parametrize("command", ["findings", "triage"])
def test_the_exit_code_tells_of_grave_findings(
    command: str, severity: str, code: int, log: Path, logonscope: CommandLine
) -> None:
    finished = logonscope(command, log, "--fail-on", severity)
    assert (finished.code, finished.err) == (code, "")
    assert "12 refused logons" in finished.out


def test_thresholds_of_the_settings(log: Path, logonscope: CommandLine) -> None:
    settings(config_file(), f"[findings.D1]\nattempts = {GUESSES + 1}\ntries = 9\n")
    finished = logonscope("findings", log, "--format", "jsonl")
    assert "D1" not in {json.loads(line)["rule"] for line in finished.lines}
    assert finished.code == 1
    assert finished.complaints == [
        f"logonscope: {config_file()}: line 3: D1 has no threshold tries. It has attempts, minutes, grave"
    ]


def test_the_watchlist_beside_the_settings(log: Path, logonscope: CommandLine) -> None:
    settings(watchlist_file(), '[[account]]\nname = "bob"\nkind = "dormant"\n[[account]]\nname = "zoe"\n')
    finished = logonscope("findings", log)
    assert (finished.code, finished.complaints) == (0, ["logonscope: watchlist: no logon of an account zoe"])
    assert "high   W1" in finished.out
    told = json.loads(logonscope("triage", log, "--format", "json").out)
    assert told["unused_watchlist_entries"] == ["watchlist: no logon of an account zoe"]
    assert told["findings"][0]["rule"] == "W1"


def test_a_watchlist_that_is_named_goes_before(log: Path, logonscope: CommandLine, tmp_path: Path) -> None:
    settings(watchlist_file(), '[[account]]\nname = "bob"\nkind = "dormant"\n')
    named = tmp_path / "mine.toml"
    named.write_text('[[mute]]\nsource = "10.0.0.9"\n')
    finished = logonscope("findings", log, "--watchlist", named)
    assert "D1" not in finished.out
    assert "W1" not in finished.out
    assert finished.complaints == ["logonscope: 1 finding not told, as the watchlist asks"]
    assert "1 finding not told, as the watchlist asks" in logonscope("triage", log, "--watchlist", named).out


def test_a_broken_watchlist(log: Path, logonscope: CommandLine, tmp_path: Path) -> None:
    named = tmp_path / "mine.toml"
    named.write_text('[[account]]\nnam = "bob"\n')
    finished = logonscope("findings", log, "--watchlist", named)
    assert finished.code == 1
    assert "12 refused logons" in finished.out
    assert finished.complaints == [
        f"logonscope: watchlist {named}: line 2: there is no key nam. Did you mean name? The entry is left out."
    ]
    named.write_text("[[account\n")
    finished = logonscope("findings", log, "--watchlist", named)
    assert (finished.code, finished.out) == (2, "")
    assert "line 1: " in finished.err
    settings(watchlist_file(), named.read_text())
    finished = logonscope("triage", log)
    assert finished.code == 1
    assert "12 refused logons" in finished.out
    assert finished.err.rstrip().endswith("It is left out.")


def test_a_broken_rule_stops_no_other(log: Path, logonscope: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = structs.replace(rules()[1], sql="SELECT nothing FROM nowhere")
    monkeypatch.setattr(case_module, "rules", lambda: [rules()[0], wrong])
    finished = logonscope("findings", log)
    assert finished.code == 1
    assert " D1 " in finished.out
    assert finished.complaints[0].startswith("logonscope: rule D2 could not be run, the others were: ")
    told = json.loads(logonscope("triage", log, "--format", "json").out)
    assert [broken["rule"] for broken in told["broken_rules"]] == ["D2"]
