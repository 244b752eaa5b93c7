//! Everything written to stderr, and the progress bar that it must not overlap.
//!
//! A line has a [`Kind`]. It is printed as text, as text after its time, or as a JSON object, as [`set_format`] selects.

mod line;

use std::error::Error;
use std::io::{self, IsTerminal, Write};
use std::sync::{Mutex, OnceLock, PoisonError};

use clap::ValueEnum;
use indicatif::ProgressBar;
use serde_json::Value;

use crate::clock;
pub(crate) use line::{Kind, Line};

/// The form of lines on stderr.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogFormat {
    /// Text; lake commands print the time before each line if stderr is not a terminal
    #[default]
    Text,
    /// A JSON object on each line, with `time`, `level`, `kind` and `message`
    Json,
}

/// How lines are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LineFormat {
    Text,
    TimedText,
    Json,
}

/// The progress bar on the screen, if any.
static BAR: Mutex<Option<ProgressBar>> = Mutex::new(None);

static FORMAT: OnceLock<LineFormat> = OnceLock::new();

/// Sets the format for the process. Defaults to text without times until it is set.
pub(crate) fn set_format(format: LogFormat, is_lake_command: bool) {
    let _ = FORMAT.set(match format {
        LogFormat::Json => LineFormat::Json,
        LogFormat::Text if is_lake_command && !io::stderr().is_terminal() => LineFormat::TimedText,
        LogFormat::Text => LineFormat::Text,
    });
}

fn format() -> LineFormat {
    FORMAT.get().copied().unwrap_or(LineFormat::Text)
}

/// Whether progress is shown as a bar: on a terminal, unless lines are JSON.
pub(crate) fn has_bar() -> bool {
    format() != LineFormat::Json && io::stderr().is_terminal()
}

/// Registers the progress bar on the screen; `None` removes it. Returns whether there was one before.
pub(crate) fn set_bar(bar: Option<ProgressBar>) -> bool {
    let mut current = BAR.lock().unwrap_or_else(PoisonError::into_inner);
    std::mem::replace(&mut *current, bar).is_some()
}

/// Runs a write to the terminal while the progress bar is hidden.
fn suspend_bar<T>(write: impl FnOnce() -> T) -> T {
    let bar = BAR.lock().unwrap_or_else(PoisonError::into_inner).clone();
    match bar {
        Some(bar) => bar.suspend(write),
        None => write(),
    }
}

/// A writer to the terminal whose output does not overlap the progress bar.
pub(crate) struct SuspendBar<W>(pub(crate) W);

impl<W: Write> Write for SuspendBar<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        suspend_bar(|| self.0.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        suspend_bar(|| self.0.flush())
    }
}

/// Prints a line. Errors are ignored, because stderr is where they would be reported.
pub(crate) fn print_line(line: &Line<'_>) {
    let text = line.format(format(), clock::timestamp());
    suspend_bar(|| {
        let _ = io::stderr().lock().write_all(text.as_bytes());
    });
}

/// Prints text of one or several lines for the user. It is printed as it is.
pub(crate) fn eprint(text: &str) {
    if !text.is_empty() {
        print_line(&Line::verbatim(Kind::Note, text));
    }
}

/// Prints requests and responses as they are.
pub(crate) fn print_debug(text: &str) {
    if !text.is_empty() {
        print_line(&Line::verbatim(Kind::Debug, text));
    }
}

/// Prints an error and its chain of causes, one per line.
pub(crate) fn print_error(error: &dyn Error) {
    let mut line = Line::new(Kind::Error, error.to_string());
    let mut cause = error.source();
    while let Some(error) = cause {
        line.causes.push(error.to_string());
        cause = error.source();
    }
    print_line(&line);
}

/// Prints a warning: the command continues.
pub(crate) fn print_warning(message: &str) {
    print_line(&Line::new(Kind::Warning, message));
}

/// Prints what to do about the error above.
pub(crate) fn print_hint(message: &str) {
    print_line(&Line::new(Kind::Hint, message));
}

/// Prints what is missing or damaged.
pub(crate) fn print_problem(message: &str) {
    print_line(&Line::new(Kind::Problem, message));
}

/// Prints the progress of the command, and its counts as fields of JSON.
pub(crate) fn print_progress(message: &str, fields: Vec<(&'static str, Value)>) {
    let mut line = Line::new(Kind::Progress, message);
    line.fields = fields;
    print_line(&line);
}

/// Prints the command line that resumes the command.
pub(crate) fn print_resume_command(message: &str, command: &str) {
    let mut line = Line::new(Kind::Resume, message);
    line.fields.push(("command", command.into()));
    print_line(&line);
}

/// Prints an error of the command line as its parser formats it, without the kind of the line, which a JSON object has.
pub(crate) fn print_usage_error(text: &str) {
    let message = text.strip_prefix("error: ").unwrap_or(text);
    print_line(&Line::verbatim(Kind::Error, message));
}
