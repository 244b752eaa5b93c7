//! Reading the events of sessions that are new or have changed.

use apivideo::SessionId;
use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;

use super::event_log::{EventLog, EventsOutcome, StagedEvents};
use super::session_index::{SessionIndex, SessionState, Source};
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

/// A session whose events have to be requested.
struct Unread {
    index: usize,
    key: Key,
    state: SessionState,
}

/// Returns a session if its events have to be requested.
fn unread(sessions: &SessionIndex, log: &EventLog, index: usize) -> Option<Unread> {
    let state = sessions.state(index)?;
    if state.source != Source::Service || log.has_current(index, state) {
        return None;
    }
    let key = sessions.key(index)?;
    Some(Unread { index, key, state })
}

impl Run {
    /// Reads the events that are not in the log; returns `false` if the budget has no request left.
    pub(super) async fn read_events(
        &mut self,
        sessions: &SessionIndex,
        log: &mut EventLog,
    ) -> Result<bool> {
        let unread = (0..sessions.len()).filter(|index| unread(sessions, log, *index).is_some());
        let count = unread.count() as u64;
        self.update_progress(|progress| progress.sessions_with_events_total += count);
        // The running requests borrow the budget while the rest of the state changes.
        let budget = std::mem::take(&mut self.budget);
        let outcome = self.read_events_of(sessions, log, &budget).await;
        self.budget = budget;
        outcome
    }

    async fn read_events_of(
        &mut self,
        sessions: &SessionIndex,
        log: &mut EventLog,
        budget: &Budget,
    ) -> Result<bool> {
        let options = self.options.clone();
        let mut indices = 0..sessions.len();
        let mut running = FuturesUnordered::new();
        let mut is_stopped = false;
        let mut failures = 0;
        loop {
            while !is_stopped && running.len() < CONCURRENT_SESSIONS {
                let Some(next) = indices.find_map(|index| unread(sessions, log, index)) else {
                    break;
                };
                let options = &options;
                running.push(async move {
                    let outcome = read(options, &next.key.session_id, budget).await;
                    (next, outcome)
                });
            }
            let Some((unread, outcome)) = running.next().await else {
                return Ok(!is_stopped);
            };
            let Unread { index, key, state } = unread;
            match outcome? {
                EventsRead::Events(received) => {
                    failures = 0;
                    let outcome = EventsOutcome {
                        is_missing: false,
                        invalid: received
                            .invalid
                            .iter()
                            .map(|error| self.invalid_event(&key, error))
                            .collect(),
                        repaired: received.repaired,
                    };
                    let rows = Some(row::events(&key, &received.events));
                    let events = StagedEvents { rows, outcome };
                    log.append(index, key.as_ref(), state, &events)?;
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
                    // Events read earlier are kept, or else those in the file of the day.
                    let earlier = log.events(index, key.as_ref())?;
                    let rows = earlier.and_then(|events| events.rows);
                    let mut invalid = self.invalid_event(&key, &error);
                    invalid.reason = format!("the events could not be read: {}", reason(&error));
                    let outcome = EventsOutcome {
                        is_missing: true,
                        invalid: vec![invalid],
                        repaired: 0,
                    };
                    let events = StagedEvents { rows, outcome };
                    log.append(index, key.as_ref(), state, &events)?;
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
