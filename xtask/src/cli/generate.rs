//! `cargo xtask generate`.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;

use super::{STALE, say, workspace_root};
use crate::document::Document;
use crate::error::Error;
use crate::plan::{self, Generated, Options};
use crate::release::provenance;
use crate::{files, pins, report};

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
                plan::check_scratch_folder(place)?;
            }
            let options = Options {
                strict: arguments.strict,
                method_names: arguments.method_names.clone(),
            };
            (
                plan::scratch(&Document::read(document)?, &options)?,
                place.clone(),
                scratch_command(document, place, &options),
            )
        }
        _ => (
            of_workspace(&root, arguments.accept_counts)?,
            root,
            "cargo xtask generate".to_owned(),
        ),
    };
    if arguments.check {
        return check(&generated, &place, &command, out);
    }
    files::write(&place, &generated.files, &generated.folders)?;
    say(out, &report::report(&generated));
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

/// What the workspace at `root` has to have of generated files.
pub(crate) fn of_workspace(root: &Path, accepts_counts: bool) -> Result<Generated, Error> {
    let document = Document::read(&shortened(root.join(plan::DOCUMENT)))?;
    let pins = if accepts_counts {
        None
    } else {
        Some(read_pins(root)?)
    };
    let mut generated = plan::workspace(&document, pins.as_deref())?;
    let (manifest, text) = provenance::stamped(root)?;
    generated.files.insert(manifest, text);
    Ok(generated)
}

/// The pins; where there is no such file, none.
fn read_pins(root: &Path) -> Result<String, Error> {
    let path = shortened(root.join(pins::PINS));
    match std::fs::read_to_string(&path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(String::new()),
        read => read.map_err(|source| Error::File {
            path,
            tried: "failed to read",
            source,
        }),
    }
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
