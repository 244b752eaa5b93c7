//! How the command is set: the command line, else the environment, else the configuration file, else what is usual.

mod file;

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use apivideo::{Environment, PageSize};
use clap::ValueEnum;

use crate::args::{Auth, Format, Options, seconds};
use crate::color;
use crate::failure::Failure;
use crate::output::CsvOptions;
use file::File;

/// Where a setting comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    Flag(&'static str),
    Variable(&'static str),
    File {
        path: PathBuf,
        profile: Option<String>,
    },
    Default,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag(name) => f.write_str(name),
            Self::Variable(name) => f.write_str(name),
            Self::File {
                path,
                profile: None,
            } => write!(f, "{}", path.display()),
            Self::File {
                path,
                profile: Some(profile),
            } => write!(f, "{} [profiles.{profile}]", path.display()),
            Self::Default => f.write_str("default"),
        }
    }
}

impl Origin {
    /// The lower, the more it has to say.
    fn rank(&self) -> u8 {
        match self {
            Self::Flag(_) => 0,
            Self::Variable(_) => 1,
            Self::File {
                profile: Some(_), ..
            } => 2,
            Self::File { profile: None, .. } => 3,
            Self::Default => 4,
        }
    }
}

/// A value, and where it comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Setting<T> {
    pub(crate) value: T,
    pub(crate) origin: Origin,
}

/// A place where a key may be, in the order in which they are looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum KeySource {
    Stdin,
    File(PathBuf),
    /// The variable that holds the key itself.
    Variable,
}

/// How the command is set.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    /// The configuration file, and whether it is there.
    pub(crate) file: Option<Setting<PathBuf>>,
    pub(crate) has_file: bool,
    pub(crate) profile: Option<Setting<String>>,
    pub(crate) environment: Setting<Environment>,
    /// Asked instead of the environment's place.
    pub(crate) base_url: Option<Setting<String>>,
    pub(crate) auth: Setting<Auth>,
    /// All places that are said to hold a key.
    pub(crate) keys: Vec<Setting<KeySource>>,
    pub(crate) output: Option<Setting<Format>>,
    /// Set by the command line only.
    pub(crate) csv: CsvOptions,
    pub(crate) page_size: Setting<PageSize>,
    pub(crate) retries: Option<Setting<u32>>,
    pub(crate) timeout: Setting<Duration>,
    pub(crate) max_retry_after: Setting<Duration>,
    pub(crate) color: Setting<color::When>,
    pub(crate) quiet: Setting<bool>,
}

/// The variable that holds the key.
pub(crate) const API_KEY: &str = "APIVIDEO_API_KEY";
const API_KEY_FILE: &str = "APIVIDEO_API_KEY_FILE";

/// As the library has it.
const TIMEOUT: Duration = Duration::from_secs(60);
/// As the library has it.
const MAX_RETRY_AFTER: Duration = Duration::from_secs(120);

impl Settings {
    /// What the command line alone says, for commands that ask nobody.
    pub(crate) fn of_flags(options: &Options) -> Self {
        Self {
            file: None,
            has_file: false,
            profile: None,
            environment: set(Environment::default(), Origin::Default),
            base_url: None,
            auth: set(Auth::default(), Origin::Default),
            keys: Vec::new(),
            output: None,
            page_size: set(PageSize::default(), Origin::Default),
            csv: CsvOptions::default(),
            retries: None,
            timeout: set(TIMEOUT, Origin::Default),
            max_retry_after: set(MAX_RETRY_AFTER, Origin::Default),
            color: set(options.color.unwrap_or_default(), Origin::Default),
            quiet: set(options.quiet, Origin::Default),
        }
    }

