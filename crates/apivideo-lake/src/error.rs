//! One opaque error: a kind, what happened, why, what to do, and the cause.

use std::error::Error as StdError;
use std::fmt;
use std::io;
use std::path::Path;

/// The result of this crate's calls.
///
/// ```
/// fn rows(folder: &std::path::Path) -> apivideo_lake::Result<u64> {
///     Ok(apivideo_lake::verify(folder)?.sessions)
/// }
/// ```
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What kind of failure it is.
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
    /// What was asked for can't be done as it is.
    Input,
    /// The service could not be asked; [`Error::service`] has its error. What came before is kept.
    Service,
    /// A file could not be read or written.
    Storage,
    /// Another process works on the folder.
    Locked,
    /// A file is not what the manifest says.
    Changed,
    /// The folder was made by another version of this crate, and can't be read by this one.
    Version,
}

/// Why something could not be done. What was in the folder before is still there.
///
/// ```
/// let error = apivideo_lake::verify("there/is/no/such/folder").unwrap_err();
/// assert!(error.to_string().starts_with("there/is/no/such/folder is no mirror"));
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

    /// A file that is there and can't be understood, or not what was written.
    pub(crate) fn changed(path: &Path, why: &str) -> Self {
        Self::new(ErrorKind::Changed, format!("{} {why}", path.display()))
    }

    pub(crate) fn storage(doing: &str, path: &Path, error: io::Error) -> Self {
        let advice = match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                ": there is no room left; make some and run the same again, it goes on from here"
            }
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                ": it is not allowed; give this user the right to, or take another folder"
            }
            _ => "",
        };
        Self::new(
            ErrorKind::Storage,
            format!("{} can't be {doing}{advice}", path.display()),
        )
        .with_source(error)
    }

    /// What kind of failure it is.
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

    /// The error of the client library, where the service was asked.
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

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("kind", &self.0.kind)
            .field("message", &self.0.message)
            .field("source", &self.0.source)
            .finish()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
    }
}
