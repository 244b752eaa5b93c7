//! Colour: by terminal, `NO_COLOR` and `--color`.

use std::borrow::Cow;
use std::io::{self, IsTerminal};
use std::sync::OnceLock;

use clap::ValueEnum;

/// When to use colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum When {
    /// On a terminal, unless NO_COLOR is set
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// What a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    Error,
    Warning,
    Heading,
    Faint,
}

static CHOSEN: OnceLock<When> = OnceLock::new();

/// Settles it for the process. Before that, `auto` holds.
pub(crate) fn choose(when: When) {
    let _ = CHOSEN.set(when);
}

/// The text for stderr.
pub(crate) fn on_stderr(style: Style, text: &str) -> Cow<'_, str> {
    paint(is_on(io::stderr().is_terminal()), style, text)
}

/// Whether stdout takes colour.
pub(crate) fn on_stdout() -> bool {
    is_on(io::stdout().is_terminal())
}

fn is_on(is_terminal: bool) -> bool {
    let unwanted = || std::env::var_os("NO_COLOR").is_some_and(|set| !set.is_empty());
    match CHOSEN.get().copied().unwrap_or_default() {
        When::Always => true,
        When::Never => false,
        When::Auto => is_terminal && !unwanted(),
    }
}

/// The text in its style, or as it is.
pub(crate) fn paint(is_on: bool, style: Style, text: &str) -> Cow<'_, str> {
    if !is_on {
        return Cow::Borrowed(text);
    }
    let code = match style {
        Style::Error => "1;31",
        Style::Warning => "1;33",
        Style::Heading => "1",
        Style::Faint => "2",
    };
    Cow::Owned(format!("\u{1b}[{code}m{text}\u{1b}[0m"))
}
