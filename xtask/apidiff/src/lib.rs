//! Classifies changes of the document for users of the bindings.
//!
//! The documents are compared part by part (`compare`). Then both bindings are generated in memory and their public Rust
//! items compared (`bindings`). A change of the document has the class of the items that it explains, or of its effect on
//! requests and responses that the compiler cannot see (`rules`). An item that changes without an explanation is reported
//! separately.

mod bindings;
mod calls;
mod change;
mod classify;
mod compare;
mod contents;
mod dependent_items;
mod difference;
mod explain;
mod generated_items;
mod items;
mod markdown;
mod normalized_name;
mod operations;
mod parameters;
mod references;
mod report;
mod rules;
mod schemas;
mod side;
mod text;
mod version;

pub use change::{Change, Class, Happened, ItemChange};
pub use dependent_items::DependentItems;
pub use difference::Code;
pub use markdown::markdown;
pub use report::{Bindings, Diff};
pub use side::Side;
pub use text::text;
pub use version::{Step, Version};

/// Compares two documents and classifies the changes. `facade` names the items of the facade that depend on changed parts.
#[must_use]
pub fn diff(
    old: &Side<'_>,
    new: &Side<'_>,
    facade: Option<&dyn DependentItems>,
    now: Version,
) -> Diff {
    let found = compare::compare(old, new);
    let judged = classify::by_items(old, new, found, facade);
    listed(old, new, now, judged)
}

/// Compares two documents by rules only, without generating code.
#[must_use]
pub fn diff_by_rules(
    old: &Side<'_>,
    new: &Side<'_>,
    facade: Option<&dyn DependentItems>,
    now: Version,
) -> Diff {
    let found = compare::compare(old, new);
    let judged = (classify::by_rules(found, facade), Bindings::default());
    listed(old, new, now, judged)
}

fn listed(
    old: &Side<'_>,
    new: &Side<'_>,
    now: Version,
    (changes, bindings): (Vec<Change>, Bindings),
) -> Diff {
    let class = changes.iter().map(|change| change.class).max();
    Diff {
        format: 1,
        old: old.label.clone(),
        new: new.label.clone(),
        class,
        version: Step::after(now, class),
        bindings,
        changes,
    }
}
