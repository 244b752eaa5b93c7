//! A line on stderr, and its formats.

use std::borrow::Cow;
use std::fmt::Write as _;

use apivideo::Timestamp;
use serde::{Serialize, Serializer};
use serde_json::Value;

use super::LineFormat;
use crate::color::{self, Style};
use crate::text::printable;

/// The kind of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The reason why the command failed.
    Error,
    /// A condition that is not a failure.
    Warning,
    /// What to do about the error.
    Hint,
    /// Other text for the user.
    Note,
    /// Something that is missing or damaged.
    Problem,
    /// A record that could not be decoded.
    Skipped,
    /// The state of the running command.
    Progress,
    /// The command line that resumes the command.
    Resume,
    /// Requests and responses.
    Debug,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Hint => "hint",
            Self::Note => "note",
            Self::Problem => "problem",
            Self::Skipped => "skipped",
            Self::Progress => "progress",
            Self::Resume => "resume",
            Self::Debug => "debug",
        }
    }

    fn level(self) -> &'static str {
        match self {
            Self::Error | Self::Problem => "error",
            Self::Warning | Self::Skipped => "warning",
            Self::Hint | Self::Note | Self::Progress | Self::Resume => "info",
            Self::Debug => "debug",
        }
    }

    /// Returns the text before the message.
    fn prefix(self) -> Cow<'static, str> {
        match self {
            Self::Error => color::paint_for_stderr(Style::Error, "error:"),
            Self::Warning => color::paint_for_stderr(Style::Warning, "warning:"),
            Self::Hint => color::paint_for_stderr(Style::Dim, "hint:"),
            Self::Problem => "problem:".into(),
            Self::Skipped => "skipped:".into(),
            Self::Progress => "progress:".into(),
            Self::Note | Self::Resume | Self::Debug => "".into(),
        }
    }
}

/// A line on stderr: a message with its details.
#[derive(Debug)]
pub(crate) struct Line<'a> {
    kind: Kind,
    message: Cow<'a, str>,
    /// Whether the message is complete text of one or several lines, with its prefix.
    is_verbatim: bool,
    /// The causes of an error, outermost first.
    pub(super) causes: Vec<String>,
    /// Further members of the JSON object.
    pub(super) fields: Vec<(&'static str, Value)>,
}

impl<'a> Line<'a> {
    pub(crate) fn new(kind: Kind, message: impl Into<Cow<'a, str>>) -> Self {
        Self {
            kind,
            message: message.into(),
            is_verbatim: false,
            causes: Vec::new(),
            fields: Vec::new(),
        }
    }

    /// Text that is printed as it is.
    pub(super) fn verbatim(kind: Kind, text: &'a str) -> Self {
        Self {
            is_verbatim: true,
            ..Self::new(kind, text)
        }
    }

    pub(super) fn format(&self, format: LineFormat, now: Timestamp) -> String {
        match format {
            LineFormat::Text => self.text(),
            LineFormat::TimedText => {
                let mut timed = String::new();
                for line in self.text().lines() {
                    let _ = writeln!(timed, "{now:.3} {line}");
                }
                timed
            }
            LineFormat::Json => self.json(now),
        }
    }

    fn text(&self) -> String {
        if self.is_verbatim {
            return self.message.clone().into_owned();
        }
        let message = printable(&self.message);
        let mut text = match &*self.kind.prefix() {
            "" => format!("{message}\n"),
            prefix => format!("{prefix} {message}\n"),
        };
        for cause in &self.causes {
            let _ = writeln!(
                text,
                "{} {}",
                color::paint_for_stderr(Style::Dim, "caused by:"),
                printable(cause)
            );
        }
        if let Some(command) = self.command() {
            text.truncate(text.trim_end().len());
            let _ = write!(text, ":\n  {command}\n");
        }
        text
    }

    /// Returns the command line that resumes the command.
    fn command(&self) -> Option<&str> {
        let fields = self.fields.iter();
        let mut commands =
            fields.filter(|(name, _)| self.kind == Kind::Resume && *name == "command");
        commands.next()?.1.as_str()
    }

    fn json(&self, now: Timestamp) -> String {
        let message = match self.is_verbatim {
            true => self.message.trim().into(),
            false => printable(&self.message),
        };
        let mut members = vec![
            ("time", Value::from(format!("{now:.3}"))),
            ("level", self.kind.level().into()),
            ("kind", self.kind.name().into()),
            ("message", message.into_owned().into()),
        ];
        if !self.causes.is_empty() {
            let causes = self
                .causes
                .iter()
                .map(|cause| printable(cause).into_owned());
            members.push(("causes", causes.collect::<Vec<_>>().into()));
        }
        members.extend(self.fields.iter().cloned());
        serde_json::to_string(&Members(members)).map_or_else(|_| String::new(), |json| json + "\n")
    }
}

/// The members of a JSON object in their order.
struct Members(Vec<(&'static str, Value)>);

impl Serialize for Members {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Timestamp {
        "2022-01-10T12:00:00.0405Z".parse().unwrap()
    }

    #[test]
    fn text_has_the_time_before_each_line() {
        let mut line = Line::new(Kind::Error, "the disk\nis full");
        line.causes.push("no space left".to_owned());
        assert_eq!(
            line.format(LineFormat::TimedText, now()),
            "2022-01-10T12:00:00.040Z error: the disk\\nis full\n2022-01-10T12:00:00.040Z caused by: no space left\n"
        );
        assert_eq!(
            line.format(LineFormat::Text, now()),
            "error: the disk\\nis full\ncaused by: no space left\n"
        );
    }

    #[test]
    fn json_has_one_object_for_each_message() {
        let mut line = Line::new(Kind::Error, "request \"1\" failed");
        line.causes.push("\u{1b}[31m".to_owned());
        assert_eq!(
            line.format(LineFormat::Json, now()),
            "{\"time\":\"2022-01-10T12:00:00.040Z\",\"level\":\"error\",\"kind\":\"error\",\
             \"message\":\"request \\\"1\\\" failed\",\"causes\":[\"\\\\u{1b}[31m\"]}\n"
        );
        let debug = Line::verbatim(Kind::Debug, "> GET /videos\n> accept: */*\n");
        let json = debug.format(LineFormat::Json, now());
        assert_eq!(json.lines().count(), 1);
        let json: Value = serde_json::from_str(&json).unwrap();
        assert_eq!(json["message"], "> GET /videos\n> accept: */*");
        assert_eq!(json["level"], "debug");
    }

    #[test]
    fn the_command_to_resume_is_a_line_of_text_and_a_member_of_json() {
        let mut line = Line::new(Kind::Resume, "to resume, run the same command again");
        line.fields
            .push(("command", "apivideo pull --out lake".into()));
        assert_eq!(
            line.format(LineFormat::Text, now()),
            "to resume, run the same command again:\n  apivideo pull --out lake\n"
        );
        let json: Value = serde_json::from_str(&line.format(LineFormat::Json, now())).unwrap();
        assert_eq!(json["command"], "apivideo pull --out lake");
    }
}
