//! The version that follows a change.

use std::fmt;

use serde::{Serialize, Serializer};

use crate::class::Class;

/// A version of the workspace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version(pub u64, pub u64, pub u64);

impl Version {
    /// Returns the version of this workspace.
    #[must_use]
    pub fn of_workspace() -> Self {
        let number = |text: &str| text.parse().unwrap_or_default();
        Self(
            number(env!("CARGO_PKG_VERSION_MAJOR")),
            number(env!("CARGO_PKG_VERSION_MINOR")),
            number(env!("CARGO_PKG_VERSION_PATCH")),
        )
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.0, self.1, self.2)
    }
}

impl Serialize for Version {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// The step from one version to the next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Step {
    /// The current version of the workspace.
    pub now: Version,
    /// The minimum next version.
    pub next: Version,
    /// The kind of the step: `major`, `minor`, `patch` or `none`.
    pub step: &'static str,
}

impl Step {
    /// Follows cargo's rules: before 1.0, a new minor version is breaking; before 0.1, every version is.
    #[must_use]
    pub fn after(now: Version, class: Option<Class>) -> Self {
        let Version(major, minor, patch) = now;
        let (step, next) = match (class, major, minor) {
            (None, ..) => ("none", now),
            (Some(Class::Breaking), 1.., _) => ("major", Version(major + 1, 0, 0)),
            (Some(Class::Addition | Class::Deprecation), 1.., _)
            | (Some(Class::Breaking), 0, 1..) => ("minor", Version(major, minor + 1, 0)),
            (Some(_), ..) => ("patch", Version(major, minor, patch + 1)),
        };
        Self { now, next, step }
    }
}
