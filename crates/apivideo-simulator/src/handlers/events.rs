use crate::behaviour::ResponseFormat;
use crate::http::endpoint::{Endpoint, Handler};
use crate::http::problem::Problem;
use crate::json::Object;
use crate::state::{ApiRequest, State};
use crate::time::{self, TimeFormat};
use crate::world::EventKind;
use crate::world::timeline::{Position, TimelineEvent};

use super::pagination::{self, Page};

pub(super) static ENDPOINTS: &[Endpoint] = &[Endpoint::get(
    "/analytics/sessions/{sessionId}/events",
    Handler::Cached(list),
)];

fn list(state: &State, request: ApiRequest<'_>) -> Result<Vec<u8>, Problem> {
    let [id, _] = request.parameters;
    let world = &state.world;
    // The recorded problem of this operation names the video, not the session.
    let missing = || Problem::not_found("videoId");
    let key = state.find_session(id).ok_or_else(missing)?;
    if world.loaded_ms(key) > request.now_ms {
        return Err(missing());
    }
    let events = world.timeline(key, request.now_ms.saturating_add(1)).events;
    let page = Page::new(request, &state.behaviour, events.len() as u64)?;
    Ok(pagination::render(&page, 96, |out, item| {
        write(out, events[item as usize], state.response_format);
    }))
}

fn write(out: &mut Vec<u8>, event: TimelineEvent, response_format: ResponseFormat) {
    let form = match response_format {
        ResponseFormat::Y2018 => TimeFormat::Space,
        ResponseFormat::Y2020 | ResponseFormat::Y2023 => TimeFormat::Atom,
    };
    let mut object = Object::begin(out);
    object.string("type", name(event.kind, response_format));
    time::push_quoted(object.key("emittedAt"), event.ms, form);
    match event.position {
        Position::At(at) => object.number("at", u64::from(at)),
        Position::Seek { from, to } => {
            object.number("from", u64::from(from));
            object.number("to", u64::from(to));
        }
    }
    object.end();
}

/// Returns the event type. The former names of ready, play and pause are recorded; the others are derived from them.
fn name(kind: EventKind, response_format: ResponseFormat) -> &'static str {
    match response_format {
        ResponseFormat::Y2018 => match kind {
            EventKind::Ready => "player_session_vod.loaded",
            EventKind::Play => "player_session_vod.played",
            EventKind::Pause => "player_session_vod.paused",
            EventKind::Resume => "player_session_vod.resumed",
            EventKind::SeekForward => "player_session_vod.seeked.forward",
            EventKind::SeekBackward => "player_session_vod.seeked.backward",
            EventKind::End => "player_session_vod.ended",
        },
        ResponseFormat::Y2020 | ResponseFormat::Y2023 => kind.as_str(),
    }
}
