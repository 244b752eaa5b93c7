use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;

/// Aggregates of the service, for a report without sessions. All of them are optional: a report shows those that are known.
///
/// ```
/// use apivideo_report::{Totals, TotalsDay};
/// use jiff::civil::date;
///
/// let mut totals = Totals::new(date(2022, 1, 2), date(2022, 1, 31));
/// totals.plays = Some(3_455);
/// totals.days.push(TotalsDay { plays: Some(130), ..TotalsDay::new(date(2022, 1, 2)) });
/// assert_eq!(totals.loads, None);
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Totals {
    /// The first day of UTC.
    pub first: Date,
    /// The last day of UTC.
    pub last: Date,
    /// The number of loads of the player: the metric `impression`, `count`.
    pub loads: Option<u64>,
    /// The number of play presses: the metric `play`, `count`.
    pub plays: Option<u64>,
    /// The number of views of at least 5 s: the metric `view`, `count`.
    pub views: Option<u64>,
    /// The viewers of each day, added up: the metric `view`, `count`, of unique viewers.
    pub daily_viewers: Option<u64>,
    /// The number of times that playback reached the end: the metric `end`, `count`.
    pub ends: Option<u64>,
    /// The watch time in seconds: the metric `watch-time`, `sum`.
    pub watch_seconds: Option<f64>,
    /// The average watch time in seconds: the metric `watch-time`, `average`.
    pub average_watch_seconds: Option<f64>,
    /// The largest number of concurrent viewers: the metric `ccv`, `peak`.
    pub peak: Option<u64>,
    /// By day.
    pub days: Vec<TotalsDay>,
    /// Play presses by hour.
    pub hours: Vec<(Timestamp, u64)>,
    /// Play presses by country, as two-letter codes or names.
    pub countries: Vec<TotalsRow>,
    /// Play presses by type of device.
    pub devices: Vec<TotalsRow>,
    /// Play presses by address of the page that led here.
    pub referrers: Vec<TotalsRow>,
    /// Play presses by operating system.
    pub systems: Vec<TotalsRow>,
    /// Play presses by browser.
    pub browsers: Vec<TotalsRow>,
}

impl Totals {
    /// Creates totals of a period in which nothing is known.
    #[must_use]
    pub const fn new(first: Date, last: Date) -> Self {
        Self {
            first,
            last,
            loads: None,
            plays: None,
            views: None,
            daily_viewers: None,
            ends: None,
            watch_seconds: None,
            average_watch_seconds: None,
            peak: None,
            days: Vec::new(),
            hours: Vec::new(),
            countries: Vec::new(),
            devices: Vec::new(),
            referrers: Vec::new(),
            systems: Vec::new(),
            browsers: Vec::new(),
        }
    }
}

/// The aggregates of a day of UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct TotalsDay {
    /// The day.
    pub date: Date,
    /// The number of loads of the player.
    pub loads: Option<u64>,
    /// The number of play presses.
    pub plays: Option<u64>,
    /// The number of views.
    pub views: Option<u64>,
    /// The number of times that playback reached the end.
    pub ends: Option<u64>,
    /// The largest number of concurrent viewers.
    pub peak: Option<u64>,
}

impl TotalsDay {
    /// Creates a day of which nothing is known.
    #[must_use]
    pub const fn new(date: Date) -> Self {
        Self {
            date,
            loads: None,
            plays: None,
            views: None,
            ends: None,
            peak: None,
        }
    }
}

/// The play presses of a value of a dimension.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TotalsRow {
    /// The value; `None`, empty or `unknown` if it is not known.
    pub value: Option<String>,
    /// The number of play presses.
    pub plays: u64,
}

impl TotalsRow {
    /// Returns the value, if it is known.
    pub(crate) fn known(&self) -> Option<&str> {
        let value = self.value.as_deref()?;
        (!value.is_empty() && value != "unknown").then_some(value)
    }
}
