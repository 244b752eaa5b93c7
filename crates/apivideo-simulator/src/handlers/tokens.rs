use serde::Deserialize;

use crate::http::auth::Tokens;
use crate::http::endpoint::{Endpoint, Handler};
use crate::http::problem::Problem;
use crate::http::response::Response;
use crate::json::Object;
use crate::state::State;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Credentials {
    api_key: Option<String>,
    refresh_token: Option<String>,
}

pub(super) static ENDPOINTS: &[Endpoint] = &[
    Endpoint::post("/auth/api-key", Handler::Tokens(exchange)),
    Endpoint::post("/auth/refresh", Handler::Tokens(renew)),
];

fn parse(body: &[u8]) -> Result<Credentials, Problem> {
    serde_json::from_slice(body).map_err(|_| Problem::payload())
}

/// Issues tokens for an API key.
fn exchange(state: &State, body: &[u8], now_ms: i64) -> Result<Response, Problem> {
    let key = parse(body)?.api_key;
    let key = key.ok_or_else(|| Problem::attribute("apiKey"))?;
    if key.is_empty() {
        return Err(Problem::invalid_key(400));
    }
    let tokens = state
        .auth
        .exchange(&key, now_ms)
        .ok_or_else(|| Problem::invalid_key(state.behaviour.invalid_key_status))?;
    Ok(Response::json(render(&tokens)))
}

/// Issues tokens for a refresh token.
fn renew(state: &State, body: &[u8], now_ms: i64) -> Result<Response, Problem> {
    let refresh = parse(body)?.refresh_token;
    let refresh = refresh.ok_or_else(|| Problem::attribute("refreshToken"))?;
    let tokens = state
        .auth
        .renew(&refresh, now_ms)
        .ok_or_else(|| Problem::unauthorized("The refresh token is invalid."))?;
    Ok(Response::json(render(&tokens)))
}

fn render(tokens: &Tokens) -> Vec<u8> {
    let mut out = Vec::with_capacity(512);
    let mut object = Object::begin(&mut out);
    object.string("token_type", "Bearer");
    object.number("expires_in", tokens.expires_in);
    object.string("access_token", &tokens.access);
    object.string("refresh_token", &tokens.refresh);
    object.end();
    out
}
