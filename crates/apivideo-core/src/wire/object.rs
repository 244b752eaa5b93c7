//! Objects that keep what they do not know.

use std::fmt;
use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};

use serde::de::{
    self, DeserializeSeed, Deserializer, IntoDeserializer, MapAccess, SeqAccess, Visitor,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// An object of a reply: its known fields as a `T`, and every other field as it came.
///
/// The service's `[]`, which it sends for an object without fields, is read as one. The fields of `T` are reached
/// directly, but for one that is itself named `value`: that is `object.value.value`.
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
    pub extra: Map<String, Value>,
}

impl<T> From<T> for Object<T> {
    fn from(value: T) -> Self {
        Self {
            value,
            extra: Map::new(),
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

/// Reads `T` through a deserializer that shows it only the fields it names. serde's `flatten` would do the same by
/// holding every field in memory first; this costs one comparison of names per field.
impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut extra = Map::new();
        let value = T::deserialize(Sift {
            deserializer,
            extra: &mut extra,
        })?;
        Ok(Self { value, extra })
    }
}

/// The deserializer that `T` sees.
struct Sift<'a, D> {
    deserializer: D,
    extra: &'a mut Map<String, Value>,
}

/// Hands everything but structs on as it is: what names no fields cannot be sifted.
macro_rules! hand_on {
    ($($method:ident($($argument:ident: $type:ty),*))*) => {
        $(fn $method<V: Visitor<'de>>(self, $($argument: $type,)* visitor: V) -> Result<V::Value, D::Error> {
            self.deserializer.$method($($argument,)* visitor)
        })*
    };
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for Sift<'_, D> {
    type Error = D::Error;

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
                extra: self.extra,
            },
        )
    }

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

    fn is_human_readable(&self) -> bool {
        self.deserializer.is_human_readable()
    }
}

/// The visitor that stands before the one of `T`.
struct Fields<'a, V> {
    fields: &'static [&'static str],
    visitor: V,
    extra: &'a mut Map<String, Value>,
}

impl<'de, V: Visitor<'de>> Visitor<'de> for Fields<'_, V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.visitor.expecting(f)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<V::Value, A::Error> {
        self.visitor.visit_map(Known {
            fields: self.fields,
            map,
            extra: self.extra,
        })
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<V::Value, A::Error> {
        if list.next_element::<de::IgnoredAny>()?.is_some() {
            return Err(de::Error::invalid_type(de::Unexpected::Seq, &self));
        }
        self.visitor.visit_map(Nothing(PhantomData))
    }
}

/// The fields that `T` names; the others go aside on the way.
struct Known<'a, A> {
    fields: &'static [&'static str],
    map: A,
    extra: &'a mut Map<String, Value>,
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Known<'_, A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        mut seed: K,
    ) -> Result<Option<K::Value>, A::Error> {
        loop {
            match self.map.next_key_seed(Name {
                fields: self.fields,
                seed,
            })? {
                None => return Ok(None),
                Some(Named::Known(key)) => return Ok(Some(key)),
                Some(Named::Other(name, unused)) => {
                    self.extra.insert(name, self.map.next_value()?);
                    seed = unused;
                }
            }
        }
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, A::Error> {
        self.map.next_value_seed(seed)
    }

    fn size_hint(&self) -> Option<usize> {
        self.map.size_hint()
    }
}

/// Reads a field's name, and gives the seed back where the name is not one of `fields`.
struct Name<S> {
    fields: &'static [&'static str],
    seed: S,
}

enum Named<V, S> {
    Known(V),
    Other(String, S),
}

impl<'de, S: DeserializeSeed<'de>> DeserializeSeed<'de> for Name<S> {
    type Value = Named<S::Value, S>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl<'de, S: DeserializeSeed<'de>> Visitor<'de> for Name<S> {
    type Value = Named<S::Value, S>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a field")
    }

    fn visit_str<E: de::Error>(self, name: &str) -> Result<Self::Value, E> {
        if self.fields.contains(&name) {
            self.seed
                .deserialize(name.into_deserializer())
                .map(Named::Known)
        } else {
            Ok(Named::Other(name.to_owned(), self.seed))
        }
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
