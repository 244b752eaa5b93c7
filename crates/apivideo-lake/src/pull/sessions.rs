//! Listing sessions: several request ranges at a time, each session staged under its day as it is received.

use apivideo::{Client, PageSize, Session};
use futures_util::StreamExt;
use futures_util::future::BoxFuture;
use futures_util::stream::FuturesUnordered;

use super::probe::{Probe, groups, probe};
use super::state::Run;
use crate::budget::Budget;
use crate::error::{Error, Result};
use crate::invalid::{InvalidRecord, reason};
use crate::manifest::RequestRange;
use crate::page_reader::{PageRead, PageReader};
use crate::partition::Partition;
use crate::row;
use crate::service;
use crate::staging::{RangeState, StagedRange};

/// The number of lists that are read at a time.
pub(super) const CONCURRENT_LISTS: usize = 4;

/// A staged range with its number.
type Numbered = (u32, StagedRange);

/// Something to read.
enum Job {
    /// Several adjacent ranges, by one request if they are small.
    Probe(Vec<Numbered>),
    List(Box<Numbered>),
}

/// A list that is being read.
struct RangeReader {
    number: u32,
    range: RequestRange,
    reader: PageReader<Session>,
}

/// The outcome of one request.
enum Step {
    Probe(Vec<Numbered>, apivideo::Result<Probe>),
    List(Box<RangeReader>, apivideo::Result<PageRead<Session>>),
}

impl Run {
    /// Reads the staged ranges that are not complete; returns `false` if the budget has no request left.
    pub(super) async fn read_sessions(&mut self) -> Result<bool> {
        let staged = self.staged_ranges();
        let total = staged.len() as u64;
        let received = staged.iter().map(|(_, staged)| received(&staged.range));
        self.report.sessions = received.sum();
        let unread: Vec<Numbered> = staged
            .into_iter()
            .filter(|(_, staged)| matches!(staged.state, RangeState::New | RangeState::At(_)))
            .collect();
        let done = total - unread.len() as u64;
        let sessions = self.report.sessions;
        self.update_progress(|progress| {
            progress.lists_total = total;
            progress.lists = done;
            progress.sessions = sessions;
        });
        // The running requests borrow the budget while the rest of the state changes.
        let budget = std::mem::take(&mut self.budget);
        let outcome = self.read_lists(unread, &budget).await;
        self.budget = budget;
        let is_complete = outcome?;
        self.staging.finish_lists()?;
        for (_, staged) in self.staging.ranges() {
            let range = &staged.range;
            self.report.out_of_period += range.out_of_period;
            self.report.forgotten += range.forgotten;
            self.report.skipped_sessions += range.invalid;
            self.report.sessions_reported += range.items_total.unwrap_or(range.sessions);
        }
        Ok(is_complete)
    }

    async fn read_lists(&mut self, unread: Vec<Numbered>, budget: &Budget) -> Result<bool> {
        let mut jobs = jobs(unread);
        let client = self.options.client.clone();
        let page_size = self.options.page_size;
        let mut running: FuturesUnordered<BoxFuture<'_, Step>> = FuturesUnordered::new();
        let mut is_stopped = false;
        loop {
            while !is_stopped && running.len() < CONCURRENT_LISTS {
                let Some(job) = jobs.pop() else { break };
                running.push(match job {
                    Job::Probe(ranges) => Box::pin(probe_step(&client, ranges, page_size, budget)),
                    Job::List(staged) => {
                        Box::pin(list_step(self.range_reader(*staged, budget), budget))
                    }
                });
            }
            let Some(step) = running.next().await else {
                return Ok(!is_stopped);
            };
            match step {
                Step::List(mut list, outcome) => match outcome {
                    Ok(PageRead::Items(sessions, invalid)) => {
                        self.stage_page(&mut list, &sessions, &invalid)?;
                        running.push(Box::pin(list_step(list, budget)));
                    }
                    Ok(PageRead::End) => self.end_list(*list)?,
                    Ok(PageRead::OutOfBudget) => is_stopped = true,
                    Err(error) if service::is_limited_to_list(&error) => {
                        self.fail_list(*list, &error)?;
                    }
                    Err(error) => return Err(Error::request(error)),
                },
                Step::Probe(ranges, outcome) => match outcome {
                    Ok(Probe::Complete(sessions)) => self.stage_probe(ranges, &sessions)?,
                    Ok(Probe::OutOfBudget) => is_stopped = true,
                    Ok(Probe::Separate) => jobs.extend(separate(ranges)),
                    Err(error) if service::is_limited_to_list(&error) => {
                        jobs.extend(separate(ranges));
                    }
                    Err(error) => return Err(Error::request(error)),
                },
            }
            let sessions = self.report.sessions;
            self.update_progress_with(budget, |progress| progress.sessions = sessions);
        }
    }

    fn end_list(&mut self, list: RangeReader) -> Result<()> {
        let mut range = list.range;
        // A resumed list that has no further page reports no total.
        range.items_total = list.reader.total().or(range.items_total);
        self.staging
            .append(list.number, &[], range, RangeState::Done, Vec::new())?;
        self.update_progress(|progress| progress.lists += 1);
        Ok(())
    }

    /// Records a list that could not be read to its end. The others are still read.
    fn fail_list(&mut self, list: RangeReader, error: &apivideo::Error) -> Result<()> {
        let mut range = list.range;
        range.items_total = list.reader.total().or(range.items_total);
        range.failed = Some(reason(error));
        let state = RangeState::Failed {
            not_found: error.is_not_found(),
        };
        self.staging
            .append(list.number, &[], range, state, Vec::new())?;
        self.update_progress(|progress| progress.lists += 1);
        Ok(())
    }

