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
    let kind =
        match error {
            object_store::Error::NotFound { .. } => io::ErrorKind::NotFound,
            object_store::Error::PermissionDenied { .. }
            | object_store::Error::Unauthenticated { .. } => io::ErrorKind::PermissionDenied,
            object_store::Error::AlreadyExists { .. }
            | object_store::Error::Precondition { .. } => io::ErrorKind::AlreadyExists,
            object_store::Error::InvalidPath { .. }
            | object_store::Error::UnknownConfigurationKey { .. } => io::ErrorKind::InvalidInput,
            object_store::Error::NotSupported { .. }
            | object_store::Error::NotImplemented { .. } => io::ErrorKind::Unsupported,
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
    let mut text = without_users(&without_queries(&text));
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

/// Removes the users and passwords of URLs.
fn without_users(text: &str) -> String {
    let mut parts = text.split("://");
    let mut shown = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let is_end = |character: char| character.is_whitespace() || "/?#".contains(character);
        let authority = part.split(is_end).next().unwrap_or_default();
        let start = authority.rfind('@').map_or(0, |at| at + 1);
        shown.push_str("://");
        shown.push_str(part.get(start..).unwrap_or_default());
    }
    shown
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
    fn users_and_passwords_are_removed() {
        for (cause, expected) in [
            (
                "Error performing GET http://user:SuperPass@127.0.0.1:1/lake in 3s",
                "Error performing GET http://127.0.0.1:1/lake in 3s",
            ),
            (
                "(https://SuperPass@host) and http://a:Super@Pass@host?b@c",
                "(https://host) and http://host?…",
            ),
            ("https://host/a@b: c@d", "https://host/a@b: c@d"),
            ("a@b://", "a@b://"),
        ] {
            let text = convert(&error(cause)).to_string();
            assert_eq!(text, format!("Generic S3 error: {expected}"));
        }
    }

    #[test]
    fn missing_credentials_are_named() {
        let converted = convert(&error("PUT http://169.254.169.254/latest/api/token failed"));
        let text = converted.to_string();
        assert!(text.starts_with("no credentials were found"), "{text}");
    }
}
