"""What the rebuild reads from the store about sessions at a desktop, as values."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from logonscope.sessions.desktop import Desktop, find_desktops
from logonscope.sessions.interruptions import Cut
from logonscope.sessions.logon import Logon
from logonscope.sessions.power import PowerRecord
from logonscope.sessions.presence import Lasting, Mark
from logonscope.sessions.sight import Reach, Sight
from logonscope.sessions.terminal import LSM, WINLOGON, Boots, Log, TerminalEvent, Trail, follow_log

if TYPE_CHECKING:
    from collections.abc import Mapping

    import duckdb

    from logonscope.sessions.clocks import Clocks

EPOCH = datetime(1970, 1, 1)
_SAME_EVENT = timedelta(minutes=1)


def desk_logons(con: duckdb.DuckDBPyConnection) -> list[Logon]:
    """Logons that are, or may belong to, a person's session at a desktop."""
    rows = con.execute("""
        SELECT l.machine, l.boot, l.epoch, b.next_start, l.logon_id, l.earlier, l.origin_row, l.start_pos, l.first_pos,
               l.origin_time, l.person, lower(n.name), l.logon_type, l.class, coalesce(i.text, ''),
               coalesce(p.text, ''), lower(regexp_extract(coalesce(x.text, ''), '[^\\\\]*$')),
               coalesce(e.version, 0), e.elevated, nullif(e.linked_logon_id, 0), e.subject_logon_id, l.privileged,
               a.ask_pos IS NOT NULL OR u.logon_id IS NOT NULL, u.number, u.shown,
               coalesce(f.first_time, l.origin_time), l.last_seen,
               a.ask_pos, a.ask_time, l.close_pos, l.close_time
        FROM event e
        JOIN (SELECT * FROM logon WHERE kind IN ('person', 'setup', 'anonymous', 'none')
                                    AND (class IN ('stay', 'unlock', 'identity') OR serves)) l
            ON l.origin_row = e.row
        LEFT JOIN asked a ON a.epoch = l.epoch AND a.logon_id = l.logon_id AND a.earlier = l.earlier
        LEFT JOIN first_sign f ON f.epoch = l.epoch AND f.logon_id = l.logon_id AND f.earlier = l.earlier
        LEFT JOIN at_desk u ON u.epoch = l.epoch AND u.logon_id = l.logon_id AND u.earlier = l.earlier
        JOIN dim_account n ON n.code = l.account
        LEFT JOIN epoch b ON b.epoch = l.epoch
        LEFT JOIN dim_source_ip i ON i.code = l.source_ip
        LEFT JOIN dim_logon_process p ON p.code = e.logon_process
        LEFT JOIN dim_process x ON x.code = e.process
        ORDER BY l.machine, l.boot, l.first_pos, l.logon_id
    """).fetchall()
    return [Logon(*row) for row in rows]


def boots(con: duckdb.DuckDBPyConnection) -> dict[int, Boots]:
    """The boots of each machine by time."""
    found: dict[int, list[tuple[datetime | None, int]]] = defaultdict(list)
    for machine, start, number in con.execute("SELECT machine, start, number FROM epoch ORDER BY ALL").fetchall():
        found[machine].append((start, number))
    return {machine: Boots(sorted(own, key=lambda boot: boot[1])) for machine, own in found.items()}


def sights(con: duckdb.DuckDBPyConnection) -> dict[int, Sight]:
    """What the logs of each machine cover."""
    logs: dict[int, dict[str, Reach]] = defaultdict(dict)
    for machine, provider, is_complete, first, last in con.execute(
        """
        SELECT r.machine, o.provider, min(r.first_pos) = 1, arg_min(r.first_time, r.first_pos),
               arg_max(r.last_time, r.last_pos)
        FROM log_run r
        JOIN (SELECT DISTINCT machine, channel, provider FROM neighbour WHERE provider IN (?, ?)) o
            USING (machine, channel)
        GROUP BY r.machine, o.provider
    """,
        [LSM.provider, WINLOGON.provider],
    ).fetchall():
        logs[machine][provider] = Reach(None if is_complete else first, last)
    begins: dict[int, dict[int, int]] = defaultdict(dict)
    for machine, number, first_pos in con.execute(
        "SELECT machine, number, first_pos FROM epoch WHERE start IS NOT NULL AND start_evidence <> 'logon IDs'"
    ).fetchall():
        begins[machine][number] = first_pos
    holes: dict[int, list[int]] = defaultdict(list)
    resumes: dict[int, list[int]] = defaultdict(list)
    # Of what comes after the last record nothing is known either, nor of what came before the first.
    for machine, after_pos, next_pos in con.execute("""
        WITH reach AS (
            SELECT machine, min(first_pos) AS first_pos, max(last_pos) AS last_pos
            FROM log_run SEMI JOIN security_log USING (machine, channel) GROUP BY machine
        )
        SELECT machine, after_pos, next_pos FROM hole
        UNION ALL
        SELECT machine, last_pos, 9223372036854775807 FROM reach
        UNION ALL
        SELECT machine, -1, first_pos FROM reach WHERE first_pos & 281474976710655 > 1
        ORDER BY ALL
    """).fetchall():
        holes[machine].append(after_pos)
        resumes[machine].append(next_pos)
    return {
        machine: Sight(logs[machine], begins[machine], holes[machine], resumes[machine])
        for machine in set(logs) | set(begins) | set(holes)
    }


