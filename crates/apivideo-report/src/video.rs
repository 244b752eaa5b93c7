//! The page of a video.

use crate::compare::{self, Comparison};
use crate::days;
use crate::format::{count, duration, plural, share, whole};
use crate::funnel;
use crate::heat;
use crate::html::{Html, html};
use crate::notes;
use crate::places;
use crate::quality;
use crate::retention;
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
    let length = view.length();
    let mut body = lede(view, length);
    body.push(notes::few_plays(view));
    body.push(glossary.tiles(tiles(view, length)));
    if let (Some(retention), Some(length)) = (&measures.retention, length) {
        body.push(retention::section(view, retention, length));
    }
    if let Some(length) = length.filter(|_| measures.completion.reached.is_some()) {
        body.push(funnel::section(view, length));
    }
    body.push(comparison.map_or_else(Html::new, |comparison| compare::section(view, comparison)));
    body.push(days::section(view));
    body.push(heat::watched(view));
    body.push(places::section(view));
    body.push(quality::section(view));
    body
}

fn lede(view: &View<'_>, length: Option<f64>) -> Html {
    let measures = view.measures();
    let visits = plural(view.visits(), "visit");
    let average = measures.average_watch_seconds.unwrap_or(0.0);
    let (Some(length), Some(reached)) = (length, measures.completion.reached) else {
        return html!(
            "<p class=\"lede\">Of {}, <b>{} pressed play</b>. They watched <b>{}</b> on average, repeats included.</p>\n",
            visits,
            count(measures.plays),
            duration(average)
        );
    };
    let reached = match view.is_small() {
        true => count(reached),
        false => share(reached, measures.plays),
    };
    html!(
        "<p class=\"lede\">Of {}, <b>{} pressed play</b>. They watched <b>{}</b> of {} on average, repeats included, and <b>{}</b> got to the end.</p>\n",
        visits,
        count(measures.plays),
        view.clock.format(average),
        view.clock.format(length),
        reached
    )
}

fn tiles(view: &View<'_>, length: Option<f64>) -> Vec<Tile> {
    let measures = view.measures();
    let is_small = view.is_small();
    let mut tiles = vec![
        words::plays(view),
        words::viewers(view),
        words::watch_time(view),
    ];
    match (length, measures.average_viewed_percent) {
        (Some(length), Some(viewed)) => {
            let average = measures.average_watch_seconds.unwrap_or(0.0);
            tiles.push(Tile {
                label: "Average watched",
                value: whole(viewed),
                unit: "%".to_owned(),
                line: format!("{} of {} a play", view.clock.format(average), view.clock.format(length)),
                definition: "Watch time of a play divided by the length of the video, averaged over all plays. It passes 100 % when parts are watched again.".to_owned(),
            });
        }
        _ => tiles.push(words::average_watch_time(view)),
    }
    let completion = &measures.completion;
    if let (Some(reached), Some(at)) = (completion.reached, completion.reached_at_seconds) {
        let (value, unit) = match is_small {
            true => (count(reached), format!("of {}", measures.plays)),
            false => (
                whole(reached as f64 / measures.plays as f64 * 100.0),
                "%".to_owned(),
            ),
        };
        let covered = completion.covered.unwrap_or(0);
        tiles.push(Tile {
            label: "Got to the end",
            value,
            unit,
            line: format!("{}; {} saw 90\u{a0}%", plural(reached, "play"), count(covered)),
            definition: format!(
                "Plays that reached {} or later, even by jumping ahead. The second number counts the plays that saw at least 90 % of the video, repeats left out.",
                view.clock.format(at)
            ),
        });
    }
    let (watched, covered) = (measures.watch_seconds, measures.covered_seconds);
    tiles.push(Tile {
        label: "Watched again",
        value: match watched > 0.0 {
            true => whole((1.0 - covered / watched).max(0.0) * 100.0),
            false => "–".to_owned(),
        },
        unit: "%".to_owned(),
        line: format!("{} of watch time", duration((watched - covered).max(0.0))),
        definition: "The part of the watch time that was spent on passages that the same visit had already seen.".to_owned(),
    });
    tiles
}
