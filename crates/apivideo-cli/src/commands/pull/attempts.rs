//! The runs of a pull: the first one, those after failed requests, and waits for the lock.

use std::error::Error as _;
use std::io;
use std::pin::pin;
use std::time::{Duration, Instant};

use apivideo_lake::{Error, ErrorKind, Progress, Report, Stage};
use futures_util::future::{Either, select};

use super::summary::Totals;
use super::{REQUESTS, SESSIONS};
use crate::args::Pull;
use crate::clock;
use crate::commands::lake;
use crate::connection::Connection;
use crate::context::Context;
use crate::failure::Failure;
use crate::progress::{self, Reporter, Status, TICK, count};
use crate::stderr::print_warning;

/// The pauses after failed requests: each is twice as long as the one before.
const RETRY_PAUSES: Pauses = Pauses {
    next: Duration::from_secs(10),
    max: Duration::from_secs(300),
};

/// The pauses between attempts to get the lock.
const LOCK_PAUSES: Pauses = Pauses {
    next: Duration::from_secs(1),
    max: Duration::from_secs(10),
};

/// How the last run has ended.
pub(super) enum Ended {
    /// It has a report, which is in the totals.
    Report,
    /// The user requested a stop.
    Interrupted,
    Error(Error),
    /// It was not begun.
    Failure(Failure),
}

/// Runs the pull until it is complete, or must not be tried again.
pub(super) async fn run(context: &Context<'_>, arguments: &Pull, totals: &mut Totals) -> Ended {
    let connection = match context.connect().await {
        Ok(connection) => connection,
        Err(failure) => return Ended::Failure(failure),
    };
    let (pull, is_url) = match prepare(context, &connection, arguments) {
        Ok(prepared) => prepared,
        Err(failure) => return Ended::Failure(failure),
    };
    let mut lock = Retry::new(LOCK_PAUSES, arguments.wait);
    let mut service = Retry::new(RETRY_PAUSES, arguments.retry_for);
    let mut reporter = context.reporter();
    loop {
        let mut run = pull.clone();
        if let Some(max) = arguments.lake.max_requests {
            run = run.with_max_requests(max.saturating_sub(totals.report.requests));
        }
        // As for the first attempt, simulated data has its own time.
        if !context.options.simulate {
            run = run.with_clock(connection.now());
        }
        let outcome = run_once(context, &run, &mut reporter).await;
        // A run that did not get the lock has no report.
        let partial = run.progress().get().report;
        let error = match outcome {
            Some(Ok(report)) => {
                totals.add(report);
                return Ended::Report;
            }
            Some(Err(error)) => {
                totals.add_partial(partial);
                error
            }
            None => {
                totals.add_partial(partial);
                return Ended::Interrupted;
            }
        };
        let (retry, action) = match error.kind() {
            ErrorKind::Locked => (&mut lock, "waiting for the lock"),
            ErrorKind::Service if is_transient(&error) => (&mut service, "resuming the pull"),
            ErrorKind::Storage if is_url && is_store_failure(&error) => {
                (&mut service, "resuming the pull")
            }
            _ => return Ended::Error(error),
        };
        let now = clock::now();
        let Some(pause) = retry.pause(now, error.service().and_then(apivideo::Error::retry_after))
        else {
            return Ended::Error(error);
        };
        if error.kind() != ErrorKind::Locked || retry.is_first {
            print_warning(&describe(&error, action, pause));
        }
        retry.is_first = false;
        if context.stop.run_until(clock::sleep(pause)).await.is_none() {
            return Ended::Interrupted;
        }
    }
}

/// Returns the pull that the arguments describe, and whether its lake is in an object store.
fn prepare(
    context: &Context<'_>,
    connection: &Connection,
    arguments: &Pull,
) -> Result<(apivideo_lake::Pull, bool), Failure> {
    let location = lake::location(&arguments.lake)?;
    let is_url = location.is_url();
    lake::print_staging(context, &location);
    lake::break_lock(&location, &arguments.lock)?;
    let pull = lake::pull(context, connection, location, &arguments.lake)?;
    Ok((pull, is_url))
}

/// Runs the pull and shows its progress; returns `None` if a stop was requested.
async fn run_once(
    context: &Context<'_>,
    pull: &apivideo_lake::Pull,
    reporter: &mut Reporter,
) -> Option<Result<Report, Error>> {
    let progress = pull.progress();
    let mut run = pin!(context.stop.run_until(pull.run()));
    let outcome = loop {
        match select(run.as_mut(), pin!(clock::sleep(TICK))).await {
            Either::Left((outcome, _)) => break outcome,
            Either::Right(_) => {
                reporter.show(&status(&progress.get()));
            }
        }
    };
    reporter.finish();
    outcome
}

