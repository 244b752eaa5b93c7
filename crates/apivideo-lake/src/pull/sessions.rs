//! Listing sessions: some lists side by side, each row filed under its day as it comes.

use apivideo::{Client, PageSize, Session};
use futures_util::StreamExt;
use futures_util::future::BoxFuture;
use futures_util::stream::FuturesUnordered;

use super::probe::{Probed, groups, probe, stream};
use super::run::Run;
use super::{is_of_one_list, service};
use crate::error::Result;
use crate::invalid::{Invalid, reason};
use crate::manifest::Part;
use crate::requests::{Budget, Chunk, Chunks};
use crate::rows;
use crate::span::{Partition, Span};
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

/// Something to be read.
enum Job {
    /// Several parts by one request, if they are small.
    Probe(Vec<(u32, Staged)>),
    List(u32, Box<Staged>),
}

/// What a job brought.
enum Step {
    Probe(Vec<(u32, Staged)>, apivideo::Result<Probed>),
    List(Box<Reader>, apivideo::Result<Chunk<Session>>),
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
        let waiting: Vec<(u32, Staged)> = staged
            .into_iter()
            .filter(|(_, staged)| matches!(staged.state, State::New | State::At(_)))
            .collect();
        let done = total - waiting.len() as u64;
        let sessions = self.report.sessions;
        self.tell(|progress| {
            progress.lists_total = total;
            progress.lists = done;
            progress.sessions = sessions;
        });
        // The futures borrow it, and the rest of us is changed meanwhile.
        let budget = std::mem::take(&mut self.budget);
        let outcome = self.read_lists(waiting, &budget).await;
        self.budget = budget;
        let complete = outcome?;
        self.staging.sync()?;
        for (_, staged) in self.staging.parts() {
            self.report.out_of_period += staged.part.out_of_period;
            self.report.skipped_sessions += staged.part.invalid;
            // Where nothing is announced, what came is all that is known of.
            self.report.sessions_announced +=
                staged.part.items_total.unwrap_or(staged.part.sessions);
        }
        Ok(complete)
    }

    async fn read_lists(&mut self, waiting: Vec<(u32, Staged)>, budget: &Budget) -> Result<bool> {
        let mut jobs = jobs(waiting);
        let client = self.pull.client.clone();
        let page_size = self.pull.page_size;
        let mut running: FuturesUnordered<BoxFuture<'_, Step>> = FuturesUnordered::new();
        let mut stopped = false;
        loop {
            while !stopped && running.len() < LISTS {
                let Some(job) = jobs.pop() else { break };
                running.push(match job {
                    Job::Probe(parts) => Box::pin(probe_step(&client, parts, budget, page_size)),
                    Job::List(number, staged) => {
                        Box::pin(step(self.reader(number, *staged, budget), budget))
                    }
                });
            }
            let Some(outcome) = running.next().await else {
                return Ok(!stopped);
            };
            match outcome {
                Step::List(mut reader, outcome) => match outcome {
                    Ok(Chunk::Items(sessions, invalid)) => {
                        self.take(&mut reader, &sessions, &invalid)?;
                        running.push(Box::pin(step(reader, budget)));
                    }
                    Ok(Chunk::End) => self.end(reader)?,
                    Ok(Chunk::Stop) => stopped = true,
                    Err(error) if is_of_one_list(&error) => self.fail(reader, &error)?,
                    Err(error) => return Err(service(error)),
                },
                Step::Probe(parts, outcome) => match outcome {
                    Ok(Probed::Whole(sessions)) => self.take_whole(parts, &sessions)?,
                    Ok(Probed::More) => {
                        let parts = parts.into_iter().rev();
                        jobs.extend(
                            parts.map(|(number, staged)| Job::List(number, Box::new(staged))),
                        );
                    }
                    Ok(Probed::Stop) => stopped = true,
                    // Each part by itself finds out what can be read.
                    Err(error) if is_of_one_list(&error) => {
                        let parts = parts.into_iter().rev();
                        jobs.extend(
                            parts.map(|(number, staged)| Job::List(number, Box::new(staged))),
                        );
                    }
                    Err(error) => return Err(service(error)),
                },
            }
            let sessions = self.report.sessions;
            self.tell_with(budget, |progress| progress.sessions = sessions);
        }
    }

    fn end(&mut self, reader: Box<Reader>) -> Result<()> {
        let Reader {
            number,
            mut part,
            chunks,
        } = *reader;
        // A list that goes on behind its last page is told nothing more.
        part.items_total = chunks.total().or(part.items_total);
        self.staging
            .append(number, &[], part, State::Done, Vec::new())?;
        self.tell(|progress| progress.lists += 1);
        Ok(())
    }

    /// A list that ended before all of it came, and that no repetition helps: the others go on.
    fn fail(&mut self, reader: Box<Reader>, error: &apivideo::Error) -> Result<()> {
        let Reader {
            number,
            mut part,
            chunks,
        } = *reader;
        part.items_total = chunks.total().or(part.items_total);
        part.failed = Some(reason(error));
        let state = State::Failed {
            not_found: error.is_not_found(),
        };
        self.staging.append(number, &[], part, state, Vec::new())?;
        self.tell(|progress| progress.lists += 1);
        Ok(())
    }

    /// Files what came for several parts at once: each session is of the part that has its day.
    fn take_whole(&mut self, parts: Vec<(u32, Staged)>, sessions: &[Session]) -> Result<()> {
        for (number, staged) in parts {
            let mut part = staged.part;
            let mut rows = Vec::new();
            for session in sessions {
                let mut row = rows::session(&part.asset, session);
                let day = Partition::from(row.time(LOADED_AT));
                if is_of(day, &part) {
                    self.privacy.apply(&mut row);
                    rows.push((day, row));
                }
            }
            part.sessions = rows.len() as u64;
            part.items_total = Some(part.sessions);
            self.report.sessions += part.sessions;
            self.staging
                .append(number, &rows, part, State::Done, Vec::new())?;
            self.tell(|progress| progress.lists += 1);
        }
        Ok(())
    }

    fn reader(&self, number: u32, staged: Staged, budget: &Budget) -> Box<Reader> {
        let Staged {
            mut part, state, ..
        } = staged;
        let prefetch = usize::from(!budget.is_limited());
        let stream = |part: &Part| {
            stream(
                &self.pull.client,
                &part.asset,
                part.period,
                prefetch,
                self.pull.page_size,
            )
        };
        let stream = match state {
            State::At(cursor) => match stream(&part).with_cursor(&cursor) {
                Ok(stream) => stream,
                // It is of another version of the client: from the start, which repeats rows and loses none.
                Err(_) => {
                    part = Part::new(part.asset, part.period, part.closed);
                    stream(&part)
                }
            },
            State::New | State::Done | State::Failed { .. } => stream(&part),
        };
        Box::new(Reader {
            number,
            part,
            chunks: Chunks::new(stream),
        })
    }

    /// Files what came.
    fn take(
        &mut self,
        reader: &mut Reader,
        sessions: &[Session],
        invalid: &[apivideo::Error],
    ) -> Result<()> {
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
        part.invalid += invalid.len() as u64;
        part.repaired += reader.chunks.take_repaired();
        let asset = part.asset.to_string();
        let invalid = invalid
            .iter()
            .map(|error| Invalid::new(&*asset, Some(part.period), None, error, &self.privacy))
            .collect();
        part.items_total = reader.chunks.total().or(part.items_total);
        self.report.sessions += sessions.len() as u64;
        let state = State::At(reader.chunks.cursor());
        self.staging
            .append(reader.number, &rows, part.clone(), state, invalid)
    }
}

