//! A deserializer of generated types that accepts fields of another type than documented.

use serde::de::value::{BorrowedStrDeserializer, F64Deserializer};
use serde::de::{
    self, DeserializeOwned, DeserializeSeed, Deserializer, IntoDeserializer, MapAccess, SeqAccess,
    Unexpected, Visitor,
};

use super::mismatch::Mismatch;
use super::parse::is_number;
use super::value::{Json, Member};
use crate::wire::exact;

/// The maximum number of fields of one record that are rejected separately. After that, the group that contains them is
/// rejected.
const MAX_REJECTIONS: usize = 64;

/// Decodes a value leniently.
///
/// Where the type of a field requires it, a number or boolean is read as a string, a numeric string as a number, and an
/// object as a list of pairs. Any other value that a field of an [`Object`](crate::wire::Object) cannot take is kept in
/// `extra` of the object. Required strings named in `optional` are empty when missing.
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
/// Returns the mismatch if a required field is missing or cannot take its value.
pub fn decode<T: DeserializeOwned>(
    json: &Json<'_>,
    optional: &[&'static str],
) -> Result<T, Mismatch> {
    let mut rejections = 0;
    loop {
        let whole = Lenient {
            value: Input::Value(json),
            optional,
            outermost: rejections >= MAX_REJECTIONS,
            depth: 0,
        };
        match T::deserialize(whole) {
            Err(mismatch) if mismatch.is_rejected => rejections += 1,
            outcome => return outcome,
        }
    }
}

/// The value to decode.
#[derive(Clone, Copy)]
enum Input<'a> {
    Value(&'a Json<'a>),
    /// A member of an object that is read as a list of pairs.
    Pair(&'a Member<'a>),
    /// A string: the name of a member, or an empty string in place of a missing one.
    Text(&'a str),
}

#[derive(Clone, Copy)]
struct Lenient<'a> {
    value: Input<'a>,
    optional: &'a [&'static str],
    /// Only fields of the record and of its groups are rejected.
    outermost: bool,
    /// The number of enclosing arrays and objects.
    depth: usize,
}

impl<'a> Lenient<'a> {
    fn at(self, value: Input<'a>) -> Self {
        Self {
            value,
            depth: self.depth + 1,
            ..self
        }
    }

    fn rejected<V: Visitor<'a>>(self, visitor: &V) -> Mismatch {
        let unexpected = match self.value {
            Input::Pair(_) => Unexpected::Map,
            Input::Text(text) => Unexpected::Str(text),
            Input::Value(value) => match value {
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

    /// Returns the text of a number or numeric string.
    fn number(self) -> Option<&'a str> {
        match self.value {
            Input::Value(Json::Number(text)) => Some(text),
            Input::Value(Json::String(text)) => Some(&**text).filter(|text| is_number(text)),
            _ => None,
        }
    }

    fn integer<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        let Some(number) = self.number().and_then(exact::integer) else {
            return Err(self.rejected(&visitor));
        };
        if let Ok(number) = u64::try_from(number) {
            return visitor.visit_u64(number);
        }
        match i64::try_from(number) {
            Ok(number) => visitor.visit_i64(number),
            Err(_) => Err(self.rejected(&visitor)),
        }
    }

