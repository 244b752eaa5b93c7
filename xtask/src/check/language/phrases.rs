//! The table of phrases, and the search for them.

/// A row of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Rule {
    /// The words of each variant of the phrase.
    variants: Vec<Vec<String>>,
    instead: String,
    /// The words of longer phrases that are accepted.
    except: Vec<Vec<String>>,
}

/// Reads the table of the section "Language".
pub(super) fn parse(markdown: &str) -> Result<Vec<Rule>, String> {
    let mut rules = Vec::new();
    for (line, is_row) in rows(markdown) {
        if !is_row {
            continue;
        }
        let cells: Vec<&str> = line
            .trim()
            .trim_matches('|')
            .split('|')
            .map(str::trim)
            .collect();
        let [phrase, instead, except] = cells[..] else {
            return Err(format!("not a row of three cells: {line}"));
        };
        if phrase == "phrase" || phrase.starts_with("--") {
            continue;
        }
        rules.push(Rule {
            variants: variants(phrase),
            instead: instead.to_owned(),
            except: variants(except),
        });
    }
    if rules.is_empty() {
        return Err("section \"Language\" has no table of phrases".to_owned());
    }
    Ok(rules)
}

/// Blanks out the table, which contains every phrase.
pub(super) fn without_table(markdown: &str) -> String {
    rows(markdown)
        .map(|(line, is_row)| {
            if is_row {
                "\n".to_owned()
            } else {
                format!("{line}\n")
            }
        })
        .collect()
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

fn variants(cell: &str) -> Vec<Vec<String>> {
    cell.split(',')
        .map(|phrase| phrase.split_whitespace().map(str::to_lowercase).collect())
        .filter(|words: &Vec<String>| !words.is_empty())
        .collect()
}

/// A word of the prose.
struct Word {
    lower: String,
    line: usize,
    /// Only white space or a hyphen is between this word and the one before.
    follows: bool,
}

/// Returns the line, the phrase and its replacement for each phrase in the prose.
pub(super) fn search(rules: &[Rule], prose: &str) -> Vec<(usize, String, String)> {
    let words = words(prose);
    let mut found = Vec::new();
    for start in 0..words.len() {
        // The longest variant reports what a shorter one inside it would report again.
        let longest = rules
            .iter()
            .flat_map(|rule| rule.variants.iter().map(move |variant| (rule, variant)))
            .filter(|(rule, variant)| {
                matches_at(&words, start, variant) && !is_excepted(&words, start, variant, rule)
            })
            .max_by_key(|(_, variant)| variant.len());
        if let Some((rule, variant)) = longest {
            found.push((words[start].line, variant.join(" "), rule.instead.clone()));
        }
    }
    found
}

fn matches_at(words: &[Word], start: usize, phrase: &[String]) -> bool {
    words.get(start..start + phrase.len()).is_some_and(|span| {
        span.iter()
            .zip(phrase)
            .enumerate()
            .all(|(at, (word, expected))| word.lower == *expected && (at == 0 || word.follows))
    })
}

/// Whether the phrase is part of a longer one that is accepted.
fn is_excepted(words: &[Word], start: usize, phrase: &[String], rule: &Rule) -> bool {
    rule.except.iter().any(|longer| {
        (0..longer.len())
            .filter(|&before| longer[before..].starts_with(phrase))
            .any(|before| {
                start
                    .checked_sub(before)
                    .is_some_and(|first| matches_at(words, first, longer))
            })
    })
}

fn words(prose: &str) -> Vec<Word> {
    let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == '\'' || c == '’';
    let mut words = Vec::new();
    let mut line = 1;
    let mut follows = false;
    let mut rest = prose.char_indices().peekable();
    while let Some((start, c)) = rest.next() {
        if is_part(c) {
            let mut end = start + c.len_utf8();
            while let Some(&(at, next)) = rest.peek()
                && is_part(next)
            {
                end = at + next.len_utf8();
                rest.next();
            }
            words.push(Word {
                lower: prose[start..end].trim_matches('\'').to_lowercase(),
                line,
                follows,
            });
            follows = true;
            continue;
        }
        line += usize::from(c == '\n');
        follows &= c.is_whitespace() || c == '-';
    }
    words
}

#[cfg(test)]
mod tests;
