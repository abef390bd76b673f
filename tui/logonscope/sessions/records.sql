-- Records of other logs, and the runs of record IDs of every log.
--
-- Reads   placed, security, event, dim_*, computer_machine, dirty, generation
-- Writes  session_provider, neighbour, terminal_kind, file_run, log_run, security_log,
--         security_channel (temporary)

CREATE OR REPLACE TEMP TABLE session_provider AS
SELECT unnest(['EventLog', 'Microsoft-Windows-Kernel-Boot', 'Microsoft-Windows-Kernel-General',
               'Microsoft-Windows-Kernel-Power', 'Microsoft-Windows-Power-Troubleshooter',
               'Microsoft-Windows-RemoteDesktopServices-RdpCoreTS',
               'Microsoft-Windows-TerminalServices-LocalSessionManager',
               'Microsoft-Windows-TerminalServices-RemoteConnectionManager', 'Microsoft-Windows-Winlogon',
               'User32']) AS provider;

-- Records of other logs that tell of desktops, connections, starts and stops.
CREATE OR REPLACE TEMP TABLE neighbour AS
SELECT e.machine, e.channel, e.pos, e.row, p.text AS provider, e.event_id, e.time, e.target AS account,
       e.session_number, e.source_ip, e.activity
FROM placed e
JOIN dim_provider p ON p.code = e.provider
JOIN session_provider w ON w.provider = p.text
WHERE e.time IS NOT NULL;

-- What records about desktops do (LOGON.md 1.3 and 1.4): 40 gives a reason and 39 who asked, for a 24 beside them. Where
-- desktops begin anew the log of the same provider shows a restart.
CREATE OR REPLACE TEMP TABLE terminal_kind AS
WITH lsm AS (SELECT 'Microsoft-Windows-TerminalServices-LocalSessionManager' AS provider),
winlogon AS (SELECT 'Microsoft-Windows-Winlogon' AS provider)
SELECT provider, event_id, kind, provider AS log
FROM lsm, (VALUES (21, 'open'), (22, 'note'), (23, 'close'), (24, 'leave'), (25, 'return'), (32, 'restart'),
                  (39, 'note'), (40, 'note'), (41, 'note'), (42, 'note')) AS kinds(event_id, kind)
UNION ALL
SELECT provider, event_id, kind, provider
FROM winlogon, (VALUES (7001, 'open'), (7002, 'close')) AS kinds(event_id, kind)
UNION ALL
SELECT r.provider, r.event_id, 'restart', w.provider
FROM winlogon w, (VALUES ('EventLog', 6005), ('Microsoft-Windows-Kernel-General', 12)) AS r(provider, event_id);

-- The records of every log in runs of 256 positions. First counted by what the store holds, which is quick.
CREATE OR REPLACE TEMP TABLE file_run AS
SELECT e.source, e.computer, cm.machine, e.channel, coalesce(g.generation, 0)::BIGINT AS generation,
       e.record_id >> 8 AS run, count(*) AS records, min(e.record_id) AS first_id, max(e.record_id) AS last_id
FROM live_event e
JOIN computer_machine cm USING (source, computer)
JOIN dirty USING (machine)
LEFT JOIN generation g
    ON g.source = e.source AND g.channel = e.channel AND g.machine = cm.machine
    AND e.header_id BETWEEN g.first_header_id AND g.last_header_id
GROUP BY e.source, e.computer, cm.machine, e.channel, g.generation, run;

CREATE OR REPLACE TEMP TABLE log_run AS
WITH counted AS (
    SELECT machine, channel, ((generation << 48) + least(first_id, 281474976710655)::BIGINT) >> 8 AS bucket,
           sum(records)::BIGINT AS records
    FROM file_run
    GROUP BY machine, channel, bucket
),
edge AS (
    SELECT r.machine, r.channel, (r.generation << 48) + least(e.record_id, 281474976710655)::BIGINT AS pos, e.time
    FROM live_event e
    JOIN file_run r
        ON r.source = e.source AND r.computer = e.computer AND r.channel = e.channel AND r.run = e.record_id >> 8
        AND e.record_id IN (r.first_id, r.last_id)
    LEFT JOIN generation g
        ON g.source = e.source AND g.channel = e.channel AND g.machine = r.machine
        AND e.header_id BETWEEN g.first_header_id AND g.last_header_id
    WHERE coalesce(g.generation, 0) = r.generation
),
bounded AS (
    SELECT machine, channel, pos >> 8 AS bucket, min(pos) AS first_pos, max(pos) AS last_pos,
           arg_min(time, pos) AS first_time, arg_max(time, pos) AS last_time
    FROM edge
    GROUP BY machine, channel, bucket
)
SELECT * FROM counted JOIN bounded USING (machine, channel, bucket);

-- Which logs are Security logs.
CREATE OR REPLACE TEMP TABLE security_log AS SELECT DISTINCT machine, channel FROM security;

CREATE OR REPLACE TEMP TABLE security_channel AS
SELECT machine, min(channel) AS channel FROM security_log GROUP BY machine;
