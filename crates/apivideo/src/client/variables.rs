//! The environment variables of a client.

use std::env::{self, VarError};

use super::environment::Environment;
use crate::error::{Error, Result};

/// The variable of the API key.
pub(super) const API_KEY: &str = "APIVIDEO_API_KEY";
const ENVIRONMENT: &str = "APIVIDEO_ENVIRONMENT";
const BASE_URL: &str = "APIVIDEO_BASE_URL";

/// The variables that are set. An empty one counts as not set.
#[derive(Default)]
pub(super) struct Variables {
    pub(super) api_key: Option<String>,
    pub(super) environment: Option<Environment>,
    pub(super) base_url: Option<String>,
}

impl Variables {
    /// Reads the variables of this process.
    pub(super) fn read() -> Result<Self> {
        Self::from(|name| match env::var(name) {
            Ok(value) => Ok(Some(value)),
            Err(VarError::NotPresent) => Ok(None),
            // The value is not shown: it can be a key.
            Err(VarError::NotUnicode(_)) => Err(Error::configuration(format!(
                "the environment variable {name} is not valid UTF-8"
            ))),
        })
    }

    fn from(variable: impl Fn(&'static str) -> Result<Option<String>>) -> Result<Self> {
        let set = |name| Ok::<_, Error>(variable(name)?.filter(|value| !value.is_empty()));
        let environment = set(ENVIRONMENT)?.map(|environment| {
            environment.parse::<Environment>().map_err(|error| {
                let message = format!("invalid environment variable {ENVIRONMENT}");
                Error::configuration(message).with_source(error)
            })
        });
        Ok(Self {
            api_key: set(API_KEY)?,
            environment: environment.transpose()?,
            base_url: set(BASE_URL)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;

    fn read(variables: &[(&str, &str)]) -> Result<Variables> {
        Variables::from(|name| {
            let found = variables.iter().find(|(key, _)| *key == name);
            Ok(found.map(|(_, value)| (*value).to_owned()))
        })
    }

    #[test]
    fn variables_are_read_and_empty_ones_are_not_set() {
        let all = read(&[
            (API_KEY, "key"),
            (ENVIRONMENT, "sandbox"),
            (BASE_URL, "http://127.0.0.1:8080/"),
        ]);
        let all = all.unwrap();
        assert_eq!(all.api_key.as_deref(), Some("key"));
        assert_eq!(all.environment, Some(Environment::Sandbox));
        assert_eq!(all.base_url.as_deref(), Some("http://127.0.0.1:8080/"));
        for variables in [&[][..], &[(API_KEY, ""), (ENVIRONMENT, ""), (BASE_URL, "")]] {
            let none = read(variables).unwrap();
            assert_eq!(
                (none.api_key, none.environment, none.base_url),
                Default::default()
            );
        }
    }

    #[test]
    fn an_invalid_environment_is_reported_with_its_variable() {
        let error = read(&[(ENVIRONMENT, "staging")]).map(|_| ()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration);
        assert!(error.to_string().contains(ENVIRONMENT), "{error}");
        let cause = std::error::Error::source(&error).unwrap().to_string();
        assert!(cause.contains("staging"), "{cause}");
    }
}
