//! A tree of JSON that keeps numbers as they were written.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::HashMap;
use std::fmt;

use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use super::mismatch::Mismatch;
use crate::wire::exact;

/// A JSON value that keeps numbers as they were written.
///
/// [`decode`](super::decode) reads generated types from it, and accepts fields of another type than documented.
///
/// ```
/// use apivideo_core::types::Location;
/// use apivideo_core::wire::{Object, json};
///
/// let (value, repaired) = json::parse(br#"{"country": "France", "city": ["Paris"], "zip": 75001,}"#)?;
/// let location: Object<Location> = json::decode(&value, &[])?;
/// assert_eq!(location.country.as_deref(), Some("France"));
/// assert_eq!((&location.city, &location.extra["city"][0]), (&None, &"Paris".into()));
/// assert!(repaired, "the trailing comma");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub enum Json<'a> {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number, as it was written.
    Number(Cow<'a, str>),
    /// A string.
    String(Cow<'a, str>),
    /// The text of an array or object that is nested too deeply to be parsed.
    Deep(Cow<'a, str>),
    /// An array.
    Array(Vec<Self>),
    /// An object: its members in order, with unique names.
    Object(Vec<Member<'a>>),
}

/// A member of an object.
#[derive(Clone, Debug, PartialEq)]
pub struct Member<'a> {
    /// The name.
    pub name: Cow<'a, str>,
    /// The value.
    pub value: Json<'a>,
    /// The reason why the field of this name could not take the value, set while decoding.
    pub(super) rejected: OnceCell<Mismatch>,
}

impl<'a> Member<'a> {
    /// Creates a member.
    ///
    /// ```
    /// use apivideo_core::wire::json::{Json, Member};
    ///
    /// assert_eq!(Member::new("city", Json::Null).name, "city");
    /// ```
    pub fn new(name: impl Into<Cow<'a, str>>, value: Json<'a>) -> Self {
        Self {
            name: name.into(),
            value,
            rejected: OnceCell::new(),
        }
    }
}

impl<'a> Json<'a> {
    /// Returns the value of a member, if this is an object with a member of that name.
    ///
    /// ```
    /// use apivideo_core::wire::json;
    ///
    /// let (value, _) = json::parse(br#"{"a": [1]}"#)?;
    /// assert!(value.get("a").is_some() && value.get("b").is_none());
    /// # Ok::<(), json::Damage>(())
    /// ```
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Self> {
        let Self::Object(members) = self else {
            return None;
        };
        let member = members.iter().find(|member| member.name == name)?;
        Some(&member.value)
    }

    /// Returns the text of a string.
    ///
    /// ```
    /// use apivideo_core::wire::json::Json;
    ///
    /// assert_eq!(Json::String("a".into()).as_str(), Some("a"));
    /// assert_eq!(Json::Null.as_str(), None);
    /// ```
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// Converts to a [`serde_json::Value`]. A number that `u64`, `i64` and `f64` cannot represent without loss of digits
    /// becomes a string.
    ///
    /// ```
    /// use apivideo_core::wire::json;
    ///
    /// let (value, _) = json::parse(b"[7, 123456789012345678901234567890]")?;
    /// assert_eq!(value.to_value(), serde_json::json!([7, "123456789012345678901234567890"]));
    /// # Ok::<(), json::Damage>(())
    /// ```
    #[must_use]
    pub fn to_value(&self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Bool(value) => Value::Bool(*value),
            Self::Number(text) => match exact::number(text) {
                Some(number) => Value::Number(number),
                None => Value::String(text.clone().into_owned()),
            },
            Self::String(text) | Self::Deep(text) => Value::String(text.clone().into_owned()),
            Self::Array(items) => items.iter().map(Self::to_value).collect(),
            Self::Object(members) => members
                .iter()
                .map(|member| (member.name.clone().into_owned(), member.value.to_value()))
                .collect(),
        }
    }
}

/// Deserializes from any format, so that stored data is read like responses of the service.
impl<'de> Deserialize<'de> for Json<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyJson)
    }
}

struct AnyJson;

impl<'de> Visitor<'de> for AnyJson {
    type Value = Json<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<Json<'de>, E> {
        Ok(Json::Bool(value))
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<Json<'de>, E> {
        Ok(Json::Number(number.to_string().into()))
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Json<'de>, E> {
        Ok(Json::Number(number.to_string().into()))
    }

    fn visit_i128<E: de::Error>(self, number: i128) -> Result<Json<'de>, E> {
        Ok(Json::Number(number.to_string().into()))
    }

    fn visit_u128<E: de::Error>(self, number: u128) -> Result<Json<'de>, E> {
        Ok(Json::Number(number.to_string().into()))
    }

    fn visit_f64<E: de::Error>(self, number: f64) -> Result<Json<'de>, E> {
        Ok(match number.is_finite() {
            true => Json::Number(format!("{number:?}").into()),
            false => Json::Null,
        })
    }

    fn visit_borrowed_str<E: de::Error>(self, text: &'de str) -> Result<Json<'de>, E> {
        Ok(Json::String(text.into()))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Json<'de>, E> {
        self.visit_string(text.to_owned())
    }

    fn visit_string<E: de::Error>(self, text: String) -> Result<Json<'de>, E> {
        Ok(Json::String(text.into()))
    }

    fn visit_unit<E: de::Error>(self) -> Result<Json<'de>, E> {
        Ok(Json::Null)
    }

    fn visit_none<E: de::Error>(self) -> Result<Json<'de>, E> {
        Ok(Json::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Json<'de>, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(
        self,
        deserializer: D,
    ) -> Result<Json<'de>, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Json<'de>, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = list.next_element()? {
            items.push(item);
        }
        Ok(Json::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Json<'de>, A::Error> {
        let mut members = Vec::new();
        while let Some(name) = map.next_key::<Name<'de>>()? {
            members.push(Member::new(name.0, map.next_value()?));
        }
        keep_last(&mut members);
        Ok(Json::Object(members))
    }
}

/// The name of a member, borrowed where possible.
struct Name<'de>(Cow<'de, str>);

impl<'de> Deserialize<'de> for Name<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(AnyName).map(Self)
    }
}

struct AnyName;

impl<'de> Visitor<'de> for AnyName {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a member")
    }

    fn visit_borrowed_str<E: de::Error>(self, name: &'de str) -> Result<Self::Value, E> {
        Ok(name.into())
    }

    fn visit_str<E: de::Error>(self, name: &str) -> Result<Self::Value, E> {
        Ok(name.to_owned().into())
    }
}

/// Removes members whose name occurs again later. Returns `true` if there were any.
pub(super) fn keep_last(members: &mut Vec<Member<'_>>) -> bool {
    /// Up to this number, all pairs are compared.
    const FEW: usize = 16;
    let count = members.len();
    if count <= FEW {
        let is_unique = |index: usize| {
            let (first, rest) = members.split_at(index);
            rest.first()
                .is_none_or(|member| first.iter().all(|other| other.name != member.name))
        };
        if (1..count).all(is_unique) {
            return false;
        }
    }
    let mut last: HashMap<String, usize> = HashMap::with_capacity(count);
    for (index, member) in members.iter().enumerate() {
        last.insert(member.name.clone().into_owned(), index);
    }
    let mut index = 0;
    members.retain(|member| {
        let is_last = last.get(&*member.name) == Some(&index);
        index += 1;
        is_last
    });
    members.len() < count
}
