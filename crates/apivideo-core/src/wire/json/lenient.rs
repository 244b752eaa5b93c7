//! Generated types read from a tree whose fields may be of another type than documented.

use std::fmt;

use serde::de::value::{BorrowedStrDeserializer, F64Deserializer};
use serde::de::{
    self, DeserializeOwned, DeserializeSeed, Deserializer, IntoDeserializer, MapAccess, SeqAccess,
    Unexpected, Visitor,
};

use super::parse::is_number;
use super::{Json, Member};
use crate::wire::exact;

/// So many fields of one record are refused each by itself; after that, the field of a group that holds them.
const REFUSALS: usize = 64;

/// Decodes a value leniently.
///
/// A number or boolean reads as a string, a string that is a number reads as that number, and an object reads as a list of
/// pairs, where that is what a field takes. Any other value that a field of an [`Object`](crate::wire::Object) cannot take goes
/// to the object's `extra`. Required strings named in `optional` are empty where they are missing.
///
/// ```
/// use apivideo_core::types::Event;
/// use apivideo_core::wire::{Object, json};
///
/// let (value, _) = json::parse(br#"{"at": "7", "emittedAt": 1641034800}"#)?;
/// let event: Object<Event> = json::decode(&value, &["type"])?;
/// assert_eq!((event.at, &*event.type_), (Some(7.0), ""));
/// assert_eq!(event.extra["emittedAt"], 1_641_034_800);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// When a required field is missing or cannot take its value.
pub fn decode<T: DeserializeOwned>(
    json: &Json<'_>,
    optional: &[&'static str],
) -> Result<T, Mismatch> {
    let mut refusals = 0;
    loop {
        let whole = Lenient {
            value: Place::Value(json),
            optional,
            outermost: refusals >= REFUSALS,
            depth: 0,
        };
        match T::deserialize(whole) {
            Err(mismatch) if mismatch.is_refused => refusals += 1,
            outcome => return outcome,
        }
    }
}

/// Why a value could not be decoded, without the value: it can be personal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    reason: String,
    /// From the inside out.
    path: Vec<String>,
    /// The required field that is missing.
    missing: Option<&'static str>,
    /// A field has been found that cannot take its value, so that decoding can be tried again without it.
    is_refused: bool,
}

impl Mismatch {
    fn new(reason: String) -> Self {
        Self {
            reason,
            path: Vec::new(),
            missing: None,
            is_refused: false,
        }
    }

    /// Where the value is, such as `session.metadata[0].key`; empty for the whole of it.
    ///
    /// ```
    /// use apivideo_core::types::Session;
    /// use apivideo_core::wire::{Object, json};
    ///
    /// let (value, _) = json::parse(br#"{"session": {"sessionId": []}}"#)?;
    /// let mismatch = json::decode::<Object<Session>>(&value, &[]).unwrap_err();
    /// assert_eq!(mismatch.path(), "session.sessionId");
    /// assert_eq!(mismatch.to_string(), "invalid type: an array, expected a string");
    /// # Ok::<(), json::Damage>(())
    /// ```
    #[must_use]
    pub fn path(&self) -> String {
        let mut path = String::new();
        for part in self.path.iter().rev() {
            if !path.is_empty() && !part.starts_with('[') {
                path.push('.');
            }
            path.push_str(part);
        }
        path
    }
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)
    }
}

impl std::error::Error for Mismatch {}

impl de::Error for Mismatch {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::new(message.to_string())
    }

    fn invalid_type(unexpected: Unexpected<'_>, expected: &dyn de::Expected) -> Self {
        let kind = kind(unexpected);
        Self::new(format!("invalid type: {kind}, expected {expected}"))
    }

    fn invalid_value(unexpected: Unexpected<'_>, expected: &dyn de::Expected) -> Self {
        let kind = kind(unexpected);
        Self::new(format!("invalid value: {kind}, expected {expected}"))
    }

    fn unknown_variant(_: &str, _: &'static [&'static str]) -> Self {
        Self::new("unknown variant".to_owned())
    }

    fn missing_field(field: &'static str) -> Self {
        Self {
            missing: Some(field),
            ..Self::new(format!("missing field `{field}`"))
        }
    }
}

