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
    level UTINYINT,
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
    source_port USMALLINT,
    workstation INTEGER,
    process INTEGER,
    logon_process INTEGER,
    package INTEGER,
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
CREATE TABLE dim_package (code INTEGER, text VARCHAR);
CREATE TABLE dim_object (code INTEGER, text VARCHAR);
CREATE TABLE dim_activity (code INTEGER, text VARCHAR);