    /// What holds for this command line.
    pub(crate) fn load(options: &Options) -> Result<Self, Failure> {
        let path = match &options.configuration.config {
            Some(path) => Some(set(path.clone(), Origin::Flag("--config"))),
            None => variable("APIVIDEO_CONFIG")?
                .map(|path| set(path.into(), Origin::Variable("APIVIDEO_CONFIG"))),
        };
        let file = match &path {
            Some(Setting { value: path, .. }) => Some(File::read(path)?.ok_or_else(|| {
                Failure::usage(format!(
                    "there is no configuration file {}; make it, or leave --config and APIVIDEO_CONFIG out",
                    path.display()
                ))
            })?),
            None => match file::usual() {
                Some(path) => File::read(&path)?,
                None => None,
            },
        };
        let profile = match &options.configuration.profile {
            Some(name) => Some(set(name.clone(), Origin::Flag("--profile"))),
            None => variable("APIVIDEO_PROFILE")?
                .map(|name| set(name, Origin::Variable("APIVIDEO_PROFILE"))),
        };
        if let Some(profile) = &profile {
            match &file {
                Some(file) => file.check_profile(&profile.value)?,
                None => {
                    return Err(Failure::usage(format!(
                        "the profile {:?} ({}) is in no configuration file, since there is none; write it to {}",
                        profile.value,
                        profile.origin,
                        file::usual().map_or("one, and give it by --config".to_owned(), |path| {
                            path.display().to_string()
                        })
                    )));
                }
            }
        }
        let sources = Sources {
            file: file.as_ref(),
            profile: profile.as_ref().map(|profile| profile.value.as_str()),
        };
        let service = &options.service;
        let environment = sources.find(
            service.environment.map(|it| (it, "--environment")),
            "APIVIDEO_ENVIRONMENT",
            "environment",
            |text| {
                text.parse()
                    .map_err(|error: apivideo::Error| error.to_string())
            },
        )?;
        let base_url = sources.find(
            service.base_url.clone().map(|it| (it, "--base-url")),
            "APIVIDEO_BASE_URL",
            "base_url",
            |text| Ok(text.to_owned()),
        )?;
        let (environment, base_url) = one_place(environment, base_url)?;
        let switch = |text: &str| match text {
            "true" => Ok(true),
            "false" => Ok(false),
            _ => Err("it is neither true nor false".to_owned()),
        };
        let output = sources.find(
            options.output.map(|it| (it, "--output")),
            "APIVIDEO_OUTPUT",
            "output",
            |text| Format::from_str(text, false),
        )?;
        Ok(Self {
            environment: environment.unwrap_or(set(Environment::default(), Origin::Default)),
            base_url,
            auth: sources
                .find(
                    service.auth.map(|it| (it, "--auth")),
                    "APIVIDEO_AUTH",
                    "auth",
                    |text| Auth::from_str(text, false),
                )?
                .unwrap_or(set(Auth::default(), Origin::Default)),
            keys: sources.keys(service.api_key_file.clone())?,
            csv: csv(options, output.as_ref())?,
            output,
            page_size: sources
                .find(
                    options.page_size.map(|it| (it, "--page-size")),
                    "APIVIDEO_PAGE_SIZE",
                    "page_size",
                    |text| {
                        text.parse()
                            .map_err(|error: apivideo::Error| error.to_string())
                    },
                )?
                .unwrap_or(set(PageSize::default(), Origin::Default)),
            retries: sources.find(
                options.retries.map(|it| (it, "--retries")),
                "APIVIDEO_RETRIES",
                "retries",
                |text| {
                    text.parse()
                        .map_err(|_| "it is no number of retries: 0, 1, 2 and so on".to_owned())
                },
            )?,
            timeout: sources
                .find(
                    options.timeout.map(|it| (it, "--timeout")),
                    "APIVIDEO_TIMEOUT",
                    "timeout",
                    seconds,
                )?
                .unwrap_or(set(TIMEOUT, Origin::Default)),
            max_retry_after: sources
                .find(
                    options.max_retry_after.map(|it| (it, "--max-retry-after")),
                    "APIVIDEO_MAX_RETRY_AFTER",
                    "max_retry_after",
                    seconds,
                )?
                .unwrap_or(set(MAX_RETRY_AFTER, Origin::Default)),
            color: sources
                .find(
                    options.color.map(|it| (it, "--color")),
                    "APIVIDEO_COLOR",
                    "color",
                    |text| color::When::from_str(text, false),
                )?
                .unwrap_or(set(color::When::default(), Origin::Default)),
            quiet: sources
                .find(
                    options.quiet.then_some((true, "--quiet")),
                    "APIVIDEO_QUIET",
                    "quiet",
                    switch,
                )?
                .unwrap_or(set(false, Origin::Default)),
            file: path.or_else(|| Some(set(file::usual()?, Origin::Default))),
            has_file: file.is_some(),
            profile,
        })
    }
}

