//! When people watch: the hours of the week.

use crate::calendar::{WEEKDAYS, Zone, short};
use crate::format::whole;
use crate::html::{Html, html};
use crate::section::Section;
use crate::view::{Scope, View};

/// A number for each hour of the week, from Monday at midnight.
pub(crate) type Week = [[f64; 24]; 7];

/// The words of a heat map.
struct Words {
    title: &'static str,
    /// What the numbers are, at the start of a sentence.
    what: &'static str,
    unit: &'static str,
}

/// Returns the section of watch time.
pub(crate) fn watched(view: &View<'_>) -> Html {
    let minutes = &view.measures().time_of_day.watch_minutes;
    let highest = highest(minutes).1;
    if view.is_small() || highest <= 0.0 {
        return Html::new();
    }
    let (week, what, unit) = match highest >= 1_000.0 {
        true => (
            minutes.map(|day| day.map(|value| value / 60.0)),
            "Hours watched",
            "hours",
        ),
        false => (*minutes, "Minutes watched", "minutes"),
    };
    let words = Words {
        title: "When people watch",
        what,
        unit,
    };
    section(&view.scope, view.zone, &week, &words)
}

/// Returns the section of play presses.
pub(crate) fn pressed(scope: &Scope, zone: &Zone, week: &Week) -> Html {
    if highest(week).1 <= 0.0 {
        return Html::new();
    }
    let words = Words {
        title: "When people press play",
        what: "Play presses",
        unit: "play presses",
    };
    section(scope, zone, week, &words)
}

fn section(scope: &Scope, zone: &Zone, week: &Week, words: &Words) -> Html {
    let ((day, hour), most) = highest(week);
    // Counts are whole: a small one needs no decimal.
    let has_tenths = most < 10.0 && words.unit != "play presses";
    let format = |value: f64| match has_tenths {
        true => format!("{value:.1}"),
        false => whole(value),
    };
    let finding = html!(
        "Most on {}s between {}:00 and {}:00 {}: {}\u{a0}{}.",
        WEEKDAYS[day],
        two(hour),
        two((hour + 1) % 24),
        zone.hours(),
        format(most),
        words.unit
    );
    let explanation = html!(
        "{} in each hour of the week, added up over the period. Hours in {}. The outlined hour is the highest; a dot is nothing, or nearly nothing.{}",
        words.what,
        zone.hours(),
        if most >= 999.5 { " 1k is 1,000." } else { "" }
    );
    let low = if has_tenths { 0.05 } else { 0.5 };
    let body = html!(
        "<figure>{}</figure>",
        table(week, (day, hour), most, low, &format)
    );
    Section {
        title: words.title,
        finding,
        explanation,
        is_wide: false,
    }
    .render(scope, &body)
}

fn shade(value: f64, most: f64) -> usize {
    (1 + (value / most * 5.999) as usize).min(6)
}

/// Returns `3.7k`, `12k`, or a number below 1,000.
fn thousands(value: f64) -> String {
    match value {
        ..999.5 => whole(value),
        ..9_950.0 => format!("{:.1}k", value / 1_000.0),
        _ => format!("{}k", whole(value / 1_000.0)),
    }
}

fn two(hour: usize) -> String {
    format!("{hour:02}")
}

/// Returns the first hour with the highest number.
fn highest(week: &Week) -> ((usize, usize), f64) {
    let mut found = ((0, 0), 0.0);
    for (day, hours) in week.iter().enumerate() {
        for (hour, &value) in hours.iter().enumerate() {
            if value > found.1 {
                found = ((day, hour), value);
            }
        }
    }
    found
}

fn table(
    week: &Week,
    top: (usize, usize),
    most: f64,
    low: f64,
    format: &dyn Fn(f64) -> String,
) -> Html {
    const SHADES: [&str; 7] = ["c0", "c1", "c2", "c3", "c4", "c5", "c6"];
    let hours: Html = (0..24)
        .map(|hour| html!("<th role=\"columnheader\" scope=\"col\">{}</th>", two(hour)))
        .collect();
    let is_large = most >= 999.5;
    let rows: Html = week
        .iter()
        .enumerate()
        .map(|(day, hours)| {
            let cells: Html = hours
                .iter()
                .enumerate()
                .map(|(hour, &value)| {
                    let (shade, text) = match value {
                        value if value <= low => (0, "·".to_owned()),
                        // A cell has room for three digits.
                        value if is_large => (shade(value, most), thousands(value)),
                        value => (shade(value, most), format(value)),
                    };
                    let max = if (day, hour) == top { " max" } else { "" };
                    html!("<td role=\"cell\" class=\"{}{}\">{}</td>", SHADES[shade], max, text)
                })
                .collect();
            html!(
                "<tr role=\"row\"><th role=\"rowheader\" scope=\"row\">{}</th>{}<td role=\"cell\" class=\"sum\">{}</td></tr>",
                short(WEEKDAYS[day]), cells, format(hours.iter().sum())
            )
        })
        .collect();
    html!(
        "<table class=\"heat{}\" role=\"table\"><thead role=\"rowgroup\"><tr role=\"row\"><th role=\"columnheader\" scope=\"col\"><span class=\"vh\">Day</span></th>{}<th role=\"columnheader\" scope=\"col\" class=\"sum\">Sum</th></tr></thead><tbody role=\"rowgroup\">{}</tbody></table>",
        if is_large { " large" } else { "" },
        hours,
        rows
    )
}

#[cfg(test)]
mod tests {
    use super::thousands;

    #[test]
    fn large_numbers_are_short() {
        for (value, text) in [
            (0.7, "1"),
            (999.4, "999"),
            (999.6, "1.0k"),
            (3_675.0, "3.7k"),
            (9_949.0, "9.9k"),
            (9_950.0, "10k"),
            (123_456.0, "123k"),
        ] {
            assert_eq!(thousands(value), text);
        }
    }
}
