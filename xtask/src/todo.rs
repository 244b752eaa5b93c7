//! The work that remains for a change of the document: `cargo xtask todo`.
//!
//! The document in the work tree is compared with that of a base revision. Files are read, and the bindings are generated in
//! memory; nothing is compiled, so that errors of the compiler and of tests are not part of the list.

mod crates;
mod examples;
pub(crate) mod parts;
mod sources;
mod task;

use std::path::Path;

use xtask_bindgen::document::Document;
use xtask_bindgen::{Error, files, generated_crates};

use crate::check::Context;
use crate::check::changelog::{self, CHANGELOG};
use crate::facade::{self, Facade};
use crate::{coverage, workspace};
use parts::Change;
use sources::Sources;
pub use task::{Need, Task};

/// Returns the work that remains, in the order in which it is best done.
///
/// # Errors
/// Returns an error if a file cannot be read or is invalid, or if the base revision does not contain the document.
pub fn remaining(context: &Context) -> Result<Vec<Task>, Error> {
    let root = &context.root;
    let document = Document::read(&root.join(generated_crates::DOCUMENT))?;
    let facade = Facade::read(root)?;
    let base = Base::of(context)?;
    let change = Change::between(&base.document.value, &document.value);
    let sources = Sources { root };

    let mut tasks = examples::missing(&document.value, &change.added);
    tasks.extend(generated(root));
    for finding in facade.findings(&document.value) {
        let open = match &finding.item {
            Some(item) => format!("{}, {}", sources.file_of(item)?, facade::MAP),
            None => facade::MAP.to_owned(),
        };
        tasks.push(Task::required("facade", finding.message, &open, ""));
    }
    tasks.extend(crates::missing(&change.added, &facade, &sources)?);
    tasks.extend(table(root));
    if change.is_visible
        && !changelog::is_extended(&base.changelog, &files::read(&root.join(CHANGELOG))?)
    {
        let what = "no line describes the change for users";
        let run = format!("cargo xtask diff --git {}", base.short);
        tasks.push(Task::required("changelog", what, CHANGELOG, &run));
    }
    Ok(tasks)
}

/// The files of the base revision.
struct Base {
    short: String,
    document: Document,
    changelog: String,
}

impl Base {
    fn of(context: &Context) -> Result<Self, Error> {
        let failed = |revision: &str, why: String| Error::Revision {
            revision: revision.to_owned(),
            why,
        };
        let revision = changelog::base(context).map_err(|why| {
            failed(
                context.base.as_deref().unwrap_or("main"),
                format!("{why}; name one by --base"),
            )
        })?;
        let text = changelog::at(context, &revision, generated_crates::DOCUMENT);
        let short = revision.get(..9).unwrap_or(&revision).to_owned();
        if text.is_empty() {
            let why =
                "it does not contain the document; use a revision that does, such as `--base HEAD`";
            return Err(failed(&short, why.to_owned()));
        }
        Ok(Self {
            short,
            document: Document::parse(Path::new(generated_crates::DOCUMENT), &text)?,
            changelog: changelog::at(context, &revision, CHANGELOG),
        })
    }
}

/// Returns the task of generating the bindings, if they are stale.
fn generated(root: &Path) -> Option<Task> {
    let command = "cargo xtask generate";
    let differences = workspace::generated(root, false)
        .and_then(|generated| files::differences(root, &generated.files, &generated.folders));
    match differences {
        Ok(differences) if differences.is_empty() => None,
        Ok(differences) => {
            let what = format!("{} generated files are stale", differences.len());
            Some(Task::required("generated", what, "", command))
        }
        Err(Error::Fixups(_)) => {
            let what = "the bindings are stale, and fixups change other places: review them";
            Some(Task::required("generated", what, "", command))
        }
        Err(error) => Some(Task::required(
            "generated",
            error.with_causes(),
            generated_crates::DOCUMENT,
            command,
        )),
    }
}

/// Returns the task of updating the table of the coverage. An invalid map is reported by its findings.
fn table(root: &Path) -> Option<Task> {
    let (_, made) = coverage::files(root).ok()?;
    let differences = files::differences(root, &made, &[]).ok()?;
    let what = format!("{} is stale", coverage::TABLE);
    (!differences.is_empty()).then(|| Task::required("docs", what, "", "cargo xtask coverage"))
}
