//! Exit statuses, and printing.

use std::io::Write;
use std::path::{Path, PathBuf};

/// Something failed.
pub(super) const FAILED: u8 = 1;
/// The command line was wrong.
pub(super) const MISUSED: u8 = 2;
/// The command line of `diff` was wrong, whose other statuses tell what differs.
pub(super) const MISUSED_DIFF: u8 = 64;
/// What is checked in is not what it has to be.
pub(super) const STALE: u8 = 4;

/// The top of the workspace that this tool was built in.
pub(super) fn workspace_root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_owned()
}

/// Prints text; a closed stream is not an error.
pub(super) fn print(stream: &mut dyn Write, text: &str) {
    let _ = stream.write_all(text.as_bytes());
}
