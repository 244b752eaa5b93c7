//! Exit statuses and printing.

use std::io::Write;
use std::path::{Path, PathBuf};

/// Exit status of a failure.
pub(super) const FAILED: u8 = 1;
/// Exit status of an invalid command line.
pub(super) const MISUSED: u8 = 2;
/// Exit status of an invalid command line of `diff`, which uses other statuses for its result.
pub(super) const MISUSED_DIFF: u8 = 64;
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
