//! Lookup of a setting: the command line, then the environment, then the configuration file.

use std::path::PathBuf;

use super::file::File;
use super::setting::{KeySource, Origin, Setting};
use crate::failure::Failure;

/// The environment variable that contains the API key.
pub(crate) const API_KEY: &str = "APIVIDEO_API_KEY";
const API_KEY_FILE: &str = "APIVIDEO_API_KEY_FILE";

/// The sources of settings other than the command line and the environment.
pub(super) struct Sources<'a> {
    pub(super) file: Option<&'a File>,
    pub(super) profile: Option<&'a str>,
}

impl Sources<'_> {
    /// Returns the value of the flag, else of the environment variable, else of the file.
    pub(super) fn find<T>(
        &self,
        flag: Option<(T, &'static str)>,
        variable: &'static str,
        key: &str,
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> Result<Option<Setting<T>>, Failure> {
        if let Some((value, name)) = flag {
            return Ok(Some(Setting::new(value, Origin::Flag(name))));
        }
        let found = match env_variable(variable)? {
            Some(text) => Some((text, Origin::Variable(variable))),
            None => self.file.and_then(|file| file.get(self.profile, key)),
        };
        let Some((text, origin)) = found else {
            return Ok(None);
        };
        match parse(&text) {
            Ok(value) => Ok(Some(Setting::new(value, origin))),
            Err(reason) => {
                let name = match &origin {
                    Origin::File { .. } => format!("`{key}` in {origin}"),
                    _ => origin.to_string(),
                };
                Err(Failure::usage(format!(
                    "invalid value {text:?} of {name}: {reason}"
                )))
            }
        }
    }

    /// Returns all configured sources of the API key.
    pub(super) fn keys(&self, flag: Option<PathBuf>) -> Result<Vec<Setting<KeySource>>, Failure> {
        let source = |path: PathBuf| match path.as_os_str() == "-" {
            true => KeySource::Stdin,
            false => KeySource::File(path),
        };
        let mut keys = Vec::new();
        if let Some(path) = flag {
            keys.push(Setting::new(source(path), Origin::Flag("--api-key-file")));
        }
        if env_variable(API_KEY)?.is_some() {
            keys.push(Setting::new(KeySource::Variable, Origin::Variable(API_KEY)));
        }
        if let Some(path) = env_variable(API_KEY_FILE)? {
            keys.push(Setting::new(
                source(path.into()),
                Origin::Variable(API_KEY_FILE),
            ));
        }
        if let Some(file) = self.file
            && let Some((path, origin)) = file.get(self.profile, "api_key_file")
        {
            keys.push(Setting::new(KeySource::File(file.resolve(&path)), origin));
        }
        Ok(keys)
    }
}

/// Returns the value of an environment variable; `None` if it is unset or blank.
pub(crate) fn env_variable(name: &'static str) -> Result<Option<String>, Failure> {
    match std::env::var(name) {
        Ok(text) => Ok(Some(text).filter(|text| !text.trim().is_empty())),
        Err(std::env::VarError::NotPresent) => Ok(None),
        Err(std::env::VarError::NotUnicode(_)) => Err(Failure::usage(format!(
            "the environment variable {name} is not valid UTF-8"
        ))),
    }
}
