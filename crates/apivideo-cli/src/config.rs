//! Settings: from the command line, the environment and the configuration file.

mod file;
mod setting;
mod sources;

use std::path::PathBuf;
use std::time::Duration;

use apivideo::{Environment, PageSize};
use clap::ValueEnum;

use crate::args::{Auth, Options, seconds};
use crate::color::ColorChoice;
use crate::failure::Failure;
use crate::format::{CsvOptions, Format};
use file::File;
pub(crate) use setting::{KeySource, Origin, Setting};
use sources::Sources;
pub(crate) use sources::{API_KEY, env_variable};

/// The settings of a command.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    /// The configuration file, and whether it exists.
    pub(crate) file: Option<Setting<PathBuf>>,
    pub(crate) has_file: bool,
    pub(crate) profile: Option<Setting<String>>,
    pub(crate) environment: Setting<Environment>,
    /// Overrides the URL of the environment.
    pub(crate) base_url: Option<Setting<String>>,
    pub(crate) auth: Setting<Auth>,
    /// All configured sources of the API key.
    pub(crate) keys: Vec<Setting<KeySource>>,
    pub(crate) output: Option<Setting<Format>>,
    /// Set on the command line only.
    pub(crate) csv: CsvOptions,
    pub(crate) page_size: Setting<PageSize>,
    pub(crate) retries: Option<Setting<u32>>,
    pub(crate) timeout: Setting<Duration>,
    pub(crate) max_retry_after: Setting<Duration>,
    pub(crate) color: Setting<ColorChoice>,
    pub(crate) quiet: Setting<bool>,
}

/// The default of the library.
const TIMEOUT: Duration = Duration::from_secs(60);
/// The default of the library.
const MAX_RETRY_AFTER: Duration = Duration::from_secs(120);

impl Settings {
    /// Returns the settings of the command line alone, for commands that do not use the service.
    pub(crate) fn from_flags(options: &Options) -> Self {
        Self {
            file: None,
            has_file: false,
            profile: None,
            environment: Setting::default_value(Environment::default()),
            base_url: None,
            auth: Setting::default_value(Auth::default()),
            keys: Vec::new(),
            output: None,
            page_size: Setting::default_value(PageSize::default()),
            csv: CsvOptions::default(),
            retries: None,
            timeout: Setting::default_value(TIMEOUT),
            max_retry_after: Setting::default_value(MAX_RETRY_AFTER),
            color: Setting::default_value(options.color.unwrap_or_default()),
            quiet: Setting::default_value(options.quiet),
        }
    }

