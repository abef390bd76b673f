-- From Security records to logons: one row per logon ID per boot, with the records that open and close it.
--
-- Reads   security, epoch, bucket, hidden_logon_id, account_person, event, logon_class, dim_logon_process
-- Writes  named, tangled, orphaned, asked, at_desk, closing_type, logon, first_sign, mentioned (temporary); drops security

-- Every record that names a logon ID that is not the system's own, and the boot it lies in (rules R8, R9).
-- about: the record speaks of that session; otherwise that session acted.
CREATE OR REPLACE TEMP TABLE named AS
WITH placed AS NOT MATERIALIZED (
    SELECT s.*, b.epoch
    FROM security s
    JOIN bucket b ON b.machine = s.machine AND b.bucket = s.pos >> 12 AND s.pos BETWEEN b.first_pos AND b.last_pos
)
SELECT epoch, pos, row, event_id::USMALLINT AS event_id, time, logon_id, account, true AS about
FROM placed
WHERE logon_id IS NOT NULL AND logon_id NOT IN (FROM hidden_logon_id) AND event_id BETWEEN 0 AND 65535
UNION ALL
SELECT epoch, pos, row, event_id::USMALLINT, time, subject_logon_id, 0, false
FROM placed
WHERE subject_logon_id IS NOT NULL AND subject_logon_id NOT IN (FROM hidden_logon_id)
  AND (logon_id IS NULL OR logon_id <> subject_logon_id) AND event_id BETWEEN 0 AND 65535;

-- From here on the records that name no logon ID are not looked at again, and memory is short.
DROP TABLE security;

-- Each logon ID in its boot. There are millions of rows, so they are kept narrow, and what only holds where a logon ID
-- has one 4624 and one 4634 is corrected for the few others below. tally counts 4624, 4634 and 4672, 20 bits each.
CREATE OR REPLACE TEMP TABLE mention AS
SELECT epoch, logon_id,
       min(pos) FILTER (about AND event_id = 4624) AS start_pos,
       min(row) FILTER (about AND event_id = 4624) AS origin_row,
       min(pos) FILTER (about AND event_id IN (4634, 4647, 4778, 4779, 4800, 4801, 4802, 4803)) AS first_use,
       min(pos) FILTER (about AND event_id = 4634) AS close_pos,
       min(time) FILTER (about AND event_id = 4634) AS close_time,
       sum(CASE event_id WHEN 4624 THEN 1 WHEN 4634 THEN 1 << 20 WHEN 4672 THEN 1::BIGINT << 40 ELSE 0 END) FILTER (about)
           ::BIGINT AS tally,
       max(pos) FILTER (event_id <> 4634) AS seen_pos,
       arg_max(time, pos) FILTER (event_id <> 4634) AS last_seen,
       min(account) FILTER (about AND account <> 0) AS one_account,
       max(account) FILTER (about) AS other_account
FROM named
GROUP BY epoch, logon_id;

-- Logon IDs used before any 4624, or with several of a kind.
CREATE OR REPLACE TEMP TABLE tangled AS
SELECT epoch, logon_id, start_pos, first_use IS NOT NULL AND (start_pos IS NULL OR first_use < start_pos) AS is_orphan
FROM mention
WHERE is_orphan OR tally & 1048575 > 1 OR (tally >> 20) & 1048575 > 1;

-- Records that only a session can have, before any logon with that ID: it began before the log (rule R14).
CREATE OR REPLACE TEMP TABLE orphaned AS
SELECT epoch, logon_id, max(n.pos) AS orphan_pos, any_value(o.start_pos) AS start_pos
FROM named n
JOIN (FROM tangled WHERE is_orphan) o USING (epoch, logon_id)
WHERE about AND event_id IN (4634, 4647, 4778, 4779, 4800, 4801, 4802, 4803)
  AND (o.start_pos IS NULL OR n.pos < o.start_pos)
GROUP BY epoch, logon_id;

-- The first request to sign out.
CREATE OR REPLACE TEMP TABLE asked AS
SELECT epoch, logon_id, earlier, min(pos) AS ask_pos, arg_min(time, pos) AS ask_time
FROM (SELECT n.*, coalesce(n.pos <= o.orphan_pos OR o.orphan_pos IS NOT NULL AND o.start_pos IS NULL, false) AS earlier
      FROM named n LEFT JOIN orphaned o USING (epoch, logon_id))
WHERE about AND event_id = 4647
GROUP BY epoch, logon_id, earlier;

-- Logons of which a record tells that only one at a desktop has: the number of the desktop, and when it was left or shown.
CREATE OR REPLACE TEMP TABLE at_desk AS
SELECT n.epoch, n.logon_id, any_value(e.session_number) AS number,
       list(n.time ORDER BY n.pos) FILTER (n.event_id IN (4778, 4779) AND n.time IS NOT NULL) AS shown,
       coalesce(n.pos <= o.orphan_pos OR o.orphan_pos IS NOT NULL AND o.start_pos IS NULL, false) AS earlier