fn kind(unexpected: Unexpected<'_>) -> &'static str {
    match unexpected {
        Unexpected::Bool(_) => "a boolean",
        Unexpected::Unsigned(_) | Unexpected::Signed(_) | Unexpected::Float(_) => "a number",
        Unexpected::Str(_) | Unexpected::Char(_) => "a string",
        Unexpected::Unit | Unexpected::Option => "null",
        Unexpected::Seq => "an array",
        Unexpected::Map => "an object",
        Unexpected::NewtypeStruct => "a number or boolean",
        _ => "another value",
    }
}

/// What is decoded.
#[derive(Clone, Copy)]
enum Place<'a> {
    Value(&'a Json<'a>),
    /// A member of an object that stands for a list of pairs.
    Pair(&'a Member<'a>),
    /// A string: the name of a member, or the empty one in place of one that is missing.
    Text(&'a str),
}

#[derive(Clone, Copy)]
struct Lenient<'a> {
    value: Place<'a>,
    optional: &'a [&'static str],
    /// Only fields of the whole and of its groups are refused.
    outermost: bool,
    /// How many arrays and objects are around it.
    depth: usize,
}

impl<'a> Lenient<'a> {
    fn at(self, value: Place<'a>) -> Self {
        Self {
            value,
            depth: self.depth + 1,
            ..self
        }
    }

    fn refused<V: Visitor<'a>>(self, visitor: &V) -> Mismatch {
        let unexpected = match self.value {
            Place::Pair(_) => Unexpected::Map,
            Place::Text(text) => Unexpected::Str(text),
            Place::Value(value) => match value {
                Json::Null => Unexpected::Unit,
                Json::Bool(value) => Unexpected::Bool(*value),
                Json::Number(_) => Unexpected::Float(0.0),
                Json::String(text) | Json::Deep(text) => Unexpected::Str(text),
                Json::Array(_) => Unexpected::Seq,
                Json::Object(_) => Unexpected::Map,
            },
        };
        de::Error::invalid_type(unexpected, visitor)
    }

    /// The text of a number, or of a string that is one.
    fn number(self) -> Option<&'a str> {
        match self.value {
            Place::Value(Json::Number(text)) => Some(text),
            Place::Value(Json::String(text)) => Some(&**text).filter(|text| is_number(text)),
            _ => None,
        }
    }

    fn integer<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        let Some(number) = self.number().and_then(exact::integer) else {
            return Err(self.refused(&visitor));
        };
        if let Ok(number) = u64::try_from(number) {
            return visitor.visit_u64(number);
        }
        match i64::try_from(number) {
            Ok(number) => visitor.visit_i64(number),
            Err(_) => Err(self.refused(&visitor)),
        }
    }

    fn float<V: Visitor<'a>>(number: f64, visitor: V) -> Result<V::Value, Mismatch> {
        match exact::is_safe(number) {
            true => visitor.visit_f64(number),
            // It has the digits of its text, which a visitor could not know.
            false => visitor.visit_newtype_struct(F64Deserializer::new(number)),
        }
    }

    fn string<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        let text = match self.value {
            Place::Value(Json::String(text)) => return visitor.visit_borrowed_str(text),
            Place::Text(text) => return visitor.visit_borrowed_str(text),
            Place::Value(Json::Number(text)) => &**text,
            Place::Value(Json::Bool(true)) => "true",
            Place::Value(Json::Bool(false)) => "false",
            _ => return Err(self.refused(&visitor)),
        };
        // Not every string has an obvious reading of it: the type decides.
        visitor.visit_newtype_struct(BorrowedStrDeserializer::new(text))
    }

    fn list<V: Visitor<'a>>(self, items: &'a [Json<'a>], visitor: V) -> Result<V::Value, Mismatch> {
        visitor.visit_seq(Items {
            items: items.iter().map(Place::Value),
            index: 0,
            of: self,
        })
    }

    fn members<V: Visitor<'a>>(
        self,
        members: &'a [Member<'a>],
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Mismatch> {
        let is_missing = |name: &str| {
            let member = members.iter().find(|member| member.name == name);
            member.is_none_or(|member| member.refused.get().is_some())
        };
        let added = self
            .optional
            .iter()
            .copied()
            .find(|name| fields.contains(name) && is_missing(name));
        let outcome = visitor.visit_map(Members {
            members: members.iter(),
            member: None,
            has_fields: !fields.is_empty(),
            added,
            of: self,
        });
        outcome.map_err(|mismatch| {
            // The reason why it is missing says more.
            let member = members
                .iter()
                .find(|member| mismatch.missing == Some(&*member.name) && mismatch.path.is_empty());
            match member.and_then(|member| member.refused.get()) {
                Some(refused) => refused.clone(),
                None => mismatch,
            }
        })
    }
}

