"""Sessions, boots, marks and records made by hand, for tests that need no log."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from logonscope.model import Absence, Account, Boot, CoverageMark, Event, MachineAt, Session, Source, Who

EIGHT = datetime(2026, 3, 2, 8)
NOON = datetime(2026, 3, 2, 12)
HOUR = 3_600_000_000
MINUTE = 60_000_000


def made_session(**changes: Any) -> Session:
    """Alice at the console of WS1 from eight to noon, signed out; with changes."""
    session = Session(
        session_id=1, key="WS1/0x5a1b2@1", machine="WS1", boot=1, role="session", logon_class="stay", parent=None,
        account=Account("S-1-5-21-1-2-3-1104", "alice", "ALDER"), account_kind="person", logon_type=2,
        logon_ids=(0x5A1B2,), start=EIGHT, start_evidence="4624", start_earliest=EIGHT, start_latest=EIGHT, end=NOON,
        end_evidence="4647+4634", end_earliest=NOON, end_latest=NOON, destroyed=NOON, grade="A", duration=4 * HOUR,
        duration_least=4 * HOUR, duration_most=4 * HOUR, span=4 * HOUR, active=4 * HOUR, presence="disconnect+lock",
        last_seen=NOON, privileged=False, source_ip="", source_evidence="", workstation="", session_number=1,
        attached=0, flags=(), event_count=3,
    )  # fmt: skip
    return replace(session, **changes)


def made_absence(kind: str, since: int, until: int) -> Absence:
    """A time away, in minutes since the start."""
    began, ended = (EIGHT + timedelta(minutes=minutes) for minutes in (since, until))
    return Absence(kind, began, ended, since * MINUTE, until * MINUTE)


def made_event(**changes: Any) -> Event:
    """A sign-out of alice on WS1; with changes."""
    alice = Account("S-1-5-21-1-2-3-1104", "alice", "ALDER")
    event = Event(
        row=7, time=NOON, tick=3, machine="WS1", computer="WS1", channel="Security",
        provider="Microsoft-Windows-Security-Auditing", event_id=4647, record_id=1234, header_id=1234, source=1,
        version=0, outcome="success", target=alice, subject=Account(), account=alice, logon_id=0x5A1B2,
        subject_logon_id=None, linked_logon_id=None, logon_type=None, elevated=None, status=None, sub_status=None,
        source_ip="", workstation="", process="", logon_process="", object="", session_number=None, activity="",
        clock_step=None,
    )  # fmt: skip
    return replace(event, **changes)


def made_boot(**changes: Any) -> Boot:
    """A boot of WS1 from eight to noon, shut down; with changes."""
    boot = Boot(
        boot_id=1, machine="WS1", number=1, start=EIGHT, start_evidence="4608", start_row=1, kernel_start=EIGHT,
        last_record=NOON, end=NOON, end_evidence="shutdown", end_is_exact=True, end_row=None, alive_until=None,
        next_start=None, stays=1, sessions=3, stepped=0, reused_ids=(),
    )  # fmt: skip
    return replace(boot, **changes)


def made_mark(kind: str = "missing", **changes: Any) -> CoverageMark:
    """Three records missing from the Security log of WS1; with changes."""
    return replace(CoverageMark(1, "WS1", "Security", kind, EIGHT, NOON, 3, None, ""), **changes)


def made_source(path: str = "/evidence/Security.evtx") -> Source:
    """A file."""
    return Source(1, Path(path), "evtx", 1, 1, 0, ())


def made_who(**changes: Any) -> Who:
    """Nobody on at ten, on WS1 whose log covers that time; with changes."""
    machine = MachineAt("WS1", "running", 1, True, EIGHT, NOON, ())
    who = Who(datetime(2026, 3, 2, 10), (), (), (), 0, (), 0, (machine,), ())
    return replace(who, **changes)
