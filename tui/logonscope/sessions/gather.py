"""What the rebuild reads from the store, as values."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from logonscope.sessions.boots import KernelRun, Marker, Nearby, SecurityLog, SystemMark
from logonscope.sessions.generations import Run
from logonscope.sessions.kernel_start import kernel_start
from logonscope.sessions.logon import Logon
from logonscope.sessions.machines import NameSpan
from logonscope.sessions.presence import AWAY, Mark
from logonscope.sessions.terminal import Desktop, TerminalEvent

if TYPE_CHECKING:
    from datetime import datetime

    import duckdb

_BEFORE_START = 24
"""How many records before a start marker are looked at."""
_EARLY_EVENTS = (4610, 4611, 4614, 4622, 4688, 4696, 4826, 4902, 4907)
_CLOSING_EVENTS = (4634, 4647, 4778, 4779, 4800, 4801, 4802, 4803)


def name_spans(con: duckdb.DuckDBPyConnection) -> list[NameSpan]:
    """The records of each computer name, by source and channel."""
    rows = con.execute("""
        SELECT e.source, e.channel, e.computer, c.text, min(e.header_id), max(e.header_id),
               arg_min(e.record_id, e.header_id), arg_max(e.record_id, e.header_id), max(e.time)
        FROM event e JOIN dim_computer c ON c.code = e.computer
        GROUP BY e.source, e.channel, e.computer, c.text ORDER BY ALL
    """).fetchall()
    return [NameSpan(*row) for row in rows]


def numbering_runs(con: duckdb.DuckDBPyConnection) -> list[tuple[Run, int, int]]:
    """Runs between restarts of the record numbers, each with its first and last header ID."""
    con.execute("""
        CREATE OR REPLACE TEMP TABLE restart AS
        WITH ranges AS (SELECT source, channel, min(header_id) AS first FROM event GROUP BY source, channel)
        SELECT e.source, e.channel, cm.machine, e.header_id
        FROM event e JOIN ranges r USING (source, channel) JOIN computer_machine cm USING (source, computer)
        WHERE e.record_id = 1 AND e.header_id > r.first
    """)
    rows = con.execute("""
        WITH cut AS (
            SELECT e.source, cm.machine, e.channel, e.record_id, e.time, e.header_id, coalesce(r.header_id, 0) AS since
            FROM event e JOIN computer_machine cm USING (source, computer)
            ASOF LEFT JOIN restart r
                ON e.source = r.source AND e.channel = r.channel AND cm.machine = r.machine
                AND e.header_id >= r.header_id
            WHERE (SELECT count(*) FROM restart) > 0
            UNION ALL
            SELECT e.source, cm.machine, e.channel, e.record_id, e.time, e.header_id, 0
            FROM event e JOIN computer_machine cm USING (source, computer)
            WHERE (SELECT count(*) FROM restart) = 0
        )
        SELECT source, machine, channel, since, min(record_id), max(record_id), min(time), max(time),
               min(header_id), max(header_id)
        FROM cut WHERE time IS NOT NULL
        GROUP BY source, machine, channel, since ORDER BY ALL
    """).fetchall()
    return [(Run(*row[:8]), row[8], row[9]) for row in rows]


def security_logs(con: duckdb.DuckDBPyConnection) -> dict[int, SecurityLog]:
    """The Security log of each machine, as far as it shows starts and stops."""
    markers = _markers(con)
    kernel_runs = _kernel_runs(con)
    stops = _final_stops(con)
    rows = con.execute("SELECT machine, min(pos), max(pos) FROM security GROUP BY machine ORDER BY machine").fetchall()
    return {
        machine: SecurityLog(first, last, markers[machine], kernel_runs[machine], stops.get(machine))
        for machine, first, last in rows
    }


def _markers(con: duckdb.DuckDBPyConnection) -> dict[int, list[Marker]]:
    con.execute("""
        CREATE OR REPLACE TEMP TABLE marker AS
        SELECT s.machine, s.pos, s.time, s.row, s.event_id
        FROM security s JOIN event e ON e.rowid = s.row
        WHERE s.event_id IN (4608, 4624) AND s.time IS NOT NULL
          AND (s.event_id = 4608 OR (e.logon_type = 0 AND e.logon_id = 999))
    """)
    before: dict[tuple[int, int], list[Nearby]] = defaultdict(list)
    for machine, marker, *record in con.execute(f"""
        SELECT m.machine, m.pos, s.pos, s.time, s.event_id,
               CASE WHEN s.event_id = 1100 THEN 'stop' WHEN s.event_id = 1101 THEN 'lost'
                    WHEN s.event_id IN {_CLOSING_EVENTS} THEN 'close' WHEN s.event_id = 4624 THEN 'logon'
                    WHEN s.event_id IN {_EARLY_EVENTS} THEN 'early' ELSE 'other' END
        FROM (SELECT *, unnest(range(pos - {_BEFORE_START}, pos)) AS before FROM marker) m
        JOIN security s ON s.machine = m.machine AND s.pos = m.before
        WHERE s.time IS NOT NULL
        ORDER BY m.machine, m.pos, s.pos
    """).fetchall():
        before[machine, marker].append(Nearby(*record))
    markers: dict[int, list[Marker]] = defaultdict(list)
    for machine, position, time, row, event_id in con.execute("SELECT * FROM marker ORDER BY machine, pos").fetchall():
        kind: Any = "4608" if event_id == 4608 else "4624 type 0"
        markers[machine].append(Marker(position, time, row, kind, tuple(before[machine, position])))
    return markers


def _kernel_runs(con: duckdb.DuckDBPyConnection) -> dict[int, list[KernelRun]]:
    spans: dict[tuple[int, datetime], list[int]] = {}
    for machine, activity, first, last in con.execute("""
        SELECT s.machine, a.text, min(s.pos), max(s.pos)
        FROM security s JOIN event e ON e.rowid = s.row JOIN dim_activity a ON a.code = e.activity
        WHERE e.activity <> 0 AND s.event_id IN (4624, 4625, 4647, 4648, 4672)
        GROUP BY s.machine, a.text
    """).fetchall():
        start = kernel_start(activity)
        if start:
            span = spans.setdefault((machine, start), [first, last])
            span[:] = min(span[0], first), max(span[1], last)
    runs: dict[int, list[KernelRun]] = defaultdict(list)
    for (machine, start), (first, last) in spans.items():
        runs[machine].append(KernelRun(start, first, last))
    return runs


def _final_stops(con: duckdb.DuckDBPyConnection) -> dict[int, datetime]:
    """Machines whose log ends with 1100, but for records of sessions being closed."""
    return dict(
        con.execute(f"""
        WITH last_other AS (
            SELECT machine, max(pos) AS pos FROM security
            WHERE event_id NOT IN {(1100, *_CLOSING_EVENTS)} GROUP BY machine
        )
        SELECT s.machine, arg_max(s.time, s.pos) FROM security s LEFT JOIN last_other o USING (machine)
        WHERE s.event_id = 1100 AND s.pos > coalesce(o.pos, -1) AND s.time IS NOT NULL GROUP BY s.machine
    """).fetchall()
    )


def system_marks(con: duckdb.DuckDBPyConnection) -> dict[int, list[SystemMark]]:
    """System records that tell how each machine stopped."""
    marks: dict[int, list[SystemMark]] = defaultdict(list)
    for machine, time, kind, row in con.execute("""
        WITH mark(provider, event_id, kind) AS (VALUES
            ('EventLog', 6008, 'crash'), ('Microsoft-Windows-Kernel-Power', 41, 'crash'),
            ('EventLog', 6006, 'stopped'), ('Microsoft-Windows-Kernel-General', 13, 'stopped'),
            ('User32', 1074, 'stopping'), ('Microsoft-Windows-Kernel-Power', 109, 'stopping'))
        SELECT cm.machine, e.time, m.kind, e.rowid
        FROM event e JOIN dim_provider p ON p.code = e.provider
        JOIN mark m ON m.provider = p.text AND m.event_id = e.event_id
        JOIN computer_machine cm USING (source, computer)
        WHERE e.time IS NOT NULL ORDER BY cm.machine, e.time, e.rowid
    """).fetchall():
        marks[machine].append(SystemMark(time, kind, row))
    return marks


def desk_logons(con: duckdb.DuckDBPyConnection) -> list[Logon]:
    """Logons that are, or may belong to, a person's session at a desktop."""
    rows = con.execute("""
        SELECT l.machine, l.boot, l.logon_id, l.earlier, l.start_pos, l.first_pos, l.origin_time, l.person,
               l.logon_type, l.class, coalesce(i.text, ''), coalesce(p.text, ''),
               lower(regexp_extract(coalesce(x.text, ''), '[^\\\\]*$')),
               coalesce(l.version, 0), l.elevated, l.linked_logon_id, l.subject_logon_id, l.privileged,
               l.ask_pos, l.close_pos, l.close_time
        FROM logon l
        LEFT JOIN dim_source_ip i ON i.code = l.source_ip
        LEFT JOIN dim_logon_process p ON p.code = l.logon_process
        LEFT JOIN dim_process x ON x.code = l.process
        WHERE l.kind IN ('person', 'setup', 'anonymous', 'none')
          AND (l.class IN ('stay', 'unlock', 'identity') OR l.linked_logon_id IS NOT NULL
               OR p.text IN ('CredPro', 'seclogo', 'Negotiat'))
        ORDER BY l.machine, l.boot, l.first_pos, l.logon_id
    """).fetchall()
    return [Logon(*row) for row in rows]


