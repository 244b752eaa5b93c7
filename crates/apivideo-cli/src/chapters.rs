//! Chapters of a video, as a file in the format WebVTT.
//!
//! A chapter is a cue: its start, and its text as the title. The end of a cue is not needed, because a chapter ends where the next
//! one starts. Source: the WebVTT specification of the W3C, sections 4 (syntax) and 6 (parsing).

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use apivideo_report::Chapter;

use crate::failure::{Failure, with_cause};

/// A larger file is not a list of chapters.
const MAX_BYTES: u64 = 1_000_000;
/// More chapters cannot be drawn on an axis.
const MAX_CHAPTERS: usize = 200;

/// Reads the chapters of a file.
pub(crate) fn read(path: &Path) -> Result<Vec<Chapter>, Failure> {
    let shown = path.display();
    let unreadable = |error| {
        Failure::usage(with_cause(
            format!("cannot read the chapters {shown}"),
            error,
        ))
    };
    let metadata = std::fs::metadata(path).map_err(unreadable)?;
    if metadata.len() > MAX_BYTES {
        return Err(Failure::usage(format!(
            "the chapters {shown} have {} bytes, more than {MAX_BYTES}",
            metadata.len()
        )));
    }
    let bytes = read_bytes(path).map_err(unreadable)?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(Failure::usage(format!(
            "the chapters {shown} have more than {MAX_BYTES} bytes"
        )));
    }
    parse(&bytes).map_err(|why| {
        Failure::usage(format!("the chapters {shown} are not valid WebVTT: {why}")).with_hint(
            "the first line is WEBVTT; a chapter is a line such as 00:01:30.000 --> 00:02:45.000 and a line with its title",
        )
    })
}

/// Reads at most one byte more than is allowed: the length of a pipe or a device is not known before.
fn read_bytes(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?
        .take(MAX_BYTES + 1)
        .read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Parses a file. Errors name the line.
pub(crate) fn parse(bytes: &[u8]) -> Result<Vec<Chapter>, String> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let line = bytes[..error.valid_up_to()]
            .split(|byte| *byte == b'\n')
            .count();
        format!("line {line} is not UTF-8")
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let mut lines = text.split('\n').enumerate();
    let is_header = |line: &str| {
        let rest = line.strip_prefix("WEBVTT");
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t']))
    };
    if !lines.next().is_some_and(|(_, line)| is_header(line)) {
        return Err("the first line is not WEBVTT".to_owned());
    }

    let mut chapters: Vec<Chapter> = Vec::new();
    while let Some((index, line)) = lines.next() {
        // An identifier, a note, a style or a blank line.
        let Some((start, end)) = line.split_once("-->") else {
            continue;
        };
        let number = index + 1;
        let start_seconds = seconds(start.trim())
            .ok_or_else(|| format!("line {number} has an invalid start: {:?}", start.trim()))?;
        // Settings can follow the end.
        let end = end.split_whitespace().next().unwrap_or("");
        let end_seconds =
            seconds(end).ok_or_else(|| format!("line {number} has an invalid end: {end:?}"))?;
        if end_seconds <= start_seconds {
            return Err(format!(
                "the chapter of line {number} ends before it starts"
            ));
        }
        let words: Vec<&str> = lines
            .by_ref()
            .map(|(_, line)| line)
            .take_while(|line| !line.trim().is_empty())
            .collect();
        let title = plain(&words.join(" "));
        if title.is_empty() {
            return Err(format!("the chapter of line {number} has no title"));
        }
        chapters.push(Chapter {
            start_seconds,
            title,
        });
        if chapters.len() > MAX_CHAPTERS {
            return Err(format!("there are more than {MAX_CHAPTERS} chapters"));
        }
    }
    match chapters.is_empty() {
        true => Err("there is not a chapter in it".to_owned()),
        false => Ok(chapters),
    }
}

/// Parses `01:02:03.456` or `02:03.456`.
fn seconds(text: &str) -> Option<f64> {
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (clock, fraction) = text.split_once('.')?;
    if fraction.len() != 3 || !is_digits(fraction) {
        return None;
    }
    let parts: Vec<&str> = clock.split(':').collect();
    let (hours, minutes, seconds) = match parts.as_slice() {
        [hours, minutes, seconds] => (*hours, *minutes, *seconds),
        [minutes, seconds] => ("0", *minutes, *seconds),
        _ => return None,
    };
    let two_digits = |text: &str| -> Option<u32> {
        let number = (text.len() == 2 && is_digits(text)).then(|| text.parse::<u32>().ok());
        number.flatten().filter(|number| *number < 60)
    };
    let hours: u32 = is_digits(hours).then(|| hours.parse().ok()).flatten()?;
    let (minutes, seconds) = (two_digits(minutes)?, two_digits(seconds)?);
    let milliseconds: u32 = fraction.parse().ok()?;
    let whole = f64::from(hours) * 3_600.0 + f64::from(minutes * 60 + seconds);
    Some(whole + f64::from(milliseconds) / 1_000.0)
}