    /// Loads the settings for this command line.
    pub(crate) fn load(options: &Options) -> Result<Self, Failure> {
        let path = match &options.configuration.config {
            Some(path) => Some(Setting::new(path.clone(), Origin::Flag("--config"))),
            None => env_variable("APIVIDEO_CONFIG")?
                .map(|path| Setting::new(path.into(), Origin::Variable("APIVIDEO_CONFIG"))),
        };
        let file = match &path {
            Some(Setting { value: path, .. }) => Some(File::read(path)?.ok_or_else(|| {
                Failure::usage(format!(
                    "the configuration file {} does not exist",
                    path.display()
                ))
                .with_hint("create it, or remove --config or APIVIDEO_CONFIG")
            })?),
            None => match file::default_path() {
                Some(path) => File::read(&path)?,
                None => None,
            },
        };
        let profile = match &options.configuration.profile {
            Some(name) => Some(Setting::new(name.clone(), Origin::Flag("--profile"))),
            None => env_variable("APIVIDEO_PROFILE")?
                .map(|name| Setting::new(name, Origin::Variable("APIVIDEO_PROFILE"))),
        };
        if let Some(profile) = &profile {
            match &file {
                Some(file) => file.check_profile(&profile.value)?,
                None => {
                    let path = file::default_path().map_or_else(
                        || "a file, and set --config".to_owned(),
                        |path| path.display().to_string(),
                    );
                    return Err(Failure::usage(format!(
                        "the profile {:?} ({}) does not exist: there is no configuration file",
                        profile.value, profile.origin
                    ))
                    .with_hint(format!("write the profile to {path}")));
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
        let (environment, base_url) = resolve_url(environment, base_url)?;
        let boolean = |text: &str| match text {
            "true" => Ok(true),
            "false" => Ok(false),
            _ => Err("expected true or false".to_owned()),
        };
        let output = sources.find(
            options.output.map(|it| (it, "--output")),
            "APIVIDEO_OUTPUT",
            "output",
            |text| Format::from_str(text, false),
        )?;
        Ok(Self {
            environment: environment.unwrap_or(Setting::default_value(Environment::default())),
            base_url,
            auth: sources
                .find(
                    service.auth.map(|it| (it, "--auth")),
                    "APIVIDEO_AUTH",
                    "auth",
                    |text| Auth::from_str(text, false),
                )?
                .unwrap_or(Setting::default_value(Auth::default())),
            keys: sources.keys(service.api_key_file.clone())?,
            csv: csv(options, output.as_ref())?,
            output,
            page_size: sources
                .find(
                    options.requests.page_size.map(|it| (it, "--page-size")),
                    "APIVIDEO_PAGE_SIZE",
                    "page_size",
                    |text| {
                        text.parse()
                            .map_err(|error: apivideo::Error| error.to_string())
                    },
                )?
                .unwrap_or(Setting::default_value(PageSize::default())),
            retries: sources.find(
                options.requests.retries.map(|it| (it, "--retries")),
                "APIVIDEO_RETRIES",
                "retries",
                |text| {
                    text.parse()
                        .map_err(|_| "expected a whole number".to_owned())
                },
            )?,
            timeout: sources
                .find(
                    options.requests.timeout.map(|it| (it, "--timeout")),
                    "APIVIDEO_TIMEOUT",
                    "timeout",
                    seconds,
                )?
                .unwrap_or(Setting::default_value(TIMEOUT)),
            max_retry_after: sources
                .find(
                    options
                        .requests
                        .max_retry_after
                        .map(|it| (it, "--max-retry-after")),
                    "APIVIDEO_MAX_RETRY_AFTER",
                    "max_retry_after",
                    seconds,
                )?
                .unwrap_or(Setting::default_value(MAX_RETRY_AFTER)),
            color: sources
                .find(
                    options.color.map(|it| (it, "--color")),
                    "APIVIDEO_COLOR",
                    "color",
                    |text| ColorChoice::from_str(text, false),
                )?
                .unwrap_or(Setting::default_value(ColorChoice::default())),
            quiet: sources
                .find(
                    options.quiet.then_some((true, "--quiet")),
                    "APIVIDEO_QUIET",
                    "quiet",
                    boolean,
                )?
                .unwrap_or(Setting::default_value(false)),
            file: path.or_else(|| Some(Setting::default_value(file::default_path()?))),
            has_file: file.is_some(),
            profile,
        })
    }
}

/// Returns the options of CSV, which are an error with any other format.
fn csv(options: &Options, output: Option<&Setting<Format>>) -> Result<CsvOptions, Failure> {
    let set_options = options.set_csv_options();
    let is_csv = output.is_some_and(|output| output.value == Format::Csv);
    if !set_options.is_empty() && !is_csv {
        return Err(Failure::usage(format!(
            "{} can only be used with --output csv",
            set_options.join(", ")
        )));
    }
    Ok(CsvOptions {
        safe: options.csv_safe,
        null: options.csv_null.clone(),
    })
}

/// Returns the environment or the base URL, whichever has precedence. Both from the same origin are an error.
#[expect(
    clippy::type_complexity,
    reason = "returns the two settings of its arguments"
)]
fn resolve_url(
    environment: Option<Setting<Environment>>,
    base_url: Option<Setting<String>>,
) -> Result<(Option<Setting<Environment>>, Option<Setting<String>>), Failure> {
    if let (Some(environment), Some(url)) = (&environment, &base_url) {
        return match environment.origin.rank().cmp(&url.origin.rank()) {
            std::cmp::Ordering::Less => Ok((Some(environment.clone()), None)),
            std::cmp::Ordering::Greater => Ok((None, Some(url.clone()))),
            std::cmp::Ordering::Equal => Err(Failure::usage(format!(
                "the environment {} ({}) conflicts with the base URL {} ({})",
                environment.value, environment.origin, url.value, url.origin
            ))
            .with_hint("remove one of them")),
        };
    }
    Ok((environment, base_url))
}
