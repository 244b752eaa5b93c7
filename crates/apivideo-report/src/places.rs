//! Where viewers are, and where they came from: the breakdowns of a report.

use apivideo_insights::{Breakdown, BreakdownRow, RowKind};

use crate::bars::{Amount, Average, Bars, Entries, Entry};
use crate::countries;
use crate::format::share;
use crate::html::{Html, html};
use crate::referrers;
use crate::section::Section;
use crate::view::View;

/// Dimensions with a place of their own, or that are not for reading.
const PLACED: [&str; 8] = [
    "asset",
    "country",
    "date",
    "device.type",
    "referrer.host",
    "referrer.page",
    "referrer.medium",
    "referrer.source",
];

/// Returns the name of a kind of device. Sessions and aggregates have different ones.
pub(crate) fn device(value: &str) -> String {
    match value.to_ascii_lowercase().as_str() {
        "desktop" | "computer" => "Computer".to_owned(),
        "smartphone" | "phone" | "mobile" => "Phone".to_owned(),
        "tv" | "television" => "Television".to_owned(),
        _ => capitalized(value),
    }
}

/// Returns the name of an operating system.
pub(crate) fn system(value: &str) -> String {
    match value.to_ascii_lowercase().as_str() {
        "mac os" | "mac os x" | "macos" => "macOS".to_owned(),
        "ios" => "iOS".to_owned(),
        "ipados" => "iPadOS".to_owned(),
        _ => capitalized(value),
    }
}

/// Returns a name that starts with a capital letter.
pub(crate) fn capitalized(value: &str) -> String {
    let mut characters = value.chars();
    let first = characters
        .next()
        .map(|first| first.to_uppercase().to_string());
    first.unwrap_or_default() + characters.as_str()
}

fn amount(row: &BreakdownRow) -> Amount {
    let measures = &row.measures;
    Amount {
        plays: measures.plays,
        watch_seconds: measures.watch_seconds,
        plays_with_length: measures.plays_with_length,
    }
}

/// Returns the values of a breakdown. Values with the same name are one.
pub(crate) fn entries(breakdown: &Breakdown, name: impl Fn(&str) -> String) -> Entries {
    let mut entries = Entries {
        suppressed: breakdown.suppressed_values,
        ..Entries::default()
    };
    for row in &breakdown.rows {
        match (row.kind, &row.value) {
            (RowKind::Other, _) => entries.other = (row.values, amount(row)),
            (RowKind::Value, Some(value)) => {
                let name = name(value);
                match entries.known.iter_mut().find(|entry| entry.name == name) {
                    Some(entry) => entry.amount.add(amount(row)),
                    None => entries.known.push(Entry {
                        name,
                        amount: amount(row),
                        parts: Vec::new(),
                    }),
                }
            }
            _ => entries.unknown.add(amount(row)),
        }
    }
    entries
}

pub(crate) fn country_entries(view: &View<'_>) -> Option<Entries> {
    Some(entries(view.breakdown("country")?, |value| {
        capitalized(countries::name(value))
    }))
}

pub(crate) fn device_entries(view: &View<'_>) -> Option<Entries> {
    Some(entries(view.breakdown("device.type")?, device))
}

/// Returns referrers by host with their pages; without hosts, the pages.
pub(crate) fn referrer_entries(view: &View<'_>) -> Option<Entries> {
    let pages = view.breakdown("referrer.page");
    let Some(hosts) = view.breakdown("referrer.host") else {
        return pages.map(|pages| entries(pages, str::to_owned));
    };
    let mut all = entries(hosts, |host| {
        host.strip_prefix("www.").unwrap_or(host).to_owned()
    });
    let pages = pages.map(|pages| pages.rows.as_slice()).unwrap_or_default();
    let pages = pages.iter().filter_map(|row| {
        let (host, path) = referrers::split(row.value.as_deref()?);
        Some((host, path, amount(row)))
    });
    referrers::add_pages(&mut all.known, pages);
    Some(all)
}

/// The unknown row of referrers.
pub(crate) const NO_PAGE: (&str, &str) =
    ("No page given", "direct, an app, or hidden by the browser");

/// The unknown row of other properties.
const UNKNOWN: (&str, &str) = ("Unknown", "");

fn bars<'t>(
    view: &View<'_>,
    average: Average,
    caption: &'t str,
    column: &'t str,
    unknown: (&'t str, &'t str),
) -> Bars<'t> {
    Bars {
        caption,
        column,
        unknown: unknown.0,
        unknown_note: unknown.1,
        total: view.plays(),
        has_shares: !view.is_small(),
        average,
    }
}

/// Returns the section.
pub(crate) fn section(view: &View<'_>) -> Html {
    let average = match (view.is_live(), view.length()) {
        (false, Some(length)) => Average::Share(length),
        _ => Average::Time,
    };
    let countries = country_entries(view);
    let mut tables: Vec<Html> = Vec::new();
    if let Some(entries) = &countries {
        tables.push(bars(view, average, "Countries", "Country", UNKNOWN).render(entries));
    }
    if let Some(entries) = device_entries(view) {
        tables.push(bars(view, average, "Devices", "Device", UNKNOWN).render(&entries));
    }
    let referrers = referrer_entries(view);
    if let Some(entries) = &referrers {
        tables.push(bars(view, average, "Pages that led here", "Page", NO_PAGE).render(entries));
    }
    for breakdown in &view.audience.breakdowns {
        let dimension = breakdown.dimension.as_str();
        if !PLACED.contains(&dimension) {
            let (caption, column) = caption(dimension);
            let name = if dimension == "os" {
                system
            } else {
                capitalized
            };
            tables.push(
                bars(view, average, &caption, &column, UNKNOWN).render(&entries(breakdown, name)),
            );
        }
    }
    tables.retain(|table| !table.is_empty());
    if tables.is_empty() {
        return Html::new();
    }
    let first = countries.as_ref().and_then(Entries::first);
    let finding = match first.filter(|_| !view.is_small()) {
        Some(first) => html!(
            "<bdi>{}</bdi> leads with {} of plays.",
            first.name,
            share(first.amount.plays, view.plays())
        ),
        None => Html::new(),
    };
    let averages = match average {
        _ if view.is_small() => "",
        Average::Share(_) => {
            "“Watched” is the average share of the video; a dash means fewer than 20 plays. "
        }
        _ => "“Average” is the watch time of a play; a dash means fewer than 20 plays. ",
    };
    let addresses = match referrers {
        Some(_) => "Addresses are shown without what follows a question mark.",
        None => "",
    };
    let section = Section {
        title: "Where viewers are, and where they came from",
        finding,
        explanation: html!("{}{}", averages, addresses),
        is_wide: true,
    };
    section.render(
        &view.scope,
        &html!(
            "<div class=\"three\">{}</div>",
            tables.into_iter().collect::<Html>()
        ),
    )
}

/// Returns the caption and the first column of a dimension.
fn caption(dimension: &str) -> (String, String) {
    let pair = |caption: &str, column: &str| (caption.to_owned(), column.to_owned());
    match dimension {
        "city" => pair("Cities", "City"),
        "client" => pair("Browsers and apps", "Browser"),
        "device.model" => pair("Models of devices", "Model"),
        "device.vendor" => pair("Makers of devices", "Maker"),
        "os" => pair("Operating systems", "System"),
        _ => {
            let key = dimension.strip_prefix("metadata.").unwrap_or(dimension);
            (format!("By {key}"), capitalized(key))
        }
    }
}
