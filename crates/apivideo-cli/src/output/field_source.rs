//! The fields that can be selected: those of an item, and those derived from them.

use std::borrow::Cow;

use apivideo::Timestamp;
use apivideo::jiff::tz::Offset;
use serde_json::{Map, Value};

use super::field_value;
use super::schema::{DATE, ItemSchema};

/// A field by its name, and where its value is taken from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FieldSource {
    name: String,
    kind: Kind,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Kind {
    /// A value of the item.
    Path,
    /// The value of a key in a list of metadata: `session.metadata.userId`.
    MetadataValue { list: &'static str, key: String },
    /// The day of a timestamp, in UTC.
    Day { of: &'static str },
}

impl FieldSource {
    /// Returns a field of an item, such as `location.country`.
    pub(crate) fn path(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            kind: Kind::Path,
        }
    }

    /// Returns the derived field with this name, if items have one.
    pub(crate) fn derived(schema: &ItemSchema, name: &str) -> Option<Self> {
        let day = schema.date.filter(|_| name == DATE);
        let metadata = || {
            let list = schema.metadata?;
            let key = name.strip_prefix(list)?.strip_prefix('.')?;
            let key = (!key.is_empty()).then(|| key.to_owned())?;
            Some(Kind::MetadataValue { list, key })
        };
        let kind = day.map(|of| Kind::Day { of }).or_else(metadata)?;
        let name = name.to_owned();
        Some(Self { name, kind })
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Whether this is the field `group`, or a field in this group.
    pub(crate) fn is_within(&self, group: &str) -> bool {
        let rest = self.name.strip_prefix(group);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    }

    /// Returns the value of an item; `None` if it is absent or null.
    pub(crate) fn find<'a>(&self, item: &'a Value) -> Option<Cow<'a, Value>> {
        let value = match &self.kind {
            Kind::Path => return field_value::find(item, &self.name).map(Cow::Borrowed),
            Kind::MetadataValue { list, key } => field_value::metadata(item, list, key)?,
            Kind::Day { of } => {
                let time: Timestamp = field_value::find(item, of)?.as_str()?.parse().ok()?;
                Value::String(Offset::UTC.to_datetime(time).date().to_string())
            }
        };
        (!value.is_null()).then_some(Cow::Owned(value))
    }

    /// Returns the path of the value in an item, in JSON. A metadata key can contain dots.
    pub(super) fn segments(&self) -> Vec<&str> {
        match &self.kind {
            Kind::Path | Kind::Day { .. } => self.name.split('.').collect(),
            Kind::MetadataValue { list, key } => list.split('.').chain([key.as_str()]).collect(),
        }
    }

    /// Inserts the values of derived fields into an item. Selected keys replace the list of metadata, unless that is selected too.
    pub(super) fn insert_derived(selected: &[Self], item: &mut Value) {
        let derived = selected
            .iter()
            .filter(|source| source.kind != Kind::Path && !source.is_in_selected_list(selected));
        // The values are taken from the item before it is changed.
        let values: Vec<(Vec<&str>, Value)> = derived
            .map(|source| {
                let value = source.find(item).map_or(Value::Null, Cow::into_owned);
                (source.segments(), value)
            })
            .collect();
        for (segments, value) in values {
            insert(item, &segments, value);
        }
    }

    /// Whether the field is part of JSON output: a value of the item, or a derived one even if it is null.
    pub(super) fn is_written(&self, selected: &[Self], item: &Value) -> bool {
        match self.kind {
            Kind::Path => field_value::find(item, &self.name).is_some(),
            Kind::MetadataValue { .. } | Kind::Day { .. } => !self.is_in_selected_list(selected),
        }
    }

    /// Whether this is a metadata key, and the list of metadata or a group that contains it is selected as a whole.
    fn is_in_selected_list(&self, selected: &[Self]) -> bool {
        let Kind::MetadataValue { list, .. } = self.kind else {
            return false;
        };
        let list = Self::path(list);
        selected
            .iter()
            .any(|other| other.kind == Kind::Path && list.is_within(&other.name))
    }
}

/// Inserts a value into nested objects. Values on the path that are not objects are replaced.
fn insert(item: &mut Value, path: &[&str], value: Value) {
    let Some((first, rest)) = path.split_first() else {
        *item = value;
        return;
    };
    if !item.is_object() {
        *item = Value::Object(Map::new());
    }
    if let Value::Object(members) = item {
        let member = members.entry(*first).or_insert(Value::Null);
        insert(member, rest, value);
    }
}
