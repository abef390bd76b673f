-- Loaded machines that sessions may have come from, and why (rule R24, and LOGON.md 1.4: the client's own records).
--
-- Reads   session, session_event, machine, computer_machine, event, audited_event, live_event, dim_*
-- Values  $sessions
-- Gives   for each sign the record that points to the session's machine, if it is one, and its microseconds from the start

WITH target AS (
    SELECT s.session_id, s.machine, m.name, s.start_latest AS began, s.source_ip, s.workstation
    FROM session s
    JOIN machine m ON m.number = s.machine
    WHERE s.session_id IN (SELECT unnest($sessions::BIGINT[]))
),
-- All that the session's own records, and those of the logons folded into it, say of the client.
member AS (
    SELECT session_id, session_id AS target FROM target
    UNION ALL
    SELECT s.session_id, s.parent FROM session s WHERE s.parent IN (SELECT session_id FROM target)
),
said AS (
    SELECT DISTINCT m.target AS session_id, e.source_ip, e.workstation
    FROM session_event x
    JOIN member m USING (session_id)
    JOIN event e ON e.row = x.row
    WHERE x.role <> 'acted'
    UNION
    SELECT session_id, source_ip, workstation FROM target
),
address AS (
    SELECT DISTINCT s.session_id, i.code
    FROM said s JOIN dim_source_ip i ON i.code = s.source_ip
    WHERE i.text NOT IN ('', '127.0.0.1', '::1', '0.0.0.0', 'LOCAL')
),
client_name AS (
    SELECT DISTINCT s.session_id, lower(w.text) AS name
    FROM said s JOIN dim_workstation w ON w.code = s.workstation
    WHERE w.text <> ''
),
-- The names that a machine goes by.
named AS (
    SELECT DISTINCT number, unnest([lower(name), lower(split_part(name, '.', 1)),
                                    substring(lower(split_part(name, '.', 1)), 1, 15)]) AS name
    FROM machine
),
-- Names that go by one of the addresses elsewhere in the case: clients' own words, and machine accounts.
by_address AS (
    SELECT DISTINCT e.source_ip AS code, lower(w.text) AS name, 'address' AS reason
    FROM audited_event e JOIN dim_workstation w ON w.code = e.workstation
    WHERE e.source_ip IN (SELECT code FROM address) AND e.event_id IN (4624, 4625, 4778, 4779) AND w.text <> ''
    UNION
    SELECT e.source_ip, lower(rtrim(a.name, '$')), 'machine account'
    FROM audited_event e JOIN dim_account a ON a.code = e.target
    WHERE e.source_ip IN (SELECT code FROM address) AND e.event_id IN (4624, 4768, 4769) AND a.kind = 'machine'
),
-- What a record names that points to a server: the server, or a service on it.
server AS (
    SELECT DISTINCT code, unnest([lower(split_part(text, '.', 1)),
                                  lower(split_part(split_part(text, '/', 2), '.', 1))]) AS name
    FROM dim_object
),
asked AS (
    SELECT row, source, computer, event_id, time, object FROM audited_event WHERE event_id = 4648
    UNION ALL
    SELECT row, source, computer, event_id, time, object FROM live_event WHERE event_id IN (1024, 1102) AND provider IN (
        SELECT code FROM dim_provider WHERE text = 'Microsoft-Windows-TerminalServices-ClientActiveXCore')
),
pointing AS (
    SELECT DISTINCT t.session_id, cm.machine, e.row, e.event_id, abs(epoch_us(e.time) - epoch_us(t.began)) AS away
    FROM asked e
    JOIN server v ON v.code = e.object
    JOIN target t ON lower(split_part(t.name, '.', 1)) = v.name
        AND e.time BETWEEN t.began - INTERVAL 2 MINUTE AND t.began + INTERVAL 2 MINUTE
    JOIN computer_machine cm ON cm.source = e.source AND cm.computer = e.computer
),
found AS (
    SELECT c.session_id, n.number AS machine, 'workstation' AS reason, NULL::BIGINT AS row, NULL::BIGINT AS away
    FROM named n JOIN client_name c USING (name)
    UNION
    SELECT a.session_id, n.number, b.reason, NULL, NULL
    FROM address a JOIN by_address b USING (code) JOIN named n USING (name)
    UNION
    SELECT session_id, machine, CASE event_id WHEN 4648 THEN 'credentials' ELSE 'rdp client' END, row, away FROM pointing
)
SELECT f.session_id, f.machine, f.reason, f.row, f.away
FROM found f
JOIN target t ON t.session_id = f.session_id AND t.machine <> f.machine
ORDER BY f.session_id, f.away NULLS LAST, f.row
