//! A parser of damaged JSON: one mistake costs at most the record that it is in.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;

use super::{Json, Member};

/// Arrays and objects nested deeper than this are kept as text. serde_json stops at 128, of which a page takes a few.
const DEPTH: usize = 100;

/// A value may be read again so many times, in bytes for each byte of the body, to find the end of a damaged record.
const EFFORT: usize = 16;

/// Why a body is not a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Damage {
    /// The body ends before its JSON does.
    CutShort,
    /// The body is not JSON at this byte.
    At(usize),
    /// The body is JSON, but has no list of records where one is expected.
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

type Result<T, E = Damage> = std::result::Result<T, E>;

/// Parses a whole body, and tells whether it had to be repaired: invalid UTF-8, lone surrogates, raw control characters,
/// unknown escapes, `NaN` and the like, surplus commas, and names that come twice.
///
/// A byte order mark before the value, and whitespace and NUL after it, are skipped.
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
/// When the body ends early, or holds what cannot be repaired.
pub fn parse(body: &[u8]) -> Result<(Json<'_>, bool)> {
    let mut parser = Parser::new(body);
    let value = parser.value()?;
    parser.end()?;
    Ok((value, parser.repaired))
}

/// Whether a body ends before its outermost array or object does, however damaged it is before its end.
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
        // What follows the damage is not understood; but a whole body ends with a bracket.
        Err(Damage::At(_)) => match first {
            Ok(b'{') => parser.last() != Some(b'}'),
            Ok(b'[') => !matches!(parser.last(), Some(b']' | b'}')),
            _ => false,
        },
    }
}

/// A page taken apart: its records each by itself, and the other members of its envelope.
///
/// ```
/// use apivideo_core::wire::json::Page;
///
/// let body = br#"{"data": [{"id": "a"}, {"id": "b", "name": "x"y"}, {"id": "c"}], "pagination": {"currentPage": 1}}"#;
/// let page = Page::split(body, "id")?;
/// let read: Vec<bool> = page.records.iter().map(|record| record.value.is_ok()).collect();
/// assert_eq!(read, [true, false, true]);
/// assert_eq!(page.records[1].raw, br#"{"id": "b", "name": "x"y"}"#);
/// assert!(page.envelope.get("pagination").is_some());
/// # Ok::<(), apivideo_core::wire::json::Damage>(())
/// ```
#[derive(Debug)]
pub struct Page<'a> {
    /// The records, in their order.
    pub records: Vec<Record<'a>>,
    /// The object around them, without `data`.
    pub envelope: Json<'a>,
}

/// A record of a [`Page`].
#[derive(Debug)]
pub struct Record<'a> {
    /// The record as it came.
    pub raw: &'a [u8],
    /// Its value, or where it is damaged beyond repair.
    pub value: Result<Json<'a>>,
    /// Whether it had to be repaired; see [`parse`].
    pub repaired: bool,
}

impl<'a> Page<'a> {
    /// Splits a page. Where a record is damaged beyond repair, the next one is found by `mark`, the name of a member that
    /// every record has; with an empty `mark` the whole page is refused.
    ///
    /// `data` may be an array, `null`, or an object whose names are numbers, by which the records are ordered.
    ///
    /// # Errors
    /// When the body ends early, when there is no `data`, or when the damage is not inside a record.
    pub fn split(body: &'a [u8], mark: &str) -> Result<Self> {
        let mut parser = Parser::new(body);
        let mut splitter = Splitter {
            mark,
            records: None,
            members: Vec::new(),
            effort: body.len().saturating_mul(EFFORT),
        };
        parser.open(b'{')?;
        splitter.members(&mut parser, true)?;
        let Splitter {
            records,
            mut members,
            ..
        } = splitter;
        keep_last(&mut members);
        Ok(Self {
            records: records.ok_or(Damage::NoRecords)?,
            envelope: Json::Object(members),
        })
    }
}

/// Drops members whose name comes again later, and tells whether there were any.
pub(super) fn keep_last(members: &mut Vec<Member<'_>>) -> bool {
    /// Among so few, each is compared with each.
    const FEW: usize = 16;
    let count = members.len();
    if count <= FEW {
        let is_unique = |index: usize| {
            let (first, rest) = members.split_at(index);
            rest.first()
                .is_none_or(|member| first.iter().all(|other| other.name != member.name))
        };
        if (1..count).all(is_unique) {
            return false;
        }
    }
    let mut last: HashMap<String, usize> = HashMap::with_capacity(count);
    for (index, member) in members.iter().enumerate() {
        last.insert(member.name.clone().into_owned(), index);
    }
    let mut index = 0;
    members.retain(|member| {
        let is_last = last.get(&*member.name) == Some(&index);
        index += 1;
        is_last
    });
    members.len() < count
}

struct Splitter<'a, 'm> {
    mark: &'m str,
    records: Option<Vec<Record<'a>>>,
    members: Vec<Member<'a>>,
    /// What is left for finding the ends of damaged records.
    effort: usize,
}

