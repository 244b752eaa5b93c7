//! A comparison with another period, or another video or live stream.

use apivideo_insights::{AudienceReport, Measures, Retention};

use crate::curve::Curve;
use crate::format::{Clock, count, duration, percent, shorten};
use crate::html::{Html, Px, html};
use crate::section::{Section, chart_head, numbers};
use crate::svg::{self, Anchor, Chart};
use crate::view::{MIN_PLAYS, View, visits};

/// Other measures and their name.
pub(crate) struct Comparison<'a> {
    pub(crate) label: &'a str,
    pub(crate) audience: &'a AudienceReport,
}

const HEIGHT: f64 = 210.0;
const TOP: f64 = 22.0;
/// The positions at which the curves are compared.
const POINTS: u32 = 100;

/// Returns the section.
pub(crate) fn section(view: &View<'_>, comparison: &Comparison<'_>) -> Html {
    let (this, other) = (view.measures(), &comparison.audience.measures);
    let rows = rows(view, this, other);
    let changes = this.plays >= MIN_PLAYS && other.plays >= MIN_PLAYS;
    let body = html!(
        "{}{}",
        table(comparison.label, &rows, changes),
        chart(view, comparison)
    );
    let finding = match changes {
        true => html!(
            "{} plays here, {} there: {}.",
            count(this.plays),
            count(other.plays),
            relative(this.plays as f64, other.plays as f64)
        ),
        false => html!("One side has fewer than 20 plays: read the numbers as examples."),
    };
    let title = format!("Compared with {}", comparison.label);
    let explanation =
        html!("A change of a percentage is in points: from 40 % to 50 % is 10 points.");
    Section {
        title: &title,
        finding,
        explanation,
        is_wide: false,
    }
    .render(&view.scope, &body)
}

/// A measure of both sides.
struct Row {
    name: &'static str,
    this: String,
    other: String,
    change: String,
}

fn rows(view: &View<'_>, this: &Measures, other: &Measures) -> Vec<Row> {
    let number = |name, this: u64, other: u64| Row {
        name,
        this: count(this),
        other: count(other),
        change: relative(this as f64, other as f64),
    };
    let time = |name, this: f64, other: f64| Row {
        name,
        this: duration(this),
        other: duration(other),
        change: relative(this, other),
    };
    let ratio = |name, this: Option<f64>, other: Option<f64>| Row {
        name,
        this: this.map_or_else(dash, percent),
        other: other.map_or_else(dash, percent),
        change: this
            .zip(other)
            .map_or_else(dash, |(this, other)| points((this - other) * 100.0)),
    };
    let average = |measures: &Measures| measures.average_watch_seconds.unwrap_or(0.0);
    let mut rows = vec![
        number("Visits", visits(this), visits(other)),
        number("Plays", this.plays, other.plays),
        viewers(this, other),
        time("Watch time", this.watch_seconds, other.watch_seconds),
        time("Watch time of a play", average(this), average(other)),
    ];
    if view.is_live() {
        let peak = |measures: &Measures| measures.concurrency.playing.peak;
        rows.push(number("Peak, viewers at once", peak(this), peak(other)));
    } else {
        let viewed = |measures: &Measures| {
            measures
                .average_viewed_percent
                .map(|percent| percent / 100.0)
        };
        let again = |measures: &Measures| {
            (measures.watch_seconds > 0.0)
                .then(|| (1.0 - measures.covered_seconds / measures.watch_seconds).max(0.0))
        };
        rows.push(ratio("Average watched", viewed(this), viewed(other)));
        rows.push(ratio(
            "Got to the end",
            this.completion.reached_rate,
            other.completion.reached_rate,
        ));
        rows.push(ratio("Watched again", again(this), again(other)));
    }
    rows
}

/// The numbers of viewers differ only if both are exact.
fn viewers(this: &Measures, other: &Measures) -> Row {
    let text = |measures: &Measures| {
        let viewers = &measures.unique_viewers;
        let limit = if viewers.is_upper_bound {
            "≤\u{a0}"
        } else {
            ""
        };
        format!("{limit}{}", count(viewers.played))
    };
    let (here, there) = (&this.unique_viewers, &other.unique_viewers);
    Row {
        name: "Viewers",
        this: text(this),
        other: text(other),
        change: match here.is_upper_bound || there.is_upper_bound {
            true => dash(),
            false => relative(here.played as f64, there.played as f64),
        },
    }
}

