//! The generated crate, page after page: no retries, no prefetching.

use apivideo_core::types::{Session, SessionInfo};
use apivideo_core::wire::{DateTime, Object};
use apivideo_core::{Client, Inner};
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue};

use super::tally::Tally;
use super::task::{Done, Task, VIDEO, Work, basic, unsupported};
use crate::Result;

pub(super) async fn run(task: &Task) -> Result<Done> {
    match task.job {
        Work::List => list(task).await,
        _ => unsupported(task),
    }
}

async fn list(task: &Task) -> Result<Done> {
    let mut headers = HeaderMap::new();
    headers.insert(AUTHORIZATION, HeaderValue::try_from(basic())?);
    let http = reqwest::Client::builder().no_proxy().build()?;
    let client = Client::new_with_client(&task.url, http, Inner::new(headers));
    let mut tally = Tally::default();
    for number in 1.. {
        let page = client
            .list_video_sessions()
            .video_id(VIDEO)
            .period(task.period.as_str())
            .current_page(number)
            .page_size(u64::from(task.page_size))
            .send()
            .await?
            .into_inner();
        for session in &page.data {
            touch(session, &mut tally);
        }
        let total = page.pagination.as_ref().and_then(|it| it.pages_total);
        if total.is_none_or(|total| u64::try_from(total).is_ok_and(|total| number >= total)) {
            break;
        }
    }
    Ok(tally.into())
}

#[expect(deprecated, reason = "old responses have `metadatas`")]
fn touch(session: &Object<Session>, tally: &mut Tally) {
    let SessionInfo {
        session_id,
        loaded_at,
        ended_at,
        metadata,
        metadatas,
    } = &session.session.value;
    tally.sessions += 1;
    tally.text(Some(session_id));
    tally.time(loaded_at.as_ref().and_then(DateTime::timestamp));
    tally.time(ended_at.as_ref().and_then(DateTime::timestamp));
    for pair in [metadata, metadatas].into_iter().flatten().flatten() {
        tally.text(pair.key.as_deref());
        // The field `value` of the wrapped object.
        tally.text(pair.value.value.as_ref().and_then(|value| value.as_str()));
    }
    if let Some(location) = &session.location {
        tally.text(location.country.as_deref());
        tally.text(location.city.as_deref());
    }
    if let Some(referrer) = &session.referrer {
        tally.text(referrer.url.as_deref());
        tally.text(referrer.medium.as_deref());
        tally.text(referrer.source.as_deref());
        tally.text(referrer.search_term.as_deref());
    }
    if let Some(device) = &session.device {
        tally.text(device.type_.as_deref());
        tally.text(device.vendor.as_deref());
        tally.text(device.model.as_deref());
    }
    if let Some(os) = &session.os {
        tally.text(os.name.as_deref());
        tally.text(os.shortname.as_deref());
        tally.text(os.version.as_deref());
    }
    if let Some(program) = &session.client {
        tally.text(program.type_.as_deref());
        tally.text(program.name.as_deref());
        tally.text(program.version.as_deref());
    }
}
