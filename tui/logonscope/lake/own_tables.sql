-- The tables of a lake that a case store has not.

-- One row for each machine: what is known of it at one glance. Times are those of its first and last live record that
-- are plausible; missing counts the records that the runs of record IDs lack.
CREATE TABLE overview (
    machine INTEGER, name VARCHAR, files BIGINT, records BIGINT, first TIMESTAMP, last TIMESTAMP, stays BIGINT,
    sessions BIGINT, failures BIGINT, findings BIGINT, high BIGINT, missing BIGINT, cleared BIGINT
);

-- What the rules found when the lake was built: the fields of findings/finding.py.
CREATE TABLE finding (
    finding_id BIGINT, rule VARCHAR, title VARCHAR, severity VARCHAR, machine VARCHAR, since TIMESTAMP, until TIMESTAMP,
    seen VARCHAR, why VARCHAR, usual VARCHAR, next_step VARCHAR, attack VARCHAR[], filter VARCHAR, rows BIGINT[],
    records BIGINT, sources VARCHAR[]
);

-- The files that were read, each with the generation of the lake that it came with; error where it could not be read,
-- copy_of the path of another one with the same bytes, which was read in its place.
CREATE TABLE ingested (
    path VARCHAR, size BIGINT, sha256 VARCHAR, generation INTEGER, error VARCHAR, copy_of VARCHAR
);

-- Where the chunks of .evtx files begin, in bytes, by runs of 128 header IDs: live records are cited with them.
CREATE TABLE chunk_place (
    source INTEGER, run UBIGINT, first_header_id UBIGINT, last_header_id UBIGINT, "offset" UBIGINT
);

-- The index: how many events of each group of machines name each account, address, workstation, program and target, and
-- have each event ID (field: the dim, or event_id). Where these are few (listed), mention has them once for each field and
-- code that they name, in the order of these and of time, with all columns that a filter asks for but EventData.
CREATE TABLE mention_count (file_group INTEGER, field VARCHAR, code INTEGER, records BIGINT, listed BOOLEAN);
CREATE TABLE mention AS
SELECT NULL::VARCHAR AS field, NULL::INTEGER AS code,
       * EXCLUDE (event_data, header_id, found_at, activity, clock_step, version)
FROM event LIMIT 0;

-- Which machines of the lake remote sessions may have come from, the likeliest (place 1) first, and why; one row with place
-- 0 and no machine for a session of which none is known. rows are the machine's records that point to the session, the
-- nearest first; own_session is its session that the nearest is about.
CREATE TABLE origin (
    session_id BIGINT, machine INTEGER, place INTEGER, reasons VARCHAR[], rows BIGINT[], own_session BIGINT
);
