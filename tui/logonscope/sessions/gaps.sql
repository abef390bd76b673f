-- Missing records of the Security logs, and the sessions that they touch (rule R26).
--
-- Reads   security, ended
-- Writes  gap, session_gap (temporary)

-- A log of which most numbers are missing was filtered when it was exported: its holes say nothing.
CREATE OR REPLACE TEMP TABLE incomplete AS
SELECT machine, pos >> 48 AS generation
FROM security
GROUP BY machine, generation
HAVING count(*) < max(pos) - min(pos) + 1 AND count(*) * 2 > max(pos) - min(pos) + 1;

CREATE OR REPLACE TABLE gap AS
WITH neighbours AS (
    SELECT s.machine, s.pos, lead(s.pos) OVER w AS next_pos, s.time, lead(s.time) OVER w AS next_time
    FROM security s
    JOIN incomplete i ON i.machine = s.machine AND i.generation = s.pos >> 48
    WINDOW w AS (PARTITION BY s.machine, s.pos >> 48 ORDER BY s.pos)
)
SELECT machine, pos AS after_pos, next_pos, time AS since, next_time AS until, next_pos - pos - 1 AS missing,
       'records missing' AS why
FROM neighbours
WHERE next_pos > pos + 1
UNION ALL
SELECT machine, pos - 1, pos, NULL, time, NULL,
       CASE event_id WHEN 1102 THEN 'log cleared' WHEN 1101 THEN 'events lost' ELSE 'log full' END
FROM security
WHERE event_id IN (1101, 1102, 1104);

CREATE OR REPLACE TEMP TABLE session_gap AS
SELECT DISTINCT e.session
FROM ended e
JOIN gap g ON g.machine = e.machine
WHERE e.first_pos <= g.after_pos AND coalesce(e.end_pos, e.last_pos) >= g.next_pos AND NOT e.from_lsm;
