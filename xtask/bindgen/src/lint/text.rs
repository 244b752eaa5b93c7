//! Rules about the text of the document.

use super::{Found, Rule, Subject};

pub(super) const CLEAN: Rule = Rule {
    id: "clean-text",
    reason: "tabs are invalid YAML in some places, and invisible characters are easily missed",
    check: clean,
};

fn clean(subject: &Subject<'_>, found: &mut Found) {
    for (index, line) in subject.text.lines().enumerate() {
        let place = format!("line {}", index + 1);
        if line.contains('\t') {
            found.at(&place, "has a tab; use spaces");
        }
        if line.ends_with(' ') {
            found.at(&place, "ends with spaces; remove them");
        }
        if line.contains(['\u{a0}', '\u{200b}', '\u{feff}']) {
            found.at(
                &place,
                "has an invisible character; use a plain space, or none",
            );
        }
    }
    if !subject.text.ends_with('\n') {
        found.at("the last line", "has no line feed at its end; add one");
    }
}
