//! Extracts the prose of a file: a copy of its text in which everything else is blanked out, line by line.

use std::path::Path;
use std::sync::LazyLock;

use regex::{Captures, Regex};

/// Takes the place of text that is not prose. A phrase does not match across it.
const GAP: char = '\0';

/// Returns the prose of a file, or `None` for a file without prose.
pub(super) fn of(path: &Path, text: &str) -> Option<String> {
    let ending = path.extension().and_then(|ending| ending.to_str());
    let is_golden = path.components().any(|part| part.as_os_str() == "golden");
    match ending {
        Some("rs") => Some(without_code(&rust(text))),
        Some("md" | "toml" | "yaml" | "yml" | "py" | "sh" | "sql" | "mjs") => {
            Some(without_code(text))
        }
        None if path.ends_with("run") || path.ends_with(".ci/tools") => Some(without_code(text)),
        _ if is_golden => Some(without_code(text)),
        _ => None,
    }
}

/// Comments and string literals, and what could be mistaken for their start.
static RUST: LazyLock<Regex> = LazyLock::new(|| {
    compiled(
        r####"(?xs)
        //[/!]*(?<line>[^\n]*)
        | /\*(?<block>.*?)\*/
        | \b[bc]?r\#\#"(?<raw2>.*?)"\#\#
        | \b[bc]?r\#"(?<raw1>.*?)"\#
        | \b[bc]?r"(?<raw0>[^"]*)"
        | "(?<string>(?:\\.|[^"\\])*)"
        | '(?:\\.[^']*|[^'\\])'
        | \w+
        "####,
    )
});

/// Escapes, and placeholders of format strings, whose names are identifiers.
static NOT_PROSE: LazyLock<Regex> =
    LazyLock::new(|| compiled(r"(?s)(?<escape>\\.)|\{[\w:?#.<>$*]*\}"));

/// Code in backquotes within a paragraph, targets of links, and addresses. The lines of a fenced block are searched.
static CODE: LazyLock<Regex> = LazyLock::new(|| {
    compiled(
        r#"(?x)
        (?<fence>```+)
        | ``(?:[^\n\x00]|\n[^\S\n]*[^\s\x00])+?``
        | `(?:[^`\n\x00]|\n[^\S\n]*[^`\s\x00])+`
        | \]\([^)\s]*\)
        | ://[^\s"]*
        "#,
    )
});

#[expect(
    clippy::expect_used,
    reason = "the expressions are constant and tested"
)]
fn compiled(expression: &str) -> Regex {
    Regex::new(expression).expect("a valid expression")
}

/// Keeps the lines of what is blanked out.
fn blank(text: &str) -> impl Iterator<Item = char> {
    text.chars()
        .map(|c| if c.is_whitespace() { c } else { GAP })
}

/// Blanks out everything in a Rust file but comments and string literals.
fn rust(source: &str) -> String {
    let mut prose = String::with_capacity(source.len());
    let mut end = 0;
    for found in RUST.captures_iter(source) {
        let all = found.get_match();
        prose.extend(blank(&source[end..all.start()]));
        end = all.end();
        let Some(inside) = found.iter().skip(1).flatten().next() else {
            prose.extend(blank(all.as_str()));
            continue;
        };
        let is_comment = all.as_str().starts_with('/');
        // Comments continue across lines; the quotation marks of strings do not.
        let mark = if is_comment { ' ' } else { GAP };
        prose.extend(source[all.start()..inside.start()].chars().map(|_| mark));
        if is_comment {
            prose.push_str(inside.as_str());
        } else {
            prose.push_str(&without(&NOT_PROSE, inside.as_str(), "escape", |escape| {
                escape
                    .chars()
                    .map(|c| if c == '\n' { c } else { ' ' })
                    .collect()
            }));
        }
        prose.extend(source[inside.end()..end].chars().map(|_| mark));
    }
    prose.extend(blank(&source[end..]));
    prose
}

/// Blanks out code in backquotes, targets of links and addresses.
fn without_code(text: &str) -> String {
    without(&CODE, text, "fence", str::to_owned)
}

/// Blanks out the matches, except those of a group, which are replaced.
fn without(expression: &Regex, text: &str, group: &str, replace: fn(&str) -> String) -> String {
    let replaced = expression.replace_all(text, |found: &Captures<'_>| match found.name(group) {
        Some(found) => replace(found.as_str()),
        None => found[0]
            .chars()
            .map(|c| if c == '\n' { c } else { GAP })
            .collect(),
    });
    replaced.into_owned()
}

#[cfg(test)]
mod tests;
