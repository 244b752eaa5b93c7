//! Rules that classify changes of the document, derived from the lowering: for documents that cannot be generated, and for
//! changes of the wire format that the compiler does not see.

use super::Class;
use super::difference::{Code, Difference};

/// The expected effects of a change.
#[derive(Clone, Debug)]
pub(super) struct Rule {
    /// The expected class of the Rust items; ignored if the items are known.
    pub(super) rust: Class,
    /// The class of the effects on the wire and in the service, regardless of the Rust items.
    pub(super) wire: Class,
    /// The reason.
    pub(super) why: &'static str,
}

const GONE: &str = "programs that name it no longer compile";
const RETYPED: &str = "its Rust type changes with it";
const NEW: &str = "it is new, and existing items are unchanged";
const NOT_GENERATED: &str = "nothing is generated from it";
const SAME_TYPE: &str = "the Rust items stay as they are";
const SENDS_OTHERWISE: &str = "programs compile as before and send something else, which mocks and recordings of the old \
     document do not support";

/// Returns the rule for a change.
pub(super) fn rule(found: &Difference) -> Rule {
    use Class::{Addition, Breaking, DocsOnly};
    let side = found.spot.side;
    let (rust, wire, why) = match found.code {
        Code::OperationAdded => (Addition, DocsOnly, NEW),
        Code::OperationRemoved | Code::OperationRenamed => (Breaking, DocsOnly, GONE),
        Code::OperationMoved | Code::ParameterMoved | Code::ParameterStyleChanged => {
            (DocsOnly, Breaking, SENDS_OTHERWISE)
        }
        Code::ParameterAdded => (Addition, DocsOnly, NEW),
        Code::RequiredParameterAdded | Code::ParameterRequired => (
            Breaking,
            Breaking,
            "calls without it compile, and fail before they are sent",
        ),
        Code::ParameterRemoved => (Breaking, DocsOnly, GONE),
        Code::ParameterRenamed if is_respelt(found) => (DocsOnly, Breaking, SENDS_OTHERWISE),
        Code::ParameterRenamed => (Breaking, DocsOnly, GONE),
        Code::ParameterOptional => (
            Addition,
            Addition,
            "calls without it, which failed before, are sent",
        ),
        Code::BodyAdded | Code::BodyRequired => (
            Breaking,
            Breaking,
            "calls without it compile, and the service rejects them",
        ),
        Code::BodyRemoved | Code::BodyKindRemoved => (Breaking, DocsOnly, GONE),
        Code::BodyOptional => (DocsOnly, DocsOnly, SAME_TYPE),
        Code::BodyKindAdded => (
            DocsOnly,
            DocsOnly,
            "the generator supports one media type per body, and keeps the existing one",
        ),
        Code::ResponseAdded | Code::ResponseRemoved if !side.is_generated() => (
            DocsOnly,
            DocsOnly,
            "only the first success response is generated; all others are returned unchanged",
        ),
        Code::ResponseAdded | Code::ResponseRemoved => (
            Breaking,
            Breaking,
            "another success response is expected, and the old one becomes an error",
        ),
        Code::ResponseKindAdded | Code::ResponseKindRemoved if !side.is_generated() => failures(),
        Code::ResponseKindAdded | Code::ResponseKindRemoved => {
            (Breaking, DocsOnly, "the response is of another type")
        }
        Code::ResponseHeadersChanged => (
            DocsOnly,
            DocsOnly,
            "no item is generated for response headers; review the code that reads them",
        ),
        Code::SecurityChanged => (
            DocsOnly,
            Breaking,
            "generated code does not authorize; calls may be rejected, so review the code that adds the \
             authorization",
        ),
        Code::ServersChanged => (
            DocsOnly,
            Breaking,
            "generated code does not contain the address; update the code that sets it, such as the facade's \
             `Environment`",
        ),
        Code::SecurityWidened => (
            DocsOnly,
            DocsOnly,
            "generated code does not authorize, and the existing schemes are still accepted",
        ),
        Code::ServersAdded => (
            DocsOnly,
            DocsOnly,
            "generated code does not contain the address, and the existing ones are unchanged",
        ),
        Code::DocsChanged | Code::OtherChanged => {
            (DocsOnly, DocsOnly, "only documentation changes")
        }
        Code::ItemChanged => (
            Breaking,
            DocsOnly,
            "the class follows from the generated items",
        ),
        _ if !side.is_generated() && found.spot.component.is_some() => (
            DocsOnly,
            DocsOnly,
            "no generated operation uses it: error responses are returned unchanged",
        ),
        _ if !side.is_generated() => failures(),
        Code::SchemaAdded => (Addition, DocsOnly, NEW),
        Code::SchemaRemoved | Code::SchemaRenamed => (Breaking, DocsOnly, GONE),
        Code::FieldAdded => (Addition, DocsOnly, NEW),
        Code::RequiredFieldAdded if side.requests => (
            Breaking,
            Breaking,
            "requests without it compile, and fail before they are sent",
        ),
        Code::RequiredFieldAdded => (Addition, DocsOnly, NEW),
        Code::FieldRemoved => (Breaking, DocsOnly, GONE),
        Code::FieldRenamed => (
            DocsOnly,
            Breaking,
            "the Rust name is unchanged, but the wire name differs: stored data with the old name is not read",
        ),
        Code::FieldRequired | Code::FieldOptional | Code::TypeChanged => {
            (Breaking, DocsOnly, RETYPED)
        }
        Code::FormatChanged if is_typed_format(found) => (Breaking, DocsOnly, RETYPED),
        Code::FormatChanged => (
            DocsOnly,
            DocsOnly,
            "a format without a dedicated type is a plain string or number",
        ),
        Code::NowNullable | Code::NoLongerNullable if found.spot.required => {
            (Breaking, DocsOnly, RETYPED)
        }
        Code::NowNullable | Code::NoLongerNullable => (
            DocsOnly,
            DocsOnly,
            "an optional value is an `Option`, which accepts null",
        ),
        Code::ValuesListed | Code::ValuesOpened | Code::ValueRemoved if side.requests => {
            (Breaking, DocsOnly, GONE)
        }
        Code::ValueAdded if side.requests => (Addition, DocsOnly, NEW),
        Code::ValuesListed | Code::ValuesOpened | Code::ValueAdded | Code::ValueRemoved => (
            DocsOnly,
            DocsOnly,
            "enums in responses are strings, which accept any value",
        ),
        Code::ValuesReordered => (
            DocsOnly,
            DocsOnly,
            "the variants are the same, but the order of a Rust enum follows the list",
        ),
        Code::DefaultChanged => (
            DocsOnly,
            DocsOnly,
            "the service applies defaults; the bindings do not contain them",
        ),
        Code::LimitChanged if side.requests && chooses_type(found) => (Breaking, DocsOnly, RETYPED),
        Code::LimitChanged => (
            DocsOnly,
            DocsOnly,
            "the service checks limits, except those that determine the type of a number",
        ),
        Code::MoreFieldsChanged => (DocsOnly, DocsOnly, "responses keep additional fields"),
        Code::CompositionChanged => (Breaking, DocsOnly, RETYPED),
    };
    Rule { rust, wire, why }
}

