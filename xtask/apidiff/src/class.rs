//! Classes of changes.

use serde::Serialize;

/// The class of a change for programs that use the bindings, in ascending order of severity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Class {
    /// Only documentation changes.
    DocsOnly,
    /// An addition that does not affect existing programs.
    Addition,
    /// Something is deprecated: programs compile with a warning.
    Deprecation,
    /// Programs compile as before, and calls can start to fail or to behave differently.
    MayFail,
    /// Programs may fail to compile, or their calls fail.
    Breaking,
}

impl Class {
    /// All classes, in descending order of severity.
    pub const ALL: [Self; 5] = [
        Self::Breaking,
        Self::MayFail,
        Self::Deprecation,
        Self::Addition,
        Self::DocsOnly,
    ];

    /// Returns the title of the changes of this class.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::DocsOnly => "documentation only",
            Self::Addition => "additions",
            Self::Deprecation => "deprecations",
            Self::MayFail => "calls can start to fail",
            Self::Breaking => "breaking",
        }
    }
}
