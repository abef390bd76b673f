-- Security records by the logon IDs that they name.
--
-- Reads   security, bucket, hidden_logon_id
-- Writes  naming_record (temporary)

-- Every record that names a logon ID that is not the system's own, and the boot it lies in (rules R8, R9).
-- about: the record speaks of that session; otherwise that session acted.
-- The system's own are left out before the boots are looked up: in most logs that spares most of the records.
CREATE OR REPLACE TEMP VIEW naming_record AS
WITH naming AS NOT MATERIALIZED (
    SELECT machine, pos, row, event_id::USMALLINT AS event_id, time, logon_id, account, true AS about
    FROM security
    WHERE logon_id IS NOT NULL AND logon_id NOT IN (FROM hidden_logon_id) AND event_id BETWEEN 0 AND 65535
    UNION ALL
    SELECT machine, pos, row, event_id::USMALLINT, time, subject_logon_id, 0, false
    FROM security
    WHERE subject_logon_id IS NOT NULL AND subject_logon_id NOT IN (FROM hidden_logon_id)
      AND (logon_id IS NULL OR logon_id <> subject_logon_id) AND event_id BETWEEN 0 AND 65535
)
SELECT b.epoch, n.* EXCLUDE (machine)
FROM naming n
JOIN bucket b ON b.machine = n.machine AND b.bucket = n.pos >> 8 AND n.pos BETWEEN b.first_pos AND b.last_pos;
