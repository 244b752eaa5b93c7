use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;

use super::breakdown::Breakdown;
use super::cohorts::Cohorts;
use super::completion::Completion;
use super::concurrency::Concurrency;
use super::quality::Quality;
use super::retention::Retention;
use super::seeks::Seeks;
use super::viewers::UniqueViewers;
use crate::length::MediaLength;

/// The result of an [`Audience`](crate::Audience).
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct AudienceReport {
    /// The version of the rules; see [`RULES_VERSION`](crate::RULES_VERSION).
    pub rules_version: u32,
    /// The start of the period, if one is set.
    pub period_start: Option<Timestamp>,
    /// The end of the period, exclusive, if one is set.
    pub period_end: Option<Timestamp>,
    /// The time zone of the time of day.
    pub time_zone: String,
    /// The number of sessions that a filter excluded.
    pub sessions_excluded: u64,
    /// The number of sessions that started outside of the period.
    pub sessions_outside_period: u64,
    /// The number of videos and live streams.
    pub assets: u64,
    /// The measures of all sessions in scope.
    #[serde(flatten)]
    pub measures: Measures,
    /// Measure 13: the breakdowns, in the order in which they were requested.
    ///
    /// Test: `breakdowns_have_rows_of_other_and_unknown_values`.
    pub breakdowns: Vec<Breakdown>,
    /// Measure 14: the cohorts, if [`with_cohorts`](crate::Audience::with_cohorts) is set.
    ///
    /// Test: `cohorts_count_the_weeks_in_which_viewers_were_active`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cohorts: Option<Cohorts>,
}

/// The measures of a set of sessions.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Measures {
    /// Measure 1: impressions, the number of sessions with a `ready` event.
    ///
    /// Source: api.video, Wistia loads. Variant: [`ready_events`](Self::ready_events).
    /// Test: `impressions_plays_and_viewers`.
    pub impressions: u64,
    /// Measure 1: the number of `ready` events. A reload of the page adds one.
    pub ready_events: u64,
    /// Measure 2: plays `P`, the number of sessions with a `play` event, or with an interval that a `resume` started.
    ///
    /// Source: Wistia, the first click in a session. Variant: [`play_events`](Self::play_events).
    /// Test: `impressions_plays_and_viewers`.
    pub plays: u64,
    /// Measure 2: the number of `play` events.
    pub play_events: u64,
    /// The number of `end` events.
    pub end_events: u64,
    /// The number of visits: periods of activity of a session that are more than 30 min apart.
    pub visits: u64,
    /// Measure 3: unique viewers, the number of distinct viewer keys plus the number of sessions without a key.
    ///
    /// Source: Mux `viewer_id`, Wistia `visitor_key`. An upper bound if sessions have no key.
    /// Test: `viewers_of_a_complete_key_are_exact`.
    pub unique_viewers: UniqueViewers,
    /// Measure 4: the watch time Σ (m1 − m0), in seconds of the media. Rewatching counts.
    ///
    /// Source: YouTube, minutes watched. Bounds: [`quality`](Self::quality).
    /// Test: `published_vectors_have_their_published_results`.
    pub watch_seconds: f64,
    /// Measure 4b: the playing time Σ (w1 − w0), in seconds of the wall clock.
    ///
    /// Source: Mux Playing Time. It differs from the watch time by playback speed and stalls.
    /// Test: `the_page_of_the_documentation_has_one_estimate`.
    pub playing_seconds: f64,
    /// Measure 5: the unique watch time, in seconds of the media: the sum over sessions of the length of the union of their intervals.
    ///
    /// Source: Snowplow `content_watched`, xAPI progress.
    /// Test: `published_vectors_have_their_published_results`.
    pub covered_seconds: f64,
    /// The watch time ÷ plays, in seconds; `None` without plays.
    pub average_watch_seconds: Option<f64>,
    /// Measure 6: the play rate, plays ÷ impressions; `None` without impressions. Exceeds 1 if `ready` events are missing.
    ///
    /// Source: Wistia, JW Player. Test: `impressions_plays_and_viewers`.
    pub play_rate: Option<f64>,
    /// Measure 7: completion, by three definitions.
    ///
    /// Source: edX, xAPI, Snowplow. Test: `completion_has_three_definitions`.
    pub completion: Completion,
    /// Measure 8: the mean over plays of watch time ÷ length, in percent; can exceed 100.
    ///
    /// Only of videos whose length is known or inferred; `None` if there are none. Source: Wistia engagement, Viostream.
    /// Test: `viostream_engagement_of_a_video_watched_one_and_a_half_times_is_150`.
    pub average_viewed_percent: Option<f64>,
    /// Measure 8b: the mean over plays of covered time ÷ length, in percent.
    ///
    /// Source: Snowplow `avg_percent_played`.
    /// Test: `viostream_engagement_of_a_video_watched_one_and_a_half_times_is_150`.
    pub average_covered_percent: Option<f64>,
    /// The number of plays of videos with a length, over which percentages are averaged.
    pub plays_with_length: u64,
    /// The length, if the scope is one video.
    pub length: Option<MediaLength>,
    /// Whether a percentage, or completion, depends on an inferred length.
    pub is_length_inferred: bool,
    /// Measures 9 and 10: retention and drop-off, if the scope is one video or live stream with a play.
    ///
    /// Measure 9c is rewatching: r(t) − u(t), see [`Retention::bins`]. Source: YouTube, Wistia, Gcore.
    /// Test: `viostream_engagement_of_a_video_watched_one_and_a_half_times_is_150`.
    pub retention: Option<Retention>,
    /// Measure 11: seeks, their distances and positions.
    ///
    /// Source: Coursera study, Snowplow. Test: `seeks_have_distances_and_histograms`.
    pub seeks: Seeks,
    /// Measures 12 and 12b: concurrent viewers, by three rules.
    pub concurrency: Concurrency,
    /// Measure 15: the watch time by weekday and hour, in minutes of the media.
    ///
    /// Source: Mux and Wistia dashboards. Test: `time_of_day_is_split_at_the_hours_of_the_time_zone`.
    pub time_of_day: TimeOfDay,
    /// Measure 16: the first `play` − the last `ready` before it, in seconds, if less than 10 min.
    ///
    /// Source: Mux, as a proxy of startup time. Test: `time_to_play_has_a_median`.
    pub time_to_play: TimeToPlay,
    /// Measures by day of UTC, ascending; days without activity are left out.
    pub days: Vec<DayMeasures>,
    /// The quality of the data.
    pub quality: Quality,
}

