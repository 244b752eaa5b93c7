//! How sure the numbers are.

use apivideo_insights::{DropReason, LengthSource, Measures};
use jiff::ToSpan;

use crate::calendar::{self, Zone};
use crate::format::{count, duration, durations, percent, plural};
use crate::html::{Html, html};
use crate::section::{Section, chart_heading};
use crate::svg::{self, Anchor, Chart};
use crate::view::View;

/// For how many days after its beginning a session can change.
const MUTABLE_DAYS: i64 = 3;

/// Returns the section.
pub(crate) fn section(view: &View<'_>) -> Html {
    let quality = &view.measures().quality;
    let share = quality.estimated_share.unwrap_or(0.0);
    let finding = html!(
        "Playback is rebuilt from what players reported, second by second. {} of the watch time was reported in full; {} is estimated.",
        if share < 0.05 {
            "Nearly all"
        } else if share < 0.5 {
            "Most"
        } else {
            "A part"
        },
        percent(share)
    );
    let items: Html = items(view)
        .into_iter()
        .map(|(name, content)| html!("<div><dt>{}</dt><dd>{}</dd></div>", name, content))
        .collect();
    let body = html!("{}<dl class=\"qual\">{}</dl>", limits(view), items);
    let section = Section {
        title: "How sure are these numbers?",
        finding,
        ..Section::default()
    };
    section.render(&view.scope, &body)
}

/// The watch time between its limits.
fn limits(view: &View<'_>) -> Html {
    let measures = view.measures();
    let value = measures.watch_seconds;
    let (low, high) = (
        measures.quality.watch_seconds_lower,
        measures.quality.watch_seconds_upper,
    );
    if high <= low {
        return Html::new();
    }
    let [at_least, reported, at_most] = durations([low, value, high]);
    let x = |seconds: f64| ((seconds - low) / (high - low) * 100.0).clamp(0.0, 100.0);
    let mut body = svg::across(34.0, "ax");
    body.push(svg::upright(0.0, 28.0, 40.0, "ax"));
    body.push(svg::upright(100.0, 28.0, 40.0, "ax"));
    body.push(svg::disc(x(value), 34.0, 6.0));
    let label = format!("{reported} in this report");
    body.push(svg::text(
        x(value),
        18.0,
        &label,
        "k",
        Anchor::inside(x(value), 15.0),
    ));
    body.push(svg::text(
        0.0,
        62.0,
        &format!("{at_least} without estimates"),
        "",
        Anchor::Start,
    ));
    body.push(svg::text(
        100.0,
        62.0,
        &format!("{at_most} at most"),
        "",
        Anchor::End,
    ));
    let chart = Chart {
        id: view.scope.id("q"),
        title: "Watch time with lower and upper limit",
        description: format!("At least {at_least}, reported {reported}, at most {at_most}."),
        height: 70.0,
        has_gutter: false,
    };
    let heading = chart_heading(&view.scope, "Watch time: the reported value and its limits");
    html!("<figure>{}{}</figure>", heading, chart.render(&body))
}

fn items(view: &View<'_>) -> Vec<(&'static str, Html)> {
    let quality = &view.measures().quality;
    let mut items = vec![
        ("Estimated", estimated(view)),
        ("Viewers", viewers(view)),
        length(view),
        ("May still change", changes(view)),
        ("Left out", left_out(view)),
        (
            "Not measured",
            html!(
                "Buffering, picture quality, errors and starting time: the service does not record them. People who watched without the api.video player are not counted."
            ),
        ),
    ];
    if quality.sessions_unreadable > 0 {
        items.push((
            "Not read",
            html!("The events of {} could not be read. They count as visits only, and the other numbers are lower than they should be.", plural(quality.sessions_unreadable, "visit")),
        ));
    }
    if quality.sessions_skewed > 0 {
        items.push((
            "Clocks",
            html!(
                "{} had events outside their own time; only differences within a visit are used.",
                plural(quality.sessions_skewed, "visit")
            ),
        ));
    }
    items
}

