-- Every measure as a query over the tables of a lake that are derived from events: `played`, `playbacks`, `seeks` and `lengths`.
-- The queries are portable. What is not is in the views of duckdb.sql, datafusion.sql, spark.sql (also for Sail) and
-- clickhouse.sql: run one of them first. README.md lists the measures.
--
-- Names that end in `_us` are whole microseconds, so that sums are exact and equal in all engines. Days, weeks and hours are
-- those of UTC. Rates, averages and retention of fewer than 20 plays are NULL or left out. Rows of the asset `all` are those of
-- the whole lake.

-- measure: plays
-- Measures 1, 2 and 6: impressions, plays and the play rate. A session is a play if it has a `play` event or played something.
WITH counted AS (
    SELECT asset_kind, asset_id,
        count(*) AS sessions,
        sum(CASE WHEN ready_events > 0 THEN 1 ELSE 0 END) AS impressions,
        sum(ready_events) AS ready_events,
        sum(is_play) AS plays,
        sum(play_events) AS play_events,
        sum(end_events) AS end_events,
        sum(visits) AS visits
    FROM playbacks
    GROUP BY asset_kind, asset_id
)
SELECT asset_kind, asset_id, sessions, impressions, ready_events, plays, play_events, end_events, visits,
    CASE WHEN plays >= 20 AND impressions > 0 THEN 1e0 * plays / impressions END AS play_rate
FROM counted
ORDER BY asset_kind, asset_id;

-- measure: unique_viewers
-- Measure 3: the number of viewer keys, plus the number of sessions without a key, of all sessions and of plays. The numbers
-- are upper bounds if a session has no key.
WITH scoped AS (
    SELECT asset_kind, asset_id, viewer_key, is_play FROM playbacks
    UNION ALL
    SELECT 'all' AS asset_kind, 'all' AS asset_id, viewer_key, is_play FROM playbacks
)
SELECT asset_kind, asset_id,
    count(DISTINCT viewer_key) + sum(CASE WHEN viewer_key IS NULL THEN 1 ELSE 0 END) AS viewers,
    count(DISTINCT CASE WHEN is_play = 1 THEN viewer_key END)
        + sum(CASE WHEN viewer_key IS NULL THEN is_play ELSE 0 END) AS viewers_played,
    sum(CASE WHEN viewer_key IS NULL THEN 1 ELSE 0 END) AS sessions_without_key
FROM scoped
GROUP BY asset_kind, asset_id
ORDER BY asset_kind, asset_id;

-- measure: watch_time
-- Measures 4, 4b and 5: the watch time, the playing time (wall clock) and the unique watch time, with the bounds of the watch
-- time and its estimated part.
SELECT asset_kind, asset_id,
    sum(to_us - from_us) / 1e6 AS watch_seconds,
    sum(ended_us - started_us) / 1e6 AS playing_seconds,
    sum(CASE WHEN is_rewatch THEN 0 ELSE to_us - from_us END) / 1e6 AS covered_seconds,
    sum(CASE WHEN is_estimated THEN 0 ELSE to_us - from_us END) / 1e6 AS watch_seconds_lower,
    sum(upper_us) / 1e6 AS watch_seconds_upper,
    sum(CASE WHEN is_estimated THEN to_us - from_us ELSE 0 END) / 1e6 AS estimated_seconds
FROM played
GROUP BY asset_kind, asset_id
ORDER BY asset_kind, asset_id;

-- measure: completion
-- Measure 7: sessions with an `end` event, sessions that reached the last 30 s and the last 5 % of the video, and sessions that
-- covered 90 % of it. NULL without a length. A rate is a number ÷ plays.
WITH counted AS (
    SELECT playbacks.asset_kind, playbacks.asset_id,
        sum(is_play) AS plays,
        max(length_us) AS length_us,
        sum(CASE WHEN end_events > 0 THEN 1 ELSE 0 END) AS ended,
        sum(CASE WHEN furthest_us >= length_us - 30000000 AND furthest_us * 20 >= length_us * 19 THEN 1 ELSE 0 END) AS reached,
        sum(CASE WHEN furthest_us IS NOT NULL AND covered_us * 10 >= length_us * 9 THEN 1 ELSE 0 END) AS covered
    FROM playbacks
    LEFT JOIN lengths ON lengths.asset_kind = playbacks.asset_kind AND lengths.asset_id = playbacks.asset_id
    GROUP BY playbacks.asset_kind, playbacks.asset_id
)
SELECT asset_kind, asset_id, ended,
    CASE WHEN plays > 0 AND length_us > 0 THEN reached END AS reached,
    CASE WHEN plays > 0 AND length_us > 0 THEN covered END AS covered,
    CASE WHEN plays >= 20 THEN 1e0 * ended / plays END AS ended_rate,
    CASE WHEN plays >= 20 AND length_us > 0 THEN 1e0 * reached / plays END AS reached_rate,
    CASE WHEN plays >= 20 AND length_us > 0 THEN 1e0 * covered / plays END AS covered_rate
