//! The command line that was given, to be given again.

use std::ffi::{OsStr, OsString};
use std::fmt::Write as _;

use crate::text::is_hidden;

/// What was given after the name of the command, but for `--force`: what it overwrites is continued now.
pub(crate) fn arguments() -> Vec<OsString> {
    let arguments = std::env::args_os().skip(1);
    arguments.filter(|argument| argument != "--force").collect()
}

/// A command line of `apivideo` with these arguments, as a shell takes it.
pub(crate) fn command<A: AsRef<OsStr>>(arguments: &[A]) -> String {
    line("apivideo", arguments)
}

/// A command line of any program.
pub(crate) fn line<A: AsRef<OsStr>>(program: &str, arguments: &[A]) -> String {
    let mut line = program.to_owned();
    for argument in arguments {
        line.push(' ');
        line += &quoted(argument.as_ref());
    }
    line
}

/// Invalid UTF-8 and characters that are hidden on a terminal are written as octal escapes.
pub(crate) fn quoted(argument: &OsStr) -> String {
    let plain = argument.to_str().filter(|text| !text.contains(is_hidden));
    if let Some(quoted) = plain.and_then(|text| shlex::try_quote(text).ok()) {
        return quoted.into_owned();
    }
    let mut spelled = "$'".to_owned();
    for chunk in argument.as_encoded_bytes().utf8_chunks() {
        for c in chunk.valid().chars() {
            match c {
                '\'' | '\\' => spelled.extend(['\\', c]),
                c if is_hidden(c) => octal(&mut spelled, c.encode_utf8(&mut [0; 4]).as_bytes()),
                c => spelled.push(c),
            }
        }
        octal(&mut spelled, chunk.invalid());
    }
    spelled + "'"
}

/// Three digits each, so that what follows is not taken for a part of it.
fn octal(spelled: &mut String, bytes: &[u8]) {
    for byte in bytes {
        let _ = write!(spelled, "\\{byte:03o}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_quoted_for_a_shell() {
        let line = command(&["pull", "--out", "it's $HOME", ""]);
        assert_eq!(
            shlex::split(&line).unwrap(),
            ["apivideo", "pull", "--out", "it's $HOME", ""]
        );
        assert_eq!(command(&["a\u{1b}[31m'1\\"]), r"apivideo $'a\033[31m\'1\\'");
        assert_eq!(command(&["a\u{202e}b"]), r"apivideo $'a\342\200\256b'");
    }

    #[cfg(unix)]
    #[test]
    fn bytes_that_are_no_text_are_spelled_out() {
        use std::os::unix::ffi::OsStrExt;
        assert_eq!(
            command(&[OsStr::from_bytes(b"n\xc3\xbc\xff7")]),
            r"apivideo $'nü\3777'"
        );
    }
}
