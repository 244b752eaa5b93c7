//! Records that could not be decoded.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A record of a page that could not be decoded.
///
/// `Debug` does not show `raw`, because it can contain personal data.
///
/// ```
/// # apivideo_simulator::doctest! { Simulator::builder().faults(FaultScript::new().rule(Rule::new().path("/videos").body(r#"{"data":[{"videoId":"vi1"},{"videoId":"vi2","title":"a"b"}]}"#))) => |client|
/// let page = client.videos().page(1).await?;
/// for error in &page.invalid {
///     let record = error.record().expect("the error of an invalid record");
///     println!("record {} ({:?}) is skipped: {}", record.index, record.id, record.raw);
/// }
/// # let record = page.invalid[0].record().unwrap();
/// # assert_eq!((record.index, record.id.as_deref()), (1, Some("vi2")));
/// # assert!(record.raw.contains(r#""title":"a"b""#));
/// # }
/// ```
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct InvalidRecord {
    /// The position on the page, counted from 0.
    pub index: usize,
    /// The identifier, if it is readable.
    pub id: Option<String>,
    /// The path of the value that could not be decoded, such as `location.city`, if it is known.
    pub path: Option<String>,
    /// The complete record: as it was received if its JSON is damaged or a field has an unexpected type, and serialized again if
    /// only its identifier is invalid. Bytes that are not UTF-8 are replaced by U+FFFD.
    pub raw: String,
}

impl fmt::Debug for InvalidRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InvalidRecord")
            .field("index", &self.index)
            .field("id", &self.id)
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}
