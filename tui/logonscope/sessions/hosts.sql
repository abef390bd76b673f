-- Unlocks and reconnections whose session only another log shows: they belong to it, and are no sessions of their own
-- (rule R13).
--
-- Reads   draft, token, terminal_end, epoch
-- Writes  attachment, token, draft

CREATE OR REPLACE TEMP TABLE hosted AS
SELECT d.session, min(h.session) AS host
FROM draft d
JOIN draft h ON h.machine = d.machine AND h.boot = d.boot AND h.person = d.person AND h.log <> ''
LEFT JOIN terminal_end t ON t.session = h.session
WHERE d.class = 'unlock' AND list_contains(d.flags, 'host-not-seen') AND d.person <> 0
  AND h.first_time <= d.start AND coalesce(t.end_time, t.number_taken, t.restarted, d.start) >= d.start
GROUP BY d.session
HAVING count(*) = 1;

INSERT INTO attachment
SELECT t.epoch, t.logon_id, t.earlier, h.host, CASE WHEN l.is_remote THEN 'reconnect' ELSE 'unlock' END
FROM token t
JOIN hosted h USING (session)
JOIN (SELECT d.session, i.text NOT IN ('', '127.0.0.1', '::1', '0.0.0.0', 'LOCAL') AS is_remote
      FROM draft d LEFT JOIN dim_source_ip i ON i.code = d.source_ip) l USING (session);

DELETE FROM token WHERE session IN (SELECT session FROM hosted);

DELETE FROM draft WHERE session IN (SELECT session FROM hosted);
