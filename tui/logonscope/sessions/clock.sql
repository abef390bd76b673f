-- Clock steps (rule R19).
--
-- Reads   security, event
-- Writes  clock (temporary)

-- Running total of all clock steps so far, in microseconds.
CREATE OR REPLACE TEMP TABLE clock AS
SELECT s.machine, s.pos, s.time, sum(e.clock_step) OVER (PARTITION BY s.machine ORDER BY s.pos) AS total
FROM security s
JOIN event e ON e.rowid = s.row
WHERE s.event_id = 4616 AND e.clock_step IS NOT NULL AND s.time IS NOT NULL;
