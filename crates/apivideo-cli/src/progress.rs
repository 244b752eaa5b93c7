//! How far a command has come, on stderr: a bar on a terminal, a line now and then otherwise.

use std::io::{self, IsTerminal, Write};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use apivideo::{Progress, WaitReason};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::clock;

/// How often the bar is drawn anew while nothing happens, so that seconds count down.
pub(crate) const TICK: Duration = Duration::from_millis(200);
/// Without a terminal, a line comes so often at most, but for waits and retries.
const PACE: Duration = Duration::from_secs(5);
/// Shorter waits are not worth a line.
const WORTH_TELLING: Duration = Duration::from_secs(1);

/// What is done sooner needs no bar.
const NOT_BEFORE: Duration = Duration::from_millis(500);

/// The bar that is on the screen, so that others can write between its lines.
static BAR: Mutex<Option<ProgressBar>> = Mutex::new(None);

/// Writes to a terminal while the bar is out of the way.
pub(crate) fn aside<T>(write: impl FnOnce() -> T) -> T {
    let bar = BAR.lock().unwrap_or_else(PoisonError::into_inner).clone();
    match bar {
        Some(bar) => bar.suspend(write),
        None => write(),
    }
}

/// A writer whose bytes do not run into the bar.
pub(crate) struct Aside<W>(pub(crate) W);

impl<W: Write> Write for Aside<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        aside(|| self.0.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        aside(|| self.0.flush())
    }
}

/// What is told of a command while it works.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Status {
    /// What is counted, of one and of several: ("session", "sessions").
    pub(crate) noun: (&'static str, &'static str),
    pub(crate) items: u64,
    /// How many there will be, as far as known.
    pub(crate) expected: Option<u64>,
    pub(crate) pages: u64,
    pub(crate) retries: u64,
    /// Requests that waited for the rate limit.
    pub(crate) waits: u64,
    /// Until when nothing can be asked, and why.
    pub(crate) waiting: Option<(Instant, Waiting)>,
    /// What else is to be said: `video 3 of 20`.
    pub(crate) remark: Option<String>,
}

/// Why it waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Waiting {
    RateLimit,
    Retry,
}

/// Until when the library waits, and why.
pub(crate) fn waiting(waiting: apivideo::Waiting) -> (Instant, Waiting) {
    let why = match waiting.reason {
        WaitReason::RateLimit => Waiting::RateLimit,
        _ => Waiting::Retry,
    };
    (waiting.until, why)
}

/// A number of things, of one and of several: `1 page`, `2 pages`.
pub(crate) fn count(n: u64, (one, several): (&str, &str)) -> String {
    match n {
        1 => format!("1 {one}"),
        n => format!("{n} {several}"),
    }
}

impl Status {
    /// Of a stream of the library.
    pub(crate) fn of(progress: &Progress, noun: (&'static str, &'static str)) -> Self {
        Self {
            noun,
            items: progress.items,
            expected: progress.expected,
            pages: progress.pages,
            retries: progress.retries,
            waits: progress.waits,
            waiting: progress.waiting.map(waiting),
            remark: (progress.assets_total > 1).then(|| {
                let asset = (progress.assets_done + 1).min(progress.assets_total);
                format!("asset {asset} of {}", progress.assets_total)
            }),
        }
    }

    /// In words, at this instant.
    pub(crate) fn words(&self, now: Instant) -> String {
        let mut words = match self.expected {
            Some(expected) => format!(
                "{} of {}",
                self.items,
                count(expected.max(self.items), self.noun)
            ),
            None => count(self.items, self.noun),
        };
        if self.pages > 0 {
            words += &format!(", {}", count(self.pages, ("page", "pages")));
        }
        if let Some(remark) = &self.remark {
            words += &format!(", {remark}");
        }
        if self.retries > 0 {
            words += &format!(", {}", count(self.retries, ("retry", "retries")));
        }
        if self.waits > 0 {
            words += &format!(", {}", count(self.waits, ("wait", "waits")));
        }
        if let Some((until, why)) = self.waiting {
            // Rounded up, so that it never says 0 and still waits.
            let left = until.saturating_duration_since(now).as_secs_f64().ceil();
            words += &match why {
                Waiting::RateLimit => format!("; waits {left} s for the rate limit"),
                Waiting::Retry => format!("; tries again in {left} s"),
            };
        }
        words
    }
}

/// Shows the status of a command.
#[derive(Debug)]
pub(crate) struct Reporter {
    shown: Shown,
    began: Instant,
}

#[derive(Debug)]
enum Shown {
    Nothing,
    Bar(ProgressBar),
    Lines {
        last: Status,
        /// When the last line came; the first one comes after a [`PACE`] too.
        at: Instant,
        /// The wait that was told last.
        told: Option<Instant>,
    },
}

impl Reporter {
    /// A bar where stderr is a terminal, lines where it is not; nothing where it shall be quiet.
    pub(crate) fn new(quiet: bool) -> Self {
        let shown = match (quiet, io::stderr().is_terminal()) {
            (true, _) => Shown::Nothing,
            (false, false) => Shown::Lines {
                last: Status::default(),
                at: clock::now(),
                told: None,
            },
            (false, true) => Shown::Bar(ProgressBar::hidden()),
        };
        Self {
            shown,
            began: clock::now(),
        }
    }

    /// Shows where it stands. To be called whenever something has changed, and every [`TICK`].
    pub(crate) fn show(&mut self, status: &Status) {
        let now = clock::now();
        match &mut self.shown {
            Shown::Nothing => {}
            Shown::Bar(_) if now < self.began + NOT_BEFORE => {}
            Shown::Bar(bar) => {
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
                bar.set_message(status.words(now));
                let mut shown = BAR.lock().unwrap_or_else(PoisonError::into_inner);
                if shown.is_none() {
                    // Only now, so that it is never seen half made.
                    bar.set_draw_target(ProgressDrawTarget::stderr());
                    *shown = Some(bar.clone());
                }
                bar.tick();
            }
            Shown::Lines { last, at, told } => {
                let waits = status
                    .waiting
                    .filter(|(until, _)| *told != Some(*until) && *until >= now + WORTH_TELLING);
                let is_due = now >= *at + PACE && last != status;
                if waits.is_none() && status.retries == last.retries && !is_due {
                    return;
                }
                *last = status.clone();
                *at = now;
                *told = waits.map(|(until, _)| until).or(*told);
                crate::failure::say(&format!("progress: {}\n", status.words(now)));
            }
        }
    }

    /// Takes the bar off the screen.
    pub(crate) fn finish(&mut self) {
        if let Shown::Bar(bar) = &self.shown {
            bar.finish_and_clear();
            *BAR.lock().unwrap_or_else(PoisonError::into_inner) = None;
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
    fn a_status_reads_as_a_sentence() {
        let now = clock::now();
        let mut status = Status {
            noun: ("session", "sessions"),
            items: 1,
            ..Status::default()
        };
        assert_eq!(status.words(now), "1 session");
        status.items = 300;
        status.expected = Some(5_000);
        status.pages = 3;
        status.remark = Some("video 2 of 20".to_owned());
        status.retries = 1;
        status.waits = 2;
        status.waiting = Some((now + Duration::from_millis(11_200), Waiting::RateLimit));
        assert_eq!(
            status.words(now),
            "300 of 5000 sessions, 3 pages, video 2 of 20, 1 retry, 2 waits; waits 12 s for the rate limit"
        );
        status.waiting = Some((now + Duration::from_millis(300), Waiting::Retry));
        assert!(status.words(now).ends_with("; tries again in 1 s"));
    }
}
