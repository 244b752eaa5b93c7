//! The object stores by the schemes of their URLs.

use crate::error::{Error, Result};
use crate::object_url::{is_azure, split, with_missing_slash, without_secrets};

/// An object store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Store {
    S3,
    Google,
    Azure,
    Memory,
}

impl Store {
    fn name(self) -> &'static str {
        match self {
            Self::S3 => "Amazon S3",
            Self::Google => "Google Cloud Storage",
            Self::Azure => "Azure Blob Storage",
            Self::Memory => "object stores",
        }
    }

    fn feature(self) -> &'static str {
        match self {
            Self::S3 => "aws",
            Self::Google => "gcp",
            Self::Azure => "azure",
            Self::Memory => "object-store",
        }
    }

    fn is_built(self) -> bool {
        match self {
            Self::S3 => cfg!(feature = "aws"),
            Self::Google => cfg!(feature = "gcp"),
            Self::Azure => cfg!(feature = "azure"),
            Self::Memory => cfg!(feature = "object-store"),
        }
    }

    /// Returns the prefix of the environment variables with the settings of the store. The store also accepts the names without
    /// it, such as `TOKEN`, which belong to other programs.
    #[cfg(feature = "object-store")]
    pub(super) fn variables(self) -> &'static str {
        match self {
            Self::S3 => "AWS_",
            Self::Google => "GOOGLE_",
            Self::Azure => "AZURE_",
            Self::Memory => "MEMORY_",
        }
    }

    /// Returns the store of a URL.
    pub(super) fn of(url: &str) -> Option<Self> {
        let (scheme, rest) = split(url)?;
        let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let is_host = |suffixes: &[&str]| suffixes.iter().any(|suffix| host.ends_with(suffix));
        match scheme.to_ascii_lowercase().as_str() {
            "s3" | "s3a" => Some(Self::S3),
            "gs" => Some(Self::Google),
            scheme if is_azure(scheme) => Some(Self::Azure),
            "memory" => Some(Self::Memory),
            "https" if is_host(&["amazonaws.com", "r2.cloudflarestorage.com"]) => Some(Self::S3),
            "https" if is_host(&["core.windows.net", "fabric.microsoft.com"]) => Some(Self::Azure),
            _ => None,
        }
    }
}

/// Rejects a path that is a URL with a missing slash, which would be a local folder of that name.
pub(crate) fn check_path(path: &str) -> Result<()> {
    match with_missing_slash(path) {
        None => Ok(()),
        Some(url) => Err(Error::input(format!(
            "invalid URL with one slash after its scheme: use {}, or `./` before the path of a local folder with such a name",
            without_secrets(&url)
        ))),
    }
}

/// Checks that this build can open a URL, and that it has no secret. `shown` is the URL without secrets.
pub(crate) fn check(url: &str, shown: &str) -> Result<Store> {
    let Some(store) = Store::of(url) else {
        let why = match split(url) {
            Some(("file", path)) => format!("use the path of the folder: {path}"),
            _ => "unknown kind of URL; use a local folder, or s3://BUCKET/PREFIX, gs://BUCKET/PREFIX or az://CONTAINER/PREFIX"
                .to_owned(),
        };
        return Err(Error::input(format!("cannot open {shown}: {why}")));
    };
    if shown != url.trim_end_matches('/') {
        return Err(Error::input(format!(
            "cannot open {shown}: a user, a password or a query is not supported in a URL, because it would be shown; \
             use the environment variables of the store"
        )));
    }
    match store.is_built() {
        true => Ok(store),
        false => Err(Error::input(format!(
            "cannot open {shown}: this build does not support {}; build it with the feature `{}`",
            store.name(),
            store.feature()
        ))),
    }
}

/// Opens a URL. Fetched objects are stored in a local folder while they are read.
#[cfg(feature = "object-store")]
pub(crate) fn open(
    url: &str,
    shown: &str,
    temporary: &std::path::Path,
) -> Result<super::object::ObjectStorage> {
    use super::object::{ObjectStorage, memory};
    use super::variables;

    let store = check(url, shown)?;
    let invalid = || Error::input(format!("cannot open {shown}"));
    let parsed = url::Url::parse(url).map_err(|error| invalid().with_source(error))?;
    let temporary = temporary.to_owned();
    let opened = match store {
        Store::Memory => memory::open(&parsed, temporary),
        _ => variables::settings(store, std::env::vars_os())
            .and_then(|settings| ObjectStorage::open(&parsed, settings, temporary)),
    };
    opened.map_err(|error| invalid().with_source(error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_urls_and_those_with_secrets_are_rejected() {
        for (url, expected) in [
            ("ftp://host/lake", "unknown kind of URL"),
            ("https://example.com/lake", "unknown kind of URL"),
            ("file:///srv/lake", "use the path of the folder: /srv/lake"),
            ("s3://key:hunter2@bucket/lake", "not supported in a URL"),
            ("s3://key:a/hunter2@bucket/lake", "not supported in a URL"),
            ("s3://bucket/lake?token=hunter2", "not supported in a URL"),
            (
                "az://container:hunter2@account/lake",
                "not supported in a URL",
            ),
        ] {
            let shown = crate::Location::from(url).to_string();
            let error = check(url, &shown).unwrap_err();
            assert!(error.to_string().contains(expected), "{error}");
            assert!(!format!("{error:?}").contains("hunter2"), "{error:?}");
        }
    }

    #[test]
    fn a_url_with_one_slash_is_not_a_folder() {
        for path in [
            "s3:/key:hunter2@bucket/lake",
            "s3:/key:a/hunter2@bucket/lake",
            "gs:/bucket",
            "https:/example.com/lake",
        ] {
            let error = crate::Location::from(path).open().unwrap_err();
            let url = path.replacen(":/", "://", 1);
            let url = url
                .replace("key:hunter2@", "")
                .replace("key:a/hunter2@", "");
            assert!(!crate::Location::from(path).to_string().contains("hunter2"));
            let expected = format!("use {url}, or");
            assert!(error.to_string().contains(&expected), "{error}");
            assert!(!format!("{error:?}").contains("hunter2"), "{error:?}");
        }
        for path in [
            "./s3:/bucket",
            "c:/lake",
            "C:\\lake",
            "lake",
            "a:b/c",
            "/srv/s3:/x",
        ] {
            check_path(path).unwrap();
        }
    }

    #[test]
    fn a_build_without_a_store_names_its_feature() {
        for (url, feature) in [
            ("s3://bucket/lake", "aws"),
            ("https://bucket.s3.eu-west-1.amazonaws.com/lake", "aws"),
            ("gs://bucket", "gcp"),
            ("abfss://container@account.dfs.core.windows.net", "azure"),
            ("memory://one", "object-store"),
        ] {
            let store = Store::of(url).unwrap();
            assert_eq!(store.feature(), feature);
            match check(url, url) {
                Ok(found) => assert!(found == store && store.is_built()),
                Err(error) => {
                    assert!(!store.is_built(), "{error}");
                    let named = format!("build it with the feature `{feature}`");
                    assert!(error.to_string().ends_with(&named), "{error}");
                }
            }
        }
    }
}