impl<'a> Splitter<'a, '_> {
    /// The members of the envelope, from `first` or what follows another one, to the end of the body.
    fn members(&mut self, parser: &mut Parser<'a>, first: bool) -> Result<()> {
        let mut is_first = first;
        loop {
            if !is_first && !parser.comma(b'}')? || parser.closes(b'}')? {
                return parser.end();
            }
            is_first = false;
            let name = parser.name()?;
            if name != "data" {
                let value = parser.value()?;
                self.members.push(Member::new(name, value));
                continue;
            }
            if self.records.is_some() {
                // The first one would be lost.
                return Err(Damage::At(parser.at));
            }
            self.records = Some(match parser.peek()? {
                b'[' => self.records(parser, b'[', b']')?,
                b'{' => self.records(parser, b'{', b'}')?,
                _ => match parser.value()? {
                    Json::Null => Vec::new(),
                    _ => return Err(Damage::NoRecords),
                },
            });
        }
    }

    /// The records of a list, or of an object with a number for each record.
    fn records(&mut self, parser: &mut Parser<'a>, open: u8, close: u8) -> Result<Vec<Record<'a>>> {
        let mut numbered = Vec::new();
        parser.open(open)?;
        loop {
            while parser.peek()? == b',' {
                parser.at += 1;
            }
            if parser.closes(close)? {
                break;
            }
            let number = match open {
                b'{' => number(&parser.name()?).ok_or(Damage::NoRecords)?,
                _ => numbered.len() as u64,
            };
            parser.peek()?;
            let start = parser.at;
            let outcome = parser.record().and_then(|record| {
                let end = parser.at;
                // What follows has to be the end of the list or of this record.
                match parser.peek()? {
                    byte if byte == b',' || byte == close => Ok(record),
                    _ => Err(Damage::At(end)),
                }
            });
            match outcome {
                Ok(record) => numbered.push((number, record)),
                Err(damage) if self.mark.is_empty() || damage == Damage::CutShort => {
                    return Err(damage);
                }
                Err(damage) => {
                    let end = self.find_end(parser, start, close)?;
                    let raw = parser.body[start..end].trim_ascii_end();
                    let raw = raw.strip_suffix(b",").unwrap_or(raw).trim_ascii_end();
                    parser.at = end;
                    numbered.push((number, salvaged(raw, start, damage)));
                }
            }
        }
        numbered.sort_by_key(|(number, _)| *number);
        Ok(numbered.into_iter().map(|(_, record)| record).collect())
    }

    /// Where a damaged record ends: where the next one begins, or before the bracket after which the rest of the body is well.
    fn find_end(&mut self, parser: &Parser<'a>, start: usize, close: u8) -> Result<usize> {
        for at in start + 1..parser.body.len() {
            let mut probe = parser.from(at);
            let is_end = match parser.body[at] {
                b'{' if close == b']' => self.begins_record(&mut probe),
                b'"' if close == b'}' => {
                    let is_named = parser.body[..at].trim_ascii_end().last() == Some(&b',')
                        && probe.name().is_ok_and(|name| number(&name).is_some());
                    // A damaged one may follow; a good one without the mark is a group of this record.
                    is_named
                        && probe.peek() == Ok(b'{')
                        && probe
                            .value()
                            .map_or(true, |value| value.get(self.mark).is_some())
                }
                // Brackets are all that tells the end of the records from that of the last one.
                b'}' if close == b'}' && !is_balanced(&parser.body[start..at]) => false,
                byte if byte == close => {
                    probe.at += 1;
                    let mut rest = Splitter {
                        mark: self.mark,
                        records: Some(Vec::new()),
                        members: Vec::new(),
                        effort: 0,
                    };
                    rest.members(&mut probe, false).is_ok()
                }
                _ => continue,
            };
            if is_end {
                return Ok(at);
            }
            self.effort = self.effort.saturating_sub(probe.at - at);
            if self.effort == 0 {
                break;
            }
        }
        match parser.last() {
            Some(b'}') => Err(Damage::At(start)),
            _ => Err(Damage::CutShort),
        }
    }

    fn begins_record(&self, parser: &mut Parser<'a>) -> bool {
        let start = parser.at;
        let is_marked = parser.open(b'{').is_ok()
            && parser.peek() == Ok(b'"')
            && parser.name().is_ok_and(|name| name == self.mark);
        if is_marked {
            return true;
        }
        // Otherwise it may also be a group that has swallowed what follows it.
        let before = parser.body[..start].trim_ascii_end().last();
        parser.at = start;
        before != Some(&b':')
            && parser
                .value()
                .is_ok_and(|value| value.get(self.mark).is_some())
            && matches!(parser.peek(), Ok(b',' | b']'))
    }
}

/// Whether each bracket outside of strings is closed.
fn is_balanced(text: &[u8]) -> bool {
    let (mut open, mut in_string, mut bytes) = (0_usize, false, text.iter());
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' => in_string = !in_string,
            b'\\' if in_string => {
                bytes.next();
            }
            b'{' | b'[' if !in_string => open += 1,
            b'}' | b']' if !in_string => match open.checked_sub(1) {
                Some(less) => open = less,
                None => return false,
            },
            _ => {}
        }
    }
    open == 0 && !in_string
}

