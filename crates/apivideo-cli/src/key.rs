//! The API key: read from stdin, a file or the environment. It is never an argument, since other processes can read those.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use crate::config::{API_KEY, KeySource, Setting, Settings, env_variable};
use crate::failure::{Failure, with_cause};
use crate::stderr::print_warning;
use crate::text::is_hidden;

/// The maximum size of a key file: a larger one contains something else.
const MAX_BYTES: u64 = 4_096;

/// Returns the key and its origin. Messages never contain any part of the key.
///
/// Several sources may contain the same key. Two different keys are an error, since the intended one is unknown.
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
            KeySource::Variable => match env_variable(API_KEY)? {
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
                    "two different API keys are set, by {} and by {}",
                    first.origin, source.origin
                ))
                .with_hint("remove one of them"));
            }
        }
    }
    Ok(found)
}

/// Reads the key from stdin if `api_key_file` is `-`. This happens before the command listens for signals, so that Ctrl-C works
/// while the key is typed.
pub(crate) fn from_stdin(settings: &Settings) -> Result<Option<String>, Failure> {
    let is_stdin = |key: &Setting<KeySource>| key.value == KeySource::Stdin;
    match settings.keys.iter().any(is_stdin) {
        true => read_stdin().map(Some),
        false => Ok(None),
    }
}

fn read_stdin() -> Result<String, Failure> {
    let mut text = Vec::new();
    io::stdin()
        .lock()
        .take(MAX_BYTES + 1)
        .read_to_end(&mut text)
        .map_err(|error| Failure::usage(with_cause("cannot read the API key from stdin", error)))?;
    decode("stdin", text)
}

fn from_file(path: &Path) -> Result<String, Failure> {
    let mut text = Vec::new();
    let failed = |error| {
        Failure::usage(with_cause(
            format!("cannot read the API key from {}", path.display()),
            error,
        ))
    };
    let file = File::open(path).map_err(failed)?;
    warn_if_others_can_read("the API key", path, &file);
    file.take(MAX_BYTES + 1)
        .read_to_end(&mut text)
        .map_err(failed)?;
    decode(&path.display().to_string(), text)
}

/// Decodes the key. A UTF-8 byte order mark, which some editors add, is ignored with a warning.
fn decode(source: &str, text: Vec<u8>) -> Result<String, Failure> {
    if text.len() as u64 > MAX_BYTES {
        return Err(invalid(source, "is too large for an API key"));
    }
    if text.starts_with(b"\xff\xfe") || text.starts_with(b"\xfe\xff") {
        return Err(invalid(source, "is encoded as UTF-16 instead of UTF-8"));
    }
    let text = String::from_utf8(text).map_err(|_| invalid(source, "is not valid UTF-8"))?;
    match text.strip_prefix(BYTE_ORDER_MARK) {
        Some(text) => {
            let key = check(source, text)?;
            print_warning(&format!(
                "{source} starts with a byte order mark (U+FEFF), which is ignored; save it as UTF-8 without one"
            ));
            Ok(key)
        }
        None => check(source, &text),
    }
}

const BYTE_ORDER_MARK: char = '\u{feff}';

/// Validates the key. Leading and trailing whitespace is removed.
fn check(source: &str, text: &str) -> Result<String, Failure> {
    let key = text.trim();
    if key.is_empty() {
        return Err(invalid(source, "is empty"));
    }
    // The position is the column that an editor shows. The surrounding text, which is secret, is not part of the message.
    let hidden = |(_, c): &(usize, char)| is_hidden(*c) && !c.is_whitespace();
    if let Some((at, c)) = text.char_indices().find(hidden) {
        let column = text[..at].chars().count() + 1;
        return Err(invalid(
            source,
            &format!(
                "contains an invisible character, {}, at position {column}",
                character_name(c)
            ),
        ));
    }
    if key.contains(char::is_whitespace) {
        return Err(invalid(source, "contains whitespace inside the API key"));
    }
    Ok(key.to_owned())
}

/// Returns the name of a character: `a byte order mark (U+FEFF)`.
fn character_name(c: char) -> String {
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

fn invalid(source: &str, reason: &str) -> Failure {
    Failure::usage(format!("{source} {reason}"))
        .with_hint("it must contain only the API key, on one line, as UTF-8")
}

/// Warns if a file with a secret can be read by other users.
#[cfg(unix)]
pub(crate) fn warn_if_others_can_read(what: &str, path: &Path, file: &File) {
    use std::os::unix::fs::MetadataExt;
    let Ok(metadata) = file.metadata() else {
        return;
    };
    // The mode of a pipe or device has no meaning here. A group can be allowed to read it, as in volumes of Kubernetes.
    if metadata.is_file() && metadata.mode() & 0o027 != 0 {
        let path = path.display();
        print_warning(&format!(
            "other users can read {what} in {path}; run: chmod 600 {path}"
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
            Failure::Error { error, .. } => error.to_string(),
            Failure::BrokenPipe => panic!("no message"),
        }
    }

    #[test]
    fn trims_whitespace() {
        for text in ["hush", "hush\n", "hush\r\n", " \t hush \n\n", "\u{a0}hush"] {
            assert_eq!(decode("F", text.into()).unwrap(), "hush", "{text:?}");
        }
    }

    #[test]
    fn ignores_a_leading_byte_order_mark() {
        assert_eq!(decode("F", "\u{feff}hush\n".into()).unwrap(), "hush");
    }

    #[test]
    fn reports_an_invisible_character_by_name_and_position() {
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
            let expected = format!("F contains an invisible character, {named}");
            assert_eq!(message, expected);
        }
    }

    #[test]
    fn reports_other_encodings_and_contents() {
        for (bytes, expected) in [
            (
                &b"\xff\xfeh\0u\0"[..],
                "F is encoded as UTF-16 instead of UTF-8",
            ),
            (b"\xfe\xff\0h\0u", "F is encoded as UTF-16 instead of UTF-8"),
            (b"h\xfc", "F is not valid UTF-8"),
            (b"hush hush", "F contains whitespace inside the API key"),
            (b" \r\n", "F is empty"),
        ] {
            let message = message(decode("F", bytes.to_owned()).unwrap_err());
            assert_eq!(message, expected);
        }
    }
}
