-- From Security records to logons: one row per logon ID per boot, with the records that open and close it.
--
-- Reads   named, epoch, account_person, event, logon_class, dim_logon_process
-- Writes  desk_use, tangled, orphaned, asked, at_desk, closing_type, logon, first_sign, mentioned (temporary); drops security

-- From here on the records that name no logon ID are not looked at again, and memory is short.
DROP TABLE security;

-- An account's bits, and above them each bit that it has not: in what several accounts have between them, some bit is then
-- there both ways.
CREATE OR REPLACE TEMP MACRO both_ways(account) AS account + (2147483647 - account)::BIGINT * 4294967296;
CREATE OR REPLACE TEMP MACRO are_one(accounts) AS accounts & (accounts >> 32) = 0;

-- Each logon ID in its boot. There are millions of rows, so they are kept narrow, and what only holds where a logon ID
-- has one 4624 and one 4634 is corrected for the few others below. tally counts 4624, 4634 and 4672, 20 bits each.
CREATE OR REPLACE TEMP TABLE mention AS
SELECT epoch, logon_id,
       min(pos) FILTER (about AND event_id = 4624) AS start_pos,
       min(row) FILTER (about AND event_id = 4624) AS origin_row,
       min(pos) FILTER (about AND event_id = 4634) AS close_pos,
       min(row) FILTER (about AND event_id = 4634) AS close_row,
       min(time) FILTER (about AND event_id = 4634) AS close_time,
       sum(CASE event_id WHEN 4624 THEN 1 WHEN 4634 THEN 1 << 20 WHEN 4672 THEN 1::BIGINT << 40 ELSE 0 END) FILTER (about)
           ::BIGINT AS tally,
       max(pos) FILTER (event_id <> 4634) AS seen_pos,
       arg_max(time, pos) FILTER (event_id <> 4634) AS last_seen,
       bit_or(both_ways(account)) FILTER (about AND account <> 0) AS accounts
FROM named
GROUP BY epoch, logon_id;

-- The first record, but for the logoff, that only a session can have.
CREATE OR REPLACE TEMP TABLE desk_use AS
SELECT epoch, logon_id, min(pos) AS use_pos
FROM named
WHERE about AND event_id IN (4647, 4778, 4779, 4800, 4801, 4802, 4803)
GROUP BY epoch, logon_id;

-- Logon IDs used before any 4624, or with several of a kind.
CREATE OR REPLACE TEMP TABLE tangled AS
SELECT epoch, logon_id, start_pos,
       coalesce(least(close_pos, use_pos) < start_pos, coalesce(close_pos, use_pos) IS NOT NULL) AS is_orphan
FROM mention
LEFT JOIN desk_use USING (epoch, logon_id)
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
-- Before Vista (528, 538, 540, 682, 683) a logoff often says type 3 of any logon (LOGON.md 1.5).
origin AS NOT MATERIALIZED (
    SELECT row AS origin_row, event_id, time AS origin_time, account,
           CASE WHEN event_id <> 538 OR logon_type <> 3 THEN logon_type END AS logon_type, source_ip, workstation,
           logon_process, linked_logon_id
    FROM event
),
-- Other records name an address that is not the one the session came from (4648: that of the credentials' use).
first_record AS NOT MATERIALIZED (
    SELECT * EXCLUDE (is_client) REPLACE (CASE WHEN is_client THEN source_ip ELSE 0 END AS source_ip,
                                          CASE WHEN is_client THEN workstation ELSE 0 END AS workstation)
    FROM (SELECT *, event_id IN (4624, 4778, 4779, 528, 540, 682, 683) AS is_client FROM origin)
),
grouped AS NOT MATERIALIZED (
    SELECT m.epoch, m.logon_id, false AS earlier, m.start_pos, m.start_pos AS first_pos, m.close_pos, m.close_row,
           m.close_time, false AS logged_on_twice, false AS closed_twice, m.tally >= 1::BIGINT << 40 AS privileged,
           m.seen_pos, m.last_seen, m.accounts, o.*
    FROM mention m
    JOIN (FROM origin WHERE event_id IN (4624, 528, 540)) o USING (origin_row)
    ANTI JOIN tangled USING (epoch, logon_id)
    UNION ALL BY NAME
    SELECT *
    FROM (
        SELECT epoch, logon_id, earlier,
               min(pos) FILTER (about AND event_id = 4624 AND NOT earlier) AS start_pos,
               arg_min(row, pos) FILTER (about AND (earlier OR event_id = 4624)) AS origin_row,
               CASE WHEN is_orphan THEN min(pos) ELSE min(pos) FILTER (about AND event_id = 4624) END AS first_pos,
               min(pos) FILTER (about AND event_id = 4634) AS close_pos,
               arg_min(row, pos) FILTER (about AND event_id = 4634) AS close_row,
               arg_min(time, pos) FILTER (about AND event_id = 4634) AS close_time,
               count(*) FILTER (about AND event_id = 4624) > 1 AS logged_on_twice,
               count(*) FILTER (about AND event_id = 4634) > 1 AS closed_twice,
               count(*) FILTER (about AND event_id = 4672) > 0 AS privileged,
               max(pos) FILTER (event_id <> 4634) AS seen_pos,
               arg_max(time, pos) FILTER (event_id <> 4634) AS last_seen,
               bit_or(both_ways(account)) FILTER (about AND account <> 0) AS accounts
        FROM sided
        GROUP BY epoch, logon_id, is_orphan, earlier
    )
    JOIN first_record USING (origin_row)
)
SELECT p.machine, p.number AS boot,
       g.* EXCLUDE (event_id, logon_type, logon_process, linked_logon_id),
       coalesce(ap.person, 0) AS person, coalesce(ap.kind, 'none'::account_kind) AS kind,
       coalesce(g.logon_type, t.logon_type) AS logon_type,
       coalesce(lc.class, CASE WHEN g.event_id IN (4634, 538) THEN 'contact'::session_class ELSE 'stay'::session_class END) AS class,
       coalesce(g.linked_logon_id > 0, false) OR g.logon_process IN (
           SELECT code FROM dim_logon_process WHERE text IN ('CredPro', 'seclogo', 'Negotiat')) AS serves
FROM grouped g
LEFT JOIN epoch p USING (epoch)
LEFT JOIN (SELECT account, person, kind::account_kind AS kind FROM account_person) ap USING (account)
LEFT JOIN closing_type t ON t.epoch = g.epoch AND t.logon_id = g.logon_id AND g.earlier
LEFT JOIN (SELECT type, class::session_class AS class FROM logon_class) lc
    ON lc.type = coalesce(g.logon_type, t.logon_type);

-- The time of the first record, where that may not be the 4624.
CREATE OR REPLACE TEMP TABLE first_sign AS
SELECT epoch, logon_id, n.pos <= o.orphan_pos OR o.start_pos IS NULL AS earlier, arg_min(time, pos) AS first_time
FROM named n
JOIN orphaned o USING (epoch, logon_id)
GROUP BY epoch, logon_id, earlier;

-- Logon IDs that are only mentioned.
CREATE OR REPLACE TEMP TABLE mentioned AS
SELECT epoch, logon_id
FROM mention ANTI JOIN desk_use USING (epoch, logon_id)
WHERE start_pos IS NULL AND close_pos IS NULL;

DROP TABLE mention;
