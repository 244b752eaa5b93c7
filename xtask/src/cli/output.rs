//! Exit statuses and printing.

use std::io::Write;
use std::path::{Path, PathBuf};

use xtask_apidiff::Class;

/// Exit status of a failure.
pub(super) const FAILED: u8 = 1;
/// Exit status of an invalid command line.
pub(super) const MISUSED: u8 = 2;
/// Exit status of an invalid command line of `diff` and `upstream`, which use other statuses for their results.
pub(super) const MISUSED_DIFF: u8 = 64;
/// The exit statuses of `diff` and `upstream`, for their help.
pub(super) const EXIT_STATUSES: &str = "Exit status: 0 no differences, 2 documentation only, 3 additions, 4 deprecations, \
     5 calls can start to fail, 6 breaking changes, 1 failure, 64 invalid command line.";
/// Exit status if files in the repository are stale.
pub(super) const STALE: u8 = 4;

/// Returns the root of the workspace that this tool was built in.
pub(super) fn workspace_root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_owned()
}

/// Prints text; a closed stream is not an error.
pub(super) fn print(stream: &mut dyn Write, text: &str) {
    let _ = stream.write_all(text.as_bytes());
}

/// Returns the exit status for the most severe class of differences.
pub(super) fn status_of(class: Option<Class>) -> u8 {
    match class {
        None => 0,
        Some(Class::DocsOnly) => 2,
        Some(Class::Addition) => 3,
        Some(Class::Deprecation) => 4,
        Some(Class::MayFail) => 5,
        Some(Class::Breaking) => 6,
    }
}
