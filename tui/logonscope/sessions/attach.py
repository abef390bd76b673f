"""Which logons are sessions, and which only serve one (rules R10, R12 and R13).

Whether a session is open is tested by record position, never by time: a clock that jumps would invent sessions.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from logonscope.sessions.logon import Arrival, Attachment, DeskSession, Logon

if TYPE_CHECKING:
    from collections.abc import Iterable

_CACHED_UNLOCK_SECONDS = 2.0
_SHORT_RDP_SECONDS = 5.0
_TWIN_RECORDS = 2
_TWIN_SECONDS = 0.1
_UNLOCK_TYPES = (7, 13)
_CONSOLE_TYPES = (2, 11)
_RDP_TYPES = (10, 12)


@dataclass(slots=True)
class Attached:
    """The outcome for all machines of a case."""

    sessions: list[DeskSession] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    arrivals: list[Arrival] = field(default_factory=list)


def attach(logons: Iterable[Logon]) -> Attached:
    """Turn logons at desks into sessions.

    Args:
        logons: Logons of all machines and boots that may be or belong to a person's session.

    Returns:
        Sessions, each numbered by the row of its first record, and the logons folded into them.
    """
    outcome = Attached()
    by_boot: dict[tuple[int, int], list[Logon]] = defaultdict(list)
    for logon in logons:
        by_boot[logon.machine, logon.boot].append(logon)
    for boot in sorted(by_boot):
        desk = _Desk(outcome)
        for tokens in _token_groups(sorted(by_boot[boot], key=_record_order)):
            desk.place(tokens)
    return outcome


def _record_order(logon: Logon) -> tuple[bool, int, int]:
    return logon.start_pos is not None, logon.first_pos, logon.logon_id


def _token_groups(logons: list[Logon]) -> list[list[Logon]]:
    """Join the two tokens that UAC makes for one person (rule R10), in the order of the earlier of the two."""
    by_id = {(logon.logon_id, logon.earlier): logon for logon in logons}
    naming = {logon.linked_logon_id: logon for logon in logons if logon.start_pos is not None}
    closing = {logon.close_pos: logon for logon in logons if logon.start_pos is None and logon.close_pos is not None}
    groups: list[list[Logon]] = []
    taken: set[tuple[int, bool]] = set()
    for index, logon in enumerate(logons):
        if (logon.logon_id, logon.earlier) in taken:
            continue
        twin = _linked_twin(logon, by_id) or _unlinked_twin(logon, logons[index + 1 : index + 1 + _TWIN_RECORDS])
        twin = twin or _naming_twin(logon, naming) or _closing_twin(logon, closing)
        # A forged record can name itself.
        if twin and (twin is logon or (twin.logon_id, twin.earlier) in taken):
            twin = None
        group = sorted([logon, twin], key=_signs_out_last) if twin else [logon]
        taken.update((token.logon_id, token.earlier) for token in group)
        groups.append(group)
    return groups


def _linked_twin(logon: Logon, by_id: dict[tuple[int, bool], Logon]) -> Logon | None:
    twin = by_id.get((logon.linked_logon_id or 0, False))
    return twin if twin and twin.linked_logon_id == logon.logon_id and twin.person == logon.person else None


def _naming_twin(logon: Logon, naming: dict[int | None, Logon]) -> Logon | None:
    """The token whose logon record names this one, of which only later records are there."""
    twin = naming.get(logon.logon_id)
    if twin is None or logon.start_pos is not None or twin.person != logon.person:
        return None
    return twin if twin.start_pos is not None and twin.start_pos < logon.first_pos else None


def _closing_twin(logon: Logon, closing: dict[int, Logon]) -> Logon | None:
    """Of two tokens whose logon records are gone only the ends are left: the same person and type, closed together."""
    if logon.start_pos is not None or logon.close_pos is None or logon.logon_class != "stay":
        return None
    for other in (closing.get(logon.close_pos + records) for records in range(1, _TWIN_RECORDS + 1)):
        if (
            other
            and (other.person, other.logon_type) == (logon.person, logon.logon_type)
            and logon.close_time is not None
            and other.close_time is not None
            and abs((other.close_time - logon.close_time).total_seconds()) < _TWIN_SECONDS
        ):
            return other
    return None


def _unlinked_twin(logon: Logon, following: list[Logon]) -> Logon | None:
    """Before Windows 10 a record does not name its twin: same account and type, next record, same moment.

    Two that Windows closed at different times are not taken for one.
    """
    if logon.version >= 2 or logon.start_pos is None or logon.origin_time is None:
        return None
    for other in following:
        if (
            other.start_pos is not None
            and other.origin_time is not None
            and other.start_pos - logon.start_pos <= _TWIN_RECORDS
            and abs((other.origin_time - logon.origin_time).total_seconds()) < _TWIN_SECONDS
            and (other.person, other.logon_type) == (logon.person, logon.logon_type)
            and other.privileged != logon.privileged
            and _closed_together(logon, other)
        ):
            return other
    return None


def _closed_together(logon: Logon, other: Logon) -> bool:
    if logon.close_time is None or other.close_time is None:
        return True
    return abs((logon.close_time - other.close_time).total_seconds()) < _CACHED_UNLOCK_SECONDS


def _signs_out_last(logon: Logon) -> bool:
    return logon.elevated is True or (logon.elevated is None and logon.privileged)


class _OpenSessions:
    """The sessions of one boot that may be open, by who is there and how; what has ended is dropped on the way."""

    def __init__(self) -> None:
        self._by_desk: dict[tuple[int, str], list[DeskSession]] = defaultdict(list)
        self._all: dict[str, list[DeskSession]] = defaultdict(list)

    def add(self, session: DeskSession) -> None:
        """Take a session that has begun."""
        desk = _desk(session.main.logon_type)
        self._by_desk[session.main.person, desk].append(session)
        self._all[desk].append(session)

    def of_person(self, person: int, desk: str, logon: Logon) -> DeskSession | None:
        """The person's latest session that is open when a logon comes: at the desk given, else at any."""
        return self._latest(self._by_desk[person, desk], logon) or _latest_of(
            self._latest(self._by_desk[person, other], logon) for other in _DESKS
        )

    def of_anyone(self, desk: str, logon: Logon) -> DeskSession | None:
        """The same, whoever is there."""
        return self._latest(self._all[desk], logon) or _latest_of(
            self._latest(self._all[other], logon) for other in _DESKS
        )

    @staticmethod
    def _latest(sessions: list[DeskSession], logon: Logon) -> DeskSession | None:
        # Logons come in the order of their first records, so what ended before this one is closed to all later ones.
        while sessions and logon.start_pos is not None and sessions[-1].ended_before(logon.first_pos):
            sessions.pop()
        return next((session for session in reversed(sessions) if session.is_open_at(logon.position)), None)


