//! Names without their spelling, so that `sessionId`, `session_id` and `SessionId` are one.

/// Letters and digits, in lower case: names that the generator writes in another case have the same one.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct NormalizedName(String);

impl NormalizedName {
    pub(super) fn of(name: &str) -> Self {
        Self(
            name.chars()
                .filter(|character| character.is_alphanumeric())
                .flat_map(char::to_lowercase)
                .collect(),
        )
    }

    /// The name of what is inside: the generator joins the names of the outer and the inner part.
    pub(super) fn with(&self, inner: &str) -> Self {
        Self(format!("{}{}", self.0, Self::of(inner).0))
    }

    /// Whether this may be the name of something inside what has that name.
    pub(super) fn is_within(&self, outer: &Self) -> bool {
        !outer.0.is_empty() && self.0.starts_with(&outer.0)
    }
}
