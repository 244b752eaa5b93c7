//! Where a lake is: a local folder, or a URL of an object store.

use std::ffi::{OsStr, OsString};
use std::fmt;
use std::path::{Path, PathBuf};

use crate::digest;
use crate::error::Result;
use crate::folder::Folder;
use crate::object_url::{split, with_missing_slash, without_secrets};
use crate::storage::scheme;

/// Where a lake is stored: a local folder, or a prefix in an object store.
///
/// A path that starts with a scheme of at least two letters and `://` is a URL, everything else a local folder. One that starts
/// with a scheme and `:/` is invalid, since a slash is missing: `./s3:/folder` is a folder. A location is checked when it is used. URLs need the feature of their store:
///
/// | URL | store | feature | settings from the environment |
/// |---|---|---|---|
/// | `s3://BUCKET/PREFIX` | Amazon S3 and compatible stores | `aws` | `AWS_…` |
/// | `gs://BUCKET/PREFIX` | Google Cloud Storage | `gcp` | `GOOGLE_…` |
/// | `az://CONTAINER/PREFIX`, `abfss://CONTAINER@ACCOUNT.dfs.core.windows.net/PREFIX` | Azure Blob Storage | `azure` | `AZURE_…` |
/// | `memory://NAME/PREFIX` | the memory of this process, for tests | `object-store` | |
///
/// Credentials are never part of a URL: one with a password or a query is rejected, because commands and errors show it. They
/// come from the environment variables of the stores' own tools, or from the machine that the program runs on (instance
/// metadata, container credentials, or a web identity token). The profiles in `~/.aws` are not read: run
/// `eval "$(aws configure export-credentials --format env)"` first. A compatible store needs `AWS_ENDPOINT`, and `AWS_ALLOW_HTTP=true`
/// if it has no TLS.
///
/// Failed requests to an object store are sent again up to 10 times within 3 minutes. A request ends after 30 s, or after
/// `AWS_TIMEOUT` (`GOOGLE_TIMEOUT`, `AZURE_TIMEOUT`), such as `2 min`.
///
/// Amazon S3 is tested with moto and SeaweedFS, and Azure Blob Storage with Azurite. Google Cloud Storage is compiled and not
/// tested: the emulators in package registries do not implement the requests that are used.
///
/// ```
/// use apivideo_lake::Location;
///
/// let local = Location::from("statistics");
/// assert!(!local.is_url());
///
/// let remote = Location::from("s3://bucket/statistics").with_staging("/var/lib/apivideo");
/// assert!(remote.is_url());
/// assert_eq!(remote.to_string(), "s3://bucket/statistics");
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Location {
    /// The path or the URL as it was given.
    place: PathBuf,
    staging: Option<PathBuf>,
}

impl Location {
    /// Sets the local folder of unfinished work, in which the location gets a folder of its own. Several locations can have
    /// the same.
    ///
    /// Defaults to the folder of the lake itself if that is local. A [pull](crate::Pull) into a URL requires one that still exists in its
    /// next run, because an interrupted pull resumes from it; if it is lost, what was read and not yet stored is read again.
    /// Everything else defaults to a temporary folder, which is removed at the end.
    ///
    /// ```
    /// # use apivideo_lake::Location;
    /// let location = Location::from("s3://bucket/statistics").with_staging("/var/lib/apivideo");
    /// assert!(location.staging().is_some_and(|folder| folder.starts_with("/var/lib/apivideo")));
    /// ```
    #[must_use]
    pub fn with_staging(mut self, folder: impl Into<PathBuf>) -> Self {
        self.staging = Some(folder.into());
        self
    }

    /// Returns whether this is a URL.
    ///
    /// ```
    /// # use apivideo_lake::Location;
    /// assert!(Location::from("gs://bucket").is_url());
    /// assert!(!Location::from("/srv/statistics").is_url());
    /// ```
    #[must_use]
    pub fn is_url(&self) -> bool {
        self.url().is_some()
    }

