"""Which session of the Security log is which desktop of the other logs (rule R23).

They began together, or they ended together, or no other of the same person was on meanwhile. What began or ended at two
different times is not one, and of two that would do none is chosen.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING

from logonscope.sessions.logon import EARLIEST_OPENING, LATENESS, LATEST_OPENING
from logonscope.sessions.tokens import in_order

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from logonscope.sessions.desktop import Desktop
    from logonscope.sessions.logon import DeskSession

_SIGNING_OUT = timedelta(seconds=60)
"""How long after 4647 the other logs may tell of the sign-out, or records of a desktop still follow it."""
_DESTROYING = timedelta(minutes=3)
"""How long after a sign-out a 4634 may follow (rule R17)."""
_VERSION_THAT_NAMES_TWINS = 2


def match_desktops(sessions: Iterable[DeskSession], desktops: Iterable[Desktop]) -> list[DeskSession]:
    """Tie desktops to the sessions of the Security log that they are; sets the desktop of those.

    Args:
        sessions: Sessions of one machine that may be at a desktop.
        desktops: Its desktops, in order.

    Returns:
        Sessions that turned out to be the second token of another, which has that token now.
    """
    matching = _Matching(sessions, desktops)
    matching.by_opening()
    matching.by_number()
    matching.by_closing()
    matching.by_exclusion()
    return matching.absorbed


class _Matching:
    def __init__(self, sessions: Iterable[DeskSession], desktops: Iterable[Desktop]) -> None:
        self.absorbed: list[DeskSession] = []
        self._desktops = list(desktops)
        self._owner: dict[int, DeskSession] = {}
        """By the row of a desktop's first record."""
        self._by_person: dict[int, list[DeskSession]] = defaultdict(list)
        self._by_user: dict[str, list[DeskSession]] = defaultdict(list)
        for session in sessions:
            self._by_person[session.main.person].append(session)
            self._by_user[session.main.user].append(session)

    def by_opening(self) -> None:
        """The desktop opened when the session began: of several the nearest."""
        for desktop in self._free():
            fitting = self._fitting(desktop, _began_together)
            if fitting:
                self._tie(min(fitting, key=lambda s: (_apart(s.start, desktop.opened), s.number)), desktop)

    def by_number(self) -> None:
        """Records of the Security log name the desktop's number, or tell that it was left or shown when it was."""
        for fits in (_has_number_of, _was_shown_with):
            for desktop in self._free():
                fitting = self._fitting(desktop, fits)
                if len(fitting) == 1:
                    self._tie(fitting[0], desktop)

    def by_closing(self) -> None:
        """The desktop was closed when the session ended; so were tokens whose logon records are gone.

        Of several that ended at almost the same time, as at a shutdown, both logs tell in the same order.
        """
        for desktop in sorted(self._desktops, key=lambda d: d.closed or d.first.time):
            owner = self._owner.get(desktop.first.row)
            fitting = self._fitting(desktop, _ended_together)
            for session in sorted(fitting, key=lambda s: (_end_order(s, desktop), s.number)):
                if owner is None:
                    self._tie(session, desktop)
                    owner = session
                elif _may_be_token(owner, session):
                    owner.tokens = in_order([*owner.tokens, *session.tokens])
                    session.desktop = desktop
                    self.absorbed.append(session)

    def by_exclusion(self) -> None:
        """Nothing else can be meant on either side."""
        while pairs := self._only_pairs():
            for session, desktop in pairs:
                self._tie(session, desktop)

    def _only_pairs(self) -> list[tuple[DeskSession, Desktop]]:
        fitting = {desktop.first.row: self._fitting(desktop, _may_be_one) for desktop in self._free()}
        claims = Counter(session.number for found in fitting.values() for session in found)
        return [
            (found[0], desktop)
            for desktop in self._free()
            if len(found := fitting[desktop.first.row]) == 1 and claims[found[0].number] == 1
        ]

    def _free(self) -> list[Desktop]:
        return [desktop for desktop in self._desktops if desktop.first.row not in self._owner]

    def _tie(self, session: DeskSession, desktop: Desktop) -> None:
        session.desktop = desktop
        self._owner[desktop.first.row] = session

    def _fitting(self, desktop: Desktop, fits: Callable[[DeskSession, Desktop], bool]) -> list[DeskSession]:
        named = {session.number: session for user in desktop.users for session in self._by_user.get(user, ())}
        known = {session.number: session for person in desktop.people for session in self._by_person.get(person, ())}
        return [s for s in (named | known).values() if s.desktop is None and fits(s, desktop)]


