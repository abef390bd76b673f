-- How each session ended, by the order of certainty of rule R16.
--
-- Reads   ending, draft, epoch, terminal_end, terminal_mark, clock, clock_bucket, clock_time, neighbour_clock,
--         end_grade, hole, filtered, security_log, client, neighbour, log_run
-- Writes  silent, log_end, own_end, ended (temporary)

-- A log without any end, but with several logons that should have one, does not record ends: its silence says nothing.
CREATE OR REPLACE TEMP TABLE silent AS
SELECT machine FROM ending GROUP BY machine HAVING sum(ends) = 0 AND sum(due) >= 3;

-- Where the other logs end.
CREATE OR REPLACE TEMP TABLE log_end AS
SELECT r.machine, o.log, arg_max(r.last_time, r.last_pos) AS log_end
FROM log_run r
JOIN (SELECT DISTINCT machine, channel,
                      CASE WHEN provider = 'Microsoft-Windows-Winlogon' THEN '7001' ELSE 'LSM21' END AS log
      FROM neighbour
      WHERE provider IN ('Microsoft-Windows-Winlogon', 'Microsoft-Windows-TerminalServices-LocalSessionManager')) o
    ON o.machine = r.machine AND o.channel = r.channel
GROUP BY r.machine, o.log;

-- How parents ended, for what belongs to them (rule R18).
CREATE OR REPLACE TEMP TABLE own_end AS
SELECT d.session,
       CASE WHEN d.ask_pos IS NOT NULL AND d.close_pos IS NOT NULL THEN '4647+4634'
            WHEN d.close_pos IS NOT NULL THEN '4634'
            WHEN d.ask_pos IS NOT NULL THEN '4647'
            WHEN t.end_time IS NOT NULL THEN t.evidence END AS evidence,
       CASE WHEN d.ask_pos IS NOT NULL THEN d.asked
            WHEN d.close_pos IS NOT NULL THEN d.destroyed
            ELSE t.end_time END AS time,
       coalesce(d.ask_pos, d.close_pos) AS pos
FROM draft d
LEFT JOIN terminal_end t USING (session)
WHERE d.ask_pos IS NOT NULL OR d.close_pos IS NOT NULL OR t.end_time IS NOT NULL;