/// The number that is the name of a record.
fn number(name: &str) -> Option<u64> {
    name.parse().ok()
}

/// What is between two places where records begin: one that is damaged, or a good one whose separator is.
fn salvaged(raw: &[u8], start: usize, damage: Damage) -> Record<'_> {
    let mut parser = Parser::new(raw);
    match parser.record() {
        Ok(record) if raw[parser.at..].trim_ascii().len() <= 1 => Record {
            repaired: true,
            ..record
        },
        _ => Record {
            raw,
            value: Err(match damage {
                Damage::At(at) => Damage::At(at.saturating_sub(start)),
                other => other,
            }),
            repaired: false,
        },
    }
}

struct Parser<'a> {
    body: &'a [u8],
    at: usize,
    depth: usize,
    repaired: bool,
}

impl<'a> Parser<'a> {
    fn new(body: &'a [u8]) -> Self {
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

    /// Another one that begins elsewhere.
    fn from(&self, at: usize) -> Self {
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

    /// The next byte that is not whitespace.
    fn peek(&mut self) -> Result<u8> {
        while let Some(byte) = self.body.get(self.at) {
            if !matches!(byte, b' ' | b'\t' | b'\n' | b'\r') {
                return Ok(*byte);
            }
            self.at += 1;
        }
        Err(Damage::CutShort)
    }

    fn open(&mut self, bracket: u8) -> Result<()> {
        match self.closes(bracket)? {
            true => Ok(()),
            false => Err(self.damage()),
        }
    }

    /// Whether this byte comes next; it is passed then.
    fn closes(&mut self, bracket: u8) -> Result<bool> {
        let is_next = self.peek()? == bracket;
        self.at += usize::from(is_next);
        Ok(is_next)
    }

    /// Passes the commas after a value; without any, the bracket has to come, and nothing more is expected.
    fn comma(&mut self, bracket: u8) -> Result<bool> {
        match self.peek()? {
            b',' => {
                self.at += 1;
                while self.peek()? == b',' {
                    self.at += 1;
                    self.repaired = true;
                }
                // A surplus one; the caller finds the bracket.
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

    /// The last byte of the body but for whitespace and NUL.
    fn last(&self) -> Option<u8> {
        let is_blank = |byte: &&u8| byte.is_ascii_whitespace() || **byte == 0;
        self.body.iter().rev().find(|byte| !is_blank(byte)).copied()
    }

    /// Nothing comes but whitespace and NUL.
    fn end(&self) -> Result<()> {
        let rest = &self.body[self.at..];
        let is_blank = |byte: &u8| byte.is_ascii_whitespace() || *byte == 0;
        match rest.iter().position(|byte| !is_blank(byte)) {
            Some(more) => Err(Damage::At(self.at + more)),
            None => Ok(()),
        }
    }

    /// A value by itself, with its text.
    fn record(&mut self) -> Result<Record<'a>> {
        self.repaired = false;
        self.peek()?;
        let start = self.at;
        let value = self.value()?;
        Ok(Record {
            raw: &self.body[start..self.at],
            value: Ok(value),
            repaired: std::mem::take(&mut self.repaired),
        })
    }

    fn value(&mut self) -> Result<Json<'a>> {
        match self.peek()? {
            b'{' | b'[' if self.depth >= DEPTH => self.deep(),
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

    /// A name and the colon after it.
    fn name(&mut self) -> Result<Cow<'a, str>> {
        if self.peek()? != b'"' {
            return Err(self.damage());
        }
        let name = self.string()?;
        self.open(b':')?;
        Ok(name)
    }

    /// The text of what is nested too deeply: only strings and brackets are looked at.
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

    /// A number, or one of the words.
    fn word(&mut self) -> Result<Json<'a>> {
        let rest = &self.body[self.at..];
        let is_part =
            |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
        let length = rest.iter().position(|byte| !is_part(byte));
        // At the end of the body it may go on.
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
                    // `007`, `1.`: what it means is open, its text is kept.
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

    /// The part of a string from there to here.
    fn text(&mut self, from: usize) -> Cow<'a, str> {
        let text = String::from_utf8_lossy(&self.body[from..self.at]);
        self.repaired |= matches!(text, Cow::Owned(_));
        text
    }

    /// What comes after a backslash.
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
            // As JavaScript and PHP escape it.
            b'\'' => {
                self.repaired = true;
                '\''
            }
            _ => {
                // Not an escape: the backslash is a character.
                self.repaired = true;
                self.at -= 1;
                '\\'
            }
        };
        text.push(character);
        Ok(())
    }

    /// Four hexadecimal digits, if they come next.
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

    /// The character of a unit of UTF-16, and of the one after it where the first is half of a pair.
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

/// Whether a text is a number in the form of JSON.
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
