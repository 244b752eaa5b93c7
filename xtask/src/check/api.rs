//! The step that compares the public API of the facade with its listing, and rejects types of other crates in it.

mod leaks;

use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::golden::Golden;
use super::process::{Metadata, cargo, run_with};
use super::{Context, Outcome, Step};
use crate::facade::LISTING;

pub(super) const STEP: Step = Step {
    name: "api",
    about: "the public API of the facade differs from its listing",
    run,
};

/// The format version of rustdoc JSON that `public-api` reads and Rust 1.95 writes. Both change together.
const FORMAT: u32 = 57;

const GOLDEN: Golden<'static> = Golden {
    step: "api",
    file: LISTING,
    what: "the public API",
    advice: "review the difference: removed and changed items break applications and belong in CHANGELOG.md",
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
            next: "keep the type private; if it must be public, add it to xtask/src/check/api/leaks.rs with a \
                   reason"
                .to_owned(),
        };
    }
    GOLDEN.compare(
        context,
        &listing,
        format!("{} items", listing.lines().count()),
    )
}

/// An error with the next action.
type Failure = (String, String);

/// Builds the rustdoc JSON of the facade. Only the features `insights` and `schemars` add to the public API, and TLS is slow to
/// build.
fn documentation(context: &Context) -> Result<PathBuf, Failure> {
    let fault = |why: String| (why, "fix the error".to_owned());
    let metadata = Metadata::read(context).map_err(fault)?;
    // Build scripts of dependencies read this variable, so that changing it would rebuild all of them here and in every other
    // build.
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
        "insights,schemars",
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
    // The format is unstable, which a stable toolchain rejects by default.
    let completed =
        run_with(context, &cargo(), &arguments, &[("RUSTC_BOOTSTRAP", "1")]).map_err(fault)?;
    if !completed.success {
        return Err((
            completed.tail(),
            "fix the errors of `cargo doc --package apivideo`".to_owned(),
        ));
    }
    Ok(target.join("doc").join("apivideo.json"))
}

/// Lists the public items, one per line.
fn list(path: &Path) -> Result<String, Failure> {
    #[derive(Deserialize)]
    struct Version {
        format_version: u32,
    }
    let fault = |why: String| (why, "fix the error".to_owned());
    let json = fs::read_to_string(path)
        .map_err(|error| fault(format!("failed to read {}: {error}", path.display())))?;
    let version: Version = serde_json::from_str(&json)
        .map_err(|error| fault(format!("invalid rustdoc JSON: {error}")))?;
    if version.format_version != FORMAT {
        return Err((
            format!(
                "the installed toolchain writes rustdoc JSON version {}, but this tool reads version {FORMAT} of \
                 Rust 1.95",
                version.format_version
            ),
            "use Rust 1.95 (`cargo +1.95 xtask check`), or update `public-api` in Cargo.toml and FORMAT in \
             xtask/src/check/api.rs"
                .to_owned(),
        ));
    }
    let api = public_api::Builder::from_rustdoc_json(path)
        // Blanket and auto trait implementations are omitted: they are not written by hand.
        .omit_blanket_impls(true)
        .omit_auto_trait_impls(true)
        .build()
        .map_err(|error| fault(format!("the public items could not be listed: {error}")))?;
    Ok(api.items().map(|item| format!("{item}\n")).collect())
}

#[cfg(test)]
mod tests;
