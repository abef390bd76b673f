-- What the logs of each machine cover, and what they lack (LOGON.md 3.7); the kinds are those of coverage.toml.
--
-- Reads   log_run, missing, left_run, load_cut, filtered, security_sign, seen_event, security_channel, epoch, clock,
--         backwards, event, dim_*, named, mentioned, log_stop, without_id, audit_event, interruption
-- Writes  told, mark (temporary)

-- The audit subcategories that tell of sessions (LOGON.md 6).
CREATE OR REPLACE TEMP TABLE told AS
SELECT unnest(['Logon', 'Logoff', 'Special Logon', 'Other Logon/Logoff', 'Group Membership', 'Security State Change',
               'Process Creation', 'User Account Management', 'Credential Validation',
               'Kerberos Authentication Service', 'Kerberos Service Ticket Operations']) AS subcategory;

CREATE OR REPLACE TEMP TABLE mark AS
SELECT machine, channel, 'covered' AS kind, arg_min(first_time, first_pos) AS since,
       arg_max(last_time, last_pos) AS until, sum(records)::BIGINT AS amount, NULL::BIGINT AS row, '' AS text,
       NULL::BIGINT AS after_pos, NULL::BIGINT AS next_pos
FROM log_run
GROUP BY machine, channel
UNION ALL
SELECT m.machine, m.channel, 'missing', m.since, m.until, m.records, NULL, '', m.after_pos, m.next_pos
FROM missing m
ANTI JOIN filtered USING (machine, channel)
UNION ALL
SELECT f.machine, f.channel, 'filtered', NULL, NULL, f.absent, NULL, '', NULL, NULL
FROM filtered f
UNION ALL
SELECT l.machine, l.channel, 'left out', NULL, NULL, max(l.records), NULL, any_value(c.text), NULL, NULL
FROM left_run l
CROSS JOIN load_cut c
GROUP BY l.machine, l.channel
UNION ALL
SELECT s.machine, s.channel,
       CASE WHEN s.event_id = 1102 THEN 'cleared' WHEN s.event_id = 1101 THEN 'lost'
            WHEN s.event_id = 4719 THEN 'policy' ELSE 'full' END,
       s.time, s.time, NULL, s.row,
       CASE WHEN s.event_id IN (1102, 4719) THEN concat_ws('\', nullif(a.domain, ''), nullif(a.name, '')) ELSE '' END,
       s.pos - 1, s.pos
FROM security_sign s
LEFT JOIN dim_account a ON a.code = s.account
UNION ALL
-- 104 is written to the System log and names another one.
SELECT cm.machine, coalesce(c.code, e.channel), 'cleared', e.time, e.time, NULL, e.row,
       concat_ws('\', nullif(a.domain, ''), nullif(a.name, '')), NULL, NULL
FROM live_event e
JOIN dim_provider p ON p.code = e.provider
JOIN computer_machine cm USING (source, computer)
JOIN dirty USING (machine)
LEFT JOIN dim_object o ON o.code = e.object
LEFT JOIN dim_channel c ON c.code <> 0 AND lower(c.text) = lower(o.text)
LEFT JOIN dim_account a ON a.code = e.subject
WHERE p.text = 'Microsoft-Windows-Eventlog' AND e.event_id = 104
UNION ALL
SELECT l.machine, c.channel, 'stopped', l.time, l.next_time, NULL, l.row, '', l.pos, l.next_pos
FROM log_stop l
JOIN security_channel c USING (machine)
UNION ALL
-- A forged step can lead out of the years that there are.
SELECT k.machine, e.channel, 'clock',
       CASE WHEN k.time - to_microseconds(k.clock_step) BETWEEN '0001-01-01' AND '9999-12-31'
                THEN k.time - to_microseconds(k.clock_step) END,
       k.time, k.clock_step, k.row,
       concat_ws('\', nullif(a.domain, ''), nullif(a.name, '')), NULL, NULL
FROM clock k
JOIN event e USING (row)
LEFT JOIN dim_account a ON a.code = e.subject
WHERE abs(k.clock_step) >= 2000000
UNION ALL
SELECT machine, channel, 'backwards', before, time, epoch_us(time) - epoch_us(before), row, '', NULL, NULL
FROM backwards
UNION ALL
SELECT c.machine, c.channel, 'never seen', NULL, NULL, NULL, NULL, a.subcategory, NULL, NULL
FROM security_channel c
CROSS JOIN told a
WHERE NOT EXISTS (FROM load_cut WHERE is_partial) AND (c.machine, a.subcategory) NOT IN (
    SELECT (s.machine, v.subcategory)
    FROM seen_event s
    JOIN audit_event v USING (event_id))
UNION ALL
SELECT machine, 0, 'interrupted', first, last, times, NULL, text, NULL, NULL
FROM interruption
UNION ALL
SELECT w.machine, any_value(c.channel), 'no logon ID', min(w.time), max(w.time), count(*), min(w.row), '', NULL, NULL
FROM without_id w
JOIN security_channel c USING (machine)
GROUP BY w.machine
UNION ALL
SELECT p.machine, any_value(c.channel), 'mentioned', min(n.time), max(n.time), count(*), min(n.row),
       printf('0x%x', n.logon_id) || ' in boot ' || p.number, NULL, NULL
FROM named n
JOIN mentioned m USING (epoch, logon_id)
JOIN epoch p USING (epoch)
JOIN security_channel c ON c.machine = p.machine
GROUP BY p.machine, p.number, n.logon_id;
