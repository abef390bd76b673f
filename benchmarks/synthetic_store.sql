-- A case store of millions of events, straight in SQL: no log is written, none is parsed.
--
-- Reads   variables events, machines, boots, files; dims of synthetic_store.py
-- Writes  event, source
--
-- A story is what happens around one logon ID: its steps are records. Nothing is random: hash() stands for chance.

-- Of 10 000 stories so many are of each kind; 60 % of all records are of network logons.
CREATE TEMP TABLE kind(kind, first, last, shortest, longest) AS VALUES
    ('network', 0, 5867, 1, 600), ('stay', 5868, 5953, 3600, 36000), ('service', 5954, 6564, 1, 1),
    ('process', 6565, 7297, 1, 1), ('refused', 7298, 8519, 1, 1), ('ntlm', 8520, 9741, 1, 1),
    ('batch', 9742, 9986, 60, 1200), ('clock', 9987, 9999, 1, 1);

-- part: share of the story's life; plus: seconds; chance: in percent; whose: token that the record names;
-- who: account that it speaks of; remote, admin: only in such stories
CREATE TEMP TABLE step AS
SELECT * FROM (VALUES
    ('network', 0, 4624, 3, 0.0, 0.0, 100, 0, 'user', NULL, NULL),
    ('network', 1, 4672, NULL, 0.0, 0.0, 50, 0, 'user', NULL, NULL),
    ('network', 2, 4634, 3, 1.0, 0.0, 97, 0, 'user', NULL, NULL),
    ('stay', 0, 4624, 3, 0.0, -2.0, 100, 2, 'user', true, NULL),
    ('stay', 1, 4648, NULL, 0.0, -0.1, 100, NULL, 'system', NULL, NULL),
    ('stay', 2, 4624, 10, 0.0, 0.0, 100, 1, 'user', true, true),
    ('stay', 3, 4624, 10, 0.0, 0.0, 100, 0, 'user', true, NULL),
    ('stay', 4, 4624, 2, 0.0, 0.0, 100, 1, 'user', false, true),
    ('stay', 5, 4624, 2, 0.0, 0.0, 100, 0, 'user', false, NULL),
    ('stay', 6, 4672, NULL, 0.0, 0.0, 100, 1, 'user', NULL, true),
    ('stay', 7, 4634, 3, 0.0, 5.0, 100, 2, 'user', true, NULL),
    ('stay', 8, 4779, NULL, 0.5, 0.0, 100, 0, 'user', true, NULL),
    ('stay', 9, 4624, 7, 0.55, 0.0, 100, 3, 'user', NULL, NULL),
    ('stay', 10, 4634, 7, 0.55, 0.01, 100, 3, 'user', NULL, NULL),
    ('stay', 11, 4778, NULL, 0.55, 0.1, 100, 0, 'user', true, NULL),
    ('stay', 12, 4624, 7, 0.8, 0.0, 100, 4, 'user', NULL, NULL),
    ('stay', 13, 4634, 7, 0.8, 0.01, 100, 4, 'user', NULL, NULL),
    ('stay', 14, 4647, NULL, 1.0, 0.0, 95, 0, 'user', NULL, NULL),
    ('stay', 15, 4634, 2, 1.0, 2.0, 90, 0, 'user', false, NULL),
    ('stay', 16, 4634, 10, 1.0, 2.0, 90, 0, 'user', true, NULL),
    ('stay', 17, 4634, 2, 1.0, 2.0, 90, 1, 'user', false, true),
    ('stay', 18, 4634, 10, 1.0, 2.0, 90, 1, 'user', true, true),
    ('service', 0, 4624, 5, 0.0, 0.0, 100, NULL, 'system', NULL, NULL),
    ('service', 1, 4672, NULL, 0.0, 0.0, 100, NULL, 'system', NULL, NULL),
    ('process', 0, 4688, NULL, 0.0, 0.0, 100, NULL, 'system', NULL, NULL),
    ('refused', 0, 4625, 3, 0.0, 0.0, 100, NULL, 'named', NULL, NULL),
    ('ntlm', 0, 4776, NULL, 0.0, 0.0, 100, NULL, 'named', NULL, NULL),
    ('batch', 0, 4624, 4, 0.0, 0.0, 100, 0, 'user', NULL, NULL),
    ('batch', 1, 4634, 4, 1.0, 0.0, 100, 0, 'user', NULL, NULL),
    ('clock', 0, 4616, NULL, 0.0, 0.0, 100, NULL, 'system', NULL, NULL),
    ('before-log', 0, 4634, 3, 0.0, 0.0, 100, 0, 'user', NULL, NULL),
    ('boot', 0, 1100, NULL, 0.0, -5.0, 80, NULL, 'nobody', NULL, NULL),
    ('boot', 1, 4826, NULL, 0.0, -0.1, 100, NULL, 'system', NULL, NULL),
    ('boot', 2, 4608, NULL, 0.0, 0.0, 100, NULL, 'nobody', NULL, NULL),
    ('boot', 3, 4624, 0, 0.0, 0.0, 100, NULL, 'system', NULL, NULL),
    ('boot', 4, 4902, NULL, 0.0, 0.1, 100, NULL, 'nobody', NULL, NULL),
    ('boot', 5, 4624, 2, 0.0, 0.2, 100, 0, 'desktop', NULL, NULL)
) AS listed(kind, step, event_id, logon_type, part, plus, chance, whose, who, remote, admin)
UNION ALL
SELECT 'stay', 19 + n, CASE WHEN n % 15 = 7 THEN 4648 ELSE 4688 END, NULL, (n + 1) / 45.0, 0.3, 100, 0, 'user', NULL,
       NULL