fn estimated(view: &View<'_>) -> Html {
    let quality = &view.measures().quality;
    if quality.estimated_seconds <= 0.0 {
        return html!("Nothing: the players reported every end of playback.");
    }
    let (part, limit) = match view.is_live() {
        true => ("when", ""),
        false => ("where", " and never beyond the end of the video"),
    };
    html!(
        "{} of the watch time ({}). Here the player did not report {} playback stopped: a closed tab, a reload. We count the time that passed, at most 30 minutes{}.",
        percent(quality.estimated_share.unwrap_or(0.0)),
        duration(quality.estimated_seconds),
        part,
        limit
    )
}

fn viewers(view: &View<'_>) -> Html {
    let viewers = &view.measures().unique_viewers;
    let key = viewers
        .key
        .strip_prefix("metadata.")
        .unwrap_or(&viewers.key);
    if has_no_keys(view.measures()) {
        html!(
            "No visit carried a viewer id (<code>{}</code>), so each visit counts as one viewer. A viewer who came back counts again: the true number is lower.",
            key
        )
    } else if viewers.sessions_without_key > 0 {
        html!(
            "Counted by <code>{}</code>; {} had none and count as one viewer each.",
            key,
            plural(viewers.sessions_without_key, "visit")
        )
    } else {
        html!(
            "Counted by <code>{}</code>, which every visit carried.",
            key
        )
    }
}

/// Returns whether no session has a viewer key.
pub(crate) fn has_no_keys(measures: &Measures) -> bool {
    measures.unique_viewers.sessions_without_key >= measures.quality.sessions
}

fn length(view: &View<'_>) -> (&'static str, Html) {
    if view.is_live() {
        return (
            "Length",
            html!("A live stream has none, so this report shows no percentages of it."),
        );
    }
    let name = "Length of the video";
    let Some(length) = view.measures().length else {
        return (
            name,
            html!(
                "Not known: no position was reported. So this report shows no percentages of it."
            ),
        );
    };
    let at = view.clock.format(length.seconds);
    let content = match length.source {
        LengthSource::Known => html!("{}, as given.", at),
        LengthSource::Ends => html!("{}, inferred: playbacks that ended agree on it.", at),
        LengthSource::FurthestPosition => html!(
            "Not given by the service. Taken as {}, the furthest position that was reached; every percentage depends on it.",
            at
        ),
    };
    (name, content)
}

fn changes(view: &View<'_>) -> Html {
    let Some(read_at) = view.read_at else {
        return html!("Visits of the last three days before the data was read can still grow.");
    };
    let Ok(from) = read_at.checked_sub((24 * MUTABLE_DAYS).hours()) else {
        return Html::new();
    };
    // Days of UTC, as the measures by day.
    let first = Zone::utc().at(from).date();
    let days = view.measures().days.iter();
    let visits: u64 = days
        .filter(|day| day.date >= first)
        .map(|day| day.sessions)
        .sum();
    match visits {
        0 => html!("Nothing: every visit began at least three days before the data was read."),
        _ => html!(
            "{} began on {} or later, in the last three days before the data was read, and can still grow.",
            plural(visits, "visit"),
            calendar::day(first)
        ),
    }
}

fn left_out(view: &View<'_>) -> Html {
    let measures = view.measures();
    let quality = &measures.quality;
    let reasons: Vec<String> = DropReason::ALL
        .into_iter()
        .filter_map(|reason| {
            let dropped = quality.dropped.count(reason);
            let why = match reason {
                DropReason::NotFinite => "without a number",
                DropReason::Negative => "before the beginning",
                DropReason::TooLong => "longer than ten hours",
                DropReason::BeyondLength => "beyond the end",
                DropReason::TooShort => "shorter than a quarter of a second",
            };
            (dropped > 0).then(|| format!("{} {why}", count(dropped)))
        })
        .collect();
    let dropped = match reasons.is_empty() {
        true => html!("No stretch of playback."),
        false => html!(
            "Positions or stretches of playback: {}.",
            reasons.join(", ")
        ),
    };
    let events = match quality.sessions_without_events {
        0 => html!(" Every visit had events."),
        without => html!(
            " {} had no events and count as visits only.",
            plural(without, "visit")
        ),
    };
    let excluded = match view.audience.sessions_excluded {
        0 => Html::new(),
        excluded => html!(
            " {} were excluded by the filters of this report.",
            plural(excluded, "visit")
        ),
    };
    html!("{}{}{}", dropped, events, excluded)
}
