use jiff::Timestamp;
use serde::Serialize;

/// Concurrent viewers: measures 12 and 12b. The three rules give different numbers: name the rule beside the number.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Concurrency {
    /// Measure 12, by an exact sweep: the number of intervals that are played at an instant, w0 ≤ τ < w1.
    ///
    /// Test: `concurrency_is_exact_and_names_its_rules`.
    pub playing: Peak,
    /// Measure 12, by one-minute buckets of UTC: a session counts in every minute in which it played.
    ///
    /// Not below the exact peak of sessions. Source: Bitmovin.
    /// Test: `bitmovin_counts_viewers_in_every_minute_in_which_they_played`.
    pub minutes: Peak,
    /// Measure 12b, by presence: the number of sessions between their start and their end. An upper bound that needs no events.
    ///
    /// Test: `concurrency_is_exact_and_names_its_rules`.
    pub presence: Peak,
    /// The sessions of each minute in which one played; empty unless
    /// [`with_minutes`](crate::Audience::with_minutes) is set.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub minute_buckets: Vec<MinuteBucket>,
    /// Each change of [`playing`](Self::playing) in the day of its peak, ascending, from the value at the start of the day; empty
    /// unless [`with_steps`](crate::Audience::with_steps) is set.
    ///
    /// Test: `steps_are_the_changes_in_the_day_of_the_peak`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<ConcurrencyStep>,
}

/// The peak and the average of a number over time.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Peak {
    /// The rule: `playing`, `minutes` or `presence`.
    pub rule: &'static str,
    /// The largest number.
    pub peak: u64,
    /// The first instant, or the start of the first minute, with the largest number.
    pub peak_at: Option<Timestamp>,
    /// How long the number was at the peak the first time, in seconds; `None` without a peak, or if it is not exact.
    ///
    /// Test: `a_peak_has_a_duration_and_a_number_of_times`.
    pub seconds: Option<f64>,
    /// How often the number rose to the peak; `None` without a peak, or if it is not exact.
    ///
    /// Test: `a_peak_has_a_duration_and_a_number_of_times`.
    pub times: Option<u64>,
    /// The average over the span: the integral of the number ÷ the length of the span.
    pub average: Option<f64>,
    /// The start of the span: of the period, or of the first activity if that is earlier or no period is set.
    pub from: Option<Timestamp>,
    /// The end of the span.
    pub to: Option<Timestamp>,
    /// Whether the peak is exact. `false` if playback was added to a sealed day, or sealed days were merged: the peak can then
    /// be higher.
    pub is_exact: bool,
}

/// The sessions of one minute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct MinuteBucket {
    /// The start of the minute.
    pub minute: Timestamp,
    /// The number of sessions that played in it.
    pub sessions: u64,
}

/// The number of concurrent viewers from an instant to the next step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ConcurrencyStep {
    /// The instant of the change.
    pub at: Timestamp,
    /// The number of intervals that are played from then on.
    pub viewers: u64,
}
