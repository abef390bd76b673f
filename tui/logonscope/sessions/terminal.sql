-- Empty tables for what other logs say of sessions at a desktop.
--
-- Writes  terminal_end, terminal_mark (temporary)

CREATE OR REPLACE TEMP TABLE terminal_end (
    session BIGINT, number INTEGER, end_time TIMESTAMP, evidence VARCHAR, number_taken TIMESTAMP, restarted TIMESTAMP,
    last_mark TIMESTAMP
);

CREATE OR REPLACE TEMP TABLE terminal_mark (session BIGINT, row BIGINT, role VARCHAR);
