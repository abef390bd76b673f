-- The rows of the tables about machines as a whole, for those that changed; of the same transaction as publish.sql.
--
-- Reads   dirty, stale, now_built, ended, session, epoch, clock, bucket, mark, without_id
-- Writes  boot, coverage, unused, built

DELETE FROM boot WHERE machine IN (FROM stale);
DELETE FROM coverage WHERE machine IN (FROM stale) OR mark_id < 0;
DELETE FROM unused WHERE machine IN (FROM stale);

INSERT INTO boot BY NAME
WITH own_id AS (
    SELECT DISTINCT e.machine, e.boot, unnest(e.logon_ids) AS logon_id
    FROM ended e
    WHERE e.kind NOT IN ('system', 'machine', 'virtual') AND e.class IN ('stay', 'identity', 'unlock')
),
reused AS (
    SELECT machine, logon_id FROM own_id GROUP BY machine, logon_id HAVING count(*) > 1
)
SELECT (p.machine::BIGINT << 32) + p.number AS boot_id, p.machine, p.number, p.first_pos, p.start, p.start_evidence,
       p.start_row, p.kernel_start, p.end_kind, p.end_time, p.end_is_exact, p.end_row,
       CASE WHEN p.end_kind IN ('crash', 'reboot') THEN greatest(p.alive_until, p.last_time) END AS alive_until,
       p.next_start, p.last_pos, p.last_time,
       coalesce(s.stays, 0)::INTEGER AS stays, coalesce(s.sessions, 0)::INTEGER AS sessions,
       coalesce(r.ids, []) AS reused_ids, coalesce(k.stepped, 0) AS stepped
FROM epoch p
LEFT JOIN (
    SELECT machine, boot, count(*) AS sessions,
           count(*) FILTER (class IN ('stay', 'unlock', 'identity') AND role = 'session' AND NOT hidden) AS stays
    FROM session WHERE role <> 'visit' AND machine IN (FROM dirty) GROUP BY machine, boot
) s ON s.machine = p.machine AND s.boot = p.number
LEFT JOIN (
    SELECT o.machine, o.boot, list(o.logon_id ORDER BY o.logon_id) AS ids
    FROM own_id o JOIN reused USING (machine, logon_id) GROUP BY o.machine, o.boot
) r ON r.machine = p.machine AND r.boot = p.number
LEFT JOIN (
    -- Forged steps can add up to more than any number holds.
    SELECT b.epoch, greatest(least(sum(c.clock_step), 4611686018427387904), -4611686018427387904)::BIGINT AS stepped
    FROM clock c
    JOIN bucket b ON b.machine = c.machine AND b.bucket = c.pos >> 8 AND c.pos BETWEEN b.first_pos AND b.last_pos
    GROUP BY b.epoch
) k ON k.epoch = p.epoch;

INSERT INTO coverage BY NAME
SELECT (machine::BIGINT << 32)
           + row_number() OVER (PARTITION BY machine ORDER BY channel, kind, since NULLS FIRST, after_pos, row, text) AS mark_id,
       *
FROM mark;

INSERT INTO unused
SELECT machine, row, 'no logon ID' FROM without_id;

DELETE FROM built WHERE machine IN (FROM stale);
INSERT INTO built SELECT * FROM now_built SEMI JOIN dirty USING (machine);
