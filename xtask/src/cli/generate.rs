//! `cargo xtask generate`.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;

use super::output::{STALE, print, workspace_root};
use crate::document::Document;
use crate::error::Error;
use crate::generated_crates::{self, Generated, Options};
use crate::{files, report, workspace};

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
    /// Fail, and write nothing, when something of that document cannot be generated
    #[arg(long, requires = "document")]
    strict: bool,
    /// The extension (such as x-client-action) that the methods of that document's operations are named by
    #[arg(long, value_name = "EXTENSION", requires = "document")]
    method_names: Option<String>,
    /// Pin in how many places the fixups change openapi/apivideo.yaml now
    #[arg(long, conflicts_with_all = ["document", "check"])]
    accept_counts: bool,
    /// The top of the workspace, where not the one that this tool was built in
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
            let options = Options {
                strict: arguments.strict,
                method_names: arguments.method_names.clone(),
            };
            (
                generated_crates::scratch(&Document::read(document)?, &options)?,
                place.clone(),
                scratch_command(document, place, &options),
            )
        }
        _ => (
            workspace::generated(&root, arguments.accept_counts)?,
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

fn scratch_command(document: &Path, place: &Path, options: &Options) -> String {
    let mut command = format!(
        "cargo xtask generate --document {} --out {}",
        document.display(),
        place.display()
    );
    if options.strict {
        command.push_str(" --strict");
    }
    if let Some(extension) = &options.method_names {
        command.push_str(&format!(" --method-names {extension}"));
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
        print(out, "the generated files are what the document calls for\n");
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
