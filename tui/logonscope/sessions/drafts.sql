-- From logons to sessions in the making, before their ends are chosen.
--
-- Reads   logon, unplain, asked, first_sign, desk_token, desk_session, desk_attachment, desk_start, desk_desktop,
--         clock, dim_source_ip, neighbour, event, epoch, account_person
-- Writes  nla, attachment, special, lone, token, draft (temporary)

-- A network logon up to 10 s before the same account arrives over Remote Desktop is that arrival's first step
-- (rule R13), unless the two name different sources. An arrival without a position is one that only another log tells
-- of: what it means is not sure about the times that occurred twice, because the clock was set back.
CREATE OR REPLACE TEMP TABLE nla AS
WITH network_logon AS (
    SELECT * FROM logon SEMI JOIN desk_start USING (machine, boot, person)
    WHERE class = 'contact' AND logon_type = 3 AND start_pos IS NOT NULL
),
occurred_twice AS (
    SELECT machine, time - INTERVAL 10 SECOND AS since,
           max(epoch_us(time) - clock_step) OVER (PARTITION BY machine ORDER BY time) + 10000000 AS until
    FROM clock
    WHERE clock_step <= -2000000
),
returned AS (
    SELECT DISTINCT ON (s.machine, s.boot, s.person, s.time) s.*
    FROM desk_start s
    ASOF LEFT JOIN occurred_twice t ON s.machine = t.machine AND s.time >= t.since
    WHERE s.pos IS NULL AND (t.until IS NULL OR epoch_us(s.time) > t.until)
    ORDER BY s.machine, s.boot, s.person, s.time, s.session
),
step AS (
    SELECT l.*, d.session, d.time, d.source_ip AS arrived_from
    FROM network_logon l
    ASOF JOIN (FROM desk_start WHERE pos IS NOT NULL) d
        ON l.machine = d.machine AND l.boot = d.boot AND l.person = d.person AND l.start_pos <= d.pos
    UNION ALL
    SELECT l.*, d.session, d.time, d.source_ip
    FROM network_logon l
    ASOF JOIN returned d
        ON l.machine = d.machine AND l.boot = d.boot AND l.person = d.person AND l.origin_time <= d.time
)
SELECT DISTINCT ON (s.origin_row) s.epoch, s.logon_id, s.earlier, s.origin_row, s.session
FROM step s
LEFT JOIN dim_source_ip i ON i.code = s.source_ip
WHERE s.time - s.origin_time BETWEEN INTERVAL 0 SECOND AND INTERVAL 10 SECOND
  AND (coalesce(i.text, '') IN ('', s.arrived_from) OR s.arrived_from = '')
ORDER BY s.origin_row, s.time;

CREATE OR REPLACE TEMP TABLE attachment AS
SELECT epoch, logon_id, earlier, origin_row, session, role FROM desk_attachment
UNION ALL
SELECT epoch, logon_id, earlier, origin_row, session, 'nla' FROM nla;

-- The rows of plain sessions are made from the logons as they are (publish.sql); these are the logons that are none.
CREATE OR REPLACE TEMP TABLE special AS
SELECT origin_row FROM unplain
UNION
SELECT origin_row FROM desk_token
UNION
SELECT origin_row FROM attachment;

-- Those of them that make no session at a desk are sessions of their own: contacts, services, tasks, and the system's own
-- desktops (hidden).
CREATE OR REPLACE TEMP VIEW lone AS
FROM logon
JOIN unplain USING (origin_row)
ANTI JOIN desk_token USING (origin_row)
ANTI JOIN attachment USING (origin_row);

CREATE OR REPLACE TEMP TABLE token AS
SELECT epoch, logon_id, earlier, session, rank FROM desk_token
UNION ALL
SELECT epoch, logon_id, earlier, origin_row, 0 FROM lone;

