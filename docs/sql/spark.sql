-- Queries for Spark over the lake of `apivideo pull --out statistics`. Run them in the folder that contains `statistics`:
--   spark-sql --conf spark.sql.session.timeZone=UTC -f docs/sql/spark.sql

-- The tables. `date` comes from the names of the folders. A session and its events have the same date, which can be NULL.
CREATE OR REPLACE TEMPORARY VIEW sessions USING parquet OPTIONS (path 'statistics/sessions');

CREATE OR REPLACE TEMPORARY VIEW events USING parquet OPTIONS (path 'statistics/events');

-- Totals
SELECT
    (SELECT count(*) FROM sessions) AS sessions,
    (SELECT count(*) FROM events) AS events,
    (SELECT sum(at_seconds) FROM events) AS seconds;

-- Sessions by day
SELECT date, count(*) AS sessions FROM sessions GROUP BY date ORDER BY date;

-- Events by kind and day
SELECT date, type, count(*) AS events, sum(at_seconds) AS seconds
FROM events GROUP BY date, type ORDER BY date, type;

-- Sessions and plays by country
SELECT location_country AS country, count(DISTINCT s.session_id) AS sessions, count(e.type) AS plays
FROM sessions AS s
LEFT JOIN events AS e
    ON e.date <=> s.date AND e.asset_kind = s.asset_kind AND e.asset_id = s.asset_id AND e.session_id = s.session_id
    AND e.type = 'play'
GROUP BY country ORDER BY country NULLS FIRST;

-- Seconds from the start to the end of sessions, by video and live stream
SELECT asset_kind, asset_id, count(*) AS sessions,
    sum(unix_micros(ended_at) - unix_micros(loaded_at)) div 1000000 AS seconds
FROM sessions GROUP BY asset_kind, asset_id ORDER BY asset_kind, asset_id;

-- Sessions by a metadata key
SELECT get_json_object(metadata, '$.hats') AS hats, count(*) AS sessions
FROM sessions GROUP BY hats ORDER BY hats NULLS FIRST;
