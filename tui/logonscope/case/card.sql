-- What is known of one user, source or machine: its sessions and refusals, a row each.
--
-- Reads   session, event, dim_*, computer_machine, machine, person, and what findings/terms.sql gives
-- Values  those of the two conditions
-- Gives   seen

CREATE OR REPLACE TEMP TABLE seen AS
WITH opened AS (
    SELECT s.session_id AS row, s.machine, s.person, s.account, source_of(i.text, w.text) AS source, s.logon_type,
           s.start IS NOT NULL AS began, coalesce(s.start, s.start_latest, s.end_earliest, s.end_time) AS time,
           greatest(s.last_seen, s.end_earliest, s.start) AS until,
           CASE WHEN s.hidden THEN 'system' WHEN s.class IN ('contact', 'work') THEN s.class ELSE 'stay' END AS part,
           s.kind IN ('person', 'setup') AS is_person, s.privileged, s.duration, s.grade, NULL::INTEGER AS event_id, NULL::UINTEGER AS reason
    FROM session s
    LEFT JOIN dim_source_ip i ON i.code = s.source_ip
    LEFT JOIN dim_workstation w ON w.code = s.workstation
    WHERE s.role = 'session' AND {sessions}
),
refused AS (
    SELECT e.row, c.machine, coalesce(p.person, 0) AS person, e.target AS account, source_of(i.text, w.text) AS source,
           e.logon_type, true AS began, e.time, e.time AS until, 'refused' AS part, false AS is_person, false AS privileged,
           NULL::BIGINT AS duration, '' AS grade, e.event_id,
           CASE WHEN coalesce(e.sub_status, 0) <> 0 THEN e.sub_status ELSE e.status END AS reason
    FROM audited_event e
    JOIN computer_machine c ON c.source = e.source AND c.computer = e.computer
    LEFT JOIN person p ON p.account = e.target
    LEFT JOIN dim_source_ip i ON i.code = e.source_ip
    LEFT JOIN dim_workstation w ON w.code = e.workstation
    WHERE (e.event_id IN (4625, 4771) OR (e.event_id IN (4768, 4776) AND coalesce(e.status, 0) <> 0))
      AND e.time IS NOT NULL AND {refusals}
)
SELECT q.* REPLACE (m.name AS machine,
                   elsewhere(q.machine, q.source) AS source),
       CASE WHEN q.person > 0 THEN q.person ELSE -q.account END AS who,
       CASE WHEN z.zone <> '' THEN timezone(z.zone, timezone('UTC', q.time))
            WHEN z.machine IS NOT NULL THEN q.time + to_minutes(z.minutes) END AS clock
FROM (FROM opened UNION ALL FROM refused) q
JOIN machine m ON m.number = q.machine
LEFT JOIN machine_zone z ON z.machine = q.machine;
