//! A parser that repairs damaged JSON where its meaning is clear.

use std::borrow::Cow;
use std::fmt;

use super::value::{Json, Member, keep_last};

/// Arrays and objects nested deeper than this are kept as text. The limit of `serde_json` is 128, including the levels of
/// the page.
const MAX_DEPTH: usize = 100;

/// The reason why a body could not be parsed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Damage {
    /// The body ends before the end of its JSON.
    CutShort,
    /// The body is invalid JSON at this byte.
    At(usize),
    /// The body is JSON without the expected list of records.
    NoRecords,
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CutShort => f.write_str("the JSON ends early"),
            Self::At(at) => write!(f, "invalid JSON at byte {at}"),
            Self::NoRecords => {
                f.write_str("`data` is neither an array nor an object with numbers as names")
            }
        }
    }
}

impl std::error::Error for Damage {}

pub(super) type Result<T, E = Damage> = std::result::Result<T, E>;

/// Parses a body. The second value is `true` if the body was repaired.
///
/// Repaired are invalid UTF-8, lone surrogates, raw control characters, unknown escapes, `NaN` and similar words, surplus
/// commas, and duplicate names. A byte order mark before the value, and whitespace and NUL after it, are skipped.
///
/// ```
/// use apivideo_core::wire::json::{self, Damage, Json};
///
/// assert_eq!(json::parse(b"\"Bogot\xe1\"")?, (Json::String("Bogot\u{fffd}".into()), true));
/// assert_eq!(json::parse(b"[1, 2"), Err(Damage::CutShort));
/// assert_eq!(json::parse(b"[1} "), Err(Damage::At(2)));
/// # Ok::<(), Damage>(())
/// ```
///
/// # Errors
/// Returns the damage if the body ends early or cannot be repaired.
pub fn parse(body: &[u8]) -> Result<(Json<'_>, bool)> {
    let mut parser = Parser::new(body);
    let value = parser.value()?;
    parser.end()?;
    Ok((value, parser.repaired))
}

/// Returns `true` if a body ends before the end of its outermost array or object, even if it is damaged before.
///
/// ```
/// use apivideo_core::wire::json::is_cut_short;
///
/// assert!(is_cut_short(br#"{"data": [{"name": "x"y"}, {"na"#));
/// assert!(!is_cut_short(br#"{"data": [{"name": "x"y"}]}"#));
/// ```
#[must_use]
pub fn is_cut_short(body: &[u8]) -> bool {
    let mut parser = Parser::new(body);
    let first = parser.peek();
    match parser.value() {
        Ok(_) | Err(Damage::NoRecords) => false,
        Err(Damage::CutShort) => matches!(first, Ok(b'{' | b'[') | Err(_)),
        // The text after the damage is not parsed, but a complete body ends with a bracket.
        Err(Damage::At(_)) => match first {
            Ok(b'{') => parser.last() != Some(b'}'),
            Ok(b'[') => !matches!(parser.last(), Some(b']' | b'}')),
            _ => false,
        },
    }
}

pub(super) struct Parser<'a> {
    pub(super) body: &'a [u8],
    pub(super) at: usize,
    depth: usize,
    pub(super) repaired: bool,
}

impl<'a> Parser<'a> {
    pub(super) fn new(body: &'a [u8]) -> Self {
        let parser = Self {
            body,
            at: 0,
            depth: 0,
            repaired: false,
        };
        match body.starts_with(b"\xef\xbb\xbf") {
            true => parser.from(3),
            false => parser,
        }
    }

    /// Creates a parser of the same body that starts at another position.
    pub(super) fn from(&self, at: usize) -> Self {
        Self {
            body: self.body,
            at,
            depth: 0,
            repaired: false,
        }
    }

    fn damage(&self) -> Damage {
        match self.at < self.body.len() {
            true => Damage::At(self.at),
            false => Damage::CutShort,
        }
    }

    /// Returns the next byte that is not whitespace.
    pub(super) fn peek(&mut self) -> Result<u8> {
        while let Some(byte) = self.body.get(self.at) {
            if !matches!(byte, b' ' | b'\t' | b'\n' | b'\r') {
                return Ok(*byte);
            }
            self.at += 1;
        }
        Err(Damage::CutShort)
    }

    pub(super) fn open(&mut self, bracket: u8) -> Result<()> {
        match self.closes(bracket)? {
            true => Ok(()),
            false => Err(self.damage()),
        }
    }

