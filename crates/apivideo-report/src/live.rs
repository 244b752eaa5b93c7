//! The page of a live stream.

use crate::calendar::{self, time_of_day, weekday_day};
use crate::compare::{self, Comparison};
use crate::concurrency;
use crate::days;
use crate::format::{count, duration, plural, whole};
use crate::heat;
use crate::html::{Html, html};
use crate::notes;
use crate::places;
use crate::quality;
use crate::tiles::{Glossary, Tile};
use crate::view::View;
use crate::words;

/// Returns the sentence of findings, the tiles and the sections.
pub(crate) fn body(
    view: &View<'_>,
    comparison: Option<&Comparison<'_>>,
    glossary: &mut Glossary,
) -> Html {
    let measures = view.measures();
    if measures.quality.sessions == 0 {
        return notes::empty(view);
    }
    if measures.plays == 0 {
        return notes::no_play(view, glossary);
    }
    let mut body = lede(view);
    body.push(notes::few_plays(view));
    body.push(glossary.tiles(tiles(view)));
    body.push(concurrency::section(view));
    body.push(comparison.map_or_else(Html::new, |comparison| compare::section(view, comparison)));
    body.push(days::section(view));
    body.push(heat::watched(view));
    body.push(places::section(view));
    body.push(quality::section(view));
    body
}

fn lede(view: &View<'_>) -> Html {
    let measures = view.measures();
    let peak = &measures.concurrency.playing;
    let at = peak
        .peak_at
        .filter(|_| peak.peak > 0)
        .map(|at| view.zone.at(at));
    let peak = match at {
        Some(at) => html!(
            " At the peak, <b>{}</b> watched at once, {}on {} at {} {}.",
            plural(peak.peak, "viewer"),
            if peak.times.is_some_and(|times| times > 1) {
                "first "
            } else {
                ""
            },
            weekday_day(at.date()),
            time_of_day(at),
            view.zone.name()
        ),
        None => Html::new(),
    };
    html!(
        "<p class=\"lede\">Of {}, <b>{} pressed play</b> and watched for <b>{}</b> on average.{}</p>\n",
        plural(view.visits(), "visit"),
        count(measures.plays),
        duration(measures.average_watch_seconds.unwrap_or(0.0)),
        peak
    )
}

fn tiles(view: &View<'_>) -> Vec<Tile> {
    let mut tiles = Vec::from_iter(peak(view));
    tiles.extend([
        words::plays(view),
        words::viewers(view),
        words::watch_time(view),
        words::average_watch_time(view),
    ]);
    tiles.extend(average_audience(view));
    tiles
}

fn peak(view: &View<'_>) -> Option<Tile> {
    let peak = &view.measures().concurrency.playing;
    let at = view.zone.at(peak.peak_at.filter(|_| peak.peak > 0)?);
    let date = at.date();
    let times = match peak.times {
        Some(times) if times > 1 => format!("; {} times", count(times)),
        _ => String::new(),
    };
    Some(Tile {
        label: "Peak",
        value: count(peak.peak),
        unit: "at once".to_owned(),
        line: format!(
            "{} {} {}, {}{times}",
            calendar::weekday(date),
            date.day(),
            calendar::short(calendar::month(date)),
            time_of_day(at)
        ),
        definition:
            "The largest number of viewers playing at the same second. Paused viewers do not count."
                .to_owned(),
    })
}

fn average_audience(view: &View<'_>) -> Option<Tile> {
    let average = view.measures().concurrency.playing.average?;
    let days = view
        .period
        .days
        .map(|(first, last)| calendar::DayAxis::new(first, last).count);
    Some(Tile {
        label: "Average audience",
        value: match average {
            _ if average < 0.005 => "<\u{a0}0.01".to_owned(),
            _ if average < 10.0 => format!("{average:.2}"),
            _ => whole(average),
        },
        unit: "at once".to_owned(),
        line: match days {
            Some(days) if view.period.is_whole_days && days > 1 => format!("over all {days} days"),
            _ => "over the whole period".to_owned(),
        },
        definition: "Playing time of all viewers divided by the length of the period: the number watching at a moment picked by chance, hours without broadcast included.".to_owned(),
    })
}
