use crate::http::endpoint::{Endpoint, Handler};
use crate::http::problem::Problem;
use crate::json::Object;
use crate::state::{ApiRequest, State};
use crate::time::{self, DAY, TimeFormat};
use crate::world::{Asset, AssetKind, World};

use super::pagination::{self, Page};
use super::videos::iframe;

pub(super) static ENDPOINTS: &[Endpoint] = &[
    Endpoint::get("/live-streams", Handler::Json(list)),
    Endpoint::get("/live-streams/{liveStreamId}", Handler::Json(get)),
];

fn list(state: &State, request: ApiRequest<'_>) -> Result<Vec<u8>, Problem> {
    let by = pagination::sort_by(request, &["createdAt", "updatedAt", "name"])?;
    let descending = pagination::descending(request, false)?;
    let query = request.query;
    let mut streams: Vec<&Asset> = state
        .world
        .live_streams()
        .iter()
        .filter(|stream| {
            query
                .get("name")
                .is_none_or(|name| stream.name.contains(name))
        })
        .filter(|stream| {
            query
                .get("streamKey")
                .is_none_or(|key| stream.stream_key == key)
        })
        .collect();
    match by {
        "name" => streams.sort_by(|a, b| a.name.cmp(&b.name)),
        "updatedAt" => streams.sort_by_key(|stream| stream.updated_ms),
        _ => streams.sort_by_key(|stream| stream.created_ms),
    }
    if descending {
        streams.reverse();
    }
    let page = Page::new(request, &state.behaviour, streams.len() as u64)?;
    Ok(pagination::render(&page, 768, |out, item| {
        write(out, state, streams[item as usize], request.now_ms);
    }))
}

fn get(state: &State, request: ApiRequest<'_>) -> Result<Vec<u8>, Problem> {
    let [id, _] = request.parameters;
    let world = &state.world;
    let stream = world
        .asset(id)
        .map(|asset| &world.assets()[asset])
        .filter(|asset| asset.kind == AssetKind::LiveStream)
        .ok_or_else(|| Problem::not_found("liveStreamId"))?;
    let mut out = Vec::with_capacity(768);
    write(&mut out, state, stream, request.now_ms);
    Ok(out)
}

fn write(out: &mut Vec<u8>, state: &State, stream: &Asset, now_ms: i64) {
    let id = &stream.id;
    let mut object = Object::begin(out);
    object.string("liveStreamId", id);
    object.string("name", &stream.name);
    object.string("streamKey", &stream.stream_key);
    object.boolean("public", true);
    let player = format!("https://embed.api.video/live/{id}");
    let mut assets = Object::begin(object.key("assets"));
    assets.string("hls", &format!("https://live.api.video/{id}.m3u8"));
    assets.string("iframe", &iframe(&player));
    assets.string("player", &player);
    assets.string(
        "thumbnail",
        &format!("https://cdn.api.video/live/{id}/thumbnail.jpg"),
    );
    assets.end();
    object.boolean("broadcasting", is_broadcasting(&state.world, id, now_ms));
    for (name, ms) in [
        ("createdAt", stream.created_ms),
        ("updatedAt", stream.updated_ms),
    ] {
        time::push_quoted(object.key(name), ms, TimeFormat::Atom);
    }
    object.key("restreams").extend_from_slice(b"[]");
    object.end();
}

/// Whether a live stream has a broadcast at a time. The days before and after the world have none.
fn is_broadcasting(world: &World, id: &str, now_ms: i64) -> bool {
    let day = now_ms.div_euclid(DAY) as i32;
    let is_in_world = (world.first_day_number()..=world.last_day_number()).contains(&day);
    let broadcast = world
        .asset(id)
        .and_then(|asset| world.broadcast(asset, day));
    is_in_world && broadcast.is_some_and(|broadcast| broadcast.contains(now_ms))
}
