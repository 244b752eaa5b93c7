//! Names in a normalized form, in which `sessionId`, `session_id` and `SessionId` are equal.

/// The letters and digits of a name, in lower case: independent of the case conversion by the generator.
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

    /// Returns the name of an inner part: the generator joins the names of the outer and the inner part.
    pub(super) fn with(&self, inner: &str) -> Self {
        Self(format!("{}{}", self.0, Self::of(inner).0))
    }

    /// Returns `true` if this may be the name of a part inside `outer`.
    pub(super) fn is_within(&self, outer: &Self) -> bool {
        !outer.0.is_empty() && self.0.starts_with(&outer.0)
    }
}
