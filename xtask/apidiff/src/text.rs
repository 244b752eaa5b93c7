//! The report as text.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::{Change, Class, Diff, Happened, ItemChange};

/// The maximum number of items listed per change.
const SHOWN: usize = 12;

/// Formats the report as text.
#[must_use]
pub fn text(diff: &Diff) -> String {
    let mut text = format!("{}\n-> {}\n\n", diff.old, diff.new);
    if diff.changes.is_empty() {
        text.push_str("no changes\n");
        return text;
    }
    line(&mut text, &summary(diff));
    for refused in &diff.bindings.not_generated {
        line(&mut text, &format!("not generated: {refused}"));
    }
    if !diff.bindings.compared {
        line(&mut text, NOT_COMPARED);
    }
    let mut last = None;
    for change in &diff.changes {
        if last != Some(change.class) {
            last = Some(change.class);
            line(&mut text, &format!("\n{}", title(change.class)));
        }
        one(&mut text, change);
    }
    line(&mut text, "\nnext steps");
    for (number, step) in steps(diff).iter().enumerate() {
        line(&mut text, &format!("  {}. {step}", number + 1));
    }
    text
}

/// Printed if changes were classified by rules only.
pub(super) const NOT_COMPARED: &str =
    "the Rust items could not be listed, so all changes are classified by rules";

fn one(text: &mut String, change: &Change) {
    let place = change
        .new_pointer
        .as_ref()
        .or(change.old_pointer.as_ref())
        .map(|pointer| format!("  #{pointer}"));
    line(
        text,
        &format!("  {}: {} {}", change.code, change.what, change.happened),
    );
    let mut detail = |name: &str, what: &str| {
        line(text, &format!("    {name:<9} {what}"));
    };
    if let Some(place) = place {
        detail("where", place.trim());
    }
    if let Some(words) = before_and_after(change) {
        let name = if is_list_of_keys(change) {
            "in"
        } else {
            "from, to"
        };
        detail(name, &words);
    }
    detail("why", &change.why);
    if let Some(operations) = several(&change.operations) {
        detail("part of", &operations);
    }
    for (index, item) in change.items.iter().take(SHOWN).enumerate() {
        detail(if index == 0 { "Rust" } else { "" }, &item_in_words(item));
    }
    if change.items.len() > SHOWN {
        let more = change.items.len() - SHOWN;
        detail("", &format!("and {more} more items"));
    }
    let caveats: BTreeSet<&str> = change.items.iter().filter_map(|item| item.caveat).collect();
    for caveat in caveats {
        detail("mind", caveat);
    }
    if let Some(facade) = change.facade.as_ref().filter(|facade| !facade.is_empty()) {
        let names: Vec<_> = facade.iter().cloned().collect();
        detail("apivideo", &names.join(", "));
    }
}

/// Summarizes all changes in a sentence.
pub(super) fn summary(diff: &Diff) -> String {
    let counts: Vec<String> = [Class::Breaking, Class::Addition, Class::DocsOnly]
        .into_iter()
        .map(|class| (diff.count(class), class))
        .filter(|(count, _)| *count > 0)
        .map(|(count, class)| format!("{count} {}", words(class, count)))
        .collect();
    let step = &diff.version;
    let changes = match diff.changes.len() {
        1 => "1 change".to_owned(),
        count => format!("{count} changes"),
    };
    format!(
        "{changes}: {}; the version after {} is {} ({})",
        counts.join(", "),
        step.now,
        step.next,
        step.step
    )
}

fn words(class: Class, count: usize) -> &'static str {
    match class {
        Class::Breaking => "breaking",
        Class::Addition if count == 1 => "addition",
        Class::Addition => "additions",
        Class::DocsOnly => "docs only",
    }
}

/// Returns the title of the changes of a class.
pub(super) fn title(class: Class) -> &'static str {
    match class {
        Class::Breaking => "breaking",
        Class::Addition => "additions",
        Class::DocsOnly => "docs only",
    }
}

/// Returns `true` if the values are lists of differing keys.
pub(super) fn is_list_of_keys(change: &Change) -> bool {
    change.old.is_none() && ["docs-changed", "other-changed"].contains(&change.code)
}

