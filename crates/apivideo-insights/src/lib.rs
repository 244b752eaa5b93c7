//! Watch time, retention, concurrency and other measures of player sessions, computed from plain data.
//!
//! A [`Playback`] is what one session played: the events of the session become [`PlayedInterval`]s. All measures are defined on
//! these intervals.

mod audience;
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
pub use drop_reason::{DropReason, Dropped};
pub use event::{Event, EventKind};
pub use explain::{Effect, EstimateReason, Explanation, Limit, Rule, Step};
pub use interval::PlayedInterval;
pub use length::{LengthEvidence, LengthSource, MediaLength};
pub use piece::PlayedPiece;
pub use playback::{Playback, Seek};
pub use report::{
    AudienceReport, Breakdown, BreakdownRow, Cohort, Cohorts, Completion, Concurrency, DayMeasures,
    DropOff, Exit, Measures, MinuteBucket, Peak, Quality, Retention, RetentionBin, RowKind,
    SeekBin, Seeks, TimeOfDay, TimeToPlay, UniqueViewers,
};
pub use rows::PlaybackSummary;
pub use session::{Asset, AssetKind, InvalidAssetKind, SessionFacts};

/// The version of the rules by which events become played intervals: `measures/1`.
///
/// Results of different versions are not comparable. The lake stores it beside derived tables.
pub const RULES_VERSION: u32 = 1;
