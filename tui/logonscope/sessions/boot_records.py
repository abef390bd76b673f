"""What the rebuild reads from the store to find boots, as values."""

from __future__ import annotations

import struct
from collections import defaultdict
from datetime import datetime, timedelta
from importlib.resources import files
from itertools import pairwise
from typing import TYPE_CHECKING

from msgspec.structs import replace

from logonscope.sessions.boots import BeforeStart, KernelRun, Marker, SecurityLog, marked_starts
from logonscope.sessions.kernel_start import kernel_start
from logonscope.sessions.payload import fields_of, time_field
from logonscope.sessions.staging import stage
from logonscope.sessions.system_boots import SystemMark, SystemStart

if TYPE_CHECKING:
    from collections.abc import Iterator

    import duckdb

    from logonscope.sessions.boots import Start

_BEFORE_RUN = 5000
"""How many records before the first one with a boot's activity ID are looked at."""
_CLOSING_EVENTS = (4634, 4647, 4778, 4779, 4800, 4801, 4802, 4803)
_SYSTEMTIME_BYTES = 16
_UPTIME_TEXT, _LONGEST_UPTIME = 4, 2**32


def security_logs(con: duckdb.DuckDBPyConnection) -> dict[int, SecurityLog]:
    """The Security log of each machine, as far as it shows starts and stops."""
    starts = _starts(con)
    kernel_runs = _kernel_runs(con)
    stops = _final_stops(con)
    rows = con.execute("""
        SELECT machine, min(pos), max(pos), arg_min(time, pos), arg_max(time, pos)
        FROM security WHERE time IS NOT NULL GROUP BY machine ORDER BY machine
    """).fetchall()
    return {
        machine: SecurityLog(
            first, last, since, until, starts.get(machine, []), kernel_runs[machine], stops.get(machine)
        )
        for machine, first, last, since, until in rows
    }


def _starts(con: duckdb.DuckDBPyConnection) -> dict[int, list[Start]]:
    """Where boots begin by the records that Windows writes when it starts, in record order."""
    con.execute("""
        CREATE OR REPLACE TEMP TABLE marker AS
        SELECT s.machine, s.pos, s.time, s.row, s.event_id
        FROM security s
        SEMI JOIN (SELECT row FROM event
                   WHERE event_id IN (4608, 512) OR event_id = 4624 AND logon_type = 0 AND logon_id = 999) USING (row)
        WHERE (s.event_id = 4608 OR s.event_id = 4624 AND s.logon_id = 999) AND s.time IS NOT NULL
    """)
    markers: dict[int, list[Marker]] = defaultdict(list)
    for machine, position, time, row, event_id in con.execute("SELECT * FROM marker ORDER BY machine, pos").fetchall():
        markers[machine].append(Marker(position, time, row, "4608" if event_id == 4608 else "4624 type 0"))
    starts = {machine: marked_starts(own) for machine, own in markers.items()}
    before = _before(con, starts)
    return {
        machine: [replace(start, before=before[machine, start.position]) for start in own]
        for machine, own in starts.items()
    }


def _before(con: duckdb.DuckDBPyConnection, starts: dict[int, list[Start]]) -> dict[tuple[int, int], BeforeStart]:
    """What the records just before starts tell, by machine and position of the start."""
    stage(
        con, "marked_start", [(machine, start.position, start.time) for machine in starts for start in starts[machine]]
    )
    con.execute(files("logonscope.sessions").joinpath("before_starts.sql").read_text("utf-8"))
    rows = con.execute("SELECT * FROM before_start").fetchall()
    return {(machine, position): BeforeStart(*told) for machine, position, *told in rows}


