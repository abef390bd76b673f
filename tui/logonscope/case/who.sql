-- Sessions that were, or may have been, on at one moment (rule R27).
--
-- Reads   session, absence
-- Values  the moment, then those of the condition

-- Where the clock was set while a session lasted, its bounds are only as good as the step is small.
WITH moment AS (SELECT ?::TIMESTAMP AS at),
bound AS (
    SELECT s.session_id, s.class, s.role, s.hidden, s.kind, s.presence, s.end_evidence, s.flags, s.person, s.machine,
           s.start, s.start_latest, s.end_earliest, s.end_latest,
           to_microseconds(CASE WHEN list_contains(s.flags, 'clock-adjusted') THEN abs(s.span - s.duration) ELSE 0 END)
               AS slip,
           least(coalesce(s.start_earliest, '-infinity'::TIMESTAMP), coalesce(s.end_earliest, s.start_latest))
               AS since,
           greatest(coalesce(s.end_latest, 'infinity'::TIMESTAMP), s.start_latest) AS until
    FROM session s
    WHERE s.role <> 'visit' AND {condition}
),
held AS (
    SELECT b.*, m.at,
           list_filter([
               CASE WHEN m.at < b.start_latest AND b.start IS NULL THEN 'began before' END,
               CASE WHEN m.at > b.end_earliest AND b.end_evidence = 'open' THEN 'log ends'
                    WHEN m.at > b.end_earliest AND b.end_latest IS NULL THEN 'no end'
                    WHEN m.at > b.end_earliest AND b.end_latest > b.end_earliest THEN 'end range' END,
               -- Outside of a start and an end that are known it can only be where the clock went back over them.
               CASE WHEN b.slip > INTERVAL 0 SECOND
                        AND (m.at < b.start_latest + b.slip OR m.at > b.end_earliest - b.slip)
                        OR b.start IS NOT NULL AND m.at < b.start_latest
                        OR b.end_latest <= b.end_earliest AND m.at > b.end_earliest THEN 'clock set' END,
               CASE WHEN list_has_any(b.flags, ['negative-duration', 'two-users', 'implausible-time'])
                    THEN 'contradiction' END
           ], lambda reason: reason IS NOT NULL) AS reasons
    FROM bound b, moment m
    WHERE m.at BETWEEN b.since - b.slip AND b.until + b.slip
)
SELECT h.session_id,
       CASE WHEN h.hidden OR h.class = 'work' THEN 'work'
            WHEN h.class = 'contact' THEN 'contacts'
            WHEN h.role = 'session' THEN 'stays'
            ELSE 'work' END AS part,
       h.reasons,
       coalesce(a.away, CASE WHEN contains(h.presence, 'lock') THEN 'present'
                              WHEN h.presence <> '' THEN 'connected' ELSE 'on' END) AS state,
       h.person
FROM held h
LEFT JOIN (
    SELECT session_id, arg_min(kind, list_position(['off', 'asleep', 'disconnected', 'locked', 'idle'], kind)) AS away
    FROM absence, moment
    WHERE since <= moment.at AND until > moment.at
    GROUP BY session_id
) a USING (session_id)
ORDER BY len(h.reasons) > 0,
         list_position(['present', 'connected', 'on', 'idle', 'disconnected', 'locked', 'asleep', 'off'], state),
         h.start_latest, h.machine, h.session_id
