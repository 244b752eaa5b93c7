//! `cargo xtask diff`.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use clap::Args;

use super::output::{print, workspace_root};
use crate::diff::{self, Class, Side, Version};
use crate::document::Document;
use crate::error::Error;
use crate::facade::Facade;
use crate::generated_crates;

/// Only documentation differs.
const DOCS_ONLY: u8 = 2;
/// There is something new, and nothing breaks.
const ADDITIONS: u8 = 3;
/// Something breaks.
const BREAKING: u8 = 5;

#[derive(Args)]
#[command(
    after_help = "Exit status: 0 nothing differs, 2 documentation only, 3 additions, 5 something breaks, \
                        1 it failed, 64 the command line was wrong."
)]
pub(super) struct Arguments {
    /// The old document
    #[arg(value_name = "OLD", required_unless_present = "git")]
    old: Option<PathBuf>,
    /// The new document
    #[arg(value_name = "NEW", required_unless_present = "git")]
    new: Option<PathBuf>,
    /// Compare openapi/apivideo.yaml as it was at this revision with how it is now
    #[arg(long, value_name = "REV", conflicts_with_all = ["old", "new"])]
    git: Option<String>,
    /// Print JSON, for programs
    #[arg(long, conflicts_with = "markdown")]
    json: bool,
    /// Print Markdown, for a pull request
    #[arg(long)]
    markdown: bool,
    /// The top of the workspace, where not the one that this tool was built in
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
        _ => unreachable!("clap asks for both documents where there is no --git"),
    };
    let [old_label, new_label] = labels;
    let facade = if is_ours(&ours, [&old, &new]) {
        Some(Facade::read(&root)?)
    } else {
        None
    };
    let diff = diff::diff(
        &Side::new(old_label, &old),
        &Side::new(new_label, &new),
        facade.as_ref(),
        Version::of_workspace(),
    );
    let report = if arguments.json {
        diff.json()
    } else if arguments.markdown {
        diff::markdown(&diff)
    } else {
        diff::text(&diff)
    };
    print(out, &report);
    Ok(match diff.class {
        None => 0,
        Some(Class::DocsOnly) => DOCS_ONLY,
        Some(Class::Addition) => ADDITIONS,
        Some(Class::Breaking) => BREAKING,
    })
}

/// Whether one of the documents is a state of ours, which alone the facade rests on: they have the same title.
fn is_ours(ours: &Path, documents: [&Document; 2]) -> bool {
    let title = |document: &Document| document.value["info"]["title"].clone();
    Document::read(ours).is_ok_and(|ours| {
        documents
            .iter()
            .any(|document| title(document) == title(&ours))
    })
}

/// Our document as it was.
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
        let said = String::from_utf8_lossy(&output.stderr);
        let said = said.lines().next().unwrap_or_default();
        let said = said.strip_prefix("fatal: ").unwrap_or(said);
        return Err(failed(format!(
            "git says: {said}; name a revision that has the document, as in `--git HEAD~1`"
        )));
    }
    let text = String::from_utf8(output.stdout)
        .map_err(|error| failed(format!("it is no text in UTF-8 there ({error})")))?;
    Document::parse(Path::new(generated_crates::DOCUMENT), &text)
}