macro_rules! integers {
    ($($method:ident)*) => {
        $(fn $method<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Mismatch> {
            self.integer(visitor)
        })*
    };
}

impl<'a> Deserializer<'a> for Lenient<'a> {
    type Error = Mismatch;

    fn deserialize_any<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        match self.value {
            Place::Pair(_) => Err(self.refused(&visitor)),
            Place::Text(text) => visitor.visit_borrowed_str(text),
            Place::Value(value) => match value {
                Json::Null => visitor.visit_unit(),
                Json::Bool(value) => visitor.visit_bool(*value),
                Json::Number(text) => match exact::number(text) {
                    Some(number) => match (number.as_u64(), number.as_i64(), number.as_f64()) {
                        (Some(number), ..) => visitor.visit_u64(number),
                        (_, Some(number), _) => visitor.visit_i64(number),
                        (_, _, Some(number)) => Self::float(number, visitor),
                        _ => visitor.visit_borrowed_str(text),
                    },
                    None => visitor.visit_borrowed_str(text),
                },
                Json::String(text) | Json::Deep(text) => visitor.visit_borrowed_str(text),
                Json::Array(items) => self.list(items, visitor),
                Json::Object(members) => self.members(members, &[], visitor),
            },
        }
    }

    fn deserialize_option<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        match self.value {
            Place::Value(Json::Null) => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_bool<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        match self.value {
            Place::Value(Json::Bool(value)) => visitor.visit_bool(*value),
            _ => Err(self.refused(&visitor)),
        }
    }

    integers! {
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_i128
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_u128
    }

    fn deserialize_f64<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        match self.number().and_then(exact::float) {
            Some(number) => Self::float(number, visitor),
            None => Err(self.refused(&visitor)),
        }
    }

    fn deserialize_f32<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        self.deserialize_f64(visitor)
    }

    fn deserialize_str<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        self.string(visitor)
    }

    fn deserialize_string<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        self.string(visitor)
    }

    fn deserialize_seq<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        match self.value {
            Place::Value(Json::Array(items)) => self.list(items, visitor),
            Place::Value(Json::Object(members)) => visitor.visit_seq(Items {
                items: members.iter().map(Place::Pair),
                index: 0,
                of: self,
            }),
            _ => Err(self.refused(&visitor)),
        }
    }

    fn deserialize_map<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        self.deserialize_struct("", &[], visitor)
    }

    fn deserialize_struct<V: Visitor<'a>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Mismatch> {
        match self.value {
            Place::Value(Json::Object(members)) => self.members(members, fields, visitor),
            Place::Value(Json::Array(items)) => self.list(items, visitor),
            Place::Pair(member) if fields.contains(&KEY) && fields.contains(&VALUE) => visitor
                .visit_map(Pair {
                    member,
                    gives: Some(KEY),
                    of: self,
                }),
            _ => Err(self.refused(&visitor)),
        }
    }

    fn deserialize_unit<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        match self.value {
            Place::Value(Json::Null) => visitor.visit_unit(),
            _ => Err(self.refused(&visitor)),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        visitor.visit_unit()
    }

    fn deserialize_newtype_struct<V: Visitor<'a>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Mismatch> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'a>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Mismatch> {
        match self.value {
            Place::Value(Json::String(text)) => visitor.visit_enum((&**text).into_deserializer()),
            _ => Err(self.refused(&visitor)),
        }
    }

    fn deserialize_tuple<V: Visitor<'a>>(self, _: usize, visitor: V) -> Result<V::Value, Mismatch> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'a>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, Mismatch> {
        self.deserialize_seq(visitor)
    }

    serde::forward_to_deserialize_any! {
        <V: Visitor<'a>>
        char bytes byte_buf unit_struct identifier
    }
}

