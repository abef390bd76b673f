-- Where the records of a Security log go back in time (LOGON.md 3.7).
--
-- Reads   event, security_channel, computer_machine, dirty
-- Writes  backwards (temporary)

-- Neighbouring records of a Security log, as they lie in their file, of which the later one is stamped a minute or more
-- earlier. (In the System log that is usual: the kernel's last words are written at the next start.)
CREATE OR REPLACE TEMP TABLE backwards AS
WITH walked AS (
    SELECT row, epoch_us(time) AS moment, lag(row) OVER () AS row_before, lag(epoch_us(time)) OVER () AS moment_before
    FROM live_event
    WHERE channel IN (SELECT channel FROM security_channel)
)
SELECT cm.machine, e.channel, e.row, b.time AS before, e.time
FROM live_event e
JOIN (FROM walked WHERE moment < moment_before - 60_000_000) w ON w.row = e.row
JOIN event b ON b.row = w.row_before
JOIN computer_machine cm ON cm.source = e.source AND cm.computer = e.computer
JOIN dirty USING (machine)
WHERE b.source = e.source AND b.channel = e.channel AND e.record_id = b.record_id + 1::HUGEINT
  AND e.event_id NOT IN (4616, 520) AND b.event_id NOT IN (4616, 520);
