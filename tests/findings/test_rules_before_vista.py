"""The rules see the events of before Vista as what they are today (LOGON.md 1.5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from logonscope.case.case import Case
from logonscope.case.view import View
from logonscope.filters.syntax import parse
from support.evt_log import evt_log
from support.old_logs import Log, old_id

if TYPE_CHECKING:
    from pathlib import Path

    from logonscope.findings.finding import Finding

STRANGER = "203.0.113.7"


def refused(log: Log, minutes: float, name: str, event_id: int = 529) -> Log:
    log.add(minutes, event_id, name, "CORP", "3", "NtLmSsp ", "NTLM", "EVIL", "-", "-", "-", "-", "-", "10.0.0.9", "0",
            sid="S-1-5-18", kind=16)  # fmt: skip
    return log


def guessed(tries: int, then_in: bool = True) -> Log:
    log = started()
    for number in range(tries):
        refused(log, 10 + number / 60, "alice")
    if then_in:
        log.logon(12, 0xA1, 3, event_id=540, source="10.0.0.9")
    return log


def sprayed(accounts: int) -> Log:
    log = started()
    for number in range(accounts):
        refused(log, 10 + number / 60, f"user{number}")
    return log


def used_password(log: Log, minutes: float, name: str) -> Log:
    log.add(minutes, 552, "alice", "CORP", "(0x0,0xA1)", "-", name, "CORP", "-", "FS01", "FS01", "884", "-", "-")
    return log


def shown(log: Log, minutes: float, event_id: int, name: str, logon_id: int, relative_id: int) -> Log:
    log.add(minutes, event_id, name, "CORP", old_id(logon_id), "RDP-Tcp#1", "LAP9", "10.0.0.9",
            sid=f"S-1-5-21-1-2-3-{relative_id}")  # fmt: skip
    return log


def started() -> Log:
    log = Log()
    log.start(0)
    return log


def arrived(logon_type: int, source: str) -> Log:
    log = started()
    log.logon(10, 0xA1, logon_type, source=source)
    return log


def barred() -> Log:
    log = refused(started(), 10, "alice", event_id=531)
    log.logon(20, 0xA1)
    return log


def cleared() -> Log:
    log = started()
    log.add(10, 517, "SYSTEM", "NT AUTHORITY", "(0x0,0x3E7)", "alice", "CORP", "(0x0,0xA1)")
    return log


def locked_out() -> Log:
    log = started()
    log.add(10, 644, "alice", "LAP9", "%{S-1-5-21-1-2-3-1104}", "DC1$", "CORP", "(0x0,0x3E7)")
    return log


def taken_over() -> Log:
    return shown(shown(started(), 10, 683, "alice", 0xA1, 1104), 10.02, 682, "bob", 0xB1, 1105)


def program(seconds: float) -> Log:
    log = started()
    log.logon(10, 0xA1, 3, event_id=540, source="10.0.0.9")
    log.add(10 + seconds / 60, 592, "1220", "C:\\x.exe", "884", "alice", "CORP", "(0x0,0xA1)")
    return log


CASES: dict[str, tuple[Log, Log]] = {
    "D1": (guessed(10), guessed(9)),
    "D2": (sprayed(5), sprayed(4)),
    "D4": (guessed(3), guessed(3, then_in=False)),
    "D9": (arrived(10, STRANGER), arrived(10, "10.0.0.9")),
    "D10": (used_password(arrived(2, "-"), 11, "admin"), used_password(arrived(2, "-"), 11, "alice")),
    "D11": (taken_over(), started()),
    "D12": (barred(), refused(started(), 10, "alice")),
    "D15": (cleared(), started()),
    "D24": (locked_out(), started()),
    "D33": (program(30), program(61)),
}


def findings(folder: Path, log: Log) -> tuple[Case, list[Finding]]:
    path = folder / "SecEvent.Evt"
    path.write_bytes(evt_log(log.records))
    case = Case([path], work_parent=folder)
    case.load()
    outcome = case.findings()
    assert outcome.broken == ()
    return case, list(outcome.found)


@pytest.mark.parametrize("rule", CASES)
def test_a_rule_sees_the_old_events_and_leads_to_them(rule: str, tmp_path: Path) -> None:
    bad, benign = CASES[rule]
    (tmp_path / "bad").mkdir()
    (tmp_path / "benign").mkdir()
    case, found = findings(tmp_path / "bad", bad)
    with case:
        finding = next(finding for finding in found if finding.rule == rule)
        window = case.window(View("event", parse(finding.filter)))
        assert set(finding.rows) <= set(window.page(0, window.count))
    case, found = findings(tmp_path / "benign", benign)
    with case:
        assert rule not in [finding.rule for finding in found]


def test_what_the_numbers_of_refusals_say_is_known(tmp_path: Path) -> None:
    """Without it, a logon of a disabled account (531) would be no more than any refusal."""
    case, found = findings(tmp_path, barred())
    with case:
        (finding,) = [finding for finding in found if finding.rule == "D12"]
    assert (finding.severity, "disabled" in finding.seen) == ("high", True)


@pytest.mark.parametrize(("words", "expected"), [("is:failure", {529}), ("is:logon", {540}), ("is:admin", set())])
def test_groups_that_speak_of_event_ids(words: str, expected: set[int], tmp_path: Path) -> None:
    case, _ = findings(tmp_path, guessed(3))
    with case:
        window = case.window(View("event", parse(words)))
        assert {event.event_id for event in case.events(window.page(0, window.count))} == expected
