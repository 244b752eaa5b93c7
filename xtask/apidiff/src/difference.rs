//! A difference between two documents, before it is classified.

use std::collections::BTreeSet;

/// A difference between two documents.
#[derive(Clone, Debug)]
pub(crate) struct Difference {
    pub(crate) code: Code,
    pub(crate) location: Location,
    pub(crate) old: Option<String>,
    pub(crate) new: Option<String>,
}

/// The location of a part in both documents.
#[derive(Clone, Debug, Default)]
pub(crate) struct Location {
    /// The path for readers, such as `Location.city` or `listVideos parameter title`.
    pub(crate) place: String,
    /// The JSON pointer in the old document.
    pub(crate) old: Option<String>,
    /// The JSON pointer in the new document.
    pub(crate) new: Option<String>,
    pub(crate) direction: Direction,
    /// The part is always present, like a required field.
    pub(crate) required: bool,
    /// The operations that use it.
    pub(crate) operations: BTreeSet<String>,
    /// The part is a schema, or inside one, so that its fields are separated by dots.
    pub(crate) is_schema: bool,
    /// The component schema that contains it, and the name of the component's field that contains it.
    pub(crate) component: Option<(String, Option<String>)>,
    /// The parts that public items of the facade may depend on.
    pub(crate) parts: BTreeSet<DocumentPart>,
}

/// A part of the document that the facade may depend on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum DocumentPart {
    Operation(String),
    Parameter(String, String),
    Field(String, String),
    Value(String, String, String),
}

/// The direction of a schema: requests, decoded responses, both, or neither (responses that are errors).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Direction {
    pub(crate) requests: bool,
    pub(crate) responses: bool,
}

impl Direction {
    pub(crate) const REQUESTS: Self = Self {
        requests: true,
        responses: false,
    };
    pub(crate) const RESPONSES: Self = Self {
        requests: false,
        responses: true,
    };
}

impl std::ops::BitOr for Direction {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self {
            requests: self.requests || other.requests,
            responses: self.responses || other.responses,
        }
    }
}

impl Location {
    /// Returns the location of a nested part. `suffix` is appended to the path for readers, `token` to the JSON pointers.
    pub(crate) fn inside(&self, suffix: &str, token: &str) -> Self {
        let mut inside = self.clone();
        inside.place.push_str(suffix);
        for pointer in [&mut inside.old, &mut inside.new].into_iter().flatten() {
            pointer.push('/');
            pointer.push_str(token);
        }
        inside
    }

    /// Returns the location of the items of a list, the values of a map or an alternative of a composition.
    pub(crate) fn items(&self, suffix: &str, token: &str) -> Self {
        let mut inside = self.inside(suffix, token);
        inside.required = true;
        inside.is_schema = true;
        inside
    }

    /// Returns the location of a field.
    pub(crate) fn field(&self, name: &str) -> Self {
        let separator = if self.is_schema { "." } else { " " };
        let token = format!("properties/{}", xtask_bindgen::schema::pointer_token(name));
        let mut inside = self.inside(&format!("{separator}{name}"), &token);
        inside.is_schema = true;
        inside.required = false;
        if let Some((component, first)) = &mut inside.component {
            let first = first.get_or_insert_with(|| name.to_owned());
            let part = DocumentPart::Field(component.clone(), first.clone());
            inside.parts = BTreeSet::from([part]);
        }
        inside
    }
}

macro_rules! codes {
    ($($variant:ident $code:literal,)*) => {
        /// The kind of a change. Its names are stable.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Code {
            $(#[doc = concat!("`", $code, "`.")] $variant,)*
        }

        impl Code {
            /// All kinds.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// Returns the stable name.
            ///
            /// ```
            /// # use xtask_apidiff::Code;
            /// assert_eq!(Code::FieldAdded.as_str(), "field-added");
            /// ```
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }
        }
    };
}

codes! {
    OperationAdded "operation-added",
    OperationRemoved "operation-removed",
    OperationRenamed "operation-renamed",
    OperationMoved "operation-moved",
    ParameterAdded "parameter-added",
    RequiredParameterAdded "required-parameter-added",
    ParameterRemoved "parameter-removed",
    ParameterRenamed "parameter-renamed",
    ParameterMoved "parameter-moved",
    ParameterRequired "parameter-required",
    ParameterOptional "parameter-optional",
    ParameterStyleChanged "parameter-style-changed",
    BodyAdded "body-added",
    BodyRemoved "body-removed",
    BodyRequired "body-required",
    BodyOptional "body-optional",
    BodyKindAdded "body-kind-added",
    BodyKindRemoved "body-kind-removed",
    ResponseAdded "response-added",
    ResponseRemoved "response-removed",
    ResponseKindAdded "response-kind-added",
    ResponseKindRemoved "response-kind-removed",
    HeaderAdded "header-added",
    HeaderRemoved "header-removed",
    HeaderChanged "header-changed",
    SchemaAdded "schema-added",
    SchemaRemoved "schema-removed",
    SchemaRenamed "schema-renamed",
    FieldAdded "field-added",
    RequiredFieldAdded "required-field-added",
    FieldRemoved "field-removed",
    FieldRenamed "field-renamed",
    FieldRequired "field-required",
    FieldOptional "field-optional",
    TypeNarrowed "type-narrowed",
    TypeWidened "type-widened",
    TypeChanged "type-changed",
    TypeRenamed "type-renamed",
    FormatNarrowed "format-narrowed",
    FormatWidened "format-widened",
    FormatChanged "format-changed",
    NowNullable "now-nullable",
    NoLongerNullable "no-longer-nullable",
    ValuesListed "values-listed",
    ValuesOpened "values-opened",
    ValueAdded "value-added",
    ValueRemoved "value-removed",
    ValuesReordered "values-reordered",
    DefaultChanged "default-changed",
    LimitTightened "limit-tightened",
    LimitLoosened "limit-loosened",
    FieldsClosed "fields-closed",
    FieldsOpened "fields-opened",
    CompositionChanged "composition-changed",
    SecurityChanged "security-changed",
    SecurityWidened "security-widened",
    ServersChanged "servers-changed",
    ServersAdded "servers-added",
    Deprecated "deprecated",
    NoLongerDeprecated "no-longer-deprecated",
    DocsChanged "docs-changed",
    OtherChanged "other-changed",
}
