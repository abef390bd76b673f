-- Loaded machines that a session may have come from, and why (rule R24, and LOGON.md 1.4: the client's own records).
--
-- Reads   session, session_event, machine, computer_machine, event, audited_event, dim_*, coverage
-- Values  $session

WITH target AS (
    SELECT s.session_id, s.machine, m.name, s.start_latest AS began, s.source_ip, s.workstation
    FROM session s
    JOIN machine m ON m.number = s.machine
    WHERE s.session_id = $session
),
-- All that the session's own records, and those of the logons folded into it, say of the client.
member AS (
    SELECT session_id FROM target
    UNION ALL
    SELECT s.session_id FROM session s JOIN target t ON s.parent = t.session_id
),
said AS (
    SELECT DISTINCT e.source_ip, e.workstation
    FROM session_event x
    JOIN member USING (session_id)
    JOIN event e ON e.row = x.row
    WHERE x.role <> 'acted'
),
address AS (
    SELECT DISTINCT i.code
    FROM dim_source_ip i
    WHERE i.code IN (SELECT source_ip FROM said UNION ALL SELECT source_ip FROM target)
      AND i.text NOT IN ('', '127.0.0.1', '::1', '0.0.0.0', 'LOCAL')
),
client_name AS (
    SELECT DISTINCT lower(w.text) AS name
    FROM dim_workstation w
    WHERE w.code IN (SELECT workstation FROM said UNION ALL SELECT workstation FROM target) AND w.text <> ''
),
named AS (
    SELECT number, name, lower(split_part(name, '.', 1)) AS short, substring(lower(split_part(name, '.', 1)), 1, 15) AS netbios
    FROM machine
),
-- Names that go by one of the session's addresses elsewhere in the case: clients' own words, and machine accounts.
by_address AS (
    SELECT lower(w.text) AS name, 'address' AS reason
    FROM audited_event e JOIN address d ON d.code = e.source_ip JOIN dim_workstation w ON w.code = e.workstation
    WHERE e.event_id IN (4624, 4625, 4778, 4779) AND w.text <> ''
    UNION
    SELECT lower(rtrim(a.name, '$')), 'machine account'
    FROM audited_event e JOIN address d ON d.code = e.source_ip JOIN dim_account a ON a.code = e.target
    WHERE e.event_id IN (4624, 4768, 4769) AND a.kind = 'machine'
),
pointing AS (
    SELECT cm.machine, e.row, e.event_id, abs(epoch_us(e.time) - epoch_us(t.began)) AS away
    FROM target t
    JOIN (FROM audited_event WHERE event_id = 4648
          UNION ALL FROM live_event WHERE event_id IN (1024, 1102) AND provider IN (
              SELECT code FROM dim_provider WHERE text = 'Microsoft-Windows-TerminalServices-ClientActiveXCore')) e
        ON e.time BETWEEN t.began - INTERVAL 2 MINUTE AND t.began + INTERVAL 2 MINUTE
    JOIN dim_object o ON o.code = e.object
    JOIN computer_machine cm ON cm.source = e.source AND cm.computer = e.computer
    WHERE cm.machine <> t.machine
      AND (lower(split_part(o.text, '.', 1)) = lower(split_part(t.name, '.', 1))
           OR lower(split_part(split_part(o.text, '/', 2), '.', 1)) = lower(split_part(t.name, '.', 1)))
),
found AS (
    SELECT n.number AS machine, 'workstation' AS reason, NULL::BIGINT AS row, NULL::BIGINT AS away
    FROM named n JOIN client_name c ON c.name IN (n.short, n.netbios, lower(n.name))
    UNION ALL
    SELECT n.number, b.reason, NULL, NULL
    FROM named n JOIN by_address b ON b.name IN (n.short, n.netbios, lower(n.name))
    UNION ALL
    SELECT machine, CASE event_id WHEN 4648 THEN 'credentials' ELSE 'rdp client' END, row, away FROM pointing
),
near AS (
    SELECT cm.machine, count(*) AS records
    FROM target t
    JOIN event e ON e.time BETWEEN t.began - INTERVAL 10 MINUTE AND t.began + INTERVAL 10 MINUTE
    JOIN computer_machine cm ON cm.source = e.source AND cm.computer = e.computer
    GROUP BY cm.machine
)
SELECT m.name, f.reason, f.row, coalesce(r.records, 0),
       EXISTS (SELECT 1 FROM coverage c WHERE c.machine = f.machine AND c.kind = 'covered'
                                          AND t.began BETWEEN c.since AND c.until)
FROM found f
JOIN target t ON f.machine <> t.machine
JOIN machine m ON m.number = f.machine
LEFT JOIN near r ON r.machine = f.machine
ORDER BY f.away NULLS LAST, f.row
