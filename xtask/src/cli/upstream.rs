//! `cargo xtask upstream`.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;

use super::output::{EXIT_STATUSES, print, status_of, workspace_root};
use crate::facade::Facade;
use xtask_apidiff::{Accepted, DependentItems, Side};
use xtask_bindgen::document::{self, Document};
use xtask_bindgen::error::Error;
use xtask_bindgen::generated_crates;

/// The accepted differences, relative to the root of the workspace.
const ACCEPTED: &str = "openapi/upstream.yaml";

#[derive(Args)]
#[command(after_help = EXIT_STATUSES)]
pub(super) struct Arguments {
    /// Document that the service publishes
    file: PathBuf,
    /// Print JSON
    #[arg(long)]
    json: bool,
    /// List of accepted differences [default: openapi/upstream.yaml]
    #[arg(long, value_name = "FILE")]
    accepted: Option<PathBuf>,
}

pub(super) fn run(arguments: &Arguments, out: &mut dyn Write) -> Result<u8, Error> {
    let root = workspace_root();
    let ours = Document::read(&root.join(generated_crates::DOCUMENT))?;
    let published = Document::read(&arguments.file)?;
    let path = arguments.accepted.clone();
    let path = path.unwrap_or_else(|| root.join(ACCEPTED));
    let invalid = |path: &Path, broken| Error::Invalid {
        path: path.to_owned(),
        broken,
    };
    let list = document::yaml(&path, &xtask_bindgen::files::read(&path)?)?;
    let accepted = Accepted::parse(&list).map_err(|message| invalid(&path, vec![message]))?;
    let facade = Facade::read(&root)?;
    let label = arguments.file.display().to_string();
    let report = xtask_apidiff::upstream(
        Side {
            label: generated_crates::DOCUMENT,
            document: &ours.value,
        },
        Side {
            label: &label,
            document: &published.value,
        },
        &accepted,
        Some(&facade as &dyn DependentItems),
    )
    .map_err(|message| invalid(&arguments.file, vec![message]))?;
    let text = if arguments.json {
        report.json()
    } else {
        xtask_apidiff::upstream_markdown(&report)
    };
    print(out, &text);
    if report.stale.is_empty() {
        return Ok(status_of(report.class));
    }
    let stale = report.stale.iter();
    let broken = stale.map(|entry| format!("remove `{entry}`: this difference does not exist"));
    Err(invalid(&path, broken.collect()))
}
