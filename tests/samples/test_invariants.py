"""What must hold for the sessions of any log, checked over every sample."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from logonscope.case.case import Case
from logonscope.case.view import Scope, View
from logonscope.readers.sources import find_sources
from support.samples import SAMPLES

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from logonscope.model import Boot, Event, Evidence, Session

LOADABLE = [path for path in sorted(SAMPLES.glob("*/*")) if any(find_sources([path], []))]
SECURITY = "Microsoft-Windows-Security-Auditing"
SYSTEM_LOGON_IDS = frozenset({0x0, 0x3E2, 0x3E3, 0x3E4, 0x3E5, 0x3E7})
"""They exist in every boot and are nobody's session (rule R9)."""
LOGON_ROLES = frozenset({"open", "nla", "unlock", "reconnect", "refresh"})
"""What a logon can be to the one session that it opens or serves (rules R12 and R13)."""
CLOCK_FLAGS = frozenset({"clock-adjusted", "negative-duration"})
ROUTINE_STEP = 2_000_000
"""Microseconds; the clock is set by less all the time (rule R19)."""


@dataclass(frozen=True, slots=True)
class Sample:
    """All that a sample was rebuilt to."""

    path: Path
    sessions: dict[int, Session]
    evidence: dict[int, list[Evidence]]
    """By session ID."""
    events: dict[int, Event]
    """By row."""
    boots: list[Boot]
    unused: dict[int, str]
    """By row: why a record that speaks of a session belongs to none."""


def load(path: Path, work: Path) -> Sample:
    with Case([path], work_parent=work) as case:
        case.load()
        listed = case.window(View("session", scope=Scope.ALL))
        sessions = {session.session_id: session for session in case.sessions(listed.page(0, listed.count))}
        parents = {session.parent for session in sessions.values() if session.parent is not None}
        visits = case.sessions(sorted(parents - sessions.keys()))
        sessions |= {visit.session_id: visit for visit in visits}
        rows = case.window(View("event"))
        return Sample(
            path,
            sessions,
            {session_id: case.evidence(session_id) for session_id in sessions},
            {event.row: event for event in case.events(rows.page(0, rows.count))},
            case.boots(),
            dict(case.cursor().execute("SELECT row, why FROM unused").fetchall()),
        )


