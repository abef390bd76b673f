-- What the records just before each start of a machine tell of the boot that ended: rules R4 and R5.
--
-- Reads   security, marked_start
-- Writes  just_before, before_start (temporary)

-- 24 records at the most, and of those the ones behind the last logon.
CREATE OR REPLACE TEMP TABLE just_before AS
WITH start AS (SELECT *, unnest([pos >> 5, (pos >> 5) - 1]) AS run FROM marked_start),
near AS MATERIALIZED (
    SELECT m.machine, m.pos AS start_pos, s.pos, s.time, s.event_id, s.event_id IN (1100, 1101) AS is_stop,
           s.event_id IN (4610, 4611, 4614, 4622, 4688, 4696, 4826, 4902, 4907)
               AND abs(epoch_us(s.time) - epoch_us(m.time)) <= 60_000_000 AS is_early
    FROM security s
    JOIN start m ON m.machine = s.machine AND m.run = s.pos >> 5 AND s.pos BETWEEN m.pos - 24 AND m.pos - 1
    WHERE s.time IS NOT NULL
),
logon AS (SELECT machine, start_pos, max(pos) AS logon_pos FROM near WHERE event_id = 4624 GROUP BY machine, start_pos)
SELECT n.*
FROM near n
LEFT JOIN logon l USING (machine, start_pos)
WHERE n.pos > coalesce(l.logon_pos, -1);

-- The new boot begins behind the last record that is none of what Windows writes while it starts. Behind 1100 or 1101 that
-- may be any, but one that closes a session.
CREATE OR REPLACE TEMP TABLE before_start AS
WITH stop AS (SELECT machine, start_pos, min(pos) AS stop_pos FROM just_before WHERE is_stop GROUP BY machine, start_pos),
old AS (
    SELECT machine, start_pos, max(pos) AS old_pos
    FROM just_before
    LEFT JOIN stop USING (machine, start_pos)
    WHERE event_id IN (1100, 4634, 4647, 4778, 4779, 4800, 4801, 4802, 4803)
       OR event_id <> 1101 AND NOT is_early AND coalesce(pos <= stop_pos, true)
    GROUP BY machine, start_pos
)
SELECT m.machine, m.pos, coalesce(min(b.pos) FILTER (b.pos > coalesce(o.old_pos, -1)), m.pos) AS boundary,
       arg_max(b.time, b.pos) FILTER (b.event_id = 1100) AS stopped,
       coalesce(bool_or(b.event_id = 1101), false) AS has_lost
FROM marked_start m
LEFT JOIN just_before b ON b.machine = m.machine AND b.start_pos = m.pos
LEFT JOIN old o ON o.machine = m.machine AND o.start_pos = m.pos
GROUP BY m.machine, m.pos;
