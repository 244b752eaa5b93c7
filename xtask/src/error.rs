//! What can go wrong, told with its place.

use std::fmt;
use std::path::PathBuf;

/// Why nothing was generated. Whatever it is, the files are as they were.
#[derive(Debug)]
pub enum Error {
    /// A file could not be read or written.
    File {
        /// Which file.
        path: PathBuf,
        /// What was tried, as in "failed to read".
        tried: &'static str,
        /// What the system said.
        source: std::io::Error,
    },
    /// The document could not be had as it was at a revision.
    Revision {
        /// The revision.
        revision: String,
        /// Why, and what to do.
        why: String,
    },
    /// The folder for a scratch crate holds something else.
    Occupied(PathBuf),
    /// The document is no YAML or JSON, or the accepted are none.
    Syntax {
        /// The file.
        path: PathBuf,
        /// Where: line and column, both from 1.
        place: Option<(u64, u64)>,
        /// What is wrong.
        message: String,
    },
    /// The document is no OpenAPI document of version 3.0.
    Schema {
        /// The document.
        path: PathBuf,
        /// Where, as a JSON pointer.
        pointer: String,
        /// What is wrong.
        message: String,
    },
    /// The generator refused operations, or panicked over them.
    Generator(Vec<Refused>),
    /// This tool itself panicked.
    Bug(Vec<Refused>),
    /// The generated code is not what it has to be.
    Output(Vec<String>),
    /// Fixups change our document in other places than they did.
    Counts(Vec<String>),
    /// The document has what is not generated, and all of it was asked for.
    LeftOut(Vec<Refused>),
    /// What the facade weighs could not be found out, and why.
    Weighing(String),
    /// The map of the facade is not true.
    Map {
        /// The map.
        path: PathBuf,
        /// What is wrong with it, each with what to do.
        broken: Vec<String>,
    },
    /// A command could not be run, or failed.
    Command {
        /// The command.
        command: String,
        /// What it said.
        said: String,
    },
    /// A file of Rust source is none.
    Source {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        message: String,
    },
}

/// An operation that the generator did not take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// The operation, or what else was being generated.
    pub what: String,
    /// What the generator said.
    pub reason: String,
}

impl Error {
    /// Returns the message with those of its causes, separated by colons.
    #[must_use]
    pub fn with_causes(&self) -> String {
        let mut text = self.to_string();
        let mut cause = std::error::Error::source(self);
        while let Some(inner) = cause {
            text.push_str(": ");
            text.push_str(&inner.to_string());
            cause = inner.source();
        }
        text
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File { path, tried, .. } => write!(f, "{tried} {}", path.display()),
            Self::Revision { revision, why } => {
                write!(
                    f,
                    "failed to get the document of revision `{revision}`: {why}"
                )
            }
            Self::Weighing(why) => f.write_str(why),
            Self::Occupied(path) => write!(
                f,
                "{} was left as it is: it holds files, and it is no scratch crate of this command (there is no \
                 Cargo.toml that says so in its first line); name a new or an empty folder with --out, or remove that \
                 one yourself",
                path.display()
            ),
            Self::Syntax {
                path,
                place,
                message,
            } => {
                write!(f, "{}", path.display())?;
                if let Some((line, column)) = place {
                    write!(f, ":{line}:{column}")?;
                }
                write!(f, ": not readable: {message}; mend the file there")
            }
            Self::Schema {
                path,
                pointer,
                message,
            } => {
                write!(
                    f,
                    "{}#{pointer}: {message}; mend the document there",
                    path.display()
                )
            }
            Self::Generator(refused) => {
                write!(
                    f,
                    "the generator did not take the document; add or mend a fixup for:"
                )?;
                lines(f, refused)
            }
            Self::Bug(refused) => {
                write!(
                    f,
                    "a bug of this tool, which panicked over the operations below; nothing was written; mend it, or take \
                     them out of the document until then:"
                )?;
                lines(f, refused)
            }
            Self::Output(broken) => {
                write!(
                    f,
                    "the generated code is not what it has to be, so a fixup or a setting no longer works as meant:"
                )?;
                broken.iter().try_for_each(|line| write!(f, "\n  {line}"))
            }
            Self::Counts(moved) => {
                write!(
                    f,
                    "the fixups change the document in other places than they did; look at each, and if it is meant, run \
                     `cargo xtask generate --accept-counts`:"
                )?;
                moved.iter().try_for_each(|line| write!(f, "\n  {line}"))
            }
            Self::LeftOut(refused) => {
                write!(
                    f,
                    "not everything can be generated, and --strict asks for that; nothing was written; take the following \
                     out of the document, or leave --strict out:"
                )?;
                lines(f, refused)
            }
            Self::Map { path, broken } => {
                write!(f, "{} is not true:", path.display())?;
                for line in broken {
                    write!(f, "\n  {line}")?;
                }
                Ok(())
            }
            Self::Command { command, said } => write!(f, "`{command}` failed: {said}"),
            Self::Source { path, message } => {
                write!(
                    f,
                    "{}: not readable as Rust: {message}; mend it there",
                    path.display()
                )
            }
        }
    }
}

fn lines(f: &mut fmt::Formatter<'_>, refused: &[Refused]) -> fmt::Result {
    for Refused { what, reason } in refused {
        write!(f, "\n  {what}: {reason}")?;
    }
    Ok(())
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::File { source, .. } => Some(source),
            _ => None,
        }
    }
}
