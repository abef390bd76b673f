-- Security records in record order: position = generation, then EventRecordID (rule R1).
--
-- Reads   event, dim_*, computer_machine, generation
-- Writes  security (temporary)

CREATE OR REPLACE TEMP TABLE security AS
SELECT cm.machine,
       (coalesce(g.generation, 0)::BIGINT << 48) + least(e.record_id, 281474976710655)::BIGINT AS pos,
       e.rowid AS row, e.event_id, e.time, e.logon_id, e.subject_logon_id
FROM event e
JOIN computer_machine cm USING (source, computer)
LEFT JOIN generation g
    ON g.source = e.source AND g.channel = e.channel AND g.machine = cm.machine
    AND e.header_id BETWEEN g.first_header_id AND g.last_header_id
WHERE e.channel IN (SELECT code FROM dim_channel WHERE lower(text) = 'security')
  AND e.provider IN (SELECT code FROM dim_provider
                     WHERE text IN ('Microsoft-Windows-Security-Auditing', 'Microsoft-Windows-Eventlog'));
