//! Rules that classify differences, derived from what the generator creates and from what the service does with requests.

use crate::class::Class::{self, Addition, Breaking, Deprecation, DocsOnly, MayFail};
use crate::difference::{Code, Difference};

/// The effect of a difference.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Effect {
    pub(crate) class: Class,
    /// The reason for the class.
    pub(crate) why: &'static str,
    /// What an addition breaks in programs that do not use builders and `..`.
    pub(crate) caveat: Option<&'static str>,
}

/// The effect of a change on code: programs that are compiled with the bindings of the new document.
pub(crate) fn on_code(found: &Difference) -> Effect {
    let direction = found.location.direction;
    let is_sent = direction.requests;
    let is_used = is_sent || direction.responses;
    let (class, why) = match found.code {
        Code::OperationAdded | Code::ParameterAdded => (Addition, NEW),
        Code::SchemaAdded | Code::FieldAdded | Code::RequiredFieldAdded if is_used => {
            (Addition, NEW)
        }
        Code::ValueAdded if is_sent => (Addition, NEW),
        Code::OperationRemoved
        | Code::OperationRenamed
        | Code::ParameterRemoved
        | Code::BodyRemoved
        | Code::BodyKindRemoved => (Breaking, GONE),
        Code::ParameterRenamed if !is_respelled(found) => (Breaking, GONE),
        Code::SchemaRemoved | Code::SchemaRenamed | Code::FieldRemoved if is_used => {
            (Breaking, GONE)
        }
        Code::ValuesListed | Code::ValuesOpened | Code::ValueRemoved if is_sent => (Breaking, GONE),
        Code::ParameterOptional => (Addition, "calls without it, which failed before, are sent"),
        Code::ResponseKindAdded | Code::ResponseKindRemoved if is_used => {
            (Breaking, "the response is of another type")
        }
        Code::TypeNarrowed
        | Code::TypeWidened
        | Code::TypeChanged
        | Code::TypeRenamed
        | Code::FieldRequired
        | Code::FieldOptional
        | Code::CompositionChanged
            if is_used =>
        {
            (Breaking, RETYPED)
        }
        Code::FormatNarrowed | Code::FormatWidened | Code::FormatChanged
            if is_used && has_typed_format(found) =>
        {
            (Breaking, RETYPED)
        }
        Code::NowNullable | Code::NoLongerNullable if is_used && found.location.required => {
            (Breaking, RETYPED)
        }
        Code::LimitTightened | Code::LimitLoosened if is_sent && chooses_type(found) => {
            (Breaking, RETYPED)
        }
        Code::Deprecated => (Deprecation, "programs that name it compile with a warning"),
        code => (DocsOnly, without_effect(code, is_sent, is_used)),
    };
    let caveat = match found.code {
        Code::FieldAdded | Code::RequiredFieldAdded if is_used => {
            Some("struct literals, and patterns without `..`, no longer compile")
        }
        Code::ValueAdded if is_sent => Some("a `match` without `_` no longer compiles"),
        _ => None,
    };
    Effect {
        class,
        why,
        caveat: caveat.filter(|_| class == Addition),
    }
}

