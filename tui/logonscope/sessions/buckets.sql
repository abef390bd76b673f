-- Runs of 4 096 positions, and the boots that they touch: placing records by runs is far quicker than by range.
--
-- Reads   security, epoch
-- Writes  bucket (temporary)

CREATE OR REPLACE TEMP TABLE bucket AS
WITH run AS (SELECT DISTINCT machine, pos >> 12 AS bucket FROM security),
bounded AS (
    SELECT machine, epoch, first_pos,
           coalesce(lead(first_pos) OVER (PARTITION BY machine ORDER BY first_pos), 9223372036854775807) - 1 AS last_pos
    FROM epoch
)
SELECT r.machine, r.bucket, b.epoch, b.first_pos, b.last_pos
FROM run r
JOIN bounded b ON b.machine = r.machine AND b.first_pos < (r.bucket + 1) << 12 AND b.last_pos >= r.bucket << 12;