def desktops(con: duckdb.DuckDBPyConnection) -> dict[int, list[Desktop]]:
    """Sessions of the Security log at a desktop, by machine."""
    found: dict[int, list[Desktop]] = defaultdict(list)
    for machine, *desktop in con.execute("""
        SELECT d.machine, d.session, lower(a.name), d.start, e.next_start
        FROM draft d JOIN dim_account a ON a.code = d.account
        JOIN epoch e ON e.machine = d.machine AND e.number = d.boot
        WHERE d.class = 'stay' AND d.role = 'session' AND d.kind IN ('person', 'setup') ORDER BY d.session
    """).fetchall():
        found[machine].append(Desktop(*desktop))
    return found


def terminal_events(con: duckdb.DuckDBPyConnection) -> dict[int, list[TerminalEvent]]:
    """LocalSessionManager records 21, 23, 24 and 25 by machine, in record order."""
    found: dict[int, list[TerminalEvent]] = defaultdict(list)
    for machine, *event in con.execute("""
        SELECT cm.machine, e.rowid, e.time, e.event_id, e.session_number, e.target, lower(a.name), i.text
        FROM event e JOIN dim_provider p ON p.code = e.provider JOIN dim_account a ON a.code = e.target
        JOIN dim_source_ip i ON i.code = e.source_ip JOIN computer_machine cm USING (source, computer)
        WHERE p.text = 'Microsoft-Windows-TerminalServices-LocalSessionManager' AND e.event_id IN (21, 23, 24, 25)
          AND e.session_number IS NOT NULL AND e.time IS NOT NULL
        ORDER BY cm.machine, e.source, e.record_id, e.rowid
    """).fetchall():
        found[machine].append(TerminalEvent(*event))
    return found


