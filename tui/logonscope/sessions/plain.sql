-- Most logons need no more thought: a logon and its own logoff, nothing else that could be said of its end, no step of the
-- clock and no hole in between, one user. The others are these.
--
-- Reads   logon, calm_bucket, asked, named, event_role
-- Writes  unplain, plain_event (temporary)

CREATE OR REPLACE TEMP TABLE unplain AS
SELECT l.origin_row, a.ask_pos, a.ask_time
FROM logon l
LEFT JOIN calm_bucket s
    ON s.machine = l.machine AND s.bucket = l.start_pos >> 8 AND l.start_pos BETWEEN s.first_pos AND s.last_pos
LEFT JOIN calm_bucket k
    ON k.machine = l.machine AND k.bucket = l.close_pos >> 8 AND l.close_pos BETWEEN k.first_pos AND k.last_pos
LEFT JOIN asked a USING (epoch, logon_id, earlier)
WHERE NOT coalesce(
    l.class IN ('contact', 'work') AND NOT l.earlier AND NOT l.logged_on_twice AND NOT l.closed_twice
    AND a.ask_pos IS NULL
    AND are_one(l.accounts) AND l.close_pos > l.start_pos AND l.close_time >= l.origin_time
    AND s.number = k.number
    AND l.origin_time > '1995-01-01' AND l.close_time < '2100-01-01', false);

-- What other records than its own two show about a plain one.
CREATE OR REPLACE TEMP TABLE plain_event AS
SELECT l.origin_row, n.row, CASE WHEN n.about THEN coalesce(r.role, 'note'::record_role) ELSE 'acted'::record_role END AS role,
       l.machine
FROM (FROM named WHERE NOT about OR event_id NOT IN (4624, 4634)) n
JOIN (FROM logon ANTI JOIN unplain USING (origin_row)) l USING (epoch, logon_id)
LEFT JOIN (SELECT event_id, role::record_role AS role FROM event_role) r USING (event_id);
