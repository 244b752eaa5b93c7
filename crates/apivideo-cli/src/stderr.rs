//! Everything written to stderr, and the progress bar that it must not overlap.

use std::error::Error;
use std::fmt::Write as _;
use std::io::{self, Write};
use std::sync::{Mutex, PoisonError};

use indicatif::ProgressBar;

use crate::color::{self, Style};
use crate::text::printable;

/// The progress bar on the screen, if any.
static BAR: Mutex<Option<ProgressBar>> = Mutex::new(None);

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

/// Writes to stderr. An error is ignored: there is no other place to report it.
pub(crate) fn eprint(text: &str) {
    suspend_bar(|| {
        let _ = io::stderr().lock().write_all(text.as_bytes());
    });
}

/// Prints an error and its chain of causes, one per line.
pub(crate) fn print_error(error: &dyn Error) {
    let mut text = format!(
        "{} {}\n",
        color::paint_for_stderr(Style::Error, "error:"),
        printable(&error.to_string())
    );
    let mut cause = error.source();
    while let Some(error) = cause {
        let _ = writeln!(
            text,
            "{} {}",
            color::paint_for_stderr(Style::Dim, "caused by:"),
            printable(&error.to_string())
        );
        cause = error.source();
    }
    eprint(&text);
}

/// Prints a warning: the command continues.
pub(crate) fn print_warning(message: &str) {
    eprint(&format!(
        "{} {}\n",
        color::paint_for_stderr(Style::Warning, "warning:"),
        printable(message)
    ));
}

/// Prints what to do about the error above.
pub(crate) fn print_hint(message: &str) {
    eprint(&format!(
        "{} {}\n",
        color::paint_for_stderr(Style::Dim, "hint:"),
        printable(message)
    ));
}