    /// Consumes the byte if it is next.
    pub(super) fn closes(&mut self, bracket: u8) -> Result<bool> {
        let is_next = self.peek()? == bracket;
        self.at += usize::from(is_next);
        Ok(is_next)
    }

    /// Consumes the commas after a value, or else the closing bracket. Returns `true` if another value may follow.
    pub(super) fn comma(&mut self, bracket: u8) -> Result<bool> {
        match self.peek()? {
            b',' => {
                self.at += 1;
                while self.peek()? == b',' {
                    self.at += 1;
                    self.repaired = true;
                }
                // A surplus comma; the caller consumes the bracket.
                self.repaired |= self.peek()? == bracket;
                Ok(true)
            }
            byte if byte == bracket => {
                self.at += 1;
                Ok(false)
            }
            _ => Err(self.damage()),
        }
    }

    /// Returns the last byte of the body that is not whitespace or NUL.
    pub(super) fn last(&self) -> Option<u8> {
        let is_blank = |byte: &&u8| byte.is_ascii_whitespace() || **byte == 0;
        self.body.iter().rev().find(|byte| !is_blank(byte)).copied()
    }

    /// Checks that only whitespace and NUL follow.
    pub(super) fn end(&self) -> Result<()> {
        let rest = &self.body[self.at..];
        let is_blank = |byte: &u8| byte.is_ascii_whitespace() || *byte == 0;
        match rest.iter().position(|byte| !is_blank(byte)) {
            Some(more) => Err(Damage::At(self.at + more)),
            None => Ok(()),
        }
    }

