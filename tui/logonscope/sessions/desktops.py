"""Desktop sessions: those of the Security log, what other logs add, and when somebody was there."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING

from logonscope.display import microseconds
from logonscope.sessions import desk_records
from logonscope.sessions.attach import attach
from logonscope.sessions.clocks import Clocks
from logonscope.sessions.interruptions import regular_interruptions
from logonscope.sessions.power import sleeps
from logonscope.sessions.presence import Away, absences, asleep, away_time
from logonscope.sessions.staging import stage

if TYPE_CHECKING:
    from datetime import datetime

    import duckdb

    from logonscope.sessions.desktop import Desktop


def stage_desks(con: duckdb.DuckDBPyConnection) -> None:
    """Find the sessions at desktops: writes the ``desk_*`` tables, ``terminal_end`` and ``terminal_mark``."""
    sights = desk_records.sights(con)
    attached = attach(desk_records.desk_logons(con), desk_records.desktops(con, sights), sights)
    sessions = attached.sessions
    stage(
        con,
        "desk_token",
        [(*token.key, session.number, rank) for session in sessions for rank, token in enumerate(session.tokens)],
    )
    stage(con, "desk_session", [(s.number, s.role, s.parent, s.flags) for s in sessions])
    stage(con, "desk_attachment", [(*a.logon, a.session, a.role) for a in attached.attachments])
    stage(
        con,
        "desk_start",
        [(a.machine, a.boot, a.person, a.position, a.time, a.source_ip, a.session) for a in attached.arrivals],
    )
    _stage_desktops(con, [(s.number, not s.tokens, s.desktop) for s in sessions if s.desktop])


def _stage_desktops(con: duckdb.DuckDBPyConnection, desktops: list[tuple[int, bool, Desktop]]) -> None:
    stage(con, "desk_desktop", [_desktop_row(*found) for found in desktops])
    stage(con, "terminal_end", [_end_row(session, desktop) for session, _, desktop in desktops])
    marks = [(session, record.row, record.kind) for session, _, desktop in desktops for record in desktop.records]
    stage(con, "terminal_mark", marks)


def _desktop_row(session: int, is_alone: bool, desktop: Desktop) -> tuple[object, ...]:
    opening = desktop.opened_by
    return (
        session,
        is_alone,
        desktop.machine,
        desktop.boot,
        desktop.number,
        desktop.first.account,
        desktop.shown_type if is_alone else desktop.logon_type,
        desktop.first.row,
        desktop.trails[0].log.opening,
        desktop.opened,
        opening.log.opening if opening else "",
    )


def _end_row(session: int, desktop: Desktop) -> tuple[object, ...]:
    closing = desktop.closed_by
    return (
        session,
        desktop.closed,
        closing.log.closing if closing else "",
        None if closing else desktop.number_taken,
        desktop.restarted,
        desktop.last_mark,
    )


def stage_presence(con: duckdb.DuckDBPyConnection) -> None:
    """Find the times away from each desktop session: writes ``presence`` and ``away``."""
    audited = desk_records.presence_audit(con)
    clocks = Clocks(con)
    marks = desk_records.absence_marks(con, clocks)
    asleep_times = _sleeps(con, clocks)
    totals, rows = [], []
    for lasting in desk_records.stays(con):
        own = marks.get(lasting.session, [])
        found = [
            *absences(lasting, own),
            *asleep(lasting, asleep_times[lasting.machine].within(lasting.start, lasting.end)),
        ]
        totals.append((lasting.session, away_time(found), audited.get(lasting.machine, "")))
        rows += [
            (lasting.session, lasting.machine, a.kind, a.since, a.until, a.start - lasting.start, a.end - lasting.start)
            for a in found
        ]
    stage(con, "presence", totals)
    stage(con, "away", rows)


def stage_interruptions(con: duckdb.DuckDBPyConnection) -> None:
    """Find regular interruptions of each machine's desktop sessions: writes ``interruption``."""
    rows = []
    for machine, cuts in desk_records.cuts(con).items():
        found = regular_interruptions(cuts)
        if found:
            minutes = found.period // timedelta(minutes=1)
            text = f"{found.people} users, every {minutes} minutes"
            rows.append((machine, found.first, found.last, found.times, text))
    stage(con, "interruption", rows)


class _Sleeps:
    """The sleeps of one machine in order."""

    def __init__(self) -> None:
        self.all: list[Away] = []
        self._longest = 0

    def add(self, sleep: Away) -> None:
        self.all.append(sleep)
        self._longest = max(self._longest, sleep.end - sleep.start)

    def within(self, start: int, end: int) -> list[Away]:
        """Those that may touch a span."""
        first = bisect_left(self.all, start - self._longest, key=lambda sleep: sleep.start)
        last = bisect_left(self.all, end, key=lambda sleep: sleep.start)
        return self.all[first:last]


_WITHOUT_END = 1 << 62


def _sleeps(con: duckdb.DuckDBPyConnection, clocks: Clocks) -> dict[int, _Sleeps]:
    found: dict[int, _Sleeps] = defaultdict(_Sleeps)
    for machine, records in desk_records.power_records(con).items():
        instants = []
        for sleep in sleeps(records):
            start = _instant(clocks, machine, sleep.since, sleep.since_clock)
            end = _instant(clocks, machine, sleep.until, sleep.until_clock) if sleep.until else _WITHOUT_END
            instants.append(Away(sleep.kind, sleep.since, sleep.until or sleep.since, start, max(start, end)))
        for away in sorted(instants, key=lambda a: (a.start, a.end)):
            found[machine].add(away)
    return found


def _instant(clocks: Clocks, machine: int, time: datetime, total: int | None) -> int:
    """A stamped time of the System log on the machine's running time, in microseconds."""
    return microseconds(time - desk_records.EPOCH) - (clocks.total(machine, time) if total is None else total)