    fn float<V: Visitor<'a>>(number: f64, visitor: V) -> Result<V::Value, Mismatch> {
        match exact::is_safe(number) {
            true => visitor.visit_f64(number),
            // The number is exact, which a visitor cannot verify.
            false => visitor.visit_newtype_struct(F64Deserializer::new(number)),
        }
    }

    fn string<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        let text = match self.value {
            Input::Value(Json::String(text)) => return visitor.visit_borrowed_str(text),
            Input::Text(text) => return visitor.visit_borrowed_str(text),
            Input::Value(Json::Number(text)) => &**text,
            Input::Value(Json::Bool(true)) => "true",
            Input::Value(Json::Bool(false)) => "false",
            _ => return Err(self.rejected(&visitor)),
        };
        // The type decides whether it accepts this text.
        visitor.visit_newtype_struct(BorrowedStrDeserializer::new(text))
    }

    fn list<V: Visitor<'a>>(self, items: &'a [Json<'a>], visitor: V) -> Result<V::Value, Mismatch> {
        visitor.visit_seq(Items {
            items: items.iter().map(Input::Value),
            index: 0,
            parent: self,
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
            member.is_none_or(|member| member.rejected.get().is_some())
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
            parent: self,
        });
        outcome.map_err(|mismatch| {
            // The reason for the rejection is more specific than the missing field.
            let member = members
                .iter()
                .find(|member| mismatch.missing == Some(&*member.name) && mismatch.path.is_empty());
            match member.and_then(|member| member.rejected.get()) {
                Some(rejected) => rejected.clone(),
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
            Input::Pair(_) => Err(self.rejected(&visitor)),
            Input::Text(text) => visitor.visit_borrowed_str(text),
            Input::Value(value) => match value {
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
            Input::Value(Json::Null) => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_bool<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        match self.value {
            Input::Value(Json::Bool(value)) => visitor.visit_bool(*value),
            _ => Err(self.rejected(&visitor)),
        }
    }

    integers! {
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_i128
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_u128
    }

    fn deserialize_f64<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        match self.number().and_then(exact::float) {
            Some(number) => Self::float(number, visitor),
            None => Err(self.rejected(&visitor)),
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
            Input::Value(Json::Array(items)) => self.list(items, visitor),
            Input::Value(Json::Object(members)) => visitor.visit_seq(Items {
                items: members.iter().map(Input::Pair),
                index: 0,
                parent: self,
            }),
            _ => Err(self.rejected(&visitor)),
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
            Input::Value(Json::Object(members)) => self.members(members, fields, visitor),
            Input::Value(Json::Array(items)) => self.list(items, visitor),
            Input::Pair(member) if fields.contains(&KEY) && fields.contains(&VALUE) => visitor
                .visit_map(Pair {
                    member,
                    next_field: Some(KEY),
                    parent: self,
                }),
            _ => Err(self.rejected(&visitor)),
        }
    }

    fn deserialize_unit<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        match self.value {
            Input::Value(Json::Null) => visitor.visit_unit(),
            _ => Err(self.rejected(&visitor)),
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
            Input::Value(Json::String(text)) => visitor.visit_enum((&**text).into_deserializer()),
            _ => Err(self.rejected(&visitor)),
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
    parent: Lenient<'a>,
}

impl<'a, I: Iterator<Item = Input<'a>>> SeqAccess<'a> for Items<'a, I> {
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
        match seed.deserialize(self.parent.at(item)) {
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
    /// Only a field can reject a value.
    has_fields: bool,
    /// The name of a required string that is missing.
    added: Option<&'static str>,
    parent: Lenient<'a>,
}

impl<'a, I: Iterator<Item = &'a Member<'a>>> MapAccess<'a> for Members<'a, I> {
    type Error = Mismatch;

    fn next_key_seed<S: DeserializeSeed<'a>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Mismatch> {
        self.member = self.members.next();
        match self.member {
            Some(member) if self.has_fields && member.rejected.get().is_some() => {
                seed.deserialize(RejectedName(&member.name)).map(Some)
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
            return seed.deserialize(self.parent.at(Input::Text("")));
        };
        seed.deserialize(self.parent.at(Input::Value(&member.value)))
            .map_err(|mut mismatch| {
                mismatch.path.push(member.name.clone().into_owned());
                // The number of groups and of their fields is small.
                let may_be_rejected =
                    self.has_fields && (!self.parent.outermost || self.parent.depth <= 1);
                if may_be_rejected && !mismatch.is_rejected {
                    let cause = Mismatch {
                        is_rejected: false,
                        ..mismatch.clone()
                    };
                    mismatch.is_rejected = member.rejected.set(cause).is_ok();
                }
                mismatch
            })
    }
}

/// The name of a field that could not take its value, passed as bytes, which JSON does not have.
struct RejectedName<'a>(&'a str);

impl<'a> Deserializer<'a> for RejectedName<'a> {
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
    next_field: Option<&'static str>,
    parent: Lenient<'a>,
}

impl<'a> MapAccess<'a> for Pair<'a> {
    type Error = Mismatch;

    fn next_key_seed<S: DeserializeSeed<'a>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Mismatch> {
        match self.next_field {
            Some(name) => seed
                .deserialize(BorrowedStrDeserializer::new(name))
                .map(Some),
            None => Ok(None),
        }
    }

    fn next_value_seed<S: DeserializeSeed<'a>>(&mut self, seed: S) -> Result<S::Value, Mismatch> {
        if self.next_field == Some(KEY) {
            self.next_field = Some(VALUE);
            return seed.deserialize(self.parent.at(Input::Text(&self.member.name)));
        }
        self.next_field = None;
        seed.deserialize(self.parent.at(Input::Value(&self.member.value)))
    }
}