/// Whether the request failed for a reason that may be over soon.
fn is_transient(error: &Error) -> bool {
    error
        .service()
        .is_some_and(|error| error.is_retryable() || error.is_rate_limited())
}

/// Whether a request to the object store failed for a reason that may be over soon. Errors of permissions, missing buckets and
/// local disks have other kinds.
fn is_store_failure(error: &Error) -> bool {
    let cause = error.source().and_then(|cause| cause.downcast_ref());
    cause.is_some_and(|cause: &io::Error| {
        matches!(
            cause.kind(),
            io::ErrorKind::Other | io::ErrorKind::UnexpectedEof
        )
    })
}

/// Describes an error after which the pull is run again.
fn describe(error: &Error, action: &str, pause: Duration) -> String {
    match error.service() {
        Some(cause) => format!(
            "a request to the service failed: {cause}; {action} in {} s",
            seconds(pause)
        ),
        None if error.kind() == ErrorKind::Locked => format!("{error}; {action}"),
        None => {
            let cause = error.source().map(|cause| format!(": {cause}"));
            let cause = cause.unwrap_or_default();
            format!("{error}{cause}; {action} in {} s", seconds(pause))
        }
    }
}

fn seconds(pause: Duration) -> f64 {
    pause.as_secs_f64().ceil()
}

/// The pauses of a retry.
#[derive(Clone, Copy, Debug)]
struct Pauses {
    next: Duration,
    max: Duration,
}

/// How long a failure is retried.
#[derive(Debug)]
struct Retry {
    pauses: Pauses,
    /// How long it is retried after the first failure; `None` if it is not.
    limit: Option<Duration>,
    /// When the last retry starts at the latest.
    deadline: Option<Instant>,
    is_first: bool,
}

impl Retry {
    fn new(pauses: Pauses, limit: Option<Duration>) -> Self {
        Self {
            pauses,
            limit,
            deadline: None,
            is_first: true,
        }
    }

    /// Returns the pause until the next attempt; `None` if the time is over. `min` is the pause that the service requests.
    fn pause(&mut self, now: Instant, min: Option<Duration>) -> Option<Duration> {
        let deadline = match self.deadline {
            Some(deadline) => deadline,
            None => *self.deadline.insert(now.checked_add(self.limit?)?),
        };
        let left = deadline.saturating_duration_since(now);
        let pause = self.pauses.next.max(min.unwrap_or_default());
        self.pauses.next = (self.pauses.next * 2).min(self.pauses.max);
        (!left.is_zero()).then(|| pause.min(left))
    }
}

fn status(progress: &Progress) -> Status {
    let (noun, items, expected) = match progress.stage {
        Stage::Assets | Stage::Sessions => (("session", "sessions"), progress.sessions, None),
        _ => (("day", "days"), progress.days, Some(progress.days_total)),
    };
    let details = match progress.stage {
        Stage::Assets => "listing assets".to_owned(),
        Stage::Sessions => format!("list {} of {}", progress.lists, progress.lists_total),
        Stage::Aggregates => "reading aggregates".to_owned(),
        Stage::Derived => "deriving tables".to_owned(),
        _ if progress.sessions_with_events == 0 => "merging sessions".to_owned(),
        _ => format!(
            "events of {}",
            count(progress.sessions_with_events, SESSIONS)
        ),
    };
    let details = match progress.days_committed {
        0 => details,
        days => format!(
            "{details}, {} complete already",
            count(days, ("day", "days"))
        ),
    };
    Status {
        noun,
        items,
        expected,
        details: Some(format!("{details}, {}", count(progress.requests, REQUESTS))),
        is_resumed: progress.days_committed > 0,
        retries: progress.retries,
        waits: progress.waits,
        waiting: progress.waiting.map(progress::waiting),
        ..Status::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_end_at_the_deadline() {
        let start = clock::now();
        let at = |seconds| start + Duration::from_secs(seconds);
        let seconds = Duration::from_secs;
        let mut retry = Retry::new(RETRY_PAUSES, Some(seconds(60)));
        assert_eq!(retry.pause(start, None), Some(seconds(10)));
        assert_eq!(retry.pause(at(10), None), Some(seconds(20)));
        assert_eq!(retry.pause(at(30), None), Some(seconds(30)));
        assert_eq!(retry.pause(at(60), None), None);
        let mut retry = Retry::new(RETRY_PAUSES, Some(seconds(3_600)));
        let pauses: Vec<_> = (0..8).map(|_| retry.pause(start, None).unwrap()).collect();
        assert_eq!(pauses[5..], [300, 300, 300].map(seconds));
        assert_eq!(retry.pause(start, Some(seconds(400))), Some(seconds(400)));
    }

    #[test]
    fn nothing_is_retried_without_a_limit() {
        let mut retry = Retry::new(RETRY_PAUSES, None);
        assert_eq!(retry.pause(clock::now(), None), None);
    }
}
