"""Compares the sessions rebuilt from the logs of machines with what really happened on them."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from logonscope.case.case import Case
from logonscope.case.view import Scope, View
from support.truth import contradictions, wrong_end, wrong_start

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from pathlib import Path

    from logonscope.demo.truth import Service, Trace, TrueSession
    from logonscope.model import Event, Evidence, Session
    from support.truth import Differences

RecordKey = tuple[str, str, int]
"""Machine, channel and EventRecordID: what tells the records of a case apart."""

_SHOWS_SESSION = ("4624", "4634", "4647", "4778", "4779", "4800", "4801", "4802", "4803")
"""Records from which a session has to be found (rules R12, R14)."""
_SHOWS_DESKTOP = (*_SHOWS_SESSION, "LSM21")
"""The same for one at a desktop (rule R23)."""
_DESKTOP_TYPES = (2, 10, 11)
_SEVERAL = "tokens-unsure"
"""The flag by which a session says that its tokens may be those of several."""
_OF_ANOTHER = "twin-unsure"
"""The flag by which a session says that it may belong to another one."""
_STAY_CLASSES = ("stay", "unlock", "identity")


@dataclass(frozen=True, slots=True)
class Found:
    """A rebuilt session and the records that it rests on."""

    session: Session
    own: frozenset[RecordKey]
    """The records about its own logon IDs or its desktop."""
    attached: frozenset[RecordKey]
    """The 4624 of the logons that were folded into it."""

    @property
    def is_stay(self) -> bool:
        """Whether it is listed as somebody's stay at a desktop."""
        return self.session.logon_class in _STAY_CLASSES and self.session.role == "session"


@dataclass(slots=True)
class Score:
    """How well some histories were rebuilt."""

    counts: Counter[str] = field(default_factory=Counter)
    contradictions: list[tuple[str, Differences]] = field(default_factory=list)
    """Key of the session, and what it claims that is not so."""

    def __add__(self, other: Score) -> Score:
        return Score(self.counts + other.counts, self.contradictions + other.contradictions)

    def share(self, part: str, *parts: str) -> float:
        """One count as a share of the sum of some, 1 of nothing."""
        whole = sum(self.counts[name] for name in (part, *parts))
        return self.counts[part] / whole if whole else 1.0


def load(folder: Path, work: Path) -> list[Found]:
    """Load the logs of a folder: all sessions but those of Windows' own desktops."""
    with Case([folder], work_parent=work) as case:
        case.load()
        assert not case.problems
        assert not case.unreadable
        window = case.window(View("session", scope=Scope.ALL))
        sessions = case.sessions(window.page(0, window.count))
        evidence = {session.session_id: case.evidence(session.session_id) for session in sessions}
        rows = sorted({piece.row for pieces in evidence.values() for piece in pieces})
        events = dict(zip(rows, case.events(rows), strict=True))
        return [
            _found(session, evidence[session.session_id], events)
            for session in sessions
            if session.account_kind not in ("virtual", "system")
        ]


def _found(session: Session, evidence: Iterable[Evidence], events: dict[int, Event]) -> Found:
    own, attached = set(), set()
    for piece in evidence:
        event = events[piece.row]
        key = (event.machine.partition(".")[0], event.channel, event.record_id)
        if piece.role == "acted":
            continue
        if event.logon_id is None or event.logon_id in session.logon_ids:
            own.add(key)
        elif event.event_id == 4624:
            attached.add(key)
    return Found(session, frozenset(own), frozenset(attached))