fn dash() -> String {
    "–".to_owned()
}

/// Returns the change in percent: `+12 %`.
fn relative(this: f64, other: f64) -> String {
    if other <= 0.0 {
        return dash();
    }
    let change = (this / other - 1.0) * 100.0;
    signed(&format!("{:.0}", change.abs()), change, "\u{a0}%")
}

/// Returns the change in points: `+2.1 points`.
fn points(change: f64) -> String {
    signed(&format!("{:.1}", change.abs()), change, "\u{a0}points")
}

fn signed(size: &str, change: f64, unit: &str) -> String {
    let is_zero = size.bytes().all(|byte| matches!(byte, b'0' | b'.'));
    match (is_zero, change < 0.0) {
        (true, _) => format!("±0{unit}"),
        (false, true) => format!("−{size}{unit}"),
        (false, false) => format!("+{size}{unit}"),
    }
}

/// A label in a table or a key; the heading has the whole of it.
fn short_label(label: &str) -> String {
    shorten(label, 40, 14)
}

fn table(label: &str, rows: &[Row], has_changes: bool) -> Html {
    let body: Html = rows
        .iter()
        .map(|row| {
            let change = match has_changes {
                true => html!("<td>{}</td>", row.change),
                false => Html::new(),
            };
            html!(
                "<tr><th scope=\"row\">{}</th><td>{}</td><td class=\"q\">{}</td>{}</tr>",
                row.name,
                row.this,
                row.other,
                change
            )
        })
        .collect();
    let change = if has_changes {
        html!("<th scope=\"col\">Change</th>")
    } else {
        Html::new()
    };
    html!(
        "<table class=\"bars cmp\"><thead><tr><th scope=\"col\">Measure</th><th scope=\"col\">This report</th><th scope=\"col\"><bdi>{}</bdi></th>{}</tr></thead><tbody>{}</tbody></table>",
        short_label(label),
        change,
        body
    )
}

/// A curve with the limits of its uncertainty, at the same parts of the length.
struct Band {
    unique: Vec<f64>,
    lower: Vec<f64>,
    upper: Vec<f64>,
}

impl Band {
    fn new(retention: &Retention) -> Option<Self> {
        let bins: Vec<_> = retention.bins().collect();
        let curve = Curve::new(retention).filter(|_| retention.plays >= MIN_PLAYS)?;
        let mut band = Self {
            unique: Vec::new(),
            lower: Vec::new(),
            upper: Vec::new(),
        };
        for point in 0..POINTS {
            let part = (f64::from(point) + 0.5) / f64::from(POINTS);
            let at = ((part * bins.len() as f64) as usize).min(bins.len() - 1);
            band.unique.push(curve.unique[curve.at(part)]);
            band.lower.push(bins[at].unique_lower?);
            band.upper.push(bins[at].unique_upper?);
        }
        Some(band)
    }
}

