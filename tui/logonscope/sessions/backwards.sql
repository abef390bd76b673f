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
),
back AS MATERIALIZED (SELECT row, row_before FROM walked WHERE moment < moment_before - 60_000_000),
-- Both records of each, found in one pass.
record AS MATERIALIZED (
    SELECT row, source, computer, channel, record_id, event_id, time
    FROM event
    WHERE row IN (SELECT row FROM back UNION ALL SELECT row_before FROM back) AND event_id NOT IN (4616, 520)
)
SELECT cm.machine, e.channel, e.row, b.time AS before, e.time
FROM back w
JOIN record e ON e.row = w.row
JOIN record b ON b.row = w.row_before
JOIN computer_machine cm ON cm.source = e.source AND cm.computer = e.computer
JOIN dirty USING (machine)
WHERE b.source = e.source AND b.channel = e.channel AND e.record_id = b.record_id + 1::HUGEINT;
