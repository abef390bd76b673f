"""Which logons are sessions, and which only serve one (rules R10, R12 and R13).

What other logs know of desktops is tied to the logons first: it shows sessions of which the Security log holds little
or nothing. Then every logon is held to those that were on when it came. Whether a session is open is tested by record
position, never by time, where the Security log tells it: a clock that jumps would invent sessions.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import chain
from typing import TYPE_CHECKING

from logonscope.sessions.logon import (
    CONSOLE_TYPES,
    LOCAL_ADDRESSES,
    REMOTE_TYPES,
    UNLOCK_TYPES,
    Arrival,
    Attachment,
    DeskSession,
    Logon,
)
from logonscope.sessions.matching import match_desktops
from logonscope.sessions.sight import Sight
from logonscope.sessions.tokens import token_groups, unsplit_people

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from logonscope.sessions.desktop import Desktop

_CACHED_UNLOCK_SECONDS = 2.0
_SHORT_RDP_SECONDS = 5.0
_RETURNING = (timedelta(seconds=-5), timedelta(seconds=10))
"""When after a reconnection's logon LocalSessionManager tells which desktop it returned to."""
_LONG_AGO = datetime(1, 1, 1)


@dataclass(slots=True)
class Attached:
    """The outcome for all machines of a case."""

    sessions: list[DeskSession] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    arrivals: list[Arrival] = field(default_factory=list)


def attach(logons: Iterable[Logon], desktops: Iterable[Desktop], sights: Mapping[int, Sight]) -> Attached:
    """Turn logons at desks, and what other logs know of desktops, into sessions.

    Args:
        logons: Logons of all machines and boots that may be or belong to a person's session.
        desktops: Desktops that other logs show, of all machines, in order.
        sights: What the logs of each machine cover.

    Returns:
        Sessions, each numbered by the row of its first record, and the logons folded into them.
    """
    by_boot: dict[int, dict[int, list[Logon]]] = defaultdict(lambda: defaultdict(list))
    for logon in logons:
        by_boot[logon.machine][logon.boot].append(logon)
    by_machine: dict[int, list[Desktop]] = defaultdict(list)
    for desktop in desktops:
        by_machine[desktop.machine].append(desktop)
    outcome = Attached()
    for machine in sorted(by_boot.keys() | by_machine.keys()):
        sight = sights.get(machine, Sight())
        unsplit = unsplit_people(chain(*by_boot[machine].values()))
        boots = {boot: _sessions(found, sight, unsplit) for boot, found in by_boot[machine].items()}
        _settle(boots, by_machine[machine])
        for boot in sorted(boots):
            _Boot(outcome, sight, boots[boot]).place_all()
    outcome.arrivals += _returns_without_logon(outcome)
    return outcome


def _returns_without_logon(attached: Attached) -> list[Arrival]:
    """Reconnections that another log tells of, of which the Security log holds no logon."""
    logons: dict[int, list[datetime]] = defaultdict(list)
    for arrival in sorted(attached.arrivals, key=lambda arrival: arrival.time):
        logons[arrival.session].append(arrival.time)
    return [
        Arrival(session.main.machine, session.main.boot, session.main.person, None, r.time, r.source_ip, session.number)
        for session in attached.sessions
        if session.tokens and session.desktop
        for r in session.desktop.records
        if r.kind == "return" and r.source_ip not in LOCAL_ADDRESSES
        if not _goes_with_one(r.time, logons[session.number])
    ]


def _goes_with_one(returned: datetime, logons: Sequence[datetime]) -> bool:
    """Whether a reconnection that another log tells of is that of one of some logons, which are in order."""
    first = bisect_left(logons, returned - _RETURNING[1])
    return first < len(logons) and logons[first] <= returned - _RETURNING[0]


def _sessions(logons: list[Logon], sight: Sight, unsplit: Collection[int]) -> list[DeskSession]:
    """What would be the sessions of one boot if none served another, in record order."""
    ordered = sorted(logons, key=lambda logon: (logon.start_pos is not None, logon.first_pos, logon.logon_id))
    return [
        DeskSession(group.logons[0].origin_row, group.logons, flags=list(group.flags))
        for group in token_groups(ordered, sight, unsplit)
    ]


def _settle(boots: dict[int, list[DeskSession]], desktops: list[Desktop]) -> None:
    """Tie the desktops of a machine to its sessions, and make sessions of those that are left."""
    at_desk = [
        session
        for found in boots.values()
        for session in found
        if not _service(session.opening) and session.opening.logon_class == "stay"
    ]
    absorbed = {session.number for session in match_desktops(at_desk, desktops)}
    tied = {session.desktop.first.row for session in at_desk if session.desktop}
    for boot, found in boots.items():
        boots[boot] = [session for session in found if session.number not in absorbed]
    for desktop in desktops:
        if desktop.first.row not in tied:
            boots.setdefault(desktop.boot, []).append(DeskSession(desktop.first.row, [], desktop))