/// Whether a day is one of the part's.
pub(crate) fn is_of(day: Partition, part: &Part) -> bool {
    matches!(day, Partition::Day(date) if part.period.contains(date))
}

/// What is to be read, the last one first.
fn jobs(mut waiting: Vec<(u32, Staged)>) -> Vec<Job> {
    waiting.sort_by(|(_, one), (_, other)| {
        (&one.part.asset, one.part.period).cmp(&(&other.part.asset, other.part.period))
    });
    // One that was begun goes on by itself.
    let (new, begun): (Vec<_>, Vec<_>) = waiting
        .into_iter()
        .partition(|(_, staged)| staged.state == State::New);
    let mut jobs: Vec<Job> = begun
        .into_iter()
        .map(|(number, staged)| Job::List(number, Box::new(staged)))
        .collect();
    let groups = groups(
        &new.iter()
            .map(|(_, staged)| &staged.part)
            .collect::<Vec<_>>(),
    );
    let mut new = new.into_iter();
    for group in groups {
        let mut parts: Vec<_> = new.by_ref().take(group.len()).collect();
        match parts.len() {
            1 => jobs.extend(
                parts
                    .pop()
                    .map(|(number, staged)| Job::List(number, Box::new(staged))),
            ),
            _ => jobs.push(Job::Probe(parts)),
        }
    }
    jobs.reverse();
    jobs
}

async fn step(mut reader: Box<Reader>, budget: &Budget) -> Step {
    let outcome = reader.chunks.next(budget).await;
    Step::List(reader, outcome)
}

async fn probe_step(
    client: &Client,
    parts: Vec<(u32, Staged)>,
    budget: &Budget,
    page_size: PageSize,
) -> Step {
    let (Some((_, first)), Some((_, last))) = (parts.first(), parts.last()) else {
        return Step::Probe(parts, Ok(Probed::More));
    };
    let stretch = Span::new(first.part.period.first, last.part.period.last);
    let outcome = probe(client, &first.part.asset, stretch, budget, page_size).await;
    Step::Probe(parts, outcome)
}
