use crate::http::problem::Problem;
use crate::http::service::{Call, Service};
use crate::json::Object;
use crate::settings::Vintage;
use crate::time::{self, Form};
use crate::world::EventKind;
use crate::world::timeline::{Happening, Position};

use super::paging::{self, Page};

pub(crate) fn list(service: &Service, id: &str, call: Call<'_>) -> Result<Vec<u8>, Problem> {
    let world = &service.world;
    // The recorded problem of this operation names the video, not the session.
    let missing = || Problem::not_found("videoId");
    let place = service.find_session(id).ok_or_else(missing)?;
    if world.loaded_ms(place) > call.now_ms {
        return Err(missing());
    }
    let events = world
        .timeline(place, call.now_ms.saturating_add(1))
        .happenings;
    let page = Page::of(call, &service.behaviour, events.len() as u64)?;
    Ok(paging::render(&page, 96, |out, item| {
        write(out, events[item as usize], service.vintage);
    }))
}

fn write(out: &mut Vec<u8>, happening: Happening, vintage: Vintage) {
    let form = match vintage {
        Vintage::Y2018 => Form::Space,
        Vintage::Y2020 | Vintage::Y2023 => Form::Atom,
    };
    let mut event = Object::begin(out);
    event.text("type", name(happening.kind, vintage));
    time::push_quoted(event.key("emittedAt"), happening.ms, form);
    match happening.position {
        Position::At(at) => event.number("at", u64::from(at)),
        Position::Moved { from, to } => {
            event.number("from", u64::from(from));
            event.number("to", u64::from(to));
        }
    }
    event.end();
}

/// The older names of loaded, played and paused are recorded; the others are formed after them.
fn name(kind: EventKind, vintage: Vintage) -> &'static str {
    let (old, new) = match kind {
        EventKind::Ready => ("player_session_vod.loaded", "ready"),
        EventKind::Play => ("player_session_vod.played", "play"),
        EventKind::Pause => ("player_session_vod.paused", "pause"),
        EventKind::Resume => ("player_session_vod.resumed", "resume"),
        EventKind::SeekForward => ("player_session_vod.seeked.forward", "seek.forward"),
        EventKind::SeekBackward => ("player_session_vod.seeked.backward", "seek.backward"),
        EventKind::End => ("player_session_vod.ended", "end"),
    };
    match vintage {
        Vintage::Y2018 => old,
        Vintage::Y2020 | Vintage::Y2023 => new,
    }
}
