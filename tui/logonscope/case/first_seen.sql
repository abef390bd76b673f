-- Combinations of user, source, logon type and machine, with the first logon of each and what was seen before it.
--
-- Reads   event, dim_*, computer_machine, machine, person, and what findings/terms.sql gives
-- Values  those of the condition, which the first logon of a combination must fit

WITH came AS (
    SELECT l.row, l.machine, l.time, l.target, l.logon_type, elsewhere(l.machine, l.origin) AS origin,
           CASE WHEN l.person > 0 THEN l.person ELSE -l.target END AS who
    FROM logon l
),
combination AS (
    SELECT machine, who, origin, logon_type, min(target) AS account, min(time) AS first, max(time) AS last,
           count(*) AS times, arg_min(row, (time, row)) AS row
    FROM came GROUP BY machine, who, origin, logon_type
),
known AS (
    SELECT *, first = min(first) OVER (PARTITION BY machine, who) AS new_user,
           origin <> '' AND first = min(first) OVER (PARTITION BY machine, origin) AS new_source,
           origin <> '' AND first = min(first) OVER (PARTITION BY machine, who, origin) AS new_way,
           first = min(first) OVER (PARTITION BY machine, who, logon_type) AS new_type
    FROM combination
)
SELECT m.name AS machine, a.sid, a.name, a.domain, k.origin AS source, k.logon_type, k.first, k.last, k.times, k.row,
       list_filter([CASE WHEN new_user THEN 'user' END, CASE WHEN new_source THEN 'source' END,
                    CASE WHEN new_way AND NOT new_source AND NOT new_user THEN 'source of this user' END,
                    CASE WHEN new_type AND NOT new_user THEN 'type of this user' END], lambda part: part IS NOT NULL)
           AS new
FROM known k
JOIN machine m ON m.number = k.machine
JOIN dim_account a ON a.code = k.account
-- Who asked for a logon did not come by it.
WHERE k.row IN (SELECT e.row FROM (SELECT * REPLACE (0 AS subject) FROM live_event) e WHERE {condition})
ORDER BY k.first DESC, machine, a.name, source, k.logon_type