struct Items<'a, I> {
    items: I,
    index: usize,
    of: Lenient<'a>,
}

impl<'a, I: Iterator<Item = Place<'a>>> SeqAccess<'a> for Items<'a, I> {
    type Error = Mismatch;

    fn next_element_seed<S: DeserializeSeed<'a>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Mismatch> {
        let Some(item) = self.items.next() else {
            return Ok(None);
        };
        let index = self.index;
        self.index += 1;
        match seed.deserialize(self.of.at(item)) {
            Ok(value) => Ok(Some(value)),
            Err(mut mismatch) => {
                mismatch.path.push(format!("[{index}]"));
                Err(mismatch)
            }
        }
    }
}

struct Members<'a, I> {
    members: I,
    member: Option<&'a Member<'a>>,
    /// Only a field can refuse a value.
    has_fields: bool,
    /// A required string that is missing.
    added: Option<&'static str>,
    of: Lenient<'a>,
}

impl<'a, I: Iterator<Item = &'a Member<'a>>> MapAccess<'a> for Members<'a, I> {
    type Error = Mismatch;

    fn next_key_seed<S: DeserializeSeed<'a>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Mismatch> {
        self.member = self.members.next();
        match self.member {
            Some(member) if self.has_fields && member.refused.get().is_some() => {
                seed.deserialize(Refused(&member.name)).map(Some)
            }
            Some(member) => seed
                .deserialize(BorrowedStrDeserializer::new(&member.name))
                .map(Some),
            None => match self.added.take() {
                Some(name) => seed
                    .deserialize(BorrowedStrDeserializer::new(name))
                    .map(Some),
                None => Ok(None),
            },
        }
    }

    fn next_value_seed<S: DeserializeSeed<'a>>(&mut self, seed: S) -> Result<S::Value, Mismatch> {
        let Some(member) = self.member else {
            return seed.deserialize(self.of.at(Place::Text("")));
        };
        seed.deserialize(self.of.at(Place::Value(&member.value)))
            .map_err(|mut mismatch| {
                mismatch.path.push(member.name.clone().into_owned());
                // Of a session's groups and of their fields there are few.
                let may_be_refused = self.has_fields && (!self.of.outermost || self.of.depth <= 1);
                if may_be_refused && !mismatch.is_refused {
                    let cause = Mismatch {
                        is_refused: false,
                        ..mismatch.clone()
                    };
                    mismatch.is_refused = member.refused.set(cause).is_ok();
                }
                mismatch
            })
    }
}

/// The name of a field that could not take its value: bytes, which no text in JSON is.
struct Refused<'a>(&'a str);

impl<'a> Deserializer<'a> for Refused<'a> {
    type Error = Mismatch;

    fn deserialize_any<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        visitor.visit_borrowed_bytes(self.0.as_bytes())
    }

    serde::forward_to_deserialize_any! {
        <V: Visitor<'a>>
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

const KEY: &str = "key";
const VALUE: &str = "value";

/// A member of an object as a pair of a key and a value.
struct Pair<'a> {
    member: &'a Member<'a>,
    gives: Option<&'static str>,
    of: Lenient<'a>,
}

impl<'a> MapAccess<'a> for Pair<'a> {
    type Error = Mismatch;

    fn next_key_seed<S: DeserializeSeed<'a>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Mismatch> {
        match self.gives {
            Some(name) => seed
                .deserialize(BorrowedStrDeserializer::new(name))
                .map(Some),
            None => Ok(None),
        }
    }

    fn next_value_seed<S: DeserializeSeed<'a>>(&mut self, seed: S) -> Result<S::Value, Mismatch> {
        if self.gives == Some(KEY) {
            self.gives = Some(VALUE);
            return seed.deserialize(self.of.at(Place::Text(&self.member.name)));
        }
        self.gives = None;
        seed.deserialize(self.of.at(Place::Value(&self.member.value)))
    }
}
