-- Queries for DuckDB over the lake of `apivideo pull --out statistics`. Run them in the folder that contains `statistics`:
--   duckdb < docs/sql/duckdb.sql

-- The tables. `date` comes from the names of the folders. A session and its events have the same date, which can be NULL.
CREATE OR REPLACE VIEW sessions AS
SELECT * FROM read_parquet('statistics/sessions/*/*.parquet', hive_partitioning = true, hive_types = {'date': DATE});

CREATE OR REPLACE VIEW events AS
SELECT * FROM read_parquet('statistics/events/*/*.parquet', hive_partitioning = true, hive_types = {'date': DATE});

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
    ON e.date IS NOT DISTINCT FROM s.date AND e.asset_kind = s.asset_kind AND e.asset_id = s.asset_id AND e.session_id = s.session_id
    AND e.type = 'play'
GROUP BY country ORDER BY country NULLS FIRST;

-- Seconds from the start to the end of sessions, by video and live stream
SELECT asset_kind, asset_id, count(*) AS sessions,
    sum(epoch_us(ended_at) - epoch_us(loaded_at)) // 1000000 AS seconds
FROM sessions GROUP BY asset_kind, asset_id ORDER BY asset_kind, asset_id;

-- Sessions by a metadata key
SELECT metadata ->> '$.hats' AS hats, count(*) AS sessions FROM sessions GROUP BY hats ORDER BY hats NULLS FIRST;
