//! The API key: from stdin, a file, or the environment. Never an argument, which every process may read.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use crate::config::{API_KEY, KeySource, Setting, Settings, variable};
use crate::failure::{Failure, because, warn};
use crate::text::is_hidden;

/// What is larger holds something else than a key.
const MOST_BYTES: u64 = 4_096;

/// The key, and where it comes from. No message ever shows any of it.
///
/// Several places may hold it as long as it is the same; two different keys are an error, since it can't be known which
/// one is meant.
pub(crate) fn read(
    settings: &Settings,
    from_stdin: Option<&str>,
) -> Result<Option<Setting<String>>, Failure> {
    let mut found: Option<Setting<String>> = None;
    for source in &settings.keys {
        let key = match &source.value {
            KeySource::Stdin => match from_stdin {
                Some(key) => key.to_owned(),
                None => continue,
            },
            KeySource::File(path) => from_file(path)?,
            KeySource::Variable => match variable(API_KEY)? {
                Some(key) => check(API_KEY, &key)?,
                None => continue,
            },
        };
        match &found {
            None => {
                found = Some(Setting {
                    value: key,
                    origin: source.origin.clone(),
                });
            }
            Some(first) if first.value == key => {}
            Some(first) => {
                return Err(Failure::usage(format!(
                    "there are two different API keys, from {} and from {}; leave one of them out",
                    first.origin, source.origin
                )));
            }
        }
    }
    Ok(found)
}

/// The key on stdin, where a setting says that it is there. Read before anything else waits for Ctrl-C: it may be typed.
pub(crate) fn from_stdin(settings: &Settings) -> Result<Option<String>, Failure> {
    let is_there = |key: &Setting<KeySource>| key.value == KeySource::Stdin;
    match settings.keys.iter().any(is_there) {
        true => read_stdin().map(Some),
        false => Ok(None),
    }
}

fn read_stdin() -> Result<String, Failure> {
    let mut text = Vec::new();
    io::stdin()
        .lock()
        .take(MOST_BYTES + 1)
        .read_to_end(&mut text)
        .map_err(|error| Failure::usage(because("the API key can't be read from stdin", error)))?;
    decode("stdin", text)
}

fn from_file(path: &Path) -> Result<String, Failure> {
    let mut text = Vec::new();
    let failed = |error| {
        Failure::usage(because(
            format!("the API key can't be read from {}", path.display()),
            error,
        ))
    };
    let file = File::open(path).map_err(failed)?;
    warn_if_others_can_read("the API key", path, &file);
    file.take(MOST_BYTES + 1)
        .read_to_end(&mut text)
        .map_err(failed)?;
    decode(&path.display().to_string(), text)
}

/// The key in these bytes. A byte order mark of UTF-8 is left out with a warning: editors add it.
fn decode(place: &str, text: Vec<u8>) -> Result<String, Failure> {
    if text.len() as u64 > MOST_BYTES {
        return Err(refused(place, "is too large for a key"));
    }
    if text.starts_with(b"\xff\xfe") || text.starts_with(b"\xfe\xff") {
        return Err(refused(
            place,
            "is encoded as UTF-16; save it as UTF-8 without a byte order mark",
        ));
    }
    let text = String::from_utf8(text).map_err(|_| refused(place, "is not valid UTF-8"))?;
    match text.strip_prefix(BYTE_ORDER_MARK) {
        Some(text) => {
            let key = check(place, text)?;
            warn(&format!(
                "{place} begins with a byte order mark (U+FEFF), which is ignored; save it without one"
            ));
            Ok(key)
        }
        None => check(place, &text),
    }
}

const BYTE_ORDER_MARK: char = '\u{feff}';

/// The key in this text, whose ends may be blank.
fn check(place: &str, text: &str) -> Result<String, Failure> {
    let key = text.trim();
    if key.is_empty() {
        return Err(refused(place, "is empty"));
    }
    // By the place in the text as an editor shows it, never by what is around.
    let hidden = |(_, c): &(usize, char)| is_hidden(*c) && !c.is_whitespace();
    if let Some((at, c)) = text.char_indices().find(hidden) {
        let column = text[..at].chars().count() + 1;
        return Err(refused(
            place,
            &format!(
                "contains an invisible character, {}, at position {column}",
                name(c)
            ),
        ));
    }
    if key.contains(char::is_whitespace) {
        return Err(refused(place, "contains more than a key"));
    }
    Ok(key.to_owned())
}

