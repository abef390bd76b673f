-- From Security records to logons: one row per logon ID per boot, with the records that open and close it.
--
-- Reads   security, epoch, hidden_logon_id, account_person, event
-- Writes  named, logon (temporary)

-- Every record that names a logon ID that is not the system's own, and the boot it lies in (rules R8, R9).
-- about: the record speaks of that session; otherwise that session acted.
CREATE OR REPLACE TEMP TABLE named AS
WITH placed AS (
    SELECT s.*, e.number AS boot
    FROM security s
    ASOF JOIN epoch e ON s.machine = e.machine AND s.pos >= e.first_pos
)
SELECT machine, boot, pos, row, event_id, time, logon_id, true AS about
FROM placed
WHERE logon_id IS NOT NULL AND logon_id NOT IN (SELECT id FROM hidden_logon_id)
UNION ALL
SELECT machine, boot, pos, row, event_id, time, subject_logon_id, false
FROM placed
WHERE subject_logon_id IS NOT NULL AND subject_logon_id NOT IN (SELECT id FROM hidden_logon_id)
  AND (logon_id IS NULL OR logon_id <> subject_logon_id);

-- The first 4624 of each logon ID; a second one in the same boot is flagged (rule R15).
CREATE OR REPLACE TEMP TABLE opened AS
SELECT machine, boot, logon_id, min(pos) AS start_pos, arg_min(row, pos) AS start_row, count(*) AS logons
FROM named
WHERE about AND event_id = 4624
GROUP BY machine, boot, logon_id;

-- Records that only a session can have, before any logon with that ID: it began before the log (rule R14).
CREATE OR REPLACE TEMP TABLE orphaned AS
SELECT machine, boot, logon_id, max(pos) AS orphan_pos
FROM named n
LEFT JOIN opened o USING (machine, boot, logon_id)
WHERE about AND event_id IN (4634, 4647, 4778, 4779, 4800, 4801, 4802, 4803)
  AND (o.start_pos IS NULL OR n.pos < o.start_pos)
GROUP BY machine, boot, logon_id;

-- One row per logon; `earlier` marks one that began before the log although its ID is used again later.
CREATE OR REPLACE TEMP TABLE logon AS
WITH sided AS (
    SELECT n.*, o.start_pos, o.start_row, o.logons,
           o.start_pos IS NULL OR n.pos <= coalesce(p.orphan_pos, -1) AS earlier
    FROM named n
    LEFT JOIN opened o USING (machine, boot, logon_id)
    LEFT JOIN orphaned p USING (machine, boot, logon_id)
    WHERE o.start_pos IS NOT NULL OR p.orphan_pos IS NOT NULL
),
grouped AS (
    SELECT machine, boot, logon_id, earlier,
           CASE WHEN earlier THEN NULL ELSE any_value(start_pos) END AS start_pos,
           CASE WHEN earlier THEN arg_min(row, pos) FILTER (about) ELSE any_value(start_row) END AS origin_row,
           CASE WHEN earlier THEN 0 ELSE any_value(logons) END AS logons,
           min(pos) AS first_pos,
           arg_min(time, pos) AS first_time,
           min(pos) FILTER (about AND event_id = 4647) AS ask_pos,
           arg_min(row, pos) FILTER (about AND event_id = 4647) AS ask_row,
           arg_min(time, pos) FILTER (about AND event_id = 4647) AS ask_time,
           min(pos) FILTER (about AND event_id = 4634) AS close_pos,
           arg_min(row, pos) FILTER (about AND event_id = 4634) AS close_row,
           arg_min(time, pos) FILTER (about AND event_id = 4634) AS close_time,
           count(*) FILTER (about AND event_id = 4634) AS closes,
           bool_or(about AND event_id = 4672) AS privileged,
           max(pos) FILTER (event_id <> 4634) AS seen_pos,
           arg_max(time, pos) FILTER (event_id <> 4634) AS last_seen,
           count(DISTINCT row) AS event_count
    FROM sided
    GROUP BY machine, boot, logon_id, earlier
)
SELECT g.*, e.time AS origin_time, e.account, coalesce(ap.person, 0) AS person, coalesce(ap.kind, 'none') AS kind,
       e.logon_type, e.source_ip, e.workstation, e.logon_process, e.process, e.version, e.elevated,
       nullif(e.linked_logon_id, 0) AS linked_logon_id, e.subject_logon_id,
       coalesce(lc.class, CASE WHEN e.event_id = 4634 THEN 'contact' ELSE 'stay' END) AS class
FROM grouped g
JOIN event e ON e.rowid = g.origin_row
LEFT JOIN account_person ap ON ap.account = e.account
LEFT JOIN logon_class lc ON lc.type = e.logon_type;
