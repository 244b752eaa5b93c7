use serde::Deserialize;

use crate::http::gate::Tokens;
use crate::http::problem::Problem;
use crate::http::reply::Reply;
use crate::http::route::Route;
use crate::http::service::Service;
use crate::json::Object;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Credentials {
    api_key: Option<String>,
    refresh_token: Option<String>,
}

pub(crate) fn answer(
    service: &Service,
    route: Route<'_>,
    body: &[u8],
    now_ms: i64,
) -> Result<Reply, Problem> {
    let credentials: Credentials = serde_json::from_slice(body).map_err(|_| Problem::payload())?;
    let tokens = if route == Route::Exchange {
        let key = credentials
            .api_key
            .ok_or_else(|| Problem::attribute("apiKey"))?;
        if key.is_empty() {
            return Err(Problem::refused_key(400));
        }
        service
            .gate
            .exchange(&key, now_ms)
            .ok_or_else(|| Problem::refused_key(service.behaviour.refused_key_status))?
    } else {
        let refresh = credentials
            .refresh_token
            .ok_or_else(|| Problem::attribute("refreshToken"))?;
        service
            .gate
            .renew(&refresh, now_ms)
            .ok_or_else(|| Problem::unauthorized("The refresh token is invalid."))?
    };
    Ok(Reply::json(render(&tokens)))
}

fn render(tokens: &Tokens) -> Vec<u8> {
    let mut out = Vec::with_capacity(512);
    let mut object = Object::begin(&mut out);
    object.text("token_type", "Bearer");
    object.number("expires_in", tokens.expires_in);
    object.text("access_token", &tokens.access);
    object.text("refresh_token", &tokens.refresh);
    object.end();
    out
}
