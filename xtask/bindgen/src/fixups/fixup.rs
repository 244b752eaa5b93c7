//! The definition of a fixup.

use crate::lowering::Lowering;

/// A fixup.
#[derive(Clone, Copy, Debug)]
pub struct Fixup {
    /// Its name in reports.
    pub name: &'static str,
    /// Its reason.
    pub reason: &'static str,
    /// The documents that need it.
    pub need: Need,
    /// Applies it and returns the number of changed places.
    pub apply: fn(&mut Lowering) -> usize,
}

/// The documents that need a fixup.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// The document of this project. Such a fixup must be removed when it no longer changes anything.
    OwnDocument,
    /// Only other documents.
    OtherDocuments,
}
