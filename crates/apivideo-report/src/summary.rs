//! The table of several videos and live streams.

use apivideo_insights::AssetKind;

use crate::format::{count, duration, percent};
use crate::html::{Html, Wide, html};
use crate::section::Section;
use crate::view::{Scope, View};

/// Returns the section: one row for each video and live stream, with a link to its part of the page.
pub(crate) fn section(views: &[View<'_>]) -> Html {
    let widest = views.iter().map(View::plays).max().unwrap_or(0).max(1);
    let has_live = views.iter().any(View::is_live);
    let has_videos = views.iter().any(|view| !view.is_live());
    let rows: Html = views
        .iter()
        .map(|view| row(view, widest, has_videos, has_live))
        .collect();
    let heading = |is_shown: bool, name: &str| match is_shown {
        true => html!("<th scope=\"col\">{}</th>", name),
        false => Html::new(),
    };
    let table = html!(
        "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"All videos and live streams\"><table class=\"bars sum\"><thead><tr><th scope=\"col\">Title</th><th scope=\"col\">Visits</th><th scope=\"col\">Plays</th><th scope=\"col\">Viewers</th><th scope=\"col\">Watch time</th>{}{}{}</tr></thead><tbody>{}</tbody></table></div>",
        heading(has_videos, "Watched"),
        heading(has_videos, "To the end"),
        heading(has_live, "Peak"),
        rows
    );
    let best = views
        .iter()
        .rev()
        .max_by_key(|view| view.plays())
        .filter(|view| view.plays() > 0);
    let finding = match best {
        Some(view) => html!(
            "Most plays: <bdi>{}</bdi>, with {}.",
            view.asset.title(),
            count(view.plays())
        ),
        None => html!("Play was never pressed."),
    };
    let watched = match has_videos {
        true => " “Watched” is the average share of the video; a dash means fewer than 20 plays.",
        false => "",
    };
    let section = Section {
        title: "All at a glance",
        finding,
        explanation: html!("A title leads to its part of the page.{}", watched),
        is_wide: true,
    };
    section.render(&Scope::default(), &table)
}

fn row(view: &View<'_>, widest: u64, has_videos: bool, has_live: bool) -> Html {
    let measures = view.measures();
    let viewers = &measures.unique_viewers;
    let limit = if viewers.is_upper_bound && viewers.played > 0 {
        "≤\u{a0}"
    } else {
        ""
    };
    let share = |ratio: Option<f64>| match ratio.filter(|_| !view.is_small() && !view.is_live()) {
        Some(ratio) => percent(ratio),
        None => "–".to_owned(),
    };
    let mut cells = Html::new();
    let mut cell = |text: String| cells.push(html!("<td>{}</td>", text));
    cell(count(view.visits()));
    cell(count(measures.plays));
    cell(format!("{limit}{}", count(viewers.played)));
    cell(duration(measures.watch_seconds));
    if has_videos {
        cell(share(
            measures
                .average_viewed_percent
                .map(|percent| percent / 100.0),
        ));
        cell(share(measures.completion.reached_rate));
    }
    if has_live {
        cell(match view.asset.kind() {
            AssetKind::LiveStream => count(measures.concurrency.playing.peak),
            AssetKind::Video => "–".to_owned(),
        });
    }
    html!(
        "<tr><th scope=\"row\"><a href=\"#{}\"><bdi>{}</bdi></a><svg aria-hidden=\"true\"><rect class=\"bf\" width=\"{}\" height=\"7\"/></svg></th>{}</tr>",
        view.scope.id("top"),
        view.asset.title(),
        Wide(measures.plays as f64 / widest as f64 * 100.0),
        cells
    )
}
