-- The rows of the tables that the rest of the program reads, for the machines that changed; one transaction.
--
-- Reads   dirty, gone, ended, logon, special, plain_event, touched, two_users, used_again, clocked, unclocked, attachment, presence, away, contact_visit, visit,
--         token, named, epoch, event_role, orphaned, terminal_mark, neighbour, machine
-- Writes  stale (temporary), full_session, plain_session, other_event, absence

CREATE OR REPLACE TEMP TABLE stale AS FROM dirty UNION FROM gone;

DELETE FROM full_session WHERE machine IN (FROM stale);
DELETE FROM plain_session WHERE machine IN (FROM stale);
DELETE FROM other_event WHERE machine IN (FROM stale);
DELETE FROM absence WHERE machine IN (FROM stale);

INSERT INTO full_session BY NAME
WITH folded AS (SELECT session, count(*)::INTEGER AS logons FROM attachment GROUP BY session),
flagged AS (
    SELECT e.*, e.session IN (FROM touched) AS has_hole, e.session IN (FROM two_users) AS has_two_users,
           e.session IN (FROM used_again) AS has_id_twice,
           e.duration IS NOT NULL AND abs(e.stepped) >= 2000000 AS has_step
    FROM ended e
)
SELECT e.session AS session_id,
       m.name || '/' || CASE WHEN e.log = '' THEN '0x' || lower(to_hex(e.logon_ids[1]))
                             WHEN e.log = 'LSM21' THEN 'LSM' || e.number ELSE 'Winlogon' || e.number END
           || '@' || (e.first_pos & 281474976710655) AS key,
       e.machine, e.boot, e.first_pos AS pos, e.role, e.class,
       coalesce(e.parent, v.visit) AS parent, e.account, e.person, e.kind,
       e.kind IN ('system', 'machine', 'virtual') AS hidden, e.logon_type, e.logon_ids, e.start,
       CASE WHEN e.start IS NULL THEN 'before-log'
            WHEN list_contains(e.flags, 'LSM21') THEN 'LSM21' WHEN list_contains(e.flags, '7001') THEN '7001'
            ELSE '4624' END AS start_evidence,
       e.start_earliest, e.known_from AS start_latest, e.end_time, e.end_evidence, e.end_earliest, e.end_latest,
       e.destroyed, e.grade,
       CASE WHEN e.duration >= 0 AND NOT e.is_implausible THEN e.duration END AS duration,
       CASE WHEN NOT e.is_implausible THEN greatest(e.duration_least, 0) END AS duration_least,
       CASE WHEN NOT e.is_implausible AND e.duration_most >= greatest(e.duration_least, 0) THEN e.duration_most END
           AS duration_most,
       e.span,
       CASE WHEN e.duration >= 0 AND NOT e.is_implausible THEN e.duration - coalesce(a.away, 0) END AS active,
       coalesce(a.audited, '') AS presence,
       e.last_seen, coalesce(e.privileged, false) AS privileged, e.source_ip, e.source_evidence, e.workstation,
       e.number AS session_number, coalesce(f.logons, 0) AS attached,
       CASE WHEN e.ask_pos IS NOT NULL OR e.truncated OR has_step OR has_hole OR e.is_doubtful OR e.flags <> [] OR e.logged_on_twice
                 OR e.closed_twice OR has_id_twice OR has_two_users OR e.duration < 0 OR e.is_implausible OR e.log <> ''
                 OR e.is_mended OR e.is_clock_unsure
            THEN list_filter([
                CASE WHEN e.ask_pos IS NOT NULL THEN 'user-initiated' END,
                CASE WHEN e.truncated THEN 'truncated' END,
                CASE WHEN has_step THEN 'clock-adjusted' END,
                CASE WHEN has_hole OR e.is_doubtful THEN 'gap' END,
                CASE WHEN e.is_doubtful THEN 'end-in-gap' END,
                CASE WHEN list_contains(e.flags, 'host-not-seen') THEN 'host-not-seen' END,
                CASE WHEN list_contains(e.flags, 'tokens-unsure') THEN 'tokens-unsure' END,
                CASE WHEN list_contains(e.flags, 'twin-unsure') THEN 'twin-unsure' END,
                CASE WHEN e.is_mended THEN 'token-missing' END,
                CASE WHEN e.logged_on_twice THEN 'duplicate-4624' END,
                CASE WHEN e.closed_twice THEN 'duplicate-4634' END,
                CASE WHEN has_id_twice THEN 'id-used-again' END,
                CASE WHEN has_two_users THEN 'two-users' END,
                CASE WHEN e.is_implausible THEN 'implausible-time' END,
                CASE WHEN e.duration < 0 THEN 'negative-duration' END,
                CASE WHEN e.is_clock_unsure OR e.log <> '' AND e.session NOT IN (FROM clocked)
                          OR e.session IN (FROM unclocked) THEN 'clock-unknown' END,
                CASE WHEN e.log = 'LSM21' THEN 'from-lsm' END,
                CASE WHEN e.log = '7001' THEN 'from-winlogon' END
            ], lambda flag: flag IS NOT NULL)
            ELSE [] END AS flags,
       CASE WHEN e.log = '' THEN coalesce(e.end_pos, e.last_pos) END AS end_pos
