//! The configuration file, `apivideo.toml`.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy;
use toml::{Table, Value};

use super::setting::Origin;
use crate::failure::{Failure, with_cause};

const NAME: &str = "apivideo.toml";

/// The settings of the file and of its profiles.
const KEYS: [&str; 11] = [
    "api_key_file",
    "auth",
    "base_url",
    "color",
    "environment",
    "max_retry_after",
    "output",
    "page_size",
    "quiet",
    "retries",
    "timeout",
];

/// Returns the default path: in the platform's folder for configuration.
pub(super) fn default_path() -> Option<PathBuf> {
    let strategy = etcetera::base_strategy::choose_native_strategy().ok()?;
    Some(strategy.config_dir().join(NAME))
}

/// A validated configuration file.
#[derive(Clone, Debug)]
pub(super) struct File {
    path: PathBuf,
    top: BTreeMap<String, String>,
    profiles: BTreeMap<String, BTreeMap<String, String>>,
}

impl File {
    /// Reads and validates a file; returns `None` if it does not exist.
    pub(super) fn read(path: &Path) -> Result<Option<Self>, Failure> {
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => {
                return Err(Failure::usage(with_cause(
                    format!("cannot read the configuration file {}", path.display()),
                    error,
                )));
            }
        };
        let table: Table = text.parse().map_err(|error: toml::de::Error| {
            let line = error
                .span()
                .map(|span| text[..span.start.min(text.len())].matches('\n').count() + 1);
            Failure::usage(with_cause(
                match line {
                    Some(line) => format!("{}:{line}: invalid TOML", path.display()),
                    None => format!("{}: invalid TOML", path.display()),
                },
                error.message().to_owned(),
            ))
        })?;
        let mut file = Self {
            path: path.to_owned(),
            top: BTreeMap::new(),
            profiles: BTreeMap::new(),
        };
        for (key, value) in table {
            match (key.as_str(), value) {
                ("profiles", Value::Table(profiles)) => {
                    for (name, profile) in profiles {
                        let Value::Table(profile) = profile else {
                            return Err(file
                                .invalid(&format!("`profiles.{name}` must be a table"))
                                .with_hint(format!("write [profiles.{name}]")));
                        };
                        let mut settings = BTreeMap::new();
                        for (key, value) in profile {
                            let text = file.setting(&format!("profiles.{name}."), &key, value)?;
                            settings.insert(key, text);
                        }
                        file.profiles.insert(name, settings);
                    }
                }
                (_, value) => {
                    let text = file.setting("", &key, value)?;
                    file.top.insert(key, text);
                }
            }
        }
        Ok(Some(file))
    }

    pub(super) fn check_profile(&self, name: &str) -> Result<(), Failure> {
        if self.profiles.contains_key(name) {
            return Ok(());
        }
        let names: Vec<_> = self.profiles.keys().map(String::as_str).collect();
        let hint = match names.is_empty() {
            true => "the file has no profiles".to_owned(),
            false => format!("the file has the profiles {}", names.join(", ")),
        };
        let error = self.invalid(&format!("there is no profile {name:?}"));
        Err(error.with_hint(hint))
    }

    /// Returns the value of the profile, else of the top level.
    pub(super) fn get(&self, profile: Option<&str>, key: &str) -> Option<(String, Origin)> {
        let origin = |profile: Option<&str>| Origin::File {
            path: self.path.clone(),
            profile: profile.map(str::to_owned),
        };
        let chosen = profile.and_then(|name| self.profiles.get(name)?.get(key));
        match chosen {
            Some(text) => Some((text.clone(), origin(profile))),
            None if self.is_overridden(profile, key) => None,
            None => Some((self.top.get(key)?.clone(), origin(None))),
        }
    }

    /// Whether the profile sets the alternative of this key: `environment` and `base_url` exclude each other.
    fn is_overridden(&self, profile: Option<&str>, key: &str) -> bool {
        let other = match key {
            "environment" => "base_url",
            "base_url" => "environment",
            _ => return false,
        };
        profile
            .and_then(|name| self.profiles.get(name))
            .is_some_and(|settings| settings.contains_key(other))
    }

    /// Resolves a path in the file, which is relative to the file.
    pub(super) fn resolve(&self, path: &str) -> PathBuf {
        self.path
            .parent()
            .unwrap_or_else(|| Path::new(""))
            .join(path)
    }

    fn setting(&self, prefix: &str, key: &str, value: Value) -> Result<String, Failure> {
        if key == "api_key" {
            return Err(self
                .invalid(&format!("`{prefix}api_key` is not a setting"))
                .with_hint(
                    "write the key to a file that only you can read, and set api_key_file",
                ));
        }
        if !KEYS.contains(&key) {
            return Err(self
                .invalid(&format!("`{prefix}{key}` is not a setting"))
                .with_hint(format!("the settings are {}", KEYS.join(", "))));
        }
        match value {
            Value::String(text) => Ok(text),
            Value::Integer(number) => Ok(number.to_string()),
            Value::Boolean(value) => Ok(value.to_string()),
            _ => Err(self.invalid(&format!(
                "`{prefix}{key}` must be a string, a number, true or false"
            ))),
        }
    }

    fn invalid(&self, reason: &str) -> Failure {
        Failure::usage(format!("{}: {reason}", self.path.display()))
    }
}