def _service(logon: Logon) -> str:
    """What a logon does for another session, by its own record; nothing for one that may be a stay."""
    if logon.logon_type in UNLOCK_TYPES:
        if logon.logon_process == "Negotiat" or logon.program == "lsass.exe":
            return "refresh"
        return "reconnect" if logon.is_remote else "unlock"
    if logon.logon_process == "CredPro" or logon.program == "consent.exe":
        return "uac-prompt"
    return "secondary" if logon.logon_type == 9 or logon.logon_process == "seclogo" else ""


class _OnDesk:
    """The sessions of one boot that may be on, by who is there and where."""

    def __init__(self) -> None:
        self._begun: dict[int, dict[str, list[DeskSession]]] = defaultdict(lambda: defaultdict(list))
        self._anyone: dict[str, list[DeskSession]] = defaultdict(list)
        self._undated: list[DeskSession] = []
        """Those of which the Security log does not hold the beginning."""

    def add(self, session: DeskSession) -> None:
        """Take a session that has begun, in record order."""
        if session.start_pos is None:
            self._undated.append(session)
        else:
            place = session.place
            self._begun[session.main.person][place].append(session)
            self._anyone[place].append(session)

    def of_person(self, logon: Logon) -> list[DeskSession]:
        """The person's sessions that may be on when a logon comes; of those begun at one place only the latest."""
        begun = self._begun.get(logon.person, {}).values()
        return _latest_of_each(begun, logon) + [s for s in self._rest(logon) if s.is_of(logon)]

    def of_anyone(self, logon: Logon) -> list[DeskSession]:
        """The same, whoever is there."""
        return _latest_of_each(self._anyone.values(), logon) + self._rest(logon)

    def _rest(self, logon: Logon) -> list[DeskSession]:
        self._undated = [session for session in self._undated if not session.ended_before(logon.position)]
        return [session for session in self._undated if session.is_on_at(logon)]


def _latest_of_each(places: Iterable[list[DeskSession]], logon: Logon) -> list[DeskSession]:
    found = []
    for sessions in places:
        # Logons come in the order of their records, so what ended before this one is closed to all later ones.
        while sessions and sessions[-1].ended_before(logon.position):
            sessions.pop()
        for session in reversed(sessions):
            if session.is_on_at(logon):
                found.append(session)
                break
    return found


def _choice(sessions: Sequence[DeskSession], place: str, time: datetime | None) -> DeskSession | None:
    """The session meant: that which somebody came back to just then, at the place, begun last, or ended first."""
    if len(sessions) < 2:
        return sessions[0] if sessions else None
    return max(sessions, key=lambda s: (_returned(s, time), s.place == place, *_recency(s)))


def _returned(session: DeskSession, time: datetime | None) -> bool:
    if session.desktop is None or time is None:
        return False
    return any(
        event.kind == "return" and _RETURNING[0] <= event.time - time <= _RETURNING[1]
        for event in session.desktop.records
    )


def _recency(session: DeskSession) -> tuple[bool, datetime, int]:
    if session.start is not None:
        return True, session.start, session.number
    ends = [end for token in session.tokens for end in (token.ask_pos, token.close_pos) if end is not None]
    return False, _LONG_AGO, -min(ends, default=0)


