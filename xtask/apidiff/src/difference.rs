//! A difference between two documents, before it is classified.

use std::collections::BTreeSet;

use super::items::Origin;
use super::normalized_name::NormalizedName;

/// A difference between two documents.
#[derive(Clone, Debug)]
pub(super) struct Difference {
    pub(super) code: Code,
    pub(super) spot: Location,
    pub(super) old: Option<String>,
    pub(super) new: Option<String>,
    /// The types reachable from the old or the new value.
    pub(super) reaches: BTreeSet<NormalizedName>,
}

/// The location of a part in both documents.
#[derive(Clone, Debug, Default)]
pub(super) struct Location {
    /// A description, such as "field `city` of `Location`".
    pub(super) words: String,
    /// The JSON pointer in the old document.
    pub(super) old: Option<String>,
    /// The JSON pointer in the new document.
    pub(super) new: Option<String>,
    pub(super) side: Side,
    /// The part is always present, like a required field.
    pub(super) required: bool,
    /// The operations that use it.
    pub(super) operations: BTreeSet<String>,
    /// The name of the type that is generated for it.
    pub(super) type_name: NormalizedName,
    /// The origins of Rust items that are generated directly from it.
    pub(super) origins: BTreeSet<Origin>,
    /// The component schema that contains it.
    pub(super) component: Option<String>,
    /// The path from that component: `[Location, city]`.
    pub(super) chain: Vec<String>,
    /// Parameters whose fields are separate parameters, by the key of their operation.
    pub(super) spread: Vec<(String, String)>,
    /// The parts that public items of the facade may depend on.
    pub(super) rests: BTreeSet<DocumentPart>,
}

/// A part of the document that the facade may depend on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum DocumentPart {
    Operation(String),
    Parameter(String, String),
    Field(String, String),
    Value(String, String, String),
}

/// The direction of a schema: requests, responses or both.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Side {
    pub(super) requests: bool,
    pub(super) responses: bool,
}

impl Side {
    pub(super) const REQUESTS: Self = Self {
        requests: true,
        responses: false,
    };
    pub(super) const RESPONSES: Self = Self {
        requests: false,
        responses: true,
    };

    pub(super) fn is_generated(self) -> bool {
        self.requests || self.responses
    }
}

impl Location {
    /// Returns the location of a nested part without a Rust name.
    pub(super) fn inside(&self, words: &str, token: &str) -> Self {
        let mut spot = self.clone();
        spot.words = if words.is_empty() {
            spot.words
        } else {
            format!("{words} {}", self.words)
        };
        for pointer in [&mut spot.old, &mut spot.new].into_iter().flatten() {
            pointer.push('/');
            pointer.push_str(token);
        }
        spot
    }

    /// Returns the location of the items of a list or the values of a map, which have a type if they have fields.
    pub(super) fn items(&self, words: &str, token: &str) -> Self {
        let mut spot = self.inside(words, token);
        spot.type_name = self.type_name.with("item");
        spot.required = true;
        spot
    }

    /// Returns the location of a field.
    pub(super) fn field(&self, name: &str) -> Self {
        let token = format!("properties/{}", xtask_bindgen::schema::pointer_token(name));
        let mut spot = self.inside("", &token);
        let owner = match self.chain.split_first() {
            Some((first, rest)) if !rest.is_empty() => format!("`{first}.{}`", rest.join(".")),
            Some((first, _)) => format!("`{first}`"),
            None => self.words.clone(),
        };
        spot.words = format!("field `{name}` of {owner}");
        spot.origins = BTreeSet::from([Origin::Type(
            self.type_name.clone(),
            Some(NormalizedName::of(name)),
        )]);
        for (operation, parameter) in std::mem::take(&mut spot.spread) {
            let member = NormalizedName::of(&parameter).with(name);
            spot.origins
                .insert(Origin::Operation(operation, Some(member)));
        }
        spot.type_name = self.type_name.with(name);
        spot.chain.push(name.to_owned());
        spot.required = false;
        if let ([component, first, ..], true) = (&spot.chain[..], self.component.is_some()) {
            spot.rests = BTreeSet::from([DocumentPart::Field(component.clone(), first.clone())]);
        }
        spot
    }
}

macro_rules! codes {
    ($($variant:ident $code:literal $verb:literal,)*) => {
        /// The kind of a change. Its names are stable.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Code {
            $(#[doc = concat!("It was ", $verb, ".")] $variant,)*
        }

        impl Code {
            /// All kinds.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// Returns the stable name.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }

            /// Returns the verb of the change, as a continuation of the description of the location.
            #[must_use]
            pub fn verb(self) -> &'static str {
                match self { $(Self::$variant => $verb,)* }
            }
        }
    };
}

codes! {
    OperationAdded "operation-added" "added",
    OperationRemoved "operation-removed" "removed",
    OperationRenamed "operation-renamed" "renamed",
    OperationMoved "operation-moved" "moved to another path",
    ParameterAdded "parameter-added" "added",
    RequiredParameterAdded "required-parameter-added" "added and required",
    ParameterRemoved "parameter-removed" "removed",
    ParameterRenamed "parameter-renamed" "renamed",
    ParameterMoved "parameter-moved" "moved to another location",
    ParameterRequired "parameter-required" "made required",
    ParameterOptional "parameter-optional" "made optional",
    ParameterStyleChanged "parameter-style-changed" "serialized in another style",
    BodyAdded "body-added" "added",
    BodyRemoved "body-removed" "removed",
    BodyRequired "body-required" "made required",
    BodyOptional "body-optional" "made optional",
    BodyKindAdded "body-kind-added" "with an additional media type",
    BodyKindRemoved "body-kind-removed" "without one of its media types",
    ResponseAdded "response-added" "added",
    ResponseRemoved "response-removed" "removed",
    ResponseKindAdded "response-kind-added" "with an additional media type",
    ResponseKindRemoved "response-kind-removed" "without one of its media types",
    ResponseHeadersChanged "response-headers-changed" "with different headers",
    SchemaAdded "schema-added" "added",
    SchemaRemoved "schema-removed" "removed",
    SchemaRenamed "schema-renamed" "renamed",
    FieldAdded "field-added" "added",
    RequiredFieldAdded "required-field-added" "added and required",
    FieldRemoved "field-removed" "removed",
    FieldRenamed "field-renamed" "renamed",
    FieldRequired "field-required" "made required",
    FieldOptional "field-optional" "made optional",
    TypeChanged "type-changed" "with a different type",
    FormatChanged "format-changed" "with a different format",
    NowNullable "now-nullable" "allowed to be null",
    NoLongerNullable "no-longer-nullable" "no longer allowed to be null",
    ValuesListed "values-listed" "limited to a list of values",
    ValuesOpened "values-opened" "no longer limited to a list of values",
    ValueAdded "value-added" "added",
    ValueRemoved "value-removed" "removed",
    ValuesReordered "values-reordered" "with its values reordered",
    DefaultChanged "default-changed" "with a different default",
    LimitChanged "limit-changed" "with different limits",
    MoreFieldsChanged "more-fields-changed" "with different additional properties",
    CompositionChanged "composition-changed" "with a different composition",
    SecurityChanged "security-changed" "with different security requirements",
    SecurityWidened "security-widened" "with additional security schemes",
    ServersChanged "servers-changed" "changed",
    ServersAdded "servers-added" "extended",
    DocsChanged "docs-changed" "with different documentation",
    OtherChanged "other-changed" "changed in a way that this command cannot describe",
    ItemChanged "item-changed" "changed without a corresponding change in the document",
}
