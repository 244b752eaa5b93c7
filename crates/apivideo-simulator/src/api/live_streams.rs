use crate::http::problem::Problem;
use crate::http::service::{Call, Service};
use crate::json::Object;
use crate::time::{self, Form};
use crate::world::{Asset, AssetKind};

use super::paging::{self, Page};
use super::videos::iframe;

pub(crate) fn list(service: &Service, call: Call<'_>) -> Result<Vec<u8>, Problem> {
    let by = paging::sort_by(call, &["createdAt", "updatedAt", "name"])?;
    let descending = paging::descending(call, false)?;
    let query = call.query;
    let mut streams: Vec<&Asset> = service
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
    let page = Page::of(call, &service.behaviour, streams.len() as u64)?;
    Ok(paging::render(&page, 768, |out, item| {
        write(out, streams[item as usize]);
    }))
}

pub(crate) fn get(service: &Service, id: &str) -> Result<Vec<u8>, Problem> {
    let world = &service.world;
    let stream = world
        .asset(id)
        .map(|asset| &world.assets()[asset])
        .filter(|asset| asset.kind == AssetKind::LiveStream)
        .ok_or_else(|| Problem::not_found("liveStreamId"))?;
    let mut out = Vec::with_capacity(768);
    write(&mut out, stream);
    Ok(out)
}

fn write(out: &mut Vec<u8>, stream: &Asset) {
    let id = &stream.id;
    let mut object = Object::begin(out);
    object.text("liveStreamId", id);
    object.text("name", &stream.name);
    object.text("streamKey", &stream.stream_key);
    object.flag("public", true);
    let player = format!("https://embed.api.video/live/{id}");
    let mut assets = Object::begin(object.key("assets"));
    assets.text("hls", &format!("https://live.api.video/{id}.m3u8"));
    assets.text("iframe", &iframe(&player));
    assets.text("player", &player);
    assets.text(
        "thumbnail",
        &format!("https://cdn.api.video/live/{id}/thumbnail.jpg"),
    );
    assets.end();
    // Nobody sends anything to a simulated stream.
    object.flag("broadcasting", false);
    for (name, ms) in [
        ("createdAt", stream.created_ms),
        ("updatedAt", stream.updated_ms),
    ] {
        time::push_quoted(object.key(name), ms, Form::Atom);
    }
    object.key("restreams").extend_from_slice(b"[]");
    object.end();
}
