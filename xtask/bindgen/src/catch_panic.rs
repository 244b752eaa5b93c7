//! Converts panics into errors.

use std::cell::RefCell;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;

thread_local! {
    /// The message of the last panic while [`catch`] runs on this thread.
    static PANIC: RefCell<Option<String>> = const { RefCell::new(None) };
    static WATCHED: RefCell<bool> = const { RefCell::new(false) };
}

/// Runs `work`, and returns the message of a panic as an error without printing it.
pub(crate) fn catch<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if WATCHED.with_borrow(|watched| *watched) {
                let message = one_line(info.payload_as_str().unwrap_or("nothing"));
                let place = info
                    .location()
                    .map(|place| format!(" ({}:{})", file_name(place.file()), place.line()));
                PANIC.set(Some(format!(
                    "it panicked: {message}{}",
                    place.unwrap_or_default()
                )));
            } else {
                before(info);
            }
        }));
    });
    let outside = WATCHED.replace(true);
    let result = panic::catch_unwind(AssertUnwindSafe(work));
    WATCHED.set(outside);
    result.map_err(|_| PANIC.take().unwrap_or_else(|| "it panicked".to_owned()))
}

/// Joins the lines of a message and truncates it: the generator's messages contain whole schemas.
fn one_line(text: &str) -> String {
    const LONGEST: usize = 200;
    let words: Vec<&str> = text.split_whitespace().collect();
    let line = words.join(" ");
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

/// Returns the last component of a path.
fn file_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

#[cfg(test)]
mod tests;