def desktops(con: duckdb.DuckDBPyConnection, sights: Mapping[int, Sight]) -> list[Desktop]:
    """Desktops that other logs show, in order."""
    known_boots = boots(con)
    trails: dict[int, list[Trail]] = defaultdict(list)
    for log in (LSM, WINLOGON):
        for machine, events in terminal_events(con, log).items():
            trails[machine] += follow_log(log, events, known_boots[machine])
    return [
        found
        for machine in sorted(trails)
        for found in find_desktops(machine, trails[machine], sights[machine].desktop_logs)
    ]


def terminal_events(con: duckdb.DuckDBPyConnection, log: Log) -> dict[int, list[TerminalEvent]]:
    """Records about desktops in one log, by machine, in record order."""
    found: dict[int, list[TerminalEvent]] = defaultdict(list)
    for machine, *event in con.execute(
        """
        SELECT n.machine, n.row, n.time, k.kind, coalesce(n.session_number, 0), n.account, lower(a.name),
               coalesce(p.person, 0), i.text
        FROM neighbour n
        JOIN terminal_kind k ON k.provider = n.provider AND k.event_id = n.event_id
        JOIN dim_account a ON a.code = n.account
        LEFT JOIN account_person p ON p.account = n.account
        JOIN dim_source_ip i ON i.code = n.source_ip
        WHERE k.log = ? AND (n.session_number IS NOT NULL OR k.kind = 'restart')
        ORDER BY n.machine, n.channel, n.pos, n.row
        """,
        [log.provider],
    ).fetchall():
        found[machine].append(TerminalEvent(*event))
    return found


def presence_audit(con: duckdb.DuckDBPyConnection) -> dict[int, str]:
    """What each machine's logs can tell of presence: ``lock``, ``disconnect``, both joined by +, or nothing."""
    found: dict[int, list[str]] = defaultdict(list)
    for machine, what in con.execute("""
        SELECT machine, 'disconnect' FROM seen_event WHERE event_id IN (4778, 4779)
        UNION
        SELECT DISTINCT machine, 'disconnect' FROM neighbour n
        JOIN terminal_kind k ON k.provider = n.provider AND k.event_id = n.event_id WHERE k.kind IN ('leave', 'return')
        UNION
        SELECT machine, 'lock' FROM seen_event WHERE event_id IN (4800, 4801)
        ORDER BY ALL
    """).fetchall():
        found[machine].append(what)
    return {machine: "+".join(what) for machine, what in found.items()}


def stays(con: duckdb.DuckDBPyConnection) -> list[Lasting]:
    """When desktop sessions began and ended, as far as both are known."""
    rows = con.execute("""
        WITH known AS (
            SELECT *, coalesce(start, first_time) AS since,
                   CASE WHEN end_evidence = 'open' THEN end_earliest ELSE end_time END AS until
            FROM ended WHERE class = 'stay'
        )
        SELECT session, machine, since, epoch_us(since) - clock_at_start::BIGINT, until,
               epoch_us(until) - clock_at_end::BIGINT
        FROM known WHERE since IS NOT NULL AND until IS NOT NULL ORDER BY session
    """).fetchall()
    return [Lasting(*row) for row in rows]


