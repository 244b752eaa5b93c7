//! Objects that keep unknown fields.

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
use super::forward::forward_deserializer;

/// An object of a response: the documented fields as a `T`, and every other field unchanged in `extra`.
///
/// An empty array, which the service sends for an object without fields, is read as an empty object. The fields of `T` are
/// available through `Deref`; a field that is itself named `value` is `object.value.value`.
///
/// Deserialization fails for a field of another type than documented and for a number that an `f64` may not represent
/// exactly. [`json::decode`](super::json::decode) accepts both.
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
    /// The documented fields.
    #[serde(flatten)]
    pub value: T,
    /// All other fields, by name.
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

/// Deserializes `T` through a wrapper that collects the fields `T` ignores. serde's `flatten` would buffer every field
/// first.
impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    #[inline]
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut ignored = Ignored::default();
        let value = T::deserialize(CollectIgnored {
            deserializer,
            ignored: &mut ignored,
        })?;
        Ok(Self {
            value,
            extra: ignored.extra,
        })
    }
}

/// The fields that `T` ignored.
#[derive(Default)]
struct Ignored {
    extra: Extra,
    /// The name of the current field, if it cannot be borrowed from the input.
    name: Option<String>,
}

/// The deserializer passed to `T`.
struct CollectIgnored<'a, D> {
    deserializer: D,
    ignored: &'a mut Ignored,
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for CollectIgnored<'_, D> {
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
            FieldsVisitor {
                fields,
                visitor,
                ignored: self.ignored,
            },
        )
    }

    // Only a struct ignores fields.
    forward_deserializer! {
        deserializer: deserialize_any() deserialize_f64() deserialize_option() deserialize_seq() deserialize_ignored_any()
    }
}

/// Wraps the visitor of `T`.
struct FieldsVisitor<'a, V> {
    fields: &'static [&'static str],
    visitor: V,
    ignored: &'a mut Ignored,
}

impl<'de, V: Visitor<'de>> Visitor<'de> for FieldsVisitor<'_, V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.visitor.expecting(f)
    }

    #[inline]
    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<V::Value, A::Error> {
        self.visitor.visit_map(ObjectFields {
            fields: self.fields,
            map,
            name: None,
            ignored: self.ignored,
        })
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<V::Value, A::Error> {
        if list.next_element::<de::IgnoredAny>()?.is_some() {
            return Err(de::Error::invalid_type(de::Unexpected::Seq, &self));
        }
        self.visitor.visit_map(NoFields(PhantomData))
    }
}

/// The fields of an object. Each name is kept until its value is read.
struct ObjectFields<'a, 'de, A> {
    fields: &'static [&'static str],
    map: A,
    name: Option<&'de str>,
    ignored: &'a mut Ignored,
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for ObjectFields<'_, 'de, A> {
    type Error = A::Error;

    #[inline]
    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, A::Error> {
        self.map.next_key_seed(ReadName {
            fields: self.fields,
            name: &mut self.name,
            ignored: self.ignored,
            seed,
        })
    }

    #[inline]
    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, A::Error> {
        self.map.next_value_seed(ReadValue {
            name: self.name,
            ignored: self.ignored,
            seed,
        })
    }

    #[inline]
    fn size_hint(&self) -> Option<usize> {
        self.map.size_hint()
    }
}

/// Reads a name and keeps it.
struct ReadName<'a, 'de, S> {
    fields: &'static [&'static str],
    name: &'a mut Option<&'de str>,
    ignored: &'a mut Ignored,
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
        self.ignored.name = (!self.fields.contains(&name)).then(|| name.to_owned());
        self.seed.deserialize(name.into_deserializer())
    }

    /// Visits the name of a field that cannot take its value, which only the lenient decoder passes: the value is kept like
    /// that of an unknown field.
    fn visit_borrowed_bytes<E: de::Error>(self, name: &'de [u8]) -> Result<S::Value, E> {
        *self.name = str::from_utf8(name).ok();
        self.seed.deserialize(BorrowedStrDeserializer::new(""))
    }
}

/// Reads a value, or collects it if `T` ignores it.
struct ReadValue<'a, 'de, S> {
    name: Option<&'de str>,
    ignored: &'a mut Ignored,
    seed: S,
}

impl<'de, S: DeserializeSeed<'de>> DeserializeSeed<'de> for ReadValue<'_, 'de, S> {
    type Value = S::Value;

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<S::Value, D::Error> {
        self.seed.deserialize(CollectValue {
            deserializer,
            name: self.name,
            ignored: self.ignored,
        })
    }
}

/// The deserializer of a value. A value that `T` requests as ignored is collected.
struct CollectValue<'a, 'de, D> {
    deserializer: D,
    name: Option<&'de str>,
    ignored: &'a mut Ignored,
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for CollectValue<'_, 'de, D> {
    type Error = D::Error;

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        let name = self
            .name
            .map(str::to_owned)
            .or_else(|| self.ignored.name.take());
        let Some(name) = name else {
            return self.deserializer.deserialize_ignored_any(visitor);
        };
        self.ignored
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
        let capacity = if self.name == Some(ITEMS) {
            MAX_PAGE_SIZE
        } else {
            0
        };
        self.deserializer
            .deserialize_seq(ListVisitor { visitor, capacity })
    }

    forward_deserializer! {
        deserializer: deserialize_any()
        deserialize_struct(name: &'static str, fields: &'static [&'static str])
    }
}

/// The field of a page that contains its items.
const ITEMS: &str = "data";

/// The maximum number of items on a page: the bound of `pageSize` in the document.
const MAX_PAGE_SIZE: usize = 100;

/// Wraps the visitor of a list and passes it a capacity. JSON does not announce lengths, and reallocating a list of large
/// items is expensive.
struct ListVisitor<V> {
    visitor: V,
    capacity: usize,
}

impl<'de, V: Visitor<'de>> Visitor<'de> for ListVisitor<V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.visitor.expecting(f)
    }

    #[inline]
    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<V::Value, A::Error> {
        self.visitor.visit_seq(WithCapacity {
            list,
            capacity: self.capacity,
        })
    }
}

/// The items of a list, with a capacity as size hint.
struct WithCapacity<A> {
    list: A,
    capacity: usize,
}

impl<'de, A: SeqAccess<'de>> SeqAccess<'de> for WithCapacity<A> {
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
        self.list.size_hint().or(Some(self.capacity))
    }
}

/// An object without fields.
struct NoFields<E>(PhantomData<E>);

impl<'de, E: de::Error> MapAccess<'de> for NoFields<E> {
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
