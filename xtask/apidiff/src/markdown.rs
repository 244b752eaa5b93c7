//! The report in Markdown, for a pull request.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::text::{
    NOT_COMPARED, before_and_after, is_list_of_keys, item_in_words, several, steps, summary, title,
};
use super::{Change, Diff};

/// Formats the report as Markdown.
#[must_use]
pub fn markdown(diff: &Diff) -> String {
    let mut text = format!(
        "### The document: {} -> {}\n\n",
        code(&diff.old),
        code(&diff.new)
    );
    if diff.changes.is_empty() {
        text.push_str("No changes.\n");
        return text;
    }
    line(&mut text, &format!("**{}**", summary(diff)));
    if !diff.bindings.compared {
        line(&mut text, &format!("\n> {NOT_COMPARED}"));
    }
    if !diff.bindings.not_generated.is_empty() {
        line(&mut text, "\nNot generated:\n");
        for refused in &diff.bindings.not_generated {
            line(&mut text, &format!("- {}", refused.replace('\n', " ")));
        }
    }
    let mut last = None;
    for change in &diff.changes {
        if last != Some(change.class) {
            last = Some(change.class);
            line(&mut text, &format!("\n#### {}\n", title(change.class)));
        }
        one(&mut text, change);
    }
    line(&mut text, "\n#### Next steps\n");
    for step in steps(diff) {
        line(&mut text, &format!("- [ ] {step}"));
    }
    text
}

fn one(text: &mut String, change: &Change) {
    line(
        text,
        &format!("- **{}** {} {}", change.code, change.what, change.happened),
    );
    if let Some(words) = before_and_after(change) {
        if is_list_of_keys(change) {
            line(text, &format!("  - in: {words}"));
        } else {
            line(text, &format!("  - from, to: {}", code(&words)));
        }
    }
    line(text, &format!("  - why: {}", change.why));
    if let Some(operations) = several(&change.operations) {
        line(text, &format!("  - part of: {operations}"));
    }
    if !change.items.is_empty() {
        line(text, "  - Rust:");
        for item in &change.items {
            line(text, &format!("    - {}", item_in_words(item)));
        }
    }
    let caveats: BTreeSet<&str> = change.items.iter().filter_map(|item| item.caveat).collect();
    for caveat in caveats {
        line(text, &format!("  - mind: {caveat}"));
    }
    if let Some(facade) = change.facade.as_ref().filter(|facade| !facade.is_empty()) {
        let names: Vec<_> = facade.iter().map(|name| code(name)).collect();
        line(text, &format!("  - apivideo: {}", names.join(", ")));
    }
}

/// Escapes text for Markdown.
fn code(text: &str) -> String {
    let fence = if text.contains('`') { "``" } else { "`" };
    let space = if text.starts_with('`') || text.ends_with('`') {
        " "
    } else {
        ""
    };
    format!("{fence}{space}{text}{space}{fence}")
}

fn line(text: &mut String, what: &str) {
    // Writing to a `String` does not fail.
    let _ = writeln!(text, "{what}");
}
