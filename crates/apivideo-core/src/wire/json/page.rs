//! A page of records, split so that a damaged record costs only itself.

use super::parse::{Damage, Parser, Result};
use super::value::{Json, Member, keep_last};

/// The maximum number of bytes that are read again to find the end of damaged records, per byte of the body.
const MAX_REREADS: usize = 16;

/// A page split into its records, each parsed separately, and the other members of its envelope.
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
    /// The records, in order.
    pub records: Vec<Record<'a>>,
    /// The object that contains the records, without `data`.
    pub envelope: Json<'a>,
}

/// A record of a [`Page`].
#[derive(Debug)]
pub struct Record<'a> {
    /// The raw text of the record.
    pub raw: &'a [u8],
    /// The value, or the position of the damage if the record cannot be repaired.
    pub value: Result<Json<'a>>,
    /// The record was repaired; see [`parse`](super::parse).
    pub repaired: bool,
}

impl<'a> Page<'a> {
    /// Splits a page. If a record cannot be repaired, the next one is found by `mark`, the name of a member that every
    /// record has. With an empty `mark`, such a page is an error.
    ///
    /// `data` may be an array, `null`, or an object with numbers as names, by which the records are ordered.
    ///
    /// # Errors
    /// Returns the damage if the body ends early, if there is no `data`, or if the damage is not inside a record.
    pub fn split(body: &'a [u8], mark: &str) -> Result<Self> {
        let mut parser = Parser::new(body);
        let mut splitter = Splitter {
            mark,
            records: None,
            members: Vec::new(),
            rereads: body.len().saturating_mul(MAX_REREADS),
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

struct Splitter<'a, 'm> {
    mark: &'m str,
    records: Option<Vec<Record<'a>>>,
    members: Vec<Member<'a>>,
    /// The remaining number of bytes to read to find the ends of damaged records.
    rereads: usize,
}

impl<'a> Splitter<'a, '_> {
    /// Reads the members of the envelope to the end of the body. `first` is `false` if other members precede.
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
                // The first list would be lost.
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

    /// Reads the records of an array, or of an object with numbers as names.
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
            let outcome = record(parser).and_then(|record| {
                let end = parser.at;
                // A record is followed by a comma or by the end of the list.
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
                    numbered.push((number, recover(raw, start, damage)));
                }
            }
        }
        numbered.sort_by_key(|(number, _)| *number);
        Ok(numbered.into_iter().map(|(_, record)| record).collect())
    }

    /// Finds the end of a damaged record: the start of the next one, or the bracket after which the rest of the body is valid.
    fn find_end(&mut self, parser: &Parser<'a>, start: usize, close: u8) -> Result<usize> {
        for at in start + 1..parser.body.len() {
            let mut probe = parser.from(at);
            let is_end = match parser.body[at] {
                b'{' if close == b']' => self.begins_record(&mut probe),
                b'"' if close == b'}' => {
                    let is_named = parser.body[..at].trim_ascii_end().last() == Some(&b',')
                        && probe.name().is_ok_and(|name| number(&name).is_some());
                    // A damaged record may follow; a valid object without the mark is a group of this record.
                    is_named
                        && probe.peek() == Ok(b'{')
                        && probe
                            .value()
                            .map_or(true, |value| value.get(self.mark).is_some())
                }
                // Only the balance of brackets distinguishes the end of the records from that of the last record.
                b'}' if close == b'}' && !is_balanced(&parser.body[start..at]) => false,
                byte if byte == close => {
                    probe.at += 1;
                    let mut rest = Splitter {
                        mark: self.mark,
                        records: Some(Vec::new()),
                        members: Vec::new(),
                        rereads: 0,
                    };
                    rest.members(&mut probe, false).is_ok()
                }
                _ => continue,
            };
            if is_end {
                return Ok(at);
            }
            self.rereads = self.rereads.saturating_sub(probe.at - at);
            if self.rereads == 0 {
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
        // Otherwise it may be a group whose missing bracket made it include the next record.
        let before = parser.body[..start].trim_ascii_end().last();
        parser.at = start;
        before != Some(&b':')
            && parser
                .value()
                .is_ok_and(|value| value.get(self.mark).is_some())
            && matches!(parser.peek(), Ok(b',' | b']'))
    }
}

/// Returns `true` if each bracket outside of strings is closed.
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

/// Parses the number that is the name of a record.
fn number(name: &str) -> Option<u64> {
    name.parse().ok()
}

/// Reads the text between the starts of two records: a damaged record, or a valid one with a damaged separator.
fn recover(raw: &[u8], start: usize, damage: Damage) -> Record<'_> {
    let mut parser = Parser::new(raw);
    match record(&mut parser) {
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

/// Reads one record, with its raw text.
fn record<'a>(parser: &mut Parser<'a>) -> Result<Record<'a>> {
    parser.repaired = false;
    parser.peek()?;
    let start = parser.at;
    let value = parser.value()?;
    Ok(Record {
        raw: &parser.body[start..parser.at],
        value: Ok(value),
        repaired: std::mem::take(&mut parser.repaired),
    })
}