FROM range(43) numbers(n);

-- Every story has a place in one boot of one machine, and a logon ID of its own there: the next boot uses it again.
CREATE TEMP TABLE story AS
WITH counted AS (
    SELECT (getvariable('events') * 0.4145 / getvariable('machines') / getvariable('boots'))::INTEGER AS per_boot,
           31_536_000_000_000 // getvariable('boots') AS length
),
placed AS (
    SELECT story, length,
           (story // per_boot // getvariable('boots'))::INTEGER AS machine,
           (story // per_boot % getvariable('boots'))::INTEGER AS boot,
           story % per_boot AS number,
           60_000_000 + story % per_boot * (length - 180_000_000) // per_boot AS since,
           hash(story) AS chance
    FROM counted, range(per_boot * getvariable('boots') * getvariable('machines')) stories(story)
)
SELECT p.story, p.machine, p.boot, k.kind, boot * length + since AS begins, (boot + 1) * length - 60_000_000 AS until,
       1_000_000 * (k.shortest + (p.chance >> 16) % (k.longest - k.shortest + 1))::BIGINT AS life,
       131_072 + p.number * 256 AS logon_id, (p.chance >> 32) % 5_000 AS who, (p.chance >> 20) % 2 = 0 AS remote,
       (p.chance >> 24) % 3 = 0 AS admin,
       -- Everybody has three computers to reach others from, and two to sit at.
       CASE WHEN k.kind = 'stay' THEN 1_001 + (p.chance >> 32) % 5_000 * 7 % 999 + p.chance % 2
            ELSE 1 + (p.chance >> 32) % 5_000 * 7 % 998 + p.chance % 3 END AS place
FROM placed p JOIN kind k ON p.chance % 10_000 BETWEEN k.first AND k.last
UNION ALL
SELECT -1 - (m * getvariable('boots') + b), m, b, 'boot', b * length, (b + 1) * length, 0, 40_000, 0, false, false, 0
FROM counted, range(getvariable('machines')) machines(m), range(1, getvariable('boots')) starts(b)
UNION ALL
SELECT -10_000_000 - n, n % getvariable('machines'), 0, 'before-log', 1_000_000 + n * 1000, length, 0,
       65_536 + n * 16, hash(n) % 5_000, true, false, 0
FROM counted, range(getvariable('events') // 10_000) olds(n);

CREATE TEMP TABLE record AS
SELECT s.machine, s.boot, s.story, t.step::UTINYINT AS step,
       s.begins + (t.part * s.life)::BIGINT + (t.plus * 1_000_000)::BIGINT AS moment
FROM story s JOIN step t USING (kind)
WHERE (t.remote IS NULL OR t.remote = s.remote) AND (t.admin IS NULL OR s.admin)
  AND (t.chance = 100 OR hash(s.story, t.step) % 100 < t.chance)
  AND s.begins + (t.part * s.life)::BIGINT < s.until;

CREATE TEMP TABLE numbered AS
WITH ordered AS (SELECT machine, story, step, moment FROM record ORDER BY machine, moment, story, step),
placed AS (SELECT *, row_number() OVER () AS place FROM ordered),
counted AS (SELECT machine, min(place) AS first, count(*) AS records FROM placed GROUP BY machine)
SELECT p.machine, p.story, p.step, p.moment,
       (p.place - c.first) * getvariable('files') // c.records AS file,
       -- The log has lost its first records, and a few in the middle.
       500_001 + p.place - c.first + (p.place - c.first) * 4 // c.records * 7 AS record_id
FROM placed p JOIN counted c USING (machine);

INSERT INTO event BY NAME
SELECT row_number() OVER () - 1 AS row, *
FROM (
SELECT (n.machine * getvariable('files') + n.file + 1)::INTEGER AS source,
       n.record_id::UBIGINT AS header_id, n.record_id::UBIGINT AS record_id,
       make_timestamp(1_767_225_600_000_000 + n.moment) AS time, (n.record_id % 10)::UTINYINT AS tick,
       n.machine + 1 AS computer, 1 AS channel, CASE WHEN t.event_id = 1100 THEN 2 ELSE 1 END AS provider, t.event_id,
       CASE WHEN t.event_id IN (4624, 4688) THEN 2 WHEN t.event_id = 4616 THEN 1 ELSE 0 END AS version,
       CASE WHEN t.event_id = 4625 THEN 2 ELSE 1 END AS outcome,
       a.account,
       CASE WHEN t.event_id IN (4624, 4625, 4634, 4647, 4776, 4778, 4779) THEN a.account
            WHEN t.event_id = 4648 THEN 5_003 + (s.who + 1) % 5_000 ELSE 0 END AS target,
       CASE WHEN t.event_id IN (4672, 4648, 4688, 4616, 4826) THEN a.account
            WHEN t.event_id = 4624 AND t.logon_type <> 3 THEN 10_003 + n.machine ELSE 0 END AS subject,
       CASE WHEN t.event_id IN (1100, 4608, 4902, 4625, 4776) THEN NULL
            ELSE coalesce(s.logon_id + t.whose * 16, 999) END::UBIGINT AS logon_id,
       CASE WHEN t.event_id = 4624 THEN CASE WHEN t.logon_type IN (0, 3) THEN 0 ELSE 999 END
            WHEN t.event_id = 4625 THEN 0
            WHEN t.event_id IN (4672, 4648, 4688, 4616, 4826)
                THEN coalesce(s.logon_id + t.whose * 16, 999) END::UBIGINT AS subject_logon_id,
       CASE WHEN t.event_id = 4624 THEN
            CASE WHEN s.admin AND s.kind = 'stay' AND t.logon_type IN (2, 10) THEN s.logon_id + (1 - t.whose) * 16
                 ELSE 0 END END::UBIGINT AS linked_logon_id,
       t.logon_type,
       CASE WHEN t.event_id = 4624 THEN t.whose IS NULL OR t.whose = 1 END AS elevated,
       CASE WHEN t.event_id = 4625 THEN 3_221_225_581 WHEN t.event_id = 4776 THEN 0 END::UINTEGER AS status,
       CASE WHEN t.event_id = 4625 THEN 3_221_225_578 END::UINTEGER AS sub_status,
       CASE WHEN t.event_id IN (4624, 4625, 4778, 4779) AND (s.remote OR s.kind IN ('network', 'refused'))
                 AND t.who <> 'system' THEN s.place ELSE 0 END::INTEGER AS source_ip,
       CASE WHEN t.event_id IN (4624, 4625, 4776, 4778, 4779) AND t.who <> 'system' THEN s.place ELSE 0 END::INTEGER
           AS workstation,
       CASE WHEN t.event_id = 4688 THEN 1 + t.step % 40 WHEN t.event_id = 4624 AND t.logon_type NOT IN (0, 3) THEN 41
            ELSE 0 END AS process,
       CASE WHEN t.event_id <> 4624 THEN 0 WHEN t.logon_type IN (2, 7, 10) THEN 1 ELSE 2 END AS logon_process,
       CASE WHEN t.event_id IN (4688, 4648) THEN 1 + t.step % 40 ELSE 0 END AS object,
       NULL::INTEGER AS session_number,
       CASE WHEN t.event_id IN (4624, 4625, 4648, 4672)
            THEN 1 + n.machine * getvariable('boots') + s.boot ELSE 0 END AS activity,
       CASE WHEN t.event_id = 4616 THEN 1_000 * ((s.story * 7) % 4_001 - 2_000) END::BIGINT AS clock_step,
       NULL AS event_data, 0::UTINYINT AS recovered
FROM numbered n
JOIN story s USING (story)
JOIN step t ON t.kind = s.kind AND t.step = n.step
CROSS JOIN LATERAL (
    SELECT (CASE t.who WHEN 'user' THEN 3 + s.who WHEN 'named' THEN 5_003 + s.who WHEN 'system' THEN 1
                       WHEN 'desktop' THEN 2 ELSE 0 END)::INTEGER AS account) a
ORDER BY source, n.record_id);

-- The files of one machine overlap: each but the first begins with the last tenth of the one before.
INSERT INTO event BY NAME
SELECT e.* REPLACE (e.source + 1 AS source, (SELECT count(*) FROM event) - 1 + row_number() OVER () AS row)
FROM event e
JOIN (SELECT source, max(record_id) - (max(record_id) - min(record_id)) // 10 AS since FROM event GROUP BY source) f
    ON f.source = e.source AND e.record_id > f.since
WHERE e.source % getvariable('files') <> 0;