/// Formats the old and the new value.
pub(super) fn before_and_after(change: &Change) -> Option<String> {
    match (&change.old, &change.new) {
        (None, None) => None,
        (Some(old), None) => Some(format!("{old} -> nothing")),
        (None, Some(new)) if is_list_of_keys(change) => Some(new.clone()),
        (None, Some(new)) => Some(format!("nothing -> {new}")),
        (Some(old), Some(new)) => Some(format!("{old} -> {new}")),
    }
}

/// Formats the operations, if the description of the location does not contain them.
pub(super) fn several(operations: &BTreeSet<String>) -> Option<String> {
    const NAMED: usize = 4;
    if operations.len() < 2 {
        return None;
    }
    let named: Vec<_> = operations.iter().take(NAMED).cloned().collect();
    let more = match operations.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    Some(format!("{}{more}", named.join(", ")))
}

/// The kind of change of an item.
pub(super) fn item_in_words(item: &ItemChange) -> String {
    let name = &item.item;
    let listed = |text: &Option<String>| match text {
        Some(text) => format!("`{text}`"),
        None => "nothing".to_owned(),
    };
    let (old, new) = (listed(&item.old), listed(&item.new));
    match item.happened {
        Happened::Added if item.new.is_some() => format!("`{name}` is new: {new}"),
        Happened::Added => format!("`{name}` is new"),
        Happened::AddedRequired => format!("`{name}` is new and required"),
        Happened::Removed => format!("`{name}` is removed"),
        Happened::Changed => format!("`{name}`: {old} -> {new}"),
        Happened::Required => format!("`{name}` is required"),
        Happened::Optional => format!("`{name}` is optional"),
        Happened::Rewired => format!("`{name}` on the wire: {old} -> {new}"),
    }
}

/// Returns the next actions of the maintainer.
pub(super) fn steps(diff: &Diff) -> Vec<String> {
    let mut steps = Vec::new();
    let has_items = diff.changes.iter().any(|change| !change.items.is_empty());
    let all_items = || diff.changes.iter().flat_map(|change| &change.items);
    if diff.changes.iter().any(|change| change.facade.is_some()) {
        steps.push(
            "run `cargo xtask generate` to update the bindings and their documentation".to_owned(),
        );
        if has_items {
            steps.push(
                "build `apivideo` (`cargo check -p apivideo`), and map new and changed parts where it does not \
                 compile"
                    .to_owned(),
            );
        }
        let rests: BTreeSet<&String> = diff
            .changes
            .iter()
            .filter(|change| change.class == Class::Breaking)
            .filter_map(|change| change.facade.as_ref())
            .flatten()
            .collect();
        if !rests.is_empty() {
            let names: Vec<_> = rests.iter().map(|name| format!("`{name}`")).collect();
            steps.push(format!(
                "decide for each of {} whether its API can stay unchanged",
                names.join(", ")
            ));
        }
        if has_items {
            steps.push(
                "add new parts to openapi/facade.yaml and remove old ones: `cargo xtask coverage --check` reports \
                 what is missing"
                    .to_owned(),
            );
        }
    } else {
        steps.push("regenerate the bindings from the new document".to_owned());
    }
    if all_items().any(|item| item.caveat.is_some()) {
        steps.push(
            "document the effect on users who construct structs literally or match exhaustively"
                .to_owned(),
        );
    }
    let titles: Vec<&str> = [
        (Class::Addition, "**added**"),
        (Class::Breaking, "**changed** or **removed**"),
    ]
    .into_iter()
    .filter(|(class, _)| diff.count(*class) > 0)
    .map(|(_, title)| title)
    .collect();
    if !titles.is_empty() {
        steps.push(format!(
            "document it in CHANGELOG.md under {}",
            titles.join(" and ")
        ));
    }
    steps.push(format!(
        "release it as {} or later ({} step from {})",
        diff.version.next, diff.version.step, diff.version.now
    ));
    steps
}

fn line(text: &mut String, what: &str) {
    // Writing to a `String` does not fail.
    let _ = writeln!(text, "{what}");
}
