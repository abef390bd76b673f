-- Machines as they are now, and those of which something changed since they were built last.
--
-- Reads   event, left_out, machine_name, machine_of, built, changed_account
-- Writes  machine, computer_machine, now_built, dirty, gone (temporary)

CREATE OR REPLACE TABLE machine AS SELECT * FROM machine_name;

CREATE OR REPLACE TABLE computer_machine AS SELECT * FROM machine_of;

CREATE OR REPLACE TEMP TABLE now_built AS
SELECT cm.machine, (sum(n.records) + coalesce(sum(l.records), 0))::BIGINT AS records, max(n.last_row) AS last_row,
       any_value(m.name) || ':' || string_agg(n.source || '/' || n.computer, ' ' ORDER BY n.source, n.computer) AS names
FROM (SELECT source, computer, count(*) AS records, max(row) AS last_row FROM live_event GROUP BY source, computer) n
JOIN computer_machine cm USING (source, computer)
LEFT JOIN (SELECT source, computer, sum(last_id - first_id + 1) AS records FROM left_out GROUP BY source, computer) l
    USING (source, computer)
JOIN machine m ON m.number = cm.machine
GROUP BY cm.machine;

CREATE OR REPLACE TEMP TABLE dirty AS
SELECT machine FROM (SELECT * FROM now_built EXCEPT SELECT * FROM built)
UNION
SELECT DISTINCT cm.machine
FROM live_event e
JOIN computer_machine cm USING (source, computer)
WHERE (SELECT count(*) FROM changed_account) > 0
  AND (e.account IN (FROM changed_account) OR e.target IN (FROM changed_account));

CREATE OR REPLACE TEMP TABLE gone AS
SELECT machine FROM built
EXCEPT
SELECT machine FROM now_built;
