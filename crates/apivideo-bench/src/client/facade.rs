//! The streams of the client library, as an application uses them.

use std::time::Duration;

use apivideo::query::{Sessions, Window};
use apivideo::{Client, Event, List, Session};
use futures_util::stream::BoxStream;
use futures_util::{StreamExt, TryStreamExt};

use super::tally::Tally;
use super::task::{Done, Task, VIDEO, Work};
use crate::{Result, machine};

pub(super) async fn run(task: &Task) -> Result<Done> {
    let client = Client::builder()
        .api_key("any")
        .base_url(task.url.as_str())
        .build()?;
    match task.job {
        Work::List => list(&client, task).await,
        Work::Pages => pages(&client, task).await,
        Work::Events => events(&client, task).await,
        Work::Windows => windows(&client, task).await,
        Work::First => first(&client, task).await,
        Work::Limited => limited(&client, task).await,
    }
}

fn sessions(client: &Client, task: &Task) -> Result<List<Sessions>> {
    Ok(client
        .video(VIDEO.parse()?)
        .sessions(task.period.parse()?)
        .page_size(task.page_size.try_into()?)
        .with_prefetch(task.prefetch))
}

async fn list(client: &Client, task: &Task) -> Result<Done> {
    let mut tally = Tally::default();
    let mut sessions = sessions(client, task)?.stream();
    while let Some(session) = sessions.try_next().await? {
        touch(&session, &mut tally);
    }
    Ok(tally.into())
}

/// A slow consumer: it waits after each page, as one that writes batches; or it computes for each session.
async fn pages(client: &Client, task: &Task) -> Result<Done> {
    let mut done = Done::default();
    let pause = Duration::from_micros(task.consume_us);
    let mut sessions = sessions(client, task)?.stream();
    while let Some(session) = sessions.try_next().await? {
        let began = machine::now();
        touch(&session, &mut done.tally);
        drop(session);
        if task.busy {
            while began.elapsed() < pause / task.page_size {
                std::hint::spin_loop();
            }
        } else if !pause.is_zero() && done.tally.sessions % u64::from(task.page_size) == 0 {
            machine::sleep(pause).await;
        }
        done.consumed += began.elapsed();
    }
    Ok(done)
}

async fn events(client: &Client, task: &Task) -> Result<Done> {
    let mut tally = Tally::default();
    let sessions = sessions(client, task)?;
    if task.unordered {
        // The comparison for the ordered stream.
        let mut both = sessions
            .stream()
            .map_ok(|session| read(client, session))
            .try_buffer_unordered(task.concurrency);
        while let Some((session, events)) = both.try_next().await? {
            touch(&session, &mut tally);
            tally.events += events.len() as u64;
        }
    } else {
        let mut sessions = sessions.include_events(task.concurrency).stream();
        while let Some(session) = sessions.try_next().await? {
            touch(&session, &mut tally);
            tally.events += session.events().len() as u64;
        }
    }
    Ok(tally.into())
}

async fn read(client: &Client, session: Session) -> apivideo::Result<(Session, Vec<Event>)> {
    let events = client.session(session.id.clone()).events().stream();
    Ok((session, events.try_collect().await?))
}

async fn windows(client: &Client, task: &Task) -> Result<Done> {
    let mut tally = Tally::default();
    let list = sessions(client, task)?
        .with_windows(Window::Day)
        .with_concurrency(task.concurrency);
    let list = if task.unordered {
        list.unordered()
    } else {
        list
    };
    let mut sessions = list.stream();
    while let Some(session) = sessions.try_next().await? {
        touch(&session, &mut tally);
    }
    Ok(tally.into())
}

/// The first item of repeated streams, with a token and an open connection.
async fn first(client: &Client, task: &Task) -> Result<Done> {
    let list = sessions(client, task)?;
    list.total().await?;
    let mut times = Vec::new();
    for _ in 0..task.count {
        let began = machine::now();
        let first = list.stream().try_next().await?;
        times.push(began.elapsed());
        std::hint::black_box(first.ok_or("the list has no session")?);
    }
    Ok(Done {
        times,
        ..Done::default()
    })
}

/// As many requests as the rate limit allows, by several streams, for some seconds.
async fn limited(client: &Client, task: &Task) -> Result<Done> {
    let list = sessions(client, task)?;
    let streams = (0..task.concurrency)
        .map(|_| -> BoxStream<'_, apivideo::Result<Session>> { list.stream().boxed() });
    let mut all = futures_util::stream::select_all(streams);
    let mut tally = Tally::default();
    let mut end = std::pin::pin!(machine::sleep(Duration::from_secs(task.count)));
    loop {
        let next = std::pin::pin!(all.try_next());
        match futures_util::future::select(next, end.as_mut()).await {
            futures_util::future::Either::Left((session, _)) => match session? {
                Some(session) => touch(&session, &mut tally),
                None => return Err("the sessions ended before the time did".into()),
            },
            futures_util::future::Either::Right(_) => return Ok(tally.into()),
        }
    }
}

fn touch(session: &Session, tally: &mut Tally) {
    tally.sessions += 1;
    tally.text(Some(session.id.as_str()));
    tally.time(session.loaded_at);
    tally.time(session.ended_at);
    for pair in &session.metadata {
        tally.text(Some(pair.key.as_ref()));
        tally.text(pair.value.as_ref().and_then(|value| value.as_str()));
    }
    tally.text(session.location.country.as_deref());
    tally.text(session.location.city.as_deref());
    tally.text(session.referrer.url.as_deref());
    tally.text(session.referrer.medium.as_deref());
    tally.text(session.referrer.source.as_deref());
    tally.text(session.referrer.search_term.as_deref());
    tally.text(session.device.kind.as_deref());
    tally.text(session.device.vendor.as_deref());
    tally.text(session.device.model.as_deref());
    tally.text(session.os.name.as_deref());
    tally.text(session.os.short_name.as_deref());
    tally.text(session.os.version.as_deref());
    tally.text(session.client.kind.as_deref());
    tally.text(session.client.name.as_deref());
    tally.text(session.client.version.as_deref());
}
