//! The default HTTP client, and the proxy of the environment that it uses.

use hyper_util::client::proxy::matcher::Matcher;
use reqwest::Url;

use crate::error::{Error, Result};
use crate::transport::path::is_loopback;

/// The client of reqwest for a service at `base_url`.
pub(super) fn build(base_url: &str) -> Result<reqwest::Client> {
    // Without reqwest's timeouts: they fire for time in which a request is not polled (see `Timeout`).
    let mut builder = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
    if Url::parse(base_url).is_ok_and(|url| is_loopback(&url)) {
        builder = builder.no_proxy();
    } else {
        check_proxy(base_url, |name| std::env::var(name).ok())?;
    }
    builder.build().map_err(|error| {
        Error::configuration(
            "failed to set up the HTTP client; check that the system's certificates are installed",
        )
        .with_source(error)
    })
}

/// Refuses a proxy of the environment that reqwest would ignore, and connect directly, or would speak HTTP to where it
/// speaks SOCKS.
fn check_proxy(base_url: &str, variable: impl Fn(&str) -> Option<String>) -> Result<()> {
    let first = |names: [&'static str; 2]| {
        names
            .into_iter()
            .find_map(|name| Some((name, variable(name)?)))
    };
    let Ok(destination) = base_url.parse() else {
        return Ok(());
    };
    // As in reqwest: under CGI, the variable can be set by a request.
    if variable("REQUEST_METHOD").is_some() {
        return Ok(());
    }
    let excluded = first(["NO_PROXY", "no_proxy"]).map(|(_, hosts)| hosts);
    for names in [["HTTPS_PROXY", "https_proxy"], ["ALL_PROXY", "all_proxy"]] {
        let Some((name, value)) = first(names).filter(|(_, value)| !value.is_empty()) else {
            continue;
        };
        let proxy = Matcher::builder()
            .https(value)
            .build()
            .intercept(&destination);
        let is_excluded = || {
            let every = Matcher::builder().https("http://proxy");
            let matcher = every.no(excluded.clone().unwrap_or_default()).build();
            matcher.intercept(&destination).is_none()
        };
        // The value is not shown: it can contain a password.
        let why = match &proxy {
            None => {
                "it is not the URL of a proxy, such as http://proxy.example:3128 or socks5://127.0.0.1:1080"
            }
            Some(proxy)
                if cfg!(not(feature = "socks"))
                    && proxy
                        .uri()
                        .scheme_str()
                        .is_some_and(|scheme| scheme.starts_with("socks")) =>
            {
                "this build does not support SOCKS; enable the feature `socks`, or use an HTTP proxy"
            }
            Some(_) => return Ok(()),
        };
        if is_excluded() {
            return Ok(());
        }
        return Err(Error::configuration(format!(
            "invalid proxy in the environment variable {name}: {why}"
        )));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn proxies_of_the_environment_are_checked() {
        let checked = |variables: &[(&str, &str)]| {
            let lookup = |name: &str| {
                let found = variables.iter().find(|(key, _)| *key == name);
                found.map(|(_, value)| (*value).to_owned())
            };
            check_proxy("https://ws.api.video", lookup).map_err(|error| error.to_string())
        };
        for valid in [
            &[][..],
            &[("HTTPS_PROXY", "")],
            &[("HTTPS_PROXY", "http://proxy.example:3128")],
            &[("https_proxy", "proxy.example:3128")],
            &[("HTTP_PROXY", "ftp://ignored")],
            &[
                ("HTTPS_PROXY", "http://first"),
                ("ALL_PROXY", "ftp://ignored"),
            ],
            &[("ALL_PROXY", "ftp://excluded"), ("NO_PROXY", "api.video")],
            &[("ALL_PROXY", "ftp://x"), ("REQUEST_METHOD", "GET")],
        ] {
            assert_eq!(checked(valid), Ok(()), "{valid:?}");
        }
        for (name, value) in [
            ("HTTPS_PROXY", "ftp://u:hidden@proxy.example"),
            ("https_proxy", "http://u:hidden@not a host"),
            ("ALL_PROXY", "socks9://hidden"),
        ] {
            let error = checked(&[(name, value)]).unwrap_err();
            assert!(
                error.contains(name) && error.contains("not the URL of a proxy"),
                "{error}"
            );
            assert!(!error.contains("hidden"), "{error}");
        }
        for value in [
            "socks5://127.0.0.1:1080",
            "socks5h://u:hidden@h",
            "socks4://h",
        ] {
            let checked = checked(&[("ALL_PROXY", value)]);
            match cfg!(feature = "socks") {
                true => assert_eq!(checked, Ok(())),
                false => {
                    let error = checked.unwrap_err();
                    assert!(error.contains("enable the feature `socks`"), "{error}");
                    assert!(!error.contains("hidden"), "{error}");
                }
            }
        }
    }
}
