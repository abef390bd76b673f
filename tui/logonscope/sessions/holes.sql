-- Runs of record IDs that are missing, for every log of a machine (rule R26).
--
-- Reads   event, generation, security, bucket, clock, file_run, log_run
-- Writes  missing, filtered, hole, calm_bucket (temporary)

-- Only runs that are not complete are looked at record by record.
CREATE OR REPLACE TEMP TABLE missing AS
WITH incomplete AS MATERIALIZED (
    SELECT f.source, f.computer, f.machine, f.channel, f.generation, f.run
    FROM file_run f
    JOIN log_run r
        ON r.machine = f.machine AND r.channel = f.channel
        AND r.bucket = ((f.generation << 48) + least(f.first_id, 281474976710655)::BIGINT) >> 12
    WHERE r.records < r.last_pos - r.first_pos + 1
),
inside AS (
    SELECT i.machine, i.channel, (i.generation << 48) + least(e.record_id, 281474976710655)::BIGINT AS pos, e.time
    FROM live_event e
    JOIN incomplete i
        ON i.source = e.source AND i.computer = e.computer AND i.channel = e.channel AND i.run = e.record_id >> 12
    LEFT JOIN generation g
        ON g.source = e.source AND g.channel = e.channel AND g.machine = i.machine
        AND e.header_id BETWEEN g.first_header_id AND g.last_header_id
    WHERE coalesce(g.generation, 0) = i.generation
),
neighbours AS (
    SELECT machine, channel, pos AS after_pos, time AS since,
           lead(pos) OVER w AS next_pos, lead(time) OVER w AS until
    FROM inside
    WINDOW w AS (PARTITION BY machine, channel, pos >> 12 ORDER BY pos, time DESC)
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

-- Stretches of positions without a hole and without a step of the clock, numbered, by the runs that they touch.
CREATE OR REPLACE TEMP TABLE calm_bucket AS
WITH disturbance AS (
    SELECT machine, pos, row_number() OVER (PARTITION BY machine ORDER BY pos) AS number
    FROM (SELECT machine, next_pos AS pos FROM hole UNION SELECT machine, pos FROM clock)
),
beginning AS (
    SELECT r.machine, r.bucket, r.bucket << 12 AS pos, coalesce(d.number, 0) AS number
    FROM (SELECT DISTINCT machine, bucket FROM bucket) r
    ASOF LEFT JOIN disturbance d ON d.machine = r.machine AND r.bucket << 12 >= d.pos
    UNION
    SELECT machine, pos >> 12, pos, number FROM disturbance
)
SELECT machine, bucket, number, pos AS first_pos,
       lead(pos, 1, 9223372036854775807) OVER (PARTITION BY machine, bucket ORDER BY pos) - 1 AS last_pos
FROM beginning;
