//! The most important numbers.

use crate::html::{Html, html};

/// A number with its explanation.
#[derive(Default)]
pub(crate) struct Tile {
    pub(crate) label: &'static str,
    pub(crate) value: String,
    pub(crate) unit: String,
    /// The line below the value.
    pub(crate) line: String,
    pub(crate) definition: String,
}

/// The words of a report with their definitions, which are printed as a list.
#[derive(Default)]
pub(crate) struct Glossary(Vec<(&'static str, String)>);

impl Glossary {
    /// Renders tiles and adds their definitions.
    pub(crate) fn tiles(&mut self, tiles: Vec<Tile>) -> Html {
        let columns = tiles.len();
        let body: Html = tiles.into_iter().map(|tile| self.tile(tile)).collect();
        match columns {
            6 => html!("<div class=\"tiles\">{}</div>\n", body),
            _ => html!("<div class=\"tiles few\">{}</div>\n", body),
        }
    }

    fn tile(&mut self, tile: Tile) -> Html {
        let unit = match tile.unit.as_str() {
            "" => Html::new(),
            unit => html!("<small>{}</small>", unit),
        };
        let html = html!(
            "<div class=\"tile\"><dl><dt>{}</dt><dd class=\"v\">{}{}</dd><dd class=\"s\">{}</dd></dl><details><summary>What is this?<span class=\"vh\"> {}</span></summary><p>{}</p></details></div>",
            tile.label,
            tile.value,
            unit,
            tile.line,
            tile.label,
            tile.definition
        );
        if !self.0.iter().any(|(label, _)| *label == tile.label) {
            self.0.push((tile.label, tile.definition));
        }
        html
    }

    pub(crate) fn render(&self) -> Html {
        if self.0.is_empty() {
            return Html::new();
        }
        let words: Html = self
            .0
            .iter()
            .map(|(label, definition)| html!("<p><b>{}.</b> {}</p>", label, definition))
            .collect();
        html!(
            "<div class=\"gloss\"><h2>What the words mean</h2>{}</div>\n",
            words
        )
    }
}
