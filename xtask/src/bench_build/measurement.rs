//! What is measured of an application.

/// What it weighs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Built {
    /// How many packages are compiled for it, those of build scripts too.
    pub(super) crates: usize,
    /// Seconds of all processors for a build from nothing; `None` where the system does not tell.
    pub(super) debug: Option<f64>,
    /// The same for a release.
    pub(super) release: Option<f64>,
    /// The size of the release, without symbols.
    pub(super) bytes: u64,
}
