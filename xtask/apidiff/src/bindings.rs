//! Compares the public Rust items of two bindings.

use std::collections::BTreeSet;

use super::items::{Item, Items, Kind, Origin};
use super::normalized_name::NormalizedName;
use super::{Class, Happened, ItemChange};

/// A change of an item, with its origin.
#[derive(Clone, Debug)]
pub(super) struct Moved {
    pub(super) change: ItemChange,
    pub(super) origin: Origin,
}

/// Compares the items of two bindings. `requests` are the types used in requests.
pub(super) fn compare(old: &Items, new: &Items, requests: &BTreeSet<NormalizedName>) -> Vec<Moved> {
    let paths: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let mut moved = Vec::new();
    for path in paths {
        match (old.get(path), new.get(path)) {
            (Some(before), Some(after)) => {
                if !is_told_with_its_whole(old, new, after) {
                    both(path, before, after, &mut moved);
                }
            }
            (Some(item), None) => {
                if !is_told_with_its_whole(old, new, item) {
                    let change = ItemChange::new(path, Happened::Removed, Class::Breaking);
                    moved.push(Moved::of(change, item));
                }
            }
            (None, Some(item)) => {
                if !is_told_with_its_whole(old, new, item) {
                    moved.push(Moved::of(added(path, item, requests), item));
                }
            }
            (None, None) => {}
        }
    }
    moved
}

/// Returns `true` if the parent of the item was added, removed or changed its kind.
fn is_told_with_its_whole(old: &Items, new: &Items, item: &Item) -> bool {
    item.whole
        .as_ref()
        .is_some_and(|whole| match (old.get(whole), new.get(whole)) {
            (Some(before), Some(after)) => before.shape != after.shape,
            _ => true,
        })
}

fn added(path: &str, item: &Item, requests: &BTreeSet<NormalizedName>) -> ItemChange {
    let is_sent = match &item.origin {
        Origin::Operation(..) => true,
        Origin::Type(name, _) => requests.contains(name),
    };
    if item.required && is_sent {
        return ItemChange::new(path, Happened::AddedRequired, Class::Breaking);
    }
    let mut change = ItemChange::new(path, Happened::Added, Class::Addition);
    change.new = shown(item);
    change.caveat = match item.kind {
        Kind::Field => Some("struct literals, and patterns without `..`, no longer compile"),
        Kind::Variant => Some("a `match` without `_` no longer compiles"),
        _ => None,
    };
    change
}

fn both(path: &str, before: &Item, after: &Item, moved: &mut Vec<Moved>) {
    let happened = if before.kind != after.kind || before.shape != after.shape {
        Happened::Changed
    } else if !before.required && after.required {
        Happened::Required
    } else if before.wire != after.wire {
        Happened::Rewired
    } else if before.required && !after.required {
        Happened::Optional
    } else {
        return;
    };
    let class = match happened {
        Happened::Optional => Class::Addition,
        _ => Class::Breaking,
    };
    let mut change = ItemChange::new(path, happened, class);
    if happened == Happened::Changed {
        (change.old, change.new) = (shown(before), shown(after));
    } else if happened == Happened::Rewired {
        let texts = (Some(before.wire.clone()), Some(after.wire.clone()));
        (change.old, change.new) = texts;
    }
    moved.push(Moved::of(change, after));
}

fn shown(item: &Item) -> Option<String> {
    (!item.shape.is_empty()).then(|| item.shape.clone())
}

impl Moved {
    fn of(change: ItemChange, item: &Item) -> Self {
        Self {
            change,
            origin: item.origin.clone(),
        }
    }
}
