//! The definition of a fixup.

use crate::lowering::Lowering;

/// A fixup.
#[derive(Clone, Copy, Debug)]
pub struct Fixup {
    /// Its name in reports.
    pub name: &'static str,
    /// Its reason.
    pub reason: &'static str,
    /// The document that needs it.
    pub need: Need,
    /// Applies it, and returns the JSON pointers of the changed places in the lowered document.
    pub apply: fn(&mut Lowering) -> Vec<String>,
}

/// The document that needs a fixup. A fixup that neither needs is removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// The document of this project.
    OwnDocument,
    /// Only the published document of the service, in some of its revisions.
    ServiceDocument,
}
