//! The crates generated from a document: those of this workspace, or a scratch crate from another document.

use std::path::{Path, PathBuf};

use crate::document::Document;
use crate::error::Refused;
use crate::files::{Files, lay_out};
use crate::fixups::{EXPECTATIONS, LIBRARY};
use crate::generate::{Product, generate};
use crate::lowering::{Applied, Lowering};
use crate::schema::{operation_name, operations};
use crate::seal::seal;
use crate::{Error, fixup_places, postconditions};

/// The document of this workspace, relative to its root.
pub const DOCUMENT: &str = "openapi/apivideo.yaml";
/// The generated folder of the library.
pub const LIBRARY_FOLDER: &str = "crates/apivideo-core/src/generated";
/// The generated folder of the typed expectations.
pub const EXPECTATIONS_FOLDER: &str = "crates/apivideo-httpmock/src/generated";

/// Generated files, before they are written.
#[derive(Clone, Debug)]
pub struct Generated {
    /// The files.
    pub files: Files,
    /// The folders that contain only generated files.
    pub folders: Vec<PathBuf>,
    /// The names of the operations.
    pub operations: Vec<String>,
    /// The fixups applied to the library.
    pub applied: Vec<Applied>,
    /// The places of fixups that differ from those accepted before.
    pub newly_accepted: Vec<String>,
    /// The parts that are not generated.
    pub left_out: Vec<Refused>,
    /// The parts that are missing only from the typed expectations.
    pub left_out_of_expectations: Option<Vec<Refused>>,
}

/// Generates the crates of this workspace. The places that fixups change must be those of `accepted`, the text of the file of
/// places. If `accepts` is set, other places are accepted: the file is generated too.
///
/// # Errors
/// Returns an error if the generator does not support an operation, if fixups change other places, or if a postcondition is
/// violated.
pub fn workspace(document: &Document, accepted: &str, accepts: bool) -> Result<Generated, Error> {
    let mut lowering = Lowering::of(&document.value);
    if !lowering.left_out.is_empty() {
        return Err(Error::Omitted(lowering.left_out));
    }
    lowering.run(LIBRARY);
    let mut reduced = Lowering::whole(&lowering.document);
    reduced.run(EXPECTATIONS);
    let places = |of: &'static str, lowering: &Lowering| {
        let applied = lowering.applied.clone();
        applied.into_iter().map(move |applied| (of, applied))
    };
    let places: Vec<_> = places(fixup_places::LIBRARY, &lowering)
        .chain(places(fixup_places::EXPECTATIONS, &reduced))
        .collect();
    let newly_accepted = fixup_places::differences(&places, accepted)?;
    if !accepts && !newly_accepted.is_empty() {
        return Err(Error::Fixups(newly_accepted));
    }

    let library = generate(document, &lowering.document, Product::Library)?;
    postconditions::check(&lowering.document, &library)?;
    let mut expectations = generate(document, &reduced.document, Product::Expectations)?;
    if !seal(&mut expectations, "MockServerExt") {
        let broken = "the typed expectations do not define the trait `MockServerExt`";
        return Err(Error::Output(vec![broken.to_owned()]));
    }

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
    if accepts {
        files.insert(fixup_places::FILE.into(), fixup_places::text(&places)?);
    }
    Ok(Generated {
        files,
        folders: vec![LIBRARY_FOLDER.into(), EXPECTATIONS_FOLDER.into()],
        operations: names(&lowering),
        applied: lowering.applied,
        newly_accepted,
        left_out: lowering.left_out,
        left_out_of_expectations: Some(reduced.left_out),
    })
}

/// Generates a standalone crate from any document. Unsupported parts are omitted.
///
/// # Errors
/// Returns an error if nothing can be generated, or if a part is omitted and `strict` is set.
pub fn scratch(document: &Document, strict: bool) -> Result<Generated, Error> {
    let (lowering, library) = library(document)?;
    if strict && !lowering.left_out.is_empty() {
        return Err(Error::Omitted(lowering.left_out));
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
    files.extend(
        HAND_WRITTEN_FILES
            .iter()
            .map(|(path, text)| (PathBuf::from(path), (*text).to_owned())),
    );
    Ok(Generated {
        files,
        folders: vec!["src/generated".into()],
        operations: names(&lowering),
        applied: lowering.applied,
        newly_accepted: Vec::new(),
        left_out: lowering.left_out,
        left_out_of_expectations: None,
    })
}

/// Generates the library of any document in memory, and returns the lowered document too. Unsupported operations are
/// omitted.
///
/// # Errors
/// Returns an error if nothing can be generated.
pub fn library(document: &Document) -> Result<(Lowering, syn::File), Error> {
    let mut lowering = Lowering::of(&document.value);
    if operations(&lowering.document).next().is_none() && !lowering.left_out.is_empty() {
        return Err(Error::Omitted(lowering.left_out));
    }
    lowering.run(LIBRARY);
    let library = generate(document, &lowering.document, Product::Library)?;
    postconditions::check(&lowering.document, &library)?;
    Ok((lowering, library))
}

/// Checks that a folder does not exist, is empty, or contains an earlier scratch crate.
///
/// # Errors
/// Returns an error if it contains other files or cannot be read.
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

/// Its first line identifies a scratch crate.
const SCRATCH_MANIFEST: &str = include_str!("scratch/Cargo.toml.txt");

macro_rules! hand_written {
    ($($name:literal)*) => {
        [
            ("Cargo.toml", SCRATCH_MANIFEST),
            ("src/lib.rs", include_str!("scratch/lib.rs.txt")),
            $((
                concat!("src/", $name, ".rs"),
                include_str!(concat!("../../../crates/apivideo-core/src/", $name, ".rs")),
            ),)*
        ]
    };
}

/// The files of a scratch crate that are not generated: the hand-written part of the library.
const HAND_WRITTEN_FILES: &[(&str, &str)] = &hand_written! {
    "hook"
    "inner"
    "response"
    "wire"
    "wire/date_time"
    "wire/exact"
    "wire/extra"
    "wire/forward"
    "wire/json"
    "wire/json/lenient"
    "wire/json/mismatch"
    "wire/json/page"
    "wire/json/parse"
    "wire/json/value"
    "wire/metadata_filter"
    "wire/object"
    "wire/secret"
    "wire/text"
};

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
        let library = include_str!("../../../crates/apivideo-core/Cargo.toml");
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
        let library = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../crates/apivideo-core");
        let mut expected = BTreeSet::from(["Cargo.toml".to_owned()]);
        files(&library.join("src"), &library, &mut expected);
        let frame: BTreeSet<String> = HAND_WRITTEN_FILES
            .iter()
            .map(|(path, _)| (*path).to_owned())
            .collect();
        assert_eq!(frame, expected);
    }
}
