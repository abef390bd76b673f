-- Runs of record IDs that are missing, for every log of a machine (rule R26).
--
-- Reads   event, generation, security, bucket, clock, file_run, log_run, left_out, computer_machine, dirty
-- Writes  gap, left_run, missing, filtered, hole, calm_bucket (temporary)

-- Only runs that are not complete are looked at record by record.
CREATE OR REPLACE TEMP TABLE gap AS
WITH incomplete AS MATERIALIZED (
    SELECT f.source, f.computer, f.machine, f.channel, f.generation, f.run
    FROM file_run f
    JOIN log_run r
        ON r.machine = f.machine AND r.channel = f.channel
        AND r.bucket = ((f.generation << 48) + least(f.first_id, 281474976710655)::BIGINT) >> 8
    WHERE r.records < r.last_pos - r.first_pos + 1
),
inside AS (
    SELECT i.machine, i.channel, (i.generation << 48) + least(e.record_id, 281474976710655)::BIGINT AS pos, e.time
    FROM live_event e
    JOIN incomplete i
        ON i.source = e.source AND i.computer = e.computer AND i.channel = e.channel AND i.run = e.record_id >> 8
    LEFT JOIN generation g
        ON g.source = e.source AND g.channel = e.channel AND g.machine = i.machine
        AND e.header_id BETWEEN g.first_header_id AND g.last_header_id
    WHERE coalesce(g.generation, 0) = i.generation
),
neighbours AS (
    SELECT machine, channel, pos AS after_pos, time AS since,
           lead(pos) OVER w AS next_pos, lead(time) OVER w AS until
    FROM inside
    WINDOW w AS (PARTITION BY machine, channel, pos >> 8 ORDER BY pos, time DESC)
    UNION ALL
    SELECT machine, channel, last_pos, last_time, lead(first_pos) OVER w, lead(first_time) OVER w
    FROM log_run
    WINDOW w AS (PARTITION BY machine, channel, first_pos >> 48 ORDER BY bucket)
)
SELECT *, next_pos - after_pos - 1 AS records, after_pos & 281474976710655 AS after_id,
       next_pos & 281474976710655 AS next_id
FROM neighbours
WHERE next_pos > after_pos + 1;

-- Runs of record IDs that were left out when only a part was loaded, joined, and how many there are up to each.
CREATE OR REPLACE TEMP TABLE left_run AS
WITH placed AS (
    SELECT cm.machine, l.channel, l.first_id::BIGINT AS first_id, l.last_id::BIGINT AS last_id
    FROM left_out l
    JOIN computer_machine cm USING (source, computer)
    JOIN dirty USING (machine)
),
begun AS (
    SELECT *, coalesce(first_id > 1 + max(last_id) OVER (w ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), true) AS begins
    FROM placed
    WINDOW w AS (PARTITION BY machine, channel ORDER BY first_id, last_id)
),
numbered AS (
    SELECT *, sum(begins::INTEGER) OVER (PARTITION BY machine, channel ORDER BY first_id, last_id) AS island FROM begun
),
joined AS (
    SELECT machine, channel, min(first_id) AS first_id, max(last_id) AS last_id FROM numbered GROUP BY machine, channel, island
)
SELECT *, sum(last_id - first_id + 1) OVER (PARTITION BY machine, channel ORDER BY first_id)::BIGINT AS records
FROM joined;

-- What was left out is not missing.
CREATE OR REPLACE TEMP TABLE missing AS
SELECT g.machine, g.channel, g.after_pos, g.since, g.next_pos, g.until,
       g.records - coalesce(n.records, 0) + coalesce(b.records, 0) AS records
FROM gap g
ASOF LEFT JOIN left_run n ON n.machine = g.machine AND n.channel = g.channel AND g.next_id >= n.first_id
ASOF LEFT JOIN left_run b ON b.machine = g.machine AND b.channel = g.channel AND g.after_id >= b.first_id
WHERE g.records > coalesce(n.records, 0) - coalesce(b.records, 0);

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
    SELECT r.machine, r.bucket, r.bucket << 8 AS pos, coalesce(d.number, 0) AS number
    FROM (SELECT DISTINCT machine, bucket FROM bucket) r
    ASOF LEFT JOIN disturbance d ON d.machine = r.machine AND r.bucket << 8 >= d.pos
    UNION
    SELECT machine, pos >> 8, pos, number FROM disturbance
)
SELECT machine, bucket, number, pos AS first_pos,
       lead(pos, 1, 9223372036854775807) OVER (PARTITION BY machine, bucket ORDER BY pos) - 1 AS last_pos
FROM beginning;
