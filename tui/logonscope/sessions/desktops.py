"""Desktop sessions: those of the Security log, what other logs add, and when somebody was there."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from datetime import timedelta
from importlib.resources import files
from typing import TYPE_CHECKING

from logonscope.display import microseconds
from logonscope.sessions import desk_records
from logonscope.sessions.clocks import Clocks
from logonscope.sessions.interruptions import regular_interruptions
from logonscope.sessions.logon import LOCAL_ADDRESSES
from logonscope.sessions.power import sleeps
from logonscope.sessions.presence import Away, absences, asleep, away_time
from logonscope.sessions.staging import stage
from logonscope.sessions.terminal import follow_desktops

if TYPE_CHECKING:
    from datetime import datetime

    import duckdb

    from logonscope.sessions.attach import Attached
    from logonscope.sessions.terminal import Stay

_EVIDENCE = {desk_records.LSM: ("LSM21", "LSM23"), desk_records.WINLOGON: ("7001", "7002")}
"""How a provider's opening and closing records are cited."""


def stage_desks(con: duckdb.DuckDBPyConnection, attached: Attached) -> None:
    """Hand the outcome of ``attach`` to SQL: writes the ``desk_*`` tables."""
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


def stage_terminal(con: duckdb.DuckDBPyConnection) -> None:
    """Follow desktops through the logs of one provider after the other; writes the ``terminal_*`` tables."""
    con.execute(files("logonscope.sessions").joinpath("terminal.sql").read_text("utf-8"))
    for provider in (desk_records.LSM, desk_records.WINLOGON):
        _stage_provider(con, provider)
        con.execute(files("logonscope.sessions").joinpath("terminal_only.sql").read_text("utf-8"))


def _stage_provider(con: duckdb.DuckDBPyConnection, provider: str) -> None:
    desktops, boots = desk_records.desktops(con), desk_records.boots(con)
    stays = [
        (machine, stay)
        for machine, events in desk_records.terminal_events(con, provider).items()
        for stay in follow_desktops(events, desktops.get(machine, []), boots[machine])
    ]
    truncated = {d.session for found in desktops.values() for d in found if d.start is None}
    opening, closing = _EVIDENCE[provider]
    stage(con, "terminal_only", [_only(machine, stay, opening) for machine, stay in stays if stay.session is None])
    stage(
        con,
        "terminal_start",
        [
            (stay.session, stay.opened.time, opening, _type_by_address(stay.opened.source_ip))
            for _, stay in stays
            if stay.session in truncated and stay.opened
        ],
    )
    stage(
        con,
        "terminal_stay",
        [
            (
                _session(stay),
                stay.number,
                stay.closed and stay.closed.time,
                closing,
                None if stay.closed else stay.number_taken,
                stay.restarted,
                stay.marks[-1].time if stay.marks and not stay.closed else None,
            )
            for _, stay in stays
        ],
    )
    marks = [(_session(stay), record.row, record.kind) for _, stay in stays for record in stay.records]
    stage(con, "terminal_marks", marks)


def _session(stay: Stay) -> int:
    return stay.first.row if stay.session is None else stay.session


def _only(machine: int, stay: Stay, evidence: str) -> tuple[object, ...]:
    first = stay.first
    address = next((record.source_ip for record in stay.records if record.source_ip), "")
    return (
        machine,
        stay.boot,
        stay.number,
        first.account,
        _type_by_address(address),
        first.row,
        stay.opened is not None,
        evidence,
    )


def _type_by_address(source_ip: str) -> int | None:
    """Other logs give no logon type, but LocalSessionManager an address: ``LOCAL`` for the console."""
    if not source_ip:
        return None
    return 2 if source_ip in LOCAL_ADDRESSES else 10


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
