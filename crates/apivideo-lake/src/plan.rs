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
use crate::span::Span;
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
    /// Bytes that the files would take, about.
    pub bytes: u64,
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
    plan.bytes = known.bytes(settings, sessions);
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

    /// By what its rows take so far; where there are none, by what simulated ones take.
    fn bytes(&self, settings: &Settings, sessions: u64) -> u64 {
        let (session, event) = match settings.format {
            Format::Parquet => (80, 12),
            Format::Ndjson => (640, 250),
            Format::Csv => (250, 110),
        };
        let events_of_session = match self.sessions {
            0 => 10,
            known => self.events.div_ceil(known),
        };
        let each = |bytes: u64, rows: u64, usual: u64| {
            if rows == 0 {
                usual
            } else {
                bytes.div_ceil(rows)
            }
        };
        let session = each(self.session_bytes, self.sessions, session);
        let event = each(self.event_bytes, self.events, event);
        let events = if settings.events {
            events_of_session * event
        } else {
            0
        };
        sessions * (session + events)
    }
}
