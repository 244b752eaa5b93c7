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
use crate::output::{Before, CsvOptions, Layout};

/// The form that this release writes and reads.
const VERSION: u32 = 2;
/// So many of each kind of missing items are named.
const NAMED: usize = 100;

/// Where a list stood, and what was written of it. It holds ids and fingerprints, and neither keys nor filters.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Checkpoint {
    version: u32,
    /// How it was written: what follows is to be appended.
    output: String,
    fields: Option<Vec<String>>,
    /// The options of CSV.
    csv: CsvOptions,
    /// Whether the command owns the file (`--out`).
    owns_file: bool,
    /// How many items were written.
    pub(crate) written: u64,
    /// How many bytes they are.
    pub(crate) bytes: u64,
    /// The length of the file that they were written to, where it is a regular one.
    pub(crate) length: Option<u64>,
    /// Where the columns of a table stand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) layout: Option<Layout>,
    /// What the output does not have.
    #[serde(default)]
    pub(crate) missing: Missing,
    cursor: Value,
}

/// What a list has and its output does not.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Missing {
    /// Sessions whose events could not be read, by their ids.
    pub(crate) sessions: Named,
    /// Invalid records, by their places.
    pub(crate) records: Named,
    /// Assets that are not there, as the error says.
    pub(crate) assets: Named,
}

/// How many there are, and the first of them by name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Named {
    pub(crate) count: u64,
    pub(crate) names: Vec<String>,
}

impl Named {
    pub(crate) fn add(&mut self, name: String) {
        self.count += 1;
        if self.names.len() < NAMED {
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
    /// Of a list that begins.
    pub(crate) fn new(
        format: Format,
        fields: Option<Vec<String>>,
        csv: CsvOptions,
        owns_file: bool,
    ) -> Self {
        Self {
            version: VERSION,
            output: name(format),
            fields,
            csv,
            owns_file,
            written: 0,
            bytes: 0,
            length: None,
            layout: None,
            missing: Missing::default(),
            cursor: Value::Null,
        }
    }

    /// Moves it to where the library's stream stands.
    pub(crate) fn stand_at(&mut self, cursor: &impl Serialize) -> Result<(), Failure> {
        self.cursor = serde_json::to_value(cursor)
            .map_err(|error| Failure::failed(because("the cursor can't be written", error)))?;
        Ok(())
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
        let damaged = |error: serde_json::Error| {
            told(
                "is damaged; remove it, and start over into a new file",
                error.into(),
            )
        };
        /// What all versions have.
        #[derive(Deserialize)]
        struct Versioned {
            version: u32,
        }
        let Versioned { version } = serde_json::from_slice(&text).map_err(damaged)?;
        if version != VERSION {
            return Err(Failure::usage(format!(
                "the checkpoint {} is of version {version}, and this release reads version {VERSION}; resume it with the release \
                 that wrote it",
                path.display(),
            )));
        }
        serde_json::from_slice(&text).map(Some).map_err(damaged)
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
                "the checkpoint is of another command, or damaged; run the command that it was written by, or remove it and start \
                 over into a new file",
                error,
            ))
        })
    }

    /// The format to go on with; another one than before can't be appended.
    pub(crate) fn format(
        &self,
        asked: Option<Format>,
        fields: Option<&[String]>,
        csv: &CsvOptions,
        owns_file: bool,
    ) -> Result<Format, Failure> {
        if self.owns_file != owns_file {
            return Err(Failure::usage(match owns_file {
                true => {
                    "the checkpoint is of output to stdout, which --out can't continue; run the command that it was written by"
                }
                false => {
                    "the checkpoint is of a file that --out writes; give the same --out as when it was written"
                }
            }));
        }
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
            (Some(Format::Csv), _) if self.csv != *csv => Err(Failure::usage(
                "the checkpoint was written with another --csv-safe or --csv-null, and what comes is appended to that; ask for the \
                 same",
            )),
            (Some(before), _) => Ok(before),
        }
    }

    /// Writes the file whole, or leaves the one that is there.
    pub(crate) fn write(&self, path: &Path) -> Result<(), Failure> {
        let folder = folder_of(path);
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

/// Removes the file, where it is there.
pub(crate) fn remove(path: &Path) -> Result<(), Failure> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(Failure::failed(because(
            format!("the checkpoint {} can't be removed", path.display()),
            error,
        ))),
        _ => Ok(()),
    }
}

/// Makes the name of a new file survive a loss of power, where the system can.
pub(crate) fn sync_folder(path: &Path) {
    // Folders can't be opened everywhere, and then there is nothing to be done.
    if let Ok(folder) = std::fs::File::open(folder_of(path)) {
        let _ = folder.sync_all();
    }
}

fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if folder.as_os_str() != "" => folder,
        _ => Path::new("."),
    }
}

fn name(format: Format) -> String {
    format
        .to_possible_value()
        .map_or_else(String::new, |value| value.get_name().to_owned())
}

/// Where the checkpoint of a file of the command's own is, unless it is given: beside it.
pub(crate) fn beside(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".checkpoint");
    name.into()
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
