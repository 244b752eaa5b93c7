//! What is generated from a document: our crates from ours, a scratch crate from another.

use std::path::{Path, PathBuf};

use crate::document::Document;
use crate::error::Refused;
use crate::files::{Files, lay_out};
use crate::fixups::{EXPECTATIONS, LIBRARY};
use crate::generate::{Product, generate, generate_most};
use crate::lowering::{Applied, Lowering};
use crate::operation_panics::with_panics_caught;
use crate::schema::{operation_name, operations};
use crate::{Error, fixup_counts, postconditions};

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
    /// What has another name in the library than the document says.
    pub notes: Vec<Refused>,
    /// What the library does not have.
    pub left_out: Vec<Refused>,
    /// What the expectations do not have besides, where there are any.
    pub left_out_of_expectations: Option<Vec<Refused>>,
}

/// Generates our crates from our document. The counts of fixups have to be those of `accepted`, the text of the accepted' file;
/// without it they are accepted, and the file is one of those generated.
///
/// # Errors
/// When the generator does not take an operation, a count moved, or the code is not as it has to be.
pub fn workspace(document: &Document, accepted: Option<&str>) -> Result<Generated, Error> {
    with_panics_caught(document, |document| workspace_of(document, accepted))
}

fn workspace_of(document: &Document, accepted: Option<&str>) -> Result<Generated, Error> {
    let mut lowering = Lowering::of(&document.value);
    lowering.run(LIBRARY);
    let mut reduced = Lowering::of(&lowering.document);
    reduced.run(EXPECTATIONS);
    let counts = |of: &'static str, lowering: &Lowering| {
        let applied = lowering.applied.clone();
        applied.into_iter().map(move |applied| (of, applied))
    };
    let counts: Vec<_> = counts(fixup_counts::LIBRARY, &lowering)
        .chain(counts(fixup_counts::EXPECTATIONS, &reduced))
        .collect();
    if let Some(accepted) = accepted {
        fixup_counts::check(&counts, accepted)?;
    }

    let library = generate(document, &lowering.document, Product::Library)?;
    postconditions::check(&lowering.document, &library)?;
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
    lowering.wire_names.restore(&mut files);
    if accepted.is_none() {
        files.insert(fixup_counts::FILE.into(), fixup_counts::accepted(&counts)?);
    }
    Ok(Generated {
        files,
        folders: vec![LIBRARY_FOLDER.into(), EXPECTATIONS_FOLDER.into()],
        operations: names(&lowering),
        applied: lowering.applied,
        notes: lowering.notes,
        left_out: lowering.left_out,
        left_out_of_expectations: Some(reduced.left_out),
    })
}

/// How a scratch crate is made.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Whether everything has to be generated.
    pub strict: bool,
    /// The extension that operations take their names from.
    pub method_names: Option<String>,
}

/// Generates a crate of its own from any document; what the generator does not take is left out.
///
/// # Errors
/// When nothing can be generated, or not everything and that was asked for.
pub fn scratch(document: &Document, options: &Options) -> Result<Generated, Error> {
    with_panics_caught(document, |document| scratch_of(document, options))
}

fn scratch_of(document: &Document, options: &Options) -> Result<Generated, Error> {
    let mut lowering = Lowering::of(&document.value);
    lowering.method_names.clone_from(&options.method_names);
    lowering.run(LIBRARY);
    let library = generate_most(document, &mut lowering)?;
    if options.strict && !lowering.left_out.is_empty() {
        return Err(Error::LeftOut(lowering.left_out));
    }
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
    lowering.wire_names.restore(&mut files);
    files.extend(FRAME.map(|(path, text)| (PathBuf::from(path), text.to_owned())));
    Ok(Generated {
        files,
        folders: vec!["src/generated".into()],
        operations: names(&lowering),
        applied: lowering.applied,
        notes: lowering.notes,
        left_out: lowering.left_out,
        left_out_of_expectations: None,
    })
}

/// Generates the library of any document in memory, with how it was lowered; what the generator does not take is left
/// out.
///
/// # Errors
/// When nothing can be generated.
pub fn library(document: &Document) -> Result<(Lowering, syn::File), Error> {
    with_panics_caught(document, |document| {
        let mut lowering = Lowering::of(&document.value);
        lowering.run(LIBRARY);
        let library = generate_most(document, &mut lowering)?;
        let library = lowering.wire_names.restored_file(library)?;
        Ok((lowering, library))
    })
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
const FRAME: [(&str, &str); 15] = [
    ("Cargo.toml", SCRATCH_MANIFEST),
    ("src/lib.rs", include_str!("scratch/lib.rs.txt")),
    (
        "src/hook.rs",
        include_str!("../../crates/apivideo-core/src/hook.rs"),
    ),
    (
        "src/response.rs",
        include_str!("../../crates/apivideo-core/src/response.rs"),
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
        "src/wire/exact.rs",
        include_str!("../../crates/apivideo-core/src/wire/exact.rs"),
    ),
    (
        "src/wire/extra.rs",
        include_str!("../../crates/apivideo-core/src/wire/extra.rs"),
    ),
    (
        "src/wire/json.rs",
        include_str!("../../crates/apivideo-core/src/wire/json.rs"),
    ),
    (
        "src/wire/json/lenient.rs",
        include_str!("../../crates/apivideo-core/src/wire/json/lenient.rs"),
    ),
    (
        "src/wire/json/parse.rs",
        include_str!("../../crates/apivideo-core/src/wire/json/parse.rs"),
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
    (
        "src/wire/text.rs",
        include_str!("../../crates/apivideo-core/src/wire/text.rs"),
    ),
];

fn names(lowering: &Lowering) -> Vec<String> {
    operations(&lowering.document)
        .map(|(method, path, operation)| operation_name(method, path, operation))
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_scratch_crate_has_the_dependencies_of_the_library() {
        let names = |manifest: &str| -> BTreeSet<String> {
            let manifest: toml::Table = toml::from_str(manifest).unwrap();
            let dependencies = manifest["dependencies"].as_table().unwrap();
            dependencies.keys().cloned().collect()
        };
        let library = include_str!("../../crates/apivideo-core/Cargo.toml");
        assert_eq!(names(SCRATCH_MANIFEST), names(library));
    }

    #[test]
    fn a_scratch_crate_has_the_hand_written_files_of_the_library() {
        fn files(folder: &Path, of: &Path, found: &mut BTreeSet<String>) {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                let name = path.strip_prefix(of).unwrap().to_str().unwrap().to_owned();
                if path.is_dir() && name != "src/generated" {
                    files(&path, of, found);
                } else if path.is_file() && !name.ends_with("tests.rs") {
                    found.insert(name);
                }
            }
        }
        let library = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/apivideo-core");
        let mut expected = BTreeSet::from(["Cargo.toml".to_owned()]);
        files(&library.join("src"), &library, &mut expected);
        let frame: BTreeSet<String> = FRAME.iter().map(|(path, _)| (*path).to_owned()).collect();
        assert_eq!(frame, expected);
    }
}
