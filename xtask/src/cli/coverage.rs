//! `cargo xtask coverage`.

use std::io::Write;
use std::path::PathBuf;

use clap::Args;

use super::output::{STALE, print, workspace_root};
use crate::coverage::{self, Level};
use xtask_bindgen::error::Error;
use xtask_bindgen::files;

#[derive(Args)]
pub(super) struct Arguments {
    /// Write nothing; print stale files and exit with status 4 if there are any
    #[arg(long)]
    check: bool,
    /// Workspace root [default: that of this tool]
    #[arg(long, value_name = "DIR", hide = true)]
    root: Option<PathBuf>,
}

pub(super) fn run(arguments: &Arguments, out: &mut dyn Write) -> Result<u8, Error> {
    let root = arguments.root.clone().unwrap_or_else(workspace_root);
    let (coverage, files) = coverage::files(&root)?;
    if arguments.check {
        let differences = files::differences(&root, &files, &[])?;
        if differences.is_empty() {
            print(out, &format!("{} is up to date\n", coverage::TABLE));
            return Ok(0);
        }
        print(out, &differences.concat());
        print(
            out,
            &format!(
                "{} is stale: the document or the coverage map has changed; run `cargo xtask coverage`\n",
                coverage::TABLE
            ),
        );
        return Ok(STALE);
    }
    files::write(&root, &files, &[])?;
    for kind in &coverage.kinds {
        let count = |level| kind.parts.iter().filter(|part| part.level == level).count();
        print(
            out,
            &format!(
                "{:<20}{:>4}: {} in the facade, {} hand-written, {} in the core only, {} unsupported\n",
                kind.name,
                kind.parts.len(),
                count(Level::Facade),
                count(Level::ByHand),
                count(Level::Core),
                count(Level::Nothing)
            ),
        );
    }
    print(out, &format!("written to {}\n", coverage::TABLE));
    Ok(0)
}
