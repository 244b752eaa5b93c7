//! The settings of a lake that are fixed when it is created.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::skip::is_false;
use crate::columns::SCHEMA_VERSION;
use crate::error::{Error, Result};
use crate::event_scope::EventScope;
use crate::folder::names::FileNames;
use crate::format::Format;
use crate::privacy::Privacy;

/// The settings that cannot change once a lake has files.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Settings {
    /// The version of the columns.
    pub(crate) schema: u32,
    pub(crate) format: Format,
    /// Whether Delta logs are written.
    #[serde(default, skip_serializing_if = "is_false")]
    pub(crate) delta: bool,
    /// Whether events are read.
    pub(crate) events: bool,
    #[serde(flatten)]
    pub(crate) scope: EventScope,
    /// The columns that are dropped.
    #[serde(default)]
    pub(crate) drop: Vec<String>,
    /// The columns that are hashed.
    #[serde(default)]
    pub(crate) hash: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) salt_fingerprint: Option<String>,
}

impl Settings {
    pub(crate) fn new(format: Format, events: bool, scope: EventScope, privacy: &Privacy) -> Self {
        let (drop, hash) = privacy.names();
        Self {
            schema: SCHEMA_VERSION,
            format,
            delta: false,
            events,
            scope,
            drop,
            hash,
            salt_fingerprint: privacy.salt_fingerprint(),
        }
    }

    /// Returns the settings with or without Delta logs.
    pub(crate) fn with_delta(mut self, delta: bool) -> Self {
        self.delta = delta;
        self
    }

    /// Returns how files of rows are named.
    pub(crate) fn file_names(&self) -> FileNames {
        FileNames::new(self.format, self.delta)
    }

    /// Checks that the settings of a pull are those of the lake, and returns the next action otherwise.
    pub(super) fn check(&self, requested: &Self, path: &Path) -> Result<()> {
        let path = path.display();
        if self.format != requested.format {
            return Err(Error::input(format!(
                "the options differ from those of the lake {path}: its files are {}, not {}; use the format of the lake, or \
                 convert it with `apivideo lake convert {path} --format {}`",
                self.format, requested.format, requested.format
            )));
        }
        let list = |names: &[String]| match names {
            [] => "nothing".to_owned(),
            names => names.join(", "),
        };
        let difference = if self.delta != requested.delta {
            "it has no Delta logs, which only a new lake can have".to_owned()
        } else if self.events != requested.events {
            match self.events {
                true => "it has events".to_owned(),
                false => "it has no events".to_owned(),
            }
        } else if self.scope.sample != requested.scope.sample {
            let sample = |scope: EventScope| match scope.sample {
                Some(sample) => format!("a sample of {sample}"),
                None => "all sessions".to_owned(),
            };
            format!(
                "it has the events of {}, not of {}",
                sample(self.scope),
                sample(requested.scope)
            )
        } else if self.scope.skip_unplayed != requested.scope.skip_unplayed {
            match self.scope.skip_unplayed {
                true => "the events of unplayed sessions are skipped".to_owned(),
                false => "the events of unplayed sessions are not skipped".to_owned(),
            }
        } else if self.drop != requested.drop {
            format!(
                "it drops {}, and this pull drops {}",
                list(&self.drop),
                list(&requested.drop)
            )
        } else if self.hash != requested.hash {
            format!(
                "it hashes {}, and this pull hashes {}",
                list(&self.hash),
                list(&requested.hash)
            )
        } else if self.salt_fingerprint != requested.salt_fingerprint {
            "it was hashed with another salt".to_owned()
        } else {
            return Ok(());
        };
        Err(Error::input(format!(
            "the options differ from those of the lake {path}: {difference}; use the options of the first pull, or pull into \
             another folder with `apivideo pull --out`: what the lake does not have can only be requested from the service"
        )))
    }
}
