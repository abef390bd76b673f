-- One row of `overview` for each machine of the store.
--
-- Reads   machine, computer_machine, live_event, audited_event, session, coverage, finding

WITH record AS (
    SELECT c.machine, count(*) AS records, count(DISTINCT e.source) AS files,
           min(e.time) FILTER (e.time BETWEEN '1995-01-01'::TIMESTAMP AND '2100-01-01'::TIMESTAMP) AS first,
           max(e.time) FILTER (e.time BETWEEN '1995-01-01'::TIMESTAMP AND '2100-01-01'::TIMESTAMP) AS last
    FROM live_event e JOIN computer_machine c USING (source, computer) GROUP BY c.machine
),
refused AS (
    SELECT c.machine, count(*) AS failures
    FROM audited_event e JOIN computer_machine c USING (source, computer)
    WHERE e.event_id = 4625 GROUP BY c.machine
),
stayed AS (
    SELECT machine, count(*) FILTER (role <> 'visit') AS sessions,
           count(*) FILTER (class IN ('stay', 'unlock', 'identity') AND role = 'session' AND NOT hidden) AS stays
    FROM session GROUP BY machine
),
told AS (SELECT machine AS name, count(*) AS findings, count(*) FILTER (severity = 'high') AS high FROM finding GROUP BY ALL),
mark AS (
    SELECT machine, sum(amount) FILTER (kind = 'missing') AS missing, count(*) FILTER (kind = 'cleared') AS cleared
    FROM coverage GROUP BY machine
)
SELECT m.number AS machine, m.name, coalesce(r.files, 0) AS files, coalesce(r.records, 0) AS records, r.first, r.last,
       coalesce(s.stays, 0) AS stays, coalesce(s.sessions, 0) AS sessions, coalesce(f.failures, 0) AS failures,
       coalesce(t.findings, 0) AS findings, coalesce(t.high, 0) AS high, coalesce(k.missing, 0)::BIGINT AS missing,
       coalesce(k.cleared, 0) AS cleared
FROM machine m
LEFT JOIN record r ON r.machine = m.number
LEFT JOIN refused f ON f.machine = m.number
LEFT JOIN stayed s ON s.machine = m.number
LEFT JOIN told t ON t.name = m.name
LEFT JOIN mark k ON k.machine = m.number
ORDER BY m.number
