//! Command lines that are printed for the user to run, quoted for a shell.

use std::ffi::{OsStr, OsString};
use std::fmt::Write as _;

use crate::text::is_hidden;

/// Returns the arguments of this process without `--force`, so that running them resumes instead of overwriting, and without
/// `--break-lock`, so that they do not remove the lock of another process.
pub(crate) fn resume_arguments() -> Vec<OsString> {
    let arguments = std::env::args_os().skip(1);
    arguments
        .filter(|argument| argument != "--force" && argument != "--break-lock")
        .collect()
}

/// Returns the command line of `apivideo` with these arguments, quoted for a shell.
pub(crate) fn apivideo<A: AsRef<OsStr>>(arguments: &[A]) -> String {
    shell_line("apivideo", arguments)
}

/// Returns the command line of any program, quoted for a shell.
pub(crate) fn shell_line<A: AsRef<OsStr>>(program: &str, arguments: &[A]) -> String {
    let mut line = program.to_owned();
    for argument in arguments {
        line.push(' ');
        line += &shell_quote(argument.as_ref());
    }
    line
}

/// Quotes an argument. Invalid UTF-8 and characters that a terminal does not show are written as octal escapes.
pub(crate) fn shell_quote(argument: &OsStr) -> String {
    let plain = argument.to_str().filter(|text| !text.contains(is_hidden));
    if let Some(quoted) = plain.and_then(|text| shlex::try_quote(text).ok()) {
        return quoted.into_owned();
    }
    let mut escaped = "$'".to_owned();
    for chunk in argument.as_encoded_bytes().utf8_chunks() {
        for c in chunk.valid().chars() {
            match c {
                '\'' | '\\' => escaped.extend(['\\', c]),
                c if is_hidden(c) => {
                    push_octal(&mut escaped, c.encode_utf8(&mut [0; 4]).as_bytes());
                }
                c => escaped.push(c),
            }
        }
        push_octal(&mut escaped, chunk.invalid());
    }
    escaped + "'"
}

/// Appends three digits per byte, so that a digit that follows is not read as part of the escape.
fn push_octal(escaped: &mut String, bytes: &[u8]) {
    for byte in bytes {
        let _ = write!(escaped, "\\{byte:03o}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_quoted_for_a_shell() {
        let line = apivideo(&["pull", "--out", "it's $HOME", ""]);
        assert_eq!(
            shlex::split(&line).unwrap(),
            ["apivideo", "pull", "--out", "it's $HOME", ""]
        );
        assert_eq!(
            apivideo(&["a\u{1b}[31m'1\\"]),
            r"apivideo $'a\033[31m\'1\\'"
        );
        assert_eq!(apivideo(&["a\u{202e}b"]), r"apivideo $'a\342\200\256b'");
    }

    #[cfg(unix)]
    #[test]
    fn invalid_utf8_is_escaped() {
        use std::os::unix::ffi::OsStrExt;
        assert_eq!(
            apivideo(&[OsStr::from_bytes(b"n\xc3\xbc\xff7")]),
            r"apivideo $'nü\3777'"
        );
    }
}
