//! The settings of an object store from environment variables. Their values can be secret, and are never part of a message.

use std::ffi::OsString;
use std::io;

use url::Url;

use super::scheme::Store;

/// The variables that are the URL of a service.
const URLS: [&str; 10] = [
    "AWS_ENDPOINT",
    "AWS_ENDPOINT_URL",
    "AWS_ENDPOINT_URL_S3",
    "AWS_ENDPOINT_URL_STS",
    "AWS_METADATA_ENDPOINT",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AZURE_ENDPOINT",
    "AZURE_STORAGE_ENDPOINT",
    "AZURE_MSI_ENDPOINT",
    "GOOGLE_BASE_URL",
];

/// The variables that become a part of a host name.
const NAMES: [&str; 4] = [
    "AWS_REGION",
    "AWS_DEFAULT_REGION",
    "AZURE_STORAGE_ACCOUNT_NAME",
    "AZURE_ACCOUNT_NAME",
];

/// The variables of JSON, which can have several lines.
const JSON: [&str; 1] = ["GOOGLE_SERVICE_ACCOUNT_KEY"];

/// Returns the settings of a store, by their names in lower case.
///
/// White space around a value is removed: secrets of Kubernetes and files often end with a line break. An empty value is not
/// a setting.
///
/// # Errors
/// Returns an error that names the variable if its value cannot be sent in a request. The client would panic on it.
pub(super) fn settings(
    store: Store,
    variables: impl Iterator<Item = (OsString, OsString)>,
) -> io::Result<Vec<(String, String)>> {
    let mut settings = Vec::new();
    for (name, value) in variables {
        let Ok(name) = name.into_string() else {
            continue;
        };
        if !name.starts_with(store.variables()) || !is_setting(store, &name) {
            continue;
        }
        let value = value.into_string().ok();
        let value = value.ok_or_else(|| invalid(&name, "is not valid UTF-8"))?;
        let value = value.trim();
        if value.is_empty() {
            continue;
        }
        check(&name, value).map_err(|why| invalid(&name, why))?;
        settings.push((name.to_ascii_lowercase(), value.to_owned()));
    }
    Ok(settings)
}

/// Returns whether the client reads a variable. Others with the same prefix belong to other programs.
fn is_setting(store: Store, name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    match store {
        #[cfg(feature = "aws")]
        Store::S3 => name.parse::<object_store::aws::AmazonS3ConfigKey>().is_ok(),
        #[cfg(feature = "gcp")]
        Store::Google => name.parse::<object_store::gcp::GoogleConfigKey>().is_ok(),
        #[cfg(feature = "azure")]
        Store::Azure => name.parse::<object_store::azure::AzureConfigKey>().is_ok(),
        _ => {
            let _ = name;
            false
        }
    }
}

fn check(name: &str, value: &str) -> Result<(), &'static str> {
    if value.contains(char::is_control) && !JSON.contains(&name) {
        return Err("has a control character, such as a line break");
    }
    if NAMES.contains(&name) && !value.chars().all(is_part_of_name) {
        return Err("has a character other than letters, digits, `-`, `_` and `.`");
    }
    if URLS.contains(&name) {
        return check_url(value);
    }
    Ok(())
}

fn is_part_of_name(character: char) -> bool {
    character.is_ascii_alphanumeric() || "-_.".contains(character)
}

fn check_url(value: &str) -> Result<(), &'static str> {
    // The client shows the URL of a request that failed, and ignores the user.
    if value.contains('@') {
        return Err("has a user or a password, which is not supported because it would be shown");
    }
    let is_sent =
        |character: char| character.is_ascii_graphic() && !"\"<>\\^`{|}".contains(character);
    let is_url = Url::parse(value)
        .is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    match is_url && value.contains("://") && value.chars().all(is_sent) {
        true => Ok(()),
        false => Err("is not a URL, such as https://HOST:PORT"),
    }
}

fn invalid(name: &str, why: &str) -> io::Error {
    let message = format!("the environment variable {name} {why}");
    io::Error::new(io::ErrorKind::InvalidInput, message)
}

#[cfg(all(test, feature = "aws"))]
mod tests {
    use super::*;

    fn settings_of(name: &str, value: &str) -> io::Result<Vec<(String, String)>> {
        settings(Store::S3, [(name.into(), value.into())].into_iter())
    }

    #[test]
    fn white_space_around_values_is_removed() {
        for (name, value, expected) in [
            ("AWS_ACCESS_KEY_ID", "AKIA\n", "AKIA"),
            ("AWS_REGION", " eu-west-1\r\n", "eu-west-1"),
            (
                "AWS_ENDPOINT",
                "http://127.0.0.1:9000\n",
                "http://127.0.0.1:9000",
            ),
            (
                "AWS_ENDPOINT_URL_S3",
                "https://s3.host/a",
                "https://s3.host/a",
            ),
        ] {
            let found = settings_of(name, value).unwrap();
            assert_eq!(found, [(name.to_ascii_lowercase(), expected.to_owned())]);
        }
        // Empty values, and variables of other stores and other programs.
        for (name, value) in [
            ("AWS_ENDPOINT", "\n"),
            ("AWS_PAGER", "less\nmore"),
            ("AZURE_ENDPOINT", "x"),
            ("TOKEN", "x"),
        ] {
            assert_eq!(settings_of(name, value).unwrap(), []);
        }
    }

    #[test]
    fn invalid_values_are_errors_that_name_the_variable_only() {
        for (name, value, why) in [
            ("AWS_ACCESS_KEY_ID", "hun\nter2", "control character"),
            ("AWS_SECRET_ACCESS_KEY", "hun\0ter2", "control character"),
            ("AWS_SESSION_TOKEN", "hun\tter2", "control character"),
            ("AWS_REGION", "hun ter2", "other than letters"),
            ("AWS_ENDPOINT", "ter2", "is not a URL"),
            ("AWS_ENDPOINT", "hunter2:9000", "is not a URL"),
            ("AWS_ENDPOINT_URL", "ftp://hunter2", "is not a URL"),
            ("AWS_ENDPOINT", "http://", "is not a URL"),
            ("AWS_ENDPOINT", "http://h/hun ter2", "is not a URL"),
            ("AWS_ENDPOINT", "http://h/{hunter2}", "is not a URL"),
            ("AWS_ENDPOINT", "http://user:hunter2@host", "a password"),
        ] {
            let error = settings_of(name, value).unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::InvalidInput);
            let text = format!("{error} {error:?}");
            let start = format!("the environment variable {name} ");
            assert!(text.starts_with(&start) && text.contains(why), "{text}");
            assert!(!text.contains("ter2"), "{text}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn values_that_are_not_utf_8_are_errors() {
        use std::os::unix::ffi::OsStringExt;

        let value = OsString::from_vec(vec![b'a', 0xff]);
        let variables = [("AWS_REGION".into(), value)].into_iter();
        let error = settings(Store::S3, variables).unwrap_err();
        assert!(error.to_string().ends_with("not valid UTF-8"), "{error}");
    }
}
