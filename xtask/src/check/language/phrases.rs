//! The table of phrases, and the search for them.

use std::collections::HashMap;

use regex::Regex;

/// The phrases of the table.
pub(super) struct Phrases {
    expression: Regex,
    /// The replacement of each phrase, in lower case; `None` for a longer one that is accepted.
    instead: HashMap<String, Option<String>>,
}

impl Phrases {
    /// Reads the table of the section "Language".
    pub(super) fn parse(markdown: &str) -> Result<Self, String> {
        let mut instead = HashMap::new();
        for (line, _) in rows(markdown).filter(|(_, is_row)| *is_row) {
            let cells = line.trim().trim_matches('|').split('|');
            let cells: Vec<&str> = cells.map(str::trim).collect();
            let [phrases, replacement, except] = cells[..] else {
                return Err(format!("not a row of three cells: {line}"));
            };
            if phrases == "phrase" || phrases.starts_with("--") {
                continue;
            }
            instead.extend(variants(phrases).map(|phrase| (phrase, Some(replacement.to_owned()))));
            instead.extend(variants(except).map(|phrase| (phrase, None)));
        }
        // Of phrases that begin at the same word, the longest one matches.
        let mut longest: Vec<&String> = instead.keys().collect();
        longest.sort_by_key(|phrase| std::cmp::Reverse(phrase.len()));
        let longest: Vec<String> = longest
            .into_iter()
            .map(|phrase| regex::escape(phrase).replace(' ', r"[\s-]+"))
            .collect();
        if longest.is_empty() {
            return Err("section \"Language\" has no table of phrases".to_owned());
        }
        let expression = Regex::new(&format!(r"(?i)\b(?:{})\b", longest.join("|")))
            .map_err(|error| error.to_string())?;
        Ok(Self {
            expression,
            instead,
        })
    }

    /// Returns the line, the phrase and its replacement for each phrase in the prose.
    pub(super) fn search(&self, prose: &str) -> Vec<(usize, String, &str)> {
        let mut found = Vec::new();
        for phrase in self.expression.find_iter(prose) {
            let words = phrase
                .as_str()
                .split(|c: char| c.is_whitespace() || c == '-');
            let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
            let words = words.join(" ").to_lowercase();
            if let Some(Some(instead)) = self.instead.get(&words) {
                let line = prose[..phrase.start()].matches('\n').count() + 1;
                found.push((line, words, instead.as_str()));
            }
        }
        found
    }
}

/// Blanks out the table, which contains every phrase.
pub(super) fn without_table(markdown: &str) -> String {
    let lines = rows(markdown).map(|(line, is_row)| if is_row { "" } else { line });
    lines.flat_map(|line| [line, "\n"]).collect()
}

/// The lines of a document, each with whether it is a row of a table in the section "Language".
fn rows(markdown: &str) -> impl Iterator<Item = (&str, bool)> {
    let mut is_section = false;
    markdown.lines().map(move |line| {
        if line.starts_with("## ") {
            is_section = line.trim() == "## Language";
        }
        (line, is_section && line.starts_with('|'))
    })
}

fn variants(cell: &str) -> impl Iterator<Item = String> {
    let phrases = cell.split(',').map(|phrase| phrase.trim().to_lowercase());
    phrases.filter(|phrase| !phrase.is_empty())
}

#[cfg(test)]
mod tests;
