-- Sessions that only the LocalSessionManager log shows, because the Security log does not reach that far (rule R23).
--
-- Reads   terminal_only, event, account_person
-- Writes  draft

INSERT INTO draft BY NAME
SELECT t.session, t.machine, t.boot, []::UBIGINT[] AS logon_ids, 'session' AS role, []::VARCHAR[] AS flags,
       'stay' AS class, coalesce(ap.kind, 'none') AS kind, coalesce(ap.person, 0) AS person, t.account, t.logon_type,
       e.source_ip, 0 AS workstation, false AS truncated, t.start_row, e.time AS start, e.record_id AS first_pos,
       e.time AS first_time, e.time AS last_seen, false AS privileged, true AS from_lsm, false AS logged_on_twice,
       false AS closed_twice, false AS id_used_again
FROM terminal_only t
JOIN event e ON e.rowid = t.start_row
LEFT JOIN account_person ap ON ap.account = t.account;
