//! Assigns changes of items to the differences of the documents that cause them.

use std::collections::BTreeSet;

use serde_json::Value;

use super::bindings::Moved;
use super::difference::Difference;
use super::items::Origin;
use super::normalized_name::NormalizedName;
use super::references::{key_of, referred};
use xtask_bindgen::schema::{components, operations};

/// Returns, for each changed item, the indices of the differences that explain it.
pub(super) fn explain(
    moved: &[Moved],
    found: &[Difference],
    documents: (&Value, &Value),
) -> Vec<Vec<usize>> {
    let reach = Reach::of(documents);
    moved
        .iter()
        .map(|item| {
            let strengths: Vec<u8> = found
                .iter()
                .map(|change| strength(item, change, &reach))
                .collect();
            let best = strengths.iter().copied().max().unwrap_or(0);
            if best == 0 {
                return Vec::new();
            }
            let explaining = strengths.iter().enumerate();
            explaining
                .filter(|(_, strength)| **strength == best)
                .map(|(index, _)| index)
                .collect()
        })
        .collect()
}

/// Scores how well a difference explains a changed item: 4, it is the origin of the item; 3, it contains or is part of the
/// origin; 2, one is named after the other; 1, one is reachable from the other; 0, not at all.
fn strength(item: &Moved, change: &Difference, reach: &Reach) -> u8 {
    if change.code.is_silent() {
        return 0;
    }
    let spot = &change.spot;
    if spot.origins.contains(&item.origin) {
        return 4;
    }
    let whole = |origin: &Origin| match origin {
        Origin::Type(name, _) => Origin::Type(name.clone(), None),
        Origin::Operation(key, _) => Origin::Operation(key.clone(), None),
    };
    let has_member = |origin: &Origin| {
        matches!(
            origin,
            Origin::Type(_, Some(_)) | Origin::Operation(_, Some(_))
        )
    };
    let is_part = spot.origins.iter().any(|origin| {
        whole(origin) == whole(&item.origin) && !(has_member(origin) && has_member(&item.origin))
    });
    if is_part {
        return 3;
    }
    match &item.origin {
        Origin::Type(name, _) if name.is_within(&spot.type_name) => 2,
        Origin::Type(name, _) => {
            let down = change.reaches.contains(name);
            let up = change
                .spot
                .component
                .as_ref()
                .is_some_and(|component| reach.has(name, component));
            u8::from(down || up)
        }
        Origin::Operation(key, _) => {
            let component = change.spot.component.as_ref();
            u8::from(component.is_some_and(|component| reach.operation_has(key, component)))
        }
    }
}

/// The types reachable from schemas and operations, in either document.
struct Reach {
    types: BTreeSet<(NormalizedName, String)>,
    operations: BTreeSet<(String, String)>,
}

impl Reach {
    fn of((old, new): (&Value, &Value)) -> Self {
        let mut reach = Self {
            types: BTreeSet::new(),
            operations: BTreeSet::new(),
        };
        for document in [old, new] {
            for (name, schema) in components(document).into_iter().flatten() {
                for other in schemas(document, schema) {
                    reach.types.insert((NormalizedName::of(name), other));
                }
            }
            for (method, path, operation) in operations(document) {
                for other in schemas(document, operation) {
                    reach.operations.insert((key_of(method, path), other));
                }
            }
        }
        reach
    }

    fn has(&self, name: &NormalizedName, component: &str) -> bool {
        self.types.contains(&(name.clone(), component.to_owned()))
    }

    fn operation_has(&self, key: &str, component: &str) -> bool {
        self.operations
            .contains(&(key.to_owned(), component.to_owned()))
    }
}

fn schemas(document: &Value, node: &Value) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    referred(document, node, &mut names);
    names
        .into_iter()
        .filter_map(|name| name.strip_prefix("schemas/").map(str::to_owned))
        .collect()
}
