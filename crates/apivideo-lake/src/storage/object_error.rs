//! Errors of object stores, in one line and without secrets.

use std::error::Error as _;
use std::io;

/// The addresses of services that give credentials to the machines of a provider.
const METADATA_SERVICES: [&str; 3] = [
    "169.254.169.254",
    "metadata.google.internal",
    "metadata/identity",
];

const NO_CREDENTIALS: &str = "no credentials were found in the environment variables of the store, and this machine has none \
                              (profiles in ~/.aws are not read; `aws configure export-credentials --format env` prints them as \
                              variables)";

/// Converts an error. It has no source: its message has the causes, which repeat each other.
pub(super) fn convert(error: &object_store::Error) -> io::Error {
    let kind = match error {
        object_store::Error::NotFound { .. } => io::ErrorKind::NotFound,
        object_store::Error::PermissionDenied { .. }
        | object_store::Error::Unauthenticated { .. } => io::ErrorKind::PermissionDenied,
        _ => io::ErrorKind::Other,
    };
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let why = error.to_string();
        if !text.contains(&why) {
            text = format!("{text}: {why}");
        }
        cause = error.source();
    }
    let mut text = without_queries(&text);
    if METADATA_SERVICES
        .iter()
        .any(|address| text.contains(address))
    {
        text = format!("{NO_CREDENTIALS}: {text}");
    }
    io::Error::new(kind, text)
}

/// Removes the queries of URLs, which can have signatures.
fn without_queries(text: &str) -> String {
    let word = |word: &str| match word.split_once('?') {
        Some((url, _)) if url.contains("://") => format!("{url}?…"),
        _ => word.to_owned(),
    };
    let words: Vec<String> = text.split(' ').map(word).collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> object_store::Error {
        object_store::Error::Generic {
            store: "S3",
            source: text.into(),
        }
    }

    #[test]
    fn causes_are_named_once_and_queries_are_removed() {
        let cause = "GET https://host/c?sig=hunter2&se=1 failed: status 403, why?";
        let converted = convert(&error(cause));
        assert_eq!(
            converted.to_string(),
            "Generic S3 error: GET https://host/c?… failed: status 403, why?"
        );
        assert!(
            std::error::Error::source(&converted).is_none_or(|source| source.source().is_none())
        );
    }

    #[test]
    fn missing_credentials_are_named() {
        let converted = convert(&error("PUT http://169.254.169.254/latest/api/token failed"));
        let text = converted.to_string();
        assert!(text.starts_with("no credentials were found"), "{text}");
    }
}
