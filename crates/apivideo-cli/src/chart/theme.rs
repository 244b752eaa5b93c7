//! What the terminal can show, and rows of colored characters.

use super::locale;
use crate::color;
use crate::output;

/// The narrowest and the widest chart, in columns of the terminal.
const WIDTHS: std::ops::RangeInclusive<usize> = 24..=200;

/// What the terminal can show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Theme {
    /// The number of columns.
    pub(crate) width: usize,
    /// Whether it shows characters other than ASCII.
    pub(crate) unicode: bool,
    pub(crate) color: bool,
}

/// The role of a part of a chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ink {
    /// The first series.
    First,
    /// The second series, or the layer above the first.
    Second,
    Dim,
    Heading,
}

impl Theme {
    /// Returns the theme of stdout, by `COLUMNS`, `NO_COLOR`, `--color`, and the locale.
    pub(crate) fn of_stdout() -> Self {
        Self {
            width: output::max_width().clamp(*WIDTHS.start(), *WIDTHS.end()),
            unicode: locale::is_utf8(),
            color: color::is_enabled_on_stdout(),
        }
    }

    /// Returns the text in a color.
    pub(crate) fn paint(self, ink: Ink, text: &str) -> String {
        let code = match ink {
            Ink::First => "36",
            Ink::Second => "33",
            Ink::Dim => "2",
            Ink::Heading => "1",
        };
        match self.color && !text.trim().is_empty() {
            true => format!("\u{1b}[{code}m{text}\u{1b}[0m"),
            false => text.to_owned(),
        }
    }

    /// Returns the Unicode form or the ASCII form.
    pub(crate) fn either<T>(self, unicode: T, ascii: T) -> T {
        match self.unicode {
            true => unicode,
            false => ascii,
        }
    }
}

/// A row of characters with colors, of which neighbours of the same color are written together.
#[derive(Debug, Default)]
pub(super) struct Cells(Vec<(char, Option<Ink>)>);

impl Cells {
    pub(super) fn push(&mut self, c: char, ink: Option<Ink>) {
        self.0.push((c, ink));
    }

    pub(super) fn write(self, theme: Theme, out: &mut String) {
        let shown = self.0.iter().rposition(|(c, _)| *c != ' ');
        let mut cells = self.0;
        cells.truncate(shown.map_or(0, |last| last + 1));
        for part in cells.chunk_by(|one, other| one.1 == other.1) {
            let text: String = part.iter().map(|(c, _)| *c).collect();
            match part.first().and_then(|(_, ink)| *ink) {
                Some(ink) => out.push_str(&theme.paint(ink, &text)),
                None => out.push_str(&text),
            }
        }
    }
}
