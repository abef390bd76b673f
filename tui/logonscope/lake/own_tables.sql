-- The two tables of a lake that a case store has not.

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
