//! Objects that keep what they do not know.

use std::fmt;
use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};

use serde::de::value::BorrowedStrDeserializer;
use serde::de::{
    self, DeserializeSeed, Deserializer, IntoDeserializer, MapAccess, SeqAccess, Visitor,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Extra;
use super::exact::{Exact, Float, Optional};

/// An object of a response: its known fields as a `T`, and every other field as it came.
///
/// The service's `[]`, which it sends for an object without fields, is read as one. The fields of `T` are reached
/// directly, but for one that is itself named `value`: that is `object.value.value`.
///
/// A field of another type than documented is refused, and so is a number whose digits an `f64` may not hold:
/// [`json::decode`](super::json::decode) keeps both.
///
/// ```
/// use apivideo_core::types::Location;
/// use apivideo_core::wire::Object;
///
/// let location: Object<Location> = serde_json::from_str(r#"{"country":"France","planet":"Earth"}"#)?;
/// assert_eq!(location.country.as_deref(), Some("France"));
/// assert_eq!(location.extra["planet"], "Earth");
///
/// let empty: Object<Location> = serde_json::from_str("[]")?;
/// assert_eq!(empty.country, None);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Object<T> {
    /// The fields that the document describes.
    #[serde(flatten)]
    pub value: T,
    /// The fields that it does not, under their names.
    #[serde(flatten)]
    pub extra: Extra,
}

impl<T> From<T> for Object<T> {
    fn from(value: T) -> Self {
        Self {
            value,
            extra: Extra::new(),
        }
    }
}

impl<T> Deref for Object<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T> DerefMut for Object<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.value
    }
}

/// Reads `T` through a deserializer that picks up what `T` throws away. serde's `flatten` would do the same by holding
/// every field in memory first. Measured on a page of 100 sessions without unknown fields, this takes about a
/// twelfth more time than the bare types.
impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    #[inline]
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut aside = Aside::default();
        let value = T::deserialize(Sift {
            deserializer,
            aside: &mut aside,
        })?;
        Ok(Self {
            value,
            extra: aside.extra,
        })
    }
}

/// Hands everything on as it is, but for what the implementation does by itself.
macro_rules! hand_on {
    ($($method:ident($($argument:ident: $type:ty),*))*) => {
        $(#[inline]
        fn $method<V: Visitor<'de>>(self, $($argument: $type,)* visitor: V) -> Result<V::Value, D::Error> {
            self.deserializer.$method($($argument,)* visitor)
        })*

        #[inline]
        fn is_human_readable(&self) -> bool {
            self.deserializer.is_human_readable()
        }
    };
}

/// What `T` threw away.
#[derive(Default)]
struct Aside {
    extra: Extra,
    /// The name of the pair at hand, where it is not in the input as it stands.
    name: Option<String>,
}

/// The deserializer that `T` sees.
struct Sift<'a, D> {
    deserializer: D,
    aside: &'a mut Aside,
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for Sift<'_, D> {
    type Error = D::Error;

    #[inline]
    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.deserializer.deserialize_struct(
            name,
            fields,
            Fields {
                fields,
                visitor,
                aside: self.aside,
            },
        )
    }

    // What names no fields throws none away.
    hand_on! {
        deserialize_any() deserialize_bool() deserialize_i8() deserialize_i16() deserialize_i32() deserialize_i64()
        deserialize_i128() deserialize_u8() deserialize_u16() deserialize_u32() deserialize_u64() deserialize_u128()
        deserialize_f32() deserialize_f64() deserialize_char() deserialize_str() deserialize_string()
        deserialize_bytes() deserialize_byte_buf() deserialize_option() deserialize_unit() deserialize_seq()
        deserialize_map() deserialize_identifier() deserialize_ignored_any()
        deserialize_unit_struct(name: &'static str)
        deserialize_newtype_struct(name: &'static str)
        deserialize_tuple(len: usize)
        deserialize_tuple_struct(name: &'static str, len: usize)
        deserialize_enum(name: &'static str, variants: &'static [&'static str])
    }
}

/// The visitor that stands before the one of `T`.
struct Fields<'a, V> {
    fields: &'static [&'static str],
    visitor: V,
    aside: &'a mut Aside,
}

impl<'de, V: Visitor<'de>> Visitor<'de> for Fields<'_, V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.visitor.expecting(f)
    }

    #[inline]
    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<V::Value, A::Error> {
        self.visitor.visit_map(Pairs {
            fields: self.fields,
            map,
            name: None,
            aside: self.aside,
        })
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<V::Value, A::Error> {
        if list.next_element::<de::IgnoredAny>()?.is_some() {
            return Err(de::Error::invalid_type(de::Unexpected::Seq, &self));
        }
        self.visitor.visit_map(Nothing(PhantomData))
    }
}

/// The pairs of an object, each name remembered until its value comes.
struct Pairs<'a, 'de, A> {
    fields: &'static [&'static str],
    map: A,
    name: Option<&'de str>,
    aside: &'a mut Aside,
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Pairs<'_, 'de, A> {
    type Error = A::Error;

    #[inline]
    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, A::Error> {
        self.map.next_key_seed(ReadName {
            fields: self.fields,
            name: &mut self.name,
            aside: self.aside,
            seed,
        })
    }

    #[inline]
    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, A::Error> {
        self.map.next_value_seed(ReadValue {
            name: self.name,
            aside: self.aside,
            seed,
        })
    }

    #[inline]
    fn size_hint(&self) -> Option<usize> {
        self.map.size_hint()
    }
}

/// Reads a name and remembers it.
struct ReadName<'a, 'de, S> {
    fields: &'static [&'static str],
    name: &'a mut Option<&'de str>,
    aside: &'a mut Aside,
    seed: S,
}

