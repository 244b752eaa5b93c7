//! Merging of audiences.

use std::fmt;

use super::accumulate::{Audience, Deferred};
use crate::session::Asset;

/// An error returned by [`Audience::merge`] when the settings differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MergeError;

impl fmt::Display for MergeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "cannot merge audiences with different settings: create one by fork() of the other",
        )
    }
}

impl std::error::Error for MergeError {}

impl Audience {
    /// Adds the sessions of another audience. The order of merging does not change the result.
    ///
    /// # Errors
    ///
    /// Fails if the settings differ, because the result would have no meaning. See [`fork`](Self::fork).
    pub fn merge(&mut self, other: Self) -> Result<(), MergeError> {
        if self.options != other.options {
            return Err(MergeError);
        }
        let mut assets = Vec::with_capacity(other.assets.states.len());
        for more in other.assets.states {
            let asset = more
                .key
                .as_ref()
                .map(|(kind, id)| Asset { kind: *kind, id });
            let given = more.given;
            let index = self.assets.index(asset, |_| given);
            let state = &mut self.assets.states[index as usize];
            state.evidence.merge(&more.evidence);
            state.part.merge(more.part);
            state.cell.merge(more.cell, |_| index);
            assets.push(index);
        }
        let asset = |index: u32| assets.get(index as usize).copied().unwrap_or(index);
        self.total.merge(other.total, asset);
        let mut rows = Vec::with_capacity(other.rows.len());
        for (kept, added) in self.rows.iter_mut().zip(other.rows) {
            let mut indexes = Vec::with_capacity(added.rows.len());
            for (value, cell) in added.rows {
                let index = kept.index(value.as_deref());
                kept.rows[index as usize].1.merge(cell, asset);
                indexes.push(index);
            }
            rows.push(indexes);
        }
        self.deferred
            .extend(other.deferred.into_iter().map(|deferred| {
                let renumber = |(&index, indexes): (&u32, &Vec<u32>)| {
                    indexes.get(index as usize).copied().unwrap_or(index)
                };
                Deferred {
                    asset: asset(deferred.asset),
                    rows: deferred.rows.iter().zip(&rows).map(renumber).collect(),
                    ..deferred
                }
            }));
        self.cohorts.merge(other.cohorts);
        self.excluded += other.excluded;
        self.outside += other.outside;
        Ok(())
    }
}
