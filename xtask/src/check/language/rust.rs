//! The comments and string literals of a Rust file.

use super::prose::GAP;

/// Blanks out everything but comments and string literals, keeping the lines.
pub(super) fn prose(source: &str) -> String {
    let mut lexer = Lexer {
        chars: source.chars().collect(),
        at: 0,
        prose: String::with_capacity(source.len()),
    };
    while lexer.at < lexer.chars.len() {
        lexer.token();
    }
    lexer.prose
}

struct Lexer {
    chars: Vec<char>,
    at: usize,
    prose: String,
}

impl Lexer {
    fn token(&mut self) {
        if self.looks_at("//") {
            self.line_comment();
        } else if self.looks_at("/*") {
            self.block_comment();
        } else if self.chars[self.at] == '"' {
            self.string();
        } else if let Some(hashes) = self.raw_string_hashes() {
            self.raw_string(hashes);
        } else if self.chars[self.at] == '\'' {
            self.char_or_lifetime();
        } else if is_word(self.chars[self.at]) {
            while self.at < self.chars.len() && is_word(self.chars[self.at]) {
                self.blank(1);
            }
            // The prefix of a byte or C string is skipped as a word; its quotation mark follows.
        } else {
            self.blank(1);
        }
    }

    fn looks_at(&self, text: &str) -> bool {
        text.chars()
            .enumerate()
            .all(|(offset, c)| self.chars.get(self.at + offset) == Some(&c))
    }

    /// Blanks out characters; white space stays, so that prose continues across indented comment lines.
    fn blank(&mut self, count: usize) {
        for _ in 0..count {
            if let Some(&c) = self.chars.get(self.at) {
                self.prose.push(if c.is_whitespace() { c } else { GAP });
                self.at += 1;
            }
        }
    }

    fn space(&mut self, count: usize) {
        for _ in 0..count {
            if let Some(&c) = self.chars.get(self.at) {
                self.prose.push(if c == '\n' { '\n' } else { ' ' });
                self.at += 1;
            }
        }
    }

    fn keep(&mut self) {
        self.prose.push(self.chars[self.at]);
        self.at += 1;
    }

    fn line_comment(&mut self) {
        while self
            .chars
            .get(self.at)
            .is_some_and(|c| *c == '/' || *c == '!')
        {
            self.space(1);
        }
        while self.chars.get(self.at).is_some_and(|c| *c != '\n') {
            self.keep();
        }
    }

    fn block_comment(&mut self) {
        let mut depth = 0;
        while self.at < self.chars.len() {
            if self.looks_at("/*") {
                depth += 1;
                self.space(2);
            } else if self.looks_at("*/") {
                depth -= 1;
                self.space(2);
                if depth == 0 {
                    return;
                }
            } else {
                self.keep();
            }
        }
    }

    fn string(&mut self) {
        self.blank(1);
        while let Some(&c) = self.chars.get(self.at) {
            match c {
                '\\' => self.space(2),
                '"' => {
                    self.blank(1);
                    return;
                }
                '{' => self.placeholder(),
                _ => self.keep(),
            }
        }
    }

    /// The number of `#` of a raw string that begins here.
    fn raw_string_hashes(&self) -> Option<usize> {
        let is_start = self.at == 0 || !is_word(self.chars[self.at - 1]);
        let prefix = ["r", "br", "cr"]
            .into_iter()
            .find(|prefix| is_start && self.looks_at(prefix))?;
        let rest = &self.chars[self.at + prefix.len()..];
        let hashes = rest.iter().take_while(|c| **c == '#').count();
        (rest.get(hashes) == Some(&'"')).then_some(hashes)
    }

    fn raw_string(&mut self, hashes: usize) {
        let end = format!("\"{}", "#".repeat(hashes));
        while self.chars.get(self.at).is_some_and(|c| *c != '"') {
            self.blank(1);
        }
        self.blank(1);
        while self.at < self.chars.len() && !self.looks_at(&end) {
            match self.chars[self.at] {
                '{' => self.placeholder(),
                _ => self.keep(),
            }
        }
        self.blank(1 + hashes);
    }

    /// Blanks out a placeholder of a format string, whose name is an identifier.
    fn placeholder(&mut self) {
        let length = self.chars[self.at + 1..].iter().position(|c| {
            !is_word(*c) && !matches!(c, ':' | '?' | '#' | '.' | '<' | '>' | '$' | '*')
        });
        match length {
            Some(length) if self.chars[self.at + 1 + length] == '}' => self.blank(length + 2),
            _ => self.keep(),
        }
    }

    fn char_or_lifetime(&mut self) {
        if self.chars.get(self.at + 1) == Some(&'\\') {
            self.blank(3);
            while self.chars.get(self.at).is_some_and(|c| *c != '\'') {
                self.blank(1);
            }
            self.blank(1);
        } else if self.chars.get(self.at + 2) == Some(&'\'') {
            self.blank(3);
        } else {
            self.blank(1);
        }
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

#[cfg(test)]
mod tests;
