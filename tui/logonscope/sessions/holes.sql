-- Runs of record IDs that are missing, for every log of a machine (rule R26).
--
-- Reads   placed, security, bucket, log_run
-- Writes  missing, filtered, hole, hole_bucket (temporary)

-- Only runs that are not complete are looked at record by record.
CREATE OR REPLACE TEMP TABLE missing AS
WITH inside AS (
    SELECT e.machine, e.channel, e.pos, e.time
    FROM placed e
    SEMI JOIN (SELECT machine, channel, bucket FROM log_run WHERE records < last_pos - first_pos + 1) r
        ON r.machine = e.machine AND r.channel = e.channel AND r.bucket = e.pos >> 12
),
neighbours AS (
    SELECT machine, channel, pos AS after_pos, time AS since,
           lead(pos) OVER w AS next_pos, lead(time) OVER w AS until
    FROM inside
    WINDOW w AS (PARTITION BY machine, channel, pos >> 12 ORDER BY pos)
    UNION ALL
    SELECT machine, channel, last_pos, last_time, lead(first_pos) OVER w, lead(first_time) OVER w
    FROM log_run
    WINDOW w AS (PARTITION BY machine, channel, first_pos >> 48 ORDER BY bucket)
)
SELECT *, next_pos - after_pos - 1 AS records
FROM neighbours
WHERE next_pos > after_pos + 1;

-- A log of which most numbers are missing, here and there, was filtered when it was exported: its holes say nothing. A few
-- great holes are no filter.
CREATE OR REPLACE TEMP TABLE filtered AS
SELECT r.machine, r.channel, any_value(m.absent) AS absent
FROM log_run r
JOIN (SELECT machine, channel, sum(records)::BIGINT AS absent, count(*) AS holes FROM missing GROUP BY machine, channel) m
    USING (machine, channel)
GROUP BY r.machine, r.channel
HAVING any_value(m.absent) >= sum(r.records) AND any_value(m.holes) * 2 >= sum(r.records);

-- Where records of a Security log are missing, by what is known of it: nothing in between can be ruled out.
CREATE OR REPLACE TEMP TABLE hole AS
SELECT machine, after_pos, next_pos
FROM missing
WHERE channel IN (SELECT channel FROM security_log) AND (machine, channel) NOT IN (SELECT (machine, channel) FROM filtered)
UNION
SELECT machine, pos - 1, pos FROM security WHERE event_id IN (1101, 1102, 1104);

-- The runs of positions that a hole touches.
CREATE OR REPLACE TEMP TABLE hole_bucket AS
SELECT DISTINCT b.machine, b.bucket
FROM bucket b
JOIN hole h ON h.machine = b.machine AND h.after_pos < (b.bucket + 1) << 12 AND h.next_pos >= b.bucket << 12;
