//! The page of aggregates.

use crate::calendar::{DayAxis, Zone, weekday_day};
use crate::days::mean_text;
use crate::format::{Clock, count, duration, headline, plural, share, whole};
use crate::heat::{self, Week};
use crate::html::{Html, html};
use crate::section::{Section, numbers};
use crate::strip::Strip;
use crate::tiles::{Glossary, Tile};
use crate::totals::{Totals, TotalsDay};
use crate::totals_places;
use crate::view::Scope;

/// Returns the sentence of findings, the tiles and the sections.
pub(crate) fn body(totals: &Totals, zone: &Zone, glossary: &mut Glossary) -> Html {
    let scope = Scope::default();
    let mut body = lede(totals);
    body.push(html!(
        "<p class=\"note\"><b>Made from totals.</b> The raw visits of this period were not read or are no longer kept, so this report cannot show how far people watched. <a href=\"#can\">What it can and cannot show</a>.</p>\n"
    ));
    body.push(glossary.tiles(tiles(totals)));
    body.push(days(&scope, totals));
    body.push(heat::pressed(&scope, zone, &week(totals, zone)));
    body.push(totals_places::section(&scope, totals));
    body.push(limits(&scope));
    body
}

fn lede(totals: &Totals) -> Html {
    let mut parts = Vec::new();
    if let Some(loads) = totals.loads {
        parts.push(html!("The player was loaded {}", plural(loads, "time")));
    }
    if let Some(plays) = totals.plays {
        let and = if parts.is_empty() {
            "Play was pressed"
        } else {
            "and play was pressed"
        };
        parts.push(match parts.is_empty() {
            true => html!("<b>{} {}</b>", and, plural(plays, "time")),
            false => html!(" and <b>play was pressed {}</b>", plural(plays, "time")),
        });
    }
    if parts.is_empty() {
        return Html::new();
    }
    if let Some(seconds) = totals.watch_seconds {
        parts.push(html!(", for <b>{}</b> of watching", duration(seconds)));
    }
    if let Some(average) = totals.average_watch_seconds {
        parts.push(html!(
            ", <b>{}</b> on average",
            Clock::default().format(average)
        ));
    }
    html!(
        "<p class=\"lede\">{}.</p>\n",
        parts.into_iter().collect::<Html>()
    )
}

fn tiles(totals: &Totals) -> Vec<Tile> {
    let tile = |label, number: u64, line: String, definition: &str| Tile {
        label,
        value: count(number),
        unit: String::new(),
        line,
        definition: definition.to_owned(),
    };
    let mut tiles = Vec::new();
    if let Some(plays) = totals.plays {
        let line = match totals.loads {
            Some(loads) if loads > 0 => {
                format!("{} of {} loads", share(plays, loads), count(loads))
            }
            _ => String::new(),
        };
        tiles.push(tile("Play presses", plays, line, "How often play was pressed. Pressing play again in the same visit counts again, so this is more than the plays of a report from raw visits."));
    }
    if let Some(views) = totals.views {
        tiles.push(tile(
            "Views",
            views,
            "of 5 seconds or more".to_owned(),
            "Views that lasted at least 5 seconds, as the service counts them.",
        ));
    }
    if let Some(viewers) = totals.daily_viewers {
        tiles.push(tile("Daily viewers", viewers, "added up over the days".to_owned(), "Different viewers of each day, distinguished by browser and address, added up. A viewer who comes on three days counts three times."));
    }
    if let Some(seconds) = totals.watch_seconds {
        let (value, unit) = headline(seconds);
        tiles.push(Tile {
            label: "Watch time",
            value,
            unit: unit.to_owned(),
            line: "as the service counts it".to_owned(),
            definition: "The sum that the service reports. The rules of a report from raw visits cannot be applied to it.".to_owned(),
        });
    }
    if let Some(ends) = totals.ends {
        let line = totals
            .plays
            .map(|plays| format!("{} of play presses", share(ends, plays)));
        tiles.push(tile(
            "Ran to the end",
            ends,
            line.unwrap_or_default(),
            "How often playback reached the last second. Repeats in the same visit count again.",
        ));
    }
    if let Some(peak) = totals.peak {
        let tile = tile(
            "Peak",
            peak,
            "in one minute".to_owned(),
            "The largest number of viewers at the same time, as the service counts it, in steps of a minute.",
        );
        tiles.push(Tile {
            unit: "at once".to_owned(),
            ..tile
        });
    }
    tiles
}

/// A column of the table of days.
struct Column {
    name: &'static str,
    value: fn(&TotalsDay) -> Option<u64>,
}

const COLUMNS: [Column; 5] = [
    Column {
        name: "Loads",
        value: |day| day.loads,
    },
    Column {
        name: "Play presses",
        value: |day| day.plays,
    },
    Column {
        name: "Views",
        value: |day| day.views,
    },
    Column {
        name: "Ran to the end",
        value: |day| day.ends,
    },
    Column {
        name: "Most at once",
        value: |day| day.peak,
    },
];