    /// Stages the sessions of several ranges, each under the range that contains its day.
    fn stage_probe(&mut self, ranges: Vec<Numbered>, sessions: &[Session]) -> Result<()> {
        for (number, staged) in ranges {
            let mut range = staged.range;
            let mut rows = Vec::new();
            for session in sessions {
                let mut row = row::session(&range.asset, session);
                let day = Partition::from(row.loaded_at());
                if range.contains(day) {
                    self.privacy().apply(&mut row);
                    match self.forgotten.contains(&row) {
                        true => range.forgotten += 1,
                        false => rows.push((day, row)),
                    }
                }
            }
            range.sessions = rows.len() as u64;
            range.items_total = Some(received(&range));
            self.report.sessions += received(&range);
            self.staging
                .append(number, &rows, range, RangeState::Done, Vec::new())?;
            self.update_progress(|progress| progress.lists += 1);
        }
        Ok(())
    }

    fn range_reader(&mut self, (number, staged): Numbered, budget: &Budget) -> Box<RangeReader> {
        let mut range = staged.range;
        let list = service::sessions(&self.options.client, &range.asset, range.period)
            .page_size(self.options.page_size)
            .with_prefetch(usize::from(!budget.is_limited()));
        let resumed = match &staged.state {
            RangeState::At(Some(cursor)) => list.resume(cursor).ok(),
            _ => None,
        };
        let stream = resumed.unwrap_or_else(|| {
            // Also if the cursor is of another release or page size: the list is read from its start.
            self.report.sessions = self.report.sessions.saturating_sub(received(&range));
            range = RequestRange::new(range.asset.clone(), range.period, range.is_final);
            list.stream()
        });
        Box::new(RangeReader {
            number,
            range,
            reader: PageReader::new(stream),
        })
    }

    /// Stages a page of a list.
    fn stage_page(
        &mut self,
        list: &mut RangeReader,
        sessions: &[Session],
        invalid: &[apivideo::Error],
    ) -> Result<()> {
        let range = &mut list.range;
        let before = received(range);
        let mut rows = Vec::with_capacity(sessions.len());
        for session in sessions {
            let mut row = row::session(&range.asset, session);
            self.privacy().apply(&mut row);
            if self.forgotten.contains(&row) {
                range.forgotten += 1;
                continue;
            }
            let day = Partition::from(row.loaded_at());
            if !range.contains(day) {
                range.out_of_period += 1;
            }
            rows.push((day, row));
        }
        let asset = range.asset.to_string();
        let mut records: Vec<InvalidRecord> = invalid
            .iter()
            .map(|error| {
                InvalidRecord::new(&*asset, Some(range.period), None, error, self.privacy())
            })
            .collect();
        records.retain(|record| !self.forgotten.contains_record(record));
        range.sessions += rows.len() as u64;
        range.invalid += records.len() as u64;
        range.forgotten += (invalid.len() - records.len()) as u64;
        range.repaired += list.reader.take_repaired();
        range.items_total = list.reader.total().or(range.items_total);
        self.report.sessions += received(range) - before;
        let state = RangeState::At(Some(list.reader.cursor()));
        self.staging
            .append(list.number, &rows, range.clone(), state, records)
    }
}

/// Returns the number of sessions that were received and decoded, or forgotten.
fn received(range: &RequestRange) -> u64 {
    range.sessions + range.forgotten
}

/// Returns the jobs in reverse order: they are taken from the end.
fn jobs(mut unread: Vec<Numbered>) -> Vec<Job> {
    unread.sort_by(|(_, one), (_, other)| {
        (&one.range.asset, one.range.period).cmp(&(&other.range.asset, other.range.period))
    });
    let (new, begun): (Vec<_>, Vec<_>) = unread
        .into_iter()
        .partition(|(_, staged)| staged.state == RangeState::New);
    let mut jobs: Vec<Job> = begun
        .into_iter()
        .map(|staged| Job::List(Box::new(staged)))
        .collect();
    let ranges: Vec<&RequestRange> = new.iter().map(|(_, staged)| &staged.range).collect();
    let groups = groups(&ranges);
    let mut new = new.into_iter();
    for group in groups {
        let mut ranges: Vec<_> = new.by_ref().take(group.len()).collect();
        match ranges.len() {
            1 => jobs.extend(ranges.pop().map(|staged| Job::List(Box::new(staged)))),
            _ => jobs.push(Job::Probe(ranges)),
        }
    }
    jobs.reverse();
    jobs
}

/// Returns a job for each range, in reverse order.
fn separate(ranges: Vec<Numbered>) -> impl Iterator<Item = Job> {
    let ranges = ranges.into_iter().rev();
    ranges.map(|staged| Job::List(Box::new(staged)))
}

async fn list_step(mut list: Box<RangeReader>, budget: &Budget) -> Step {
    let outcome = list.reader.next(budget).await;
    Step::List(list, outcome)
}

async fn probe_step(
    client: &Client,
    ranges: Vec<Numbered>,
    page_size: PageSize,
    budget: &Budget,
) -> Step {
    let (Some((_, first)), Some((_, last))) = (ranges.first(), ranges.last()) else {
        return Step::Probe(ranges, Ok(Probe::Separate));
    };
    let outcome = probe(client, &first.range, &last.range, page_size, budget).await;
    Step::Probe(ranges, outcome)
}
