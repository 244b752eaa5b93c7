//! The headers by which the service recognizes its clients: `AV-Origin-Client`, `AV-Origin-App` and `User-Agent`.

use reqwest::header::{HeaderMap, HeaderName, HeaderValue, USER_AGENT};

use crate::error::{Error, Result};

const ORIGIN_CLIENT: HeaderName = HeaderName::from_static("av-origin-client");
const ORIGIN_APP: HeaderName = HeaderName::from_static("av-origin-app");

/// The headers of this library and of the application, if it has a name.
pub(super) fn headers(application: Option<&(String, String)>) -> Result<HeaderMap> {
    let version = concat!(
        env!("CARGO_PKG_VERSION_MAJOR"),
        ".",
        env!("CARGO_PKG_VERSION_MINOR"),
        ".",
        env!("CARGO_PKG_VERSION_PATCH")
    );
    let mut headers = HeaderMap::new();
    headers.insert(ORIGIN_CLIENT, origin("rust", version)?);
    let mut agent = format!("apivideo-rust/{version}");
    if let Some((name, number)) = application {
        headers.insert(ORIGIN_APP, origin(name, number)?);
        agent += &format!(" {name}/{number}");
    }
    let agent = HeaderValue::try_from(agent)
        .map_err(|_| Error::configuration("the user agent is not a valid header value"))?;
    headers.insert(USER_AGENT, agent);
    Ok(headers)
}

/// `name:version`, by the rules that all of the service's own clients share.
fn origin(name: &str, version: &str) -> Result<HeaderValue> {
    let numbers = version.split('.').collect::<Vec<_>>();
    let is_name = (1..=50).contains(&name.len())
        && name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
    let is_version = numbers.len() <= 3
        && numbers
            .iter()
            .all(|n| (1..=3).contains(&n.len()) && n.bytes().all(|b| b.is_ascii_digit()));
    if !is_name {
        return Err(Error::configuration(format!(
            "invalid application name {name:?}: use 1 to 50 letters, digits, \"_\" or \"-\""
        )));
    }
    if !is_version {
        return Err(Error::configuration(format!(
            "invalid application version {version:?}: use one to three numbers such as 1.2.0, without a pre-release"
        )));
    }
    HeaderValue::try_from(format!("{name}:{version}"))
        .map_err(|_| Error::configuration("the application name is not a valid header value"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_application_is_checked_by_the_rules_of_the_service() {
        let headers = |name: &str, version: &str| {
            super::headers(Some(&(name.to_owned(), version.to_owned())))
        };
        let valid = headers("my_app-1", "999.0.1").unwrap();
        assert_eq!(valid[ORIGIN_APP], "my_app-1:999.0.1");
        assert!(headers("app", "1").is_ok());
        for (name, version) in [
            ("", "1"),
            ("my app", "1"),
            ("app", ""),
            ("app", "1.0.0-alpha.1"),
            ("app", "1.2.3.4"),
            ("app", "1000"),
        ] {
            assert!(headers(name, version).is_err(), "{name} {version}");
        }
    }
}