/// Returns the text of a cue without its tags, and with its character references resolved.
fn plain(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(['<', '&']) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        if rest.starts_with('<') {
            rest = rest.find('>').map_or("", |end| &rest[end + 1..]);
            continue;
        }
        const REFERENCES: [(&str, &str); 6] = [
            ("&amp;", "&"),
            ("&lt;", "<"),
            ("&gt;", ">"),
            ("&nbsp;", "\u{a0}"),
            ("&lrm;", "\u{200e}"),
            ("&rlm;", "\u{200f}"),
        ];
        let found = REFERENCES.iter().find(|(name, _)| rest.starts_with(name));
        let (name, character) = found.copied().unwrap_or(("&", "&"));
        out.push_str(character);
        rest = &rest[name.len()..];
    }
    out.push_str(rest);
    let words: Vec<&str> = out
        .split([' ', '\t', '\n'])
        .filter(|word| !word.is_empty())
        .collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Result<Vec<(f64, String)>, String> {
        let chapters = parse(text.as_bytes())?;
        Ok(chapters
            .into_iter()
            .map(|chapter| (chapter.start_seconds, chapter.title))
            .collect())
    }

    #[test]
    fn cues_are_chapters() {
        let text = "\u{feff}WEBVTT - chapters\r\n\r\nNOTE made by hand\r\nin two lines\r\n\r\n1\r\n00:00.000 --> 01:30.500\r\nIntroduction\r\n\r\n\
                    second\r\n00:01:30.500 --> 01:02:03.004 align:start\r\nKnots &amp; <b>loops</b>,\r\nsecond line\r\n";
        assert_eq!(
            parsed(text).unwrap(),
            [
                (0.0, "Introduction".to_owned()),
                (90.5, "Knots & loops, second line".to_owned())
            ]
        );
        assert_eq!(
            parsed("WEBVTT\n\n100:00:00.001 --> 101:00:00.000\n&unknown; a < b").unwrap(),
            [(360_000.001, "&unknown; a".to_owned())]
        );
        assert_eq!(
            parsed("WEBVTT\r\r00:01.000 --> 00:02.000\rOld line ends").unwrap(),
            [(1.0, "Old line ends".to_owned())]
        );
    }

    #[test]
    fn errors_name_the_line() {
        for (text, why) in [
            ("", "the first line is not WEBVTT"),
            ("WEBVTTX\n", "the first line is not WEBVTT"),
            ("WEBVTT\n\nNOTE nothing\n", "there is not a chapter in it"),
            (
                "WEBVTT\n\n1:30 --> 2:00\nA",
                "line 3 has an invalid start: \"1:30\"",
            ),
            (
                "WEBVTT\n\n00:60.000 --> 02:00.000\nA",
                "line 3 has an invalid start: \"00:60.000\"",
            ),
            (
                "WEBVTT\n\n00:01.000 -->\nA",
                "line 3 has an invalid end: \"\"",
            ),
            (
                "WEBVTT\n\n00:02.000 --> 00:01.000\nA",
                "the chapter of line 3 ends before it starts",
            ),
            (
                "WEBVTT\n\n00:01.000 --> 00:02.000\n\nA",
                "the chapter of line 3 has no title",
            ),
            (
                "WEBVTT\n\n00:01.000 --> 00:02.000\n<b></b>",
                "the chapter of line 3 has no title",
            ),
        ] {
            assert_eq!(parsed(text).unwrap_err(), why, "{text:?}");
        }
        assert_eq!(parse(b"WEBVTT\n\n\xff").unwrap_err(), "line 3 is not UTF-8");
        let many = "00:01.000 --> 00:02.000\nA\n\n".repeat(MAX_CHAPTERS + 1);
        assert_eq!(
            parsed(&format!("WEBVTT\n\n{many}")).unwrap_err(),
            "there are more than 200 chapters"
        );
    }

    #[cfg(unix)]
    #[test]
    fn a_device_without_an_end_is_not_read_whole() {
        let failure = read(Path::new("/dev/zero")).unwrap_err();
        let shown = format!("{failure:?}");
        assert!(
            shown.contains("/dev/zero have more than 1000000 bytes"),
            "{shown}"
        );
    }
}
