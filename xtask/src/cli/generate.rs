//! `cargo xtask generate`.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;

use super::{STALE, say, workspace_root};
use crate::document::Document;
use crate::error::Error;
use crate::plan::{self, Generated};
use crate::release::provenance;
use crate::{files, report};

/// How much of a diff is shown.
const DIFF_LINES: usize = 200;

#[derive(Args)]
pub(super) struct Arguments {
    /// Write nothing; show what is stale, and exit with 4 if anything is
    #[arg(long)]
    check: bool,
    /// Another document to generate a scratch crate from
    #[arg(long, value_name = "FILE", requires = "out")]
    document: Option<PathBuf>,
    /// Where the scratch crate goes: a new or an empty folder, or one that holds such a crate
    #[arg(long, value_name = "DIR", requires = "document")]
    out: Option<PathBuf>,
    /// The top of the workspace, where not the one that this tool was built in
    #[arg(long, value_name = "DIR", hide = true)]
    root: Option<PathBuf>,
}

pub(super) fn run(arguments: &Arguments, out: &mut dyn Write) -> Result<u8, Error> {
    let root = arguments.root.clone().unwrap_or_else(workspace_root);
    let (generated, place, command) = match (&arguments.document, &arguments.out) {
        (Some(document), Some(place)) => {
            if !arguments.check {
                plan::check_scratch_folder(place)?;
            }
            let command = format!(
                "cargo xtask generate --document {} --out {}",
                document.display(),
                place.display()
            );
            (
                plan::scratch(&Document::read(document)?)?,
                place.clone(),
                command,
            )
        }
        _ => {
            let document = Document::read(&shortened(root.join(plan::DOCUMENT)))?;
            let mut generated = plan::workspace(&document)?;
            let (manifest, text) = provenance::stamped(&root)?;
            generated.files.insert(manifest, text);
            (generated, root, "cargo xtask generate".to_owned())
        }
    };
    if arguments.check {
        return check(&generated, &place, &command, out);
    }
    files::write(&place, &generated.files, &generated.folders)?;
    say(out, &report::report(&generated));
    Ok(0)
}

fn check(
    generated: &Generated,
    place: &Path,
    command: &str,
    out: &mut dyn Write,
) -> Result<u8, Error> {
    let differences = files::differences(place, &generated.files, &generated.folders)?;
    if differences.is_empty() {
        say(out, "the generated files are what the document calls for\n");
        return Ok(0);
    }
    let diff = differences.concat();
    let lines = diff.lines().count();
    let shown: String = diff.split_inclusive('\n').take(DIFF_LINES).collect();
    say(out, &shown);
    if lines > DIFF_LINES {
        say(out, &format!("… and {} more lines\n", lines - DIFF_LINES));
    }
    say(
        out,
        &format!(
            "{} generated files are stale: the document or a fixup has changed; run `{command}`\n",
            differences.len()
        ),
    );
    Ok(STALE)
}

/// The path from where the maintainer stands, if it lies below.
fn shortened(path: PathBuf) -> PathBuf {
    let here = std::env::current_dir().unwrap_or_default();
    path.strip_prefix(here).map(Path::to_owned).unwrap_or(path)
}
