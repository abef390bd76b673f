-- How the watched accounts were used: by machine, account, logon type, source, outcome and minute of the day.
--
-- Reads   watched, made by watch.py, and what terms.sql gives

WITH local AS (
    SELECT l.*, CASE WHEN z.zone <> '' THEN timezone(z.zone, timezone('UTC', l.time))
                     ELSE l.time + to_minutes(coalesce(z.minutes, 0)) END AS clock
    FROM audited l LEFT JOIN machine_zone z ON z.machine = l.machine
    WHERE l.event_id IN (4624, 4625) AND l.target IN (FROM watched)
)
SELECT m.name AS machine, a.sid, a.name, a.domain, l.logon_type, l.origin, l.event_id,
       hour(l.clock) * 60 + minute(l.clock) AS minute, min(l.time) AS since, max(l.time) AS until, count(*) AS records,
       evidence(l.row, l.time) AS rows
FROM local l
JOIN dim_account a ON a.code = l.target
JOIN machine m ON m.number = l.machine
GROUP BY ALL
ORDER BY since, a.name, l.origin, l.logon_type, l.event_id