FROM named n
JOIN event e ON e.row = n.row
LEFT JOIN orphaned o ON o.epoch = n.epoch AND o.logon_id = n.logon_id
WHERE n.about AND n.event_id IN (4778, 4779, 4800, 4801, 4802, 4803)
GROUP BY ALL;

-- What the logoff says of the type of a logon whose own record is gone.
CREATE OR REPLACE TEMP TABLE closing_type AS
SELECT n.epoch, n.logon_id,
       arg_min(CASE WHEN e.event_id = 538 AND e.logon_type = 3 THEN NULL ELSE e.logon_type END, n.pos) AS logon_type
FROM named n
JOIN orphaned o USING (epoch, logon_id)
JOIN event e ON e.row = n.row
WHERE n.about AND n.event_id = 4634
GROUP BY n.epoch, n.logon_id;

-- One row per logon; `earlier` marks one that began before the log, even where its ID is used again later.
CREATE OR REPLACE TEMP TABLE logon AS
WITH sided AS (
    SELECT n.*, t.is_orphan,
           coalesce(n.pos <= o.orphan_pos OR o.orphan_pos IS NOT NULL AND o.start_pos IS NULL, false) AS earlier
    FROM named n
    JOIN tangled t USING (epoch, logon_id)
    LEFT JOIN orphaned o USING (epoch, logon_id)
),
grouped AS (
    SELECT m.epoch, m.logon_id, false AS earlier, m.start_pos, m.origin_row, m.start_pos AS first_pos,
           m.close_pos, m.close_time, false AS logged_on_twice, false AS closed_twice,
           m.tally >= 1::BIGINT << 40 AS privileged, m.seen_pos, m.last_seen, m.one_account, m.other_account
    FROM mention m
    LEFT JOIN tangled t USING (epoch, logon_id)
    WHERE t.logon_id IS NULL AND m.start_pos IS NOT NULL
    UNION ALL
    SELECT epoch, logon_id, earlier,
           min(pos) FILTER (about AND event_id = 4624 AND NOT earlier),
           arg_min(row, pos) FILTER (about AND (earlier OR event_id = 4624)),
           CASE WHEN is_orphan THEN min(pos) ELSE min(pos) FILTER (about AND event_id = 4624) END,
           min(pos) FILTER (about AND event_id = 4634),
           arg_min(time, pos) FILTER (about AND event_id = 4634),
           count(*) FILTER (about AND event_id = 4624) > 1,
           count(*) FILTER (about AND event_id = 4634) > 1,
           count(*) FILTER (about AND event_id = 4672) > 0,
           max(pos) FILTER (event_id <> 4634),
           arg_max(time, pos) FILTER (event_id <> 4634),
           min(account) FILTER (about AND account <> 0),
           max(account) FILTER (about)
    FROM sided
    GROUP BY epoch, logon_id, is_orphan, earlier
)
SELECT p.machine, p.number AS boot, g.*, e.time AS origin_time, e.account, coalesce(ap.person, 0) AS person,
       coalesce(ap.kind, 'none')::account_kind AS kind, coalesce(e.logon_type, t.logon_type) AS logon_type,
       -- Other records name an address that is not the one the session came from (4648: that of the credentials' use).
       CASE WHEN e.event_id IN (4624, 4778, 4779, 528, 540, 682, 683) THEN e.source_ip ELSE 0 END AS source_ip,
       CASE WHEN e.event_id IN (4624, 4778, 4779, 528, 540, 682, 683) THEN e.workstation ELSE 0 END AS workstation,
       coalesce(lc.class, CASE WHEN e.event_id IN (4634, 538) THEN 'contact' ELSE 'stay' END)::session_class AS class,
       coalesce(e.linked_logon_id > 0, false) OR e.logon_process IN (
           SELECT code FROM dim_logon_process WHERE text IN ('CredPro', 'seclogo', 'Negotiat')) AS serves
FROM grouped g
LEFT JOIN epoch p USING (epoch)
-- Before Vista a logoff often says type 3 of any logon (LOGON.md 1.5).
JOIN (SELECT * REPLACE (CASE WHEN event_id <> 538 OR logon_type <> 3 THEN logon_type END AS logon_type) FROM event) e
    ON e.row = g.origin_row
LEFT JOIN account_person ap ON ap.account = e.account
LEFT JOIN closing_type t ON t.epoch = g.epoch AND t.logon_id = g.logon_id AND g.earlier
LEFT JOIN logon_class lc ON lc.type = coalesce(e.logon_type, t.logon_type);

-- The time of the first record, where that may not be the 4624.
CREATE OR REPLACE TEMP TABLE first_sign AS
SELECT epoch, logon_id, n.pos <= o.orphan_pos OR o.start_pos IS NULL AS earlier, arg_min(time, pos) AS first_time
FROM named n
JOIN orphaned o USING (epoch, logon_id)
GROUP BY epoch, logon_id, earlier;

-- Logon IDs that are only mentioned.
CREATE OR REPLACE TEMP TABLE mentioned AS
SELECT epoch, logon_id FROM mention WHERE start_pos IS NULL AND first_use IS NULL;

DROP TABLE mention;
