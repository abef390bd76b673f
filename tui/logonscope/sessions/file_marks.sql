-- Marks of the coverage that are about files: they bear negative numbers.
--
-- Reads   source, problem, sign, computer_machine, live_event
-- Writes  coverage

-- What could be read of each file; a file of several machines belongs to none.
INSERT INTO coverage BY NAME
SELECT -s.number AS mark_id,
       (SELECT CASE WHEN min(machine) = max(machine) THEN min(machine) END FROM computer_machine c WHERE c.source = s.number)
           AS machine,
       0 AS channel,
       CASE WHEN p.problems IS NULL THEN 'file' WHEN s.records > 0 THEN 'file in part' ELSE 'file unreadable' END AS kind,
       e.first AS since, e.last AS until, coalesce(p.problems, s.records)::BIGINT AS amount, s.path AS text
FROM source s
LEFT JOIN (SELECT source, count(*) AS problems FROM problem GROUP BY source) p ON p.source = s.number
LEFT JOIN (SELECT source, min(time) AS first, max(time) AS last FROM live_event GROUP BY source) e ON e.source = s.number
WHERE s.kind <> 'raw'; -- a file that was only searched

-- What a change of a file may have left behind.
INSERT INTO coverage BY NAME
SELECT -4294967296 - row_number() OVER (ORDER BY g.source, g."offset", g.kind, g.seen) AS mark_id,
       (SELECT CASE WHEN min(machine) = max(machine) THEN min(machine) END FROM computer_machine c WHERE c.source = g.source)
           AS machine,
       0 AS channel, 'sign ' || g.kind AS kind,
       g.seen || ', at 0x' || lower(to_hex(g."offset")) || ' of ' || s.path AS text
FROM sign g
JOIN source s ON s.number = g.source;