/// How the character is called: `a byte order mark (U+FEFF)`.
fn name(c: char) -> String {
    let code = format!("U+{:04X}", u32::from(c));
    let name = match c {
        '\0' => "NUL",
        BYTE_ORDER_MARK => "a byte order mark",
        '\u{200b}' => "a zero-width space",
        '\u{200c}' => "a zero-width non-joiner",
        '\u{200d}' => "a zero-width joiner",
        '\u{2060}' => "a word joiner",
        '\u{ad}' => "a soft hyphen",
        c if c.is_control() => "a control character",
        _ => return code,
    };
    format!("{name} ({code})")
}

fn refused(place: &str, why: &str) -> Failure {
    Failure::usage(format!(
        "{place} {why}; it must contain the API key on one line, and nothing else"
    ))
}

/// Warns of a secret in a file that is not for its owner alone.
#[cfg(unix)]
pub(crate) fn warn_if_others_can_read(what: &str, path: &Path, file: &File) {
    use std::os::unix::fs::MetadataExt;
    let Ok(metadata) = file.metadata() else {
        return;
    };
    // A pipe or a device says nothing by its mode.
    if metadata.is_file() && metadata.mode() & 0o077 != 0 {
        let path = path.display();
        warn(&format!(
            "others can read {what} in {path}; keep it to yourself by: chmod 600 {path}"
        ));
    }
}

#[cfg(not(unix))]
pub(crate) fn warn_if_others_can_read(_: &str, _: &Path, _: &File) {}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(failure: Failure) -> String {
        match failure {
            Failure::Told { error, .. } => error.to_string(),
            Failure::Closed => panic!("no message"),
        }
    }

    #[test]
    fn blank_ends_are_no_part_of_a_key() {
        for text in ["hush", "hush\n", "hush\r\n", " \t hush \n\n", "\u{a0}hush"] {
            assert_eq!(decode("F", text.into()).unwrap(), "hush", "{text:?}");
        }
    }

    #[test]
    fn a_byte_order_mark_at_the_beginning_is_left_out() {
        assert_eq!(decode("F", "\u{feff}hush\n".into()).unwrap(), "hush");
    }

    #[test]
    fn an_invisible_character_is_named_with_its_position_and_the_key_is_not_shown() {
        for (text, named) in [
            ("hu\0sh", "NUL (U+0000), at position 3"),
            ("hush\0", "NUL (U+0000), at position 5"),
            ("\u{200b}hush", "a zero-width space (U+200B), at position 1"),
            (
                "hush\u{200d}\n",
                "a zero-width joiner (U+200D), at position 5",
            ),
            ("hu\u{feff}sh", "a byte order mark (U+FEFF), at position 3"),
            (
                "\u{feff}\u{feff}hush",
                "a byte order mark (U+FEFF), at position 1",
            ),
            ("\n hush\u{ad}", "a soft hyphen (U+00AD), at position 7"),
            ("hush\u{1b}", "a control character (U+001B), at position 5"),
            ("hush\u{202e}", "U+202E, at position 5"),
            ("hush\u{e0041}", "U+E0041, at position 5"),
        ] {
            let message = message(decode("F", text.into()).unwrap_err());
            let expected = format!(
                "F contains an invisible character, {named}; it must contain the API key on one line, and nothing else"
            );
            assert_eq!(message, expected);
        }
    }

    #[test]
    fn another_encoding_is_named() {
        for (bytes, why) in [
            (
                &b"\xff\xfeh\0u\0"[..],
                "F is encoded as UTF-16; save it as UTF-8",
            ),
            (
                b"\xfe\xff\0h\0u",
                "F is encoded as UTF-16; save it as UTF-8",
            ),
            (b"h\xfc", "F is not valid UTF-8; "),
            (b"hush hush", "F contains more than a key; "),
            (b" \r\n", "F is empty; "),
        ] {
            let message = message(decode("F", bytes.to_owned()).unwrap_err());
            assert!(message.starts_with(why), "{message}");
        }
    }
}