class Truth:
    """What really happened on some machines, by the records about it that are left.

    Args:
        sessions: All true sessions.
        whole: Names of the machines of which nothing is lost that matters.
    """

    def __init__(self, sessions: Iterable[TrueSession], whole: Collection[str]) -> None:
        self.sessions = tuple(sessions)
        self.whole = frozenset(whole)
        self._own: dict[RecordKey, int] = {}
        self._served: dict[RecordKey, tuple[int, Service]] = {}
        for number, session in enumerate(self.sessions):
            self._own.update(dict.fromkeys(_kept(session.machine, session.traces), number))
            for service in session.services:
                self._served.update(dict.fromkeys(_kept(session.machine, service.traces), (number, service)))

    def session_of(self, found: Found) -> TrueSession:
        """The true session that a rebuilt one rests on.

        Raises:
            IndexError: If there is none.
        """
        return self.sessions[self.owners(found)[0]]

    def owners(self, found: Found) -> list[int]:
        """Numbers of the true sessions that a rebuilt one rests on, the one with most records first."""
        return [number for number, _ in Counter(self._own[key] for key in found.own if key in self._own).most_common()]

    def served_by(self, found: Found) -> list[tuple[int, Service]]:
        """The services, with the session they were for, that a rebuilt session takes for one of its own."""
        return [self._served[key] for key in sorted(found.own) if key in self._served]

    def attached(self, found: Found) -> list[tuple[int, Service] | None]:
        """The services folded into a rebuilt session; None for a logon that served nobody."""
        return [self._served.get(key) for key in sorted(found.attached)]


def _kept(machine: str, traces: Sequence[Trace]) -> list[RecordKey]:
    return [(machine, trace.channel, trace.record_id) for trace in traces if trace.kept]


def score(found: Sequence[Found], truth: Truth) -> Score:
    """Compare rebuilt sessions with the true ones.

    Args:
        found: All rebuilt sessions.
        truth: What really happened.

    Returns:
        Counts, by name: ``stays found``, ``stays missed``, ``stays wrong`` and the same of ``others``; ``starts in``
        and ``starts out`` of their intervals, the same of ``ends`` and ``durations``; ``ends exact`` and ``ends
        ranged``, how those that have come are told; ``attachments right``, ``wrong`` and ``missing``.
    """
    scoring = _Scoring(truth)
    for session in found:
        scoring.place(session)
    scoring.look_for_missed()
    scoring.look_at_parents(found)
    scoring.look_at_attachments(found)
    return scoring.score


