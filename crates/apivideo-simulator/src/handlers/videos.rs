use crate::http::endpoint::{Endpoint, Handler};
use crate::http::problem::Problem;
use crate::http::query::FilterSyntax;
use crate::json::{self, Object};
use crate::state::{ApiRequest, State};
use crate::time::{self, TimeFormat};
use crate::world::{Asset, AssetKind};

use super::filters;
use super::pagination::{self, Page};

pub(super) static ENDPOINTS: &[Endpoint] = &[
    Endpoint::get("/videos", Handler::Json(list)),
    Endpoint::get("/videos/{videoId}", Handler::Json(get)),
];

fn list(state: &State, request: ApiRequest<'_>) -> Result<Vec<u8>, Problem> {
    let by = pagination::sort_by(request, &["createdAt", "publishedAt", "updatedAt", "title"])?;
    let descending = pagination::descending(request, false)?;
    filters::check(&state.behaviour, request, "metadata", FilterSyntax::Object)?;
    filters::check(&state.behaviour, request, "tags", FilterSyntax::List)?;
    let mut videos: Vec<&Asset> = state
        .world
        .videos()
        .iter()
        .filter(|video| matches(video, request))
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
    let page = Page::new(request, &state.behaviour, videos.len() as u64)?;
    Ok(pagination::render(&page, 1_024, |out, item| {
        write(out, videos[item as usize]);
    }))
}

fn get(state: &State, request: ApiRequest<'_>) -> Result<Vec<u8>, Problem> {
    let [id, _] = request.parameters;
    let world = &state.world;
    let video = world
        .asset(id)
        .map(|asset| &world.assets()[asset])
        .filter(|asset| asset.kind == AssetKind::Video)
        .ok_or_else(|| Problem::not_found("videoId"))?;
    let mut out = Vec::with_capacity(1_024);
    write(&mut out, video);
    Ok(out)
}

fn matches(video: &Asset, request: ApiRequest<'_>) -> bool {
    let query = request.query;
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
    object.string("videoId", id);
    object.string("title", &video.name);
    object.string("description", "A simulated video.");
    for (name, ms) in [
        ("publishedAt", video.created_ms),
        ("createdAt", video.created_ms),
        ("updatedAt", video.updated_ms),
    ] {
        time::push_quoted(object.key(name), ms, TimeFormat::Atom);
    }
    json::array(object.key("tags"), &video.tags, |out, tag| {
        json::string(out, tag);
    });
    json::array(object.key("metadata"), video.declared(), |out, (_, key)| {
        let mut pair = Object::begin(out);
        pair.string("key", key.name);
        pair.string("value", key.declared);
        pair.end();
    });

    let mut source = Object::begin(object.key("source"));
    match &video.recorded_from {
        Some(live) => {
            source.string("type", "liveStream");
            let mut stream = Object::begin(source.key("liveStream"));
            stream.string("liveStreamId", live);
            let uri = format!("/live-streams/{live}");
            json::array(stream.key("links"), [uri], |out, uri| {
                let mut link = Object::begin(out);
                link.string("rel", "self");
                link.string("uri", &uri);
                link.end();
            });
            stream.end();
        }
        None => {
            source.string("type", "upload");
            source.string("uri", &format!("/videos/{id}/source"));
        }
    }
    source.end();

    let player = format!("https://embed.api.video/vod/{id}");
    let mut assets = Object::begin(object.key("assets"));
    assets.string(
        "hls",
        &format!("https://vod.api.video/vod/{id}/hls/manifest.m3u8"),
    );
    assets.string("iframe", &iframe(&player));
    assets.string("player", &player);
    assets.string(
        "thumbnail",
        &format!("https://vod.api.video/vod/{id}/thumbnail.jpg"),
    );
    assets.string(
        "mp4",
        &format!("https://vod.api.video/vod/{id}/mp4/source.mp4"),
    );
    assets.end();

    object.boolean("panoramic", false);
    object.boolean("public", true);
    object.boolean("mp4Support", true);
    object.end();
}

pub(crate) fn iframe(player: &str) -> String {
    format!(
        r#"<iframe src="{player}" width="100%" height="100%" frameborder="0" scrolling="no" allowfullscreen="true"></iframe>"#
    )
}