def _kernel_runs(con: duckdb.DuckDBPyConnection) -> dict[int, list[KernelRun]]:
    spans: dict[tuple[int, datetime], list[int]] = {}
    for machine, activity, first, last in con.execute("""
        SELECT r.machine, a.text, r.first, r.last
        FROM (SELECT machine, activity, min(pos) AS first, max(pos) AS last
              FROM security WHERE activity <> 0 GROUP BY machine, activity) r
        JOIN dim_activity a ON a.code = r.activity
    """).fetchall():
        start = kernel_start(activity)
        if start:
            span = spans.setdefault((machine, start), [first, last])
            span[:] = min(span[0], first), max(span[1], last)
    runs: dict[int, list[KernelRun]] = defaultdict(list)
    begins = _begins(con, spans)
    for (machine, start), (first, last) in spans.items():
        runs[machine].append(KernelRun(start, first, last, begins.get((machine, first), first)))
    return runs


def _begins(con: duckdb.DuckDBPyConnection, spans: dict[tuple[int, datetime], list[int]]) -> dict[tuple[int, int], int]:
    """Where each run really begins: its first records need not carry an activity ID.

    Args:
        con: The connection that ``security`` is staged on.
        spans: First and last position by machine and start of the kernel.

    Returns:
        Position of the first record by machine and first position with an activity ID.
    """
    ordered = sorted((machine, first, last, start) for (machine, start), (first, last) in spans.items())
    rows = [
        (machine, max(last_before + 1, first - _BEFORE_RUN), first, start)
        for (machine_before, _, last_before, _), (machine, first, _, start) in pairwise(ordered)
        if machine == machine_before and last_before < first
    ]
    stage(con, "kernel_run", rows)
    found = con.execute("""
        WITH place AS (SELECT machine, first, start, unnest(range(since, first)) AS pos FROM kernel_run),
        before AS (
            SELECT p.machine, p.first, s.pos, max(s.pos) FILTER (s.time < p.start) OVER run AS old
            FROM security s JOIN place p USING (machine, pos)
            WINDOW run AS (PARTITION BY p.machine, p.first)
        )
        SELECT machine, first, min(pos) FILTER (pos > coalesce(old, -1)) FROM before GROUP BY machine, first
    """).fetchall()
    return {(machine, first): begins or first for machine, first, begins in found}


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


def machine_numbers(con: duckdb.DuckDBPyConnection) -> list[int]:
    """Machines to be built."""
    return [machine for (machine,) in con.execute("SELECT machine FROM dirty ORDER BY machine").fetchall()]


def system_starts(con: duckdb.DuckDBPyConnection) -> dict[int, tuple[list[SystemStart], bool]]:
    """Starts that each machine's System log shows, and whether it holds records from before the first of them."""
    groups: dict[int, list[dict[int, tuple[datetime, int]]]] = defaultdict(list)
    begins_before: dict[int, bool] = {}
    for machine, event_id, time, row, event_data in con.execute("""
        SELECT n.machine, CASE WHEN n.event_id IN (12, 6005, 6009) AND n.provider <> 'Microsoft-Windows-Kernel-Power'
                               THEN n.event_id ELSE 0 END,
               n.time, n.row, CASE WHEN n.event_id = 12 THEN e.event_data END
        FROM neighbour n JOIN event e USING (row)
        WHERE n.provider IN ('EventLog', 'Microsoft-Windows-Kernel-General') AND n.event_id NOT IN (6008, 13, 1)
           OR n.provider = 'Microsoft-Windows-Winlogon'
        ORDER BY n.machine, n.pos, n.row
    """).fetchall():
        begins_before.setdefault(machine, event_id == 0)
        if event_id:
            if not groups[machine] or event_id in groups[machine][-1]:
                groups[machine].append({})
            groups[machine][-1][event_id] = (time_field(event_data, "StartTime") or time, row)
    return {
        machine: ([_start_of(group) for group in groups[machine]], before) for machine, before in begins_before.items()
    }


def lost_boots(con: duckdb.DuckDBPyConnection) -> dict[int, list[tuple[int, datetime]]]:
    """Boots of which a hole has swallowed the start: position and time of the first record after it, by machine."""
    found: dict[int, list[tuple[int, datetime]]] = defaultdict(list)
    for machine, position, time in con.execute("SELECT machine, pos, time FROM lost_boot ORDER BY ALL").fetchall():
        found[machine].append((position, time))
    return found


