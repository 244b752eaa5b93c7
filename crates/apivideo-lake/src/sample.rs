//! A sample of sessions: the share whose events are pulled.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::error::Error;

/// The whole, in millionths.
const ALL: u32 = 1_000_000;

/// A sample of sessions, in the form `10%` or `0.5%`, from `0.0001%` to `100%`.
///
/// Whether a session is in the sample depends only on its identifier: it is, if the first 8 bytes of the SHA-256 of the
/// identifier, as a big-endian number divided by 2⁶⁴, are less than the share. A smaller sample is a part of each larger one.
///
/// ```
/// use apivideo_lake::Sample;
///
/// let sample: Sample = "10%".parse()?;
/// assert_eq!((sample.share(), sample.factor()), (0.1, 10.0));
/// let ids = (0..10_000).map(|number| format!("ps{number}"));
/// let count = ids.filter(|id| sample.contains(id)).count();
/// assert!((900..1_100).contains(&count));
/// # Ok::<(), apivideo_lake::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Sample {
    millionths: u32,
}

impl Sample {
    /// Returns whether a session is in the sample.
    ///
    /// ```
    /// let all: apivideo_lake::Sample = "100%".parse()?;
    /// assert!(all.contains("psEmFwGQUAXR2lFHj5nDOpy"));
    /// # Ok::<(), apivideo_lake::Error>(())
    /// ```
    #[must_use]
    pub fn contains(self, session_id: &str) -> bool {
        let digest = Sha256::digest(session_id.as_bytes());
        let first = digest.iter().take(8);
        let number = first.fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
        (u128::from(number) * u128::from(ALL)) >> 64 < u128::from(self.millionths)
    }

    /// Returns the share of the sessions, from 0 to 1.
    ///
    /// ```
    /// assert_eq!("2.5%".parse::<apivideo_lake::Sample>()?.share(), 0.025);
    /// # Ok::<(), apivideo_lake::Error>(())
    /// ```
    #[must_use]
    pub fn share(self) -> f64 {
        f64::from(self.millionths) / f64::from(ALL)
    }

    /// Returns the factor by which counts and durations of the sample are multiplied to estimate those of all sessions.
    ///
    /// ```
    /// assert_eq!("2.5%".parse::<apivideo_lake::Sample>()?.factor(), 40.0);
    /// # Ok::<(), apivideo_lake::Error>(())
    /// ```
    #[must_use]
    pub fn factor(self) -> f64 {
        f64::from(ALL) / f64::from(self.millionths)
    }

    pub(crate) fn is_all(self) -> bool {
        self.millionths == ALL
    }

    /// Returns how many of some sessions are about in the sample.
    pub(crate) fn of(self, sessions: u64) -> u64 {
        let sampled = u128::from(sessions) * u128::from(self.millionths);
        u64::try_from(sampled.div_ceil(u128::from(ALL))).unwrap_or(u64::MAX)
    }
}

impl fmt::Display for Sample {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, rest) = (self.millionths / 10_000, self.millionths % 10_000);
        if rest == 0 {
            return write!(f, "{whole}%");
        }
        let decimals = format!("{rest:04}");
        write!(f, "{whole}.{}%", decimals.trim_end_matches('0'))
    }
}

impl FromStr for Sample {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        parse(text)
            .filter(|millionths| (1..=ALL).contains(millionths))
            .map(|millionths| Self { millionths })
            .ok_or_else(|| {
                let shown: String = text.chars().take(32).collect();
                Error::input(format!(
                    "invalid sample {shown:?}: expected a percentage from 0.0001% to 100% with at most 4 decimals, such as 10%"
                ))
            })
    }
}

fn parse(text: &str) -> Option<u32> {
    let number = text.strip_suffix('%')?;
    let (whole, decimals) = number.split_once('.').unwrap_or((number, "0"));
    let is_decimal = |digits: &str| digits.bytes().all(|byte| byte.is_ascii_digit());
    if whole.len() > 3
        || !(1..=4).contains(&decimals.len())
        || !is_decimal(whole)
        || !is_decimal(decimals)
    {
        return None;
    }
    let whole: u32 = whole.parse().ok()?;
    let decimals: u32 = format!("{decimals:0<4}").parse().ok()?;
    Some(whole * 10_000 + decimals)
}

impl TryFrom<String> for Sample {
    type Error = Error;

    fn try_from(text: String) -> Result<Self, Error> {
        text.parse()
    }
}

impl From<Sample> for String {
    fn from(sample: Sample) -> Self {
        sample.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentages_are_shown_as_they_are_read() {
        for text in ["10%", "0.0001%", "2.5%", "99.9999%", "100%", "1.05%"] {
            assert_eq!(text.parse::<Sample>().unwrap().to_string(), text);
        }
        assert_eq!("010.50%".parse::<Sample>().unwrap().to_string(), "10.5%");
        for text in [
            "10",
            "0%",
            "0.00001%",
            "100.0001%",
            "-1%",
            "1e1%",
            "%",
            ".5%",
            "5.%",
            "+5%",
            "10 %",
        ] {
            assert!(text.parse::<Sample>().is_err(), "{text}");
        }
    }

    #[test]
    fn samples_are_nested_and_have_their_share() {
        let samples =
            ["0.1%", "1%", "10%", "50%", "100%"].map(|text| text.parse::<Sample>().unwrap());
        let mut counts = [0_u32; 5];
        for number in 0..20_000 {
            let id = format!("ps{number}");
            let contained = samples.map(|sample| sample.contains(&id));
            assert!(contained.is_sorted(), "{id}");
            for (count, is_contained) in counts.iter_mut().zip(contained) {
                *count += u32::from(is_contained);
            }
        }
        for (count, sample) in counts.into_iter().zip(samples) {
            let expected = 20_000.0 * sample.share();
            assert!(
                (f64::from(count) - expected).abs() <= 4.0 * expected.sqrt(),
                "{count} {sample}"
            );
        }
    }
}
