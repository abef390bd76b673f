-- Where Remote Desktop sessions came from, by the best record there is (rule R24), and the records of their connections.
-- Records of the start come first: a reconnection (4778, 25) can be from somewhere else.
--
-- Reads   draft, token, attachment, named, terminal_mark, neighbour, event, dim_*, machine
-- Writes  terminal_mark, client (temporary)

-- The records of one connection share a random activity ID: 131 knows the address, 21 and 25 the desktop.
INSERT INTO terminal_mark
SELECT DISTINCT t.session, n.row, 'connection'
FROM terminal_mark t
JOIN neighbour o ON o.row = t.row AND o.activity <> 0
JOIN neighbour n ON n.machine = o.machine AND n.activity = o.activity
WHERE n.provider IN ('Microsoft-Windows-RemoteDesktopServices-RdpCoreTS',
                     'Microsoft-Windows-TerminalServices-RemoteConnectionManager');

CREATE OR REPLACE TEMP TABLE client AS
WITH remote AS (
    SELECT d.session, d.machine, d.start_pos, d.source_ip, d.workstation,
           d.log = '' AND d.start_pos IS NOT NULL AS has_logon
    FROM draft d
    WHERE d.logon_type IN (10, 12)
),
said AS (
    SELECT session, source_ip, 0 AS workstation, '4624' AS evidence, 1 AS rank, 0::BIGINT AS pos
    FROM remote
    WHERE has_logon
    UNION ALL
    SELECT r.session, e.source_ip, e.workstation, n.event_id::VARCHAR, 6, n.pos
    FROM remote r
    JOIN token t USING (session)
    JOIN named n USING (epoch, logon_id)
    JOIN event e ON e.row = n.row
    WHERE n.about AND n.event_id IN (4778, 4779)
    UNION ALL
    SELECT r.session, n.source_ip, 0,
           CASE WHEN n.event_id IN (21, 25) THEN 'LSM' || n.event_id ELSE n.event_id::VARCHAR END,
           CASE n.event_id WHEN 21 THEN 2 WHEN 131 THEN 4 WHEN 1149 THEN 5 ELSE 7 END, n.pos
    FROM remote r
    JOIN terminal_mark m USING (session)
    JOIN neighbour n ON n.row = m.row
    WHERE n.event_id IN (21, 25, 131, 1149) AND n.provider <> 'Microsoft-Windows-Winlogon'
    UNION ALL
    -- Like the others, the first step of a reconnection comes after those of the start.
    SELECT r.session, e.source_ip, e.workstation, 'nla', CASE WHEN n.start_pos <= r.start_pos THEN 3 ELSE 8 END,
           -n.start_pos
    FROM remote r
    JOIN attachment a USING (session)
    JOIN logon n USING (epoch, logon_id, earlier)
    JOIN event e ON e.row = n.origin_row
    WHERE a.role = 'nla'
),
address AS (
    SELECT s.session, arg_min(s.source_ip, (s.rank, s.pos)) AS source_ip,
           arg_min(s.evidence, (s.rank, s.pos)) AS evidence
    FROM said s
    JOIN dim_source_ip i ON i.code = s.source_ip
    WHERE i.text NOT IN ('', 'LOCAL', '0.0.0.0')
    GROUP BY s.session
),
-- A logon of type 10 names the machine itself as the workstation: only other records name the client.
station AS (
    SELECT s.session, arg_min(s.workstation, (s.rank, s.pos)) AS workstation
    FROM said s
    JOIN dim_workstation w ON w.code = s.workstation
    WHERE w.text NOT IN ('', 'Unknown')
    GROUP BY s.session
)
SELECT r.session, coalesce(a.source_ip, r.source_ip) AS source_ip,
       coalesce(a.evidence, CASE WHEN r.source_ip <> 0 AND r.has_logon THEN '4624' ELSE '' END) AS evidence,
       coalesce(s.workstation,
                CASE WHEN lower(w.text) <> lower(m.name) THEN r.workstation ELSE 0 END) AS workstation
FROM remote r
JOIN machine m ON m.number = r.machine
LEFT JOIN dim_workstation w ON w.code = r.workstation
LEFT JOIN address a USING (session)
LEFT JOIN station s USING (session);
