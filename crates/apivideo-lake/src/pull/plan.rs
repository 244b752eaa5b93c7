//! Planning: the requests of a pull, counted by the totals that the service reports.

use apivideo::{AssetId, PageSize};
use futures_util::{StreamExt, TryStreamExt, stream};

use super::probe::{Probe, groups, probe};
use super::size::{ListSize, Pulled, StagingSizes, StoredRows};
use crate::budget::Budget;
use crate::date_range::DateRange;
use crate::error::{Error, Result};
use crate::manifest::{RequestRange, Settings};
use crate::options::RunOptions;
use crate::plan::Plan;
use crate::service;

/// The number of totals that are requested at a time.
const CONCURRENT_TOTALS: usize = 8;

/// The number of lists whose last session is requested, which shows on which days there are sessions.
const LAST_SESSIONS: usize = 20;

/// The subject of a plan.
pub(super) struct PlanInput {
    pub(super) settings: Settings,
    pub(super) assets: usize,
    pub(super) asset_requests: u64,
    pub(super) aggregate_requests: u64,
    pub(super) ranges: Vec<RequestRange>,
}

/// Requests the totals of the ranges and makes a plan.
pub(super) async fn make(options: &RunOptions, input: PlanInput) -> Result<Plan> {
    let PlanInput {
        settings, ranges, ..
    } = &input;
    let groups = groups(&ranges.iter().collect::<Vec<_>>());
    let ranges_of = |group: &Vec<usize>| -> Vec<&RequestRange> {
        group
            .iter()
            .filter_map(|index| ranges.get(*index))
            .collect()
    };
    let mut counts: Vec<Count> = stream::iter(&groups)
        .map(|group| count(options, ranges_of(group)))
        .buffered(CONCURRENT_TOTALS)
        .try_collect()
        .await
        .map_err(Error::request)?;
    let lists = counts.iter_mut().flat_map(|count| &mut count.lists);
    let last = add_last_sessions(options, lists.collect()).await;
    let last = last.map_err(Error::request)?;
    let sum = |of: fn(&Count) -> u64| counts.iter().map(of).sum::<u64>();
    let sessions = sum(Count::sessions);
    let mut plan = Plan {
        assets: input.assets as u64,
        lists: ranges.len() as u64,
        sessions,
        asset_requests: input.asset_requests,
        session_requests: sum(|count| count.requests),
        plan_requests: input.asset_requests + sum(|count| count.sent) + last.requests,
        rate_limit: options.client.rate_limit().limit,
        ..Plan::default()
    };
    let stored = StoredRows::load(&options.folder, ranges)?;
    let with_events = match settings.scope.sample {
        Some(sample) => sample.of(sessions),
        None => sessions,
    };
    if settings.events {
        plan.event_requests = with_events;
        if sessions > 0 {
            plan.notes.push(format!(
                "events are counted as one request for each session; a session with more than {} events needs more",
                options.page_size.get()
            ));
        }
        if let Some(sample) = settings.scope.sample {
            plan.notes.push(format!(
                "a sample of {sample} has about that share of the sessions: which ones is known once they are listed"
            ));
        }
        if settings.scope.skip_unplayed && sessions > 0 {
            plan.notes.push(
                "sessions that ended when they were loaded are counted; they are known once they are listed, and their events \
                 are not requested"
                    .to_owned(),
            );
        }
        if stored.read_again > 0 {
            plan.notes.push(format!(
                "up to {} of the sessions are stored already; their events are requested again only if they have changed",
                stored.read_again
            ));
        }
    }
    if options.folder.staging().exists() {
        plan.notes.push(
            "an unfinished pull is resumed; what it has read is not requested again, so there may be fewer requests"
                .to_owned(),
        );
    }
    if input.aggregate_requests > 0 {
        plan.notes.push(format!(
            "up to {} requests for aggregates are not included: they depend on which videos and live streams are played each \
             day",
            input.aggregate_requests
        ));
    }
    let lists = counts.iter().flat_map(|count| &count.lists);
    let lists: Vec<ListSize> = lists.map(|list| list.size).collect();
    let (with_events, events) = match settings.events {
        true => (Some(with_events), stored.events_of(with_events)),
        false => (None, 0),
    };
    let pulled = Pulled::new(ranges, &lists, options.page_size, with_events, events);
    let files = stored.estimate(settings.format, pulled);
    let staging = StagingSizes::estimate(pulled, files, options.folder.is_local());
    plan.bytes = files.total();
    plan.staging_bytes = staging.max();
    plan.peak_bytes = staging.peak();
    if sessions > 0 {
        let by = match stored.is_empty() {
            true => "simulated sessions; a plan for a lake with sessions uses the stored ones",
            false => "the sessions of the lake, and staging by simulated ones",
        };
        plan.disk_notes.push(format!("sizes are estimated by {by}"));
        if pulled.days() > 1 {
            plan.disk_notes.push(format!(
                "the sessions are assumed to be spread evenly over {} days: a day with many of them needs more staging",
                pulled.days()
            ));
        }
    }
    if last.failed > 0 {
        plan.disk_notes.push(format!(
            "{} of {} requests for the last sessions of lists failed: the days of these lists are less exact",
            last.failed, last.requests
        ));
    }
    if input.aggregate_requests > 0 {
        plan.disk_notes
            .push("the files of aggregates are not included".to_owned());
    }
    if settings.delta {
        plan.disk_notes.push(
            "files that later pulls replace are not included: they stay for 7 days for readers of earlier versions"
                .to_owned(),
        );
    }
    Ok(plan)
}

