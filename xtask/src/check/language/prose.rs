//! Extracts the prose of a file: a copy of its text in which everything else is blanked out, line by line.

use std::path::Path;

use super::rust;

/// Takes the place of text that is not prose. A phrase does not match across it.
pub(super) const GAP: char = '\0';

/// Returns the function that blanks out what is not prose, or `None` for a file without prose.
pub(super) fn extractor(path: &Path) -> Option<fn(&str) -> String> {
    let name = path.file_name()?.to_str()?;
    let ending = path.extension().and_then(|ending| ending.to_str());
    let is_golden = path.components().any(|part| part.as_os_str() == "golden");
    match ending {
        Some("rs") => Some(|text| without_code(&rust::prose(text))),
        Some("md" | "toml" | "yaml" | "yml" | "py" | "sh" | "sql" | "mjs") => Some(without_code),
        None if name == "run" => Some(without_code),
        _ if is_golden => Some(without_code),
        _ => None,
    }
}

/// Blanks out code in backquotes, targets of links and addresses.
pub(super) fn without_code(text: &str) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    let mut at = 0;
    while at < chars.len() {
        let end = match chars[at] {
            '`' => code_span(&chars, at),
            ']' if chars.get(at + 1) == Some(&'(') => link_target(&chars, at),
            ':' if chars[at..].starts_with(&[':', '/', '/']) => Some(
                at + chars[at..]
                    .iter()
                    .take_while(|c| !c.is_whitespace() && **c != '"')
                    .count(),
            ),
            _ => None,
        };
        match end {
            Some(end) => {
                for c in &mut chars[at..end] {
                    if *c != '\n' {
                        *c = GAP;
                    }
                }
                at = end;
            }
            // A fence of a block: its lines are searched.
            None if chars[at] == '`' => at += fence(&chars, at),
            None => at += 1,
        }
    }
    chars.into_iter().collect()
}

fn fence(chars: &[char], at: usize) -> usize {
    chars[at..].iter().take_while(|c| **c == '`').count()
}

/// The end of a span of code that begins here and ends in the same paragraph.
fn code_span(chars: &[char], start: usize) -> Option<usize> {
    let width = fence(chars, start);
    if width > 2 {
        return None;
    }
    let mut at = start + width;
    while at < chars.len() {
        match chars[at] {
            GAP => return None,
            '\n' => {
                let next = chars[at + 1..]
                    .iter()
                    .find(|c| **c == '\n' || !c.is_whitespace());
                if next.is_none_or(|c| *c == '\n') {
                    return None;
                }
                at += 1;
            }
            '`' if fence(chars, at) == width => return Some(at + width),
            '`' => at += fence(chars, at),
            _ => at += 1,
        }
    }
    None
}

fn link_target(chars: &[char], start: usize) -> Option<usize> {
    let length = chars[start..]
        .iter()
        .position(|c| *c == ')' || c.is_whitespace())?;
    (chars[start + length] == ')').then_some(start + length + 1)
}

#[cfg(test)]
mod tests;
