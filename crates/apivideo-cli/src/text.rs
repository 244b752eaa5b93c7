//! Text of strangers on a terminal: nothing in it moves the cursor, and its width is known.

use std::borrow::Cow;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// The text with every character escaped that a terminal would obey instead of showing it: control characters, and
/// those that turn the direction of writing.
pub(crate) fn printable(text: &str) -> Cow<'_, str> {
    if !text.contains(is_obeyed) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match is_obeyed(c) {
            true => shown.extend(c.escape_default()),
            false => shown.push(c),
        }
    }
    Cow::Owned(shown)
}

fn is_obeyed(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// How many columns of a terminal the text takes.
pub(crate) fn width(text: &str) -> usize {
    text.width()
}

/// The text, cut with `…` where it is wider than `most` columns.
pub(crate) fn cut(text: &str, most: usize) -> Cow<'_, str> {
    // Marks that take no column of their own are bounded too.
    if text.len() <= most || (text.width() <= most && text.chars().count() <= most * 4) {
        return Cow::Borrowed(text);
    }
    let room = most.saturating_sub(1);
    let mut taken = 0;
    let end = text
        .char_indices()
        .take(most * 4)
        .find(|(_, c)| {
            taken += c.width().unwrap_or(0);
            taken > room
        })
        .map_or_else(
            || {
                text.char_indices()
                    .nth(most * 4)
                    .map_or(text.len(), |(at, _)| at)
            },
            |(at, _)| at,
        );
    Cow::Owned(format!("{}…", &text[..end]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_left_that_a_terminal_obeys() {
        assert_eq!(printable("Zürich 東京"), "Zürich 東京");
        assert_eq!(
            printable("\u{1b}[2J a\r\nb\t\u{9b}31m \u{202e}x \u{7f}"),
            r"\u{1b}[2J a\r\nb\t\u{9b}31m \u{202e}x \u{7f}"
        );
    }

    #[test]
    fn wide_characters_take_two_columns() {
        assert_eq!(width("東京"), 4);
        assert_eq!(cut("東京都", 6), "東京都");
        assert_eq!(cut("東京都", 5), "東京…");
        assert_eq!(cut("東京都", 4), "東…");
        assert_eq!(cut("Paris", 5), "Paris");
        assert_eq!(cut("Paris!", 5), "Pari…");
        assert_eq!(cut("Zürich", 6), "Zürich");
        assert_eq!(cut("abc", 1), "…");
    }

    #[test]
    fn marks_upon_marks_are_cut_too() {
        let tower = format!("e{}", "\u{301}".repeat(1_000));
        assert!(cut(&tower, 5).chars().count() <= 21);
    }
}
