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
fn a_change_of_the_interface_wants_a_line() {
    let changed = "pub mod apivideo\npub fn apivideo::new()\n";
    assert!(
        is_passed(&compared("pub mod apivideo\r\n", BEFORE)),
        "nothing changed"
    );
    assert!(!is_passed(&compared(changed, BEFORE)));
    let told = BEFORE.replace("- one", "- one\n- two");
    assert!(is_passed(&compared(changed, &told)));
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
fn a_release_that_is_cut_is_the_newest_section() {
    let changed = "pub mod apivideo\npub fn apivideo::new()\n";
    let cut = BEFORE.replace("## Unreleased\n\n- one", "## 0.2.0\n\n- one\n- two");
    assert!(is_passed(&compared(changed, &cut)));
}

#[test]
fn the_first_listing_needs_no_line() {
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
