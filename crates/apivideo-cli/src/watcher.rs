//! What goes over the wire, on stderr: for `--debug` and `--curl`.

use std::borrow::Cow;

use apivideo::{Observer, Received, Sent};

use crate::failure::say;
use crate::text::printable;

/// Shows requests as they leave, and what came of them.
pub(crate) struct Watcher {
    pub(crate) debug: bool,
    pub(crate) curl: bool,
}

impl Observer for Watcher {
    fn sent(&self, request: &Sent<'_>) {
        let mut text = String::new();
        if self.debug {
            let url = printable(request.url());
            text += &format!("> {} {url}\n", request.method());
            for (name, value) in request.headers() {
                text += &format!("> {name}: {}\n", printable(&value));
            }
        }
        // An exchange of the key has no place here: $TOKEN is what it gives.
        if self.curl && request.scheme().is_some() {
            text += &curl(request);
        }
        say(&text);
    }

    fn received(&self, reply: &Received<'_>) {
        if !self.debug {
            return;
        }
        let seconds = reply.took().as_secs_f64();
        let outcome = match (reply.status(), reply.error()) {
            (Some(status), None) => status.to_string(),
            (Some(status), Some(error)) => format!("{status}: {error}"),
            (None, Some(error)) => error.to_string(),
            (None, None) => "nothing".to_owned(),
        };
        say(&format!(
            "< {}: {} ({seconds:.3} s)\n",
            printable(reply.request()),
            printable(&outcome)
        ));
    }
}

/// The same request as a line for a shell.
fn curl(request: &Sent<'_>) -> String {
    let mut line = "curl".to_owned();
    if request.method() != "GET" {
        line += &format!(" --request {}", request.method());
    }
    // Brackets in a query are letters, not a range of URLs.
    line += match request.scheme() {
        Some("Basic") => " --globoff --user \"$TOKEN:\"",
        _ => " --globoff --header \"Authorization: Bearer $TOKEN\"",
    };
    format!("{line} {}\n", quoted(request.url()))
}

/// As one word of a shell.
fn quoted(text: &str) -> String {
    shlex::try_quote(text).map_or_else(|_| "''".to_owned(), Cow::into_owned)
}
