"""Holds rebuilt sessions to the true ones of a simulated machine."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from logonscope.case.case import Case
from logonscope.case.view import Scope, View

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from pathlib import Path

    from logonscope.demo.truth import TrueSession
    from logonscope.model import Session

Key = tuple[str, int, tuple[int, ...]]
"""Machine, boot, and logon IDs with the one that signs out first."""
_MICROSECOND = timedelta(microseconds=1)
_LSM_LATE = timedelta(seconds=1)
"""How much later than the sign-out itself LocalSessionManager may record it."""


def rebuilt_sessions(folder: Path, work: Path) -> list[Session]:
    """Load the logs of a folder: all sessions."""
    with Case([folder], work_parent=work) as case:
        case.load()
        assert not case.problems
        assert not case.unreadable
        rows = case.window(View("session", scope=Scope.ALL))
        return case.sessions(rows.page(0, rows.count))


def by_key(sessions: Iterable[Session]) -> dict[Key, Session]:
    """Sessions by what tells them apart."""
    return {(session.machine.partition(".")[0], session.boot, session.logon_ids): session for session in sessions}


def true_key(session: TrueSession) -> Key:
    """The same for a true session."""
    return session.machine, session.boot, session.logon_ids


def contradictions(found: Session, true: TrueSession) -> dict[str, tuple[Any, Any]]:
    """What was found and is not so: by name, what was found and what is true."""
    pairs = {
        "role": (found.role, true.role),
        "user": (found.account.name.strip(), true.account.name.strip()),
        "SID": (found.account.sid, true.account.sid),
        "logon type": (found.logon_type, true.logon_type),
        "start": (found.start, _naive(true.start)),
        "end evidence": (found.end_evidence, _end_evidence(found, true)),
        "destroyed": (found.destroyed if "4647" in found.end_evidence else None, _naive(true.destroyed)),
        "privileged": (found.privileged, true.privileged),
        "source IP": (found.source_ip, true.source_ip or ""),
    }
    wrong = {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
    if true.end is not None and true.duration is not None:
        wrong |= _wrong_end(found, true, true.end.replace(tzinfo=None), true.duration // _MICROSECOND)
    return wrong


def _naive(time: datetime | None) -> datetime | None:
    return time and time.replace(tzinfo=None)


def _end_evidence(found: Session, true: TrueSession) -> str:
    """How the end should be known; a stop that left no trace of its manner may be called a restart."""
    own = {"4647", "4634"} & set(true.end_evidence)
    if own:
        return "+".join(sorted(own, reverse=True))
    if "LSM23" in true.end_evidence and found.end_evidence == "LSM23":
        return "LSM23"
    if found.end_evidence == "unaudited":
        return "unaudited"
    if true.end_kind in ("shutdown", "crash") and found.end_evidence == "reboot":
        return "reboot"
    return true.end_kind


def _wrong_end(found: Session, true: TrueSession, end: datetime, duration: int) -> dict[str, tuple[Any, Any]]:
    if not found.is_bounded:
        if found.end_evidence == "LSM23" and found.end and abs(found.end - end) < _LSM_LATE:
            return {}
        pairs = {"end": (found.end, end), "duration": (found.duration, duration)}
        if found.presence == "disconnect+lock" and true.active is not None and "asleep" not in _aways(true):
            pairs["active"] = (found.active, true.active // _MICROSECOND)
        return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
    wrong: dict[str, tuple[Any, Any]] = {}
    if found.end_earliest is None or not found.end_earliest <= end <= (found.end_latest or end):
        wrong["end"] = ((found.end_earliest, found.end_latest), end)
    if found.duration is not None and found.duration > duration:
        wrong["duration"] = (found.duration, duration)
    return wrong


def _aways(true: TrueSession) -> set[str]:
    return {away.kind for away in true.away}
