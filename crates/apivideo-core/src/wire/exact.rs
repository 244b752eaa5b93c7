//! Numbers without loss of digits: a number that an `f64` may not represent exactly is rejected, and then read from its
//! text.

use std::fmt;

use serde::de::{self, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Unexpected, Visitor};
use serde_json::Number;

use super::forward::forward_deserializer;

/// The largest integer below which every integer is exact in an `f64`.
const INTEGERS: f64 = 9_007_199_254_740_992.0;

/// Returns `true` if the number identifies its decimal form, which holds for up to 15 significant digits.
#[inline]
pub(super) fn is_safe(number: f64) -> bool {
    // The common case of up to six decimals takes two operations.
    const SCALE: f64 = 1e6;
    let scaled = number * SCALE;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        reason = "only a number that is unchanged is accepted"
    )]
    let rounded = (scaled + 0.5_f64.copysign(scaled)) as i64 as f64;
    #[expect(clippy::float_cmp, reason = "the comparison is exact on purpose")]
    let is_short = number.abs() < 1e9 && rounded / SCALE == number;
    is_short || (number.abs() < INTEGERS && digits(&format!("{number:e}")).0.len() <= 15)
}

/// Parses a JSON number, or returns `None` if it has more digits than an `f64` holds.
pub(super) fn float(text: &str) -> Option<f64> {
    let number: f64 = text.parse().ok()?;
    let is_exact = number.is_finite() && digits(text) == digits(&format!("{number:e}"));
    is_exact.then_some(number)
}

/// Parses a JSON number, or returns `None` if `serde_json` cannot represent it exactly.
pub(super) fn number(text: &str) -> Option<Number> {
    if let Ok(number) = text.parse::<u64>() {
        return Some(number.into());
    }
    match text.parse::<i64>() {
        Ok(number) if text != "-0" => Some(number.into()),
        _ => Number::from_f64(float(text)?),
    }
}

/// Parses a JSON number as an integer, which may be written with a fraction or an exponent.
pub(super) fn integer(text: &str) -> Option<i128> {
    if let Ok(number) = text.parse() {
        return Some(number);
    }
    let number = float(text)?;
    #[expect(clippy::cast_possible_truncation, reason = "whole and in bounds")]
    (number.fract() == 0.0 && number.abs() <= INTEGERS).then_some(number as i128)
}

/// Returns the significant digits of a number, and the power of ten of the first one.
fn digits(text: &str) -> (String, i64) {
    let text = text.trim_start_matches(['-', '+']);
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all = format!("{whole}{fraction}");
    let significant = all.trim_start_matches('0');
    if significant.is_empty() {
        return (String::new(), 0);
    }
    let length = |text: &str| i64::try_from(text.len()).unwrap_or(i64::MAX);
    let zeros = length(&all) - length(significant);
    let exponent = exponent.parse::<i64>().unwrap_or(i64::MAX);
    let power = exponent.saturating_add(length(whole) - zeros - 1);
    (significant.trim_end_matches('0').to_owned(), power)
}

/// A deserializer or visitor that rejects numbers that may have lost digits.
pub(super) struct Exact<T>(pub(super) T);

/// The visitor of an optional field.
pub(super) struct Optional<V>(pub(super) V);

/// The visitor of an `f64`.
pub(super) struct Float<V>(pub(super) V);

impl<'de, D: Deserializer<'de>> Deserializer<'de> for Exact<D> {
    type Error = D::Error;

    #[inline]
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.0.deserialize_any(Exact(visitor))
    }

    #[inline]
    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.0.deserialize_f64(Float(visitor))
    }

    forward_deserializer! {
        0: deserialize_option() deserialize_seq() deserialize_ignored_any()
        deserialize_struct(name: &'static str, fields: &'static [&'static str])
    }
}

#[cold]
fn inexact<E: de::Error>(number: f64) -> E {
    E::invalid_value(
        Unexpected::Float(number),
        &"a number that a float represents exactly",
    )
}

/// Visits any value, including the numbers in arrays and objects.
impl<'de, V: Visitor<'de>> Visitor<'de> for Exact<V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.expecting(f)
    }

    #[inline]
    fn visit_bool<E: de::Error>(self, value: bool) -> Result<V::Value, E> {
        self.0.visit_bool(value)
    }

    #[inline]
    fn visit_i64<E: de::Error>(self, number: i64) -> Result<V::Value, E> {
        self.0.visit_i64(number)
    }

    #[inline]
    fn visit_u64<E: de::Error>(self, number: u64) -> Result<V::Value, E> {
        self.0.visit_u64(number)
    }

    #[inline]
    fn visit_f64<E: de::Error>(self, number: f64) -> Result<V::Value, E> {
        match is_safe(number) {
            true => self.0.visit_f64(number),
            false => Err(inexact(number)),
        }
    }

    #[inline]
    fn visit_str<E: de::Error>(self, text: &str) -> Result<V::Value, E> {
        self.0.visit_str(text)
    }

    #[inline]
    fn visit_borrowed_str<E: de::Error>(self, text: &'de str) -> Result<V::Value, E> {
        self.0.visit_borrowed_str(text)
    }

    #[inline]
    fn visit_string<E: de::Error>(self, text: String) -> Result<V::Value, E> {
        self.0.visit_string(text)
    }

    #[inline]
    fn visit_unit<E: de::Error>(self) -> Result<V::Value, E> {
        self.0.visit_unit()
    }

    #[inline]
    fn visit_none<E: de::Error>(self) -> Result<V::Value, E> {
        self.0.visit_none()
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<V::Value, D::Error> {
        self.0.visit_some(Exact(deserializer))
    }

    /// Visits a number that the deserializer knows to be exact.
    fn visit_newtype_struct<D: Deserializer<'de>>(
        self,
        deserializer: D,
    ) -> Result<V::Value, D::Error> {
        deserializer.deserialize_any(self.0)
    }

    #[inline]
    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<V::Value, A::Error> {
        self.0.visit_seq(Exact(list))
    }

    #[inline]
    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<V::Value, A::Error> {
        self.0.visit_map(Exact(map))
    }
}

