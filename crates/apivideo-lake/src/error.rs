//! The error type of this crate.

use std::error::Error as StdError;
use std::fmt;
use std::io;
use std::path::Path;

/// A result with the [`Error`] of this crate.
///
/// ```
/// fn sessions(folder: &std::path::Path) -> apivideo_lake::Result<u64> {
///     Ok(apivideo_lake::verify(folder)?.sessions)
/// }
/// ```
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// The kind of an [`Error`].
///
/// ```
/// use apivideo_lake::ErrorKind;
///
/// let missing = apivideo_lake::verify("there/is/no/such/folder").unwrap_err();
/// assert_eq!(missing.kind(), ErrorKind::Input);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// An argument or option is invalid, or does not match the folder.
    Input,
    /// A request failed; [`Error::service`] returns the error of the client. Data that was read before it is kept.
    Service,
    /// A file could not be read or written.
    Storage,
    /// Another process uses the folder.
    Locked,
    /// A file does not match the manifest.
    Corrupt,
    /// The folder was written by another version of this crate that this one cannot read.
    UnsupportedVersion,
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Input => "invalid input",
            Self::Service => "request failed",
            Self::Storage => "storage failed",
            Self::Locked => "folder in use",
            Self::Corrupt => "file corrupt",
            Self::UnsupportedVersion => "unsupported version",
        })
    }
}

/// An error of a pull, a plan or a verification. The files of the folder are still complete.
///
/// `Display` shows what failed and why, without the causes, which are available through [`source`](StdError::source). `Debug`
/// shows the message and all causes, so that `fn main() -> apivideo_lake::Result<()>` prints a readable report; the alternate form
/// `{:#?}` shows the fields.
///
/// ```
/// let error = apivideo_lake::verify("there/is/no/such/folder").unwrap_err();
/// assert!(error.to_string().starts_with("there/is/no/such/folder is not a lake"));
/// ```
pub struct Error(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    message: String,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl Error {
    pub(crate) fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self(Box::new(Inner {
            kind,
            message: message.into(),
            source: None,
        }))
    }

    pub(crate) fn input(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Input, message)
    }

    pub(crate) fn with_source(
        mut self,
        source: impl Into<Box<dyn StdError + Send + Sync>>,
    ) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// A file that exists and cannot be decoded, or is not what was written.
    pub(crate) fn corrupt(path: &Path, why: &str) -> Self {
        Self::new(ErrorKind::Corrupt, format!("{} {why}", path.display()))
    }

    /// The error of a file that exists and cannot be decoded.
    pub(crate) fn undecodable(
        path: &std::path::Path,
        why: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        Self::new(
            ErrorKind::Corrupt,
            format!("cannot decode {}", path.display()),
        )
        .with_source(why)
    }

    /// A failed request.
    pub(crate) fn request(error: apivideo::Error) -> Self {
        Self::new(
            ErrorKind::Service,
            "a request to the service failed; data that was read before is kept; run the same command again to resume",
        )
        .with_source(error)
    }

    /// A failed operation on a file: "cannot read PATH", with advice for the most common causes.
    pub(crate) fn storage(operation: Operation, path: &Path, error: io::Error) -> Self {
        let advice = match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                ": the disk is full; free some space and run the same command again to resume"
            }
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                ": permission denied; change the permissions, or choose another folder"
            }
            _ => "",
        };
        Self::new(
            ErrorKind::Storage,
            format!("cannot {} {}{advice}", operation.verb(), path.display()),
        )
        .with_source(error)
    }

    /// Returns the kind of the error.
    ///
    /// ```
    /// # use apivideo_lake::ErrorKind;
    /// let error = apivideo_lake::verify("there/is/no/such/folder").unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::Input);
    /// ```
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Returns the error of the client, if a request failed.
    ///
    /// ```
    /// let error = apivideo_lake::verify("there/is/no/such/folder").unwrap_err();
    /// assert!(error.service().is_none());
    /// ```
    #[must_use]
    pub fn service(&self) -> Option<&apivideo::Error> {
        self.0.source.as_deref()?.downcast_ref()
    }
}

/// The failed operation on a file.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Operation {
    Read,
    Write,
    Create,
    Remove,
    Lock,
}

impl Operation {
    fn verb(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Create => "create",
            Self::Remove => "remove",
            Self::Lock => "lock",
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if f.alternate() {
            return f
                .debug_struct("Error")
                .field("kind", &self.0.kind)
                .field("message", &self.0.message)
                .field("source", &self.0.source)
                .finish();
        }
        f.write_str(&self.0.message)?;
        let mut cause = StdError::source(self);
        if cause.is_some() {
            f.write_str("\n\nCaused by:")?;
        }
        while let Some(error) = cause {
            write!(f, "\n    {error}")?;
            cause = error.source();
        }
        Ok(())
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_the_message_and_the_causes() {
        let error = Error::storage(
            Operation::Write,
            Path::new("lake/manifest.json"),
            io::Error::new(io::ErrorKind::StorageFull, "no space left"),
        );
        assert_eq!(
            format!("{error:?}"),
            "cannot write lake/manifest.json: the disk is full; free some space and run the same command again to resume\n\n\
             Caused by:\n    no space left"
        );
        let service = "2022-13".parse::<apivideo::Period>().unwrap_err();
        let request = format!("{:?}", Error::request(service));
        let (message, cause) = request.split_once("\n\nCaused by:\n    ").unwrap();
        assert!(
            message.ends_with("run the same command again to resume"),
            "{request}"
        );
        assert!(cause.starts_with("invalid period \"2022-13\""), "{request}");
        assert_eq!(format!("{:?}", Error::input("no assets")), "no assets");
    }

    #[test]
    fn alternate_debug_shows_the_fields() {
        let shown = format!("{:#?}", Error::corrupt(Path::new("a.parquet"), "is empty"));
        assert!(shown.starts_with("Error {"), "{shown}");
        assert!(shown.contains("kind: Corrupt"), "{shown}");
        assert!(shown.contains("message: \"a.parquet is empty\""), "{shown}");
    }
}
