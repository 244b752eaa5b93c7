//! The headers of a response that describe the rate limit.

use std::time::Duration;

use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};

use crate::transport::skew::http_date;

/// The rate limit as a response describes it. The service sends these headers with successful responses too: on their own
/// they do not mean that a request has to wait.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct RateLimitHeaders {
    /// The number of requests in a window.
    pub(crate) limit: Option<u32>,
    /// The number of requests left in the window.
    pub(crate) remaining: Option<u32>,
    /// The time until the window ends, in whole seconds; whether it is rounded up or down is not known.
    pub(crate) resets_in: Option<Duration>,
    /// `Retry-After`, which the service itself is not known to send, but a proxy may.
    pub(crate) retry_after: Option<Duration>,
}

impl RateLimitHeaders {
    pub(crate) fn parse(headers: &HeaderMap) -> Self {
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

    /// The time that a refused request has to wait. A wait of zero, or until a date in the past, is ignored: the request has
    /// just been refused.
    pub(crate) fn wait(&self) -> Option<Duration> {
        let waits = [self.resets_in, self.retry_after].into_iter().flatten();
        waits.into_iter().find(|wait| !wait.is_zero())
    }
}

/// The time until a date by the server's own clock, since this machine's may be wrong.
fn until(date: &str, headers: &HeaderMap) -> Option<Duration> {
    let now = http_date(headers.get(DATE)?.as_bytes())?;
    let then = http_date(date.as_bytes())?;
    Some(then.duration_since(now).try_into().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use reqwest::header::{HeaderName, HeaderValue};

    use super::*;

    fn parsed(headers: &[(&'static str, &'static str)]) -> RateLimitHeaders {
        let headers = headers.iter().map(|(name, value)| {
            (
                HeaderName::from_static(name),
                HeaderValue::from_static(value),
            )
        });
        RateLimitHeaders::parse(&headers.collect())
    }

    #[test]
    fn headers_are_parsed_leniently() {
        let all = parsed(&[
            ("x-ratelimit-limit", "500"),
            ("x-ratelimit-remaining", " 12 "),
            ("x-ratelimit-retry-after", "42"),
            ("retry-after", "7"),
        ]);
        assert_eq!((all.limit, all.remaining), (Some(500), Some(12)));
        assert_eq!(all.wait(), Some(Duration::from_secs(42)));
        assert_eq!(
            parsed(&[("retry-after", "7")]).wait(),
            Some(Duration::from_secs(7))
        );
        for (resets_in, retry_after, wait) in
            [("0", "0", None), ("0", "7", Some(7)), ("7", "0", Some(7))]
        {
            let headers = parsed(&[
                ("x-ratelimit-retry-after", resets_in),
                ("retry-after", retry_after),
            ]);
            assert_eq!(headers.wait(), wait.map(Duration::from_secs));
        }
        for invalid in ["", "-1", "soon", "1.5", "99999999999999999999999"] {
            let headers = parsed(&[
                ("x-ratelimit-limit", invalid),
                ("x-ratelimit-remaining", invalid),
                ("x-ratelimit-retry-after", invalid),
                ("retry-after", invalid),
            ]);
            assert_eq!(headers, RateLimitHeaders::default(), "{invalid}");
        }
        assert_eq!(
            parsed(&[("x-ratelimit-limit", "0")]),
            RateLimitHeaders::default()
        );
    }

    #[test]
    fn a_retry_after_date_is_relative_to_the_clock_of_the_server() {
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
                parsed(&[("date", date), ("retry-after", then)]).wait(),
                wait,
                "{then}"
            );
        }
        assert_eq!(
            parsed(&[("retry-after", date)]).wait(),
            None,
            "without a `Date` header"
        );
    }
}
