//! Classifies changes.

use std::collections::{BTreeMap, BTreeSet};

use super::bindings::{Moved, compare};
use super::difference::{Code, Difference, DocumentPart, Location};
use super::explain::explain;
use super::items::{Items, Origin};
use super::rules::rule;
use super::{Bindings, Change, Class, Happened, ItemChange, Side};
use crate::DependentItems;

/// Classifies differences by the items that change, or by rules if the items are not known. Sorts by descending severity.
pub(super) fn by_items(
    old: &Side<'_>,
    new: &Side<'_>,
    mut found: Vec<Difference>,
    facade: Option<&dyn DependentItems>,
) -> (Vec<Change>, Bindings) {
    let (before, after) = (old.listed(), new.listed());
    let left_out: BTreeSet<&String> = before.left_out.iter().chain(&after.left_out).collect();
    let mut bindings = Bindings {
        compared: false,
        not_generated: left_out.into_iter().cloned().collect(),
    };
    let (Some(old_items), Some(new_items)) = (&before.items, &after.items) else {
        return (by_rules(found, facade), bindings);
    };
    bindings.compared = true;
    let requests = before.requests.union(&after.requests).cloned().collect();
    let moved = compare(old_items, new_items, &requests);
    let documents = (&old.document.value, &new.document.value);
    let explained = explain(&moved, &found, documents);
    let mut items: BTreeMap<usize, Vec<ItemChange>> = BTreeMap::new();
    for (item, mut changes) in moved.iter().zip(explained) {
        if changes.is_empty() {
            changes.push(found.len());
            found.push(unexplained(item));
        }
        for change in changes {
            items.entry(change).or_default().push(item.change.clone());
        }
    }
    let generated: BTreeSet<&String> = [old_items, new_items]
        .into_iter()
        .flat_map(Items::values)
        .filter_map(|item| match &item.origin {
            Origin::Operation(key, None) => Some(key),
            _ => None,
        })
        .collect();
    let changes = found.into_iter().enumerate().map(|(index, found)| {
        let keys = found.spot.operations.iter().flat_map(|id| {
            let both = [old.uses().key(id), new.uses().key(id)];
            both.into_iter().flatten()
        });
        // Items say nothing about operations that are not generated; these are classified by rules.
        let all_left_out = !found.spot.operations.is_empty()
            && !keys.into_iter().any(|key| generated.contains(key));
        let of_it = items.remove(&index);
        let known = of_it.or((!all_left_out).then(Vec::new));
        change(found, known, facade)
    });
    (gravest_first(changes.collect()), bindings)
}

/// Classifies differences by rules.
pub(super) fn by_rules(found: Vec<Difference>, facade: Option<&dyn DependentItems>) -> Vec<Change> {
    let changes = found.into_iter().map(|found| change(found, None, facade));
    gravest_first(changes.collect())
}

fn gravest_first(mut changes: Vec<Change>) -> Vec<Change> {
    changes.sort_by_key(|change| std::cmp::Reverse(change.class));
    changes
}

fn unexplained(item: &Moved) -> Difference {
    Difference {
        code: Code::ItemChanged,
        spot: Location {
            words: format!("`{}`", item.change.item),
            ..Location::default()
        },
        old: None,
        new: None,
        reaches: BTreeSet::new(),
    }
}

/// Creates a change. `items` are those that change with it, or `None` if the items are not known.
fn change(
    found: Difference,
    items: Option<Vec<ItemChange>>,
    facade: Option<&dyn DependentItems>,
) -> Change {
    let rule = rule(&found);
    let of_items = items
        .as_ref()
        .map(|items| items.iter().map(|item| item.class).max());
    let rust = match of_items {
        Some(class) => class.unwrap_or(Class::DocsOnly),
        None => rule.rust,
    };
    let class = rust.max(rule.wire);
    let is_known = items.is_some();
    let items = items.unwrap_or_default();
    let why = if is_known && items.is_empty() && class < rule.rust {
        "it affects no Rust item and nothing on the wire".to_owned()
    } else if items.is_empty() || rule.wire == class {
        rule.why.to_owned()
    } else {
        why(class, &items)
    };
    Change {
        code: found.code.as_str(),
        class,
        what: found.spot.words,
        happened: found.code.verb(),
        old_pointer: found.spot.old,
        new_pointer: found.spot.new,
        old: found.old,
        new: found.new,
        why,
        operations: found.spot.operations,
        items,
        facade: facade.map(|facade| {
            let rests = found.spot.rests.iter();
            rests.flat_map(|rest| resting(facade, rest)).collect()
        }),
    }
}

/// Returns the public items of the facade that depend on a part.
fn resting(facade: &dyn DependentItems, rest: &DocumentPart) -> Vec<String> {
    match rest {
        DocumentPart::Operation(id) => facade.of_operation(id),
        DocumentPart::Parameter(id, name) => facade.of_parameter(id, name),
        DocumentPart::Field(schema, property) => facade.of_field(schema, property),
        DocumentPart::Value(schema, property, value) => facade.of_value(schema, property, value),
    }
}

/// Explains the class by the items of that class.
fn why(class: Class, items: &[ItemChange]) -> String {
    let gravest: BTreeSet<Happened> = items
        .iter()
        .filter(|item| item.class == class)
        .map(|item| item.happened)
        .collect();
    let reasons: Vec<&str> = gravest
        .iter()
        .map(|happened| match happened {
            Happened::Added => "it is new, and existing items are unchanged",
            Happened::AddedRequired | Happened::Required => {
                "code without it compiles, and fails before anything is sent"
            }
            Happened::Removed => "programs that name it no longer compile",
            Happened::Changed => "programs that rely on the old type no longer compile",
            Happened::Optional => "calls without it, which failed before, work",
            Happened::Rewired => "programs compile as before, and the wire format differs",
        })
        .collect();
    reasons.join("; ")
}

#[cfg(test)]
mod tests;