_DESKS = ("console", "rdp", "other")


def _desk(logon_type: int | None) -> str:
    return "console" if logon_type in _CONSOLE_TYPES else "rdp" if logon_type in _RDP_TYPES else "other"


def _latest_of(sessions: Iterable[DeskSession | None]) -> DeskSession | None:
    found = [session for session in sessions if session]
    return max(found, key=lambda session: session.main.position, default=None)


class _Desk:
    """The sessions of one boot of one machine, placed in record order."""

    def __init__(self, outcome: Attached) -> None:
        self._outcome = outcome
        self._open = _OpenSessions()
        self._by_logon_id: dict[int, DeskSession] = {}

    def place(self, tokens: list[Logon]) -> None:
        """Make a session of one or two tokens, or fold them into one that is open."""
        logon = tokens[0]
        role, host = self._belongs_to(logon)
        if host and role in ("unlock", "reconnect", "refresh"):
            self._outcome.attachments += [Attachment(token.key, host.number, role) for token in tokens]
            for token in tokens:
                self._by_logon_id.setdefault(token.logon_id, host)
            if role == "reconnect":
                self._arrive(logon, host)
            return
        session = DeskSession(logon.origin_row, tokens)
        if host:
            session.role, session.parent = role, host.parent or host.number
        elif role:
            session.flags.append("host-not-seen")
            session.role = role if role in ("secondary", "uac-prompt") else "session"
        self._outcome.sessions.append(session)
        if session.role == "session":
            self._open.add(session)
        self._by_logon_id.update((token.logon_id, session) for token in tokens)
        if logon.logon_type in _RDP_TYPES:
            self._arrive(logon, session)

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

    def _belongs_to(self, logon: Logon) -> tuple[str, DeskSession | None]:
        """The role of a logon that belongs to another session, and that session if it was seen."""
        desk = "rdp" if logon.is_remote else "console"
        if logon.logon_type in _UNLOCK_TYPES:
            own = self._open.of_person(logon.person, desk, logon)
            if logon.logon_process == "Negotiat" or logon.program == "lsass.exe":
                return "refresh", own
            return ("reconnect" if logon.is_remote else "unlock"), own
        if logon.logon_process == "CredPro" or logon.program == "consent.exe":
            return "uac-prompt", self._open.of_anyone("console", logon)
        if logon.logon_type == 9 or logon.logon_process == "seclogo":
            return "secondary", self._by_logon_id.get(logon.subject_logon_id or 0)
        lived = logon.lived
        if lived is None or not 0 <= lived < _SHORT_RDP_SECONDS:
            return "", None
        own = self._open.of_person(logon.person, desk, logon)
        if own and logon.logon_type in _CONSOLE_TYPES and lived < _CACHED_UNLOCK_SECONDS:
            return "unlock", own
        if own and logon.logon_type in _RDP_TYPES:
            return "reconnect", own
        return "", None
