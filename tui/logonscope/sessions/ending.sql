-- Logs that do not record ends.
--
-- Reads   logon, asked
-- Writes  ending (temporary)

-- How many logons of each machine have an end, and how many should have one.
CREATE OR REPLACE TEMP TABLE ending AS
SELECT machine, count(ask_pos) + count(close_pos) AS ends,
       count(*) FILTER (start_pos IS NOT NULL AND class <> 'work' OR logon_type = 4) AS due
FROM logon
LEFT JOIN asked USING (epoch, logon_id, earlier)
WHERE kind NOT IN ('system', 'virtual')
GROUP BY machine;
