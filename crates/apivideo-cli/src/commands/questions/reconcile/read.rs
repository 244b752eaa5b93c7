//! Reads the sessions of a period, and those that continue into it.

use std::num::NonZeroUsize;

use apivideo::jiff::ToSpan;
use apivideo::{AssetId, Client, ErrorKind, Event, Period, Session};
use futures_util::{StreamExt, TryStreamExt, stream};

use super::recount::Recount;
use crate::args::ResolvedPeriod;
use crate::context::Context;
use crate::failure::Failure;
use crate::progress::Status;
use crate::stderr::print_error;

/// The default number of concurrent requests for events.
const DEFAULT_CONCURRENCY: usize = 8;
/// The number of days before the period in which a session can have started that continues into it. The service changes the
/// statistics of a day for this long.
const LOOK_BACK_DAYS: i64 = 3;
const SESSIONS: (&str, &str) = ("session", "sessions");

/// Which sessions to read.
pub(super) struct Request<'a> {
    pub(super) asset: &'a AssetId,
    pub(super) period: &'a ResolvedPeriod,
    pub(super) concurrency: Option<NonZeroUsize>,
}

/// Adds the sessions to a recount.
pub(super) async fn sessions(
    context: &Context<'_>,
    client: &Client,
    request: &Request<'_>,
    mut recount: Recount,
) -> Result<Recount, Failure> {
    let concurrency = request
        .concurrency
        .map_or(DEFAULT_CONCURRENCY, NonZeroUsize::get);
    let page_size = context.settings.page_size.value;
    let list = |days: Period| {
        let list = client.assets([request.asset.clone()]).sessions(days);
        list.page_size(page_size)
    };
    let mut reporter = context.reporter();
    let days = request.period.utc_days;
    let mut found = list(days).include_events(concurrency).stream();
    while let Some(session) = found.next().await {
        reporter.show(&Status::of_stream(&found.progress(), SESSIONS));
        match session {
            Ok(session) => recount.add(&session),
            Err(error) => skip(error, &mut recount)?,
        }
    }
    let first = days.first_day();
    let before = (
        first.checked_sub(LOOK_BACK_DAYS.days()),
        first.checked_sub(1.day()),
    );
    let (Ok(earliest), Ok(last)) = before else {
        return Ok(recount);
    };
    let mut continued: Vec<Session> = Vec::new();
    let mut earlier = list(Period::range(earliest, last)?).stream();
    while let Some(session) = earlier.next().await {
        reporter.show(&Status::of_stream(&earlier.progress(), SESSIONS));
        match session {
            Ok(session) if recount.continues_into_period(&session) => continued.push(session),
            Ok(_) => {}
            Err(error) => skip(error, &mut recount)?,
        }
    }
    let mut with_events = stream::iter(continued)
        .map(|mut session| async {
            let events = client.session(session.id.clone()).events().stream();
            let events: apivideo::Result<Vec<Event>> = events.try_collect().await;
            events.map(|events| {
                session.events = Some(events);
                session
            })
        })
        .buffered(concurrency);
    while let Some(session) = with_events.next().await {
        match session {
            Ok(session) => recount.add(&session),
            Err(error) if error.kind() == ErrorKind::NotFound => {
                print_error(&error);
                recount.add_unreadable();
            }
            Err(error) => skip(error, &mut recount)?,
        }
    }
    Ok(recount)
}

/// Reports a session or a record that could not be read; returns an error that ends the list.
fn skip(error: apivideo::Error, recount: &mut Recount) -> Result<(), Failure> {
    if error.is_terminal() {
        return Err(error.into());
    }
    print_error(&error);
    recount.add_unreadable();
    Ok(())
}
