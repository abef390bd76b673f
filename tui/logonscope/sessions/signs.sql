-- What else than sessions is read out of the Security log, so that it need not be kept.
--
-- Reads   security, bucket
-- Writes  log_stop, without_id, security_sign, seen_event (temporary)

-- Each 1100 after which records go on in the same boot: the log service was stopped, not the machine (rule R5). Closing
-- records may still follow a stop for good; more than 200 of them do not.
CREATE OR REPLACE TEMP TABLE log_stop AS
WITH stop AS (
    SELECT s.machine, s.pos, s.row, s.time, b.last_pos
    FROM (SELECT * FROM security WHERE event_id = 1100) s
    JOIN bucket b ON b.machine = s.machine AND b.bucket = s.pos >> 8 AND s.pos BETWEEN b.first_pos AND b.last_pos
),
following AS (
    SELECT machine, pos AS stop_pos, row AS stop_row, time AS stop_time,
           unnest(range(pos + 1, least(pos + 200, last_pos) + 1)) AS pos
    FROM stop
)
SELECT f.machine, f.stop_pos AS pos, f.stop_row AS row, f.stop_time AS time, min(n.pos) AS next_pos,
       arg_min(n.time, n.pos) AS next_time
FROM security n
JOIN following f USING (machine, pos)
WHERE n.event_id NOT IN (1100, 4634, 4647, 4778, 4779, 4800, 4801, 4802, 4803)
GROUP BY f.machine, f.stop_pos, f.stop_row, f.stop_time;

-- Records that speak of a session and can belong to none, because they have no usable logon ID.
CREATE OR REPLACE TEMP TABLE without_id AS
SELECT machine, row, time
FROM security
WHERE event_id IN (4624, 4634, 4647) AND coalesce(logon_id, 0) = 0;

-- Records that tell of the log itself, or of what is audited.
CREATE OR REPLACE TEMP TABLE security_sign AS
SELECT machine, channel, pos, row, event_id, time, account
FROM security
WHERE event_id IN (1101, 1102, 1103, 1104, 4719);

CREATE OR REPLACE TEMP TABLE seen_event AS SELECT DISTINCT machine, event_id FROM security;