FROM counted
ORDER BY asset_kind, asset_id;

-- measure: average_viewed
-- Measures 8 and 8b: the mean over plays of watch time ÷ length and of unique watch time ÷ length, in percent, of videos.
WITH watched AS (
    SELECT asset_kind, asset_id,
        sum(to_us - from_us) AS watch_us,
        sum(CASE WHEN is_rewatch THEN 0 ELSE to_us - from_us END) AS covered_us
    FROM played
    GROUP BY asset_kind, asset_id
), counted_plays AS (
    SELECT asset_kind, asset_id, sum(is_play) AS plays FROM playbacks GROUP BY asset_kind, asset_id
)
SELECT lengths.asset_kind, lengths.asset_id, length_source,
    length_us / 1e6 AS length_seconds,
    100e0 * coalesce(watch_us, 0) / length_us / plays AS average_viewed_percent,
    100e0 * coalesce(covered_us, 0) / length_us / plays AS average_covered_percent
FROM lengths
JOIN counted_plays ON counted_plays.asset_kind = lengths.asset_kind AND counted_plays.asset_id = lengths.asset_id
LEFT JOIN watched ON watched.asset_kind = lengths.asset_kind AND watched.asset_id = lengths.asset_id
WHERE plays >= 20 AND length_us > 0
ORDER BY lengths.asset_kind, lengths.asset_id;

