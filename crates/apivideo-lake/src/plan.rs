//! What a pull would ask for, before it does.

use std::time::Duration;

use apivideo::Client;
use futures_util::{StreamExt, TryStreamExt, stream};

use crate::asset::Asset;
use crate::error::Result;
use crate::format::Format;
use crate::manifest::{Day, Part, Settings};
use crate::pull::probe::{Probed, groups, probe};
use crate::pull::{Pull, service};
use crate::requests::Budget;
use crate::span::{Span, subtract};
use crate::table::Table;

/// So many totals are asked for side by side.
const TOTALS: usize = 8;

/// What a pull would ask for; see [`Pull::plan`].
///
/// ```
/// fn tell(plan: &apivideo_lake::Plan) {
///     println!("{} requests, {} of them for events", plan.requests(), plan.event_requests);
///     for note in &plan.notes {
///         println!("an estimate: {note}");
///     }
/// }
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Plan {
    /// Videos and live streams.
    pub assets: u64,
    /// Lists of sessions that would be read.
    pub lists: u64,
    /// Sessions that the service says there are in them.
    pub sessions: u64,
    /// Requests to list the assets.
    pub asset_requests: u64,
    /// Requests to list the sessions.
    pub session_requests: u64,
    /// Requests for events: one for each session.
    pub event_requests: u64,
    /// Requests that this plan took.
    pub plan_requests: u64,
    /// Requests a minute that the service allows, if it has said so.
    pub rate_limit: Option<u32>,
    /// Estimated bytes of the files that the pull writes and leaves in the folder.
    pub bytes: u64,
    /// Estimated bytes of the staging that the pull needs beside them, and removes when it is complete.
    pub staging_bytes: u64,
    /// What of it is estimated, and why; where there is nothing, the requests are exact as long as nothing changes and
    /// none fails.
    pub notes: Vec<String>,
}

impl Plan {
    /// All requests.
    ///
    /// ```
    /// assert_eq!(apivideo_lake::Plan::default().requests(), 0);
    /// ```
    #[must_use]
    pub fn requests(&self) -> u64 {
        self.asset_requests + self.session_requests + self.event_requests
    }

    /// Returns the estimated bytes of disk that the pull needs at its peak, right before it removes its staging.
    ///
    /// ```
    /// let plan = apivideo_lake::Plan::default();
    /// assert_eq!(plan.peak_bytes(), plan.bytes + plan.staging_bytes);
    /// ```
    #[must_use]
    pub fn peak_bytes(&self) -> u64 {
        self.bytes + self.staging_bytes
    }

    /// How long it takes at the rate limit, at least; `None` where there is none.
    ///
    /// ```
    /// assert_eq!(apivideo_lake::Plan::default().time(), None);
    /// ```
    #[must_use]
    pub fn time(&self) -> Option<Duration> {
        let limit = self.rate_limit.filter(|limit| *limit > 0)?;
        Some(Duration::from_secs(self.requests() * 60 / u64::from(limit)))
    }
}

pub(crate) async fn make(
    pull: &Pull,
    settings: &Settings,
    assets: usize,
    asset_requests: u64,
    aggregate_requests: u64,
    parts: Vec<Part>,
) -> Result<Plan> {
    let places = groups(&parts.iter().collect::<Vec<_>>());
    let parts_of = |group: &Vec<usize>| -> Vec<&Part> {
        group.iter().filter_map(|place| parts.get(*place)).collect()
    };
    let page = pull.page_size.get();
    let counts: Vec<Count> = stream::iter(&places)
        .map(|group| count(pull, parts_of(group)))
        .buffered(TOTALS)
        .try_collect()
        .await
        .map_err(service)?;
    let sum = |of: fn(&Count) -> u64| counts.iter().map(of).sum::<u64>();
    let sessions = sum(|count| count.sessions);
    let mut plan = Plan {
        assets: assets as u64,
        lists: parts.len() as u64,
        sessions,
        asset_requests,
        session_requests: sum(|count| count.requests),
        plan_requests: asset_requests + sum(|count| count.made),
        rate_limit: pull.client.rate_limit().limit,
        ..Plan::default()
    };
    if settings.events {
        plan.event_requests = sessions;
        if sessions > 0 {
            plan.notes.push(format!(
                "events are counted as one request for each session; a session of more than {page} events takes more"
            ));
        }
    }
    let known = Known::load(pull, &parts)?;
    if settings.events && known.again > 0 {
        plan.notes.push(format!(
            "up to {} of the sessions are here already, and their events are asked for again only if they have moved",
            known.again
        ));
    }
    if pull.folder.staging().exists() {
        plan.notes.push(
            "a pull was begun and not finished; what it has is not asked for again, so that it may be fewer".to_owned(),
        );
    }
    if aggregate_requests > 0 {
        plan.notes.push(format!(
            "up to {aggregate_requests} requests for aggregates come on top: those of the videos and live streams that are \
             played each day"
        ));
    }
    let events = match settings.events {
        true => Some(known.events_of_session()),
        false => None,
    };
    plan.bytes = known.bytes(settings.format, sessions, events, days(&parts));
    plan.staging_bytes = staging_bytes(sessions, events, plan.session_requests + plan.lists);
    Ok(plan)
}