/// Compares both curves over the whole length of each video.
fn chart(view: &View<'_>, comparison: &Comparison<'_>) -> Html {
    let this = view.measures();
    let other = &comparison.audience.measures;
    let (Some(length), Some(other_length)) = (view.length(), other.length) else {
        return Html::new();
    };
    let band = |measures: &Measures| Band::new(measures.retention.as_ref()?);
    let (Some(here), Some(there)) = (band(this), band(other)) else {
        return Html::new();
    };
    let y = |share: f64| TOP + (HEIGHT - TOP) * (1.0 - share.min(1.0));
    let line =
        |values: &[f64]| svg::level_path(values.iter().map(|value| y(*value)), f64::from(POINTS));
    let area = |band: &Band| {
        let back: Vec<String> = band
            .lower
            .iter()
            .enumerate()
            .rev()
            .map(|(index, value)| format!("H{}V{}H{index}", index + 1, Px(y(*value)).text()))
            .collect();
        format!("{}{}Z", line(&band.upper), back.concat())
    };
    let paths = html!(
        "<path class=\"fb half\" d=\"{}\"/><path class=\"fa half\" d=\"{}\"/><path class=\"lb dash\" d=\"{}\"/><path class=\"la\" d=\"{}\"/>",
        area(&there),
        area(&here),
        line(&there.unique),
        line(&here.unique)
    );
    let mut body = svg::stretched(f64::from(POINTS), HEIGHT, &paths);
    for share in [0.25, 0.5, 0.75, 1.0] {
        body.push(svg::grid(y(share), &percent(share)));
    }
    body.push(svg::gutter(HEIGHT, "0"));
    body.push(svg::across(HEIGHT, "ax"));
    for quarter in 0..=4_u8 {
        let x = 25.0 * f64::from(quarter);
        let anchor = [
            Anchor::Start,
            Anchor::Middle,
            Anchor::Middle,
            Anchor::Middle,
            Anchor::End,
        ][usize::from(quarter)];
        body.push(svg::upright(x, HEIGHT, HEIGHT + 5.0, "ax"));
        body.push(svg::text(
            x,
            HEIGHT + 19.0,
            &format!("{x:.0}\u{a0}%"),
            "",
            anchor,
        ));
    }
    body.push(names(&here, &there, &y));
    let unit = match (length - other_length.seconds).abs() < 1.0 {
        true => format!(
            "% of the plays, by position in the video ({})",
            view.clock.format(length)
        ),
        false => format!(
            "% of the plays, by part of the video ({} and {})",
            view.clock.format(length),
            Clock::of_length(Some(other_length.seconds)).format(other_length.seconds)
        ),
    };
    let title = "Plays that watched each moment at least once";
    let middle = |band: &Band| percent(band.unique[band.unique.len() / 2]);
    let chart = Chart {
        id: view.scope.id("cmp"),
        title: "How much was watched, compared",
        description: format!(
            "In the middle, {} of plays in this report and {} of plays of {}.",
            middle(&here),
            middle(&there),
            comparison.label
        ),
        height: HEIGHT + 26.0,
        has_gutter: true,
    };
    let key = html!(
        "<p class=\"key\"><span class=\"ka\"></span>This report <span class=\"kb\"></span><bdi>{}</bdi></p>",
        short_label(comparison.label)
    );
    let cells = (0..=20_usize).map(|part| {
        let at = (part * 5).min(here.unique.len() - 1);
        let limits = |band: &Band| {
            format!(
                "{} ({} to {})",
                percent(band.unique[at]),
                percent(band.lower[at]),
                percent(band.upper[at])
            )
        };
        vec![
            format!("{}\u{a0}%", part * 5),
            limits(&here),
            limits(&there),
        ]
    });
    let name = "The numbers, compared every 5 %";
    let label = short_label(comparison.label);
    let columns = ["Part of the video", "This report", &label];
    html!(
        "<figure class=\"after\">{}{}{}<p class=\"how\">The pale bands are 95 % confidence intervals: where they overlap, the difference can be chance.</p>{}</figure>",
        chart_head(&view.scope, title, &unit),
        key,
        chart.render(&body),
        numbers(&view.scope, name, name, &columns, cells)
    )
}

/// Names the lines where they are furthest apart. The other name is in the key above the chart.
fn names(here: &Band, there: &Band, y: &dyn Fn(f64) -> f64) -> Html {
    let apart = |index: &usize| (here.unique[*index] - there.unique[*index]).abs();
    let widest = (10..90)
        .max_by(|a, b| apart(a).total_cmp(&apart(b)))
        .unwrap_or(50);
    if (y(here.unique[widest]) - y(there.unique[widest])).abs() < 18.0 {
        return Html::new();
    }
    let is_above = here.unique[widest] > there.unique[widest];
    let offset = |is_above: bool| if is_above { -9.0 } else { 19.0 };
    let x = widest as f64;
    [
        svg::text(
            x,
            y(here.unique[widest]) + offset(is_above),
            "This report",
            "ta hl",
            Anchor::Middle,
        ),
        svg::text(
            x,
            y(there.unique[widest]) + offset(!is_above),
            "Compared",
            "tb hl",
            Anchor::Middle,
        ),
    ]
    .into_iter()
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_are_signed() {
        assert_eq!(relative(112.0, 100.0), "+12\u{a0}%");
        assert_eq!(relative(88.0, 100.0), "−12\u{a0}%");
        assert_eq!(relative(100.1, 100.0), "±0\u{a0}%");
        assert_eq!(relative(1.0, 0.0), "–");
        assert_eq!(points(2.14), "+2.1\u{a0}points");
        assert_eq!(points(-0.04), "±0\u{a0}points");
    }
}