def _start_of(group: dict[int, tuple[datetime, int]]) -> SystemStart:
    return SystemStart(*(group.get(12) or min(group.values())))


def system_marks(con: duckdb.DuckDBPyConnection) -> dict[int, list[SystemMark]]:
    """System records that tell how each machine stopped."""
    marks: dict[int, list[SystemMark]] = defaultdict(list)
    for machine, time, kind, row, event_data in con.execute("""
        WITH mark(provider, event_id, kind) AS (VALUES
            ('EventLog', 6008, 'crash'), ('Microsoft-Windows-Kernel-Power', 41, 'crash'),
            ('EventLog', 6006, 'stopped'), ('Microsoft-Windows-Kernel-General', 13, 'stopped'),
            ('User32', 1074, 'stopping'), ('Microsoft-Windows-Kernel-Power', 109, 'stopping'))
        SELECT n.machine, n.time, m.kind, n.row, CASE WHEN n.event_id = 6008 THEN e.event_data END
        FROM neighbour n JOIN mark m USING (provider, event_id) JOIN event e USING (row)
        ORDER BY n.machine, n.time, n.row
    """).fetchall():
        marks[machine].append(SystemMark(time, kind, row, _heartbeat(event_data), _uptime(event_data)))
    return marks


def _heartbeat(event_data: str | None) -> datetime | None:
    """When the log service last noted that the machine ran: 6008 holds it twice as SYSTEMTIME, the second in UTC.

    Measured in real logs, not documented; the text beside it is in the machine's own time and format.
    """
    binary = fields_of(event_data).get("Binary")
    try:
        system_time = bytes.fromhex(str(binary))[_SYSTEMTIME_BYTES : 2 * _SYSTEMTIME_BYTES]
        year, month, _, day, hour, minute, second, millisecond = struct.unpack("<8H", system_time)
        return datetime(year, month, day, hour, minute, second, millisecond * 1000)
    except (struct.error, ValueError):
        return None


def _uptime(event_data: str | None) -> timedelta | None:
    """How long the machine had run, which 6008 holds as its fifth string, in seconds."""
    texts = fields_of(event_data).get("Data")
    texts = texts.get("#text") if isinstance(texts, dict) else texts
    try:
        seconds = int(texts[_UPTIME_TEXT]) if isinstance(texts, list) else 0
    except (IndexError, TypeError, ValueError):
        return None
    return timedelta(seconds=seconds) if 0 < seconds <= _LONGEST_UPTIME else None


def hole_at(con: duckdb.DuckDBPyConnection, machine: int, time: datetime) -> tuple[int, int] | None:
    """Positions of the Security records before and after a time, if records are missing in between; else None.

    Also None where the clock was set, so that "after" by time and by record differ.
    """
    found = con.execute(
        """
        SELECT max(pos) FILTER (time < $time), min(pos) FILTER (time >= $time),
               max(pos) FILTER (pos < (SELECT min(pos) FROM security WHERE machine = $machine AND time >= $time))
        FROM security WHERE machine = $machine AND time IS NOT NULL
        """,
        {"machine": machine, "time": time},
    ).fetchall()[0]
    if None in found:
        return None
    last_before, first_after, neighbour = found
    return (last_before, first_after) if last_before == neighbour and first_after > last_before + 1 else None


def _epoch_times(con: duckdb.DuckDBPyConnection) -> Iterator[tuple[int, int, datetime]]:
    yield from con.execute("SELECT machine, number, last_time FROM epoch_last").fetchall()