fn days(scope: &Scope, totals: &Totals) -> Html {
    let axis = DayAxis::new(totals.first, totals.last.max(totals.first));
    let mut days: Vec<TotalsDay> = Vec::new();
    // The service keeps 30 days; others are not drawn.
    for index in 0..axis.count.min(400) {
        let date = axis.date(index);
        let found = totals.days.iter().find(|day| day.date == date).copied();
        days.push(found.unwrap_or_else(|| TotalsDay::new(date)));
    }
    let axis = DayAxis {
        count: days.len(),
        ..axis
    };
    let values = |value: fn(&TotalsDay) -> Option<u64>| -> Vec<Option<f64>> {
        days.iter()
            .map(|day| value(day).map(|value| value as f64))
            .collect()
    };
    let strip = |id, title, values: &[Option<f64>], unit: String, height, has_axis, mean| {
        let is_empty = values.iter().all(Option::is_none);
        let strip = Strip {
            id,
            title,
            unit,
            values,
            height,
            has_axis,
            per: 1.0,
            is_whole: true,
            format: &whole,
            tick: &whole,
            mean,
            only: None,
        };
        if is_empty {
            Html::new()
        } else {
            strip.render(scope, &axis)
        }
    };
    let (loads, plays, peaks) = (
        values(|day| day.loads),
        values(|day| day.plays),
        values(|day| day.peak),
    );
    let mean = plays.iter().flatten().sum::<f64>() / axis.count.max(1) as f64;
    let has_peaks = peaks.iter().any(Option::is_some);
    let charts = html!(
        "{}{}{}",
        strip(
            "dp",
            "Play presses",
            &plays,
            mean_text(mean),
            140.0,
            false,
            Some(mean)
        ),
        strip(
            "di",
            "Loads of the player",
            &loads,
            String::new(),
            76.0,
            !has_peaks,
            None
        ),
        strip(
            "dc",
            "Most viewers at once",
            &peaks,
            String::new(),
            76.0,
            true,
            None
        )
    );
    if charts.is_empty() {
        return Html::new();
    }
    let columns: Vec<&Column> = COLUMNS
        .iter()
        .filter(|column| days.iter().any(|day| (column.value)(day).is_some()))
        .collect();
    let rows = days.iter().map(|day| {
        let cells = columns
            .iter()
            .map(|column| count((column.value)(day).unwrap_or(0)));
        [weekday_day(day.date)].into_iter().chain(cells).collect()
    });
    let names: Vec<&str> = ["Day"]
        .into_iter()
        .chain(columns.iter().map(|column| column.name))
        .collect();
    let name = "The numbers, day by day";
    let table = numbers(scope, name, name, &names, rows);
    let busiest = days.iter().rev().max_by_key(|day| day.plays.unwrap_or(0));
    let finding = match busiest.and_then(|day| day.plays.map(|plays| (day.date, plays))) {
        Some((date, plays)) => html!(
            "Busiest on {}, with {}.",
            weekday_day(date),
            match plays {
                1 => "1 play press".to_owned(),
                plays => format!("{} play presses", count(plays)),
            }
        ),
        None => Html::new(),
    };
    let section = Section {
        title: "Day by day",
        finding,
        explanation: html!("Days in UTC. Weekends are paler."),
        is_wide: false,
    };
    section.render(scope, &html!("<figure>{}{}</figure>", charts, table))
}

fn week(totals: &Totals, zone: &Zone) -> Week {
    let mut week = [[0.0; 24]; 7];
    for (at, plays) in &totals.hours {
        let at = zone.at(*at);
        let day = usize::from(at.weekday().to_monday_zero_offset().unsigned_abs());
        if let Some(slot) = week
            .get_mut(day)
            .and_then(|day| day.get_mut(usize::from(at.hour().unsigned_abs())))
        {
            *slot += *plays as f64;
        }
    }
    week
}

fn limits(scope: &Scope) -> Html {
    const CAN: [&str; 5] = [
        "presses of play, loads, ends, by day and hour",
        "views of at least 3, 5, 10 or 30 seconds",
        "watch time of the whole period, as the service counts it",
        "most viewers at once, by the minute",
        "countries, devices, systems, browsers, pages",
    ];
    const CANNOT: [&str; 6] = [
        "how far people watched, where they left, what they saw again",
        "how many visits got to the end: the ends here count presses",
        "viewers over the whole period: the service distinguishes them within one day only",
        "limits of error: totals come without their uncertainty",
        "your own metadata, such as plan or group",
        "days more than 30 days back: the service keeps no older totals",
    ];
    let list = |items: &[&str]| {
        items
            .iter()
            .map(|item| html!("<li>{}</li>", item))
            .collect::<Html>()
    };
    let body = html!(
        "<div class=\"can\" id=\"can\"><div><h3 class=\"t3\">Can</h3><ul>{}</ul></div><div><h3 class=\"t3\">Cannot</h3><ul>{}</ul></div></div>",
        list(&CAN),
        list(&CANNOT)
    );
    Section {
        title: "What totals can and cannot show",
        ..Section::default()
    }
    .render(scope, &body)
}
