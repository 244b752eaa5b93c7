//! The manifests of a lake: what it contains, with counts and digests.

mod day;
mod file_entry;
mod goal;
mod lake;
mod range;
mod settings;
mod skip;

pub(crate) use day::{DayManifest, OutOfPeriod};
pub(crate) use file_entry::FileEntry;
pub(crate) use goal::Goal;
pub(crate) use lake::{InvalidAssets, LakeManifest};
pub(crate) use range::RequestRange;
pub(crate) use settings::Settings;