def _began_together(session: DeskSession, desktop: Desktop) -> bool:
    if session.start is None or desktop.opened is None:
        return False
    return EARLIEST_OPENING <= desktop.opened - session.start <= LATEST_OPENING


def _ended_together(session: DeskSession, desktop: Desktop) -> bool:
    if desktop.closed is None or not _may_have_begun(session, desktop):
        return False
    if session.asked:
        return -LATENESS <= desktop.closed - session.asked <= _SIGNING_OUT
    return session.destroyed is not None and _apart(session.destroyed, desktop.closed) <= LATENESS


def _has_number_of(session: DeskSession, desktop: Desktop) -> bool:
    return session.number_told == desktop.number and _may_be_one(session, desktop)


def _was_shown_with(session: DeskSession, desktop: Desktop) -> bool:
    moves = [record.time for record in desktop.records if record.kind in ("leave", "return")]
    shown = [time for token in session.tokens for time in token.shown or ()]
    return any(_apart(time, move) <= LATENESS for time in shown for move in moves) and _may_be_one(session, desktop)


def _end_order(session: DeskSession, desktop: Desktop) -> tuple[timedelta, datetime]:
    """The nearest end first, of those within a moment the earliest."""
    end = _end(session)
    assert end
    apart = _apart(end, desktop.closed)
    return (timedelta() if apart <= LATENESS else apart), end


def _may_be_one(session: DeskSession, desktop: Desktop) -> bool:
    return _may_have_begun(session, desktop) and _may_have_ended(session, desktop)


def _may_have_begun(session: DeskSession, desktop: Desktop) -> bool:
    """Whether nothing that is known of the beginning of either speaks against it."""
    if "other" not in (session.place, desktop.place) and session.place != desktop.place:
        return False
    if session.number_told not in (None, desktop.number):
        return False
    # One whose end is known is held to that: a clock that was set back stamps what came before the next boot as later.
    if session.main.gone and _end(session) is None and desktop.first.time >= session.main.gone:
        return False
    if session.start and desktop.opened:
        return _began_together(session, desktop)
    if session.start:
        return desktop.first.time - session.start >= EARLIEST_OPENING
    if not (desktop.opened and session.first_time) or session.first_time - desktop.opened >= EARLIEST_OPENING:
        return True
    # The clock was set back while the desktop was open: only the ends can tell.
    return bool(desktop.closed and _end(session) and desktop.closed - desktop.opened < EARLIEST_OPENING)


def _may_have_ended(session: DeskSession, desktop: Desktop) -> bool:
    """The same of the end."""
    end = _end(session)
    gone = desktop.closed or desktop.number_taken or desktop.restarted
    if end is None:
        return gone is None or session.last_seen is None or session.last_seen - gone <= _SIGNING_OUT
    if desktop.records[-1].time - end > _SIGNING_OUT:
        return False
    if desktop.closed:
        return -_SIGNING_OUT <= end - desktop.closed <= _DESTROYING
    if session.start_pos is None and not session.is_at_desk and session.place == "console":
        # What is started under another account closes as a session at the console does (runas, UAC prompts).
        return False
    return end - gone <= _SIGNING_OUT if gone else end > desktop.reach


def _may_be_token(owner: DeskSession, session: DeskSession) -> bool:
    """Whether what is left of a session can be the second token of another that ended with it."""
    only, other = owner.main, session.main
    can_split = only.start_pos is None or only.version < _VERSION_THAT_NAMES_TWINS
    return (
        session.start_pos is None
        and can_split
        and not (owner.asked and session.asked)
        and len(owner.tokens) == len(session.tokens) == 1
        and (None in (only.logon_type, other.logon_type) or only.logon_type == other.logon_type)
    )


def _end(session: DeskSession) -> datetime | None:
    return session.asked or session.destroyed


def _apart(time: datetime | None, other: datetime | None) -> timedelta:
    assert time
    assert other
    return abs(time - other)
