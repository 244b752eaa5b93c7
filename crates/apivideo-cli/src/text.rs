//! Untrusted text on a terminal: escaping of control and invisible characters, display width and truncation.

use std::borrow::Cow;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Escapes every [hidden](is_hidden) character in Rust's notation: `\u{1b}`.
pub(crate) fn printable(text: &str) -> Cow<'_, str> {
    if !text.contains(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match is_hidden(c) {
            true => shown.extend(c.escape_default()),
            false => shown.push(c),
        }
    }
    Cow::Owned(shown)
}

/// Whether a terminal interprets the character or does not show it: control characters (C0, DEL, C1), line and paragraph
/// separators, and Unicode's formatting and default-ignorable characters (text direction, zero width, tags, fillers).
///
/// Two variation selectors are not hidden, since their effect is visible: they choose between text and emoji.
pub(crate) fn is_hidden(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_control();
    }
    matches!(
        c,
        '\u{80}'..='\u{9f}'
            | '\u{ad}'
            | '\u{34f}'
            | '\u{600}'..='\u{605}'
            | '\u{61c}'
            | '\u{6dd}'
            | '\u{70f}'
            | '\u{890}'..='\u{891}'
            | '\u{8e2}'
            | '\u{115f}'..='\u{1160}'
            | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{3164}'
            | '\u{fe00}'..='\u{fe0d}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{fff0}'..='\u{fffb}'
            | '\u{110bd}'
            | '\u{110cd}'
            | '\u{13430}'..='\u{1343f}'
            | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}

/// Returns the number of terminal columns of the text.
pub(crate) fn width(text: &str) -> usize {
    text.width()
}

/// Truncates the text to `max` columns, with `…` at the end.
pub(crate) fn truncate(text: &str, max: usize) -> Cow<'_, str> {
    // Combining marks have no width: their number is limited as well.
    if text.len() <= max || (text.width() <= max && text.chars().count() <= max * 4) {
        return Cow::Borrowed(text);
    }
    let room = max.saturating_sub(1);
    let mut taken = 0;
    let end = text
        .char_indices()
        .take(max * 4)
        .find(|(_, c)| {
            taken += c.width().unwrap_or(0);
            taken > room
        })
        .map_or_else(
            || {
                text.char_indices()
                    .nth(max * 4)
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
    fn escapes_control_and_invisible_characters() {
        for shown in [
            "Zürich 東京",
            "e\u{301}",
            "\u{2764}\u{fe0f}",
            "a\u{a0}b",
            "שלום",
        ] {
            assert_eq!(printable(shown), shown);
        }
        for hidden in [
            '\0',
            '\u{7}',
            '\u{8}',
            '\r',
            '\n',
            '\t',
            '\u{1b}',
            '\u{7f}',
            '\u{80}',
            '\u{9b}',
            '\u{9f}',
            '\u{ad}',
            '\u{61c}',
            '\u{200b}',
            '\u{200d}',
            '\u{200e}',
            '\u{2028}',
            '\u{2029}',
            '\u{202e}',
            '\u{2060}',
            '\u{2067}',
            '\u{3164}',
            '\u{feff}',
            '\u{fff9}',
            '\u{e0041}',
            '\u{e0100}',
        ] {
            let text = format!("a{hidden}b");
            let escaped = format!("a{}b", hidden.escape_default());
            assert_eq!(printable(&text), escaped);
        }
        assert_eq!(
            printable("\u{1b}[2J a\r\nb\t\u{9b}31m \u{202e}x \u{7f}"),
            r"\u{1b}[2J a\r\nb\t\u{9b}31m \u{202e}x \u{7f}"
        );
    }

    #[test]
    fn wide_characters_count_as_two_columns() {
        assert_eq!(width("東京"), 4);
        assert_eq!(truncate("東京都", 6), "東京都");
        assert_eq!(truncate("東京都", 5), "東京…");
        assert_eq!(truncate("東京都", 4), "東…");
        assert_eq!(truncate("Paris", 5), "Paris");
        assert_eq!(truncate("Paris!", 5), "Pari…");
        assert_eq!(truncate("Zürich", 6), "Zürich");
        assert_eq!(truncate("abc", 1), "…");
    }

    #[test]
    fn truncates_combining_marks() {
        let tower = format!("e{}", "\u{301}".repeat(1_000));
        assert!(truncate(&tower, 5).chars().count() <= 21);
    }
}
