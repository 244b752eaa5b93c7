//! The environment variables of a client.

use std::env::{self, VarError};

use super::{ClientBuilder, Environment};
use crate::error::{Error, Result};

/// The variable of the API key.
pub(super) const API_KEY: &str = "APIVIDEO_API_KEY";
const ENVIRONMENT: &str = "APIVIDEO_ENVIRONMENT";
const BASE_URL: &str = "APIVIDEO_BASE_URL";

/// A builder with the settings of this process's environment.
pub(super) fn builder() -> Result<ClientBuilder> {
    from(|name| match env::var(name) {
        Ok(value) => Ok(Some(value)),
        Err(VarError::NotPresent) => Ok(None),
        // The value is not shown: it can be a key.
        Err(VarError::NotUnicode(_)) => Err(Error::configuration(format!(
            "the environment variable {name} is not valid UTF-8"
        ))),
    })
}

/// An empty variable counts as not set.
fn from(variable: impl Fn(&'static str) -> Result<Option<String>>) -> Result<ClientBuilder> {
    let set = |name| Ok::<_, Error>(variable(name)?.filter(|value| !value.is_empty()));
    let mut builder = ClientBuilder::new();
    if let Some(key) = set(API_KEY)? {
        builder = builder.api_key(key);
    }
    if let Some(environment) = set(ENVIRONMENT)? {
        let environment: Environment = environment.parse().map_err(|error| {
            let message = format!("the environment variable {ENVIRONMENT} can't be used");
            Error::configuration(message).with_source(error)
        })?;
        builder = builder.environment(environment);
    }
    if let Some(url) = set(BASE_URL)? {
        builder = builder.base_url(url);
    }
    Ok(builder)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;

    fn built(variables: &[(&str, &str)]) -> Result<String> {
        let variable = |name: &str| {
            let found = variables.iter().find(|(key, _)| *key == name);
            Ok(found.map(|(_, value)| (*value).to_owned()))
        };
        let client = from(variable)?.build()?;
        Ok(client.base_url().to_owned())
    }

    #[test]
    fn a_client_is_built_from_the_environment() {
        for (variables, base_url) in [
            (&[(API_KEY, "key")][..], "https://ws.api.video"),
            (
                &[(API_KEY, "key"), (ENVIRONMENT, "sandbox")],
                "https://sandbox.api.video",
            ),
            (
                &[
                    (API_KEY, "key"),
                    (ENVIRONMENT, "sandbox"),
                    (BASE_URL, "http://127.0.0.1:8080/"),
                ],
                "http://127.0.0.1:8080",
            ),
            (
                &[(API_KEY, "key"), (ENVIRONMENT, ""), (BASE_URL, "")],
                "https://ws.api.video",
            ),
        ] {
            assert_eq!(built(variables).unwrap(), base_url, "{variables:?}");
        }
    }

    #[test]
    fn an_invalid_variable_is_named() {
        for (variables, name) in [
            (&[][..], API_KEY),
            (&[(API_KEY, " ")], API_KEY),
            (&[(API_KEY, "key"), (ENVIRONMENT, "staging")], ENVIRONMENT),
        ] {
            let error = built(variables).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Configuration);
            assert!(error.to_string().contains(name), "{error}");
        }
    }
}
