//! Documents of others: a large one with everything that makes documents hard is generated, compiles and behaves.

#![allow(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

mod adversarial;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use adversarial::Nasty;
use adversarial::rng::{Chance, mutate};
use adversarial::yaml::yaml;
use xtask::Error;
use xtask_bindgen::document::Document;
use xtask_bindgen::error::Refused;
use xtask_bindgen::generated_crates::{Generated, Options, scratch};

/// Enough for a document of 400 KB.
const MANY: usize = 18;

fn generated(name: &str, text: &str) -> Generated {
    let document = Document::parse(Path::new(name), text).unwrap();
    scratch(&document, &Options::default()).unwrap()
}

/// Exactly the unsupported parts of the document are reported; the differences are shown.
fn assert_told(generated: &Generated, adversarial: &Nasty) {
    let pair = |one: &Refused| (one.what.clone(), one.reason.clone());
    let listed: BTreeSet<_> = generated.left_out.iter().map(pair).collect();
    let wanted: BTreeSet<_> = adversarial.left_out.iter().cloned().collect();
    assert_eq!(
        listed.len(),
        generated.left_out.len(),
        "nothing is reported twice"
    );
    let differences: Vec<_> = listed.symmetric_difference(&wanted).collect();
    assert!(differences.is_empty(), "{differences:#?}");
}

#[test]
fn generates_a_large_document_and_reports_omissions() {
    let adversarial = adversarial::document(MANY);
    let json = adversarial.document.to_string();
    assert!(json.len() > 400_000, "{} bytes", json.len());
    let from_json = generated("adversarial.json", &json);
    assert_told(&from_json, &adversarial);
    let again = generated("adversarial.json", &json);
    assert_eq!(from_json.files, again.files, "two runs give the same bytes");
    assert_eq!(from_json.left_out, again.left_out);

    let from_yaml = generated("adversarial.yaml", &yaml(&adversarial.document));
    assert_told(&from_yaml, &adversarial);
    for (path, text) in &from_yaml.files {
        let same = text.replace("from adversarial.yaml by", "from adversarial.json by");
        assert!(same == from_json.files[path], "{} differs", path.display());
    }
}

#[test]
fn strict_makes_omissions_an_error() {
    let adversarial = adversarial::document(1);
    let document = Document::parse(
        Path::new("adversarial.json"),
        &adversarial.document.to_string(),
    )
    .unwrap();
    let options = Options {
        strict: true,
        ..Options::default()
    };
    let Err(Error::Omitted(left_out)) = scratch(&document, &options) else {
        panic!("it is not strict")
    };
    assert_eq!(left_out.len(), adversarial.left_out.len());
    let whole = adversarial::document(0);
    let document =
        Document::parse(Path::new("adversarial.json"), &whole.document.to_string()).unwrap();
    assert!(
        scratch(&document, &options).is_ok(),
        "nothing is left out of this one"
    );
}

/// Changes a small document at an increasing number of random places; every failure is reported with a place or an
/// operation, and nothing panics.
#[test]
fn a_damaged_document_is_generated_or_rejected_with_a_position() {
    let whole = adversarial::document(1).document;
    let (mut good, mut refused) = (0, 0);
    for seed in 0..400 {
        let mut chance = Chance::new(seed);
        let mut spoiled = whole.clone();
        for _ in 0..=chance.below(4) {
            mutate(&mut spoiled, &mut chance);
        }
        let document = Document::parse(Path::new("adversarial.json"), &spoiled.to_string());
        match document.and_then(|document| scratch(&document, &Options::default())) {
            Ok(_) => good += 1,
            Err(Error::Schema { pointer, .. }) => {
                refused += 1;
                // What is missing right at the top has no place but the document.
                assert!(
                    pointer.is_empty() || pointer.starts_with('/'),
                    "{seed}: {pointer}"
                );
            }
            Err(Error::Generator(of)) => {
                refused += 1;
                assert!(
                    of.iter().all(|one| one.what.contains('/')),
                    "{seed}: {of:?}"
                );
            }
            Err(other) => panic!("{seed}: {other}"),
        }
    }
    assert!(
        good > 50 && refused > 50,
        "{good} good and {refused} refused show little"
    );
}

/// The scratch crate compiles with the versions of our lock file, and does what the document says.
#[test]
fn the_generated_code_compiles_and_behaves() {
    let place = tempfile::tempdir().unwrap();
    let adversarial = adversarial::document(MANY);
    let generated = generated("adversarial.json", &adversarial.document.to_string());
    xtask_bindgen::files::write(place.path(), &generated.files, &generated.folders).unwrap();
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let bin = place.path().join("src/bin");
    fs::create_dir(&bin).unwrap();
    fs::write(
        bin.join("behaviour.rs"),
        include_str!("adversarial/behaviour.rs.txt"),
    )
    .unwrap();
    fs::copy(
        workspace.join("Cargo.lock"),
        place.path().join("Cargo.lock"),
    )
    .unwrap();
    let manifest = place.path().join("Cargo.toml");
    let tokio = "tokio = { version = \"1\", features = [\"macros\", \"rt\"] }\n";
    let profile = "\n[profile.dev]\ndebug = false\n";
    let text = fs::read_to_string(&manifest).unwrap();
    fs::write(&manifest, format!("{text}{tokio}{profile}")).unwrap();
    let done = Command::new(env!("CARGO"))
        .args(["run", "--quiet", "--offline", "--bin", "behaviour"])
        .current_dir(place.path())
        .env("CARGO_TARGET_DIR", workspace.join("target/scratch"))
        .env("RUST_BACKTRACE", "0")
        .output()
        .unwrap();
    let completed = String::from_utf8_lossy(&done.stderr);
    let end: String = completed.chars().take(4_000).collect();
    assert!(done.status.success(), "{end}");
    assert_eq!(String::from_utf8_lossy(&done.stdout), "behaved\n");
}
