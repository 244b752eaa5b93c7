use serde::Deserialize;

use crate::http::auth::Tokens;
use crate::http::problem::Problem;
use crate::http::response::Response;
use crate::http::route::Route;
use crate::json::Object;
use crate::state::State;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Credentials {
    api_key: Option<String>,
    refresh_token: Option<String>,
}

/// Issues tokens for an API key or a refresh token.
pub(crate) fn issue(
    state: &State,
    route: Route<'_>,
    body: &[u8],
    now_ms: i64,
) -> Result<Response, Problem> {
    let credentials: Credentials = serde_json::from_slice(body).map_err(|_| Problem::payload())?;
    let tokens = if route == Route::Exchange {
        let key = credentials
            .api_key
            .ok_or_else(|| Problem::attribute("apiKey"))?;
        if key.is_empty() {
            return Err(Problem::invalid_key(400));
        }
        state
            .auth
            .exchange(&key, now_ms)
            .ok_or_else(|| Problem::invalid_key(state.behaviour.invalid_key_status))?
    } else {
        let refresh = credentials
            .refresh_token
            .ok_or_else(|| Problem::attribute("refreshToken"))?;
        state
            .auth
            .renew(&refresh, now_ms)
            .ok_or_else(|| Problem::unauthorized("The refresh token is invalid."))?
    };
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