class _Scoring:
    def __init__(self, truth: Truth) -> None:
        self.score = Score()
        self._truth = truth
        self._matches: dict[int, list[Found]] = defaultdict(list)

    def place(self, found: Found) -> None:
        """Match a rebuilt session to the true one that it rests on."""
        owners = self._truth.owners(found)
        if len(owners) > 1 and _SEVERAL in found.session.flags:
            self._match_more(found, owners[1:])
        elif len(owners) > 1:
            self._contradict(found, {"sessions": (len(owners), 1)})
        if owners:
            self._match(found, owners[0])
        else:
            self._stand_in(found, self._truth.served_by(found))

    def _match(self, found: Found, number: int) -> None:
        true = self._truth.sessions[number]
        self._matches[number].append(found)
        if len(self._matches[number]) > 1 and any(_OF_ANOTHER in one.session.flags for one in self._matches[number]):
            wrong = wrong_start(found.session, true) | wrong_end(found.session, true)
            if wrong:
                self._contradict(found, wrong)
            return
        if len(self._matches[number]) > 1:
            self._wrong(found, {"sessions": (f"again {self._matches[number][0].session.key}", 1)})
            return
        self._count(found, "found")
        self._compare(found, true, contradictions(found.session, true, whole=true.machine in self._truth.whole))

    def _match_more(self, found: Found, numbers: Sequence[int]) -> None:
        """One that says itself that it may be several: what it claims has to hold for each of them."""
        for number in numbers:
            true = self._truth.sessions[number]
            self._matches[number].append(found)
            wrong = contradictions(found.session, true, whole=False)
            if wrong:
                self._contradict(found, wrong)

    def _stand_in(self, found: Found, served: list[tuple[int, Service]]) -> None:
        """A session that is made of a logon which only served one; it stands for that where that was not recorded."""
        if not served:
            self._wrong(found, {"session": ("found", None)})
            return
        number, service = served[0]
        true = self._truth.sessions[number]
        if not found.is_stay:
            return
        if self._matches[number] or _is_findable(true):
            self._wrong(found, {"session": (f"of {service.kind}", hex(true.logon_ids[0]))})
            return
        self._matches[number].append(found)
        self._compare(found, true, wrong_start(found.session, true) | wrong_end(found.session, true))

    def _compare(self, found: Found, true: TrueSession, wrong: Differences) -> None:
        for name in ("start", "end", "duration"):
            self.score.counts[f"{name}s {'out' if name in wrong else 'in'}"] += 1
        if true.end is not None:
            self.score.counts["ends ranged" if found.session.is_bounded else "ends exact"] += 1
        if wrong:
            self._contradict(found, wrong)

    def look_for_missed(self) -> None:
        """Count the true sessions that should have been found."""
        for number, true in enumerate(self._truth.sessions):
            if _is_findable(true) and not self._matches[number]:
                what = "stays" if _is_stay(true) else "others"
                self.score.counts[f"{what} missed"] += 1
                names = "+".join(dict.fromkeys(trace.name for trace in true.traces if trace.kept))
                self.score.contradictions.append((f"{true.machine}/{true.logon_ids[0]:#x}", {"missed": (None, names)}))

    def look_at_parents(self, found: Sequence[Found]) -> None:
        """Hold the session that a secondary identity or a prompt is said to belong to, to the true one."""
        owner = {session.session.session_id: self._truth.owners(session)[:1] for session in found}
        for session in found:
            for number in owner[session.session.session_id]:
                true = self._truth.sessions[number]
                parent = session.session.parent
                said = [] if parent is None else owner.get(parent, [])
                if true.role == "session" or not (said or true.machine in self._truth.whole):
                    continue
                host = self._truth.sessions[said[0]] if said else None
                if host is None or (host.boot, host.logon_ids[0]) != (true.boot, true.parent_logon_id):
                    self._contradict(session, {"parent": (host and host.logon_ids, true.parent_logon_id)})

    def look_at_attachments(self, found: Sequence[Found]) -> None:
        """Count the services that were folded into the session they were for."""
        hosts = {id(session): number for number, matched in self._matches.items() for session in matched}
        attached: set[tuple[int, int]] = set()
        for session in found:
            for pair in self._truth.attached(session):
                right = pair is not None and hosts.get(id(session)) == pair[0]
                self.score.counts[f"attachments {'right' if right else 'wrong'}"] += 1
                if pair:
                    attached.add((pair[0], pair[1].logon_id))
                if not right:
                    was = pair and f"{pair[1].kind} {pair[1].logon_id:#x} of {self._truth.sessions[pair[0]].logon_ids}"
                    self._contradict(session, {"attachment": (session.session.key, was)})
        self._count_missing(attached)

    def _count_missing(self, attached: set[tuple[int, int]]) -> None:
        for number, true in enumerate(self._truth.sessions):
            for service in true.services:
                recorded = any(trace.kept and trace.name == "4624" for trace in service.traces)
                if recorded and true.is_kept("4624") and (number, service.logon_id) not in attached:
                    self.score.counts["attachments missing"] += 1
                    if true.machine in self._truth.whole:
                        key = f"{true.machine}/{true.logon_ids[0]:#x}"
                        missing = {"attachment": (None, f"{service.kind} {service.logon_id:#x}")}
                        self.score.contradictions.append((key, missing))

    def _count(self, found: Found, how: str) -> None:
        self.score.counts[f"{'stays' if found.is_stay else 'others'} {how}"] += 1

    def _wrong(self, found: Found, differences: Differences) -> None:
        self._count(found, "wrong")
        self._contradict(found, differences)

    def _contradict(self, found: Found, differences: Differences) -> None:
        self.score.contradictions.append((found.session.key, differences))


def _is_stay(true: TrueSession) -> bool:
    return true.role == "session" and true.logon_type in _DESKTOP_TYPES


def _is_findable(true: TrueSession) -> bool:
    """Whether a record is left from which it has to be found."""
    return true.is_kept(*(_SHOWS_DESKTOP if _is_stay(true) else _SHOWS_SESSION))
