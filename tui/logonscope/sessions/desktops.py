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
from logonscope.sessions.staging import shaped, stage_beside

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    import duckdb
    import pyarrow as pa

    from logonscope.sessions.attach import Attached
    from logonscope.sessions.desktop import Desktop
    from logonscope.sessions.interruptions import Cut
    from logonscope.sessions.logon import Logon
    from logonscope.sessions.presence import Lasting, Mark


def stage_desks(con: duckdb.DuckDBPyConnection, meanwhile: Callable[[], None]) -> None:
    """Find the sessions at desktops: writes the ``desk_*`` tables, ``terminal_end`` and ``terminal_mark``.

    Args:
        con: The connection that the SQL runs on.
        meanwhile: What it can do beside that, because it needs none of those tables.
    """
    stage_desks_of(con, desk_records.desk_logons(con), meanwhile)


def stage_desks_of(con: duckdb.DuckDBPyConnection, logons: Sequence[Logon], meanwhile: Callable[[], None]) -> None:
    """The same of logons that were found before, in the order of ``desk_logons``."""
    sights = desk_records.sights(con)
    desktops = desk_records.desktops(con, sights)
    stage_beside(con, lambda: _desks(attach(logons, desktops, sights)), meanwhile)


def _desks(attached: Attached) -> dict[str, pa.Table]:
    sessions = attached.sessions
    desktops = [(s.number, not s.tokens, s.desktop) for s in sessions if s.desktop]
    rows: dict[str, Iterable[Sequence[object]]] = {
        "desk_token": [(*token.key, s.number, rank) for s in sessions for rank, token in enumerate(s.tokens)],
        "desk_session": [(s.number, s.role, s.parent, s.flags) for s in sessions],
        "desk_attachment": [(*a.logon, a.session, a.role) for a in attached.attachments],
        "desk_start": [
            (a.machine, a.boot, a.person, a.position, a.time, a.source_ip, a.session) for a in attached.arrivals
        ],
        "desk_desktop": [_desktop_row(*found) for found in desktops],
        "terminal_end": [_end_row(session, desktop) for session, _, desktop in desktops],
        "terminal_mark": [(session, r.row, r.kind) for session, _, desktop in desktops for r in desktop.records],
    }
    return {name: shaped(name, own) for name, own in rows.items()}


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


def stage_presence(con: duckdb.DuckDBPyConnection, meanwhile: Callable[[], None]) -> None:
    """Find the times away from each desktop session: writes ``presence`` and ``away``.

    Args:
        con: The connection that the SQL runs on.
        meanwhile: What it can do beside that, because it needs neither table.
    """
    audited = desk_records.presence_audit(con)
    clocks = Clocks(con)
    marks = desk_records.absence_marks(con, clocks)
    slept = _sleeps(con, clocks)
    stays = desk_records.stays(con)
    stage_beside(con, lambda: _presence(_times_away(stays, marks, slept), audited), meanwhile)


def _times_away(
    stays: Iterable[Lasting], marks: Mapping[int, list[Mark]], slept: Mapping[int, _Sleeps]
) -> Iterator[tuple[Lasting, list[Away]]]:
    for stay in stays:
        own_marks, own_sleeps = marks.get(stay.session), slept[stay.machine].within(stay.start, stay.end)
        yield stay, [*absences(stay, own_marks or ()), *asleep(stay, own_sleeps)] if own_marks or own_sleeps else []


def _presence(away: Iterable[tuple[Lasting, list[Away]]], audited: Mapping[int, str]) -> dict[str, pa.Table]:
    totals, rows = [], []
    for stay, found in away:
        totals.append((stay.session, away_time(found) if found else 0, audited.get(stay.machine, "")))
        rows += [
            (stay.session, stay.machine, a.kind, a.since, a.until, a.start - stay.start, a.end - stay.start)
            for a in found
        ]
    return {"presence": shaped("presence", totals), "away": shaped("away", rows)}


def stage_interruptions(con: duckdb.DuckDBPyConnection, meanwhile: Callable[[], None]) -> None:
    """Find regular interruptions of each machine's desktop sessions: writes ``interruption``.

    Args:
        con: The connection that the SQL runs on.
        meanwhile: What it can do beside that, because it does not need that table.
    """
    cuts = desk_records.cuts(con)
    stage_beside(con, lambda: {"interruption": shaped("interruption", _interruptions(cuts))}, meanwhile)


def _interruptions(cuts: Mapping[int, list[Cut]]) -> Iterator[tuple[object, ...]]:
    for machine, own in cuts.items():
        found = regular_interruptions(own)
        if found:
            minutes = found.period // timedelta(minutes=1)
            text = f"{found.people} users, every {minutes} minutes"
            yield machine, found.first, found.last, found.times, text


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
        if not self.all:
            return []
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
