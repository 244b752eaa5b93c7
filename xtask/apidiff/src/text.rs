//! Reports as text, which is Markdown: for terminals, pull requests and summaries of jobs.

use std::collections::BTreeSet;

use crate::change::{Change, Diff};
use crate::class::Class;
use crate::upstream::Upstream;

/// Formats the report as Markdown.
#[must_use]
pub fn markdown(diff: &Diff) -> String {
    let mut text = format!("# {} -> {}\n\n", diff.old, diff.new);
    if diff.changes.is_empty() {
        text.push_str("No changes.\n");
        return text;
    }
    let version = &diff.version;
    text.push_str(&format!(
        "{}; the version after {} is {} ({})\n",
        counts(&diff.changes),
        version.now,
        version.next,
        version.step
    ));
    text.push_str(&changes(&diff.changes));
    text
}

/// Formats the comparison with the published document as Markdown.
#[must_use]
pub fn upstream_markdown(upstream: &Upstream) -> String {
    let mut text = format!("# {} -> {}\n\n", upstream.document, upstream.published);
    if upstream.differences.is_empty() {
        text.push_str("No differences beyond the accepted ones.\n");
    } else {
        text.push_str(&format!("{}\n", counts(&upstream.differences)));
    }
    text.push_str(&changes(&upstream.differences));
    if !upstream.stale.is_empty() {
        text.push_str("\n## accepted differences that do not exist\n\n");
    }
    for stale in &upstream.stale {
        text.push_str(&format!("- {}\n", code(stale)));
    }
    if !upstream.accepted.is_empty() {
        text.push_str("\n## accepted\n\n");
    }
    for accepted in &upstream.accepted {
        text.push_str(&format!("- {}: {}\n", accepted.change, accepted.reason));
        for (pattern, places) in &accepted.at {
            text.push_str(&format!("  - {}", code(pattern)));
            if pattern.contains('*') {
                text.push_str(&format!(": {}", places.len()));
            }
            text.push('\n');
        }
    }
    text
}

/// Returns the number of changes, in total and of each class.
pub(crate) fn counts(changes: &[Change]) -> String {
    let of_class = |class: Class| {
        let count = changes.iter().filter(|it| it.class == class).count();
        (count > 0).then(|| format!("{}: {count}", class.title()))
    };
    let counts: Vec<String> = Class::ALL.into_iter().filter_map(of_class).collect();
    counts.join(", ")
}

/// Lists changes by class.
pub(crate) fn changes(changes: &[Change]) -> String {
    let mut text = String::new();
    for class in Class::ALL {
        let mut of_class = changes.iter().filter(|it| it.class == class).peekable();
        if of_class.peek().is_some() {
            text.push_str(&format!("\n## {}\n\n", class.title()));
        }
        for change in of_class {
            one(&mut text, change);
        }
    }
    text
}

fn one(text: &mut String, change: &Change) {
    text.push_str(&format!("- {} {}\n", change.code, code(&change.place)));
    let mut detail = |name: &str, value: String| text.push_str(&format!("  - {name}: {value}\n"));
    match (&change.old, &change.new) {
        (None, None) => {}
        (None, Some(keys)) if ["docs-changed", "other-changed"].contains(&change.code) => {
            detail("in", keys.clone());
        }
        (old, new) => {
            let shown =
                |value: &Option<String>| value.as_deref().map_or("nothing".to_owned(), code);
            detail("from, to", format!("{} -> {}", shown(old), shown(new)));
        }
    }
    detail("why", change.why.to_owned());
    let pointers = [&change.old_pointer, &change.new_pointer]
        .into_iter()
        .flatten();
    let pointers: BTreeSet<String> = pointers
        .map(|pointer| code(&format!("#{pointer}")))
        .collect();
    if !pointers.is_empty() {
        detail("where", list(&pointers));
    }
    if change.operations.len() > 1 {
        detail("part of", list(&change.operations));
    }
    if let Some(caveat) = change.caveat {
        detail("mind", caveat.to_owned());
    }
    if let Some(facade) = change.facade.as_ref().filter(|facade| !facade.is_empty()) {
        detail(
            "apivideo",
            list(&facade.iter().map(|name| code(name)).collect()),
        );
    }
}

fn list(names: &BTreeSet<String>) -> String {
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    names.join(", ")
}

/// Formats a value as code.
pub(crate) fn code(text: &str) -> String {
    let fence = if text.contains('`') { "``" } else { "`" };
    let space = if text.starts_with('`') || text.ends_with('`') {
        " "
    } else {
        ""
    };
    format!("{fence}{space}{}{space}{fence}", text.replace('\n', " "))
}
