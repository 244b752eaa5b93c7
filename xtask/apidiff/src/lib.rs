//! Classifies the differences between two OpenAPI documents.
//!
//! [`diff`] compares two states of this project's document, for users of the bindings: documents are compared part by part
//! (`compare`), and each difference has the class of its effect on code and on calls (`rules`).
//! [`upstream`] compares that document with the one that the service publishes, for the operations of the former: both are
//! brought into one form (`projection`), and accepted differences are removed (`accepted`).

#![allow(clippy::format_push_string, reason = "reports are short")]

mod accepted;
mod change;
mod class;
mod compare;
mod contents;
mod dependent_items;
mod difference;
mod operations;
mod parameters;
mod projection;
mod references;
mod rules;
mod schemas;
mod side;
mod text;
mod upstream;
mod version;

pub use accepted::Accepted;
pub use change::{Change, Diff};
pub use class::Class;
pub use dependent_items::DependentItems;
pub use difference::Code;
pub use side::Side;
pub use text::{markdown, upstream_markdown};
pub use upstream::{AcceptedChanges, Upstream, upstream};
pub use version::{Step, Version};

/// Compares two documents and classifies the changes for programs that use the bindings. `facade` names the items of the facade
/// that depend on changed parts.
#[must_use]
pub fn diff(
    old: Side<'_>,
    new: Side<'_>,
    facade: Option<&dyn DependentItems>,
    now: Version,
) -> Diff {
    let found = compare::compare(old.document, new.document);
    let classified = found.into_iter().map(|found| {
        let on_code = rules::on_code(&found);
        let effect = match rules::on_calls(&found) {
            Some(on_calls) if on_calls.class >= on_code.class => on_calls,
            _ => on_code,
        };
        Change::new(found, effect, facade)
    });
    let mut changes: Vec<Change> = classified.collect();
    changes.sort_by_key(|change| std::cmp::Reverse(change.class));
    let class = changes.first().map(|change| change.class);
    Diff {
        format: 2,
        old: old.label.to_owned(),
        new: new.label.to_owned(),
        class,
        version: Step::after(now, class),
        changes,
    }
}
