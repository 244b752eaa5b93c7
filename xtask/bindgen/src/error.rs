//! Errors of this tool.

use std::fmt;
use std::path::PathBuf;

/// An error of a command. No file was changed.
#[derive(Debug)]
pub enum Error {
    /// A file could not be read or written.
    File {
        /// The file.
        path: PathBuf,
        /// The failed action, such as "failed to read".
        tried: &'static str,
        /// The error of the operating system.
        source: std::io::Error,
    },
    /// The document of a revision could not be read.
    Revision {
        /// The revision.
        revision: String,
        /// The reason and the next action.
        why: String,
    },
    /// The folder of a scratch crate contains other files.
    Occupied(PathBuf),
    /// A file is not valid YAML or JSON, or not a valid list of counts.
    Syntax {
        /// The file.
        path: PathBuf,
        /// Line and column, both starting at 1.
        place: Option<(u64, u64)>,
        /// The reason.
        message: String,
    },
    /// The document is not an OpenAPI 3.0 document.
    Schema {
        /// The document.
        path: PathBuf,
        /// The location as a JSON pointer.
        pointer: String,
        /// The reason.
        message: String,
    },
    /// The generator rejected operations, or panicked.
    Generator(Vec<Refused>),
    /// The generated code violates a postcondition.
    Output(Vec<String>),
    /// Fixups change other places than the accepted ones.
    Fixups(Vec<String>),
    /// Operations cannot be generated, which is an error for the document of this project, and with `--strict`.
    Omitted(Vec<Refused>),
    /// The contents of a file are invalid.
    Invalid {
        /// The file.
        path: PathBuf,
        /// The errors, each with the next action.
        broken: Vec<String>,
    },
    /// A command could not be run or failed.
    Command {
        /// The command.
        command: String,
        /// Its output.
        output: String,
    },
}

/// An operation that was not generated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// The operation or other part of the document.
    pub what: String,
    /// The reason.
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
            Self::Occupied(path) => write!(
                f,
                "{} contains files and is not a scratch crate of this command (the first line of its Cargo.toml \
                 differs); pass a new or empty folder to --out, or remove this one",
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
                write!(f, ": invalid: {message}; fix the file there")
            }
            Self::Schema {
                path,
                pointer,
                message,
            } => {
                write!(
                    f,
                    "{}#{pointer}: {message}; fix the document there",
                    path.display()
                )
            }
            Self::Generator(refused) => {
                write!(
                    f,
                    "the generator does not support the document; add or fix a fixup for:"
                )?;
                lines(f, refused)
            }
            Self::Output(broken) => {
                write!(
                    f,
                    "the generated code violates a postcondition, so a fixup or a setting no longer works as \
             intended:"
                )?;
                broken.iter().try_for_each(|line| write!(f, "\n  {line}"))
            }
            Self::Fixups(differences) => {
                write!(
                    f,
                    "fixups change other places than accepted; review each, and if all are intended, run `cargo xtask \
                     generate --accept-fixups`:"
                )?;
                differences
                    .iter()
                    .try_for_each(|line| write!(f, "\n  {line}"))
            }
            Self::Omitted(refused) => {
                write!(
                    f,
                    "not everything can be generated; nothing was written; change or remove the following in the \
                     document, or add a fixup:"
                )?;
                lines(f, refused)
            }
            Self::Invalid { path, broken } => {
                write!(f, "{} is invalid:", path.display())?;
                for line in broken {
                    write!(f, "\n  {line}")?;
                }
                Ok(())
            }
            Self::Command { command, output } => write!(f, "`{command}` failed: {output}"),
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
