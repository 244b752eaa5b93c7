//! `apivideo config show`.

use clap::ValueEnum;
use serde::Serialize;

use super::list;
use crate::config::{KeySource, Origin, Setting, Settings};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::schema::CellKind::{Exact, Text};
use crate::output::schema::ItemSchema;

/// A setting as text.
#[derive(Debug, Serialize)]
struct Row {
    setting: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    origin: Option<String>,
}

pub(crate) fn show(context: &Context<'_>, with_origin: bool) -> Result<Exit, Failure> {
    let schema = schema(with_origin);
    if list::print_field_names(context, &schema)? {
        return Ok(Exit::Done);
    }
    let mut rows = rows(&context.settings);
    if !with_origin {
        rows.iter_mut().for_each(|row| row.origin = None);
    }
    list::print_items(context, &schema, &rows)
}

fn schema(with_origin: bool) -> ItemSchema {
    let noun = ("setting", "settings");
    match with_origin {
        true => ItemSchema::of_result(
            noun,
            &[("setting", Exact), ("value", Text), ("origin", Text)],
            &[("setting", 0), ("value", 1), ("origin", 2)],
        ),
        false => ItemSchema::of_result(
            noun,
            &[("setting", Exact), ("value", Exact)],
            &[("setting", 0), ("value", 1)],
        ),
    }
}

fn rows(settings: &Settings) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut add = |setting, value: Option<String>, origin: &Origin| {
        rows.push(Row {
            setting,
            value,
            origin: Some(origin.to_string()),
        });
    };
    let file = settings.file.as_ref();
    let path = file.map(|file| match settings.has_file {
        true => file.value.display().to_string(),
        false => format!("{} (does not exist)", file.value.display()),
    });
    add(
        "config",
        path,
        file.map_or(&Origin::Default, |file| &file.origin),
    );
    let profile = settings.profile.as_ref();
    add(
        "profile",
        profile.map(|profile| profile.value.clone()),
        profile.map_or(&Origin::Default, |profile| &profile.origin),
    );
    match &settings.base_url {
        Some(url) => add("base_url", Some(without_password(&url.value)), &url.origin),
        None => add(
            "environment",
            Some(settings.environment.value.to_string()),
            &settings.environment.origin,
        ),
    }
    add(
        "auth",
        value_name(&settings.auth.value),
        &settings.auth.origin,
    );
    if settings.keys.is_empty() {
        add("api_key", None, &Origin::Default);
    }
    for Setting { value, origin } in &settings.keys {
        match value {
            KeySource::Stdin => add("api_key_file", Some("-".to_owned()), origin),
            KeySource::File(path) => add("api_key_file", Some(path.display().to_string()), origin),
            KeySource::Variable => add("api_key", Some("(set)".to_owned()), origin),
        }
    }
    let output = settings.output.as_ref();
    add(
        "output",
        output.and_then(|output| value_name(&output.value)),
        output.map_or(&Origin::Default, |output| &output.origin),
    );
    let page_size = &settings.page_size;
    add(
        "page_size",
        Some(page_size.value.to_string()),
        &page_size.origin,
    );
    let retries = settings.retries.as_ref();
    add(
        "retries",
        Some(retries.map_or(4, |retries| retries.value).to_string()),
        retries.map_or(&Origin::Default, |retries| &retries.origin),
    );
    for (name, setting) in [
        ("timeout", &settings.timeout),
        ("max_retry_after", &settings.max_retry_after),
    ] {
        add(
            name,
            Some(setting.value.as_secs().to_string()),
            &setting.origin,
        );
    }
    add(
        "color",
        value_name(&settings.color.value),
        &settings.color.origin,
    );
    let quiet = &settings.quiet;
    add("quiet", Some(quiet.value.to_string()), &quiet.origin);
    rows
}

/// Masks a user name and password in a URL. Connecting to such a URL is an error, but showing it is not.
fn without_password(url: &str) -> String {
    let host = url.find("://").map_or(0, |at| at + 3);
    let (scheme, rest) = url.split_at(host);
    let (host, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    match host.rsplit_once('@') {
        Some((_, host)) => format!("{scheme}***@{host}{path}"),
        None => url.to_owned(),
    }
}

fn value_name(value: &impl ValueEnum) -> Option<String> {
    Some(value.to_possible_value()?.get_name().to_owned())
}