    /// Returns the path of the lake if it is in a local folder.
    ///
    /// ```
    /// # use apivideo_lake::Location;
    /// assert_eq!(Location::from("lake").path(), Some("lake".as_ref()));
    /// assert_eq!(Location::from("s3://bucket/lake").path(), None);
    /// ```
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        match self.url() {
            Some(_) => None,
            None => Some(&self.place),
        }
    }

    /// Returns the local folder of unfinished work; `None` for a URL [without one](Self::with_staging).
    ///
    /// ```
    /// # use apivideo_lake::Location;
    /// assert_eq!(Location::from("s3://bucket/statistics").staging(), None);
    /// assert_eq!(Location::from("lake").staging().as_deref(), Some("lake".as_ref()));
    /// ```
    #[must_use]
    pub fn staging(&self) -> Option<PathBuf> {
        match (&self.staging, self.url()) {
            (Some(folder), _) => Some(folder.join(self.staging_name())),
            (None, None) => Some(self.place.clone()),
            (None, Some(_)) => None,
        }
    }

    /// Removes the lock that a killed process left in an object store. Returns a description of that process, such as
    /// `process 17 on host since 2024-05-01T03:00:00Z`; `None` if the lake was not locked.
    ///
    /// A process that still runs stops before it replaces the next files, and loses nothing that it has read.
    ///
    /// ```
    /// # fn example() -> apivideo_lake::Result<()> {
    /// let location = apivideo_lake::Location::from("s3://bucket/statistics");
    /// if let Some(holder) = location.break_lock()? {
    ///     println!("removed the lock of {holder}");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Returns an error if the store cannot be opened, a request to it fails, or the lake is in a local folder, whose lock ends with the process.
    pub fn break_lock(&self) -> Result<Option<String>> {
        self.open()?.break_lock()
    }

    /// Opens the lake. Without a local folder of unfinished work, it has a temporary one.
    pub(crate) fn open(&self) -> Result<Folder> {
        if let Some(staging) = self.staging.clone().map(Self::from)
            && (staging.is_url() || staging.url_without_slash().is_some())
        {
            return Err(crate::Error::input(format!(
                "invalid staging folder {staging}: unfinished work is in a local folder"
            )));
        }
        match self.url() {
            Some(url) => Folder::open_url(url, &self.to_string(), self.staging()),
            None => {
                self.place.to_str().map_or(Ok(()), scheme::check_path)?;
                let staging = self.staging().unwrap_or_else(|| self.place.clone());
                Ok(Folder::open_local(&self.place, staging))
            }
        }
    }

    /// Opens the lake for a pull, which requires a folder that the next run finds again.
    pub(crate) fn open_to_pull(&self) -> Result<Folder> {
        if self.staging().is_none() {
            return Err(crate::Error::input(format!(
                "missing staging folder: a pull into {self} keeps its unfinished work in a local folder, which \
                 Location::with_staging sets"
            )));
        }
        self.open()
    }

    /// Returns the URL as it was given.
    fn url(&self) -> Option<&str> {
        let place = self.place.to_str()?;
        split(place).map(|_| place)
    }

    /// Returns the URL that the path seems to be, with one slash after its scheme.
    fn url_without_slash(&self) -> Option<String> {
        self.place.to_str().and_then(with_missing_slash)
    }

    /// Returns the name of the folder of unfinished work: readable, and different for each location.
    fn staging_name(&self) -> String {
        let identity = match self.url() {
            Some(_) => self.to_string(),
            None => {
                let absolute = std::path::absolute(&self.place);
                let path = absolute.unwrap_or_else(|_| self.place.clone());
                path.to_string_lossy().into_owned()
            }
        };
        let last = identity.rsplit(['/', '\\']).next().unwrap_or_default();
        let readable: String = last
            .chars()
            .filter(|character| character.is_ascii_alphanumeric() || "-_.".contains(*character))
            .take(40)
            .collect();
        let digest = digest::of_str(&identity);
        format!("{readable}-{}", digest.get(..16).unwrap_or(&digest))
    }
}

/// The path or URL, without user, password, query and slashes at its end.
impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.url() {
            Some(url) => f.write_str(&without_secrets(url)),
            None => match self.url_without_slash() {
                Some(url) => f.write_str(&without_secrets(&url)),
                None => self.place.display().fmt(f),
            },
        }
    }
}

impl fmt::Debug for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Location")
            .field("place", &self.to_string())
            .field(
                "staging",
                &self
                    .staging
                    .clone()
                    .map(Self::from)
                    .map(|staging| staging.to_string()),
            )
            .finish()
    }
}

impl<T: ?Sized + AsRef<OsStr>> From<&T> for Location {
    fn from(place: &T) -> Self {
        Self::from(PathBuf::from(place))
    }
}

impl From<PathBuf> for Location {
    fn from(place: PathBuf) -> Self {
        Self {
            place,
            staging: None,
        }
    }
}

impl From<String> for Location {
    fn from(place: String) -> Self {
        Self::from(PathBuf::from(place))
    }
}

impl From<OsString> for Location {
    fn from(place: OsString) -> Self {
        Self::from(PathBuf::from(place))
    }
}

impl From<&Location> for Location {
    fn from(location: &Location) -> Self {
        location.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_have_a_scheme_of_two_letters() {
        for url in ["s3://b", "gs://b/p", "abfss://c@a.dfs.core.windows.net/p"] {
            assert!(Location::from(url).is_url(), "{url}");
            assert!(Location::from(Path::new(url)).is_url(), "{url}");
        }
        for path in [
            "lake", "C://lake", "a/s3://b", "s3:/b", "3s://b", "://b", "",
        ] {
            assert!(!Location::from(path).is_url(), "{path}");
        }
    }

    #[test]
    fn secrets_are_not_shown() {
        for (url, shown) in [
            (
                "s3://key:secret@bucket/lake/?token=secret",
                "s3://bucket/lake",
            ),
            ("s3://secret@bucket", "s3://bucket"),
            ("s3://a@b:secret@bucket#secret", "s3://bucket"),
            ("az://container/lake?sig=secret", "az://container/lake"),
            (
                "abfss://container:secret@a.dfs.core.windows.net/lake//",
                "abfss://container@a.dfs.core.windows.net/lake",
            ),
        ] {
            let location = Location::from(url);
            assert_eq!(location.to_string(), shown);
            assert!(!format!("{location:?}").contains("secret"), "{location:?}");
        }
    }

    #[test]
    fn each_location_has_a_folder_of_unfinished_work() {
        let staging = |place: &str| {
            let location = Location::from(place).with_staging("/work");
            location.staging().unwrap()
        };
        assert_eq!(staging("s3://b/lake"), staging("s3://b/lake/"));
        let names = [
            "s3://b/lake",
            "gs://b/lake",
            "s3://b2/lake",
            "lake",
            "other/lake",
        ];
        let mut all: Vec<_> = names.iter().map(|place| staging(place)).collect();
        assert!(
            all.iter()
                .all(|path| path.parent() == Some(Path::new("/work")))
        );
        assert!(all.iter().all(|path| {
            let name = path.file_name().unwrap().to_str().unwrap();
            name.starts_with("lake-") && name.len() == 21
        }));
        all.sort();
        all.dedup();
        assert_eq!(all.len(), names.len());
    }
}