    pub(super) fn value(&mut self) -> Result<Json<'a>> {
        match self.peek()? {
            b'{' | b'[' if self.depth >= MAX_DEPTH => self.deep(),
            b'{' => {
                self.depth += 1;
                let object = self.object()?;
                self.depth -= 1;
                Ok(object)
            }
            b'[' => {
                self.depth += 1;
                let array = self.array()?;
                self.depth -= 1;
                Ok(array)
            }
            b'"' => Ok(Json::String(self.string()?)),
            _ => self.word(),
        }
    }

    fn object(&mut self) -> Result<Json<'a>> {
        let mut members = Vec::new();
        self.at += 1;
        let mut is_first = true;
        while !(!is_first && !self.comma(b'}')? || self.closes(b'}')?) {
            is_first = false;
            let name = self.name()?;
            let value = self.value()?;
            members.push(Member::new(name, value));
        }
        self.repaired |= keep_last(&mut members);
        Ok(Json::Object(members))
    }

    fn array(&mut self) -> Result<Json<'a>> {
        let mut items = Vec::new();
        self.at += 1;
        let mut is_first = true;
        while !(!is_first && !self.comma(b']')? || self.closes(b']')?) {
            is_first = false;
            items.push(self.value()?);
        }
        Ok(Json::Array(items))
    }

    /// Parses a name and the colon after it.
    pub(super) fn name(&mut self) -> Result<Cow<'a, str>> {
        if self.peek()? != b'"' {
            return Err(self.damage());
        }
        let name = self.string()?;
        self.open(b':')?;
        Ok(name)
    }

    /// Skips a value that is nested too deeply, by its strings and brackets, and returns its text.
    fn deep(&mut self) -> Result<Json<'a>> {
        let start = self.at;
        let mut open = Vec::new();
        loop {
            match self.peek()? {
                b'"' => {
                    self.string()?;
                    continue;
                }
                b'{' => open.push(b'}'),
                b'[' => open.push(b']'),
                byte @ (b'}' | b']') if open.pop() != Some(byte) => return Err(self.damage()),
                _ => {}
            }
            self.at += 1;
            if open.is_empty() {
                return Ok(Json::Deep(String::from_utf8_lossy(
                    &self.body[start..self.at],
                )));
            }
        }
    }

    /// Parses a number or a word such as `null`.
    fn word(&mut self) -> Result<Json<'a>> {
        let rest = &self.body[self.at..];
        let is_part =
            |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
        let length = rest.iter().position(|byte| !is_part(byte));
        // At the end of the body the word may be incomplete.
        let (word, ends) = match length {
            Some(length) => (&rest[..length], false),
            None => (rest, true),
        };
        let value = match word {
            b"null" => Json::Null,
            b"true" => Json::Bool(true),
            b"false" => Json::Bool(false),
            b"NaN" | b"Infinity" | b"-Infinity" | b"undefined" => {
                self.repaired = true;
                Json::Null
            }
            // Only ASCII.
            _ => match str::from_utf8(word) {
                Ok(text) if is_number(text) => Json::Number(text.into()),
                Ok(text)
                    if text
                        .trim_start_matches(['+', '-', '.'])
                        .starts_with(|c: char| c.is_ascii_digit()) =>
                {
                    // `007`, `1.`: the meaning is unclear, so the text is kept.
                    self.repaired = true;
                    Json::String(text.into())
                }
                _ if ends => return Err(Damage::CutShort),
                _ => return Err(self.damage()),
            },
        };
        self.at += word.len();
        Ok(value)
    }

    fn string(&mut self) -> Result<Cow<'a, str>> {
        self.at += 1;
        let start = self.at;
        let mut owned: Option<String> = None;
        let mut from = start;
        loop {
            let Some(byte) = self.body.get(self.at) else {
                return Err(Damage::CutShort);
            };
            match byte {
                b'"' => {
                    let rest = self.text(from);
                    self.at += 1;
                    return Ok(match owned {
                        Some(text) => (text + &rest).into(),
                        None => rest,
                    });
                }
                b'\\' => {
                    let text = self.text(from);
                    let owned = owned.get_or_insert_default();
                    owned.push_str(&text);
                    let mut escaped = self.from(self.at + 1);
                    escaped.escape(owned)?;
                    self.at = escaped.at;
                    self.repaired |= escaped.repaired;
                    from = self.at;
                }
                byte => {
                    self.repaired |= *byte < b' ';
                    self.at += 1;
                }
            }
        }
    }

    /// Returns the part of a string from `from` to the current position.
    fn text(&mut self, from: usize) -> Cow<'a, str> {
        let text = String::from_utf8_lossy(&self.body[from..self.at]);
        self.repaired |= matches!(text, Cow::Owned(_));
        text
    }

    /// Parses the escape after a backslash.
    fn escape(&mut self, text: &mut String) -> Result<()> {
        let byte = *self.body.get(self.at).ok_or(Damage::CutShort)?;
        self.at += 1;
        let character = match byte {
            b'"' | b'\\' | b'/' => byte.into(),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => match self.unit()? {
                Some(unit) => self.character(unit)?,
                None => {
                    self.repaired = true;
                    text.push('\\');
                    'u'
                }
            },
            // An escape of JavaScript and PHP.
            b'\'' => {
                self.repaired = true;
                '\''
            }
            _ => {
                // Not an escape: the backslash is kept.
                self.repaired = true;
                self.at -= 1;
                '\\'
            }
        };
        text.push(character);
        Ok(())
    }

    /// Parses four hexadecimal digits, if they are next.
    fn unit(&mut self) -> Result<Option<u32>> {
        let digits = self.body.get(self.at..self.at + 4);
        let digits = digits.ok_or(Damage::CutShort)?;
        if !digits.iter().all(u8::is_ascii_hexdigit) {
            return Ok(None);
        }
        self.at += 4;
        let digits = str::from_utf8(digits).unwrap_or_default();
        Ok(u32::from_str_radix(digits, 16).ok())
    }

    /// Returns the character of a UTF-16 code unit, and of the next one if the first is half of a surrogate pair.
    fn character(&mut self, unit: u32) -> Result<char> {
        if let Some(character) = char::from_u32(unit) {
            return Ok(character);
        }
        let rest = &self.body[self.at..];
        if unit < 0xdc00 && rest.starts_with(b"\\u") {
            let mut second = self.from(self.at + 2);
            if let Some(low @ 0xdc00..0xe000) = second.unit()? {
                self.at = second.at;
                let code = 0x1_0000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
                return Ok(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
            }
        }
        self.repaired = true;
        Ok(char::REPLACEMENT_CHARACTER)
    }
}

/// Returns `true` if the text is a JSON number.
pub(super) fn is_number(text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (text, None),
    };
    let mantissa = mantissa.strip_prefix('-').unwrap_or(mantissa);
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    digits(whole)
        && (whole == "0" || !whole.starts_with('0'))
        && fraction.is_none_or(digits)
        && exponent.is_none_or(|text| digits(text.strip_prefix(['+', '-']).unwrap_or(text)))
}
