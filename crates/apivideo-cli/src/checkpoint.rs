//! Checkpoint files: the cursor of an incomplete list, and the state of its output.

use std::ffi::OsString;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use apivideo::query::ListQuery;
use apivideo::{Cursor, ItemStream, List};
use clap::ValueEnum;
use etcetera::BaseStrategy;
use serde::{Deserialize, Serialize};

use crate::failure::{Failure, with_cause};
use crate::folder;
use crate::format::{Format, Layout, OutputOptions, ResumeState};

/// The version of the file format that this release writes and reads.
const VERSION: u32 = 4;
/// The maximum number of missing items of each kind that are recorded by name.
const MAX_NAMES: usize = 100;

/// The cursor of an incomplete list, and the state of its output. It contains ids and fingerprints, but neither API keys nor
/// filters.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Checkpoint {
    version: u32,
    /// The output format: later items are appended to the earlier ones.
    output: String,
    /// The options of the output.
    options: OutputOptions,
    /// Whether the output is the file of `--out`.
    owns_file: bool,
    /// The number of items written.
    pub(crate) written: u64,
    /// The number of bytes written.
    pub(crate) bytes: u64,
    /// The length of the output, if it is a regular file.
    pub(crate) length: Option<u64>,
    /// The columns of a table.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) layout: Option<Layout>,
    /// Items that are missing in the output.
    #[serde(default)]
    pub(crate) missing: Missing,
    /// The position in the list.
    pub(crate) cursor: Cursor,
}

/// Items of a list that are missing in its output.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Missing {
    /// Sessions whose events could not be read, by id.
    pub(crate) sessions: Named,
    /// Invalid records, by position.
    pub(crate) records: Named,
    /// Assets that do not exist, by type and id.
    pub(crate) assets: Named,
}

/// A number of items, and the names of the first of them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Named {
    pub(crate) count: u64,
    pub(crate) names: Vec<String>,
}

impl Named {
    pub(crate) fn add(&mut self, name: String) {
        self.count += 1;
        if self.names.len() < MAX_NAMES {
            self.names.push(name);
        }
    }
}

impl Missing {
    pub(crate) fn count(&self) -> u64 {
        self.sessions.count + self.records.count + self.assets.count
    }
}

impl Checkpoint {
    /// Returns the checkpoint at the start of a list.
    pub(crate) fn new(
        format: Format,
        options: OutputOptions,
        owns_file: bool,
        cursor: Cursor,
    ) -> Self {
        Self {
            version: VERSION,
            output: format.name(),
            options,
            owns_file,
            written: 0,
            bytes: 0,
            length: None,
            layout: None,
            missing: Missing::default(),
            cursor,
        }
    }

    /// Reads a file; returns `None` if it does not exist.
    pub(crate) fn read(path: &Path) -> Result<Option<Self>, Failure> {
        let shown = path.display();
        let text = match std::fs::read(path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => {
                let message = format!("cannot read the checkpoint {shown}");
                return Err(Failure::usage(with_cause(message, error)));
            }
        };
        let invalid = |error: serde_json::Error| {
            Failure::usage(with_cause(
                format!("the checkpoint {shown} is damaged"),
                error,
            ))
            .with_hint("remove it, and start over with a new output file")
        };
        /// The fields that all versions have.
        #[derive(Deserialize)]
        struct Versioned {
            version: u32,
        }
        let Versioned { version } = serde_json::from_slice(&text).map_err(invalid)?;
        if version != VERSION {
            return Err(Failure::usage(format!(
                "the checkpoint {shown} has version {version}, but this release reads version {VERSION}"
            ))
            .with_hint("resume with the release that wrote it"));
        }
        serde_json::from_slice(&text).map(Some).map_err(invalid)
    }

    /// Returns what earlier runs have written.
    pub(crate) fn resume_state(&self) -> ResumeState {
        ResumeState {
            written: self.written,
            layout: self.layout.clone(),
        }
    }

    /// Returns the stream of the rest of a list. A cursor of another list is an error.
    pub(crate) fn stream<Q: ListQuery>(
        &self,
        list: &List<Q>,
    ) -> Result<ItemStream<Q::Item>, Failure> {
        list.resume(&self.cursor).map_err(|error| {
            Failure::usage(with_cause("cannot resume from the checkpoint", error)).with_hint(
                "run the command that wrote it, or remove it and start over with a new output file",
            )
        })
    }

    /// Returns the format to resume with. Options that differ from those of the earlier run are an error, since the output is
    /// appended to.
    pub(crate) fn format(
        &self,
        requested: Option<Format>,
        options: &OutputOptions,
        owns_file: bool,
    ) -> Result<Format, Failure> {
        if self.owns_file != owns_file {
            return Err(match owns_file {
                true => Failure::usage(
                    "the checkpoint belongs to output to stdout, which --out cannot resume",
                )
                .with_hint("run the command that wrote it"),
                false => Failure::usage("the checkpoint belongs to the file of an --out option")
                    .with_hint("add the same --out as before"),
            });
        }
        let differs = |option: &str| {
            Err(
                Failure::usage(format!("the checkpoint was written with {option}")).with_hint(
                    "the output is appended to: use the same option, or start over with a new output file",
                ),
            )
        };
        match (Format::from_str(&self.output, false).ok(), requested) {
            (None, _) => Err(Failure::usage(format!(
                "the checkpoint was written with the unknown output format {:?}",
                self.output
            ))
            .with_hint("resume with the release that wrote it")),
            (Some(before), Some(requested)) if before != requested => {
                differs(&format!("--output {}", self.output))
            }
            _ if self.options.fields != options.fields => differs("different --fields"),
            _ if self.options.has_event_rows != options.has_event_rows => {
                differs("another --with-events")
            }
            _ if self.options.jq != options.jq => differs("another --jq"),
            (Some(Format::Csv), _) if self.options.csv != options.csv => {
                differs("different --csv-safe or --csv-null")
            }
            (Some(before), _) => Ok(before),
        }
    }

    /// Replaces the file atomically.
    pub(crate) fn write(&self, path: &Path) -> Result<(), Failure> {
        let folder = folder::parent(path);
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
            Failure::failed(with_cause(
                format!("cannot write the checkpoint {}", path.display()),
                error,
            ))
        })
    }
}

/// Removes the file, if it exists.
pub(crate) fn remove(path: &Path) -> Result<(), Failure> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(Failure::failed(with_cause(
            format!("cannot remove the checkpoint {}", path.display()),
            error,
        ))),
        _ => Ok(()),
    }
}

/// Returns the default path of the checkpoint of an `--out` file: beside it.
pub(crate) fn beside(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".checkpoint");
    name.into()
}

/// Returns the default path of the checkpoint of a command line without `--out`: in the platform's folder for state.
pub(crate) fn default_path(arguments: &[OsString]) -> PathBuf {
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
