-- Clock steps (rule R19).
--
-- Reads   security, neighbour, event, bucket
-- Writes  clock, clock_time, clock_bucket (temporary)

-- Running total of all clock steps so far, in microseconds. Where the Security log does not reach, the kernel tells of
-- them in the System log (Reason 2: the clock was read again after sleep, which is no step).
CREATE OR REPLACE TEMP TABLE clock AS
WITH span AS (SELECT machine, min(time) AS first, max(time) AS last FROM security GROUP BY machine),
step AS (
    SELECT s.machine, s.pos, s.row, s.time, e.clock_step
    FROM security s
    JOIN event e ON e.row = s.row
    WHERE s.event_id = 4616 AND e.clock_step IS NOT NULL AND s.time IS NOT NULL
    UNION ALL
    SELECT n.machine,
           n.pos + CASE WHEN n.time < p.first THEN -2305843009213693952 WHEN n.time > p.last THEN 2305843009213693952
                        ELSE 0 END,
           n.row, n.time, e.clock_step
    FROM neighbour n
    JOIN event e ON e.row = n.row
    LEFT JOIN span p ON p.machine = n.machine
    WHERE n.provider = 'Microsoft-Windows-Kernel-General' AND n.event_id = 1 AND e.clock_step IS NOT NULL
      AND NOT contains(coalesce(e.event_data, ''), '"Reason":2')
      AND (p.machine IS NULL OR n.time NOT BETWEEN p.first AND p.last)
)
-- Forged steps can add up to more than any number holds.
SELECT *, greatest(least(sum(clock_step) OVER (PARTITION BY machine ORDER BY pos), 4611686018427387904),
                   -4611686018427387904)::BIGINT AS total
FROM step;

-- The total for a stamped time: that of the last step, in record order, whose time is not later. Where the clock was set
-- back a time occurs twice, and the later occurrence is meant.
CREATE OR REPLACE TEMP TABLE clock_time AS
SELECT machine, since, arg_max(total, pos) AS total
FROM (SELECT machine, pos, total,
             min(time) OVER (PARTITION BY machine ORDER BY pos ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS since
      FROM clock)
GROUP BY machine, since;

-- The total that holds for a run of positions, as `bucket` does for boots; none before the first step.
CREATE OR REPLACE TEMP TABLE clock_bucket AS
WITH bounded AS (
    SELECT machine, pos AS first_pos, total,
           coalesce(lead(pos) OVER (PARTITION BY machine ORDER BY pos), 9223372036854775807) - 1 AS last_pos
    FROM clock
),
run AS (SELECT DISTINCT machine, bucket FROM bucket)
SELECT r.machine, r.bucket, b.first_pos, b.last_pos, b.total
FROM run r
ASOF JOIN (FROM bounded WHERE first_pos <= last_pos) b ON b.machine = r.machine AND r.bucket << 8 >= b.first_pos
UNION ALL
SELECT r.machine, r.bucket, b.first_pos, b.last_pos, b.total
FROM run r
JOIN bounded b ON b.machine = r.machine AND b.first_pos >> 8 = r.bucket AND b.first_pos > r.bucket << 8;
