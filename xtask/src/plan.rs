//! What is generated from a document: our crates from ours, a scratch crate from another.

use std::path::{Path, PathBuf};

use crate::document::Document;
use crate::error::Refused;
use crate::files::{Files, lay_out};
use crate::fixups::{EXPECTATIONS, LIBRARY};
use crate::generate::{Product, generate};
use crate::guard::guarded;
use crate::lowering::{Applied, Lowering};
use crate::schema::{operation_name, operations};
use crate::{Error, postconditions};

/// The document of this workspace, relative to its top.
pub const DOCUMENT: &str = "openapi/apivideo.yaml";
/// The generated folder of the library's crate.
pub const LIBRARY_FOLDER: &str = "crates/apivideo-core/src/generated";
/// The generated folder of the expectations' crate.
pub const EXPECTATIONS_FOLDER: &str = "crates/apivideo-httpmock/src/generated";

/// What was generated, before anything is written.
#[derive(Clone, Debug)]
pub struct Generated {
    /// The files.
    pub files: Files,
    /// The folders that hold nothing but such files.
    pub folders: Vec<PathBuf>,
    /// Operations, as in messages.
    pub operations: Vec<String>,
    /// Fixups of the library.
    pub applied: Vec<Applied>,
    /// What the library does not have.
    pub left_out: Vec<Refused>,
    /// What the expectations do not have besides, where there are any.
    pub left_out_of_expectations: Option<Vec<Refused>>,
}

/// Generates our crates from our document.
///
/// # Errors
/// When the generator does not take an operation, or the code is not as it has to be.
pub fn workspace(document: &Document) -> Result<Generated, Error> {
    guarded(document, workspace_of)
}

fn workspace_of(document: &Document) -> Result<Generated, Error> {
    let mut lowering = Lowering::of(&document.value);
    lowering.run(LIBRARY);
    check_pins(&lowering)?;
    let library = generate(document, &lowering.document, Product::Library)?;
    postconditions::check(&lowering.document, &library)?;

    let mut reduced = Lowering::of(&lowering.document);
    reduced.run(EXPECTATIONS);
    let expectations = generate(document, &reduced.document, Product::Expectations)?;

    let mut files = lay_out(
        Path::new(LIBRARY_FOLDER),
        library,
        &["types", "builder"],
        DOCUMENT,
    );
    files.extend(lay_out(
        Path::new(EXPECTATIONS_FOLDER),
        expectations,
        &["operations"],
        DOCUMENT,
    ));
    Ok(Generated {
        files,
        folders: vec![LIBRARY_FOLDER.into(), EXPECTATIONS_FOLDER.into()],
        operations: names(&lowering),
        applied: lowering.applied,
        left_out: lowering.left_out,
        left_out_of_expectations: Some(reduced.left_out),
    })
}

/// In how many places the fixups that change what goes over the wire, or leave something out, apply to our document.
/// The others follow from ordinary edits of the document.
const PINNED: [(&str, usize); 5] = [
    ("known-bodies", 0),
    ("expand-deep-objects", 3),
    ("replace-deep-maps", 2),
    ("known-styles", 0),
    ("plain-secrets", 0),
];

fn check_pins(lowering: &Lowering) -> Result<(), Error> {
    let count = |name: &str| {
        lowering
            .applied
            .iter()
            .find(|applied| applied.name == name)
            .map(|applied| applied.count)
    };
    let moved: Vec<String> = PINNED
        .iter()
        .filter(|(name, pinned)| count(name) != Some(*pinned))
        .map(|(name, pinned)| {
            let found = count(name).map_or_else(|| "is gone".to_owned(), |found| format!("changed {found} places"));
            format!("the fixup {name} {found} and {pinned} are pinned: if that is meant, change the pin in plan.rs")
        })
        .collect();
    if moved.is_empty() {
        Ok(())
    } else {
        Err(Error::Output(moved))
    }
}

/// Generates a crate of its own from any document; operations that the generator does not take are left out.
///
/// # Errors
/// When nothing can be generated, or the code is not as it has to be.
pub fn scratch(document: &Document) -> Result<Generated, Error> {
    guarded(document, scratch_of)
}