def last_records(con: duckdb.DuckDBPyConnection) -> tuple[dict[int, dict[int, datetime]], dict[int, int]]:
    """Time of the last record of each boot, and the last boot of each machine with Security records.

    By machine and boot number; boots without Security records go by those of other logs. Writes ``epoch_last``.
    """
    con.execute("""
        CREATE OR REPLACE TEMP TABLE epoch_last AS
        WITH bounded AS (
            SELECT machine, number, first_pos,
                   coalesce(lead(first_pos) OVER (PARTITION BY machine ORDER BY first_pos), 4611686018427387904)
                       AS next_first
            FROM epoch
        ),
        -- The last run of records that ends in the boot, and the records of the run that the next boot begins in.
        candidate AS (
            SELECT b.machine, b.number, b.first_pos, r.last_pos AS pos, r.last_time AS time
            FROM bounded b
            ASOF JOIN (FROM log_run SEMI JOIN security_log USING (machine, channel)) r
                ON r.machine = b.machine AND b.next_first > r.last_pos
            UNION ALL
            SELECT b.machine, b.number, b.first_pos, s.pos, s.time
            FROM security s
            JOIN bounded b ON b.machine = s.machine AND b.next_first >> 8 = s.pos >> 8 AND s.pos < b.next_first
        ),
        own AS (
            SELECT machine, number, max(pos) AS last_pos, arg_max(time, pos) AS last_time
            FROM candidate WHERE pos >= first_pos GROUP BY machine, number
        ),
        -- What the log service itself wrote last (1101 to 1108) does not show that anything was audited by then.
        audited AS (
            SELECT o.machine, o.number, arg_max(s.time, s.pos) AS last_audited
            FROM (SELECT o.*, unnest([last_pos >> 12, (last_pos >> 12) - 1]) AS bucket
                  FROM own o
                  SEMI JOIN (SELECT machine, pos FROM security WHERE event_id BETWEEN 1101 AND 1108) w
                      ON w.machine = o.machine AND w.pos = o.last_pos) o
            JOIN security s
                ON s.machine = o.machine AND s.pos >> 12 = o.bucket AND s.pos < o.last_pos
                AND s.event_id NOT BETWEEN 1100 AND 1108
            GROUP BY o.machine, o.number
        ),
        -- A record that a log holds behind the start of a boot is of no boot before it, even if the clock was set back.
        begun AS (
            SELECT e.machine, e.number, n.channel, n.pos
            FROM epoch e JOIN neighbour n ON n.machine = e.machine AND n.row = e.start_row
        ),
        -- By log: where the clock was set back, the last record is not the one with the latest stamp.
        other_log AS (
            SELECT n.machine, greatest(e.number, b.number) AS number, n.channel, max(n.time) AS latest,
                   arg_max(n.time, n.pos) AS last_time
            FROM neighbour n
            -- The System log has records of a boot from before the Security log's first.
            ASOF LEFT JOIN (SELECT *, CASE WHEN start IS NULL THEN '-infinity'::TIMESTAMP
                                           WHEN kernel_start BETWEEN start - INTERVAL 10 MINUTE AND start
                                           THEN kernel_start ELSE start END AS since FROM epoch) e
                ON n.machine = e.machine AND n.time >= e.since
            ASOF LEFT JOIN begun b ON n.machine = b.machine AND n.channel = b.channel AND n.pos >= b.pos
            GROUP BY n.machine, greatest(e.number, b.number), n.channel
        ),
        other AS (
            SELECT machine, number,
                   coalesce(min(last_time) FILTER (last_time < latest - INTERVAL 1 MINUTE), max(latest)) AS last_time
            FROM other_log GROUP BY machine, number
        )
        SELECT e.machine, e.number, o.last_pos, coalesce(o.last_time, r.last_time) AS last_time,
               coalesce(a.last_audited, o.last_time, r.last_time) AS last_audited
        FROM epoch e LEFT JOIN own o USING (machine, number) LEFT JOIN other r USING (machine, number)
        LEFT JOIN audited a USING (machine, number)
    """)
    found: dict[int, dict[int, datetime]] = defaultdict(dict)
    for machine, number, time in _epoch_times(con):
        if time is not None:
            found[machine][number] = time
    covered = con.execute("""
        SELECT machine, max(number) FROM epoch_last WHERE last_pos IS NOT NULL GROUP BY machine
    """).fetchall()
    return found, dict(covered)
