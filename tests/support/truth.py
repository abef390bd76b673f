"""Holds one rebuilt session to the true one: what it says that is not so."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime

    from logonscope.demo.truth import TrueSession
    from logonscope.model import Session

Differences = dict[str, tuple[Any, Any]]
"""By name, what was found and what is true."""

_OTHER_CHANNEL = timedelta(seconds=1)
"""How far the record of another channel may lie from what it tells of."""
_EXACT = ("4647+4634", "4634", "4647", "with-parent")
"""Ends that the Security log tells by itself."""
_LENGTH_UNSURE = {"gap", "clock-unknown"}
"""With these a session says itself that a change of the clock may be missing."""


def contradictions(found: Session, true: TrueSession, *, whole: bool) -> Differences:
    """What a session claims that is not so.

    Args:
        found: The rebuilt session.
        true: The true one.
        whole: Whether no record of the machine was lost: then everything that was recorded must be known.
    """
    wrong = wrong_start(found, true) | wrong_end(found, true) | wrong_duration(found, true)
    wrong |= _wrong_identity(found, true)
    if found.privileged and not true.privileged:
        wrong["privileged"] = (True, False)
    if whole and true.is_kept("4624") and not true.evidence_lost:
        wrong |= _unknown(found, true) | _wrong_active(found, true)
    return wrong


def wrong_start(found: Session, true: TrueSession) -> Differences:
    """A start that lies outside of where it is said to lie."""
    interval = (found.start_earliest, found.start_latest)
    inside = _lies_in(*interval, true.start, true.began, true.clock_errors, _start_margin(found))
    return {} if inside else {"start": (interval, naive(true.start))}


def wrong_end(found: Session, true: TrueSession) -> Differences:
    """An end that lies outside of where it is said to lie, or that has not come."""
    interval = (found.end_earliest, found.end_latest)
    if true.end is None or true.ceased is None:
        return {} if found.end_latest is None else {"end": (interval, None)}
    inside = _lies_in(*interval, true.end, true.ceased, true.clock_errors, _margin(found))
    return {} if inside or _is_destruction(found, true) else {"end": (interval, naive(true.end))}


def wrong_duration(found: Session, true: TrueSession) -> Differences:
    """A time that the machine ran meanwhile which lies outside of where it is said to lie."""
    if _LENGTH_UNSURE & set(found.flags):
        return {}
    said = (_span(found.duration_least), _span(found.duration_most))
    if true.duration is None:
        return {} if said[1] is None else {"duration": (said, None)}
    margin = _margin(found) + _start_margin(found)
    shortest = longest = true.duration
    if _is_destruction(found, true) and true.destroyed and true.end:
        longest += true.destroyed - true.end
    too_long = any(span is not None and span > longest + margin for span in (said[0], _span(found.duration)))
    too_short = said[1] is not None and said[1] < shortest - margin
    return {"duration": (said, true.duration)} if too_long or too_short else {}


def _span(microseconds: int | None) -> timedelta | None:
    return None if microseconds is None else timedelta(microseconds=microseconds)


def _start_margin(found: Session) -> timedelta:
    return timedelta() if found.start_evidence in ("4624", "before-log") else _OTHER_CHANNEL


def _margin(found: Session) -> timedelta:
    return timedelta() if found.end_evidence in _EXACT else _OTHER_CHANNEL


def naive(time: datetime | None) -> datetime | None:
    """A time as the store keeps it: UTC, without saying so."""
    return time and time.replace(tzinfo=None)


def _lies_in(
    earliest: datetime | None,
    latest: datetime | None,
    stamped: datetime,
    real: datetime,
    clock_errors: tuple[timedelta, ...],
    margin: timedelta,
) -> bool:
    """Whether a time lies in an interval.

    One that is said to be exact must be what the clock said. The limits of any other are times of other records,
    which may have been stamped by a clock that was wrong in another way.
    """
    times = {stamped} if earliest == latest else {stamped, *(real + error for error in clock_errors)}
    return any(
        (earliest is None or earliest - margin <= time) and (latest is None or time <= latest + margin)
        for time in (time.replace(tzinfo=None) for time in times)
    )


def _is_destruction(found: Session, true: TrueSession) -> bool:
    """Whether a session is said to end when Windows removed it, because that is all that is recorded."""
    return found.end_evidence == "4634" and found.end == naive(true.destroyed) and not true.is_kept("4647")


def _wrong_identity(found: Session, true: TrueSession) -> Differences:
    """Who, how and where from, as far as it is said."""
    types = {true.logon_type, 2} if true.logon_type == 11 and not true.is_kept("4624") else {true.logon_type}
    wrong: Differences = {}
    if found.account.name and found.account.name.strip() != true.account.name.strip():
        wrong["user"] = (found.account.name, true.account.name)
    if found.account.sid and found.account.sid != true.account.sid:
        wrong["SID"] = (found.account.sid, true.account.sid)
    if found.logon_type is not None and found.logon_type not in types:
        wrong["logon type"] = (found.logon_type, true.logon_type)
    if found.source_ip and found.source_ip not in (true.source_ip, *true.addresses, "LOCAL"):
        wrong["source IP"] = (found.source_ip, true.source_ip)
    if true.is_kept("4624") and found.role != true.role:
        wrong["role"] = (found.role, true.role)
    return wrong


def _unknown(found: Session, true: TrueSession) -> Differences:
    """What was recorded and is not known."""
    pairs: Differences = {
        "logon IDs": (found.logon_ids, true.logon_ids),
        "start evidence": (found.start_evidence, "4624"),
        "logon type": (found.logon_type, true.logon_type),
        "source IP": (found.source_ip, true.source_ip or ""),
        "privileged": (found.privileged, true.privileged),
        "end evidence": (found.end_evidence, _end_evidence(found, true)),
    }
    if "4647" in found.end_evidence and true.is_kept("4634"):
        pairs["destroyed"] = (found.destroyed, naive(true.destroyed))
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def _end_evidence(found: Session, true: TrueSession) -> str:
    """How the end should be known; a stop that left no trace of its manner may be called a restart."""
    own = {"4647", "4634"} & set(true.end_evidence)
    if own:
        return "+".join(sorted(own, reverse=True))
    if found.end_evidence in true.end_evidence or found.end_evidence == "unaudited":
        return found.end_evidence
    if true.end_kind in ("shutdown", "crash") and found.end_evidence == "reboot":
        return "reboot"
    return true.end_kind


def _wrong_active(found: Session, true: TrueSession) -> Differences:
    """The time at the desk, where the logs could show every absence that there was."""
    shown = {"locked": "lock", "idle": "lock", "disconnected": "disconnect"}
    could_show = all(shown.get(away.kind, "sleep") in found.presence for away in true.away)
    if true.session_number is None or not could_show:
        return {}
    if found.active is None or true.active is None or found.is_bounded:
        return {}
    active = timedelta(microseconds=found.active)
    return {} if abs(active - true.active) <= _margin(found) else {"active": (active, true.active)}