@pytest.fixture(scope="module", params=LOADABLE, ids=lambda path: str(path.relative_to(SAMPLES)))
def sample(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Sample:
    return load(request.param, tmp_path_factory.mktemp("work"))


@dataclass(frozen=True, slots=True)
class Epoch:
    """What lies between two starts of Windows in one Security log, told by 4608 alone."""

    number: int
    start: datetime | None
    next_start: datetime | None
    is_steady: bool
    """Whether its times can be compared: the clock was not set, neither while it ran nor while the machine was off."""


def epochs_by_row(sample: Sample) -> dict[int, Epoch]:
    """The epoch of each Security event, by the order of its log."""
    logs: dict[tuple[str, int], list[Event]] = defaultdict(list)
    for event in sample.events.values():
        if event.provider == SECURITY:
            logs[event.machine, event.source].append(event)
    found: dict[int, Epoch] = {}
    for log in logs.values():
        log.sort(key=lambda event: event.header_id)
        cuts = [0, *(index for index, event in enumerate(log) if event.event_id == 4608 and index), len(log)]
        for number, (first, end) in enumerate(pairwise(cuts)):
            events = log[first:end]
            start = events[0].time if events[0].event_id == 4608 else None
            next_start = log[end].time if end < len(log) else None
            times = sorted(event.time for event in events if event.time)
            was_set = any(abs(event.clock_step or 0) >= ROUTINE_STEP for event in events)
            epoch = Epoch(number, start, next_start, not was_set and in_order(start, *times, next_start))
            found.update((event.row, epoch) for event in events)
    return found


def in_order(*times: datetime | None) -> bool:
    """Whether the times that are known do not run backwards."""
    known = [time for time in times if time]
    return known == sorted(known)


def serving(sample: Sample) -> dict[int, list[tuple[str, str]]]:
    """By row: the sessions that it is about, with what it is to them; a visit only lists its contacts."""
    found: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for session_id, records in sample.evidence.items():
        session = sample.sessions[session_id]
        if session.role == "visit":
            continue
        for record in records:
            if record.role != "acted":
                found[record.row].append((session.key, record.role))
    return found


def records_of_sessions(sample: Sample, *event_ids: int) -> list[Event]:
    """Security records with one of these IDs that speak of a session, the system's own left out."""
    return [
        event
        for event in sample.events.values()
        if event.provider == SECURITY and event.event_id in event_ids and event.logon_id not in SYSTEM_LOGON_IDS
    ]


def test_intervals_do_not_run_backwards(sample: Sample) -> None:
    wrong = [
        session.key
        for session in sample.sessions.values()
        if not in_order(session.start_earliest, session.start_latest)
        or not in_order(session.end_earliest, session.end_latest)
    ]
    assert wrong == []


def test_no_session_ends_before_it_starts(sample: Sample) -> None:
    wrong = [
        session.key
        for session in sample.sessions.values()
        if not in_order(session.start, session.end) and not CLOCK_FLAGS & set(session.flags)
    ]
    assert wrong == []


def test_no_duration_is_negative(sample: Sample) -> None:
    """Nor is anybody present for longer than the session lasts."""
    wrong = [
        session.key
        for session in sample.sessions.values()
        if (session.duration is not None and session.duration < 0)
        or (session.active is not None and not 0 <= session.active <= (session.duration or 0))
    ]
    assert wrong == []


def test_no_session_is_destroyed_before_it_ends(sample: Sample) -> None:
    wrong = [session.key for session in sample.sessions.values() if not in_order(session.end, session.destroyed)]
    assert wrong == []


def test_no_session_lies_across_a_start_of_windows(sample: Sample) -> None:
    epochs = epochs_by_row(sample)
    across = {
        sample.sessions[session_id].key: sorted(numbers)
        for session_id, records in sample.evidence.items()
        if len(numbers := {epochs[record.row].number for record in records if record.row in epochs}) > 1
    }
    assert across == {}


def test_sessions_lie_within_their_boot_by_time(sample: Sample) -> None:
    """As far as the clock was left alone."""
    epochs = epochs_by_row(sample)
    outside = []
    for session_id, records in sample.evidence.items():
        session = sample.sessions[session_id]
        epoch = next((epochs[record.row] for record in records if record.row in epochs), None)
        if epoch and epoch.is_steady:
            times = (epoch.start, session.start, session.end, session.end_latest, epoch.next_start)
            if not in_order(*times):
                outside.append(session.key)
    assert outside == []


def test_boots_are_those_of_the_log(sample: Sample) -> None:
    """Each boot is listed, and none holds sessions from both sides of a start of Windows."""
    epochs = epochs_by_row(sample)
    numbers: dict[tuple[str, int], set[int]] = defaultdict(set)
    for session_id, records in sample.evidence.items():
        session = sample.sessions[session_id]
        numbers[session.machine, session.boot] |= {
            epochs[record.row].number for record in records if record.row in epochs
        }
    assert set(numbers) <= {(boot.machine, boot.number) for boot in sample.boots}
    assert {boot: found for boot, found in numbers.items() if len(found) > 1} == {}


def test_parents_are_of_the_same_boot(sample: Sample) -> None:
    wrong = []
    for session in sample.sessions.values():
        if session.parent is not None:
            parent = sample.sessions.get(session.parent)
            if not parent or parent is session or (parent.machine, parent.boot) != (session.machine, session.boot):
                wrong.append(session.key)
    assert wrong == []


def test_records_are_of_the_session_s_machine(sample: Sample) -> None:
    wrong = {
        sample.sessions[session_id].key: record
        for session_id, records in sample.evidence.items()
        for record in records
        if sample.events[record.row].machine != sample.sessions[session_id].machine
    }
    assert wrong == {}


def test_each_logon_is_used_once(sample: Sample) -> None:
    """It opens one session, or serves one, or it is told why it does neither."""
    used = serving(sample)
    wrong = {
        event.record_id: used[event.row]
        for event in records_of_sessions(sample, 4624)
        if len(used[event.row]) != (0 if sample.unused.get(event.row) else 1)
        or any(role not in LOGON_ROLES for _, role in used[event.row])
    }
    assert wrong == {}


def test_each_end_belongs_to_one_session(sample: Sample) -> None:
    """Or it is told why it belongs to none."""
    used = serving(sample)
    wrong = {
        event.record_id: used[event.row]
        for event in records_of_sessions(sample, 4634, 4647)
        if len(used[event.row]) != (0 if sample.unused.get(event.row) else 1)
    }
    assert wrong == {}


def test_the_same_log_gives_the_same_sessions(sample: Sample, tmp_path: Path) -> None:
    again = load(sample.path, tmp_path)
    assert list(again.sessions) == list(sample.sessions)
    different = [
        session.key
        for session_id, session in sample.sessions.items()
        if again.sessions[session_id] != session or again.evidence[session_id] != sample.evidence[session_id]
    ]
    assert different == []
    assert again.boots == sample.boots
