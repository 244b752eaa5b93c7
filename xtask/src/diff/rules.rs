//! What a change of the document means for programs, by what is known of the lowering: for documents that can't be
//! generated, and for what travels without the compiler noticing.

use super::Class;
use super::difference::{Code, Difference};

/// What is to be expected of a change.
#[derive(Clone, Debug)]
pub(super) struct Rule {
    /// What the Rust items are expected to show; they have the last word where they are known.
    pub(super) rust: Class,
    /// What it means whatever the Rust items show: for what is sent, accepted, or done by the service.
    pub(super) wire: Class,
    /// Why.
    pub(super) why: &'static str,
}

const GONE: &str = "programs that name it no longer compile";
const RETYPED: &str = "its Rust type changes with it";
const NEW: &str = "it is new, and what was there stays";
const NOT_GENERATED: &str = "nothing is generated from it";
const SAME_TYPE: &str = "the Rust items stay as they are";
const SENDS_OTHERWISE: &str = "programs compile as before and send something else, which mocks, recordings and whatever else speaks the old \
     document do not know";

/// The rule for a change.
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
            "calls that do not set it compile, and fail before anything is sent",
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
            "calls that do not give it compile, and are not what the service takes",
        ),
        Code::BodyRemoved | Code::BodyKindRemoved => (Breaking, DocsOnly, GONE),
        Code::BodyOptional => (DocsOnly, DocsOnly, SAME_TYPE),
        Code::BodyKindAdded => (
            DocsOnly,
            DocsOnly,
            "the generator writes one kind of body, and keeps to the one that it wrote",
        ),
        Code::ResponseAdded | Code::ResponseRemoved if !side.is_generated() => (
            DocsOnly,
            DocsOnly,
            "only the first good response is generated; all others come back untouched",
        ),
        Code::ResponseAdded | Code::ResponseRemoved => (
            Breaking,
            Breaking,
            "another good response is taken than before, and the old one becomes an error",
        ),
        Code::ResponseKindAdded | Code::ResponseKindRemoved if !side.is_generated() => failures(),
        Code::ResponseKindAdded | Code::ResponseKindRemoved => {
            (Breaking, DocsOnly, "the response is of another type")
        }
        Code::ResponseHeadersChanged => (
            DocsOnly,
            DocsOnly,
            "no item is generated for headers of responses; look at what reads them by hand",
        ),
        Code::SecurityChanged => (
            DocsOnly,
            Breaking,
            "nothing generated authorizes; calls as they are now may be refused, so look at who adds the authorization",
        ),
        Code::ServersChanged => (
            DocsOnly,
            Breaking,
            "nothing generated holds the address; whoever gives it has to follow, the facade's `Environment` first",
        ),
        Code::SecurityWidened => (
            DocsOnly,
            DocsOnly,
            "nothing generated authorizes, and the ways that there were are still taken",
        ),
        Code::ServersAdded => (
            DocsOnly,
            DocsOnly,
            "nothing generated holds an address, and those that there were stay",
        ),
        Code::DocsChanged | Code::OtherChanged => (DocsOnly, DocsOnly, "nothing but text changes"),
        Code::ItemChanged => (Breaking, DocsOnly, "the generated items say so"),
        _ if !side.is_generated() && found.spot.component.is_some() => (
            DocsOnly,
            DocsOnly,
            "no operation that is generated uses it: failures come back untouched",
        ),
        _ if !side.is_generated() => failures(),
        Code::SchemaAdded => (Addition, DocsOnly, NEW),
        Code::SchemaRemoved | Code::SchemaRenamed => (Breaking, DocsOnly, GONE),
        Code::FieldAdded => (Addition, DocsOnly, NEW),
        Code::RequiredFieldAdded if side.requests => (
            Breaking,
            Breaking,
            "requests that are built without it compile, and fail before anything is sent",
        ),
        Code::RequiredFieldAdded => (Addition, DocsOnly, NEW),
        Code::FieldRemoved => (Breaking, DocsOnly, GONE),
        Code::FieldRenamed => (
            DocsOnly,
            Breaking,
            "the Rust name stays, and another name is read and written: what is stored or recorded under the old name is \
             not read any more",
        ),
        Code::FieldRequired | Code::FieldOptional | Code::TypeChanged => {
            (Breaking, DocsOnly, RETYPED)
        }
        Code::FormatChanged if is_typed_format(found) => (Breaking, DocsOnly, RETYPED),
        Code::FormatChanged => (
            DocsOnly,
            DocsOnly,
            "a format without a type of its own is plain text or a plain number",
        ),
        Code::NowNullable | Code::NoLongerNullable if found.spot.required => {
            (Breaking, DocsOnly, RETYPED)
        }
        Code::NowNullable | Code::NoLongerNullable => (
            DocsOnly,
            DocsOnly,
            "what may be absent is an `Option` already, which takes null too",
        ),
        Code::ValuesListed | Code::ValuesOpened | Code::ValueRemoved if side.requests => {
            (Breaking, DocsOnly, GONE)
        }
        Code::ValueAdded if side.requests => (Addition, DocsOnly, NEW),
        Code::ValuesListed | Code::ValuesOpened | Code::ValueAdded | Code::ValueRemoved => (
            DocsOnly,
            DocsOnly,
            "responses have text in place of enums, so that any value is read",
        ),
        Code::ValuesReordered => (
            DocsOnly,
            DocsOnly,
            "the variants are the same; where there is a Rust enum, its order by `<` follows the list",
        ),
        Code::DefaultChanged => (
            DocsOnly,
            DocsOnly,
            "the service applies defaults, the bindings know none",
        ),
        Code::LimitChanged if side.requests && chooses_type(found) => (Breaking, DocsOnly, RETYPED),
        Code::LimitChanged => (
            DocsOnly,
            DocsOnly,
            "limits are the service's to check, but for those that choose the type of a number",
        ),
        Code::MoreFieldsChanged => (
            DocsOnly,
            DocsOnly,
            "responses keep whatever other fields they have",
        ),
        Code::CompositionChanged => (Breaking, DocsOnly, RETYPED),
    };
    Rule { rust, wire, why }
}

fn failures() -> (Class, Class, &'static str) {
    (Class::DocsOnly, Class::DocsOnly, NOT_GENERATED)
}

/// Whether the name differs in its spelling only, so that the Rust name is the same.
fn is_respelt(found: &Difference) -> bool {
    let fold = |name: &Option<String>| {
        name.as_deref()
            .map(super::normalized_name::NormalizedName::of)
    };
    fold(&found.old) == fold(&found.new)
}

/// Whether one of the formats has a type of its own.
fn is_typed_format(found: &Difference) -> bool {
    [&found.old, &found.new]
        .into_iter()
        .flatten()
        .any(|format| ["date-time", "password", "double"].contains(&format.as_str()))
}

/// Whether a limit of a number moved that chooses its type: `NonZeroU64` from 1, `u64` from 0.
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
    /// Whether nothing of it can be seen in Rust items, so that it explains none.
    pub(super) fn is_silent(self) -> bool {
        matches!(
            self,
            Self::DocsChanged | Self::DefaultChanged | Self::ResponseHeadersChanged
        )
    }
}
