//! Where a list stood when it had to stop, kept in a file.

use std::ffi::OsString;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use etcetera::BaseStrategy;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::args::Format;
use crate::failure::{Failure, because};
use crate::output::{Before, Layout};

/// The form that this release writes and reads.
const VERSION: u32 = 1;

/// Where a list stood, and what was written of it. It holds ids and fingerprints, and neither keys nor filters.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Checkpoint {
    version: u32,
    /// How it was written: what follows is to be appended.
    output: String,
    fields: Option<Vec<String>>,
    /// How many items were written.
    pub(crate) written: u64,
    /// Where the columns of a table stand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    layout: Option<Layout>,
    cursor: Value,
}

impl Checkpoint {
    pub(crate) fn new(
        format: Format,
        fields: Option<Vec<String>>,
        before: Before,
        cursor: &impl Serialize,
    ) -> Result<Self, Failure> {
        Ok(Self {
            version: VERSION,
            output: name(format),
            fields,
            written: before.written,
            layout: before.layout,
            cursor: serde_json::to_value(cursor)
                .map_err(|error| Failure::failed(because("the cursor can't be written", error)))?,
        })
    }

    /// Reads the file; `None` where there is none.
    pub(crate) fn read(path: &Path) -> Result<Option<Self>, Failure> {
        let told = |why: &str, error: Box<dyn std::error::Error + Send + Sync>| {
            Failure::usage(because(
                format!("the checkpoint {} {why}", path.display()),
                error,
            ))
        };
        let text = match std::fs::read(path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(told("can't be read", error.into())),
        };
        let checkpoint: Self = serde_json::from_slice(&text).map_err(|error| {
            told(
                "can't be understood; give another file, or remove it to begin anew",
                error.into(),
            )
        })?;
        if checkpoint.version != VERSION {
            return Err(Failure::usage(format!(
                "the checkpoint {} is of version {}, and this release reads version {VERSION}; resume it with the release \
                 that wrote it",
                path.display(),
                checkpoint.version
            )));
        }
        Ok(Some(checkpoint))
    }

    /// What was written, to be gone on from.
    pub(crate) fn before(&self) -> Before {
        Before {
            written: self.written,
            layout: self.layout.clone(),
        }
    }

    /// Where the library's stream stood.
    pub(crate) fn cursor<C: DeserializeOwned>(&self) -> Result<C, Failure> {
        serde_json::from_value(self.cursor.clone()).map_err(|error| {
            Failure::usage(because(
                "the checkpoint is of another command, or was damaged; ask for the same as when it was written",
                error,
            ))
        })
    }

    /// The format to go on with; another one than before can't be appended.
    pub(crate) fn format(
        &self,
        asked: Option<Format>,
        fields: Option<&[String]>,
    ) -> Result<Format, Failure> {
        let before = Format::from_str(&self.output, false).ok();
        match (before, asked) {
            (Some(before), Some(asked)) if before != asked => Err(Failure::usage(format!(
                "the checkpoint was written with --output {}, and what comes is appended to that; ask for the same",
                self.output
            ))),
            (None, _) => Err(Failure::usage(format!(
                "the checkpoint was written with the output {:?}, which this release does not know",
                self.output
            ))),
            _ if self.fields.as_deref() != fields => Err(Failure::usage(
                "the checkpoint was written with other --fields, and what comes is appended to that; ask for the same",
            )),
            (Some(before), _) => Ok(before),
        }
    }

    /// Writes the file whole, or leaves the one that is there.
    pub(crate) fn write(&self, path: &Path) -> Result<(), Failure> {
        let folder = match path.parent() {
            Some(folder) if folder.as_os_str() != "" => folder,
            _ => Path::new("."),
        };
        let save = || -> io::Result<()> {
            std::fs::create_dir_all(folder)?;
            let mut file = tempfile::NamedTempFile::new_in(folder)?;
            serde_json::to_writer(&mut file, self)?;
            file.write_all(b"\n")?;
            file.as_file().sync_all()?;
            file.persist(path)?;
            Ok(())
        };
        save().map_err(|error| {
            Failure::failed(because(
                format!("the checkpoint {} can't be written", path.display()),
                error,
            ))
        })
    }
}

fn name(format: Format) -> String {
    format
        .to_possible_value()
        .map_or_else(String::new, |value| value.get_name().to_owned())
}

/// Where a checkpoint goes that no place was given for: one for each command line, in the platform's folder for state.
pub(crate) fn usual(arguments: &[OsString]) -> PathBuf {
    let mut hasher = DefaultHasher::new();
    arguments.hash(&mut hasher);
    let folder = etcetera::base_strategy::choose_native_strategy()
        .map(|strategy| {
            strategy
                .state_dir()
                .unwrap_or_else(|| strategy.data_dir())
                .join("apivideo")
        })
        .unwrap_or_default();
    folder.join(format!("checkpoint-{:016x}.json", hasher.finish()))
}