/// The effect of a change of the service on calls: programs that were compiled with the bindings of the old document. `None`
/// if there is none.
pub(crate) fn on_calls(found: &Difference) -> Option<Effect> {
    let direction = found.location.direction;
    let (is_sent, is_decoded) = (direction.requests, direction.responses);
    let (class, why) = match found.code {
        Code::OperationRemoved => (Breaking, "calls fail as soon as the service removes it"),
        Code::OperationMoved | Code::ParameterMoved | Code::ParameterStyleChanged => {
            (Breaking, SENT)
        }
        Code::ParameterRenamed if is_respelled(found) => (Breaking, SENT),
        Code::RequiredParameterAdded
        | Code::ParameterRequired
        | Code::BodyAdded
        | Code::BodyRequired => (Breaking, REQUIRED),
        Code::RequiredFieldAdded | Code::FieldRequired if is_sent => (Breaking, REQUIRED),
        Code::ParameterRemoved | Code::BodyRemoved => (MayFail, REFUSED),
        Code::FieldRemoved | Code::ValueRemoved if is_sent => (MayFail, REFUSED),
        Code::BodyKindRemoved => (Breaking, REFUSED),
        Code::ResponseAdded | Code::ResponseRemoved if is_decoded => (
            Breaking,
            "another success response is expected, and the old one becomes an error",
        ),
        Code::ResponseKindRemoved if is_decoded => (Breaking, NOT_DECODED),
        Code::FieldRemoved | Code::FieldOptional if is_decoded && found.location.required => {
            (Breaking, "responses without it are not decoded")
        }
        Code::FieldRemoved if is_decoded => (MayFail, "responses may no longer contain it"),
        Code::FieldOptional if is_decoded => (MayFail, "responses without it are not decoded"),
        Code::FieldRenamed if is_sent || is_decoded => (
            Breaking,
            "the Rust name is unchanged, but the wire name differs: stored data with the old name is not read",
        ),
        Code::TypeChanged if is_sent || is_decoded => (Breaking, "values have another type"),
        Code::TypeNarrowed
        | Code::FormatNarrowed
        | Code::FormatChanged
        | Code::NoLongerNullable
        | Code::ValuesListed
        | Code::LimitTightened
            if is_sent =>
        {
            (MayFail, NARROWER)
        }
        Code::FieldsClosed if is_sent => (MayFail, "the service may reject additional fields"),
        Code::CompositionChanged if is_sent || is_decoded => (MayFail, NARROWER),
        Code::TypeWidened if is_decoded => (MayFail, NOT_DECODED),
        Code::NowNullable if is_decoded && found.location.required => (MayFail, NOT_DECODED),
        // An optional value is an `Option`, which accepts null.
        Code::FormatWidened | Code::FormatChanged if is_decoded && was_time(found) => {
            (MayFail, NOT_DECODED)
        }
        Code::LimitLoosened if is_decoded && chooses_type(found) => (MayFail, NOT_DECODED),
        Code::DefaultChanged if is_sent => (MayFail, "calls without it can behave differently"),
        Code::SecurityChanged => (
            Breaking,
            "generated code does not authorize; calls may be rejected, so review the code that adds the authorization",
        ),
        Code::ServersChanged => (
            Breaking,
            "generated code does not contain the address; update the code that sets it, such as the facade's \
             `Environment`",
        ),
        Code::Deprecated => (Deprecation, "the service may remove it"),
        Code::OtherChanged if is_sent || is_decoded => (
            MayFail,
            "this command does not know the effect; compare the documents at this place",
        ),
        _ => return None,
    };
    Some(Effect {
        class,
        why,
        caveat: None,
    })
}

const NEW: &str = "it is new, and existing items are unchanged";
const GONE: &str = "programs that name it no longer compile";
const RETYPED: &str = "its Rust type changes with it";
const REQUIRED: &str = "calls without it compile, and fail";
const REFUSED: &str = "the service may reject or ignore it";
const NARROWER: &str = "the service may reject values that it accepted";
const NOT_DECODED: &str = "responses with the new values may not be decoded";
const SENT: &str = "programs compile as before and send something else, which mocks and recordings of the old document \
                    do not support";

/// Returns the reason why a difference changes nothing in programs.
fn without_effect(code: Code, is_sent: bool, is_used: bool) -> &'static str {
    match code {
        Code::ResponseAdded | Code::ResponseRemoved => {
            "only the first success response is generated; all others are returned unchanged"
        }
        Code::HeaderAdded | Code::HeaderRemoved | Code::HeaderChanged => {
            "no item is generated for response headers; review the code that reads them"
        }
        Code::SecurityWidened => {
            "generated code does not authorize, and the existing schemes are still accepted"
        }
        Code::ServersAdded => {
            "generated code does not contain the address, and the existing ones are unchanged"
        }
        Code::BodyKindAdded => {
            "the generator supports one media type per body, and keeps the existing one"
        }
        Code::DocsChanged => "only documentation changes",
        _ if !is_used => {
            "no generated operation decodes it: error responses are returned unchanged"
        }
        Code::ValuesListed | Code::ValuesOpened | Code::ValueAdded | Code::ValueRemoved
            if !is_sent =>
        {
            "enums in responses are strings, which accept any value"
        }
        Code::NowNullable | Code::NoLongerNullable => {
            "an optional value is an `Option`, which accepts null"
        }
        _ => "existing programs are unaffected",
    }
}

/// Returns `true` if the names have the same Rust name.
fn is_respelled(found: &Difference) -> bool {
    let name = |name: &Option<String>| name.clone().unwrap_or_default();
    crate::compare::same_rust_name(&name(&found.old), &name(&found.new))
}

/// Returns `true` if one of the formats has a dedicated type.
fn has_typed_format(found: &Difference) -> bool {
    [&found.old, &found.new]
        .into_iter()
        .flatten()
        .any(|format| ["date-time", "password", "double"].contains(&format.as_str()))
}

fn was_time(found: &Difference) -> bool {
    found.old.as_deref() == Some("date-time")
}

/// Returns `true` if a limit changed that determines the type of a number: `NonZeroU64` from 1, `u64` from 0.
fn chooses_type(found: &Difference) -> bool {
    [&found.old, &found.new]
        .into_iter()
        .flatten()
        .any(|limits| {
            limits
                .split(", ")
                .any(|limit| limit.starts_with("minimum "))
        })
}
