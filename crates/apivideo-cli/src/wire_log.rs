//! The log of requests and responses on stderr, for `--debug` and `--curl`.

use std::borrow::Cow;

use apivideo::observe::{Observer, RequestInfo, ResponseInfo};

use crate::stderr::print_debug;
use crate::text::printable;

/// Prints each request when it is sent, and its outcome.
pub(crate) struct WireLog {
    pub(crate) debug: bool,
    pub(crate) curl: bool,
}

impl Observer for WireLog {
    fn on_request(&self, request: &RequestInfo<'_>) {
        let mut text = String::new();
        if self.debug {
            let url = printable(request.url());
            text += &format!("> {} {url}\n", request.method());
            for (name, value) in request.headers() {
                text += &format!("> {name}: {}\n", printable(&value));
            }
        }
        // The request that exchanges the API key is left out: $TOKEN is its result.
        if self.curl && request.auth_scheme().is_some() {
            text += &curl(request);
        }
        print_debug(&text);
    }

    fn on_response(&self, response: &ResponseInfo<'_>) {
        if !self.debug {
            return;
        }
        let seconds = response.elapsed().as_secs_f64();
        let outcome = match (response.status(), response.error()) {
            (Some(status), None) => status.to_string(),
            (Some(status), Some(error)) => format!("{status}: {error}"),
            (None, Some(error)) => error.to_string(),
            (None, None) => "no response".to_owned(),
        };
        print_debug(&format!(
            "< {}: {} ({seconds:.3} s)\n",
            printable(response.request_line()),
            printable(&outcome)
        ));
    }
}

/// Returns the same request as a curl command line.
fn curl(request: &RequestInfo<'_>) -> String {
    let mut line = "curl".to_owned();
    if request.method() != "GET" {
        line += &format!(" --request {}", request.method());
    }
    // Without --globoff, curl expands brackets in a query.
    line += match request.auth_scheme() {
        Some("Basic") => " --globoff --user \"$TOKEN:\"",
        _ => " --globoff --header \"Authorization: Bearer $TOKEN\"",
    };
    format!("{line} {}\n", shell_quote(request.url()))
}

fn shell_quote(text: &str) -> String {
    shlex::try_quote(text).map_or_else(|_| "''".to_owned(), Cow::into_owned)
}
