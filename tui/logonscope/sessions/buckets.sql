-- Runs of 256 positions, and the boots that they touch: placing records by runs is far quicker than by range.
--
-- Reads   security, epoch
-- Writes  bucket (temporary)

CREATE OR REPLACE TEMP TABLE bucket AS
WITH run AS (SELECT DISTINCT machine, pos >> 8 AS bucket FROM security),
bounded AS (
    SELECT machine, epoch, first_pos,
           coalesce(lead(first_pos) OVER (PARTITION BY machine ORDER BY first_pos), 9223372036854775807) - 1 AS last_pos
    FROM epoch
)
-- The boot that goes on where the run begins, and those that begin in it.
SELECT r.machine, r.bucket, b.epoch, b.first_pos, b.last_pos
FROM run r
ASOF JOIN (FROM bounded WHERE first_pos <= last_pos) b ON b.machine = r.machine AND r.bucket << 8 >= b.first_pos
UNION ALL
SELECT r.machine, r.bucket, b.epoch, b.first_pos, b.last_pos
FROM run r
JOIN bounded b ON b.machine = r.machine AND b.first_pos >> 8 = r.bucket AND b.first_pos > r.bucket << 8;
