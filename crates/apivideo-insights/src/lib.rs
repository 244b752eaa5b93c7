//! Watch time, unique viewers, retention, concurrency and other measures of player sessions, computed from plain data: no
//! network, no files, no async runtime.
//!
//! * A [`Playback`] is what one session played: the events of the session become [`PlayedInterval`]s of media and wall-clock
//!   time, on which all measures are defined. [`Playback::explain`] names the rule that applied to each event, and what was
//!   estimated and why.
//! * An [`Audience`] accumulates sessions. Days, videos and threads can be accumulated separately and merged in any order to
//!   the same result: positions and times are whole microseconds, so that sums are exact.
//! * [`Audience::finish`] returns an [`AudienceReport`]: the [`Measures`] of all sessions, breakdowns by any [`Dimension`],
//!   cohorts, and the [`Quality`] of the data. Estimates are never hidden: the watch time has a lower and an upper bound.
//! * [`MEASURES`] has the definitions: formula, unit, source, variants and the test that pins each of them.
//!
//! ```
//! use apivideo_insights::{Asset, Audience, Event, EventKind, SessionFacts};
//!
//! let mut audience = Audience::new();
//! let session = SessionFacts {
//!     asset: Some(Asset::video("vi4k0jvEUuaTdRAEjQ4Prklg")),
//!     metadata: vec![("userId", "42".into())],
//!     ..SessionFacts::new("psEmFwGQUAXR2lFHj5nDOpy")
//! };
//! let event = |kind, time: &str, at| -> Result<Event, jiff::Error> {
//!     Ok(Event { emitted_at: Some(time.parse()?), at: Some(at), ..Event::new(kind) })
//! };
//! audience.add(&session, &[
//!     event(EventKind::Ready, "2022-01-01T12:00:00Z", 0.0)?,
//!     event(EventKind::Play, "2022-01-01T12:00:05Z", 0.0)?,
//!     event(EventKind::End, "2022-01-01T12:01:05Z", 60.0)?,
//! ]);
//! let measures = audience.finish().measures;
//! assert_eq!(measures.watch_seconds, 60.0);
//! assert_eq!(measures.unique_viewers.to_string(), "1");
//! assert_eq!(measures.concurrency.playing.peak, 1);
//! assert_eq!(measures.time_to_play.median_seconds, Some(5.0));
//! # Ok::<(), jiff::Error>(())
//! ```
//!
//! # Lengths of videos
//!
//! The service does not report the length of a video in its statistics. [Set it](Audience::with_length), or it is inferred from
//! events, which is [reported](MediaLength::source). Nothing is divided by an unknown length, and percentages of live streams do
//! not exist.
//!
//! # Not computable
//!
//! Rebuffering, bitrate, errors and startup failures: the service has no events for them.
//!
//! # Features
//!
//! * `time-zones`: time zones by name, such as for [`Audience::with_time_zone`], from a database that is compiled into the
//!   program.

mod audience;
mod catalogue;
mod drop_reason;
mod engine;
mod event;
mod explain;
mod interval;
mod length;
mod micros;
mod piece;
mod playback;
mod report;
mod rows;
mod session;

pub use audience::{
    Audience, Dimension, Filter, InvalidDimension, InvalidFilter, MergeError, MidnightRule,
};
pub use catalogue::{MEASURES, Measure};
pub use drop_reason::{DropReason, Dropped};
pub use event::{Event, EventKind};
pub use explain::{Effect, EstimateReason, Explanation, Limit, Rule, Step};
pub use interval::PlayedInterval;
pub use length::{LengthEvidence, LengthSource, MediaLength};
pub use piece::PlayedPiece;
pub use playback::{Playback, Seek};
pub use report::{
    AudienceReport, Breakdown, BreakdownRow, Cohort, Cohorts, Completion, Concurrency,
    ConcurrencyStep, DayMeasures, DropOff, Exit, Measures, MinuteBucket, Peak, Quality, Retention,
    RetentionBin, RowKind, SeekBin, Seeks, TimeOfDay, TimeToPlay, UniqueViewers,
};
pub use rows::PlaybackSummary;
pub use session::{Asset, AssetKind, InvalidAssetKind, SessionFacts};

/// The version of the rules by which events become played intervals: `measures/1`.
///
/// Results of different versions are not comparable. The lake stores it beside derived tables, and reports tables of another
/// version as stale: every change of a rule raises it.
pub const RULES_VERSION: u32 = 1;

/// The example of the README is a test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
