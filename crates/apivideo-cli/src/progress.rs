//! Progress on stderr: a bar on a terminal, and a line every few seconds otherwise.

use std::time::{Duration, Instant};

use apivideo::Progress;
use apivideo::stream::{self, WaitReason};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::Value;

use crate::clock;
use crate::stderr::{has_bar, print_progress, set_bar};

/// How often the bar is redrawn while nothing changes, so that the remaining seconds count down.
pub(crate) const TICK: Duration = Duration::from_millis(200);
/// The minimum time between lines where stderr is not a terminal. Waits and retries are printed at once.
const LINE_INTERVAL: Duration = Duration::from_secs(5);
/// Shorter waits are not printed.
const MIN_PRINTED_WAIT: Duration = Duration::from_secs(1);
/// Commands that finish earlier show no bar.
const BAR_DELAY: Duration = Duration::from_millis(500);

/// The state of a running command, as shown to the user.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Status {
    /// The name of an item, singular and plural: ("session", "sessions").
    pub(crate) noun: (&'static str, &'static str),
    pub(crate) items: u64,
    /// The total number of items, if known.
    pub(crate) expected: Option<u64>,
    pub(crate) pages: u64,
    pub(crate) retries: u64,
    /// Requests delayed by the rate limit.
    pub(crate) waits: u64,
    /// Until when no request can be sent, and why.
    pub(crate) waiting: Option<(Instant, Waiting)>,
    /// Further details: `video 3 of 20`.
    pub(crate) details: Option<String>,
    /// Whether the command continues what an earlier run has begun. This is printed at once.
    pub(crate) is_resumed: bool,
}

/// The reason why a command waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Waiting {
    RateLimit,
    Retry,
}

/// Returns until when the library waits, and why.
pub(crate) fn waiting(waiting: stream::Waiting) -> (Instant, Waiting) {
    let reason = match waiting.reason {
        WaitReason::RateLimit => Waiting::RateLimit,
        _ => Waiting::Retry,
    };
    (waiting.until, reason)
}

/// Formats a number of things: `1 page`, `2 pages`.
pub(crate) fn count(n: u64, (singular, plural): (&str, &str)) -> String {
    match n {
        1 => format!("1 {singular}"),
        n => format!("{n} {plural}"),
    }
}

impl Status {
    /// The status of a stream of the library.
    pub(crate) fn of_stream(progress: &Progress, noun: (&'static str, &'static str)) -> Self {
        Self {
            noun,
            items: progress.items,
            expected: progress.expected,
            pages: progress.pages,
            retries: progress.retries,
            waits: progress.waits,
            waiting: progress.waiting.map(waiting),
            details: (progress.assets_total > 1).then(|| {
                let asset = (progress.assets_done + 1).min(progress.assets_total);
                format!("asset {asset} of {}", progress.assets_total)
            }),
            is_resumed: false,
        }
    }

    /// Returns the counts, for logs of JSON.
    fn fields(&self) -> Vec<(&'static str, Value)> {
        let mut fields = vec![
            ("unit", self.noun.1.into()),
            ("items", self.items.into()),
            ("retries", self.retries.into()),
            ("waits", self.waits.into()),
        ];
        fields.extend(self.expected.map(|expected| ("expected", expected.into())));
        fields
    }

    /// Formats the status in one line.
    pub(crate) fn to_line(&self, now: Instant) -> String {
        let mut line = match self.expected {
            Some(expected) => format!(
                "{} of {}",
                self.items,
                count(expected.max(self.items), self.noun)
            ),
            None => count(self.items, self.noun),
        };
        if self.pages > 0 {
            line += &format!(", {}", count(self.pages, ("page", "pages")));
        }
        if let Some(details) = &self.details {
            line += &format!(", {details}");
        }
        if self.retries > 0 {
            line += &format!(", {}", count(self.retries, ("retry", "retries")));
        }
        if self.waits > 0 {
            line += &format!(", {}", count(self.waits, ("wait", "waits")));
        }
        if let Some((until, reason)) = self.waiting {
            // Rounded up, so that it does not show 0 while it still waits.
            let left = until.saturating_duration_since(now).as_secs_f64().ceil();
            line += &match reason {
                Waiting::RateLimit => format!("; waiting {left} s for the rate limit"),
                Waiting::Retry => format!("; retrying in {left} s"),
            };
        }
        line
    }
}