fn scratch_of(document: &Document) -> Result<Generated, Error> {
    let (lowering, library) = library_of(document)?;
    let name = document
        .path
        .file_name()
        .unwrap_or_default()
        .to_string_lossy();
    let mut files = lay_out(
        Path::new("src/generated"),
        library,
        &["types", "builder"],
        &name,
    );
    files.extend(FRAME.map(|(path, text)| (PathBuf::from(path), text.to_owned())));
    Ok(Generated {
        files,
        folders: vec!["src/generated".into()],
        operations: names(&lowering),
        applied: lowering.applied,
        left_out: lowering.left_out,
        left_out_of_expectations: None,
    })
}

/// Generates the library of any document in memory, with how it was lowered; operations that the generator does not take
/// are left out.
///
/// # Errors
/// When nothing can be generated, or the code is not as it has to be.
pub fn library(document: &Document) -> Result<(Lowering, syn::File), Error> {
    guarded(document, library_of)
}

fn library_of(document: &Document) -> Result<(Lowering, syn::File), Error> {
    let mut lowering = Lowering::of(&document.value);
    lowering.run(LIBRARY);
    let library = match generate(document, &lowering.document, Product::Library) {
        Err(Error::Generator(refused)) => {
            let before = operations(&lowering.document).count();
            for Refused { what, reason } in refused {
                lowering.leave_out_named(&what, &reason);
            }
            if operations(&lowering.document).count() == before {
                return Err(Error::Generator(lowering.left_out));
            }
            lowering.run(&[crate::fixups::PRUNE]);
            lowering.applied.pop();
            generate(document, &lowering.document, Product::Library)?
        }
        other => other?,
    };
    postconditions::check(&lowering.document, &library)?;
    Ok((lowering, library))
}

/// Makes sure that a scratch crate may go into a folder: it is not there, empty, or was made by this command.
///
/// # Errors
/// When it holds something else, or cannot be looked into.
pub fn check_scratch_folder(folder: &Path) -> Result<(), Error> {
    let is_empty = match std::fs::read_dir(folder) {
        Ok(mut entries) => entries.next().is_none(),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => true,
        Err(source) => {
            return Err(Error::File {
                path: folder.to_owned(),
                tried: "failed to list",
                source,
            });
        }
    };
    let header = SCRATCH_MANIFEST.lines().next().unwrap_or_default();
    let is_ours = || {
        std::fs::read_to_string(folder.join("Cargo.toml"))
            .is_ok_and(|manifest| manifest.lines().next() == Some(header))
    };
    if is_empty || is_ours() {
        Ok(())
    } else {
        Err(Error::Occupied(folder.to_owned()))
    }
}

/// Its first line is what a scratch crate is recognized by.
const SCRATCH_MANIFEST: &str = include_str!("scratch/Cargo.toml.txt");

/// What a scratch crate has besides the generated code: the hand-written part of ours, as it is.
const FRAME: [(&str, &str); 9] = [
    ("Cargo.toml", SCRATCH_MANIFEST),
    ("src/lib.rs", include_str!("scratch/lib.rs.txt")),
    (
        "src/hook.rs",
        include_str!("../../crates/apivideo-core/src/hook.rs"),
    ),
    (
        "src/wire.rs",
        include_str!("../../crates/apivideo-core/src/wire.rs"),
    ),
    (
        "src/wire/date_time.rs",
        include_str!("../../crates/apivideo-core/src/wire/date_time.rs"),
    ),
    (
        "src/wire/extra.rs",
        include_str!("../../crates/apivideo-core/src/wire/extra.rs"),
    ),
    (
        "src/wire/metadata_filter.rs",
        include_str!("../../crates/apivideo-core/src/wire/metadata_filter.rs"),
    ),
    (
        "src/wire/object.rs",
        include_str!("../../crates/apivideo-core/src/wire/object.rs"),
    ),
    (
        "src/wire/secret.rs",
        include_str!("../../crates/apivideo-core/src/wire/secret.rs"),
    ),
];

fn names(lowering: &Lowering) -> Vec<String> {
    operations(&lowering.document)
        .map(|(method, path, operation)| operation_name(method, path, operation))
        .collect()
}
