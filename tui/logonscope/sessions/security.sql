-- Records in record order: position = generation, then EventRecordID (rule R1).
--
-- Reads   event, old_event, dim_*, computer_machine, dirty, generation
-- Writes  placed, security_record (temporary)

-- Every event of the machines to be built, with its position in its log.
CREATE OR REPLACE TEMP VIEW placed AS
SELECT cm.machine, coalesce(g.generation, 0)::BIGINT << 48 AS base,
       (coalesce(g.generation, 0)::BIGINT << 48) + least(e.record_id, 281474976710655)::BIGINT AS pos, e.*
FROM live_event e
JOIN computer_machine cm USING (source, computer)
JOIN dirty USING (machine)
LEFT JOIN generation g
    ON g.source = e.source AND g.channel = e.channel AND g.machine = cm.machine
    AND e.header_id BETWEEN g.first_header_id AND g.last_header_id;

-- The Security log. `account` is the one that a record speaks of, as `logon_id` is.
CREATE OR REPLACE TEMP VIEW security_record AS
SELECT p.machine, p.pos, p.row, coalesce(o.event_id, p.event_id) AS event_id, p.time, p.logon_id, p.subject_logon_id,
       p.account, p.channel,
       -- Two short lists: DuckDB would make a join of a longer one, for every record.
       CASE WHEN p.event_id IN (4624, 4625, 4672) OR p.event_id IN (4647, 4648) THEN p.activity ELSE 0 END AS activity
FROM placed p
LEFT JOIN old_event o USING (row)
WHERE channel IN (SELECT code FROM dim_channel WHERE lower(text) = 'security')
  AND provider IN (SELECT code FROM dim_provider
                   WHERE text IN ('Microsoft-Windows-Security-Auditing', 'Microsoft-Windows-Eventlog', 'Security'));
