use crate::http::problem::Problem;
use crate::http::query::Written;
use crate::http::service::{Call, Service};
use crate::json::{self, Object};
use crate::time::{self, Form};
use crate::world::{Asset, AssetKind};

use super::filters;
use super::paging::{self, Page};

pub(crate) fn list(service: &Service, call: Call<'_>) -> Result<Vec<u8>, Problem> {
    let by = paging::sort_by(call, &["createdAt", "publishedAt", "updatedAt", "title"])?;
    let descending = paging::descending(call, false)?;
    filters::check(&service.behaviour, call, "metadata", Written::Pairs)?;
    filters::check(&service.behaviour, call, "tags", Written::List)?;
    let mut videos: Vec<&Asset> = service
        .world
        .videos()
        .iter()
        .filter(|video| fits(video, call))
        .collect();
    match by {
        "title" => videos.sort_by(|a, b| a.name.cmp(&b.name)),
        "updatedAt" => videos.sort_by_key(|video| video.updated_ms),
        // A simulated video is published when it is created.
        _ => videos.sort_by_key(|video| video.created_ms),
    }
    if descending {
        videos.reverse();
    }
    let page = Page::of(call, &service.behaviour, videos.len() as u64)?;
    Ok(paging::render(&page, 1_024, |out, item| {
        write(out, videos[item as usize]);
    }))
}

pub(crate) fn get(service: &Service, id: &str) -> Result<Vec<u8>, Problem> {
    let world = &service.world;
    let video = world
        .asset(id)
        .map(|asset| &world.assets()[asset])
        .filter(|asset| asset.kind == AssetKind::Video)
        .ok_or_else(|| Problem::not_found("videoId"))?;
    let mut out = Vec::with_capacity(1_024);
    write(&mut out, video);
    Ok(out)
}

fn fits(video: &Asset, call: Call<'_>) -> bool {
    let query = call.query;
    let title = query
        .get("title")
        .is_none_or(|title| video.name.contains(title));
    let live = query
        .get("liveStreamId")
        .is_none_or(|id| video.recorded_from.as_deref() == Some(id));
    let has = |(name, value): (&str, &str)| {
        video
            .declared()
            .any(|(_, key)| (key.name, key.declared) == (name, value))
    };
    title
        && live
        && query.list("tags").all(|tag| video.tags.contains(&tag))
        && query.object("metadata").all(has)
}

fn write(out: &mut Vec<u8>, video: &Asset) {
    let id = &video.id;
    let mut object = Object::begin(out);
    object.text("videoId", id);
    object.text("title", &video.name);
    object.text("description", "A simulated video.");
    for (name, ms) in [
        ("publishedAt", video.created_ms),
        ("createdAt", video.created_ms),
        ("updatedAt", video.updated_ms),
    ] {
        time::push_quoted(object.key(name), ms, Form::Atom);
    }
    json::array(object.key("tags"), &video.tags, |out, tag| {
        json::string(out, tag);
    });
    json::array(object.key("metadata"), video.declared(), |out, (_, key)| {
        let mut pair = Object::begin(out);
        pair.text("key", key.name);
        pair.text("value", key.declared);
        pair.end();
    });

    let mut source = Object::begin(object.key("source"));
    match &video.recorded_from {
        Some(live) => {
            source.text("type", "liveStream");
            let mut stream = Object::begin(source.key("liveStream"));
            stream.text("liveStreamId", live);
            let uri = format!("/live-streams/{live}");
            json::array(stream.key("links"), [uri], |out, uri| {
                let mut link = Object::begin(out);
                link.text("rel", "self");
                link.text("uri", &uri);
                link.end();
            });
            stream.end();
        }
        None => {
            source.text("type", "upload");
            source.text("uri", &format!("/videos/{id}/source"));
        }
    }
    source.end();

    let player = format!("https://embed.api.video/vod/{id}");
    let mut assets = Object::begin(object.key("assets"));
    assets.text(
        "hls",
        &format!("https://vod.api.video/vod/{id}/hls/manifest.m3u8"),
    );
    assets.text("iframe", &iframe(&player));
    assets.text("player", &player);
    assets.text(
        "thumbnail",
        &format!("https://vod.api.video/vod/{id}/thumbnail.jpg"),
    );
    assets.text(
        "mp4",
        &format!("https://vod.api.video/vod/{id}/mp4/source.mp4"),
    );
    assets.end();

    object.flag("panoramic", false);
    object.flag("public", true);
    object.flag("mp4Support", true);
    object.end();
}

pub(crate) fn iframe(player: &str) -> String {
    format!(
        r#"<iframe src="{player}" width="100%" height="100%" frameborder="0" scrolling="no" allowfullscreen="true"></iframe>"#
    )
}
