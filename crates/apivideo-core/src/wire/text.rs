//! Strings of responses.

use std::borrow::{Borrow, Cow};
use std::cmp::Ordering;
use std::convert::Infallible;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::Deref;
use std::str::FromStr;
use std::sync::Arc;

use arrayvec::ArrayString;
use serde::de::{self, Deserializer, Visitor};
use serde::{Deserialize, Serialize, Serializer};

/// An immutable string of a response that dereferences to `str`.
///
/// Strings of up to 24 bytes, the length of an identifier, are stored inline, without an allocation. Clones of longer
/// strings share their allocation.
///
/// ```
/// use apivideo_core::wire::Text;
///
/// let country: Text = serde_json::from_str(r#""France""#)?;
/// assert_eq!(country, "France");
/// assert!(country.starts_with('F'));
/// assert_eq!(String::from(country), "France");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone)]
pub struct Text(Form);

#[derive(Clone)]
enum Form {
    Short(ArrayString<24>),
    Long(Arc<str>),
}

impl Text {
    /// Returns the string slice.
    ///
    /// ```
    /// let text = apivideo_core::wire::Text::from("France");
    /// assert_eq!(text.as_str(), "France");
    /// ```
    #[must_use]
    #[inline]
    pub fn as_str(&self) -> &str {
        match &self.0 {
            Form::Short(text) => text,
            Form::Long(text) => text,
        }
    }

    #[cold]
    #[inline(never)]
    fn long(text: &str) -> Self {
        Self(Form::Long(text.into()))
    }
}

impl Default for Text {
    fn default() -> Self {
        Self(Form::Short(ArrayString::new()))
    }
}

impl PartialEq for Text {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for Text {}

impl PartialOrd for Text {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Text {
    fn cmp(&self, other: &Self) -> Ordering {
        self.as_str().cmp(other.as_str())
    }
}

impl Hash for Text {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

impl Deref for Text {
    type Target = str;

    #[inline]
    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl AsRef<str> for Text {
    fn as_ref(&self) -> &str {
        self
    }
}

impl AsRef<[u8]> for Text {
    fn as_ref(&self) -> &[u8] {
        self.as_bytes()
    }
}

/// `Eq`, `Ord` and `Hash` are those of `str`.
impl Borrow<str> for Text {
    fn borrow(&self) -> &str {
        self
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self.as_str(), f)
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

macro_rules! compare_with {
    ($($other:ty),*) => {$(
        impl PartialEq<$other> for Text {
            fn eq(&self, other: &$other) -> bool {
                let other: &str = other;
                self.as_str() == other
            }
        }

        impl PartialEq<Text> for $other {
            fn eq(&self, other: &Text) -> bool {
                other == self
            }
        }
    )*};
}

compare_with!(str, &str, String, Cow<'_, str>);

impl From<&str> for Text {
    #[inline]
    fn from(text: &str) -> Self {
        // `ArrayString::from` would move the result once more.
        let mut short = ArrayString::new();
        match short.try_push_str(text) {
            Ok(()) => Self(Form::Short(short)),
            Err(_) => Self::long(text),
        }
    }
}

macro_rules! from_strings {
    ($($other:ty),*) => {$(
        impl From<$other> for Text {
            fn from(text: $other) -> Self {
                let text: &str = &text;
                text.into()
            }
        }
    )*};
}

from_strings!(&String, String, Box<str>, Cow<'_, str>);

impl From<Text> for String {
    fn from(text: Text) -> Self {
        text.as_str().to_owned()
    }
}

impl From<Text> for serde_json::Value {
    fn from(text: Text) -> Self {
        Self::String(text.into())
    }
}

impl FromStr for Text {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(text.into())
    }
}

impl Serialize for Text {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self)
    }
}

impl<'de> Deserialize<'de> for Text {
    #[inline]
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(TextVisitor)
    }
}

struct TextVisitor;

impl<'de> Visitor<'de> for TextVisitor {
    type Value = Text;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    #[inline]
    fn visit_str<E: de::Error>(self, text: &str) -> Result<Text, E> {
        Ok(text.into())
    }