fn set<T>(value: T, origin: Origin) -> Setting<T> {
    Setting { value, origin }
}

/// The options of CSV, which are refused with any other format.
fn csv(options: &Options, output: Option<&Setting<Format>>) -> Result<CsvOptions, Failure> {
    let given = options.for_csv();
    let is_csv = output.is_some_and(|output| output.value == Format::Csv);
    if !given.is_empty() && !is_csv {
        return Err(Failure::usage(format!(
            "{} can only be used with --output csv",
            given.join(", ")
        )));
    }
    Ok(CsvOptions {
        safe: options.csv_safe,
        null: options.csv_null.clone(),
    })
}

/// Of the environment and the base URL the one that is said closer to the command line; said at the same place, they
/// contradict each other.
#[expect(clippy::type_complexity, reason = "both settings, as they came")]
fn one_place(
    environment: Option<Setting<Environment>>,
    base_url: Option<Setting<String>>,
) -> Result<(Option<Setting<Environment>>, Option<Setting<String>>), Failure> {
    if let (Some(environment), Some(url)) = (&environment, &base_url) {
        return match environment.origin.rank().cmp(&url.origin.rank()) {
            std::cmp::Ordering::Less => Ok((Some(environment.clone()), None)),
            std::cmp::Ordering::Greater => Ok((None, Some(url.clone()))),
            std::cmp::Ordering::Equal => Err(Failure::usage(format!(
                "two places are to be asked: the environment {} ({}) and the base URL {} ({}); leave one of them out",
                environment.value, environment.origin, url.value, url.origin
            ))),
        };
    }
    Ok((environment, base_url))
}

/// What is set besides the command line.
struct Sources<'a> {
    file: Option<&'a File>,
    profile: Option<&'a str>,
}

impl Sources<'_> {
    /// The setting as the flag says it, else the variable, else the file.
    fn find<T>(
        &self,
        flag: Option<(T, &'static str)>,
        variable_name: &'static str,
        key: &str,
        read: impl Fn(&str) -> Result<T, String>,
    ) -> Result<Option<Setting<T>>, Failure> {
        if let Some((value, name)) = flag {
            return Ok(Some(set(value, Origin::Flag(name))));
        }
        let found = match variable(variable_name)? {
            Some(text) => Some((text, Origin::Variable(variable_name))),
            None => self.file.and_then(|file| file.get(self.profile, key)),
        };
        let Some((text, origin)) = found else {
            return Ok(None);
        };
        match read(&text) {
            Ok(value) => Ok(Some(set(value, origin))),
            Err(why) => {
                let what = match &origin {
                    Origin::File { .. } => format!("`{key}` in {origin}"),
                    _ => origin.to_string(),
                };
                Err(Failure::usage(format!("{what} can't be {text:?}: {why}")))
            }
        }
    }

    /// All places that are said to hold a key.
    fn keys(&self, flag: Option<PathBuf>) -> Result<Vec<Setting<KeySource>>, Failure> {
        let place = |path: PathBuf| match path.as_os_str() == "-" {
            true => KeySource::Stdin,
            false => KeySource::File(path),
        };
        let mut keys = Vec::new();
        if let Some(path) = flag {
            keys.push(set(place(path), Origin::Flag("--api-key-file")));
        }
        if variable(API_KEY)?.is_some() {
            keys.push(set(KeySource::Variable, Origin::Variable(API_KEY)));
        }
        if let Some(path) = variable(API_KEY_FILE)? {
            keys.push(set(place(path.into()), Origin::Variable(API_KEY_FILE)));
        }
        if let Some(file) = self.file
            && let Some((path, origin)) = file.get(self.profile, "api_key_file")
        {
            keys.push(set(KeySource::File(file.beside(&path)), origin));
        }
        Ok(keys)
    }
}

/// The variable, where it is set to something.
pub(crate) fn variable(name: &'static str) -> Result<Option<String>, Failure> {
    match std::env::var(name) {
        Ok(text) => Ok(Some(text).filter(|text| !text.trim().is_empty())),
        Err(std::env::VarError::NotPresent) => Ok(None),
        Err(std::env::VarError::NotUnicode(_)) => Err(Failure::usage(format!(
            "{name} is no text; set it to text, or to nothing"
        ))),
    }
}