-- measure: retention
-- Measures 9, 9b and 9c, by bin: the number of views and of sessions at the midpoint of each bin. Divided by plays, they are
-- the absolute and the unique retention; their difference is the rewatch rate. A session of a live stream plays one thing at a
-- time.
WITH counted_plays AS (
    SELECT asset_kind, asset_id, sum(is_play) AS plays FROM playbacks GROUP BY asset_kind, asset_id
), scope AS (
    SELECT bins.asset_kind, bins.asset_id, origin_us, length_us, bin_us, half_us, last_us, plays
    FROM bins
    JOIN counted_plays ON counted_plays.asset_kind = bins.asset_kind AND counted_plays.asset_id = bins.asset_id
    WHERE plays >= 20 AND length_us > 0
), edges AS (
    SELECT asset_kind, asset_id, from_us AS at_us, 1 AS views, CASE WHEN is_rewatch THEN 0 ELSE 1 END AS viewers
    FROM played WHERE asset_kind = 'video'
    UNION ALL
    SELECT asset_kind, asset_id, to_us AS at_us, -1 AS views, CASE WHEN is_rewatch THEN 0 ELSE -1 END AS viewers
    FROM played WHERE asset_kind = 'video'
    UNION ALL
    SELECT asset_kind, asset_id, started_us AS at_us, 1 AS views, 1 AS viewers
    FROM played WHERE asset_kind = 'live-stream'
    UNION ALL
    SELECT asset_kind, asset_id, ended_us AS at_us, -1 AS views, -1 AS viewers
    FROM played WHERE asset_kind = 'live-stream'
), placed AS (
    -- The bin with the first midpoint that is not before the edge. The last bin can be narrower than the others.
    SELECT edges.asset_kind, edges.asset_id, views, viewers,
        at_us - origin_us + half_us - 1 - (at_us - origin_us + half_us - 1) % bin_us AS bin_at,
        CASE WHEN (at_us - origin_us) * 2 > last_us + length_us THEN 1 ELSE 0 END AS is_beyond
    FROM edges
    JOIN scope ON scope.asset_kind = edges.asset_kind AND scope.asset_id = edges.asset_id
    UNION ALL
    SELECT asset_kind, asset_id, 0 AS views, 0 AS viewers, n * bin_us AS bin_at, 0 AS is_beyond
    FROM scope CROSS JOIN integers
    WHERE n * bin_us < length_us
), steps AS (
    SELECT asset_kind, asset_id, bin_at, sum(views) AS views, sum(viewers) AS viewers
    FROM placed
    WHERE is_beyond = 0
    GROUP BY asset_kind, asset_id, bin_at
), curve AS (
    SELECT asset_kind, asset_id, bin_at,
        sum(views) OVER (PARTITION BY asset_kind, asset_id ORDER BY bin_at
            ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS views,
        sum(viewers) OVER (PARTITION BY asset_kind, asset_id ORDER BY bin_at
            ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS viewers
    FROM steps
)
SELECT curve.asset_kind, curve.asset_id, bin_at / 1e6 AS from_seconds, views, viewers, plays
FROM curve
JOIN scope ON scope.asset_kind = curve.asset_kind AND scope.asset_id = curve.asset_id
WHERE bin_at < length_us
ORDER BY curve.asset_kind, curve.asset_id, bin_at;

-- measure: exits
-- Measure 10, by bin of a video: the sessions that left in the bin, those that played beyond its start, and their quotient, the
-- hazard. An exit at the border of two bins belongs to the first.
WITH counted_plays AS (
    SELECT asset_kind, asset_id, sum(is_play) AS plays FROM playbacks GROUP BY asset_kind, asset_id
), scope AS (
    SELECT bins.asset_kind, bins.asset_id, bin_us, last_us
    FROM bins
    JOIN counted_plays ON counted_plays.asset_kind = bins.asset_kind AND counted_plays.asset_id = bins.asset_id
    WHERE plays >= 20 AND length_us > 0 AND bins.asset_kind = 'video'
), placed AS (
    SELECT playbacks.asset_kind, playbacks.asset_id, last_us, 1 AS exits, 0 AS furthest,
        exit_us - 1 - (exit_us - 1) % bin_us AS bin_at
    FROM playbacks
    JOIN scope ON scope.asset_kind = playbacks.asset_kind AND scope.asset_id = playbacks.asset_id
    WHERE exit_us > 0
    UNION ALL
    -- A session whose furthest position is in a bin reached this bin and those before.
    SELECT playbacks.asset_kind, playbacks.asset_id, last_us, 0 AS exits, 1 AS furthest,
        furthest_us - 1 - (furthest_us - 1) % bin_us AS bin_at
    FROM playbacks
    JOIN scope ON scope.asset_kind = playbacks.asset_kind AND scope.asset_id = playbacks.asset_id
    WHERE furthest_us > 0
), grouped AS (
    SELECT asset_kind, asset_id, bin_at, sum(exits) AS exits, sum(furthest) AS furthest
    FROM (
        SELECT asset_kind, asset_id, exits, furthest, least(bin_at, last_us) AS bin_at
        FROM placed
    ) AS clamped
    GROUP BY asset_kind, asset_id, bin_at
), summed AS (
    SELECT asset_kind, asset_id, bin_at, exits,
        sum(furthest) OVER (PARTITION BY asset_kind, asset_id ORDER BY bin_at DESC
            ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS reached
    FROM grouped
)
SELECT asset_kind, asset_id, bin_at / 1e6 AS from_seconds, exits, reached, 1e0 * exits / reached AS hazard
FROM summed
WHERE exits > 0
ORDER BY asset_kind, asset_id, bin_at;

-- measure: drops
-- Measure 10: at most five of the steepest falls of the unique retention by more than 1.5 points over a thirtieth of the length,
-- at least 5 s, that do not overlap. Bins of 1 s are smoothed by a median of five values, of fewer at the borders.
WITH counted_plays AS (
    SELECT asset_kind, asset_id, sum(is_play) AS plays FROM playbacks GROUP BY asset_kind, asset_id
), scope AS (
    SELECT bins.asset_kind, bins.asset_id, origin_us, length_us, bin_us, half_us, last_us, plays
    FROM bins
    JOIN counted_plays ON counted_plays.asset_kind = bins.asset_kind AND counted_plays.asset_id = bins.asset_id
    WHERE plays >= 20 AND length_us > 0
), edges AS (
    SELECT asset_kind, asset_id, from_us AS at_us, 1 AS views, CASE WHEN is_rewatch THEN 0 ELSE 1 END AS viewers
    FROM played WHERE asset_kind = 'video'
    UNION ALL
    SELECT asset_kind, asset_id, to_us AS at_us, -1 AS views, CASE WHEN is_rewatch THEN 0 ELSE -1 END AS viewers
    FROM played WHERE asset_kind = 'video'
    UNION ALL
    SELECT asset_kind, asset_id, started_us AS at_us, 1 AS views, 1 AS viewers
    FROM played WHERE asset_kind = 'live-stream'
    UNION ALL
    SELECT asset_kind, asset_id, ended_us AS at_us, -1 AS views, -1 AS viewers
    FROM played WHERE asset_kind = 'live-stream'
), placed AS (
    -- The bin with the first midpoint that is not before the edge. The last bin can be narrower than the others.
    SELECT edges.asset_kind, edges.asset_id, views, viewers,
        at_us - origin_us + half_us - 1 - (at_us - origin_us + half_us - 1) % bin_us AS bin_at,
        CASE WHEN (at_us - origin_us) * 2 > last_us + length_us THEN 1 ELSE 0 END AS is_beyond
    FROM edges
    JOIN scope ON scope.asset_kind = edges.asset_kind AND scope.asset_id = edges.asset_id
    UNION ALL
    SELECT asset_kind, asset_id, 0 AS views, 0 AS viewers, n * bin_us AS bin_at, 0 AS is_beyond
    FROM scope CROSS JOIN integers
    WHERE n * bin_us < length_us
), steps AS (
    SELECT asset_kind, asset_id, bin_at, sum(views) AS views, sum(viewers) AS viewers
    FROM placed
    WHERE is_beyond = 0
    GROUP BY asset_kind, asset_id, bin_at
), curve AS (
    SELECT asset_kind, asset_id, bin_at,
        sum(views) OVER (PARTITION BY asset_kind, asset_id ORDER BY bin_at
            ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS views,
        sum(viewers) OVER (PARTITION BY asset_kind, asset_id ORDER BY bin_at
            ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS viewers
    FROM steps
), numbered AS (
    SELECT curve.asset_kind, curve.asset_id, bin_us, length_us, plays, viewers,
        row_number() OVER (PARTITION BY curve.asset_kind, curve.asset_id ORDER BY bin_at) - 1 AS bin,
        count(*) OVER (PARTITION BY curve.asset_kind, curve.asset_id) AS bins
    FROM curve
    JOIN scope ON scope.asset_kind = curve.asset_kind AND scope.asset_id = curve.asset_id
    WHERE bin_at < length_us AND length_us >= 30000000
), reached AS (
    SELECT asset_kind, asset_id, bin_us, length_us, plays, viewers, bin,
        CASE WHEN bin_us > 1000000 THEN 0 WHEN bin < 2 AND bin <= bins - 1 - bin THEN bin
            WHEN bins - 1 - bin < 2 THEN bins - 1 - bin ELSE 2 END AS distance
    FROM numbered
), neighbours AS (
    SELECT a.asset_kind, a.asset_id, a.bin_us, a.length_us, a.plays, a.bin, a.distance, b.viewers AS viewers,
        row_number() OVER (PARTITION BY a.asset_kind, a.asset_id, a.bin ORDER BY b.viewers) AS place
    FROM (SELECT reached.*, n - 2 AS offset_bins FROM reached CROSS JOIN integers WHERE n < 5) AS a
    JOIN reached AS b ON b.asset_kind = a.asset_kind AND b.asset_id = a.asset_id AND b.bin = a.bin + a.offset_bins
    WHERE abs(a.offset_bins) <= a.distance
), smooth AS (
    SELECT asset_kind, asset_id, bin_us, plays, bin, viewers,
        CAST(ceil(CASE WHEN length_us > 150000000 THEN floor(length_us / 30e0) ELSE 5e6 END / bin_us) AS BIGINT) AS window_bins
    FROM neighbours
    WHERE place = distance + 1
), falls AS (
    SELECT a.asset_kind, a.asset_id, a.bin, a.viewers - b.viewers AS fall, a.window_bins, a.bin_us, a.plays, 0 AS place
    FROM smooth AS a
    JOIN smooth AS b ON b.asset_kind = a.asset_kind AND b.asset_id = a.asset_id AND b.bin = a.bin + a.window_bins
    WHERE (a.viewers - b.viewers) * 1000 > a.plays * 15
), level_1 AS (
    SELECT asset_kind, asset_id, bin, fall, window_bins, bin_us, plays,
        CASE WHEN place <> 0 THEN place WHEN bin = steepest THEN 1
            WHEN abs(bin - steepest) < window_bins THEN -1 ELSE 0 END AS place
    FROM (
        SELECT asset_kind, asset_id, bin, fall, window_bins, bin_us, plays, place,
            first_value(bin) OVER (PARTITION BY asset_kind, asset_id
                ORDER BY CASE WHEN place = 0 THEN 0 ELSE 1 END, fall DESC, bin) AS steepest
        FROM falls
    ) AS ordered_1
), level_2 AS (
    SELECT asset_kind, asset_id, bin, fall, window_bins, bin_us, plays,
        CASE WHEN place <> 0 THEN place WHEN bin = steepest THEN 2
            WHEN abs(bin - steepest) < window_bins THEN -1 ELSE 0 END AS place
    FROM (
        SELECT asset_kind, asset_id, bin, fall, window_bins, bin_us, plays, place,
            first_value(bin) OVER (PARTITION BY asset_kind, asset_id
                ORDER BY CASE WHEN place = 0 THEN 0 ELSE 1 END, fall DESC, bin) AS steepest
        FROM level_1
    ) AS ordered_2
), level_3 AS (
    SELECT asset_kind, asset_id, bin, fall, window_bins, bin_us, plays,
        CASE WHEN place <> 0 THEN place WHEN bin = steepest THEN 3
            WHEN abs(bin - steepest) < window_bins THEN -1 ELSE 0 END AS place
    FROM (
        SELECT asset_kind, asset_id, bin, fall, window_bins, bin_us, plays, place,
            first_value(bin) OVER (PARTITION BY asset_kind, asset_id
                ORDER BY CASE WHEN place = 0 THEN 0 ELSE 1 END, fall DESC, bin) AS steepest
        FROM level_2
    ) AS ordered_3
), level_4 AS (
    SELECT asset_kind, asset_id, bin, fall, window_bins, bin_us, plays,
        CASE WHEN place <> 0 THEN place WHEN bin = steepest THEN 4
            WHEN abs(bin - steepest) < window_bins THEN -1 ELSE 0 END AS place
    FROM (
        SELECT asset_kind, asset_id, bin, fall, window_bins, bin_us, plays, place,
            first_value(bin) OVER (PARTITION BY asset_kind, asset_id
                ORDER BY CASE WHEN place = 0 THEN 0 ELSE 1 END, fall DESC, bin) AS steepest
        FROM level_3
    ) AS ordered_4
), level_5 AS (
    SELECT asset_kind, asset_id, bin, fall, window_bins, bin_us, plays,
        CASE WHEN place <> 0 THEN place WHEN bin = steepest THEN 5
            WHEN abs(bin - steepest) < window_bins THEN -1 ELSE 0 END AS place
    FROM (
        SELECT asset_kind, asset_id, bin, fall, window_bins, bin_us, plays, place,
            first_value(bin) OVER (PARTITION BY asset_kind, asset_id
                ORDER BY CASE WHEN place = 0 THEN 0 ELSE 1 END, fall DESC, bin) AS steepest
        FROM level_4
    ) AS ordered_5
)
SELECT asset_kind, asset_id, place, bin * bin_us / 1e6 AS from_seconds, (bin + window_bins) * bin_us / 1e6 AS to_seconds,
    100e0 * fall / plays AS points
FROM level_5
WHERE place > 0
ORDER BY asset_kind, asset_id, place;

-- measure: seeks
-- Measure 11: seeks, the sessions with at least one, and the media time that was skipped and rewound.
SELECT asset_kind, asset_id,
    count(*) AS seeks,
    count(DISTINCT session_id) AS sessions,
    sum(CASE WHEN to_us > from_us THEN to_us - from_us ELSE 0 END) / 1e6 AS skipped_seconds,
    sum(CASE WHEN to_us < from_us THEN from_us - to_us ELSE 0 END) / 1e6 AS rewound_seconds
FROM seeks
GROUP BY asset_kind, asset_id
ORDER BY asset_kind, asset_id;

-- measure: seek_positions
-- Measure 11, by bin of a video: the seeks that started in the bin, and those that led to it.
WITH counted_plays AS (
    SELECT asset_kind, asset_id, sum(is_play) AS plays FROM playbacks GROUP BY asset_kind, asset_id
), placed AS (
    SELECT asset_kind, asset_id, from_us AS at_us, 1 AS sources, 0 AS targets FROM seeks
    UNION ALL
    SELECT asset_kind, asset_id, to_us AS at_us, 0 AS sources, 1 AS targets FROM seeks
), binned AS (
    SELECT placed.asset_kind, placed.asset_id, sources, targets,
        least(last_us, greatest(0, at_us - at_us % bin_us)) AS bin_at
    FROM placed
    JOIN bins ON bins.asset_kind = placed.asset_kind AND bins.asset_id = placed.asset_id
    WHERE placed.asset_kind = 'video' AND length_us > 0
)
SELECT asset_kind, asset_id, bin_at / 1e6 AS from_seconds, sum(sources) AS sources, sum(targets) AS targets
FROM binned
GROUP BY asset_kind, asset_id, bin_at
ORDER BY asset_kind, asset_id, bin_at;

-- measure: concurrency
-- Measure 12: concurrent viewers by an exact sweep: the number of intervals that are played at an instant. The peak, the first
-- instant at which it is reached, and the average from the first to the last playback. Ranges of more than 31 days are left out.
WITH scoped AS (
    SELECT asset_kind, asset_id, started_us AS from_us, ended_us AS to_us FROM played
    UNION ALL
    SELECT 'all' AS asset_kind, 'all' AS asset_id, started_us AS from_us, ended_us AS to_us FROM played
), ranges AS (
    SELECT asset_kind, asset_id, from_us, to_us FROM scoped WHERE from_us < to_us AND to_us - from_us <= 2678400000000
), edges AS (
    SELECT asset_kind, asset_id, from_us AS at_us, 1 AS change FROM ranges
    UNION ALL
    SELECT asset_kind, asset_id, to_us AS at_us, -1 AS change FROM ranges
), steps AS (
    SELECT asset_kind, asset_id, at_us, sum(change) AS change FROM edges GROUP BY asset_kind, asset_id, at_us
), counted AS (
    SELECT asset_kind, asset_id, at_us,
        sum(change) OVER (PARTITION BY asset_kind, asset_id ORDER BY at_us
            ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS viewers
    FROM steps
), ranked AS (
    SELECT asset_kind, asset_id, at_us, viewers,
        row_number() OVER (PARTITION BY asset_kind, asset_id ORDER BY viewers DESC, at_us) AS place
    FROM counted
), spans AS (
    SELECT asset_kind, asset_id, 1e0 * sum(to_us - from_us) / (max(to_us) - min(from_us)) AS average
    FROM ranges
    GROUP BY asset_kind, asset_id
)
SELECT ranked.asset_kind, ranked.asset_id, viewers AS peak, at_us AS peak_us, average
FROM ranked
JOIN spans ON spans.asset_kind = ranked.asset_kind AND spans.asset_id = ranked.asset_id
WHERE place = 1
ORDER BY ranked.asset_kind, ranked.asset_id;

-- measure: concurrency_by_minute
-- Measure 12 by one-minute buckets: a session counts in every minute in which it played.
WITH minutes AS (
    SELECT asset_kind, asset_id, session_id,
        started_us - started_us % 60000000 AS from_us,
        ended_us - 1 - (ended_us - 1) % 60000000 + 60000000 AS to_us
    FROM played
    WHERE started_us < ended_us AND ended_us - started_us <= 2678400000000
), reached AS (
    SELECT asset_kind, asset_id, from_us, to_us,
        max(to_us) OVER (PARTITION BY asset_kind, asset_id, session_id ORDER BY from_us, to_us
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS until_us
    FROM minutes
), unions AS (
    -- The part of each range that is not in the ranges before it in the session.
    SELECT asset_kind, asset_id, greatest(from_us, coalesce(until_us, from_us)) AS from_us, to_us
    FROM reached
    WHERE until_us IS NULL OR until_us < to_us
), ranges AS (
    SELECT asset_kind, asset_id, from_us, to_us FROM unions
    UNION ALL
    SELECT 'all' AS asset_kind, 'all' AS asset_id, from_us, to_us FROM unions
), edges AS (
    SELECT asset_kind, asset_id, from_us AS at_us, 1 AS change FROM ranges
    UNION ALL
    SELECT asset_kind, asset_id, to_us AS at_us, -1 AS change FROM ranges
), steps AS (
    SELECT asset_kind, asset_id, at_us, sum(change) AS change FROM edges GROUP BY asset_kind, asset_id, at_us
), counted AS (
    SELECT asset_kind, asset_id, at_us,
        sum(change) OVER (PARTITION BY asset_kind, asset_id ORDER BY at_us
            ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS viewers
    FROM steps
), ranked AS (
    SELECT asset_kind, asset_id, at_us, viewers,
        row_number() OVER (PARTITION BY asset_kind, asset_id ORDER BY viewers DESC, at_us) AS place
    FROM counted
), spans AS (
    SELECT asset_kind, asset_id, 1e0 * sum(to_us - from_us) / (max(to_us) - min(from_us)) AS average
    FROM ranges
    GROUP BY asset_kind, asset_id
)
SELECT ranked.asset_kind, ranked.asset_id, viewers AS peak, at_us AS peak_us, average
FROM ranked
JOIN spans ON spans.asset_kind = ranked.asset_kind AND spans.asset_id = ranked.asset_id
WHERE place = 1
ORDER BY ranked.asset_kind, ranked.asset_id;

-- measure: presence
-- Measure 12b: the number of sessions between their start and their end. An upper bound of concurrent viewers.
WITH scoped AS (
    SELECT asset_kind, asset_id, loaded_us AS from_us, ended_us AS to_us FROM playbacks
    UNION ALL
    SELECT 'all' AS asset_kind, 'all' AS asset_id, loaded_us AS from_us, ended_us AS to_us FROM playbacks
), ranges AS (
    SELECT asset_kind, asset_id, from_us, to_us FROM scoped WHERE from_us < to_us AND to_us - from_us <= 2678400000000
), edges AS (
    SELECT asset_kind, asset_id, from_us AS at_us, 1 AS change FROM ranges
    UNION ALL
    SELECT asset_kind, asset_id, to_us AS at_us, -1 AS change FROM ranges
), steps AS (
    SELECT asset_kind, asset_id, at_us, sum(change) AS change FROM edges GROUP BY asset_kind, asset_id, at_us
), counted AS (
    SELECT asset_kind, asset_id, at_us,
        sum(change) OVER (PARTITION BY asset_kind, asset_id ORDER BY at_us
            ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS viewers
    FROM steps
), ranked AS (
    SELECT asset_kind, asset_id, at_us, viewers,
        row_number() OVER (PARTITION BY asset_kind, asset_id ORDER BY viewers DESC, at_us) AS place
    FROM counted
), spans AS (
    SELECT asset_kind, asset_id, 1e0 * sum(to_us - from_us) / (max(to_us) - min(from_us)) AS average
    FROM ranges
    GROUP BY asset_kind, asset_id
)
SELECT ranked.asset_kind, ranked.asset_id, viewers AS peak, at_us AS peak_us, average
FROM ranked
JOIN spans ON spans.asset_kind = ranked.asset_kind AND spans.asset_id = ranked.asset_id
WHERE place = 1
ORDER BY ranked.asset_kind, ranked.asset_id;

-- measure: by_country
-- Measure 13: a breakdown. Other dimensions: the columns of location, device, os, client and referrer.
WITH watched AS (
    SELECT nullif(location_country, '') AS country, sum(to_us - from_us) AS watch_us FROM played
    GROUP BY nullif(location_country, '')
), counted AS (
    SELECT nullif(location_country, '') AS country,
        count(*) AS sessions,
        sum(CASE WHEN ready_events > 0 THEN 1 ELSE 0 END) AS impressions,
        sum(is_play) AS plays,
        count(DISTINCT viewer_key) + sum(CASE WHEN viewer_key IS NULL THEN 1 ELSE 0 END) AS viewers
    FROM playbacks
    GROUP BY nullif(location_country, '')
)
SELECT coalesce(counted.country, 'unknown') AS country, sessions, impressions, plays, viewers,
    coalesce(watch_us, 0) / 1e6 AS watch_seconds,
    CASE WHEN plays >= 20 THEN coalesce(watch_us, 0) / 1e6 / plays END AS average_watch_seconds
FROM counted
LEFT JOIN watched ON coalesce(watched.country, 'unknown') = coalesce(counted.country, 'unknown')
ORDER BY coalesce(counted.country, 'unknown');

-- measure: cohorts
-- Measure 14: the viewers of each first week by the number of weeks after which they were active. Weeks start on Monday. Sessions
-- without a viewer key or a start are left out.
WITH weeks AS (
    SELECT DISTINCT viewer_key, loaded_us - (loaded_us + 259200000000) % 604800000000 AS week_us
    FROM playbacks
    WHERE viewer_key IS NOT NULL AND loaded_us IS NOT NULL
), firsts AS (
    SELECT viewer_key, min(week_us) AS first_us FROM weeks GROUP BY viewer_key
), active AS (
    SELECT first_us, CAST((week_us - first_us) / 604800e6 AS BIGINT) AS weeks_after
    FROM weeks
    JOIN firsts ON firsts.viewer_key = weeks.viewer_key
)
SELECT CAST(first_us / 1e6 AS BIGINT) AS monday_epoch_seconds, weeks_after, count(*) AS viewers
FROM active
GROUP BY first_us, weeks_after
ORDER BY first_us, weeks_after;

-- measure: time_of_day
-- Measure 15: minutes of watch time by weekday (0 is Monday) and hour of UTC. The media time of an interval is divided at the
-- borders of hours in proportion to wall-clock time.
WITH ranges AS (
    SELECT to_us - from_us AS media_us, started_us, ended_us, started_us - started_us % 3600000000 AS hour_us
    FROM played
    WHERE ended_us - started_us <= 2678400000000
), parts AS (
    SELECT hour_us + n * 3600000000 AS hour_us,
        CASE WHEN ended_us = started_us THEN 1e0 * media_us
            ELSE 1e0 * media_us * (
                least(ended_us, hour_us + (n + 1) * 3600000000) - greatest(started_us, hour_us + n * 3600000000)
            ) / (ended_us - started_us) END AS media_us
    FROM ranges CROSS JOIN integers
    WHERE n = 0 OR (n <= 744 AND hour_us + n * 3600000000 < ended_us)
), hours AS (
    -- The Unix epoch was a Thursday.
    SELECT CAST((hour_us + 259200000000) % 604800000000 / 3600e6 AS BIGINT) AS hour_of_week, media_us FROM parts
)
SELECT CAST(floor(hour_of_week / 24e0) AS BIGINT) AS weekday, hour_of_week % 24 AS hour, sum(media_us) / 60e6 AS watch_minutes
FROM hours
GROUP BY hour_of_week
ORDER BY hour_of_week;

-- measure: time_to_play
-- Measure 16: the time from the last `ready` to the first `play`, if less than 10 min. It contains the decision of the viewer. The
-- percentiles are the smallest values that at least 50 % and 95 % of the sessions do not exceed.
WITH ranked AS (
    SELECT asset_kind, asset_id, time_to_play_us,
        row_number() OVER (PARTITION BY asset_kind, asset_id ORDER BY time_to_play_us) AS place,
        count(*) OVER (PARTITION BY asset_kind, asset_id) AS sessions
    FROM playbacks
    WHERE time_to_play_us IS NOT NULL
), counted_plays AS (
    SELECT asset_kind, asset_id, sum(is_play) AS plays FROM playbacks GROUP BY asset_kind, asset_id
), summed AS (
    SELECT asset_kind, asset_id,
        count(*) AS sessions,
        sum(time_to_play_us) / 1e6 / count(*) AS average_seconds,
        min(CASE WHEN place * 100 >= sessions * 50 THEN time_to_play_us END) / 1e6 AS median_seconds,
        min(CASE WHEN place * 100 >= sessions * 95 THEN time_to_play_us END) / 1e6 AS p95_seconds
    FROM ranked
    GROUP BY asset_kind, asset_id
)
SELECT summed.asset_kind, summed.asset_id, sessions,
    CASE WHEN plays >= 20 THEN average_seconds END AS average_seconds,
    CASE WHEN plays >= 20 THEN median_seconds END AS median_seconds,
    CASE WHEN plays >= 20 THEN p95_seconds END AS p95_seconds
FROM summed
JOIN counted_plays ON counted_plays.asset_kind = summed.asset_kind AND counted_plays.asset_id = summed.asset_id
ORDER BY summed.asset_kind, summed.asset_id;

-- measure: quality
-- Sessions without events, open and skewed sessions, and what was dropped by reason. The bounds of the watch time are in
-- watch_time.
SELECT asset_kind, asset_id,
    count(*) AS sessions,
    sum(CASE WHEN events = 0 THEN 1 ELSE 0 END) AS sessions_without_events,
    sum(CASE WHEN is_open THEN 1 ELSE 0 END) AS sessions_open,
    sum(CASE WHEN is_skewed THEN 1 ELSE 0 END) AS sessions_skewed,
    sum(dropped_not_finite) AS dropped_not_finite,
    sum(dropped_negative) AS dropped_negative,
    sum(dropped_too_long) AS dropped_too_long,
    sum(dropped_beyond_length) AS dropped_beyond_length,
    sum(dropped_too_short) AS dropped_too_short
FROM playbacks
GROUP BY asset_kind, asset_id
ORDER BY asset_kind, asset_id;
