//! A page of figures and charts for a terminal.

use crate::chart::{Ink, Theme};
use crate::text::{self, printable};

/// The widest text. Charts can be wider.
const MAX_TEXT_WIDTH: usize = 110;
const LABEL_WIDTH: usize = 17;
const VALUE_WIDTH: usize = 13;
/// The widest chart of one line: two months of days.
const MAX_CHART_WIDTH: usize = 62;
/// Narrower pages have the details of a figure on a line of their own.
const NARROW: usize = 60;

/// The lines of a page. Text from the service is escaped.
#[derive(Debug)]
pub(super) struct Page {
    theme: Theme,
    text: String,
}

impl Page {
    pub(super) fn of_stdout() -> Self {
        Self::new(Theme::of_stdout())
    }

    pub(super) fn new(theme: Theme) -> Self {
        Self {
            theme,
            text: String::new(),
        }
    }

    pub(super) fn theme(&self) -> Theme {
        self.theme
    }

    pub(super) fn finish(self) -> String {
        self.text
    }

    pub(super) fn blank(&mut self) {
        self.text.push('\n');
    }

    /// Adds lines as they are, such as a chart.
    pub(super) fn push(&mut self, lines: &str) {
        self.text.push_str(lines);
    }

    pub(super) fn heading(&mut self, heading: &str) {
        self.paragraph(heading, Some(Ink::Heading));
    }

    pub(super) fn dim(&mut self, line: &str) {
        self.paragraph(line, Some(Ink::Dim));
    }

    pub(super) fn line(&mut self, line: &str) {
        self.paragraph(line, None);
    }

    fn paragraph(&mut self, paragraph: &str, ink: Option<Ink>) {
        let paragraph = self.shown(paragraph);
        for line in wrap(&paragraph, self.text_width()) {
            match ink {
                Some(ink) => self.text.push_str(&self.theme.paint(ink, &line)),
                None => self.text.push_str(&line),
            }
            self.text.push('\n');
        }
    }

    /// Adds a figure: its name, its value, and what it means.
    pub(super) fn figure(&mut self, label: &str, value: &str, details: &str) {
        let (value, details) = (self.shown(value), self.shown(details));
        let pad = VALUE_WIDTH.saturating_sub(text::width(&value));
        self.text.push_str(&format!("{label:<LABEL_WIDTH$}"));
        self.text.push_str(&" ".repeat(pad));
        self.text.push_str(&self.theme.paint(Ink::Heading, &value));
        let (indent, width) = match self.theme.width < NARROW {
            true => (2, self.text_width().saturating_sub(2)),
            false => {
                let indent = LABEL_WIDTH + VALUE_WIDTH + 2;
                (indent, self.text_width().saturating_sub(indent))
            }
        };
        for (index, line) in wrap(&details, width).iter().enumerate() {
            if index > 0 || indent == 2 {
                self.text.push('\n');
                self.text.push_str(&" ".repeat(indent));
            } else {
                self.text.push_str("  ");
            }
            self.text.push_str(&self.theme.paint(Ink::Dim, line));
        }
        self.text.push('\n');
    }

    /// Returns the number of columns of [`chart_line`](Self::chart_line).
    pub(super) fn chart_width(&self) -> usize {
        (self.theme.width.saturating_sub(LABEL_WIDTH)).clamp(8, MAX_CHART_WIDTH)
    }

    /// Adds a name, a chart of one line, and a note below it.
    pub(super) fn chart_line(&mut self, label: &str, chart: &str, note: &str) {
        self.text
            .push_str(&format!("{label:<LABEL_WIDTH$}{chart}\n"));
        self.note("", note);
    }

    /// Adds a note with a name.
    pub(super) fn note(&mut self, label: &str, note: &str) {
        let note = self.shown(note);
        let indent = match self.theme.width < NARROW {
            true => 2,
            false => LABEL_WIDTH,
        };
        let lines = wrap(&note, self.text_width().saturating_sub(indent));
        for (index, line) in lines.iter().enumerate() {
            match (index, indent) {
                (0, 2) if label.is_empty() => self.text.push_str("  "),
                (0, 2) => self.text.push_str(&format!("{label}\n  ")),
                (0, _) => self.text.push_str(&format!("{label:<LABEL_WIDTH$}")),
                _ => self.text.push_str(&" ".repeat(indent)),
            }
            self.text.push_str(line);
            self.text.push('\n');
        }
    }

    /// Escapes hidden characters, and replaces the symbols of the command by ASCII where it is needed.
    pub(super) fn shown(&self, text: &str) -> String {
        let text = printable(text);
        match self.theme.unicode {
            true => text.into_owned(),
            false => text
                .replace('≤', "<=")
                .replace('·', "|")
                .replace(['–', '−'], "-")
                .replace('…', "..."),
        }
    }

    fn text_width(&self) -> usize {
        self.theme.width.min(MAX_TEXT_WIDTH)
    }
}

/// Splits text at spaces. A number stays with its unit: `7 h 46 min` is a word.
fn words(text: &str) -> Vec<String> {
    let is_number = |word: &str| {
        let mut chars = word.chars();
        chars.next().is_some_and(|c| c.is_ascii_digit())
            && chars.all(|c| c.is_ascii_digit() || matches!(c, '.' | ','))
    };
    let is_unit = |word: &str| {
        matches!(
            word.trim_end_matches([',', ';', '.']),
            "h" | "min" | "s" | "%"
        )
    };
    let mut words: Vec<String> = Vec::new();
    let mut last = "";
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let is_kept =
            is_number(last) && is_unit(word) || matches!(last, "h" | "min") && is_number(word);
        match words.last_mut().filter(|_| is_kept) {
            Some(joined) => {
                joined.push(' ');
                joined.push_str(word);
            }
            None => words.push(word.to_owned()),
        }
        last = word;
    }
    words
}

/// Breaks text at spaces into lines of at most `width` columns. Longer words stay whole.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in words(text) {
        let word = word.as_str();
        match lines.last_mut() {
            Some(line) if text::width(line) + 1 + text::width(word) <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(width: usize) -> Page {
        Page::new(Theme {
            width,
            unicode: false,
            color: false,
        })
    }

    #[test]
    fn figures_fit_the_width() {
        let mut wide = page(80);
        wide.figure(
            "Viewers",
            "≤ 201",
            "12 sessions have no metadata.userId, and each of them counts",
        );
        assert_eq!(
            wide.finish(),
            "Viewers                 <= 201  12 sessions have no metadata.userId, and each of\n\
             \x20                               them counts\n"
        );
        let mut narrow = page(40);
        narrow.figure(
            "Viewers",
            "201",
            "12 sessions have no key, and each of them counts",
        );
        assert_eq!(
            narrow.finish(),
            "Viewers                    201\n\
             \x20 12 sessions have no key, and each of\n  them counts\n"
        );
    }

    #[test]
    fn numbers_stay_with_their_units() {
        assert_eq!(
            wrap("it is between 7 h 46 min and 8 h 17 min", 22),
            ["it is between", "7 h 46 min and", "8 h 17 min"]
        );
        assert_eq!(
            words("Part 2 of 38 %, at 5 s."),
            ["Part", "2", "of", "38 %,", "at", "5 s."]
        );
    }

    #[test]
    fn hidden_characters_are_escaped() {
        let mut page = page(80);
        page.heading("a\u{1b}[2Jb\nc");
        assert_eq!(page.finish(), "a\\u{1b}[2Jb\\nc\n");
    }
}