def machines_without_security(con: duckdb.DuckDBPyConnection) -> list[int]:
    """Machines of which only other logs are there."""
    rows = con.execute("""
        SELECT number FROM machine WHERE number NOT IN (SELECT machine FROM security) ORDER BY number
    """).fetchall()
    return [machine for (machine,) in rows]


def last_records(con: duckdb.DuckDBPyConnection) -> dict[int, dict[int, datetime]]:
    """Time of the last Security record of each boot, by machine and boot number; writes ``epoch_last``."""
    con.execute("""
        CREATE OR REPLACE TEMP TABLE epoch_last AS
        SELECT s.machine, e.number, max(s.pos) AS last_pos, arg_max(s.time, s.pos) AS last_time
        FROM security s ASOF JOIN epoch e ON s.machine = e.machine AND s.pos >= e.first_pos
        GROUP BY s.machine, e.number
    """)
    found: dict[int, dict[int, datetime]] = defaultdict(dict)
    for machine, number, time in con.execute("SELECT machine, number, last_time FROM epoch_last").fetchall():
        if time is not None:
            found[machine][number] = time
    return found


class SecurityCoverage:
    """Which times the Security log of each machine covers, and the boots in it.

    Args:
        con: A connection on which ``security`` and ``epoch`` are staged.
    """

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        rows = con.execute("SELECT machine, min(time), max(time) FROM security GROUP BY machine").fetchall()
        self._spans: dict[int, tuple[datetime, datetime]] = {m: (first, last) for m, first, last in rows if first}
        self._boots: dict[int, list[tuple[datetime | None, int]]] = defaultdict(list)
        for machine, start, number in con.execute(
            "SELECT machine, start, number FROM epoch ORDER BY machine, number"
        ).fetchall():
            self._boots[machine].append((start, number))

    def covers(self, machine: int, time: datetime) -> bool:
        """Whether the log holds records from before and after this time."""
        span = self._spans.get(machine)
        return span is not None and span[0] <= time <= span[1]

    def boot_at(self, machine: int, time: datetime) -> int:
        """Number of the boot that this time lies in."""
        boots = self._boots[machine]
        return next((number for start, number in reversed(boots) if start is None or start <= time), boots[0][1])


