//! What is shown when there is little to show.

use crate::format::{count, plural};
use crate::html::{Html, html};
use crate::tiles::{Glossary, Tile};
use crate::view::View;
use crate::words;

/// Explains a report without a visit.
pub(crate) fn empty(view: &View<'_>) -> Html {
    let title = format!(
        "This {} was not opened in the period.",
        view.asset.kind_text()
    );
    let heading = match view.scope.is_nested {
        true => html!("<h3 class=\"t2\">{}</h3>", title),
        false => html!("<h2 class=\"t2\">{}</h2>", title),
    };
    let excluded = match view.audience.sessions_excluded {
        0 => Html::new(),
        excluded => html!(
            "<li>{} were excluded by the filters of this report;</li>",
            plural(excluded, "visit")
        ),
    };
    html!(
        "<div class=\"empty\">{}<p class=\"take\">No visits were found. That can mean:</p><ul><li>the player was not loaded on these days;</li>{}<li>the period is older than what the service keeps (30 days);</li><li>it was watched outside the api.video player, which reports nothing.</li></ul></div>\n",
        heading,
        excluded
    )
}

/// Reports visits without a play.
pub(crate) fn no_play(view: &View<'_>, glossary: &mut Glossary) -> Html {
    let measures = view.measures();
    let visits = measures.quality.sessions;
    let lede = html!(
        "<p class=\"lede\">{} loaded the player; play was never pressed.</p>\n",
        plural(visits, "visit")
    );
    let loaded = Tile {
        label: "Visits",
        value: count(visits),
        line: "loaded the player".to_owned(),
        definition: "How often the player was loaded; a reload does not count again.".to_owned(),
        ..Tile::default()
    };
    let plays = Tile {
        line: String::new(),
        ..words::plays(view)
    };
    html!("{}{}", lede, glossary.tiles(vec![loaded, plays]))
}

/// The notice of a report with few plays.
pub(crate) fn few_plays(view: &View<'_>) -> Html {
    match view.is_small() {
        false => Html::new(),
        true => html!(
            "<p class=\"note\"><b>Only {}.</b> Read these as examples: percentages and comparisons need at least 20.</p>\n",
            plural(view.plays(), "play")
        ),
    }
}
