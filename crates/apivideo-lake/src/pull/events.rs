//! Reading the events of sessions that are new or have changed.

use apivideo::SessionId;
use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;

use super::day_sessions::{DaySession, DaySessions};
use super::event_log::{EventLog, EventsOutcome};
use super::state::Run;
use crate::budget::Budget;
use crate::error::{Error, Result};
use crate::invalid::{InvalidRecord, reason};
use crate::options::RunOptions;
use crate::page_reader::{PageRead, PageReader};
use crate::row;
use crate::service;
use crate::table::Key;

/// The number of sessions whose events are read at a time.
const CONCURRENT_SESSIONS: usize = 16;

/// The number of consecutive failures after which the service as a whole is considered to have failed.
const MAX_FAILURES: u32 = 20;

/// The outcome of reading the events of a session.
enum EventsRead {
    Events(Received),
    /// They could not be read; the events of other sessions can.
    Failed(apivideo::Error),
    OutOfBudget,
}

/// The events of a session, as received.
#[derive(Default)]
struct Received {
    events: Vec<apivideo::Event>,
    invalid: Vec<apivideo::Error>,
    repaired: u64,
}

impl Run {
    /// Reads the events that are not in the log; returns `false` if the budget has no request left.
    pub(super) async fn read_events(
        &mut self,
        sessions: &DaySessions,
        log: &mut EventLog,
    ) -> Result<bool> {
        let unread: Vec<(&Key, &DaySession)> = sessions
            .iter()
            .filter(|(key, session)| !log.has_current(key, session))
            .collect();
        let count = unread.len() as u64;
        self.update_progress(|progress| progress.sessions_with_events_total += count);
        // The running requests borrow the budget while the rest of the state changes.
        let budget = std::mem::take(&mut self.budget);
        let outcome = self.read_events_of(&unread, log, &budget).await;
        self.budget = budget;
        outcome
    }

    async fn read_events_of(
        &mut self,
        unread: &[(&Key, &DaySession)],
        log: &mut EventLog,
        budget: &Budget,
    ) -> Result<bool> {
        let options = self.options.clone();
        let mut unread = unread.iter();
        let mut running = FuturesUnordered::new();
        let mut is_stopped = false;
        let mut failures = 0;
        loop {
            while !is_stopped && running.len() < CONCURRENT_SESSIONS {
                let Some((key, session)) = unread.next() else {
                    break;
                };
                let options = &options;
                running.push(async move {
                    let outcome = read(options, &key.session_id, budget).await;
                    (*key, *session, outcome)
                });
            }
            let Some((key, session, outcome)) = running.next().await else {
                return Ok(!is_stopped);
            };
            match outcome? {
                EventsRead::Events(received) => {
                    failures = 0;
                    let outcome = EventsOutcome {
                        is_missing: false,
                        invalid: received
                            .invalid
                            .iter()
                            .map(|error| self.invalid_event(key, error))
                            .collect(),
                        repaired: received.repaired,
                    };
                    let rows = row::events(key, &received.events);
                    log.append(key, session, &rows, outcome)?;
                    self.report.sessions_with_events += 1;
                }
                EventsRead::Failed(error) => {
                    failures = match error.is_not_found() {
                        true => 0,
                        false => failures + 1,
                    };
                    if failures >= MAX_FAILURES {
                        return Err(Error::request(error));
                    }
                    // Events stored earlier are kept.
                    let rows = log.events(key)?;
                    let mut invalid = self.invalid_event(key, &error);
                    invalid.reason = format!("the events could not be read: {}", reason(&error));
                    let outcome = EventsOutcome {
                        is_missing: true,
                        invalid: vec![invalid],
                        repaired: 0,
                    };
                    log.append(key, session, &rows, outcome)?;
                }
                EventsRead::OutOfBudget => is_stopped = true,
            }
            let count = self.report.sessions_with_events;
            self.update_progress_with(budget, |progress| progress.sessions_with_events = count);
        }
    }

    fn invalid_event(&self, key: &Key, error: &apivideo::Error) -> InvalidRecord {
        InvalidRecord::new(
            key.asset(),
            None,
            Some(&key.session_id),
            error,
            self.privacy(),
        )
    }
}

async fn read(options: &RunOptions, session: &str, budget: &Budget) -> Result<EventsRead> {
    let id: SessionId = session.parse().map_err(Error::request)?;
    let list = options.client.session(id).events();
    let list = list.page_size(options.page_size).with_prefetch(0);
    let mut reader = PageReader::new(list.stream());
    let mut received = Received::default();
    loop {
        let outcome = reader.next(budget).await;
        received.repaired += reader.take_repaired();
        match outcome {
            Ok(PageRead::Items(events, invalid)) => {
                received.events.extend(events);
                received.invalid.extend(invalid);
            }
            Ok(PageRead::End) => return Ok(EventsRead::Events(received)),
            Ok(PageRead::OutOfBudget) => return Ok(EventsRead::OutOfBudget),
            Err(error) if service::is_limited_to_list(&error) => {
                return Ok(EventsRead::Failed(error));
            }
            Err(error) => return Err(Error::request(error)),
        }
    }
}
