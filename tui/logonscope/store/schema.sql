-- The case store. Times are naive UTC TIMESTAMPs (microseconds); `tick` is the seventh digit that Windows keeps.
-- Repeating texts are integer codes into the dim tables; code 0 is the empty value.

CREATE TYPE account_kind AS ENUM ('person', 'system', 'machine', 'virtual', 'anonymous', 'setup', 'none');
CREATE TYPE record_role AS ENUM (
    'open', 'close', 'ask', 'privileges', 'lock', 'unlock', 'idle', 'active', 'leave', 'return', 'fail', 'boot', 'stop',
    'sleep', 'wake', 'clock', 'gap', 'note', 'acted', 'connection', 'restart', 'nla', 'reconnect', 'refresh'
);
CREATE TYPE session_class AS ENUM ('stay', 'contact', 'work', 'identity', 'unlock', 'machine', 'visit');

CREATE TABLE source (
    number INTEGER, path VARCHAR, kind VARCHAR, size UBIGINT, records UBIGINT, notes VARCHAR[]
);

CREATE TABLE problem (
    source INTEGER, part VARCHAR, "offset" UBIGINT, header_id UBIGINT, reason VARCHAR
);

-- What was left out on purpose when only a part was loaded: the cut in words, and runs of EventRecordIDs.
CREATE TABLE load_cut (text VARCHAR, is_partial BOOLEAN);
-- Bytes of the longest texts that were written so far, of as many successive records as are read at once.
CREATE TABLE long_text (bytes UBIGINT);
CREATE TABLE left_out (source INTEGER, computer INTEGER, channel INTEGER, first_id UBIGINT, last_id UBIGINT);

-- row numbers an event for good: DuckDB's own rowid changes when a checkpoint tidies up after a deletion.
CREATE TABLE event (
    row BIGINT,
    source INTEGER,
    header_id UBIGINT,
    record_id UBIGINT,
    time TIMESTAMP,
    tick UTINYINT,
    computer INTEGER,
    channel INTEGER,
    provider INTEGER,
    event_id INTEGER,
    version UTINYINT,
    outcome UTINYINT,
    account INTEGER,
    target INTEGER,
    subject INTEGER,
    logon_id UBIGINT,
    subject_logon_id UBIGINT,
    linked_logon_id UBIGINT,
    logon_type UTINYINT,
    elevated BOOLEAN,
    status UINTEGER,
    sub_status UINTEGER,
    source_ip INTEGER,
    workstation INTEGER,
    process INTEGER,
    logon_process INTEGER,
    object INTEGER,
    session_number INTEGER,
    activity INTEGER,
    clock_step BIGINT,
    event_data VARCHAR USING COMPRESSION zstd,
    recovered UTINYINT,
    found_at UBIGINT
);

-- What sessions and coverage are rebuilt from: recovered records take part only on demand.
CREATE VIEW live_event AS FROM event WHERE recovered = 0;

-- Signs of tampering, of knowledge/tamper.toml, as the readers find them.
CREATE TABLE sign (source INTEGER, kind VARCHAR, "offset" UBIGINT, seen VARCHAR);

CREATE TABLE dim_account (code INTEGER, sid VARCHAR, name VARCHAR, domain VARCHAR, kind VARCHAR);
CREATE TABLE dim_provider (code INTEGER, text VARCHAR);
CREATE TABLE dim_channel (code INTEGER, text VARCHAR);
CREATE TABLE dim_computer (code INTEGER, text VARCHAR);
CREATE TABLE dim_source_ip (code INTEGER, text VARCHAR);
CREATE TABLE dim_workstation (code INTEGER, text VARCHAR);
CREATE TABLE dim_process (code INTEGER, text VARCHAR);
CREATE TABLE dim_logon_process (code INTEGER, text VARCHAR);
CREATE TABLE dim_object (code INTEGER, text VARCHAR);
CREATE TABLE dim_activity (code INTEGER, text VARCHAR);

-- Security's events of before Vista, and what each is today: knowledge/before_vista.toml, filled when the store is made.
CREATE TABLE modern_event (event_id INTEGER, modern INTEGER, rights VARCHAR, status UINTEGER);

CREATE VIEW old_event AS
SELECT e.row, m.status, CASE WHEN m.rights <> '' AND NOT regexp_matches(coalesce(e.event_data, ''), m.rights) THEN e.event_id
                             ELSE coalesce(m.modern, e.event_id + 4096) END AS event_id
FROM event e
LEFT JOIN modern_event m USING (event_id)
WHERE e.provider IN (SELECT code FROM dim_provider WHERE text = 'Security') AND e.event_id < 4096;

-- The live events of Security's auditing provider, among them those of before Vista under today's numbers.
CREATE VIEW audited_event AS
FROM live_event WHERE provider IN (SELECT code FROM dim_provider WHERE text = 'Microsoft-Windows-Security-Auditing')
UNION ALL
SELECT e.* REPLACE (o.event_id AS event_id, coalesce(e.status, o.status) AS status)
FROM live_event e JOIN old_event o USING (row);

