//! Sections, headings and the tables under charts.

use crate::html::{Html, html};
use crate::view::Scope;

/// The heading of a section.
pub(crate) fn heading(scope: &Scope, content: &str) -> Html {
    match scope.is_nested {
        true => html!("<h3 class=\"t2\">{}</h3>", content),
        false => html!("<h2 class=\"t2\">{}</h2>", content),
    }
}

/// The heading of a chart.
pub(crate) fn chart_heading(scope: &Scope, content: &str) -> Html {
    match scope.is_nested {
        true => html!("<h4 class=\"t3\">{}</h4>", content),
        false => html!("<h3 class=\"t3\">{}</h3>", content),
    }
}

/// A section: heading, finding and explanation beside the content.
#[derive(Default)]
pub(crate) struct Section<'a> {
    pub(crate) title: &'a str,
    /// The finding.
    pub(crate) finding: Html,
    /// How to read the content.
    pub(crate) explanation: Html,
    /// Whether the content is below the explanation, as wide as the page.
    pub(crate) is_wide: bool,
}

impl Section<'_> {
    pub(crate) fn render(self, scope: &Scope, body: &Html) -> Html {
        let paragraph = |class: &'static str, content: Html| match content.is_empty() {
            true => content,
            false => html!("<p class=\"{}\">{}</p>", class, content),
        };
        html!(
            "<section{}><div class=\"head\">{}{}{}</div><div>{}</div></section>\n",
            if self.is_wide {
                html!(" class=\"wide\"")
            } else {
                Html::new()
            },
            heading(scope, self.title),
            paragraph("take", self.finding),
            paragraph("how", self.explanation),
            body
        )
    }
}

/// The heading of a chart with its unit.
pub(crate) fn chart_head(scope: &Scope, title: &str, unit: &str) -> Html {
    html!(
        "<div class=\"sh\">{}<span>{}</span></div>",
        chart_heading(scope, title),
        unit
    )
}

/// The numbers under a chart: a table that is closed at first. It can be focused because it can scroll.
pub(crate) fn numbers(
    scope: &Scope,
    summary: &str,
    name: &str,
    columns: &[&str],
    rows: impl IntoIterator<Item = Vec<String>>,
) -> Html {
    let head: Html = columns
        .iter()
        .map(|column| html!("<th scope=\"col\">{}</th>", column))
        .collect();
    let rows: Html = rows
        .into_iter()
        .map(|row| {
            let mut cells = row.into_iter();
            let first = cells.next().unwrap_or_default();
            let cells: Html = cells.map(|cell| html!("<td>{}</td>", cell)).collect();
            html!("<tr><th scope=\"row\">{}</th>{}</tr>", first, cells)
        })
        .collect();
    html!(
        "<details class=\"more\"><summary>{}</summary><div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{}{}\"><table class=\"d\"><thead><tr>{}</tr></thead><tbody>{}</tbody></table></div></details>",
        summary,
        name,
        scope.suffix,
        head,
        rows
    )
}
