//! Colored output: `--color`, `NO_COLOR`, and whether the stream is a terminal.

use std::borrow::Cow;
use std::io::{self, IsTerminal};
use std::sync::OnceLock;

use clap::ValueEnum;

/// When to use colors.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum ColorChoice {
    /// On a terminal, unless NO_COLOR is set
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// The role of a piece of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    Error,
    Warning,
    Heading,
    Dim,
}

static CHOICE: OnceLock<ColorChoice> = OnceLock::new();

/// Sets the choice for the process. Defaults to `Auto` until it is set.
pub(crate) fn set_choice(choice: ColorChoice) {
    let _ = CHOICE.set(choice);
}

/// Returns the text in its style, for stderr.
pub(crate) fn paint_for_stderr(style: Style, text: &str) -> Cow<'_, str> {
    paint(is_enabled(io::stderr().is_terminal()), style, text)
}

/// Whether stdout is colored.
pub(crate) fn is_enabled_on_stdout() -> bool {
    is_enabled(io::stdout().is_terminal())
}

fn is_enabled(is_terminal: bool) -> bool {
    let no_color = || std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    match CHOICE.get().copied().unwrap_or_default() {
        ColorChoice::Always => true,
        ColorChoice::Never => false,
        ColorChoice::Auto => is_terminal && !no_color(),
    }
}

/// Returns the text in its style if colors are enabled, and unchanged otherwise.
pub(crate) fn paint(is_enabled: bool, style: Style, text: &str) -> Cow<'_, str> {
    if !is_enabled {
        return Cow::Borrowed(text);
    }
    let code = match style {
        Style::Error => "1;31",
        Style::Warning => "1;33",
        Style::Heading => "1",
        Style::Dim => "2",
    };
    Cow::Owned(format!("\u{1b}[{code}m{text}\u{1b}[0m"))
}
