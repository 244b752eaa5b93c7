//! Which days of a period a lake has.

use apivideo::{AssetId, Period};

use super::LakeReader;
use crate::date_range::DateRange;
use crate::error::Result;
use crate::manifest::LakeManifest;
use crate::verify;

/// What a lake has of a video or live stream in a period; see [`LakeReader::coverage`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Coverage {
    /// The video or live stream.
    pub asset: AssetId,
    /// The days that the lake has, of any period; empty if it does not have the asset.
    pub days: Vec<Period>,
    /// The days of the period that were not pulled.
    pub missing: Vec<Period>,
    /// The days of the period that are not final: the next pull reads them again.
    pub mutable: Vec<Period>,
    /// What could not be read of the period, such as sessions that the service reported and did not return.
    pub problems: Vec<String>,
}

impl LakeReader {
    /// Returns what the lake has of each chosen video and live stream in the chosen period, by the manifest: no table is read.
    /// Without chosen assets, it returns those of the lake; without a period, no day is missing.
    ///
    /// ```
    /// use apivideo_lake::{Format, LakeReader, Pull};
    /// # apivideo_simulator::doctest! { Simulator::builder().sessions(50) => |client|
    /// # let folder = tempfile::tempdir()?;
    /// # let folder = folder.path();
    ///
    /// Pull::new(&client, folder).with_period("2022-01-01".parse()?).with_format(Format::Ndjson).run().await?;
    /// let reader = LakeReader::new(folder).with_period("2022-01-01/2022-01-03".parse()?);
    /// for coverage in reader.coverage()? {
    ///     assert_eq!(coverage.missing, ["2022-01-02/2022-01-03".parse()?]);
    /// }
    /// # }
    /// ```
    ///
    /// # Errors
    /// Returns an error if the folder is not a lake, or its manifest cannot be read.
    pub fn coverage(&self) -> Result<Vec<Coverage>> {
        let lake = verify::load(self.folder()?)?;
        let mut assets = self.assets.clone();
        if assets.is_empty() {
            assets.extend(lake.ranges.iter().map(|range| range.asset.clone()));
            assets.sort();
            assets.dedup();
        }
        let period = self.period.map(DateRange::from);
        Ok(assets
            .into_iter()
            .map(|asset| coverage(&lake, asset, period))
            .collect())
    }
}

fn coverage(lake: &LakeManifest, asset: AssetId, period: Option<DateRange>) -> Coverage {
    let ranges: Vec<_> = lake
        .ranges
        .iter()
        .filter(|range| range.asset == asset)
        .collect();
    let pulled: Vec<DateRange> = ranges.iter().map(|range| range.period).collect();
    let within = |range: DateRange| match period {
        Some(period) => range.intersection(period),
        None => Some(range),
    };
    let missing = period.map_or_else(Vec::new, |period| period.subtract(&pulled));
    let mutable = ranges.iter().filter(|range| !range.is_final);
    let mutable = mutable.filter_map(|range| within(range.period));
    let problems = ranges
        .iter()
        .filter(|range| within(range.period).is_some())
        .filter_map(|range| range.problem());
    Coverage {
        days: joined(pulled.iter().copied()),
        missing: missing.iter().map(|range| range.period()).collect(),
        mutable: joined(mutable),
        problems: problems.collect(),
        asset,
    }
}

/// Joins ranges that follow each other.
pub(crate) fn joined(ranges: impl Iterator<Item = DateRange>) -> Vec<Period> {
    let mut ranges: Vec<DateRange> = ranges.collect();
    ranges.sort_unstable();
    let mut joined: Vec<DateRange> = Vec::new();
    for range in ranges {
        match joined.last_mut() {
            Some(last) if last.overlaps(range) || last.is_followed_by(range) => {
                last.last = last.last.max(range.last);
            }
            _ => joined.push(range),
        }
    }
    joined.iter().map(|range| range.period()).collect()
}
