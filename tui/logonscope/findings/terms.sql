-- What the rules speak of: failures, logons, sources, bursts. Made anew in the calling connection for each run.
--
-- Reads   event, dim_*, person, computer_machine, and status_class, public_ip, machine_zone, made by run.py
-- Gives   failure, logon, and the macros below

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

-- One field of a record, as text.
CREATE OR REPLACE TEMP MACRO field(event_data, name) AS json_extract_string(event_data, '$."' || name || '"');

-- The records of a finding, in order of time: the first ones of many.
CREATE OR REPLACE TEMP MACRO evidence(record, at) AS list(record ORDER BY at, record)[:500];

-- Events of Security's auditing provider, with their machine, texts and person.
CREATE OR REPLACE TEMP VIEW audited AS
SELECT e.*, c.machine, coalesce(i.text, '') AS ip, coalesce(w.text, '') AS station,
       source_of(i.text, w.text) AS origin, coalesce(p.person, 0) AS person, coalesce(p.kind, 'none') AS kind
FROM event e
JOIN computer_machine c ON c.source = e.source AND c.computer = e.computer
LEFT JOIN dim_source_ip i ON i.code = e.source_ip
LEFT JOIN dim_workstation w ON w.code = e.workstation
LEFT JOIN person p ON p.account = e.target
WHERE e.provider IN (SELECT code FROM dim_provider WHERE text = 'Microsoft-Windows-Security-Auditing')
  AND e.time IS NOT NULL;

-- Refused logons. A broken system is no person's failure: class infra is left out. One attempt that the machine, its
-- domain controller and Kerberos all wrote down in one second is one failure.
CREATE OR REPLACE TEMP TABLE failure AS
WITH refused AS (
    SELECT row, machine, time, event_id, target AS account, person, kind, origin, ip, station, logon_type,
           CASE WHEN coalesce(sub_status, 0) <> 0 THEN sub_status ELSE coalesce(status, 0) END AS code,
           CASE WHEN event_id IN (4768, 4771) THEN 'kerberos' ELSE 'ntstatus' END AS codes,
           list_position([4625, 4771, 4768, 4776], event_id) AS rank
    FROM audited
    WHERE event_id IN (4625, 4771) OR (event_id IN (4768, 4776) AND coalesce(status, 0) <> 0)
)
SELECT r.row, r.machine, r.time, r.event_id, r.account, r.person, r.kind, r.origin, r.ip, r.station, r.logon_type, r.code,
       coalesce(s.class, 'other') AS class
FROM refused r LEFT JOIN status_class s ON s.codes = r.codes AND s.code = r.code
WHERE coalesce(s.class, 'other') <> 'infra'
QUALIFY r.person = 0 OR rank = min(rank) OVER (PARTITION BY r.person, date_trunc('second', r.time));

-- Logons of people, and of nobody in particular, without the machine's own.
CREATE OR REPLACE TEMP VIEW logon AS
FROM audited WHERE event_id = 4624 AND kind IN ('person', 'setup', 'anonymous', 'none');
