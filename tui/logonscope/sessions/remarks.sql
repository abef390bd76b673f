-- What has to be remarked of single sessions: holes while they lasted, contradictions between their records.
--
-- Reads   ended, epoch, hole, missing, security_channel, security_log, token, named, dim_account, account_person, orphaned, neighbour,
--         log_run
-- Writes  touched, two_users, used_again, clock_reach, clocked, unclocked (temporary)

-- Records are missing while it lasted (rule R26), or may have lasted: since its boot began, where its start is not known.
CREATE OR REPLACE TEMP TABLE touched AS
SELECT e.session
FROM (SELECT session, e.machine, coalesce(e.end_pos, e.last_pos) AS until_pos,
             CASE WHEN e.truncated AND e.start_earliest IS NOT NULL THEN p.first_pos ELSE e.first_pos END AS since_pos
      FROM ended e LEFT JOIN epoch p USING (epoch) WHERE e.log = '') e
ASOF JOIN hole h ON h.machine = e.machine AND e.since_pos <= h.after_pos
WHERE h.next_pos <= e.until_pos
UNION
-- Another log shows when it began: what the Security log held of that is missing.
SELECT session
FROM ended
WHERE log = '' AND start_pos IS NULL AND start IS NOT NULL
UNION
SELECT e.session
FROM ended e
JOIN missing m ON m.machine = e.machine AND m.since <= coalesce(e.end_latest, e.end_earliest) AND m.until >= e.known_from
WHERE e.log <> '' AND (m.machine, m.channel) IN (SELECT (machine, channel) FROM security_channel);

-- Sessions about which the records name more than one user, by SID.
CREATE OR REPLACE TEMP TABLE two_users AS
SELECT t.session
FROM (SELECT session FROM ended WHERE NOT are_one(accounts)) d
JOIN token t USING (session)
JOIN named n USING (epoch, logon_id)
JOIN dim_account a ON a.code = n.account
JOIN account_person p ON p.account = n.account
WHERE n.about AND a.sid NOT IN ('', 'S-1-0-0')
GROUP BY t.session
HAVING count(DISTINCT p.person) > 1;

CREATE OR REPLACE TEMP TABLE used_again AS
SELECT DISTINCT t.session
FROM token t
JOIN orphaned o USING (epoch, logon_id)
WHERE t.earlier AND o.start_pos IS NOT NULL;

-- From when to when logs show the setting of the clock: all of it, where they hold their first record.
CREATE OR REPLACE TEMP TABLE clock_reach AS
WITH clock_log AS (
    SELECT machine, channel FROM security_log
    UNION
    SELECT machine, channel FROM neighbour WHERE provider = 'Microsoft-Windows-Kernel-General'
)
SELECT machine, channel,
       CASE WHEN min(first_pos) = 1 THEN '-infinity'::TIMESTAMP ELSE arg_min(first_time, first_pos) END AS since,
       arg_max(last_time, last_pos) AS until
FROM log_run SEMI JOIN clock_log USING (machine, channel)
GROUP BY machine, channel;

-- Sessions of other logs that one of those covers: one that has come to its end an hour before can't tell.
CREATE OR REPLACE TEMP TABLE clocked AS
SELECT DISTINCT e.session
FROM ended e
JOIN clock_reach r ON r.machine = e.machine AND r.since <= e.known_from
                  AND r.until >= coalesce(e.end_time, e.end_earliest) - INTERVAL 1 HOUR
WHERE e.log <> '';

-- Sessions that began at an unknown time of a boot from before all of those.
CREATE OR REPLACE TEMP TABLE unclocked AS
SELECT e.session
FROM (FROM ended WHERE log = '' AND truncated AND start_earliest IS NOT NULL) e
LEFT JOIN clock_reach r ON r.machine = e.machine AND r.since <= e.start_earliest
                       AND r.until >= e.known_from - INTERVAL 1 HOUR
GROUP BY e.session
HAVING count(r.machine) = 0;
