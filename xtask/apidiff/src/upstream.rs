//! Compares the document of this project with the one that the service publishes.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::accepted::{Accepted, Entry, matches};
use crate::change::{Change, json};
use crate::class::Class;
use crate::compare::compare;
use crate::dependent_items::DependentItems;
use crate::difference::{Code, Difference, Direction};
use crate::projection::{original_pointer, project};
use crate::rules::{Effect, on_calls};
use crate::side::Side;

/// The differences between this project's document and the published one, for the operations of the former.
#[derive(Clone, Debug, Serialize)]
pub struct Upstream {
    /// The version of the report format.
    pub format: u32,
    /// The source of this project's document.
    pub document: String,
    /// The source of the published document.
    pub published: String,
    /// The most severe class of `differences`; `None` if there are none.
    pub class: Option<Class>,
    /// The differences that are not accepted, by descending severity. Their old state is this project's document.
    pub differences: Vec<Change>,
    /// The accepted differences, by the entries that accept them.
    pub accepted: Vec<AcceptedChanges>,
    /// Patterns of the accepted list that match nothing, as `change at pattern`.
    pub stale: Vec<String>,
}

/// The differences that an entry of the accepted list accepts.
#[derive(Clone, Debug, Serialize)]
pub struct AcceptedChanges {
    /// The kind of change.
    pub change: String,
    /// The value of the published document.
    pub published: Option<String>,
    /// The reason.
    pub reason: String,
    /// The places, by the patterns that match them.
    pub at: BTreeMap<String, BTreeSet<String>>,
}

impl AcceptedChanges {
    fn of(entry: &Entry) -> Self {
        Self {
            change: entry.change.clone(),
            published: entry.published.clone(),
            reason: entry.reason.trim().to_owned(),
            at: entry
                .at
                .iter()
                .map(|it| (it.clone(), BTreeSet::new()))
                .collect(),
        }
    }

    /// Returns `true` if this entry accepts a change, and notes its place.
    fn accept(&mut self, change: &Change) -> bool {
        let is_value = self.published == change.new || self.change.ends_with("-added");
        if self.change != change.code || !is_value {
            return false;
        }
        let mut is_accepted = false;
        for (pattern, places) in &mut self.at {
            if matches(pattern, &change.place) {
                places.insert(change.place.clone());
                is_accepted = true;
            }
        }
        is_accepted
    }
}

impl Upstream {
    /// Formats the report as JSON.
    #[must_use]
    pub fn json(&self) -> String {
        json(self)
    }
}

/// Compares this project's document with the published one, for the operations of the former. `facade` names the items of the
/// facade that depend on parts that differ.
///
/// # Errors
/// Returns the reason if the documents cannot be compared.
pub fn upstream(
    ours: Side<'_>,
    published: Side<'_>,
    accepted: &Accepted,
    facade: Option<&dyn DependentItems>,
) -> Result<Upstream, String> {
    let (old, new) = project(ours.document, published.document)?;
    let shared = crate::operations::Operation::all(&old)
        .iter()
        .filter(|operation| new["paths"][operation.path][operation.method].is_object())
        .count();
    if shared == 0 {
        return Err(format!(
            "it has none of the operations of {}; use a document that the service publishes",
            ours.label
        ));
    }
    let mut differences: Vec<Change> = Vec::new();
    for mut found in compare(&old, &new) {
        let Some(effect) = effect(&mut found) else {
            continue;
        };
        for (pointer, document) in [
            (&mut found.location.old, &old),
            (&mut found.location.new, &new),
        ] {
            *pointer = pointer.take().map(|it| original_pointer(document, &it));
        }
        differences.push(Change::new(found, effect, facade));
    }
    differences.sort_by_key(|change| std::cmp::Reverse(change.class));
    let mut entries: Vec<AcceptedChanges> = accepted.0.iter().map(AcceptedChanges::of).collect();
    differences.retain(|change| {
        let mut is_accepted = false;
        for entry in &mut entries {
            is_accepted |= entry.accept(change);
        }
        !is_accepted
    });
    let stale = entries.iter().flat_map(|entry| {
        let patterns = entry.at.iter().filter(|(_, places)| places.is_empty());
        patterns.map(|(pattern, _)| format!("{} at {pattern}", entry.change))
    });
    Ok(Upstream {
        format: 1,
        document: ours.label.to_owned(),
        published: published.label.to_owned(),
        class: differences.first().map(|change| change.class),
        differences,
        stale: stale.collect(),
        accepted: entries,
    })
}

/// Returns the effect of a difference on calls with the bindings of this project's document. `None` if there is none: for
/// documentation, and for responses that this project's document describes with fewer restrictions.
fn effect(found: &mut Difference) -> Option<Effect> {
    const MORE: &str = "the published document has it or accepts more, and this project's does not";
    const LESS: &str = "this project's document has it, and the published one does not";
    let (class, why) = match found.code {
        Code::OperationAdded
        | Code::ParameterAdded
        | Code::BodyKindAdded
        | Code::ResponseAdded
        | Code::ResponseKindAdded
        | Code::HeaderAdded
        | Code::FieldAdded
        | Code::ValueAdded
        | Code::SecurityWidened
        | Code::ServersAdded
        | Code::ParameterOptional
        | Code::BodyOptional => (Class::Addition, MORE),
        Code::ResponseRemoved
        | Code::ResponseKindRemoved
        | Code::HeaderRemoved
        | Code::HeaderChanged
        | Code::ValueRemoved => (Class::DocsOnly, LESS),
        Code::FieldOptional
        | Code::TypeWidened
        | Code::FormatWidened
        | Code::NowNullable
        | Code::ValuesOpened
        | Code::LimitLoosened
        | Code::FieldsOpened
            if found.location.direction.requests =>
        {
            (Class::Addition, MORE)
        }
        Code::RequiredFieldAdded if !found.location.direction.requests => (Class::Addition, MORE),
        _ => {
            // The bodies of errors are decoded like other responses.
            if found.location.direction == Direction::default() {
                found.location.direction = Direction::RESPONSES;
            }
            return on_calls(found);
        }
    };
    let documented = Effect {
        class,
        why,
        caveat: None,
    };
    on_calls(found).or(Some(documented))
}
