//! The step that compares the public interface of the facade with its listing, and looks for types of others in it.

mod leaks;

use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::golden::Golden;
use super::process::{cargo, run as run_program, run_with};
use super::{Context, Outcome, Step};

/// The listing that is checked in.
pub const LISTING: &str = "crates/apivideo/public-api.txt";

pub(super) const STEP: Step = Step {
    name: "api",
    about: "the public interface of the facade is not what it is meant to be",
    run,
};

/// The version of rustdoc's JSON that the package `public-api` reads, which Rust 1.95 writes. Both change together.
const FORMAT: u32 = 57;

const GOLDEN: Golden<'static> = Golden {
    step: "api",
    file: LISTING,
    what: "the public interface",
    advice: "look at the difference: what is removed or changed breaks applications, and CHANGELOG.md has to tell of it",
};

fn run(context: &Context) -> Outcome {
    let listing = match documentation(context).and_then(|path| list(&path)) {
        Ok(listing) => listing,
        Err((why, next)) => return Outcome::failed(why, next),
    };
    let found = leaks::leaks(&listing);
    if !found.is_empty() {
        return Outcome::Failed {
            findings: found,
            next: "keep the type inside; if it has to be public, add it to the table of xtask/src/check/api/leaks.rs \
                   with a reason"
                .to_owned(),
        };
    }
    GOLDEN.compare(
        context,
        &listing,
        format!("{} items", listing.lines().count()),
    )
}

/// What failed, and what to do next.
type Failure = (String, String);

/// The facade's documentation as JSON. Of its features, the contracts alone add to what is public; TLS takes long to build.
fn documentation(context: &Context) -> Result<PathBuf, Failure> {
    let fault = |why: String| (why, "mend that".to_owned());
    let metadata = run_program(
        context,
        &cargo(),
        &["metadata", "--format-version=1", "--no-deps"],
    )
    .map_err(fault)?;
    let metadata: Metadata = serde_json::from_str(&metadata.out).map_err(|error| {
        fault(format!(
            "`cargo metadata` failed: {error}\n{}",
            metadata.tail()
        ))
    })?;
    // Build scripts of dependencies ask for the same variable, so that all of them would be built anew each time, here and
    // everywhere else.
    let target = metadata.target_directory.join("public-api");
    let target_text = target.display().to_string();
    let arguments = [
        "rustdoc",
        "--quiet",
        "--package",
        "apivideo",
        "--lib",
        "--no-default-features",
        "--features",
        "schemars",
        "--target-dir",
        &target_text,
        "--",
        "-Z",
        "unstable-options",
        "--output-format",
        "json",
        "--cap-lints",
        "allow",
    ];
    // The format is not stable, so that a stable toolchain has to be told that we know.
    let said =
        run_with(context, &cargo(), &arguments, &[("RUSTC_BOOTSTRAP", "1")]).map_err(fault)?;
    if !said.is_good {
        return Err((
            said.tail(),
            "mend what `cargo doc --package apivideo` says".to_owned(),
        ));
    }
    Ok(target.join("doc").join("apivideo.json"))
}

#[derive(Deserialize)]
struct Metadata {
    target_directory: PathBuf,
}

/// The public items, one a line.
fn list(path: &Path) -> Result<String, Failure> {
    #[derive(Deserialize)]
    struct Version {
        format_version: u32,
    }
    let fault = |why: String| (why, "mend that".to_owned());
    let json = fs::read_to_string(path)
        .map_err(|error| fault(format!("failed to read {}: {error}", path.display())))?;
    let version: Version = serde_json::from_str(&json).map_err(|error| {
        fault(format!(
            "the documentation is not the JSON of rustdoc: {error}"
        ))
    })?;
    if version.format_version != FORMAT {
        return Err((
            format!(
                "the installed toolchain writes rustdoc's JSON of version {}, and this tool reads version {FORMAT}, \
                 which Rust 1.95 writes",
                version.format_version
            ),
            "run it with Rust 1.95 (`cargo +1.95 xtask check`), or change `public-api` in Cargo.toml and FORMAT in \
             xtask/src/check/api.rs to the version that reads it"
                .to_owned(),
        ));
    }
    let api = public_api::Builder::from_rustdoc_json(path)
        // Of what is blanket or automatic, nothing is written by hand, and there are several lines for each type.
        .omit_blanket_impls(true)
        .omit_auto_trait_impls(true)
        .build()
        .map_err(|error| fault(format!("the public items could not be found: {error}")))?;
    Ok(api.items().map(|item| format!("{item}\n")).collect())
}

#[cfg(test)]
mod tests;
