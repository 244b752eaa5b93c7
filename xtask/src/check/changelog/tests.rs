use super::*;

const BEFORE: &str = "# Changelog\n\n## Unreleased\n\n- one\n\n## 0.1.0\n\n- zero\n";

fn compared(listing: &str, changelog: &str) -> Outcome {
    compared_with(listing, changelog, false)
}

fn compared_with(listing: &str, changelog: &str, is_other_document: bool) -> Outcome {
    let was = Texts {
        listing: "pub mod apivideo\n",
        changelog: BEFORE,
    };
    compare(
        &was,
        &Texts { listing, changelog },
        is_other_document,
        "base",
    )
}

fn is_passed(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Passed(_))
}

#[test]
fn a_change_of_the_api_requires_a_changelog_entry() {
    let changed = "pub mod apivideo\npub fn apivideo::new()\n";
    assert!(
        is_passed(&compared("pub mod apivideo\r\n", BEFORE)),
        "nothing changed"
    );
    assert!(!is_passed(&compared(changed, BEFORE)));
    let listed = BEFORE.replace("- one", "- one\n- two");
    assert!(is_passed(&compared(changed, &listed)));
    let elsewhere = BEFORE.replace("- zero", "- zero\n- two");
    assert!(
        !is_passed(&compared(changed, &elsewhere)),
        "an old release does not count"
    );
    let less = BEFORE.replace("- one", "");
    assert!(
        !is_passed(&compared(changed, &less)),
        "removing a line does not count"
    );
}

#[test]
fn a_change_of_the_document_requires_an_entry_while_the_listing_is_stale() {
    let stale = "pub mod apivideo\n";
    let Outcome::Failed { findings, .. } = compared_with(stale, BEFORE, true) else {
        panic!("it passed without a line");
    };
    let is_named = |finding: &String| finding.starts_with("openapi/apivideo.yaml differs");
    assert!(findings.iter().any(is_named), "{findings:?}");
    let listed = BEFORE.replace("- one", "- one\n- two");
    assert!(is_passed(&compared_with(stale, &listed, true)));

    let document = |kinds: &str, description: &str| {
        format!(
            "openapi: 3.0.0\ninfo: {{title: a, version: 1.0.0}}\npaths: {{}}\ncomponents: {{schemas: {{A: {{type: object, description: {description}, properties: {{{kinds}}}}}}}}}\n"
        )
    };
    let was = document("a: {type: string}", "x");
    let changes = |is: String| changes_document(&was, Ok(is)).unwrap();
    assert!(changes(document(
        "a: {type: string}, b: {type: string}",
        "x"
    )));
    assert!(
        !changes(document("a: {type: string}", "y")),
        "a description"
    );
    assert!(
        !changes_document("", Ok(was.clone())).unwrap(),
        "the first document"
    );
}

#[test]
fn the_newest_section_can_be_a_release() {
    let changed = "pub mod apivideo\npub fn apivideo::new()\n";
    let cut = BEFORE.replace("## Unreleased\n\n- one", "## 0.2.0\n\n- one\n- two");
    assert!(is_passed(&compared(changed, &cut)));
}

#[test]
fn the_first_listing_requires_no_entry() {
    let was = Texts {
        listing: "",
        changelog: BEFORE,
    };
    let is = Texts {
        listing: "pub mod apivideo\n",
        changelog: BEFORE,
    };
    assert!(is_passed(&compare(&was, &is, true, "base")));
}