fn failures() -> (Class, Class, &'static str) {
    (Class::DocsOnly, Class::DocsOnly, NOT_GENERATED)
}

/// Returns `true` if the names have the same Rust name.
fn is_respelt(found: &Difference) -> bool {
    let fold = |name: &Option<String>| {
        name.as_deref()
            .map(super::normalized_name::NormalizedName::of)
    };
    fold(&found.old) == fold(&found.new)
}

/// Returns `true` if one of the formats has a dedicated type.
fn is_typed_format(found: &Difference) -> bool {
    [&found.old, &found.new]
        .into_iter()
        .flatten()
        .any(|format| ["date-time", "password", "double"].contains(&format.as_str()))
}

/// Returns `true` if a limit changed that determines the type of a number: `NonZeroU64` from 1, `u64` from 0.
fn chooses_type(found: &Difference) -> bool {
    let least = |limits: &Option<String>| -> Option<String> {
        let mut limits = limits.as_deref()?.split(", ");
        Some(
            limits
                .find(|limit| limit.starts_with("minimum"))?
                .to_owned(),
        )
    };
    least(&found.old) != least(&found.new)
}

impl Code {
    /// Returns `true` if the change cannot affect Rust items.
    pub(super) fn is_silent(self) -> bool {
        matches!(
            self,
            Self::DocsChanged | Self::DefaultChanged | Self::ResponseHeadersChanged
        )
    }
}
