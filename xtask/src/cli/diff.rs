//! `cargo xtask diff`.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use clap::Args;

use super::output::{EXIT_STATUSES, print, status_of, workspace_root};
use crate::facade::Facade;
use xtask_apidiff::{DependentItems, Side, Version};
use xtask_bindgen::document::Document;
use xtask_bindgen::error::Error;
use xtask_bindgen::generated_crates;

#[derive(Args)]
#[command(after_help = EXIT_STATUSES)]
pub(super) struct Arguments {
    /// Old document
    #[arg(value_name = "OLD", required_unless_present = "git")]
    old: Option<PathBuf>,
    /// New document
    #[arg(value_name = "NEW", required_unless_present = "git")]
    new: Option<PathBuf>,
    /// Compare openapi/apivideo.yaml at this revision with the work tree
    #[arg(long, value_name = "REV", conflicts_with_all = ["old", "new"])]
    git: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
    /// Workspace root [default: that of this tool]
    #[arg(long, value_name = "DIR", hide = true)]
    root: Option<PathBuf>,
}

pub(super) fn run(arguments: &Arguments, out: &mut dyn Write) -> Result<u8, Error> {
    let root = arguments.root.clone().unwrap_or_else(workspace_root);
    let ours = root.join(generated_crates::DOCUMENT);
    let (old, new, labels) = match (&arguments.git, &arguments.old, &arguments.new) {
        (Some(revision), ..) => (
            at_revision(&root, revision)?,
            Document::read(&ours)?,
            [
                format!("{} at {revision}", generated_crates::DOCUMENT),
                generated_crates::DOCUMENT.to_owned(),
            ],
        ),
        (None, Some(old), Some(new)) => (
            Document::read(old)?,
            Document::read(new)?,
            [old, new].map(|path| path.display().to_string()),
        ),
        _ => unreachable!("clap requires both documents without --git"),
    };
    let [old_label, new_label] = labels;
    let facade = if is_ours(&ours, [&old, &new]) {
        Some(Facade::read(&root)?)
    } else {
        None
    };
    let diff = xtask_apidiff::diff(
        Side {
            label: &old_label,
            document: &old.value,
        },
        Side {
            label: &new_label,
            document: &new.value,
        },
        facade.as_ref().map(|facade| facade as &dyn DependentItems),
        Version::of_workspace(),
    );
    let report = if arguments.json {
        diff.json()
    } else {
        xtask_apidiff::markdown(&diff)
    };
    print(out, &report);
    Ok(status_of(diff.class))
}

/// Returns `true` if one of the documents describes the service that the facade covers, by its title.
fn is_ours(ours: &Path, documents: [&Document; 2]) -> bool {
    let title = |document: &Document| document.value["info"]["title"].clone();
    Document::read(ours).is_ok_and(|ours| {
        documents
            .iter()
            .any(|document| title(document) == title(&ours))
    })
}

/// Returns the document at a revision.
fn at_revision(root: &Path, revision: &str) -> Result<Document, Error> {
    let place = format!("{revision}:./{}", generated_crates::DOCUMENT);
    let failed = |why: String| Error::Revision {
        revision: revision.to_owned(),
        why,
    };
    let output = Command::new("git")
        .arg("-C")
        .arg(root)
        .args(["show", "--end-of-options", &place])
        .output()
        .map_err(|error| failed(format!("git cannot be run ({error}); install it")))?;
    if !output.status.success() {
        let message = String::from_utf8_lossy(&output.stderr);
        let message = message.lines().next().unwrap_or_default();
        let message = message.strip_prefix("fatal: ").unwrap_or(message);
        return Err(failed(format!(
            "git failed: {message}; use a revision that contains the document, such as `--git HEAD~1`"
        )));
    }
    let text = String::from_utf8(output.stdout)
        .map_err(|error| failed(format!("it is not UTF-8 text ({error})")))?;
    Document::parse(Path::new(generated_crates::DOCUMENT), &text)
}
