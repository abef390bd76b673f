-- How each session ended, by the order of certainty of rule R16.
--
-- Reads   logon, draft, epoch, terminal_end, clock, end_grade
-- Writes  silent, ended (temporary)

-- A log without any end, but with several logons that should have one, does not record ends: its silence says nothing.
CREATE OR REPLACE TEMP TABLE silent AS
SELECT machine
FROM logon
WHERE kind NOT IN ('system', 'virtual')
GROUP BY machine
HAVING count(ask_pos) + count(close_pos) = 0
   AND count(*) FILTER (start_pos IS NOT NULL AND class <> 'work' OR logon_type = 4) >= 3;

CREATE OR REPLACE TEMP TABLE ended AS
WITH own AS (
    SELECT d.*, t.number AS session_number, t.end_time AS terminal_time, t.gone_by,
           NOT d.from_lsm AND d.machine IN (FROM silent) AS is_silent,
           e.start AS boot_start, e.kernel_start,
           CASE WHEN NOT d.from_lsm THEN e.end_kind WHEN t.gone_by IS NULL THEN 'open' ELSE 'LSM21' END AS end_kind,
           e.end_time AS boot_end, e.end_is_exact, e.last_time,
           e.last_pos, e.next_start,
           CASE WHEN ask_pos IS NOT NULL AND close_pos IS NOT NULL THEN '4647+4634'
                WHEN close_pos IS NOT NULL THEN '4634'
                WHEN ask_pos IS NOT NULL THEN '4647'
                WHEN t.end_time IS NOT NULL THEN 'LSM23' END AS own_evidence,
           CASE WHEN ask_pos IS NOT NULL THEN asked
                WHEN close_pos IS NOT NULL THEN destroyed
                ELSE t.end_time END AS own_time,
           coalesce(ask_pos, close_pos) AS own_pos
    FROM draft d
    JOIN epoch e ON d.machine = e.machine AND d.boot = e.number
    LEFT JOIN terminal_end t ON t.session = d.session
),
chosen AS (
    SELECT o.*,
           CASE WHEN o.own_evidence IS NOT NULL THEN o.own_evidence
                WHEN o.is_silent THEN 'unaudited'
                WHEN p.own_evidence IS NOT NULL THEN 'with-parent'
                ELSE o.end_kind END AS end_evidence,
           CASE WHEN o.own_evidence IS NOT NULL THEN o.own_time
                WHEN o.is_silent THEN o.last_seen
                WHEN p.own_evidence IS NOT NULL THEN p.own_time
                WHEN o.end_kind = 'shutdown' THEN o.boot_end
                WHEN o.end_kind IN ('crash', 'reboot') THEN o.last_time
                WHEN o.end_kind = 'LSM21' THEN o.last_seen END AS end_time,
           CASE WHEN o.own_evidence IS NOT NULL THEN o.own_pos
                WHEN o.is_silent THEN o.seen_pos
                WHEN p.own_evidence IS NOT NULL THEN p.own_pos
                ELSE o.last_pos END AS end_pos,
           coalesce(p.terminal_time, o.boot_end, o.next_start) AS gone_at_the_latest
    FROM own o
    LEFT JOIN own p ON p.session = o.parent
),
-- Clock steps between start and end (rule R19); an end without a record position is placed by its time.
timed AS (
    SELECT c.*, coalesce(s.total, 0) AS clock_at_start, coalesce(k.total, h.total, 0) AS clock_at_end
    FROM chosen c
    ASOF LEFT JOIN clock s ON c.machine = s.machine AND c.start_pos >= s.pos
    ASOF LEFT JOIN clock k ON c.machine = k.machine AND c.end_pos >= k.pos
    ASOF LEFT JOIN (SELECT machine AS m, time, total FROM clock) h
        ON c.machine = h.m AND CASE WHEN c.end_pos IS NULL THEN c.end_time END >= h.time
)
SELECT t.*,
       CASE WHEN t.truncated THEN 'T' ELSE g.grade END AS grade,
       epoch_us(t.end_time) - epoch_us(t.start) AS span,
       epoch_us(t.end_time) - epoch_us(t.start) - (t.clock_at_end - t.clock_at_start) AS duration,
       CASE WHEN t.truncated THEN coalesce(t.boot_start, t.kernel_start) ELSE t.start END AS start_earliest,
       CASE WHEN t.end_evidence = 'open' THEN greatest(t.last_time, t.last_seen, t.start)
            ELSE t.end_time END AS end_earliest,
       -- A next start stamped before the last record says that the clock was set meanwhile: no upper limit.
       CASE WHEN t.end_evidence IN ('crash', 'reboot') OR t.end_evidence = 'shutdown' AND NOT t.end_is_exact
                THEN CASE WHEN t.next_start >= t.end_time THEN t.next_start END
            WHEN t.end_evidence = 'unaudited' AND t.gone_at_the_latest >= t.end_time THEN t.gone_at_the_latest
            WHEN t.end_evidence = 'LSM21' THEN t.gone_by
            WHEN t.end_evidence IN ('open', 'unaudited') THEN NULL
            ELSE t.end_time END AS end_latest
FROM timed t
JOIN end_grade g ON g.evidence = t.end_evidence;
