//! Listing sessions: some lists side by side, each row filed under its day as it comes.

use apivideo::{ItemStream, Session};
use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;

use super::{Run, service};
use crate::asset::Asset;
use crate::error::Result;
use crate::manifest::Part;
use crate::requests::{Budget, Chunk, Chunks};
use crate::rows;
use crate::span::Partition;
use crate::staging::{Staged, State};
use crate::table::LOADED_AT;

/// So many lists are read side by side.
const LISTS: usize = 4;

/// A list that is being read.
struct Reader {
    number: u32,
    part: Part,
    chunks: Chunks<Session>,
}

impl Run<'_> {
    /// Reads all that is not there yet; `false` where the requests did not suffice.
    pub(super) async fn read_sessions(&mut self) -> Result<bool> {
        let staged: Vec<(u32, Staged)> = self
            .staging
            .parts()
            .map(|(number, staged)| (number, staged.clone()))
            .collect();
        let total = staged.len() as u64;
        self.report.sessions = staged.iter().map(|(_, staged)| staged.part.sessions).sum();
        let mut waiting: Vec<(u32, Staged)> = staged
            .into_iter()
            .filter(|(_, staged)| staged.state != State::Done)
            .collect();
        let done = total - waiting.len() as u64;
        let sessions = self.report.sessions;
        self.tell(|progress| {
            progress.lists_total = total;
            progress.lists = done;
            progress.sessions = sessions;
        });
        waiting.reverse();
        // The futures borrow it, and the rest of us is changed meanwhile.
        let budget = std::mem::take(&mut self.budget);
        let outcome = self.read_lists(waiting, &budget).await;
        self.budget = budget;
        let complete = outcome?;
        self.staging.sync()?;
        for (_, staged) in self.staging.parts() {
            self.report.out_of_period += staged.part.out_of_period;
            self.report.skipped_sessions += staged.part.skipped;
        }
        Ok(complete)
    }

    async fn read_lists(
        &mut self,
        mut waiting: Vec<(u32, Staged)>,
        budget: &Budget,
    ) -> Result<bool> {
        let mut running = FuturesUnordered::new();
        let mut stopped = false;
        loop {
            while !stopped && running.len() < LISTS {
                let Some((number, staged)) = waiting.pop() else {
                    break;
                };
                running.push(step(self.reader(number, staged, budget), budget));
            }
            let Some((mut reader, outcome)) = running.next().await else {
                return Ok(!stopped);
            };
            let (retries, waits) = reader.chunks.retries_and_waits();
            match outcome.map_err(service)? {
                Chunk::Items(sessions, skipped) => {
                    self.take(&mut reader, &sessions, skipped)?;
                    running.push(step(reader, budget));
                }
                Chunk::End => {
                    reader.part.items_total = reader.chunks.total();
                    self.staging
                        .append(reader.number, &[], reader.part, State::Done)?;
                    self.tell(|progress| {
                        progress.lists += 1;
                        progress.retries += retries;
                        progress.waits += waits;
                    });
                }
                Chunk::Stop => stopped = true,
            }
            let (requests, sessions) = (budget.used(), self.report.sessions);
            self.tell(|progress| {
                progress.requests = requests;
                progress.sessions = sessions;
            });
        }
    }

    fn reader(&self, number: u32, staged: Staged, budget: &Budget) -> Reader {
        let Staged { mut part, state } = staged;
        let stream = |part: &Part| self.stream(part, usize::from(!budget.is_limited()));
        let stream = match state {
            State::At(cursor) => match stream(&part).with_cursor(&cursor) {
                Ok(stream) => stream,
                // It is of another version of the client: from the start, which repeats rows and loses none.
                Err(_) => {
                    part = Part::new(part.asset, part.period, part.closed);
                    stream(&part)
                }
            },
            State::New | State::Done => stream(&part),
        };
        Reader {
            number,
            part,
            chunks: Chunks::new(stream),
        }
    }

    fn stream(&self, part: &Part, prefetch: usize) -> ItemStream<Session> {
        let (client, period) = (&self.pull.client, part.period.period());
        match &part.asset {
            Asset::Video(id) => client
                .video(id.clone())
                .sessions(period)
                .with_prefetch(prefetch)
                .stream(),
            Asset::LiveStream(id) => client
                .live_stream(id.clone())
                .sessions(period)
                .with_prefetch(prefetch)
                .stream(),
        }
    }

    /// Files what came.
    fn take(&mut self, reader: &mut Reader, sessions: &[Session], skipped: u64) -> Result<()> {
        let part = &mut reader.part;
        let mut rows = Vec::with_capacity(sessions.len());
        for session in sessions {
            let mut row = rows::session(&part.asset, session);
            self.privacy.apply(&mut row);
            let day = Partition::from(row.time(LOADED_AT));
            if !is_of(day, part) {
                part.out_of_period += 1;
            }
            rows.push((day, row));
        }
        part.sessions += sessions.len() as u64;
        part.skipped += skipped;
        part.items_total = reader.chunks.total();
        self.report.sessions += sessions.len() as u64;
        let state = State::At(reader.chunks.cursor());
        self.staging
            .append(reader.number, &rows, part.clone(), state)
    }
}

/// Whether a day is one of the part's.
pub(crate) fn is_of(day: Partition, part: &Part) -> bool {
    matches!(day, Partition::Day(date) if part.period.contains(date))
}

async fn step(mut reader: Reader, budget: &Budget) -> (Reader, apivideo::Result<Chunk<Session>>) {
    let outcome = reader.chunks.next(budget).await;
    (reader, outcome)
}