/// The totals of a group of ranges.
#[derive(Default)]
struct Count {
    lists: Vec<CountedList>,
    /// The requests that reading them takes.
    requests: u64,
    /// The requests that counting them took.
    sent: u64,
}

/// A list whose sessions were counted.
struct CountedList {
    asset: AssetId,
    size: ListSize,
}

impl Count {
    fn sessions(&self) -> u64 {
        self.lists.iter().map(|list| list.size.sessions).sum()
    }
}

async fn count(options: &RunOptions, ranges: Vec<&RequestRange>) -> apivideo::Result<Count> {
    let (client, page_size) = (&options.client, options.page_size);
    let mut count = Count::default();
    if let [first, .., last] = ranges.as_slice() {
        count.sent += 1;
        // The request that the pull sends first, so that both have the same response.
        count.requests += 1;
        let unlimited = Budget::new(None);
        if let Probe::Complete(sessions) = probe(client, first, last, page_size, &unlimited).await?
        {
            let period = DateRange::new(first.period.first, last.period.last);
            let size = ListSize::new(sessions.len() as u64, period).with(&sessions);
            let asset = first.asset.clone();
            count.lists.push(CountedList { asset, size });
            return Ok(count);
        }
    }
    for range in ranges {
        let list = service::sessions(client, &range.asset, range.period).page_size(PageSize::MIN);
        let first = list.page(1).await?;
        let total = match first.pagination.items_total {
            Some(total) if total >= first.items.len() as u64 => total,
            // Its error says what is missing.
            _ => list.total().await?,
        };
        count.sent += 1;
        let size = ListSize::new(total, range.period).with(&first.items);
        count.requests += size.sessions.div_ceil(page_size.get().into()).max(1);
        let asset = range.asset.clone();
        count.lists.push(CountedList { asset, size });
    }
    Ok(count)
}

/// The requests for the last sessions of lists.
#[derive(Clone, Copy, Default)]
struct LastSessions {
    requests: u64,
    failed: u64,
}

/// Adds the last sessions of the longest lists. The last sessions of the other lists are assumed to be
/// as late as these.
async fn add_last_sessions(
    options: &RunOptions,
    mut lists: Vec<&mut CountedList>,
) -> apivideo::Result<LastSessions> {
    lists.retain(|list| list.size.is_any_day_unknown());
    lists.sort_by_key(|list| std::cmp::Reverse(list.size.sessions));
    lists.truncate(LAST_SESSIONS);
    let mut sent = LastSessions {
        requests: lists.len() as u64,
        failed: 0,
    };
    let mut lists = stream::iter(lists)
        .map(async |list| {
            let number = u32::try_from(list.size.sessions).unwrap_or(u32::MAX);
            let all = service::sessions(&options.client, &list.asset, list.size.period);
            let last = all.page_size(PageSize::MIN).page(number).await;
            (list, last)
        })
        .buffered(CONCURRENT_TOTALS);
    while let Some((list, last)) = lists.next().await {
        match last {
            Ok(last) => list.size = list.size.with(&last.items),
            Err(error) if error.is_auth() || error.is_removed() => return Err(error),
            // The list has become shorter, or the service does not return single late pages: the plan is less exact.
            Err(_) => sent.failed += 1,
        }
    }
    Ok(sent)
}
