//! What a fixup is.

use crate::lowering::Lowering;

/// One correction.
#[derive(Clone, Copy, Debug)]
pub struct Fixup {
    /// What it is called in reports.
    pub name: &'static str,
    /// Why it is there.
    pub reason: &'static str,
    /// Whose documents it is there for.
    pub need: Need,
    /// Does it, and gives the number of places that changed.
    pub apply: fn(&mut Lowering) -> usize,
}

/// Whose documents a fixup is there for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// Ours: when it no longer changes anything there, it has to go.
    OwnDocument,
    /// Others' only.
    OtherDocuments,
}
