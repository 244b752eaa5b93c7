//! Tiles that videos and live streams have in common.

use crate::format::{count, headline, percent, plural, share};
use crate::quality::has_no_keys;
use crate::tiles::Tile;
use crate::view::View;

pub(crate) fn plays(view: &View<'_>) -> Tile {
    let measures = view.measures();
    let visits = plural(view.visits(), "visit");
    Tile {
        label: "Plays",
        value: count(measures.plays),
        line: match view.is_small() || view.visits() == 0 {
            true => format!("of {visits}"),
            false => format!("{} of {visits}", share(measures.plays, view.visits())),
        },
        definition: "Visits in which play was pressed at least once. Pressing play again in the same visit does not count again.".to_owned(),
        ..Tile::default()
    }
}

pub(crate) fn viewers(view: &View<'_>) -> Tile {
    let viewers = &view.measures().unique_viewers;
    let key = viewers
        .key
        .strip_prefix("metadata.")
        .unwrap_or(&viewers.key);
    let limit = if viewers.is_upper_bound {
        "≤\u{a0}"
    } else {
        ""
    };
    Tile {
        label: "Viewers",
        value: format!("{limit}{}", count(viewers.played)),
        line: match has_no_keys(view.measures()) {
            true => "no viewer ids: each visit counts as one".to_owned(),
            false => format!("identified by {key}"),
        },
        definition: "Different people who pressed play, identified by the viewer id that your page passes to the player. Without one, each visit counts as one viewer.".to_owned(),
        ..Tile::default()
    }
}

pub(crate) fn watch_time(view: &View<'_>) -> Tile {
    let measures = view.measures();
    let (value, unit) = headline(measures.watch_seconds);
    Tile {
        label: "Watch time",
        value,
        unit: unit.to_owned(),
        line: format!("{} of it estimated", percent(measures.quality.estimated_share.unwrap_or(0.0))),
        definition: "All the time that was played, in seconds of content. A part watched twice counts twice; pauses do not count.".to_owned(),
    }
}

pub(crate) fn average_watch_time(view: &View<'_>) -> Tile {
    let (value, unit) = headline(view.measures().average_watch_seconds.unwrap_or(0.0));
    let reason = match view.is_live() {
        true => "A live stream has no length, so percentages do not apply.",
        false => "The length of the video is not known, so percentages cannot be computed.",
    };
    Tile {
        label: "Watch time of a play",
        value,
        unit: unit.to_owned(),
        line: "on average".to_owned(),
        definition: format!("Watch time divided by plays. {reason}"),
    }
}