def last_session_number(con: duckdb.DuckDBPyConnection) -> int:
    """Highest number given to a session in the making."""
    found = con.execute("SELECT coalesce(max(session), 0) FROM draft").fetchone()
    return int(found[0]) if found else 0


def presence_audit(con: duckdb.DuckDBPyConnection) -> dict[int, str]:
    """What each machine's logs can tell of presence: ``lock``, ``disconnect``, both joined by +, or nothing."""
    found: dict[int, list[str]] = defaultdict(list)
    for machine, what in con.execute("""
        SELECT DISTINCT machine, 'disconnect' FROM security WHERE event_id IN (4778, 4779)
        UNION
        SELECT DISTINCT d.machine, 'disconnect' FROM terminal_mark m JOIN draft d USING (session)
        UNION
        SELECT DISTINCT machine, 'lock' FROM security WHERE event_id IN (4800, 4801)
        ORDER BY ALL
    """).fetchall():
        found[machine].append(what)
    return {machine: "+".join(what) for machine, what in found.items()}


def ended_stays(con: duckdb.DuckDBPyConnection) -> list[tuple[int, int, datetime | None, datetime | None]]:
    """Session, machine, start and end of every desktop session, on the clock that no step moves (rule R19)."""
    return con.execute("""
        SELECT session, machine, start - to_microseconds(clock_at_start::BIGINT),
               end_time - to_microseconds(clock_at_end::BIGINT)
        FROM ended WHERE class = 'stay' ORDER BY session
    """).fetchall()


def absence_marks(con: duckdb.DuckDBPyConnection) -> dict[int, list[Mark]]:
    """Locks, disconnects and screen savers by session, from all channels, in order, on the clock of ``ended_stays``."""
    found: dict[int, list[Mark]] = defaultdict(list)
    for session, time, role, _ in con.execute(f"""
        SELECT t.session, m.time - to_microseconds(coalesce(c.total, 0)::BIGINT), r.role, m.pos
        FROM named m JOIN token t USING (machine, boot, logon_id)
        JOIN event_role r USING (event_id)
        ASOF LEFT JOIN clock c ON m.machine = c.machine AND m.pos >= c.pos
        WHERE m.about AND r.role IN {(*AWAY, *AWAY.values())} AND m.time IS NOT NULL
        UNION ALL
        SELECT m.session, e.time - to_microseconds(coalesce(c.total, 0)::BIGINT), m.role, NULL
        FROM terminal_mark m JOIN event e ON e.rowid = m.row JOIN draft d USING (session)
        ASOF LEFT JOIN clock c ON d.machine = c.machine AND e.time >= c.time
        ORDER BY 1, 2, 4
    """).fetchall():
        found[session].append(Mark(time, role))
    return found