impl<'de, A: SeqAccess<'de>> SeqAccess<'de> for Exact<A> {
    type Error = A::Error;

    #[inline]
    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, A::Error> {
        self.0.next_element_seed(Exact(seed))
    }

    #[inline]
    fn size_hint(&self) -> Option<usize> {
        self.0.size_hint()
    }
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Exact<A> {
    type Error = A::Error;

    #[inline]
    fn next_key_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, A::Error> {
        self.0.next_key_seed(seed)
    }

    #[inline]
    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, A::Error> {
        self.0.next_value_seed(Exact(seed))
    }

    #[inline]
    fn size_hint(&self) -> Option<usize> {
        self.0.size_hint()
    }
}

impl<'de, S: DeserializeSeed<'de>> DeserializeSeed<'de> for Exact<S> {
    type Value = S::Value;

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<S::Value, D::Error> {
        self.0.deserialize(Exact(deserializer))
    }
}

impl<'de, V: Visitor<'de>> Visitor<'de> for Optional<V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.expecting(f)
    }

    #[inline]
    fn visit_unit<E: de::Error>(self) -> Result<V::Value, E> {
        self.0.visit_unit()
    }

    #[inline]
    fn visit_none<E: de::Error>(self) -> Result<V::Value, E> {
        self.0.visit_none()
    }

    #[inline]
    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<V::Value, D::Error> {
        self.0.visit_some(Exact(deserializer))
    }
}

impl<'de, V: Visitor<'de>> Visitor<'de> for Float<V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.expecting(f)
    }

    #[inline]
    fn visit_i64<E: de::Error>(self, number: i64) -> Result<V::Value, E> {
        match number.unsigned_abs() <= INTEGERS as u64 {
            true => self.0.visit_i64(number),
            false => Err(E::invalid_value(
                Unexpected::Signed(number),
                &"a number that a float represents exactly",
            )),
        }
    }

    #[inline]
    fn visit_u64<E: de::Error>(self, number: u64) -> Result<V::Value, E> {
        match number <= INTEGERS as u64 {
            true => self.0.visit_u64(number),
            false => Err(E::invalid_value(
                Unexpected::Unsigned(number),
                &"a number that a float represents exactly",
            )),
        }
    }

    #[inline]
    fn visit_f64<E: de::Error>(self, number: f64) -> Result<V::Value, E> {
        match is_safe(number) {
            true => self.0.visit_f64(number),
            false => Err(inexact(number)),
        }
    }

    /// Visits a number that the deserializer knows to be exact.
    fn visit_newtype_struct<D: Deserializer<'de>>(
        self,
        deserializer: D,
    ) -> Result<V::Value, D::Error> {
        deserializer.deserialize_f64(self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_float_is_exact_if_it_has_all_digits() {
        for text in [
            "0",
            "-0",
            "7",
            "7.0",
            "7.25",
            "1.10",
            "0.1",
            "-3",
            "1e300",
            "1E+300",
            "100e-2",
            "0.30000000000000004",
            "9007199254740992",
            "1000000000000000000000",
            "5e-324",
            "2147483648",
        ] {
            assert!(float(text).is_some(), "{text}");
        }
        for text in [
            "9007199254740993",
            "123456789012345678901234567890",
            "1e400",
            "-1e400",
            "0.1000000000000000055",
            "1.000000000000000000001",
        ] {
            assert_eq!(float(text), None, "{text}");
        }
    }

    #[test]
    fn a_number_takes_the_first_type_that_represents_it() {
        let shown = |text: &str| number(text).map(|number| number.to_string());
        for (text, expected) in [
            ("18446744073709551615", Some("18446744073709551615")),
            ("-9223372036854775808", Some("-9223372036854775808")),
            ("18446744073709551616", None),
            ("18446744073709551615000", None),
            ("9007199254740993", Some("9007199254740993")),
            ("1.10", Some("1.1")),
            ("-0", Some("-0.0")),
            ("1e400", None),
        ] {
            assert_eq!(shown(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn an_integer_may_be_written_as_a_float() {
        for (text, expected) in [
            ("7", Some(7)),
            ("7.0", Some(7)),
            ("1e2", Some(100)),
            ("-1", Some(-1)),
            ("7.5", None),
            ("1e300", None),
        ] {
            assert_eq!(integer(text), expected, "{text}");
        }
    }

    #[test]
    fn a_safe_number_has_up_to_15_digits() {
        for number in [
            0.0,
            -0.0,
            7.25,
            -0.1,
            1.5e-9,
            999_999_999.123_456,
            123_456_789_012_345.0,
        ] {
            assert!(is_safe(number), "{number}");
        }
        for number in [
            0.1 + 0.2,
            1e300,
            9_007_199_254_740_992.0,
            f64::NAN,
            f64::INFINITY,
        ] {
            assert!(!is_safe(number), "{number}");
        }
    }
}
