-- What one log says of desktops: sessions that only it shows, starts that only it holds, ends, and all its records
-- (rule R23).
--
-- Reads   terminal_only, terminal_start, terminal_stay, terminal_marks, event, epoch, account_person, neighbour
-- Writes  draft, terminal_end, terminal_mark

INSERT INTO draft BY NAME
SELECT t.machine, t.boot, t.session, p.epoch, []::UBIGINT[] AS logon_ids, 'stay' AS class,
       coalesce(ap.kind, 'none') AS kind, coalesce(ap.person, 0) AS person, t.account, t.logon_type,
       e.source_ip, 0 AS workstation, NOT t.is_opened AS truncated, false AS is_mended,
       CASE WHEN t.is_opened THEN n.time END AS start, n.pos AS first_pos, n.time AS first_time, false AS privileged,
       n.time AS last_seen, false AS logged_on_twice, false AS closed_twice, 'session' AS role, []::VARCHAR[] AS flags,
       t.number, t.evidence AS log
FROM terminal_only t
JOIN epoch p ON p.machine = t.machine AND p.number = t.boot
JOIN neighbour n ON n.row = t.session
JOIN event e ON e.row = t.session
LEFT JOIN account_person ap ON ap.account = t.account;

UPDATE draft SET start = t.time, truncated = false, flags = list_append(draft.flags, t.evidence),
                 logon_type = coalesce(draft.logon_type, t.logon_type)
FROM terminal_start t
WHERE t.session = draft.session;

UPDATE draft SET number = coalesce(draft.number, t.number)
FROM terminal_stay t
WHERE t.session = draft.session;

-- The first log that tells of an end is believed.
INSERT INTO terminal_end
SELECT s.session, s.number, s.end_time, s.evidence, s.number_taken, s.restarted, s.last_mark
FROM terminal_stay s
WHERE NOT EXISTS (SELECT 1 FROM terminal_end t
                  WHERE t.session = s.session AND (t.end_time IS NOT NULL OR s.end_time IS NULL));

DELETE FROM terminal_end t
WHERE t.end_time IS NULL AND EXISTS (SELECT 1 FROM terminal_end o WHERE o.session = t.session AND o.end_time IS NOT NULL);

INSERT INTO terminal_mark SELECT * FROM terminal_marks;
