//! Deriving tables after all days of a pull are committed.

use super::state::Run;
use super::yield_once::yield_once;
use crate::derive::{Check, Derivation};
use crate::error::Result;
use crate::progress::Stage;

impl Run {
    /// Brings the derived tables up to date. A lake of the version before becomes one of this version.
    pub(super) async fn derive_tables(&mut self) -> Result<()> {
        if self.lake.settings.events {
            self.update_progress(|progress| progress.stage = Stage::Derived);
            let mut derivation =
                Derivation::start(self.folder(), &self.lake, Check::Sizes, &self.blocked)?;
            while derivation.step()? {
                yield_once().await;
            }
            let derived = derivation.finish();
            self.report.days_derived = derived.days_written;
            self.report.add_written(derived.written);
            if derived.problems.is_empty() && self.blocked.is_empty() {
                self.lake.set_upgraded();
            }
            self.report.problems.extend(derived.problems);
        } else {
            self.lake.set_upgraded();
        }
        Ok(())
    }
}
