//! How far people get.

use crate::format::{count, percent, plural};
use crate::html::{Html, Wide, html};
use crate::section::Section;
use crate::view::{MIN_PLAYS, View};

/// A step of the funnel.
struct Step {
    name: String,
    visits: u64,
}

fn steps(view: &View<'_>, length: f64) -> Vec<Step> {
    let measures = view.measures();
    let clock = |seconds: f64| view.clock.format(seconds);
    let step = |name: String, visits| Step { name, visits };
    let mut steps = vec![
        step("Loaded the player".to_owned(), view.visits()),
        step("Pressed play".to_owned(), measures.plays),
    ];
    let completion = &measures.completion;
    for (quarter, visits) in (1_u8..).zip(completion.reached_quarters.into_iter().flatten()) {
        let at = length * f64::from(quarter) / 4.0;
        steps.push(step(
            format!("Got to {}\u{a0}% ({})", 25 * quarter, clock(at)),
            visits,
        ));
    }
    if let (Some(visits), Some(at)) = (completion.reached, completion.reached_at_seconds) {
        steps.push(step(
            format!("Got to the end ({} or later)", clock(at)),
            visits,
        ));
    }
    steps
}

/// Returns the section of a video.
pub(crate) fn section(view: &View<'_>, length: f64) -> Html {
    let steps = steps(view, length);
    let losses = steps
        .windows(2)
        .map(|pair| (pair[0].visits.saturating_sub(pair[1].visits), pair));
    let largest = losses.fold(
        None,
        |largest: Option<(u64, &[Step])>, (loss, pair)| match largest {
            Some((most, _)) if most >= loss => largest,
            _ => Some((loss, pair)),
        },
    );
    let finding = match largest {
        Some((loss, [before, after])) if loss > 0 => html!(
            "The largest loss, {}, is between “{}” and “{}”.",
            plural(loss, "visit"),
            lower_first(&before.name),
            lower_first(&after.name)
        ),
        _ => html!("Every visit got to the end."),
    };
    let ended = view.measures().completion.ended;
    let explanation = html!(
        "A viewer who jumps ahead counts as having got there. {} ran to the very last second.",
        plural(ended, "play")
    );
    Section {
        title: "How far people get",
        finding,
        explanation,
        is_wide: false,
    }
    .render(&view.scope, &table(&steps, view.plays()))
}

fn lower_first(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters.next().map(|first| first.to_ascii_lowercase());
    first.into_iter().chain(characters).collect()
}

fn table(steps: &[Step], plays: u64) -> Html {
    let has_shares = plays >= MIN_PLAYS;
    let widest = steps
        .iter()
        .map(|step| step.visits)
        .max()
        .unwrap_or(0)
        .max(1);
    let mut before = None;
    let rows: Html = steps
        .iter()
        .map(|step| {
            let lost = match before.replace(step.visits) {
                None => String::new(),
                Some(before) if before > step.visits => format!("−{}", count(before - step.visits)),
                // The end of a short video can be before its last quarter.
                Some(_) => "–".to_owned(),
            };
            let share = match step.name.as_str() {
                _ if !has_shares => Html::new(),
                "Loaded the player" => html!("<td>–</td>"),
                _ => html!("<td>{}</td>", percent(step.visits as f64 / plays as f64)),
            };
            html!(
                "<tr><th scope=\"row\">{}<svg aria-hidden=\"true\"><rect class=\"bk\" width=\"100%\" height=\"100%\"/><rect class=\"bf\" width=\"{}\" height=\"100%\"/></svg></th><td>{}</td>{}<td class=\"drop\">{}</td></tr>",
                step.name, Wide(step.visits as f64 / widest as f64 * 100.0), count(step.visits), share, lost
            )
        })
        .collect();
    let shares = if has_shares {
        html!("<th scope=\"col\">Of plays</th>")
    } else {
        Html::new()
    };
    html!(
        "<table class=\"bars fun\"><thead><tr><th scope=\"col\">Step</th><th scope=\"col\">Visits</th>{}<th scope=\"col\">Lost</th></tr></thead><tbody>{}</tbody></table>",
        shares,
        rows
    )
}