CREATE OR REPLACE TEMP TABLE ended AS
WITH
-- A log shows the restart that ended them. A boot that went on after it, or had ended before the session, is not the one
-- that the session was in: no log shows that one's start.
restarted AS (
    SELECT session, t.restarted
    FROM draft d
    JOIN terminal_end t USING (session)
    LEFT JOIN epoch e USING (epoch)
    WHERE t.restarted IS NOT NULL AND t.end_time IS NULL
      AND (e.end_kind = 'open'
           OR d.log <> '' AND (coalesce(e.end_time, e.last_time) >= t.restarted
                               OR e.end_time < coalesce(d.start, d.first_time)))
),
-- The machine had run for longer than its clock and the known steps allow: a step back was not saved before the crash.
overrun AS (
    SELECT e.epoch
    FROM epoch e
    LEFT JOIN clock k ON k.machine = e.machine AND k.time BETWEEN e.start AND e.next_start
    WHERE e.uptime IS NOT NULL
    GROUP BY e.epoch, e.uptime, e.start, e.kernel_start, e.next_start
    HAVING e.uptime > epoch_us(e.next_start) - epoch_us(coalesce(e.kernel_start, e.start))
                      - coalesce(sum(k.clock_step), 0) + 60_000_000
),
chosen AS (
    -- Of a boot without a record of its start it is only known when it had begun.
    SELECT d.*, e.first_pos AS boot_pos, CASE WHEN e.start_evidence <> 'logon IDs' THEN e.start END AS boot_start,
           e.kernel_start, e.end_time AS boot_end, e.end_is_exact, e.next_start, e.last_pos,
           e.last_audited, e.alive_until, t.number_taken, r.restarted, l.log_end,
           greatest(d.last_seen, t.last_mark) AS seen_until,
           CASE WHEN o.evidence IS NOT NULL THEN o.evidence
                WHEN d.log = '' AND d.machine IN (FROM silent) THEN 'unaudited'
                WHEN p.evidence IS NOT NULL THEN 'with-parent'
                WHEN t.number_taken IS NOT NULL THEN 'LSM21'
                WHEN r.restarted IS NOT NULL THEN 'reboot'
                ELSE e.end_kind END AS end_evidence,
           o.evidence IS NULL AND r.restarted IS NOT NULL AS is_restart_of_log,
           o.evidence IS NOT NULL AS is_own, o.time AS own_time, o.pos AS own_pos, p.time AS parent_time,
           p.pos AS parent_pos
    FROM draft d
    LEFT JOIN epoch e USING (epoch)
    LEFT JOIN terminal_end t USING (session)
    LEFT JOIN restarted r USING (session)
    LEFT JOIN own_end o USING (session)
    LEFT JOIN own_end p ON p.session = d.parent
    LEFT JOIN log_end l ON l.machine = d.machine AND l.log = d.log
),
placed AS (
    SELECT c.*, coalesce(start, first_time) AS known_from,
           greatest(CASE WHEN log = '' THEN last_audited ELSE log_end END, seen_until, start) AS open_until,
           CASE WHEN is_own THEN own_time
                WHEN end_evidence IN ('unaudited', 'LSM21') OR is_restart_of_log THEN seen_until
                WHEN end_evidence = 'with-parent' THEN parent_time
                WHEN end_evidence = 'shutdown' THEN boot_end
                -- What was recorded in the last minute before a crash may not have reached the disk.
                WHEN end_evidence = 'crash' THEN greatest(last_audited, alive_until - INTERVAL 1 MINUTE)
                WHEN end_evidence = 'reboot' THEN last_audited END AS end_time,
           CASE WHEN is_own THEN own_pos
                WHEN end_evidence IN ('unaudited', 'LSM21') THEN seen_pos
                WHEN end_evidence = 'with-parent' THEN parent_pos
                WHEN log = '' THEN last_pos END AS end_pos,
           CASE WHEN log = '' THEN coalesce(start_pos, CASE WHEN start IS NULL THEN first_pos END) END AS begin_pos
    FROM chosen c
),
-- Clock steps until the start and until the end (rule R19). Records of other logs are placed by the order of their log,
-- and several that tell of one moment by all of them; a time without a record is placed by itself.
by_row AS (
    SELECT session, side, arg_min(total, last_span) AS total, max(first_span) < min(last_span) AS is_unsure
    FROM (SELECT session, CASE role WHEN 'open' THEN 'start' ELSE 'end' END AS side, row
          FROM terminal_mark WHERE role IN ('open', 'close')
          UNION ALL
          SELECT session, 'start', session FROM draft WHERE log <> '' AND start IS NULL)
    JOIN neighbour_clock USING (row)
    GROUP BY session, side
),
by_time AS (
    SELECT x.session, x.side, coalesce(r.total, c.total) AS total,
           coalesce(r.is_unsure, EXISTS (
               FROM clock k
               WHERE k.machine = x.machine AND k.clock_step <= -2000000
                 AND epoch_us(x.at) - epoch_us(k.time) BETWEEN 0 AND -k.clock_step)) AS is_unsure
    FROM (SELECT session, machine, 'start' AS side, known_from AS at FROM placed WHERE begin_pos IS NULL
          UNION ALL
          SELECT session, machine, CASE WHEN is_own THEN 'end' ELSE 'limit' END,
                 CASE WHEN end_evidence = 'open' THEN open_until ELSE end_time END
          FROM placed WHERE end_pos IS NULL) x
    LEFT JOIN by_row r USING (session, side)
    ASOF LEFT JOIN clock_time c ON x.machine = c.machine AND x.at >= c.since
),
-- The same for the start of the boot, where a session began at an unknown time in it. What the clock had been set until
-- a boot from before the log is not known to the step: by as much as would make the session longest.
by_boot AS (
    SELECT p.session,
           CASE WHEN any_value(p.boot_start) >= any_value(f.first_time)
                THEN coalesce(arg_max(k.total, k.pos) FILTER (k.pos < p.boot_pos), 0)
                ELSE greatest(0, max(k.total), max(k.total - k.clock_step)) END AS total
    FROM placed p
    JOIN clock k ON k.machine = p.machine AND k.pos <= p.first_pos
    LEFT JOIN (SELECT machine, min(first_time) AS first_time FROM log_run SEMI JOIN security_log USING (machine, channel)
               GROUP BY machine) f ON f.machine = p.machine
    WHERE p.truncated AND p.log = ''
    GROUP BY p.session
),
timed AS (
    SELECT c.*, coalesce(b.total, s.total, v.total, 0) AS clock_at_earliest_start, coalesce(s.total, v.total, 0) AS clock_at_start, coalesce(k.total, h.total, 0) AS clock_at_end,
           coalesce(v.is_unsure, false) OR coalesce(h.is_unsure, false)
               OR end_evidence = 'crash' AND c.epoch IN (FROM overrun) AS is_clock_unsure
    FROM placed c
    LEFT JOIN clock_bucket s
        ON s.machine = c.machine AND s.bucket = c.begin_pos >> 8 AND c.begin_pos BETWEEN s.first_pos AND s.last_pos
    LEFT JOIN clock_bucket k
        ON k.machine = c.machine AND k.bucket = c.end_pos >> 8 AND c.end_pos BETWEEN k.first_pos AND k.last_pos
    LEFT JOIN by_boot b ON b.session = c.session
    LEFT JOIN by_time v ON v.session = c.session AND v.side = 'start'
    LEFT JOIN by_time h ON h.session = c.session AND h.side <> 'start'
),
-- Records that are missing between the last sign of a session and its end may have held that end.
next_hole AS (
    SELECT d.session, h.after_pos, h.next_pos
    FROM (SELECT session, machine, coalesce(seen_pos, first_pos) AS pos FROM draft WHERE log = '') d
    ASOF JOIN hole h ON h.machine = d.machine AND d.pos <= h.after_pos
),
doubted AS (
    SELECT t.*,
           log = '' AND h.next_pos IS NOT NULL AND end_evidence NOT IN ('4647', '4647+4634')
               AND (h.next_pos <= coalesce(t.end_pos, t.last_pos)
                    -- The last records of the boot are among those that are missing.
                    OR own_pos IS NULL AND h.after_pos <= t.last_pos AND h.next_pos > h.after_pos + 1)
           -- Of a filtered log it can't be said that nothing came after the last sign of a session.
           OR log = '' AND (end_evidence IN ('shutdown', 'crash', 'reboot', 'with-parent')
                            OR end_evidence = 'open' AND coalesce(t.seen_pos, t.first_pos) < t.last_pos)
              AND t.machine IN (SELECT machine FROM filtered JOIN security_log USING (machine, channel)) AS is_doubtful,
           NOT (coalesce(t.start, t.end_time, t.first_time) BETWEEN '1995-01-01' AND '2100-01-01'
                AND coalesce(t.end_time, t.start, t.first_time) BETWEEN '1995-01-01' AND '2100-01-01') AS is_implausible
    FROM timed t
    LEFT JOIN next_hole h ON h.session = t.session
),
bounded AS (
    SELECT d.* REPLACE (
               CASE WHEN is_doubtful AND end_evidence = 'open' THEN 'gap' ELSE end_evidence END AS end_evidence,
               CASE WHEN is_doubtful AND end_evidence = 'open' THEN seen_until ELSE end_time END AS end_time),
           CASE WHEN is_doubtful THEN coalesce(q.total, 0) ELSE clock_at_end END AS clock_at_earliest
    FROM doubted d
    LEFT JOIN clock_bucket q
        ON q.machine = d.machine AND q.bucket = d.seen_pos >> 8 AND d.seen_pos BETWEEN q.first_pos AND q.last_pos
),
intervals AS (
    SELECT b.*,
           -- A boot stamped later than its records says that the clock was set back: no lower limit.
           CASE WHEN NOT truncated THEN start
                WHEN coalesce(boot_start, kernel_start) <= known_from THEN coalesce(boot_start, kernel_start) END
               AS start_earliest,
           CASE WHEN is_implausible THEN NULL
                WHEN is_doubtful THEN least(seen_until, end_time)
                WHEN end_evidence = 'open' THEN open_until
                ELSE end_time END AS end_earliest,
           -- A next start stamped before the last record says that the clock was set meanwhile: no upper limit.
           CASE WHEN is_implausible THEN NULL
                WHEN is_restart_of_log THEN restarted
                WHEN end_evidence IN ('crash', 'reboot') OR end_evidence = 'shutdown' AND NOT end_is_exact
                    THEN CASE WHEN next_start >= end_time THEN next_start END
                WHEN end_evidence = 'unaudited'
                    THEN CASE WHEN coalesce(boot_end, next_start) >= end_time THEN coalesce(boot_end, next_start) END
                WHEN end_evidence = 'LSM21' THEN number_taken
                WHEN end_evidence IN ('open', 'gap') THEN NULL
                -- What belongs to a session closes within moments after it (rule R18).
                WHEN end_evidence = 'with-parent' AND is_doubtful THEN end_time + INTERVAL 1 SECOND
                ELSE end_time END AS end_latest
    FROM bounded b
)
-- What only led to these is left behind.
SELECT i.* EXCLUDE (source_ip, workstation, asked, close_pos, seen_pos, boot_pos, boot_start, boot_end, kernel_start,
                    end_is_exact, next_start, last_audited, alive_until, number_taken, restarted, log_end, seen_until,
                    is_restart_of_log, is_own, own_time, own_pos, parent_time, parent_pos, open_until, begin_pos,
                    clock_at_earliest_start, clock_at_earliest),
       coalesce(c.source_ip, i.source_ip) AS source_ip,
       coalesce(c.workstation, i.workstation) AS workstation,
       coalesce(c.evidence, CASE WHEN i.source_ip <> 0 THEN CASE WHEN i.log = '' THEN '4624' ELSE i.log END ELSE '' END)
           AS source_evidence,
       CASE WHEN i.truncated THEN 'T' WHEN i.is_implausible THEN 'D'
            WHEN i.is_doubtful THEN 'D' ELSE g.grade END AS grade,
       epoch_us(i.end_time) - epoch_us(i.start) AS span,
       clock_at_end - clock_at_start AS stepped,
       CASE WHEN i.end_earliest = i.end_latest AND NOT i.truncated
                THEN epoch_us(i.end_time) - epoch_us(i.start) - (clock_at_end - clock_at_start)
            WHEN i.end_time IS NOT NULL AND NOT i.truncated
                THEN epoch_us(i.end_earliest) - epoch_us(i.start) - (clock_at_earliest - clock_at_start) END AS duration,
       epoch_us(i.end_earliest) - epoch_us(i.known_from) - (clock_at_earliest - clock_at_start) AS duration_least,
       epoch_us(i.end_latest) - epoch_us(i.start_earliest) - (clock_at_end - clock_at_earliest_start) AS duration_most
FROM intervals i
LEFT JOIN end_grade g ON g.evidence = i.end_evidence
LEFT JOIN client c ON c.session = i.session;