def absence_marks(con: duckdb.DuckDBPyConnection, clocks: Clocks) -> dict[int, list[Mark]]:
    """Records by which absences from each desktop session begin and end, in order, from all logs."""
    found: dict[int, list[Mark]] = defaultdict(list)
    seen: dict[tuple[int, str], list[datetime]] = defaultdict(list)
    for session, machine, time, instant, total, role, is_audited in con.execute("""
        WITH of_session AS (
            SELECT epoch, logon_id, session, false AS is_proof FROM token
            WHERE session IN (SELECT session FROM draft WHERE class = 'stay')
            UNION ALL
            SELECT epoch, logon_id, session, true FROM attachment WHERE role IN ('unlock', 'reconnect')
        )
        SELECT x.session, p.machine, m.time, epoch_us(m.time) AS instant, coalesce(c.total, 0)::BIGINT AS total,
               CASE WHEN x.is_proof THEN 'proof' ELSE r.role END AS mark, true AS is_audited
        FROM (FROM named
              WHERE about AND time IS NOT NULL
                AND (event_id = 4624 OR event_id IN (SELECT event_id FROM event_role
                     WHERE role IN ('lock', 'unlock', 'idle', 'active', 'leave', 'return')))) m
        JOIN of_session x USING (epoch, logon_id)
        JOIN epoch p USING (epoch)
        LEFT JOIN event_role r USING (event_id)
        ASOF LEFT JOIN clock c ON p.machine = c.machine AND m.pos >= c.pos
        WHERE CASE WHEN x.is_proof THEN m.event_id = 4624
                   ELSE r.role IN ('lock', 'unlock', 'idle', 'active', 'leave', 'return') END
        UNION ALL
        SELECT t.session, n.machine, n.time, epoch_us(n.time), c.total, k.kind, false
        FROM terminal_mark t
        JOIN neighbour n ON n.row = t.row
        LEFT JOIN neighbour_clock c ON c.row = n.row
        JOIN terminal_kind k ON k.provider = n.provider AND k.event_id = n.event_id
        WHERE k.kind IN ('leave', 'return')
        ORDER BY session, is_audited DESC, instant, mark
    """).fetchall():
        if total is None:
            total = clocks.total(machine, time)
        if is_audited:
            found[session].append(Mark(instant - total, time, role))
            seen[session, role].append(time)
        elif not any(abs(told - time) < _SAME_EVENT for told in seen[session, role]):
            # The Security log, whose clock is known record by record, is believed where both tell of it.
            found[session].append(Mark(instant - total, time, role))
    return {session: sorted(marks, key=lambda mark: mark.instant) for session, marks in found.items()}


def cuts(con: duckdb.DuckDBPyConnection) -> dict[int, list[Cut]]:
    """Disconnects of desktop sessions and their unasked ends over the network, by machine."""
    found: dict[int, list[Cut]] = defaultdict(list)
    for machine, time, person in con.execute("""
        SELECT a.machine, a.since, e.person FROM away a JOIN ended e USING (session)
        WHERE a.kind = 'disconnected' AND e.logon_type IN (10, 12)
        UNION ALL
        SELECT machine, end_time, person FROM ended
        WHERE class = 'stay' AND logon_type IN (10, 12) AND end_evidence = '4634' AND end_time IS NOT NULL
        ORDER BY ALL
    """).fetchall():
        found[machine].append(Cut(time, person))
    return found


def power_records(con: duckdb.DuckDBPyConnection) -> dict[int, list[PowerRecord]]:
    """Records of sleep and waking by machine, in record order."""
    found: dict[int, list[PowerRecord]] = defaultdict(list)
    for machine, *record in con.execute("""
        -- Kernel-General 1 tells of the steps that 4616 does: they tie the order of the System log to the clock.
        WITH anchor AS (
            SELECT n.machine, n.pos, max(c.total) AS total
            FROM neighbour n
            JOIN event e USING (row)
            JOIN clock c ON c.machine = n.machine AND c.clock_step = e.clock_step
                AND abs(epoch_us(c.time) - epoch_us(n.time)) < 2000000
            WHERE n.provider = 'Microsoft-Windows-Kernel-General' AND n.event_id = 1
            GROUP BY n.machine, n.pos
        )
        SELECT n.machine, n.time, n.provider, n.event_id, e.clock_step, e.event_data,
               CASE WHEN n.machine IN (SELECT machine FROM anchor) THEN coalesce(a.total, 0) END
        FROM neighbour n
        JOIN event e USING (row)
        ASOF LEFT JOIN anchor a ON n.machine = a.machine AND n.pos >= a.pos
        WHERE n.provider = 'Microsoft-Windows-Kernel-Power' AND n.event_id IN (42, 107, 506, 507)
           OR n.provider = 'Microsoft-Windows-Kernel-General' AND n.event_id IN (1, 12)
           OR n.provider = 'Microsoft-Windows-Kernel-Boot' AND n.event_id = 27
           OR n.provider = 'Microsoft-Windows-Power-Troubleshooter' AND n.event_id = 1
        ORDER BY n.machine, n.pos, n.row
    """).fetchall():
        found[machine].append(PowerRecord(*record))
    return found
