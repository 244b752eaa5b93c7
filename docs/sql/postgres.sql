-- The views of measures.sql for PostgreSQL 14 and later, over the tables that docs/operate/postgres/load.py writes:
--   cat docs/sql/postgres.sql docs/sql/measures.sql | psql statistics

-- Positions in microseconds of the media, and times in microseconds since the Unix epoch.
CREATE OR REPLACE VIEW played AS
SELECT *,
    CAST(round(from_seconds * 1e6) AS BIGINT) AS from_us,
    CAST(round(to_seconds * 1e6) AS BIGINT) AS to_us,
    CAST(round(upper_seconds * 1e6) AS BIGINT) AS upper_us,
    CAST(EXTRACT(EPOCH FROM started_at) * 1000000 AS BIGINT) AS started_us,
    CAST(EXTRACT(EPOCH FROM ended_at) * 1000000 AS BIGINT) AS ended_us
FROM lake.played;

CREATE OR REPLACE VIEW playbacks AS
SELECT *,
    CASE WHEN play_events > 0 OR exit_seconds IS NOT NULL THEN 1 ELSE 0 END AS is_play,
    CAST(round(covered_seconds * 1e6) AS BIGINT) AS covered_us,
    CAST(round(exit_seconds * 1e6) AS BIGINT) AS exit_us,
    CAST(round(furthest_seconds * 1e6) AS BIGINT) AS furthest_us,
    CAST(round(time_to_play_seconds * 1e6) AS BIGINT) AS time_to_play_us,
    CAST(EXTRACT(EPOCH FROM loaded_at) * 1000000 AS BIGINT) AS loaded_us,
    CAST(EXTRACT(EPOCH FROM ended_at) * 1000000 AS BIGINT) AS ended_us
FROM lake.playbacks;

CREATE OR REPLACE VIEW seeks AS
SELECT *,
    CAST(round(from_seconds * 1e6) AS BIGINT) AS from_us,
    CAST(round(to_seconds * 1e6) AS BIGINT) AS to_us,
    CAST(EXTRACT(EPOCH FROM emitted_at) * 1000000 AS BIGINT) AS emitted_us
FROM lake.seeks;

CREATE OR REPLACE VIEW lengths AS
SELECT *, CAST(round(length_seconds * 1e6) AS BIGINT) AS length_us
FROM lake.lengths;

-- The numbers from 0 to 9,999.
CREATE OR REPLACE VIEW integers AS SELECT n FROM generate_series(0, 9999) AS n;

-- The bins of retention: of 1 s up to a length of an hour, else of the smallest width that results in at most 1,000. Positions
-- of a live stream are times since its first playback. The last bin starts at `last_us`, and ends at the length.
CREATE OR REPLACE VIEW bins AS
SELECT asset_kind, asset_id, origin_us, length_us, bin_us,
    CAST(bin_us / 2 AS BIGINT) AS half_us,
    length_us - 1 - (length_us - 1) % bin_us AS last_us
FROM (
    SELECT asset_kind, asset_id, origin_us, length_us,
        CASE WHEN length_us <= 3600000000 THEN 1000000
            WHEN length_us <= 5000000000 THEN 5000000
            WHEN length_us <= 10000000000 THEN 10000000
            WHEN length_us <= 15000000000 THEN 15000000
            WHEN length_us <= 30000000000 THEN 30000000
            WHEN length_us <= 60000000000 THEN 60000000
            WHEN length_us <= 120000000000 THEN 120000000
            WHEN length_us <= 300000000000 THEN 300000000
            WHEN length_us <= 600000000000 THEN 600000000
            WHEN length_us <= 900000000000 THEN 900000000
            WHEN length_us <= 1800000000000 THEN 1800000000
            WHEN length_us <= 3600000000000 THEN 3600000000
            WHEN length_us <= 7200000000000 THEN 7200000000
            WHEN length_us <= 21600000000000 THEN 21600000000
            WHEN length_us <= 43200000000000 THEN 43200000000
            ELSE 86400000000 END AS bin_us
    FROM (
        SELECT asset_kind, asset_id, CAST(0 AS BIGINT) AS origin_us, length_us FROM lengths
        UNION ALL
        SELECT asset_kind, asset_id, min(started_us) AS origin_us, max(ended_us) - min(started_us) AS length_us
        FROM played
        WHERE asset_kind = 'live-stream' AND started_us < ended_us
        GROUP BY asset_kind, asset_id
    ) AS extents
) AS widths;

-- What was downloaded.
CREATE OR REPLACE VIEW sessions AS
SELECT * FROM lake.sessions;

CREATE OR REPLACE VIEW events AS
SELECT * FROM lake.events;

-- query: sessions_by_metadata
-- Sessions by a metadata key.
SELECT hats, count(*) AS sessions
FROM (SELECT metadata::json ->> 'hats' AS hats FROM sessions) AS keyed
GROUP BY hats
ORDER BY hats NULLS FIRST;