class _Boot:
    """The sessions of one boot of one machine, placed in record order."""

    def __init__(self, outcome: Attached, sight: Sight, sessions: list[DeskSession]) -> None:
        self._outcome = outcome
        self._sight = sight
        self._sessions = sessions
        self._on = _OnDesk()
        self._by_logon_id: dict[int, DeskSession] = {}
        self._known_by_end: dict[int, list[DeskSession]] = defaultdict(list)
        """Stays by person of which only the 4634 is left, in order."""

    def place_all(self) -> None:
        """Make sessions of those that are stays, and fold the others into them."""
        undated = [session for session in self._sessions if self._is_undated_stay(session)]
        for session in undated:
            self._begin(session)
        settled = {session.number for session in undated}
        others = [session for session in self._sessions if session.number not in settled]
        for session in sorted(others, key=lambda s: s.opening.position):
            if session.start_pos is None and self._may_be_stay(session):
                self._known_by_end[session.main.person].append(session)
        for session in sorted(others, key=lambda s: (s.opening.position, s.number)):
            self._place(session)

    def _is_undated_stay(self, session: DeskSession) -> bool:
        return not session.tokens or (
            session.start_pos is None and not _service(session.opening) and session.is_at_desk
        )

    def _place(self, session: DeskSession) -> None:
        """Make a session of one or two tokens, or fold them into one that is on."""
        logon = session.opening
        role, host = self._belongs_to(session)
        if host and role in ("unlock", "reconnect", "refresh"):
            self._fold(session, host, role)
            return
        if host:
            session.role, session.parent = role, host.number if host.parent is None else host.parent
        elif role:
            session.flags.append("host-not-seen")
            session.role = role if role in ("secondary", "uac-prompt") else "session"
        self._begin(session)
        if logon.logon_type in REMOTE_TYPES:
            self._arrive(logon, session)

    def _begin(self, session: DeskSession) -> None:
        self._outcome.sessions.append(session)
        if session.role == "session":
            self._on.add(session)
        self._by_logon_id.update((token.logon_id, session) for token in session.tokens)

    def _fold(self, session: DeskSession, host: DeskSession, role: str) -> None:
        self._outcome.attachments += [Attachment(token.key, host.number, role) for token in session.tokens]
        for token in session.tokens:
            self._by_logon_id.setdefault(token.logon_id, host)
        if role == "reconnect":
            self._arrive(session.opening, host)

    def _arrive(self, logon: Logon, session: DeskSession) -> None:
        if logon.start_pos is not None and logon.origin_time is not None:
            self._outcome.arrivals.append(
                Arrival(
                    logon.machine,
                    logon.boot,
                    logon.person,
                    logon.start_pos,
                    logon.origin_time,
                    logon.source_ip if logon.is_remote else "",
                    session.number,
                )
            )

    def _belongs_to(self, session: DeskSession) -> tuple[str, DeskSession | None]:
        """The role of a logon that belongs to another session, and that session if it was seen."""
        logon = session.opening
        service = _service(logon)
        if service == "secondary":
            return service, self._by_logon_id.get(logon.subject_logon_id or 0)
        if service == "uac-prompt":
            return service, self._prompted(logon)
        if service:
            return service, self._own(logon)
        if session.is_at_desk or logon.logon_class != "stay":
            return "", None
        own = self._own(logon)
        if session.start_pos is None:
            return ("secondary" if self._is_no_stay(session, own) else ""), None
        role = "unlock" if session.place == "console" else "reconnect"
        if own is None:
            is_lost = _is_passing(session) and not self._sight.is_whole(logon.boot, logon.position)
            return (role if is_lost else ""), None
        return (role, own) if _passes(session, own) else ("", None)

    def _own(self, logon: Logon) -> DeskSession | None:
        """The person's own session that is on when a logon comes."""
        place = "rdp" if logon.is_remote or logon.logon_type in REMOTE_TYPES else "console"
        return _choice(self._on.of_person(logon), place, logon.time) or self._ending_later(logon)

    def _ending_later(self, logon: Logon) -> DeskSession | None:
        """The person's only session that a later end shows, if no record in between is missing: it was on by then."""
        if logon.start_pos is None:
            return None
        known = self._known_by_end.get(logon.person)
        if not known or bisect_right(known, logon.start_pos, key=lambda s: s.opening.position) != len(known) - 1:
            return None
        return None if self._sight.has_hole(logon.start_pos, known[-1].opening.position) else known[-1]

    def _may_be_stay(self, session: DeskSession) -> bool:
        logon = session.opening
        return not _service(logon) and logon.logon_class == "stay" and not self._is_no_stay(session, None)

    def _prompted(self, logon: Logon) -> DeskSession | None:
        """The session at whose screen a UAC prompt was shown."""
        on = self._on.of_anyone(logon)
        at_console = [session for session in on if session.place == "console"]
        if at_console or not self._sight.is_whole(logon.boot, logon.position):
            return _choice(at_console, "console", None)
        return on[0] if len(on) == 1 else None

    def _is_no_stay(self, session: DeskSession, own: DeskSession | None) -> bool:
        """Whether a session of which only the 4634 is left was started from another, at no desktop of its own."""
        if session.logon_type not in CONSOLE_TYPES or session.destroyed is None:
            return False
        return (own is not None and own.place == "console") or self._sight.shows_closing_at(session.destroyed)


def _passes(session: DeskSession, own: DeskSession) -> bool:
    """Whether somebody came back to a session that is on by a logon of the same type as a new one."""
    if session.destroyed is not None and session.start is not None:
        return _is_passing(session)
    # A new one would have a desktop of its own.
    return own.place == session.place and own.desktop is not None and own.desktop.opened is not None


def _is_passing(session: DeskSession) -> bool:
    """Whether a logon was closed so soon that it must have been for a session that was on (rule R13)."""
    if session.destroyed is None or session.start is None:
        return False
    lived = (session.destroyed - session.start).total_seconds()
    limit = _SHORT_RDP_SECONDS if session.place == "rdp" else _CACHED_UNLOCK_SECONDS
    return session.place != "other" and 0 <= lived < limit