-- Tables that the rebuild of the sessions replaces, machine by machine (sessions/*.sql).

CREATE TABLE machine (number INTEGER, name VARCHAR);
CREATE TABLE computer_machine (source INTEGER, computer INTEGER, machine INTEGER);

-- What each machine was built from last: its sessions are rebuilt when this changes.
CREATE TABLE built (machine INTEGER, records BIGINT, last_row BIGINT, names VARCHAR);

-- Index by user: one person number for all accounts that are one person (SID first, then name without case).
CREATE TABLE person (account INTEGER, person INTEGER, kind VARCHAR);

CREATE TABLE boot (
    boot_id BIGINT, machine INTEGER, number INTEGER, first_pos BIGINT, start TIMESTAMP, start_evidence VARCHAR,
    start_row BIGINT, kernel_start TIMESTAMP, end_kind VARCHAR, end_time TIMESTAMP, end_is_exact BOOLEAN,
    end_row BIGINT, alive_until TIMESTAMP, next_start TIMESTAMP, last_pos BIGINT, last_time TIMESTAMP,
    stays INTEGER, sessions INTEGER, reused_ids UBIGINT[], stepped BIGINT
);

-- session_id is the row of the event that the session is first known by; a visit's is its first contact's, negative.
CREATE TABLE full_session (
    session_id BIGINT, key VARCHAR, machine INTEGER, boot INTEGER, pos BIGINT, role VARCHAR, class VARCHAR,
    parent BIGINT, account INTEGER, person INTEGER, kind VARCHAR, hidden BOOLEAN, logon_type UTINYINT,
    logon_ids UBIGINT[],
    start TIMESTAMP, start_evidence VARCHAR, start_earliest TIMESTAMP, start_latest TIMESTAMP,
    end_time TIMESTAMP, end_evidence VARCHAR, end_earliest TIMESTAMP, end_latest TIMESTAMP, destroyed TIMESTAMP,
    grade VARCHAR, duration BIGINT, duration_least BIGINT, duration_most BIGINT, span BIGINT, active BIGINT,
    presence VARCHAR, last_seen TIMESTAMP, privileged BOOLEAN, source_ip INTEGER, source_evidence VARCHAR,
    workstation INTEGER, session_number INTEGER, attached INTEGER, flags VARCHAR[], end_pos BIGINT
);

-- Most sessions, by far, are contacts of which the log holds a logon and its own logoff: what else could be said of them
-- follows from these columns.
CREATE TABLE plain_session (
    session_id BIGINT, machine INTEGER, boot INTEGER, pos BIGINT, end_pos BIGINT, end_row BIGINT, class session_class,
    parent BIGINT,
    account INTEGER, person INTEGER, kind account_kind, logon_type UTINYINT, logon_id UBIGINT, start TIMESTAMP,
    end_time TIMESTAMP, last_seen TIMESTAMP, privileged BOOLEAN, source_ip INTEGER, workstation INTEGER
);

CREATE VIEW session AS
FROM full_session
UNION ALL BY NAME
SELECT p.* EXCLUDE (logon_id, end_row),
       m.name || '/0x' || lower(to_hex(p.logon_id)) || '@' || (p.pos & 281474976710655) AS key, 'session' AS role,
       p.kind IN ('system', 'machine', 'virtual') AS hidden, [p.logon_id] AS logon_ids, '4624' AS start_evidence,
       p.start AS start_earliest, p.start AS start_latest, '4634' AS end_evidence, p.end_time AS end_earliest,
       p.end_time AS end_latest, p.end_time AS destroyed, 'A' AS grade, epoch_us(p.end_time) - epoch_us(p.start) AS duration,
       epoch_us(p.end_time) - epoch_us(p.start) AS duration_least, epoch_us(p.end_time) - epoch_us(p.start) AS duration_most,
       epoch_us(p.end_time) - epoch_us(p.start) AS span, epoch_us(p.end_time) - epoch_us(p.start) AS active, '' AS presence,
       CASE WHEN p.source_ip <> 0 THEN '4624' ELSE '' END AS source_evidence, NULL::INTEGER AS session_number,
       0 AS attached, []::VARCHAR[] AS flags
FROM plain_session p
LEFT JOIN machine m ON m.number = p.machine;

-- Index by logon ID: every record that a session rests on, or that names its logon ID in its boot.
-- The logon and the logoff of a plain session are not written a second time.
CREATE TABLE other_event (session_id BIGINT, row BIGINT, role record_role, machine INTEGER);

CREATE VIEW session_event AS
FROM other_event
UNION ALL
SELECT session_id, session_id, 'open', machine FROM plain_session
UNION ALL
SELECT session_id, end_row, 'close', machine FROM plain_session;

-- Times away from a desktop session, not joined: stamped, and in microseconds since its start on the machine's own
-- running time, which no clock step moves.
CREATE TABLE absence (
    session_id BIGINT, machine INTEGER, kind VARCHAR, since TIMESTAMP, until TIMESTAMP, from_us BIGINT, to_us BIGINT
);

-- What each machine's logs cover and what they lack; the kinds are those of knowledge/coverage.toml.
CREATE TABLE coverage (
    mark_id BIGINT, machine INTEGER, channel INTEGER, kind VARCHAR, since TIMESTAMP, until TIMESTAMP, amount BIGINT,
    row BIGINT, text VARCHAR, after_pos BIGINT, next_pos BIGINT
);

-- Records that speak of a session and belong to none, and why.
CREATE TABLE unused (machine INTEGER, row BIGINT, why VARCHAR);
