//! Computing the derived tables of a lake again, without a request.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::delta::{self, OldFiles};
use crate::derive::{Check, Derivation};
use crate::error::Result;
use crate::forgotten::ForgottenList;
use crate::location::Location;
use crate::options::system_time;
use crate::partition::Partition;
use crate::verify;
use crate::viewer_key::ViewerKey;

/// The outcome of [`rebuild`].
///
/// ```
/// assert_eq!(apivideo_lake::Rebuilt::default().days_written, 0);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct Rebuilt {
    /// Whether the lake has events. Without them there is nothing to derive.
    pub has_events: bool,
    /// Days whose derived tables were written.
    pub days_written: u64,
    /// Days whose derived tables were up to date.
    pub days_unchanged: u64,
    /// Rows of the table `played` of all days.
    pub played: u64,
    /// Rows of the table `playbacks` of all days: one for each session.
    pub playbacks: u64,
    /// Rows of the table `seeks` of all days.
    pub seeks: u64,
    /// Rows of the table `lengths`: videos with an inferred length.
    pub lengths: u64,
    /// The version of the rules by which events become played intervals.
    pub rules_version: u32,
    /// What identifies viewers.
    pub viewer_key: ViewerKey,
    /// Describes days that could not be derived, one message each.
    pub problems: Vec<String>,
}

/// Computes the derived tables of a lake again where they are not up to date: after a change of the rules or of the viewer key,
/// if a file is damaged, and in a lake that was written before there were derived tables. It sends no request.
///
/// The digests of all files are checked. `viewer_key` becomes a setting of the lake; `None` keeps that of the lake.
///
/// If it is interrupted, another run completes it.
///
/// ```
/// # apivideo_simulator::doctest! { Simulator::builder().sessions(50) => |client|
/// # let folder = tempfile::tempdir()?;
/// # let pull = apivideo_lake::Pull::new(&client, folder.path());
/// # pull.with_format(apivideo_lake::Format::Ndjson).with_period("2022-01".parse()?).run().await?;
/// # let folder = folder.path();
/// let rebuilt = apivideo_lake::rebuild(folder, Some("metadata.customer".parse()?))?;
/// assert!(rebuilt.days_written > 0 && rebuilt.playbacks > 0);
/// # }
/// ```
///
/// # Errors
/// Returns an error if the folder is not a lake, another process uses it, or a file cannot be read or written.
pub fn rebuild(location: impl Into<Location>, viewer_key: Option<ViewerKey>) -> Result<Rebuilt> {
    let folder = location.into().open()?;
    verify::load(&folder)?;
    let _lock = folder.lock(system_time())?;
    let mut lake = verify::load(&folder)?;
    ForgottenList::load(&folder, &lake)?;
    if let Some(viewer_key) = viewer_key
        && viewer_key != lake.viewer_key
    {
        lake.viewer_key = viewer_key;
        lake.save(&folder)?;
    }
    let mut rebuilt = Rebuilt {
        has_events: lake.settings.events,
        rules_version: apivideo_insights::RULES_VERSION,
        viewer_key: lake.viewer_key.clone(),
        ..Rebuilt::default()
    };
    if lake.settings.events {
        let pending: BTreeSet<Partition> = folder.pending_days()?.into_iter().collect();
        rebuilt.problems.extend(pending.iter().map(|day| {
            format!("{day} was not derived: a pull was interrupted while its files were replaced; run the pull again")
        }));
        let missing = lake.missing_days(&folder)?;
        rebuilt.problems.extend(missing.iter().map(|day| {
            format!("{day} was not derived: its manifest is missing; run the pull again to read the day again")
        }));
        let mut derivation = Derivation::start(&folder, &lake, Check::Digests, &pending)?;
        while derivation.step()? {}
        let derived = derivation.finish();
        let rows = |name: &str| derived.rows.get(name).copied().unwrap_or_default();
        rebuilt.days_written = derived.days_written;
        rebuilt.days_unchanged = derived.days_unchanged;
        rebuilt.played = rows("played");
        rebuilt.playbacks = rows("playbacks");
        rebuilt.seeks = rows("seeks");
        rebuilt.lengths = rows("lengths");
        rebuilt.problems.extend(derived.problems);
    }
    delta::publish(&folder, system_time(), OldFiles::Keep)?;
    if lake.is_older() && rebuilt.problems.is_empty() {
        lake.set_upgraded();
        lake.save(&folder)?;
    }
    Ok(rebuilt)
}