impl<'de, S: DeserializeSeed<'de>> DeserializeSeed<'de> for ReadName<'_, 'de, S> {
    type Value = S::Value;

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<S::Value, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl<'de, S: DeserializeSeed<'de>> Visitor<'de> for ReadName<'_, 'de, S> {
    type Value = S::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a field")
    }

    #[inline]
    fn visit_borrowed_str<E: de::Error>(self, name: &'de str) -> Result<S::Value, E> {
        *self.name = Some(name);
        self.seed.deserialize(BorrowedStrDeserializer::new(name))
    }

    fn visit_str<E: de::Error>(self, name: &str) -> Result<S::Value, E> {
        *self.name = None;
        self.aside.name = (!self.fields.contains(&name)).then(|| name.to_owned());
        self.seed.deserialize(name.into_deserializer())
    }

    /// The name of a field that cannot take its value, from the lenient decoder alone: the value is kept like that of an
    /// unknown field.
    fn visit_borrowed_bytes<E: de::Error>(self, name: &'de [u8]) -> Result<S::Value, E> {
        *self.name = str::from_utf8(name).ok();
        self.seed.deserialize(BorrowedStrDeserializer::new(""))
    }
}

/// Reads a value, or picks it up.
struct ReadValue<'a, 'de, S> {
    name: Option<&'de str>,
    aside: &'a mut Aside,
    seed: S,
}

impl<'de, S: DeserializeSeed<'de>> DeserializeSeed<'de> for ReadValue<'_, 'de, S> {
    type Value = S::Value;

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<S::Value, D::Error> {
        self.seed.deserialize(PickUp {
            deserializer,
            name: self.name,
            aside: self.aside,
        })
    }
}

/// The deserializer of a value: what is asked of it only to be thrown away belongs to no field of `T`.
struct PickUp<'a, 'de, D> {
    deserializer: D,
    name: Option<&'de str>,
    aside: &'a mut Aside,
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for PickUp<'_, 'de, D> {
    type Error = D::Error;

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        let name = self
            .name
            .map(str::to_owned)
            .or_else(|| self.aside.name.take());
        let Some(name) = name else {
            return self.deserializer.deserialize_ignored_any(visitor);
        };
        self.aside
            .extra
            .insert(name, Value::deserialize(Exact(self.deserializer))?);
        visitor.visit_unit()
    }

    #[inline]
    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.deserializer.deserialize_option(Optional(visitor))
    }

    #[inline]
    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.deserializer.deserialize_f64(Float(visitor))
    }

    #[inline]
    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        let room = if self.name == Some(ITEMS) { PAGE } else { 0 };
        self.deserializer.deserialize_seq(List { visitor, room })
    }

    hand_on! {
        deserialize_any() deserialize_bool() deserialize_i8() deserialize_i16() deserialize_i32() deserialize_i64()
        deserialize_i128() deserialize_u8() deserialize_u16() deserialize_u32() deserialize_u64() deserialize_u128()
        deserialize_f32() deserialize_char() deserialize_str() deserialize_string()
        deserialize_bytes() deserialize_byte_buf() deserialize_unit()
        deserialize_map() deserialize_identifier()
        deserialize_unit_struct(name: &'static str)
        deserialize_newtype_struct(name: &'static str)
        deserialize_tuple(len: usize)
        deserialize_tuple_struct(name: &'static str, len: usize)
        deserialize_struct(name: &'static str, fields: &'static [&'static str])
        deserialize_enum(name: &'static str, variants: &'static [&'static str])
    }
}

/// The field of a page that holds its items.
const ITEMS: &str = "data";

/// The most items that a page has: the document's bound of `pageSize`.
const PAGE: usize = 100;

/// The visitor that stands before the one of a list, and tells it what to make room for. JSON does not say how long a list is;
/// one that grows moves its items again and again, which is felt where they are large.
struct List<V> {
    visitor: V,
    room: usize,
}

impl<'de, V: Visitor<'de>> Visitor<'de> for List<V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.visitor.expecting(f)
    }

    #[inline]
    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<V::Value, A::Error> {
        self.visitor.visit_seq(Roomy {
            list,
            room: self.room,
        })
    }
}

/// The items of a list, and what to make room for.
struct Roomy<A> {
    list: A,
    room: usize,
}

impl<'de, A: SeqAccess<'de>> SeqAccess<'de> for Roomy<A> {
    type Error = A::Error;

    #[inline]
    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, A::Error> {
        self.list.next_element_seed(seed)
    }

    #[inline]
    fn size_hint(&self) -> Option<usize> {
        self.list.size_hint().or(Some(self.room))
    }
}

/// An object without fields.
struct Nothing<E>(PhantomData<E>);

impl<'de, E: de::Error> MapAccess<'de> for Nothing<E> {
    type Error = E;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, _: K) -> Result<Option<K::Value>, E> {
        Ok(None)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, _: S) -> Result<S::Value, E> {
        Err(de::Error::custom("an object without fields has no values"))
    }
}

#[cfg(test)]
mod tests;