/// The measures of one day of UTC. Counts belong to the day on which a session started; durations are split at midnight.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct DayMeasures {
    /// The day.
    pub date: Date,
    /// The number of sessions.
    pub sessions: u64,
    /// The number of impressions.
    pub impressions: u64,
    /// The number of plays.
    pub plays: u64,
    /// The watch time, in seconds.
    pub watch_seconds: f64,
    /// The playing time, in seconds.
    pub playing_seconds: f64,
    /// The number of distinct viewer keys of the sessions that started on the day, plus the number of those without a key.
    ///
    /// An upper bound if a session was added after the day was [sealed](crate::Audience::seal_before).
    pub unique_viewers: u64,
    /// The mean watch time of the plays that started on the day, in seconds, which is not split at midnight; `None` without
    /// plays.
    pub average_watch_seconds: Option<f64>,
    /// Measure 8 of the plays that started on the day: the mean of watch time ÷ length, in percent.
    ///
    /// Only of videos whose length is known or inferred; `None` if there are none.
    /// Test: `days_have_viewers_averages_and_the_time_of_the_peak`.
    pub average_viewed_percent: Option<f64>,
    /// The exact peak of concurrently played intervals.
    pub peak: u64,
    /// The first instant of the peak; `None` if nothing was played on the day.
    pub peak_at: Option<Timestamp>,
}

/// The watch time by hour of the week, in minutes of the media: measure 15.
///
/// The media time of an interval is divided at the borders of hours in proportion to wall-clock time.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct TimeOfDay {
    /// By weekday from Monday, and by hour from 0 to 23, in the time zone of the report.
    pub watch_minutes: [[f64; 24]; 7],
}

/// The time from `ready` to the first `play`, if less than 10 min: measure 16.
///
/// It contains the decision of the viewer, and is not the startup time of the player.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct TimeToPlay {
    /// The number of sessions for which it is known.
    pub sessions: u64,
    /// The mean, in seconds.
    pub average_seconds: Option<f64>,
    /// The median: the smallest value that at least half of the sessions do not exceed, in seconds.
    pub median_seconds: Option<f64>,
    /// The 95th percentile: the smallest value that at least 95 % of the sessions do not exceed, in seconds.
    pub p95_seconds: Option<f64>,
}