/// What was found of parts that are read together, if they can be.
#[derive(Default)]
struct Count {
    sessions: u64,
    /// Requests that reading them takes.
    requests: u64,
    /// Requests that this took.
    made: u64,
}

async fn count(pull: &Pull, parts: Vec<&Part>) -> apivideo::Result<Count> {
    let mut count = Count::default();
    if let [first, .., last] = parts.as_slice() {
        let stretch = Span::new(first.period.first, last.period.last);
        count.made += 1;
        // The same question as the pull asks, so that its answer is the same.
        count.requests += 1;
        if let Probed::Whole(sessions) = probe(
            &pull.client,
            &first.asset,
            stretch,
            &Budget::new(None),
            pull.page_size,
        )
        .await?
        {
            count.sessions = sessions.len() as u64;
            return Ok(count);
        }
    }
    for part in parts {
        let total = total(&pull.client, part).await?;
        count.made += 1;
        count.sessions += total;
        count.requests += total.div_ceil(u64::from(pull.page_size.get())).max(1);
    }
    Ok(count)
}

async fn total(client: &Client, part: &Part) -> apivideo::Result<u64> {
    let period = part.period.period();
    match &part.asset {
        Asset::Video(id) => client.video(id.clone()).sessions(period).total().await,
        Asset::LiveStream(id) => {
            client
                .live_stream(id.clone())
                .sessions(period)
                .total()
                .await
        }
    }
}

/// How many sessions of a part the service has now; `None` where it does not have the asset.
pub(crate) async fn total_now(client: &Client, part: &Part) -> Result<Option<u64>> {
    match total(client, part).await {
        Ok(total) => Ok(Some(total)),
        Err(error) if error.is_not_found() => Ok(None),
        Err(error) => Err(service(error)),
    }
}

/// What the folder has.
#[derive(Default)]
struct Known {
    sessions: u64,
    events: u64,
    session_bytes: u64,
    event_bytes: u64,
    /// Sessions on days that are read again.
    again: u64,
}

impl Known {
    fn load(pull: &Pull, parts: &[Part]) -> Result<Self> {
        let mut known = Self::default();
        for partition in Day::all(&pull.folder)? {
            let Some(day) = Day::load(&pull.folder, partition)? else {
                continue;
            };
            if let Some(file) = day.file(Table::Sessions) {
                known.sessions += file.written.rows;
                known.session_bytes += file.written.bytes;
                let is_again = |part: &Part| crate::pull::is_of(partition, part);
                if parts.iter().any(is_again) {
                    known.again += file.written.rows;
                }
            }
            if let Some(file) = day.file(Table::Events) {
                known.events += file.written.rows;
                known.event_bytes += file.written.bytes;
            }
        }
        Ok(known)
    }

    fn events_of_session(&self) -> u64 {
        match self.sessions {
            0 => 10,
            known => self.events.div_ceil(known),
        }
    }

    /// What files of `days` days take: by the rows in the folder so far; where there are none, by simulated ones.
    fn bytes(&self, format: Format, sessions: u64, events: Option<u64>, days: u64) -> u64 {
        // A day without sessions has no file.
        let files = days.min(sessions);
        let (session, event) = usual(format);
        let table = |bytes: u64, known: u64, rows: u64, usual: Size| match known {
            0 => files * (usual.file + MANIFEST) + rows * usual.row,
            known => rows * bytes.div_ceil(known),
        };
        let events = events.map_or(0, |events| {
            table(self.event_bytes, self.events, sessions * events, event)
        });
        events + table(self.session_bytes, self.sessions, sessions, session)
    }
}

/// What simulated rows take, in bytes.
#[derive(Clone, Copy)]
struct Size {
    /// A file without rows.
    file: u64,
    /// Each of its rows.
    row: u64,
}

/// What a file takes in the manifest of its day.
const MANIFEST: u64 = 420;

/// The files of sessions and of events.
fn usual(format: Format) -> (Size, Size) {
    let size = |file, row| Size { file, row };
    match format {
        Format::Parquet => (size(6_000, 45), size(2_800, 10)),
        Format::Ndjson => (size(0, 600), size(0, 232)),
        Format::Csv => (size(330, 241), size(110, 95)),
    }
}

/// What staging takes before it is removed, whatever the format of the files: all sessions of the lists, all their events,
/// and a line of the journal for each page and each list.
fn staging_bytes(sessions: u64, events: Option<u64>, lines: u64) -> u64 {
    const SESSION: u64 = 620;
    const HEAD_OF_EVENTS: u64 = 172;
    const EVENT: u64 = 232;
    const LINE: u64 = 800;
    let events = events.map_or(0, |events| HEAD_OF_EVENTS + events * EVENT);
    sessions * (SESSION + events) + lines * LINE
}

/// How many days the parts have, each counted once.
fn days(parts: &[Part]) -> u64 {
    let spans: Vec<Span> = parts.iter().map(|part| part.period).collect();
    let first = spans.iter().map(|span| span.first).min();
    let last = spans.iter().map(|span| span.last).max();
    let Some((first, last)) = first.zip(last) else {
        return 0;
    };
    let whole = Span::new(first, last);
    let gaps = subtract(whole, &spans).into_iter().flat_map(Span::days);
    (whole.days().count() - gaps.count()) as u64
}
