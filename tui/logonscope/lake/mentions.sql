-- The events of some groups of machines by what they name: how many each group has of each, and those that are few once
-- for each thing that they name. What many name, a list of events finds soon without.
--
-- Reads   grouped_event: event with a column file_group
-- Makes   mention_count, mention (own_tables.sql)

CREATE OR REPLACE TEMP VIEW naming AS
SELECT 'account' AS field, unnest(list_distinct([account, target, subject])) AS code, * FROM grouped_event
UNION ALL SELECT 'source_ip', source_ip, * FROM grouped_event
UNION ALL SELECT 'workstation', workstation, * FROM grouped_event
UNION ALL SELECT 'process', process, * FROM grouped_event
UNION ALL SELECT 'object', object, * FROM grouped_event
UNION ALL SELECT 'event_id', event_id, * FROM grouped_event;

CREATE OR REPLACE TEMP TABLE mention_count AS
SELECT file_group::INTEGER AS file_group, field, code, count(*) AS records,
       sum(count(*)) OVER (PARTITION BY field, code)
           <= greatest(1000, (SELECT count(*) FROM grouped_event) // 256) AS listed
FROM naming WHERE code <> 0 GROUP BY file_group, field, code;

CREATE OR REPLACE TEMP VIEW mention AS
SELECT n.* EXCLUDE (file_group, event_data, header_id, found_at, activity, clock_step, version)
FROM naming n
WHERE (n.field, n.code) IN (SELECT (c.field, c.code) FROM mention_count c WHERE c.listed);
