//! The types of a report.

mod breakdown;
mod cohorts;
mod completion;
mod concurrency;
mod measures;
mod quality;
mod retention;
mod seeks;
mod viewers;

pub use breakdown::{Breakdown, BreakdownRow, RowKind};
pub use cohorts::{Cohort, Cohorts};
pub use completion::Completion;
pub use concurrency::{Concurrency, ConcurrencyStep, MinuteBucket, Peak};
pub use measures::{AudienceReport, DayMeasures, Measures, TimeOfDay, TimeToPlay};
pub use quality::Quality;
pub use retention::{DropOff, Exit, Retention, RetentionBin};
pub use seeks::{SeekBin, Seeks};
pub use viewers::UniqueViewers;
