//! What receives the steps of a computation.

use crate::explain::Step;

/// Receives the steps of a computation.
pub(crate) trait Recorder {
    fn record(&mut self, step: impl FnOnce() -> Step);
}

/// Records nothing.
impl Recorder for () {
    fn record(&mut self, _step: impl FnOnce() -> Step) {}
}

impl Recorder for Vec<Step> {
    fn record(&mut self, step: impl FnOnce() -> Step) {
        self.push(step());
    }
}