CREATE OR REPLACE TEMP TABLE draft AS
WITH desk AS (
    SELECT t.session,
           any_value(t.epoch) AS epoch,
           list(t.logon_id ORDER BY t.rank) AS logon_ids,
           arg_min(l.class, t.rank) AS class,
           arg_min(l.kind, t.rank) AS kind,
           arg_min(l.person, t.rank) AS person,
           arg_min(l.account, t.rank) AS account,
           arg_min(l.logon_type, t.rank) AS logon_type,
           arg_min(l.source_ip, t.rank) AS source_ip,
           arg_min(l.workstation, t.rank) AS workstation,
           bool_and(t.earlier) AS truncated,
           bool_or(t.earlier) AND NOT bool_and(t.earlier) AS is_mended,
           min(l.start_pos) AS start_pos,
           arg_min(l.origin_time, l.start_pos) AS start,
           min(l.first_pos) AS first_pos,
           arg_min(coalesce(f.first_time, l.origin_time), l.first_pos) AS first_time,
           min(a.ask_pos) AS ask_pos,
           arg_min(a.ask_time, a.ask_pos) AS asked,
           min(l.close_pos) AS close_pos,
           arg_min(l.close_time, l.close_pos) AS destroyed,
           bool_or(l.privileged) AS privileged,
           max(l.seen_pos) AS seen_pos,
           arg_max(l.last_seen, l.seen_pos) AS last_seen,
           bool_or(l.logged_on_twice) AS logged_on_twice,
           bool_or(l.closed_twice) AS closed_twice,
           bit_or(l.accounts) AS accounts
    FROM desk_token t
    JOIN logon l USING (epoch, logon_id, earlier)
    LEFT JOIN asked a USING (epoch, logon_id, earlier)
    LEFT JOIN first_sign f USING (epoch, logon_id, earlier)
    GROUP BY t.session
),
-- A logon that only unlocked a desktop or came back to it stands for that desktop where nothing else shows it: it began
-- before, and goes on after the logon has been closed (rule R13).
witness AS (
    SELECT d.* REPLACE (d.truncated OR is_witness AS truncated, CASE WHEN NOT is_witness THEN d.start END AS start,
                        CASE WHEN NOT is_witness THEN d.start_pos END AS start_pos,
                        CASE WHEN NOT is_witness THEN d.close_pos END AS close_pos,
                        CASE WHEN NOT is_witness THEN d.destroyed END AS destroyed)
    FROM (SELECT *, class = 'unlock' AS is_witness FROM desk) d
)
SELECT p.machine, p.number AS boot, d.* EXCLUDE (is_witness, start, truncated, logon_type),
       CASE WHEN d.truncated THEN o.opened ELSE d.start END AS start, d.truncated AND o.opened IS NULL AS truncated,
       coalesce(d.logon_type, o.logon_type) AS logon_type, s.role, s.parent,
       CASE WHEN d.truncated AND o.opened IS NOT NULL THEN list_append(s.flags, o.evidence) ELSE s.flags END AS flags,
       o.number, '' AS log
FROM witness d
JOIN epoch p USING (epoch)
JOIN desk_session s USING (session)
LEFT JOIN desk_desktop o USING (session)
UNION ALL BY NAME
SELECT l.machine, l.boot, l.origin_row AS session, l.epoch, [l.logon_id] AS logon_ids, l.class, l.kind, l.person,
       l.account, l.logon_type, l.source_ip, l.workstation, l.earlier AS truncated, false AS is_mended, l.start_pos,
       CASE WHEN NOT l.earlier THEN l.origin_time END AS start, l.first_pos,
       coalesce(f.first_time, l.origin_time) AS first_time, l.ask_pos, l.ask_time AS asked, l.close_pos,
       l.close_time AS destroyed, l.privileged, l.seen_pos, l.last_seen, l.logged_on_twice,
       l.closed_twice, l.accounts, 'session' AS role, NULL AS parent, [] AS flags,
       NULL AS number, '' AS log
FROM lone l
LEFT JOIN first_sign f USING (epoch, logon_id, earlier)
UNION ALL BY NAME
-- Those that only other logs show (rule R23).
SELECT o.machine, o.boot, o.session, p.epoch, []::UBIGINT[] AS logon_ids, 'stay' AS class,
       coalesce(ap.kind, 'none') AS kind, coalesce(ap.person, 0) AS person, o.account, o.logon_type, e.source_ip,
       0 AS workstation, o.opened IS NULL AS truncated, false AS is_mended, o.opened AS start, n.pos AS first_pos,
       n.time AS first_time, false AS privileged, n.time AS last_seen, false AS logged_on_twice,
       false AS closed_twice, 'session' AS role,
       CASE WHEN o.opened IS NOT NULL THEN [o.evidence] ELSE [] END AS flags, o.number, o.log
FROM desk_desktop o
JOIN epoch p ON p.machine = o.machine AND p.number = o.boot
JOIN neighbour n ON n.row = o.row
JOIN event e ON e.row = o.row
LEFT JOIN account_person ap ON ap.account = o.account
WHERE o.is_alone;
