use super::*;

const BEFORE: &str = "# Changelog\n\n## Unreleased\n\n- one\n\n## 0.1.0\n\n- zero\n";

fn compared(listing: &str, changelog: &str) -> Outcome {
    let was = Texts {
        listing: "pub mod apivideo\n",
        changelog: BEFORE,
    };
    compare(&was, &Texts { listing, changelog }, "base")
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
    assert!(is_passed(&compare(&was, &is, "base")));
}
