//! What a reply's headers tell of the rate limit.

use std::time::Duration;

use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};

use crate::transport::skew::http_date;

/// What a reply told. The service says it on good replies too: none of it means "wait" by itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Told {
    /// Requests in a window.
    pub(crate) limit: Option<u32>,
    /// What is left of them.
    pub(crate) remaining: Option<u32>,
    /// The time to the end of the window, in whole seconds; whether rounded up or down is not known.
    pub(crate) resets_in: Option<Duration>,
    /// The standard header, which the service itself is not known to send; a proxy in between may.
    pub(crate) retry_after: Option<Duration>,
}

impl Told {
    pub(crate) fn by(headers: &HeaderMap) -> Self {
        let text = |name: &str| headers.get(name)?.to_str().ok().map(str::trim);
        let seconds = |text: &str| text.parse().ok().map(Duration::from_secs);
        Self {
            limit: text("x-ratelimit-limit")
                .and_then(|text| text.parse().ok())
                .filter(|limit| *limit > 0),
            remaining: text("x-ratelimit-remaining").and_then(|text| text.parse().ok()),
            resets_in: text("x-ratelimit-retry-after").and_then(seconds),
            retry_after: text(RETRY_AFTER.as_str())
                .and_then(|text| seconds(text).or_else(|| until(text, headers))),
        }
    }

    /// How long a refused request is to wait. A wait of zero, or until a date in the past, is no information: the request
    /// has just been refused.
    pub(crate) fn wait(&self) -> Option<Duration> {
        let waits = [self.resets_in, self.retry_after].into_iter().flatten();
        waits.into_iter().find(|wait| !wait.is_zero())
    }
}

/// The time to a date, by the server's own clock: ours may be wrong.
fn until(date: &str, headers: &HeaderMap) -> Option<Duration> {
    let now = http_date(headers.get(DATE)?.as_bytes())?;
    let then = http_date(date.as_bytes())?;
    Some(then.duration_since(now).try_into().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use reqwest::header::{HeaderName, HeaderValue};

    use super::*;

    fn told(headers: &[(&'static str, &'static str)]) -> Told {
        let headers = headers.iter().map(|(name, value)| {
            (
                HeaderName::from_static(name),
                HeaderValue::from_static(value),
            )
        });
        Told::by(&headers.collect())
    }

    #[test]
    fn headers_are_read_leniently() {
        let all = told(&[
            ("x-ratelimit-limit", "500"),
            ("x-ratelimit-remaining", " 12 "),
            ("x-ratelimit-retry-after", "42"),
            ("retry-after", "7"),
        ]);
        assert_eq!((all.limit, all.remaining), (Some(500), Some(12)));
        assert_eq!(all.wait(), Some(Duration::from_secs(42)));
        assert_eq!(
            told(&[("retry-after", "7")]).wait(),
            Some(Duration::from_secs(7))
        );
        for (resets_in, retry_after, wait) in
            [("0", "0", None), ("0", "7", Some(7)), ("7", "0", Some(7))]
        {
            let told = told(&[
                ("x-ratelimit-retry-after", resets_in),
                ("retry-after", retry_after),
            ]);
            assert_eq!(told.wait(), wait.map(Duration::from_secs));
        }
        for nothing in ["", "-1", "soon", "1.5", "99999999999999999999999"] {
            let told = told(&[
                ("x-ratelimit-limit", nothing),
                ("x-ratelimit-remaining", nothing),
                ("x-ratelimit-retry-after", nothing),
                ("retry-after", nothing),
            ]);
            assert_eq!(told, Told::default(), "{nothing}");
        }
        assert_eq!(told(&[("x-ratelimit-limit", "0")]), Told::default());
    }

    #[test]
    fn a_date_is_counted_by_the_clock_of_the_server() {
        let date = "Sun, 06 Nov 1994 08:49:37 GMT";
        for (then, wait) in [
            ("Sun, 06 Nov 1994 08:50:07 GMT", Some(30)),
            ("Sun, 06 Nov 1994 08:49:07 GMT", None),
            ("Sun, 06 Nov 1994 08:49:37 GMT", None),
            ("Thu, 01 Dec 1994 00:00:00 GMT", Some(2_128_223)),
            ("Sun, 06 Nov 1994 08:50:07 CET", None),
            ("Sun, 06 Now 1994 08:50:07 GMT", None),
            ("Sun, 31 Nov 1994 08:50:07 GMT", None),
            ("Sun, 06 Nov 1994 GMT", None),
            ("1994-11-06T08:50:07Z", None),
        ] {
            let wait = wait.map(Duration::from_secs);
            assert_eq!(
                told(&[("date", date), ("retry-after", then)]).wait(),
                wait,
                "{then}"
            );
        }
        assert_eq!(
            told(&[("retry-after", date)]).wait(),
            None,
            "without a date of its own"
        );
    }
}