FROM flagged e
LEFT JOIN machine m ON m.number = e.machine
LEFT JOIN folded f ON f.session = e.session
LEFT JOIN presence a ON a.session = e.session
LEFT JOIN contact_visit v ON v.session = e.session;

-- The plain ones: seen from beginning to end.
INSERT INTO plain_session BY NAME
SELECT l.origin_row AS session_id, l.machine, l.boot, l.first_pos AS pos, l.close_pos AS end_pos, l.close_row AS end_row, l.class,
       v.visit AS parent, l.account, l.person, l.kind, l.logon_type, l.logon_id, l.origin_time AS start,
       l.close_time AS end_time, l.last_seen, l.privileged, l.source_ip, l.workstation
FROM logon l
LEFT JOIN special x USING (origin_row)
LEFT JOIN contact_visit v ON v.session = l.origin_row
WHERE x.origin_row IS NULL;

INSERT INTO full_session BY NAME
SELECT v.visit AS session_id, m.name || '/visit@' || (v.pos & 281474976710655) AS key, v.* EXCLUDE (visit),
       v.span AS duration, v.span AS duration_least, CASE WHEN v.end_latest IS NOT NULL THEN v.span END AS duration_most
FROM visit v
JOIN machine m ON m.number = v.machine;

-- Every other record that carries a session's logon ID in its boot, and what it shows about the session.
INSERT INTO other_event
WITH owner AS NOT MATERIALIZED (
    SELECT epoch, logon_id, earlier, session, NULL::record_role AS role FROM token
    UNION ALL
    SELECT epoch, logon_id, earlier, session, role::record_role FROM attachment
)
SELECT o.session, n.row, CASE WHEN o.role IS NOT NULL THEN o.role WHEN n.about THEN coalesce(r.role, 'note') ELSE 'acted' END, p.machine
FROM (SELECT n.*, coalesce(n.pos <= o.orphan_pos OR o.orphan_pos IS NOT NULL AND o.start_pos IS NULL, false) AS earlier
      FROM named n LEFT JOIN orphaned o USING (epoch, logon_id)) n
JOIN owner o USING (epoch, logon_id, earlier)
LEFT JOIN epoch p USING (epoch)
LEFT JOIN event_role r USING (event_id)
UNION ALL
SELECT origin_row, row, role, machine
FROM plain_event
ANTI JOIN special USING (origin_row)
UNION ALL
SELECT t.session, t.row, any_value(t.role)::record_role, any_value(n.machine)
FROM terminal_mark t
JOIN neighbour n USING (row)
GROUP BY t.session, t.row;

INSERT INTO absence
SELECT session, machine, kind, since, until, from_us, to_us FROM away;
