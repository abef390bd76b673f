-- From logons to sessions in the making, before their ends are chosen.
--
-- Reads   logon, opened, desk_token, desk_session, desk_attachment, desk_start
-- Writes  nla, draft, token, attachment (temporary)

-- A network logon up to 10 s before the same account arrives over Remote Desktop is that arrival's first step
-- (rule R13), unless the two name different sources.
CREATE OR REPLACE TEMP TABLE nla AS
SELECT l.machine, l.boot, l.logon_id, l.earlier, d.session
FROM logon l
ASOF JOIN desk_start d
    ON l.machine = d.machine AND l.boot = d.boot AND l.person = d.person AND l.start_pos <= d.pos
LEFT JOIN dim_source_ip i ON i.code = l.source_ip
WHERE l.class = 'contact' AND l.logon_type = 3 AND l.start_pos IS NOT NULL
  AND d.time - l.origin_time BETWEEN INTERVAL 0 SECOND AND INTERVAL 10 SECOND
  AND (coalesce(i.text, '') IN ('', d.source_ip) OR d.source_ip = '');

CREATE OR REPLACE TEMP TABLE attachment AS
SELECT machine, boot, logon_id, earlier, session, role FROM desk_attachment
UNION ALL
SELECT machine, boot, logon_id, earlier, session, 'nla' FROM nla;

-- Everything else is a session of its own: contacts, services, tasks, and the system's own desktops (hidden).
CREATE OR REPLACE TEMP TABLE token AS
SELECT machine, boot, logon_id, earlier, session, rank FROM desk_token
UNION ALL
SELECT l.machine, l.boot, l.logon_id, l.earlier,
       row_number() OVER (ORDER BY l.machine, l.boot, l.first_pos, l.logon_id, l.earlier)
           + coalesce((SELECT max(session) FROM desk_token), 0),
       0
FROM logon l
ANTI JOIN desk_token USING (machine, boot, logon_id, earlier)
ANTI JOIN attachment USING (machine, boot, logon_id, earlier);

CREATE OR REPLACE TEMP TABLE draft AS
SELECT t.session,
       any_value(t.machine) AS machine,
       any_value(t.boot) AS boot,
       list(t.logon_id ORDER BY t.rank) AS logon_ids,
       coalesce(any_value(d.role), 'session') AS role,
       any_value(d.parent) AS parent,
       coalesce(any_value(d.flags), []) AS flags,
       arg_min(l.class, t.rank) AS class,
       arg_min(l.kind, t.rank) AS kind,
       arg_min(l.person, t.rank) AS person,
       arg_min(l.account, t.rank) AS account,
       arg_min(l.logon_type, t.rank) AS logon_type,
       arg_min(l.source_ip, t.rank) AS source_ip,
       arg_min(l.workstation, t.rank) AS workstation,
       bool_or(t.earlier) AS truncated,
       min(l.start_pos) AS start_pos,
       arg_min(l.origin_row, l.start_pos) AS start_row,
       arg_min(l.origin_time, l.start_pos) AS start,
       min(l.first_pos) AS first_pos,
       arg_min(l.first_time, l.first_pos) AS first_time,
       min(l.ask_pos) AS ask_pos,
       arg_min(l.ask_time, l.ask_pos) AS asked,
       min(l.close_pos) AS close_pos,
       arg_min(l.close_time, l.close_pos) AS destroyed,
       bool_or(l.privileged) AS privileged,
       max(l.seen_pos) AS seen_pos,
       arg_max(l.last_seen, l.seen_pos) AS last_seen,
       false AS from_lsm,
       max(l.logons) > 1 AS logged_on_twice,
       max(l.closes) > 1 AS closed_twice,
       bool_or(t.earlier AND o.start_pos IS NOT NULL) AS id_used_again
FROM token t
JOIN logon l USING (machine, boot, logon_id, earlier)
LEFT JOIN opened o USING (machine, boot, logon_id)
LEFT JOIN desk_session d ON d.session = t.session
GROUP BY t.session;
