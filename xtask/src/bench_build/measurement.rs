//! The measurements of an application.

/// The measurements of an application.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Built {
    /// The number of compiled packages, including those of build scripts.
    pub(super) crates: usize,
    /// CPU time in seconds of a debug build from scratch; `None` if the system does not report it.
    pub(super) debug: Option<f64>,
    /// CPU time in seconds of a release build from scratch.
    pub(super) release: Option<f64>,
    /// The size of the stripped release binary in bytes.
    pub(super) bytes: u64,
}
