//! What a change of the document means for whoever uses the bindings.
//!
//! The documents are compared part by part (`compare`). Then both bindings are generated in memory and their public
//! Rust items compared (`bindings`); a change of the document is as grave as the items that it explains, or as what it
//! does to requests and responses behind the compiler's back (`rules`). An item that changes without an explanation is told
//! by itself.

mod bindings;
mod calls;
mod change;
mod classify;
mod compare;
mod contents;
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

use crate::facade::Facade;
pub use change::{Change, Class, Happened, ItemChange};
pub use difference::Code;
pub use markdown::markdown;
pub use report::{Bindings, Diff};
pub use side::Side;
pub use text::text;
pub use version::{Step, Version};

/// Compares two documents and judges what differs. `facade` knows what the facade rests on, where the documents are ours.
#[must_use]
pub fn diff(old: &Side<'_>, new: &Side<'_>, facade: Option<&Facade>, now: Version) -> Diff {
    let found = compare::compare(old, new);
    let judged = classify::by_items(old, new, found, facade);
    told(old, new, now, judged)
}

/// The same without generating anything: by what is known of the generator alone.
#[must_use]
pub fn diff_by_rules(
    old: &Side<'_>,
    new: &Side<'_>,
    facade: Option<&Facade>,
    now: Version,
) -> Diff {
    let found = compare::compare(old, new);
    let judged = (classify::by_rules(found, facade), Bindings::default());
    told(old, new, now, judged)
}

fn told(
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