    fn visit_string<E: de::Error>(self, text: String) -> Result<Text, E> {
        Ok(text.into())
    }

    /// Visits the text of a number or boolean, which only the lenient decoder passes.
    fn visit_newtype_struct<D: Deserializer<'de>>(self, text: D) -> Result<Text, D::Error> {
        text.deserialize_str(self)
    }
}

#[cfg(feature = "schemars")]
impl schemars::JsonSchema for Text {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "string".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string" })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeSet, HashSet};

    use super::*;

    const LONG: &str = "a string that is longer than what is stored inline";

    #[test]
    fn text_and_optional_text_have_the_same_size() {
        assert_eq!(size_of::<Text>(), 32);
        assert_eq!(size_of::<Option<Text>>(), 32);
    }

    #[test]
    fn short_strings_are_inline_and_long_strings_are_shared() {
        let is_within = |text: &Text| {
            let place = std::ptr::from_ref(text).cast::<u8>() as usize;
            (place..place + size_of::<Text>()).contains(&(text.as_str().as_ptr() as usize))
        };
        let short = Text::from("ps4mPLq8bZzjXlxwJG4cg4vl");
        assert!(is_within(&short) && is_within(&short.clone()));
        let long = Text::from("ps4mPLq8bZzjXlxwJG4cg4vl1");
        assert!(!is_within(&long));
        assert_eq!(long.as_ptr(), long.clone().as_ptr());
    }

    #[test]
    fn compares_hashes_and_formats_like_str() {
        for text in ["", "a", "psEmFwGQUAXR2lFHj5nDOpy", "zwölf", LONG] {
            let text_value = Text::from(text);
            assert_eq!(text_value, *text);
            assert_eq!(text, text_value);
            assert_eq!(text_value, text.to_owned());
            assert_eq!(Cow::from(text), text_value);
            assert_ne!(text_value, "b");
            assert_eq!(
                format!("{text_value:?}{text_value:>8}"),
                format!("{text:?}{text:>8}")
            );
            assert!(HashSet::from([text_value.clone()]).contains(text));
            assert!(BTreeSet::from([text_value.clone()]).contains(text));
            assert_eq!(text_value.cmp(&Text::from("b")), text.cmp("b"));
        }
    }

    #[test]
    fn converts_from_and_to_strings() {
        for text in ["", "short", LONG] {
            let all: [Text; 6] = [
                text.into(),
                (&text.to_owned()).into(),
                text.to_owned().into(),
                Box::<str>::from(text).into(),
                Cow::from(text).into(),
                text.parse().unwrap_or_default(),
            ];
            for text_value in all {
                assert_eq!(AsRef::<[u8]>::as_ref(&text_value), text.as_bytes());
                assert_eq!(String::from(text_value.clone()), text);
                assert_eq!(serde_json::Value::from(text_value), text);
            }
        }
        assert_eq!(Text::default(), "");
    }

    #[test]
    fn deserializes_borrowed_owned_and_escaped_strings() {
        for text in [
            r#""""#,
            r#""short""#,
            r#""\"\u00e4\n""#,
            &format!("{LONG:?}"),
        ] {
            let text_value: Text = serde_json::from_str(text).unwrap();
            let owned: Text = serde_json::from_value(serde_json::from_str(text).unwrap()).unwrap();
            let read: Text = serde_json::from_reader(text.as_bytes()).unwrap();
            assert_eq!(
                serde_json::to_value(&text_value).unwrap(),
                serde_json::from_str::<String>(text).unwrap()
            );
            assert_eq!([&text_value, &text_value], [&owned, &read]);
        }
        let error = serde_json::from_str::<Text>("7").unwrap_err().to_string();
        assert!(error.contains("expected a string"), "{error}");
    }
}
