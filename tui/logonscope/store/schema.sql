-- The case store. Times are naive UTC TIMESTAMPs (microseconds); `tick` is the seventh digit that Windows keeps.
-- Repeating texts are integer codes into the dim tables; code 0 is the empty value.

CREATE TABLE source (
    number INTEGER, path VARCHAR, shown VARCHAR, kind VARCHAR, size UBIGINT, records UBIGINT, notes VARCHAR[]
);

CREATE TABLE problem (
    source INTEGER, part VARCHAR, "offset" UBIGINT, header_id UBIGINT, reason VARCHAR
);

CREATE TABLE event (
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
    event_data VARCHAR USING COMPRESSION zstd
);

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

-- Tables that the rebuild of the sessions replaces as a whole (sessions/*.sql).

CREATE TABLE machine (number INTEGER, name VARCHAR);
CREATE TABLE computer_machine (source INTEGER, computer INTEGER, machine INTEGER);

-- Index by user: one person number for all accounts that are one person (SID first, then name without case).
CREATE TABLE person (account INTEGER, person INTEGER, kind VARCHAR);

CREATE TABLE boot (
    machine INTEGER, number INTEGER, first_pos BIGINT, start TIMESTAMP, start_evidence VARCHAR, start_row BIGINT,
    kernel_start TIMESTAMP, end_kind VARCHAR, end_time TIMESTAMP, end_is_exact BOOLEAN, end_row BIGINT,
    next_start TIMESTAMP, last_pos BIGINT, last_time TIMESTAMP
);

CREATE TABLE session (
    session_id INTEGER, key VARCHAR, machine INTEGER, boot INTEGER, role VARCHAR, class VARCHAR, parent INTEGER,
    account INTEGER, person INTEGER, kind VARCHAR, hidden BOOLEAN, logon_type UTINYINT, logon_ids UBIGINT[],
    start TIMESTAMP, start_evidence VARCHAR, start_earliest TIMESTAMP, start_latest TIMESTAMP,
    end_time TIMESTAMP, end_evidence VARCHAR, end_earliest TIMESTAMP, end_latest TIMESTAMP, destroyed TIMESTAMP,
    grade VARCHAR, duration BIGINT, span BIGINT, active BIGINT, presence VARCHAR, last_seen TIMESTAMP,
    privileged BOOLEAN, source_ip INTEGER, workstation INTEGER, session_number INTEGER, attached INTEGER,
    flags VARCHAR[]
);

-- Index by logon ID: every record that names a session's logon ID in its boot.
CREATE TABLE session_event (session_id INTEGER, row BIGINT, role VARCHAR);

CREATE TABLE gap (
    machine INTEGER, after_pos BIGINT, next_pos BIGINT, since TIMESTAMP, until TIMESTAMP, missing BIGINT, why VARCHAR
);