/// Shows the status of a command.
#[derive(Debug)]
pub(crate) struct Reporter {
    display: Display,
    started: Instant,
}

#[derive(Debug)]
enum Display {
    Nothing,
    Bar(ProgressBar),
    Lines {
        last: Status,
        /// When the last line was printed; initially the start of the command.
        at: Instant,
        /// The end of the wait that was printed last.
        printed_wait: Option<Instant>,
    },
}

impl Reporter {
    /// A bar where stderr is a terminal, lines where it is not, and nothing with `--quiet`.
    pub(crate) fn new(quiet: bool) -> Self {
        let display = match (quiet, has_bar()) {
            (true, _) => Display::Nothing,
            (false, false) => Display::Lines {
                last: Status::default(),
                at: clock::now(),
                printed_wait: None,
            },
            (false, true) => Display::Bar(ProgressBar::hidden()),
        };
        Self {
            display,
            started: clock::now(),
        }
    }

    /// Shows the status. Call it whenever the status has changed, and every [`TICK`].
    pub(crate) fn show(&mut self, status: &Status) {
        let now = clock::now();
        match &mut self.display {
            Display::Nothing => {}
            Display::Bar(_) if now < self.started + BAR_DELAY => {}
            Display::Bar(bar) => {
                let template = match status.expected {
                    Some(expected) => {
                        bar.set_length(expected.max(status.items));
                        "{spinner} {bar:20} {msg}"
                    }
                    None => "{spinner} {msg}",
                };
                if let Ok(style) = ProgressStyle::with_template(template) {
                    bar.set_style(style.progress_chars("=> "));
                }
                bar.set_position(status.items);
                bar.set_message(status.to_line(now));
                if !set_bar(Some(bar.clone())) {
                    // The bar stays hidden until its style and message are complete.
                    bar.set_draw_target(ProgressDrawTarget::stderr());
                }
                bar.tick();
            }
            Display::Lines {
                last,
                at,
                printed_wait,
            } => {
                let wait = status.waiting.filter(|(until, _)| {
                    *printed_wait != Some(*until) && *until >= now + MIN_PRINTED_WAIT
                });
                let is_due = now >= *at + LINE_INTERVAL && last != status
                    || status.retries != last.retries
                    || status.is_resumed && !last.is_resumed;
                if wait.is_none() && !is_due {
                    return;
                }
                *last = status.clone();
                *at = now;
                *printed_wait = wait.map(|(until, _)| until).or(*printed_wait);
                print_progress(&status.to_line(now), status.fields());
            }
        }
    }

    /// Removes the bar from the screen.
    pub(crate) fn finish(&mut self) {
        if let Display::Bar(bar) = &self.display {
            bar.finish_and_clear();
            set_bar(None);
        }
    }
}

impl Drop for Reporter {
    fn drop(&mut self) {
        self.finish();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_a_status_in_one_line() {
        let now = clock::now();
        let mut status = Status {
            noun: ("session", "sessions"),
            items: 1,
            ..Status::default()
        };
        assert_eq!(status.to_line(now), "1 session");
        status.items = 300;
        status.expected = Some(5_000);
        status.pages = 3;
        status.details = Some("video 2 of 20".to_owned());
        status.retries = 1;
        status.waits = 2;
        status.waiting = Some((now + Duration::from_millis(11_200), Waiting::RateLimit));
        assert_eq!(
            status.to_line(now),
            "300 of 5000 sessions, 3 pages, video 2 of 20, 1 retry, 2 waits; waiting 12 s for the rate limit"
        );
        status.waiting = Some((now + Duration::from_millis(300), Waiting::Retry));
        assert!(status.to_line(now).ends_with("; retrying in 1 s"));
    }
}
