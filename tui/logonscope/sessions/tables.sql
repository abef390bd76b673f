-- The rebuilt tables that the rest of the program reads.
--
-- Reads   ended, token, attachment, named, terminal_mark, presence, session_gap, machine, event_role
-- Writes  session, session_event

CREATE OR REPLACE TEMP TABLE numbered AS
SELECT e.session,
       row_number() OVER (ORDER BY m.name, e.machine, e.boot, e.first_pos, e.session)::INTEGER AS session_id,
       m.name || '/' || e.boot || '/' || CASE WHEN e.from_lsm THEN 'desktop' || e.session_number || '#' || e.first_pos
                                              ELSE printf('0x%x', e.logon_ids[1]) END
           || CASE WHEN e.id_used_again THEN '*' ELSE '' END AS key
FROM ended e
JOIN machine m ON m.number = e.machine;

CREATE OR REPLACE TABLE session AS
WITH folded AS (SELECT session, count(*)::INTEGER AS logons FROM attachment GROUP BY session)
SELECT n.session_id, n.key, e.machine, e.boot, e.role, e.class, p.session_id AS parent,
       e.account, e.person, e.kind, e.kind IN ('system', 'machine', 'virtual') AS hidden,
       e.logon_type, e.logon_ids,
       e.start,
       CASE WHEN e.from_lsm THEN 'LSM21' WHEN e.start IS NULL THEN 'before-log' ELSE '4624' END AS start_evidence,
       e.start_earliest, coalesce(e.start, e.first_time) AS start_latest,
       e.end_time AS end_time, e.end_evidence, e.end_earliest, e.end_latest, e.destroyed, e.grade,
       CASE WHEN e.duration >= 0 THEN e.duration END AS duration, e.span,
       CASE WHEN e.duration >= 0 THEN e.duration - coalesce(a.away, 0) END AS active,
       coalesce(a.audited, '') AS presence,
       e.last_seen, coalesce(e.privileged, false) AS privileged, e.source_ip, e.workstation,
       e.session_number, coalesce(f.logons, 0) AS attached,
       list_filter([
           CASE WHEN e.ask_pos IS NOT NULL THEN 'user-initiated' END,
           CASE WHEN e.truncated THEN 'truncated' END,
           CASE WHEN e.duration IS NOT NULL AND abs(e.clock_at_end - e.clock_at_start) >= 2000000
                THEN 'clock-adjusted' END,
           CASE WHEN g.session IS NOT NULL THEN 'gap' END,
           CASE WHEN list_contains(e.flags, 'host-not-seen') THEN 'host-not-seen' END,
           CASE WHEN e.logged_on_twice THEN 'duplicate-4624' END,
           CASE WHEN e.closed_twice THEN 'duplicate-4634' END,
           CASE WHEN e.id_used_again THEN 'id-used-again' END,
           CASE WHEN e.duration < 0 THEN 'negative-duration' END,
           CASE WHEN e.from_lsm THEN 'from-lsm' END
       ], lambda flag: flag IS NOT NULL) AS flags
FROM ended e
JOIN numbered n USING (session)
LEFT JOIN numbered p ON p.session = e.parent
LEFT JOIN folded f ON f.session = e.session
LEFT JOIN presence a ON a.session = e.session
LEFT JOIN session_gap g ON g.session = e.session
ORDER BY n.session_id;

-- Every record that carries a session's logon ID in its boot, and what it shows about the session.
CREATE OR REPLACE TABLE session_event AS
SELECT n.session_id, m.row, CASE WHEN m.about THEN coalesce(r.role, 'note') ELSE 'acted' END AS role
FROM token t
JOIN numbered n USING (session)
JOIN named m USING (machine, boot, logon_id)
LEFT JOIN event_role r USING (event_id)
LEFT JOIN orphaned o USING (machine, boot, logon_id)
LEFT JOIN opened s USING (machine, boot, logon_id)
WHERE t.earlier = (s.start_pos IS NULL OR m.pos <= coalesce(o.orphan_pos, -1))
UNION ALL
SELECT n.session_id, m.row, t.role
FROM attachment t
JOIN numbered n USING (session)
JOIN named m USING (machine, boot, logon_id)
UNION ALL
SELECT n.session_id, t.row, t.role
FROM terminal_mark t
JOIN numbered n USING (session);
