-- Visits: network contacts of one account from one source, grouped for reading (LOGON.md 3.7).
--
-- Reads   ended, logon, special
-- Writes  contact, contact_visit, visit (temporary)

CREATE OR REPLACE TEMP VIEW contact AS
SELECT session, machine, boot, person, account, kind, logon_type, source_ip, workstation, source_evidence, known_from,
       first_pos, start, start_earliest, end_time, end_earliest, end_latest, grade, privileged, last_seen
FROM ended
WHERE class = 'contact' AND role = 'session' AND known_from IS NOT NULL
UNION ALL
SELECT l.origin_row, l.machine, l.boot, l.person, l.account, l.kind, l.logon_type, l.source_ip, l.workstation,
       CASE WHEN l.source_ip <> 0 THEN '4624' ELSE '' END, l.origin_time, l.first_pos, l.origin_time, l.origin_time,
       l.close_time, l.close_time, l.close_time, 'A', l.privileged, l.last_seen
FROM logon l
LEFT JOIN special x USING (origin_row)
WHERE x.origin_row IS NULL AND l.class = 'contact';

-- A quarter of an hour without contact ends a visit; a single contact stands for itself.
CREATE OR REPLACE TEMP TABLE contact_visit AS
WITH dated AS (
    SELECT session, machine, boot, person, source_ip, CASE WHEN source_ip = 0 THEN workstation ELSE 0 END AS station,
           known_from, first_pos, coalesce(end_latest, end_earliest, known_from) AS until
    FROM contact
),
-- Most contacts stand for themselves, which their neighbours tell: only the others are put in order a second time. The
-- columns that differ most come first, which makes sorting quicker.
marked AS (
    SELECT *,
           known_from > coalesce(max(until) OVER before, '-infinity'::TIMESTAMP) + INTERVAL 15 MINUTE AS begins,
           coalesce(lead(known_from) OVER sequence > greatest(max(until) OVER before, until) + INTERVAL 15 MINUTE, true)
               AS is_last
    FROM dated
    WINDOW sequence AS (PARTITION BY person, source_ip, station, boot, machine ORDER BY known_from, first_pos),
           before AS (PARTITION BY person, source_ip, station, boot, machine ORDER BY known_from, first_pos
                      ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
)
SELECT session,
       -1 - last_value(CASE WHEN begins THEN session END IGNORE NULLS) OVER (
           PARTITION BY person, source_ip, station, boot, machine ORDER BY known_from, first_pos
           ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS visit
FROM (FROM marked WHERE NOT (begins AND is_last));

CREATE OR REPLACE TEMP TABLE visit AS
SELECT v.visit, e.machine, e.boot, min(e.first_pos) AS pos, 'visit' AS role, 'visit' AS class,
       arg_min(e.account, e.first_pos) AS account, any_value(e.person) AS person,
       arg_min(e.kind, e.first_pos) AS kind,
       arg_min(e.kind, e.first_pos) IN ('system', 'machine', 'virtual') AS hidden,
       min(e.logon_type) AS logon_type, []::UBIGINT[] AS logon_ids,
       min(e.start) AS start, CASE WHEN min(e.start) IS NULL THEN 'before-log' ELSE '4624' END AS start_evidence,
       min(coalesce(e.start_earliest, e.known_from)) AS start_earliest, min(e.known_from) AS start_latest,
       greatest(max(coalesce(e.end_time, e.end_earliest)), max(e.known_from)) AS end_time, 'visit' AS end_evidence,
       greatest(max(e.end_earliest), max(e.known_from)) AS end_earliest,
       CASE WHEN count(e.end_latest) = count(*) THEN greatest(max(e.end_latest), max(e.known_from)) END AS end_latest,
       arg_max(e.grade, list_position(['A', 'B', 'C', 'D', '-', 'T'], e.grade)) AS grade,
       epoch_us(greatest(max(coalesce(e.end_time, e.end_earliest)), max(e.known_from))) - epoch_us(min(e.known_from))
           AS span,
       '' AS presence, max(e.last_seen) AS last_seen, bool_or(e.privileged) AS privileged,
       arg_min(e.source_ip, e.first_pos) AS source_ip, arg_min(e.source_evidence, e.first_pos) AS source_evidence,
       arg_max(e.workstation, e.workstation) AS workstation, count(*)::INTEGER AS attached, []::VARCHAR[] AS flags
FROM contact_visit v
JOIN contact e USING (session)
GROUP BY v.visit, e.machine, e.boot;
