//! The configuration file.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy;
use toml::{Table, Value};

use super::Origin;
use crate::failure::{Failure, because};

const NAME: &str = "apivideo.toml";

/// What can be set in a file.
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

/// Where the file usually is: the platform's folder for configuration.
pub(super) fn usual() -> Option<PathBuf> {
    let strategy = etcetera::base_strategy::choose_native_strategy().ok()?;
    Some(strategy.config_dir().join(NAME))
}

/// A configuration file, read and checked.
#[derive(Clone, Debug)]
pub(super) struct File {
    path: PathBuf,
    top: BTreeMap<String, String>,
    profiles: BTreeMap<String, BTreeMap<String, String>>,
}

impl File {
    /// Reads it; `None` where there is none.
    pub(super) fn read(path: &Path) -> Result<Option<Self>, Failure> {
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => {
                return Err(Failure::usage(because(
                    format!("the configuration file {} can't be read", path.display()),
                    error,
                )));
            }
        };
        let table: Table = text.parse().map_err(|error: toml::de::Error| {
            let line = error
                .span()
                .map(|span| text[..span.start.min(text.len())].matches('\n').count() + 1);
            Failure::usage(because(
                match line {
                    Some(line) => format!("{}:{line} is no TOML", path.display()),
                    None => format!("{} is no TOML", path.display()),
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
                            return Err(file.refused(&format!(
                                "`profiles.{name}` is no table; write [profiles.{name}]"
                            )));
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
        let there = match self.profiles.is_empty() {
            true => "it has none".to_owned(),
            false => {
                let names: Vec<_> = self.profiles.keys().map(String::as_str).collect();
                format!("it has {}", names.join(", "))
            }
        };
        Err(self.refused(&format!("there is no profile {name:?}: {there}")))
    }

    /// What the profile says, else what the top says.
    pub(super) fn get(&self, profile: Option<&str>, key: &str) -> Option<(String, Origin)> {
        let origin = |profile: Option<&str>| Origin::File {
            path: self.path.clone(),
            profile: profile.map(str::to_owned),
        };
        let chosen = profile.and_then(|name| self.profiles.get(name)?.get(key));
        match chosen {
            Some(text) => Some((text.clone(), origin(profile))),
            // A place said in the profile is not mixed with the other kind of place said at the top.
            None if self.is_replaced(profile, key) => None,
            None => Some((self.top.get(key)?.clone(), origin(None))),
        }
    }

    fn is_replaced(&self, profile: Option<&str>, key: &str) -> bool {
        let other = match key {
            "environment" => "base_url",
            "base_url" => "environment",
            _ => return false,
        };
        profile
            .and_then(|name| self.profiles.get(name))
            .is_some_and(|settings| settings.contains_key(other))
    }

    /// A path of the file, relative to it.
    pub(super) fn beside(&self, path: &str) -> PathBuf {
        self.path
            .parent()
            .unwrap_or_else(|| Path::new(""))
            .join(path)
    }

    fn setting(&self, place: &str, key: &str, value: Value) -> Result<String, Failure> {
        if key == "api_key" {
            return Err(self.refused(&format!(
                "`{place}api_key` does not belong here; put the key into a file of its own that nobody else can read, and \
                 name it by api_key_file"
            )));
        }
        if !KEYS.contains(&key) {
            return Err(self.refused(&format!(
                "`{place}{key}` is no setting; there are {}, and profiles",
                KEYS.join(", ")
            )));
        }
        match value {
            Value::String(text) => Ok(text),
            Value::Integer(number) => Ok(number.to_string()),
            Value::Boolean(switch) => Ok(switch.to_string()),
            _ => Err(self.refused(&format!(
                "`{place}{key}` is neither a text nor a number nor true or false"
            ))),
        }
    }

    fn refused(&self, why: &str) -> Failure {
        Failure::usage(format!("{}: {why}", self.path.display()))
    }
}
