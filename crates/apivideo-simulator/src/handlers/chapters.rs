use bytes::Bytes;
use hyper::StatusCode;
use hyper::header::HeaderValue;

use crate::http::endpoint::{Endpoint, Handler};
use crate::http::problem::Problem;
use crate::http::response::Response;
use crate::json::Object;
use crate::state::{ApiRequest, State};
use crate::world::{Asset, AssetKind};

use super::pagination::{self, Page};

pub(super) static ENDPOINTS: &[Endpoint] = &[
    Endpoint::get("/videos/{videoId}/chapters", Handler::Json(list)),
    Endpoint::get("/vod/{videoId}/chapters/{file}", Handler::File(file)),
];

fn list(state: &State, request: ApiRequest<'_>) -> Result<Vec<u8>, Problem> {
    let [id, _] = request.parameters;
    let video = video(state, id)?;
    let languages = video.chapter_languages();
    let page = Page::new(request, &state.behaviour, languages.len() as u64)?;
    let base_url = state.base_url();
    Ok(pagination::render(&page, 160, |out, item| {
        let language = languages[item as usize];
        let mut object = Object::begin(out);
        object.string("uri", &format!("/videos/{id}/chapters/{language}"));
        let src = format!("{base_url}/vod/{id}/chapters/{language}.vtt");
        object.string("src", &src);
        object.string("language", language);
        object.end();
    }))
}

/// Responds with a WebVTT file.
fn file(state: &State, request: ApiRequest<'_>) -> Result<Response, Problem> {
    let [id, file] = request.parameters;
    let video = video(state, id)?;
    let text = file
        .strip_suffix(".vtt")
        .and_then(|language| video.chapters_file(language))
        .ok_or_else(|| Problem::not_found("language"))?;
    Ok(Response::new(
        StatusCode::OK,
        HeaderValue::from_static("text/vtt; charset=utf-8"),
        Bytes::from(text),
    ))
}

fn video<'a>(state: &'a State, id: &str) -> Result<&'a Asset, Problem> {
    let world = &state.world;
    world
        .asset(id)
        .map(|asset| &world.assets()[asset])
        .filter(|asset| asset.kind == AssetKind::Video)
        .ok_or_else(|| Problem::not_found("videoId"))
}
