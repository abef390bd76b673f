-- How far some machines have records of the time at which a session began.
--
-- Reads   session, machine, computer_machine, event, coverage
-- Values  $session, $machines

WITH target AS (SELECT start_latest AS began FROM session WHERE session_id = $session),
near AS (
    SELECT cm.machine, count(*) AS records
    FROM target t
    JOIN event e ON e.time BETWEEN t.began - INTERVAL 10 MINUTE AND t.began + INTERVAL 10 MINUTE
    JOIN computer_machine cm ON cm.source = e.source AND cm.computer = e.computer
    GROUP BY cm.machine
)
SELECT m.number, m.name, coalesce(r.records, 0),
       EXISTS (SELECT 1 FROM coverage c JOIN target t ON t.began BETWEEN c.since AND c.until
               WHERE c.machine = m.number AND c.kind = 'covered')
FROM machine m LEFT JOIN near r ON r.machine = m.number
WHERE m.number IN (SELECT unnest($machines::INTEGER[]))
