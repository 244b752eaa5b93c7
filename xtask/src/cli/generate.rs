//! `cargo xtask generate`.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;

use super::output::{STALE, print, workspace_root};
use crate::{report, workspace};
use xtask_bindgen::document::Document;
use xtask_bindgen::error::Error;
use xtask_bindgen::files;
use xtask_bindgen::generated_crates::{self, Generated};

/// The maximum number of lines of a diff to print.
const DIFF_LINES: usize = 200;

#[derive(Args)]
pub(super) struct Arguments {
    /// Write nothing; print stale files and exit with status 4 if there are any
    #[arg(long)]
    check: bool,
    /// Generate a scratch crate from another document
    #[arg(long, value_name = "FILE", requires = "out")]
    document: Option<PathBuf>,
    /// Folder of the scratch crate: a new or empty folder, or an earlier scratch crate
    #[arg(long, value_name = "DIR", requires = "document")]
    out: Option<PathBuf>,
    /// Fail without writing if any operation cannot be generated
    #[arg(long, requires = "document")]
    strict: bool,
    /// Accept the places that fixups change
    #[arg(long, conflicts_with_all = ["document", "check"])]
    accept_fixups: bool,
    /// Workspace root [default: that of this tool]
    #[arg(long, value_name = "DIR", hide = true)]
    root: Option<PathBuf>,
}

pub(super) fn run(arguments: &Arguments, out: &mut dyn Write) -> Result<u8, Error> {
    let root = arguments.root.clone().unwrap_or_else(workspace_root);
    let (generated, place, command) = match (&arguments.document, &arguments.out) {
        (Some(document), Some(place)) => {
            if !arguments.check {
                generated_crates::check_scratch_folder(place)?;
            }
            (
                generated_crates::scratch(&Document::read(document)?, arguments.strict)?,
                place.clone(),
                scratch_command(document, place, arguments.strict),
            )
        }
        _ => (
            workspace::generated(&root, arguments.accept_fixups)?,
            root,
            "cargo xtask generate".to_owned(),
        ),
    };
    if arguments.check {
        return check(&generated, &place, &command, out);
    }
    files::write(&place, &generated.files, &generated.folders)?;
    print(out, &report::report(&generated));
    Ok(0)
}

fn scratch_command(document: &Path, place: &Path, strict: bool) -> String {
    let mut command = format!(
        "cargo xtask generate --document {} --out {}",
        document.display(),
        place.display()
    );
    if strict {
        command.push_str(" --strict");
    }
    command
}

fn check(
    generated: &Generated,
    place: &Path,
    command: &str,
    out: &mut dyn Write,
) -> Result<u8, Error> {
    let differences = files::differences(place, &generated.files, &generated.folders)?;
    if differences.is_empty() {
        print(out, "the generated files are up to date\n");
        return Ok(0);
    }
    let diff = differences.concat();
    let lines = diff.lines().count();
    let shown: String = diff.split_inclusive('\n').take(DIFF_LINES).collect();
    print(out, &shown);
    if lines > DIFF_LINES {
        print(out, &format!("… and {} more lines\n", lines - DIFF_LINES));
    }
    print(
        out,
        &format!(
            "{} generated files are stale: the document or a fixup has changed; run `{command}`\n",
            differences.len()
        ),
    );
    Ok(STALE)
}
