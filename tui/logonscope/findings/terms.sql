-- What the rules speak of: failures, logons, sources, bursts. Made anew in the calling connection for each run.
--
-- Reads   audited_event, dim_*, person, computer_machine, and status_class, public_ip, machine_zone, made by run.py
-- Gives   failure, logon, own_name, and the macros below

-- An account for a reader.
CREATE OR REPLACE TEMP MACRO name_of(account) AS (
    SELECT CASE WHEN a.domain = '' OR contains(a.name, '@') THEN a.name ELSE a.domain || '\' || a.name END
    FROM dim_account a WHERE a.code = account
);

-- Addresses that name no other machine.
CREATE OR REPLACE TEMP MACRO is_local(ip) AS ip IN ('', '-', '127.0.0.1', '::1', '0.0.0.0', 'LOCAL');

-- Where something came from: a usable address, else what the client called itself, else nothing.
CREATE OR REPLACE TEMP MACRO source_of(ip, workstation) AS
    CASE WHEN NOT is_local(coalesce(ip, '')) THEN ip ELSE upper(coalesce(workstation, '')) END;

-- What each machine is or was called, as clients name themselves: without the domain, of NetBIOS only 15 characters.
CREATE OR REPLACE TEMP TABLE own_name AS
WITH called AS (
    SELECT c.machine, upper(split_part(d.text, '.', 1)) AS name FROM computer_machine c JOIN dim_computer d ON d.code = c.computer
    UNION
    SELECT number, upper(split_part(name, '.', 1)) FROM machine
)
SELECT machine, name FROM called UNION SELECT machine, substring(name, 1, 15) FROM called;

-- A machine that names itself names no source.
CREATE OR REPLACE TEMP MACRO elsewhere(machine, origin) AS
    CASE WHEN (machine, origin) IN (SELECT (o.machine, o.name) FROM own_name o) THEN '' ELSE origin END;

-- One field of a record, as text.
CREATE OR REPLACE TEMP MACRO field(event_data, name) AS json_extract_string(event_data, '$."' || name || '"');

-- The records of a finding, in order of time: the first ones of many.
CREATE OR REPLACE TEMP MACRO evidence(record, moment) AS list(record ORDER BY moment, record)[:500];

-- Events of Security's auditing provider, with their machine, texts and person.
CREATE OR REPLACE TEMP VIEW audited AS
SELECT e.*, c.machine, coalesce(i.text, '') AS ip, coalesce(w.text, '') AS station,
       source_of(i.text, w.text) AS origin, coalesce(p.person, 0) AS person, coalesce(p.kind, 'none') AS kind
FROM audited_event e
JOIN computer_machine c ON c.source = e.source AND c.computer = e.computer
LEFT JOIN dim_source_ip i ON i.code = e.source_ip
LEFT JOIN dim_workstation w ON w.code = e.workstation
LEFT JOIN person p ON p.account = e.target
WHERE e.time IS NOT NULL;

-- Refused logons. A broken system is no person's failure: class infra is left out. One attempt that the machine and its
-- domain controller both wrote down is one failure: the machine's 4625 tells more.
CREATE OR REPLACE TEMP TABLE failure AS
WITH refused AS (
    SELECT e.row, e.machine, e.time, e.event_id, e.target AS account, e.person, e.kind, e.origin, e.ip, e.station,
           e.logon_type, lower(split_part(a.name, '@', 1)) AS name,
           CASE WHEN coalesce(e.sub_status, 0) <> 0 THEN e.sub_status ELSE coalesce(e.status, 0) END AS code,
           CASE WHEN e.event_id IN (4768, 4771) THEN 'kerberos' ELSE 'ntstatus' END AS codes
    FROM audited e JOIN dim_account a ON a.code = e.target
    WHERE e.event_id IN (4625, 4771) OR (e.event_id IN (4768, 4776) AND coalesce(e.status, 0) <> 0)
),
known AS (
    SELECT r.* EXCLUDE (codes), coalesce(s.class, 'other') AS class
    FROM refused r LEFT JOIN status_class s ON s.codes = r.codes AND s.code = r.code
    WHERE coalesce(s.class, 'other') <> 'infra'
)
FROM known WHERE event_id = 4625
UNION ALL
-- The last one that is not too late, by a join that one name in all records does not make quadratic.
SELECT k.* FROM known k
ASOF LEFT JOIN (SELECT name, time FROM known WHERE event_id = 4625) o
    ON o.name = k.name AND o.time <= k.time + INTERVAL 1 SECOND
WHERE k.event_id <> 4625 AND (o.time IS NULL OR o.time < k.time - INTERVAL 1 SECOND);

-- Logons of people, and of nobody in particular, without the machine's own.
CREATE OR REPLACE TEMP VIEW logon AS
FROM audited WHERE event_id = 4624 AND kind IN ('person', 'setup', 'anonymous', 'none');
