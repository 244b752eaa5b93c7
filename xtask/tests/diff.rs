//! `cargo xtask diff`: the class of each kind of change matches its effect on programs.
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

#[path = "diff/cases.rs"]
mod cases;
#[path = "diff/command.rs"]
mod command;
#[path = "diff/common.rs"]
mod common;
#[path = "diff/probes.rs"]
mod probes;

use cases::{CASES, Case, Felt};
use common::{from_ours, parse, repository};
use probes::{Probes, Told};
use xtask_apidiff::{Class, markdown};

/// Whatever is wrong with any of the cases.
fn assert_all(wrong: impl Fn(&Case) -> Option<String>) {
    let found: Vec<String> = CASES
        .iter()
        .filter_map(|case| Some(format!("{}: {}", case.name, wrong(case)?)))
        .collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn classifies_every_change() {
    let documents: Vec<_> = CASES.iter().map(Case::new_document).collect();
    let diffs = from_ours(documents.iter().map(String::as_str));
    assert_all(|case| {
        let place = CASES.iter().position(|other| std::ptr::eq(other, case))?;
        let diff = &diffs[place];
        let mut codes: Vec<_> = diff.changes.iter().map(|change| change.code).collect();
        // A change of all operations is reported for each of them.
        codes.dedup();
        let is_as_meant = codes == case.codes && diff.class == Some(case.class);
        (!is_as_meant).then(|| format!("{:?} {codes:?}\n{}", diff.class, markdown(diff)))
    });
}

/// Additions that come with a caveat: what does stop to compile.
const CAVEATS: [(&str, &str); 3] = [
    (
        "a response field is added",
        "fn f(location: types::Location) { let types::Location { city, country } = location; }",
    ),
    (
        "a response field is added",
        "fn f() -> types::Location { types::Location { city: None, country: None } }",
    ),
    (
        "a request value is added",
        "fn f(order: types::SortOrder) { match order { types::SortOrder::Asc | types::SortOrder::Desc | types::SortOrder::Other(_) => {} } }",
    ),
];

/// What a case asks of its programs.
enum Asked {
    Breaks { old: String, new: String },
    Adds { new: [String; 2], old: [String; 2] },
    Behaves { old: String, new: String },
    Nothing,
}

#[test]
fn the_class_matches_the_effect_on_programs() {
    let mut probes = Probes::new();
    let old = probes.bindings(None, &[]);
    let named: Vec<Asked> = CASES
        .iter()
        .map(|case| {
            if matches!(case.felt, Felt::NotAtAll) {
                return Asked::Nothing;
            }
            let new = probes.bindings(Some(&case.new_document()), case.operations);
            match case.felt {
                Felt::Breaks(code) => Asked::Breaks {
                    old: probes.program(&old, code),
                    new: probes.program(&new, code),
                },
                Felt::Adds(added, kept) => Asked::Adds {
                    new: [probes.program(&old, added), probes.program(&new, added)],
                    old: [probes.program(&old, kept), probes.program(&new, kept)],
                },
                Felt::Behaves(code, ..) => Asked::Behaves {
                    old: probes.behaviour(&old, code),
                    new: probes.behaviour(&new, code),
                },
                Felt::NotAtAll => Asked::Nothing,
            }
        })
        .collect();
    let caveats: Vec<(String, String)> = CAVEATS
        .iter()
        .map(|(name, code)| {
            let case = CASES.iter().find(|case| case.name == *name).unwrap();
            let new = probes.bindings(Some(&case.new_document()), case.operations);
            (probes.program(&old, code), probes.program(&new, code))
        })
        .collect();
    let listed = probes.run();
    for ((name, _), (old, new)) in CAVEATS.iter().zip(&caveats) {
        assert_eq!(listed.error(old), None, "{name}");
        assert!(listed.error(new).is_some(), "{name}");
    }
    let mut named = named.iter();
    let found: Vec<String> = CASES
        .iter()
        .filter_map(|case| {
            Some(format!(
                "{}: {}",
                case.name,
                wrong(case, named.next()?, &listed)?
            ))
        })
        .collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

fn wrong(case: &Case, named: &Asked, listed: &Told) -> Option<String> {
    let fails = |program: &str| match listed.error(program) {
        Some(error) if error.contains("error[E0") || error.contains("use of deprecated") => None,
        Some(error) => Some(format!("{program} fails for another reason: {error}")),
        None => Some(format!("{program} compiles")),
    };
    let compiles = |program: &str| {
        listed
            .error(program)
            .map(|error| format!("{program}: {error}"))
    };
    let does = |behaviour: &str, expected: &str| {
        let done = listed.done(behaviour);
        (done != expected).then(|| format!("{behaviour} {done:?}, not {expected:?}"))
    };
    match (named, &case.felt) {
        (Asked::Breaks { old, new }, _) => compiles(old).or_else(|| fails(new)),
        (Asked::Adds { new, old }, _) => fails(&new[0])
            .or_else(|| compiles(&new[1]))
            .or_else(|| compiles(&old[0]))
            .or_else(|| compiles(&old[1])),
        (Asked::Behaves { old, new }, Felt::Behaves(_, before, after)) => {
            does(old, before).or_else(|| does(new, after))
        }
        _ => None,
    }
}

/// Where nothing is felt, the very same code is generated, but for documentation.
#[test]
fn changes_without_effect_change_only_documentation() {
    let before = code(&repository());
    assert_all(|case| {
        let same = code(&case.new_document()) == before;
        match (&case.felt, case.class) {
            (Felt::NotAtAll, _) => (!same).then(|| "the code differs".to_owned()),
            (_, Class::DocsOnly) => Some("its effect is not tested".to_owned()),
            _ => same.then(|| "the code is the same".to_owned()),
        }
    });
}

/// The code that is generated, without documentation.
fn code(document: &str) -> String {
    let (_, file) = xtask_bindgen::generated_crates::library(&parse(document)).unwrap();
    let mut inside = false;
    let mut text = String::new();
    for line in prettyplease::unparse(&file).lines() {
        let line = line.trim();
        inside |= line.starts_with("/**");
        if !inside && !line.starts_with("///") {
            text.push_str(line);
        }
        inside &= !line.ends_with("*/");
    }
    text
}
