-- Queries over what was downloaded: the tables `sessions` and `events`. Run one of the files with views before. They count rows;
-- durations are in the tables that are derived from events, see measures.sql.

-- query: totals
-- Totals
SELECT (SELECT count(*) FROM sessions) AS sessions, (SELECT count(*) FROM events) AS events;

-- query: sessions_by_day
-- Sessions by day of UTC. The day of a session is NULL if it is not known.
SELECT date, count(*) AS sessions FROM sessions GROUP BY date ORDER BY date;

-- query: events_by_day
-- Events by kind and day. An event has the day of its session.
SELECT date, type, count(*) AS events FROM events GROUP BY date, type ORDER BY date, type;

-- query: play_events_by_country
-- Sessions and `play` events by country
WITH counted AS (
    SELECT asset_kind, asset_id, session_id, count(*) AS play_events FROM events WHERE type = 'play'
    GROUP BY asset_kind, asset_id, session_id
)
SELECT location_country AS country, count(*) AS sessions, coalesce(sum(play_events), 0) AS play_events
FROM sessions
LEFT JOIN counted ON counted.asset_kind = sessions.asset_kind AND counted.asset_id = sessions.asset_id
    AND counted.session_id = sessions.session_id
GROUP BY location_country
ORDER BY location_country NULLS FIRST;
