//! Authorization: the key itself, or a token that is renewed once for all who wait for it.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use apivideo_core::types;
use apivideo_core::wire::{Object, Secret};
use base64::Engine;
use futures_util::FutureExt;
use futures_util::future::Shared as SharedFuture;
use progenitor_client::{Error as CoreError, ResponseValue};
use reqwest::StatusCode;
use reqwest::header::{HeaderMap, HeaderValue};
use serde_json::{Map, Value};

use crate::error::{Error, ErrorKind, Result};
use crate::transport::Shared;
use crate::transport::call::{self, Request, Sent};
use crate::transport::clock::BoxFuture;
use crate::transport::retry::{self, Attempt};
use crate::transport::trace;

/// A token is renewed so long before it expires.
const MARGIN: Duration = Duration::from_secs(60);

/// How long a token lives whose reply does not say it: the documented hour.
const LIFETIME: Duration = Duration::from_secs(3_600);

/// No token is trusted for longer, whatever its reply says.
const LONGEST: Duration = Duration::from_secs(7 * 24 * 3_600);

/// How requests are authorized.
pub(crate) enum Authorization {
    /// The key goes with every request.
    Basic(Grant),
    /// The key is exchanged for a token, which goes with every request.
    Bearer(Bearer),
}

/// What goes with one request.
#[derive(Clone)]
pub(crate) struct Grant {
    pub(crate) header: HeaderValue,
    /// Which token it is, counted from 1; 0 for a key.
    generation: u64,
}

impl Authorization {
    pub(crate) fn basic(key: &Secret) -> Result<Self> {
        let pair = base64::engine::general_purpose::STANDARD.encode(format!("{}:", key.expose()));
        Ok(Self::Basic(Grant {
            header: sensitive(&format!("Basic {pair}"))?,
            generation: 0,
        }))
    }

    pub(crate) fn bearer(key: Secret) -> Self {
        Self::Bearer(Bearer {
            key,
            state: Mutex::new(State {
                token: None,
                renewal: None,
                generations: 0,
            }),
        })
    }

    /// The authorization of a request that is to be sent now.
    pub(crate) async fn grant(&self, wire: &Arc<Shared>) -> Result<Grant> {
        match self {
            Self::Basic(grant) => Ok(grant.clone()),
            Self::Bearer(bearer) => bearer.grant(wire).await,
        }
    }

    /// Takes note that the service refused `grant`; whether a new one may do better.
    pub(crate) fn refuse(&self, grant: &Grant) -> bool {
        match self {
            Self::Basic(_) => false,
            Self::Bearer(bearer) => {
                bearer.refuse(grant);
                true
            }
        }
    }
}

/// Tokens by exchange of the key.
pub(crate) struct Bearer {
    key: Secret,
    state: Mutex<State>,
}

struct State {
    token: Option<Token>,
    renewal: Option<Renewal>,
    /// How many tokens were asked for.
    generations: u64,
}

#[derive(Clone)]
struct Token {
    grant: Grant,
    /// From when on it is renewed.
    stale: Instant,
    /// The service would not have it.
    refused: bool,
    refresh: Option<Secret>,
}

/// A renewal that is under way. Whoever waits for it drives it, so nobody depends on one that does not.
#[derive(Clone)]
struct Renewal {
    generation: u64,
    outcome: SharedFuture<BoxFuture<Result<Token>>>,
}

impl Bearer {
    async fn grant(&self, wire: &Arc<Shared>) -> Result<Grant> {
        let renewal = {
            let mut state = self.lock();
            if state.renewal.is_none()
                && let Some(token) = &state.token
                && !token.refused
                && wire.clock.now() < token.stale
            {
                return Ok(token.grant.clone());
            }
            match &state.renewal {
                Some(renewal) => renewal.clone(),
                None => {
                    state.generations += 1;
                    let refresh = state.token.take().and_then(|token| token.refresh);
                    let outcome = renew(
                        Arc::clone(wire),
                        self.key.clone(),
                        refresh,
                        state.generations,
                    );
                    let outcome: BoxFuture<_> = Box::pin(outcome);
                    let renewal = Renewal {
                        generation: state.generations,
                        outcome: outcome.shared(),
                    };
                    state.renewal.insert(renewal).clone()
                }
            }
        };
        let outcome = renewal.outcome.await;
        let mut state = self.lock();
        if state
            .renewal
            .as_ref()
            .is_some_and(|current| current.generation == renewal.generation)
        {
            state.renewal = None;
            state.token = outcome.as_ref().ok().cloned();
        }
        outcome.map(|token| token.grant)
    }

    fn refuse(&self, grant: &Grant) {
        let mut state = self.lock();
        if let Some(token) = &mut state.token
            && token.grant.generation == grant.generation
        {
            token.refused = true;
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A new token: by the refresh token, which is tried once since it works once, and otherwise by the key.
async fn renew(
    wire: Arc<Shared>,
    key: Secret,
    refresh: Option<Secret>,
    generation: u64,
) -> Result<Token> {
    if let Some(refresh) = refresh {
        trace::renewal("its refresh token");
        let request = Request::new("refreshAccessToken", "POST /auth/refresh");
        let asked = wire.clock.now();
        let reply = call::once(&wire, &request, Sent::default(), |core| {
            let body = types::RefreshCredentials {
                refresh_token: refresh.clone(),
            };
            async move {
                let response = core.refresh_access_token().body(body).send().await;
                lenient(&response).map_or(response, Ok)
            }
        });
        // Refused or lost, it is spent: the key follows.
        if let Ok(reply) = reply.await
            && let Ok(token) = token(&wire, asked, reply.value, generation)
        {
            return Ok(token);
        }
    }
    trace::renewal("the API key");
    let request = Request::new("createAccessToken", "POST /auth/api-key");
    // Told to nobody who counts: a renewal is everybody's.
    let with = wire.retrying(&request, None);
    retry::run(&with, |attempt| {
        exchange(&wire, &request, &key, attempt, generation)
    })
    .await
    .map_err(|error| refused_key(&wire, error))
}

/// One attempt to exchange the key for a token, and how long it took.
async fn exchange(
    wire: &Shared,
    request: &Request,
    key: &Secret,
    attempt: Attempt,
    generation: u64,
) -> (Result<Token>, Duration) {
    let began = wire.clock.now();
    let mut resends = attempt.resends;
    let outcome = loop {
        let asked = wire.clock.now();
        let sent = Sent {
            resends,
            ..Sent::default()
        };
        let reply = call::once(wire, request, sent, |core| {
            let body = types::ApiKeyCredentials {
                api_key: key.clone(),
            };
            async move {
                let response = core.create_access_token().body(body).send().await;
                lenient(&response).map_or(response, Ok)
            }
        });
        match reply.await {
            Err(error) if wire.connections.take_stale(&error) => {
                trace::stale(request.line());
                resends += 1;
            }
            outcome => break outcome.and_then(|reply| token(wire, asked, reply.value, generation)),
        }
    };
    (outcome, (wire.clock.now() - began).min(wire.timeout))
}

/// Reads a token whose other fields are of other types than the document says.
fn lenient(response: &Result<TokenResponse, CoreError<()>>) -> Option<TokenResponse> {
    let Err(CoreError::InvalidResponsePayload(body, _)) = response else {
        return None;
    };
    let token = read_token(body)?.into();
    Some(ResponseValue::new(token, StatusCode::OK, HeaderMap::new()))
}

type TokenResponse = ResponseValue<Object<types::AccessToken>>;

fn read_token(body: &[u8]) -> Option<types::AccessToken> {
    let text = str::from_utf8(body).ok()?.trim_start_matches('\u{feff}');
    let fields: Map<String, Value> = serde_json::from_str(text).ok()?;
    let secret = |name: &str| {
        let text = fields.get(name)?.as_str().filter(|text| !text.is_empty())?;
        Some(Secret::from(text))
    };
    let seconds = fields.get("expires_in").and_then(|value| match value {
        Value::String(text) => text.trim().parse::<f64>().ok(),
        value => value.as_f64(),
    });
    Some(types::AccessToken {
        access_token: secret("access_token")?,
        // What is not finite or too large is cut to the bounds of the type, and to `LONGEST` later.
        expires_in: seconds.map(|seconds| seconds as i64),
        refresh_token: secret("refresh_token"),
        token_type: None,
    })
}

/// What is meant when the exchange of the key fails with 400, 401 or 403.
fn refused_key(wire: &Shared, error: Error) -> Error {
    let Some(status @ (StatusCode::BAD_REQUEST | StatusCode::UNAUTHORIZED)) = error.status() else {
        return error;
    };
    let said = error
        .problem()
        .and_then(crate::problem::Problem::summary)
        .unwrap_or_else(|| "no reason was given".to_owned());
    Error::new(
        ErrorKind::Unauthorized,
        format!(
            "the API key was refused by {}: {} {said}; check the key, and that it belongs to this environment \
             (sandbox and production have keys of their own)",
            wire.place,
            status.as_u16()
        ),
    )
    .with_status(status)
    .with_problem(error.problem().cloned())
    .with_attempts(error.attempts().unwrap_or(1))
}

fn token(
    wire: &Shared,
    asked: Instant,
    reply: Object<types::AccessToken>,
    generation: u64,
) -> Result<Token> {
    let reply = reply.value;
    wire.secrets.add(&reply.access_token);
    if let Some(refresh) = &reply.refresh_token {
        wire.secrets.add(refresh);
    }
    let lifetime = match reply
        .expires_in
        .and_then(|seconds| u64::try_from(seconds).ok())
    {
        None | Some(0) => LIFETIME,
        Some(seconds) => Duration::from_secs(seconds).min(LONGEST),
    };
    Ok(Token {
        grant: Grant {
            header: sensitive(&format!("Bearer {}", reply.access_token.expose()))?,
            generation,
        },
        // Half of its life for a token that lives shorter than two margins.
        stale: asked + lifetime.saturating_sub(MARGIN.min(lifetime / 2)),
        refused: false,
        refresh: reply.refresh_token,
    })
}

/// The value of a header that nothing prints.
fn sensitive(text: &str) -> Result<HeaderValue> {
    let mut value = HeaderValue::try_from(text).map_err(|_| {
        Error::new(
            ErrorKind::Decode,
            "the token that the service gave can't be sent in a header; ask its support",
        )
    })?;
    value.set_sensitive(true);
    Ok(value)
}

impl fmt::Debug for Authorization {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Basic(_) => "Basic(..)",
            Self::Bearer(_) => "Bearer(..)",
        })
    }
}

#[cfg(test)]
mod tests {
    use apivideo_simulator::Simulator;

    use super::*;
    use crate::Client;
    use crate::transport::clock::testing::TestClock;

    #[tokio::test]
    async fn a_token_is_renewed_a_minute_before_it_expires() {
        let simulator = Simulator::builder().start().await.unwrap();
        let clock = TestClock::new();
        let client = Client::builder()
            .api_key("key")
            .base_url(simulator.base_url())
            .with_clock(Arc::new(clock.clone()))
            .build()
            .unwrap();
        for (seconds, exchanges) in [(0, 1), (3_539, 1), (1, 2), (3_539, 2), (1, 3), (100_000, 4)] {
            clock.advance(Duration::from_secs(seconds));
            client.videos().total().await.unwrap();
            let requests = simulator.requests();
            let paths: Vec<_> = requests
                .iter()
                .map(apivideo_simulator::Request::path)
                .filter(|path| path.starts_with("/auth/"))
                .collect();
            assert_eq!(paths.len(), exchanges, "after {seconds} s more: {paths:?}");
            assert!(paths[1..].iter().all(|path| *path == "/auth/refresh"));
        }
        assert!(
            simulator
                .requests()
                .iter()
                .all(|request| request.status() == 200)
        );
    }

    #[test]
    fn a_token_is_read_whatever_stands_beside_it() {
        for (expires_in, seconds) in [
            (r#""3600""#, Some(3_600)),
            (r#"" 3600.5 ""#, Some(3_600)),
            ("3600.9", Some(3_600)),
            ("1e300", Some(i64::MAX)),
            ("-1", Some(-1)),
            ("null", None),
            ("true", None),
            (r#""an hour""#, None),
            ("[]", None),
        ] {
            let body = format!(
                r#"{{"access_token":"abc","token_type":7,"refresh_token":null,"expires_in":{expires_in}}}"#
            );
            let token = read_token(body.as_bytes()).unwrap();
            assert_eq!(token.access_token.expose(), "abc");
            assert_eq!(
                (token.expires_in, token.refresh_token),
                (seconds, None),
                "{body}"
            );
        }
        let body = "\u{feff}{\"access_token\":\"abc\",\"refresh_token\":\"def\"}";
        let token = read_token(body.as_bytes()).unwrap();
        assert_eq!(token.refresh_token.unwrap().expose(), "def");
        for body in [
            "",
            "[]",
            "{}",
            r#"{"access_token":""}"#,
            r#"{"access_token":7}"#,
        ] {
            assert!(read_token(body.as_bytes()).is_none(), "{body}");
        }
    }

    #[tokio::test]
    async fn a_short_token_is_renewed_at_half_its_life() {
        let simulator = Simulator::builder()
            .token_lifetime(Duration::from_secs(10))
            .start()
            .await
            .unwrap();
        let clock = TestClock::new();
        let client = Client::builder()
            .api_key("key")
            .base_url(simulator.base_url())
            .with_clock(Arc::new(clock.clone()))
            .build()
            .unwrap();
        for (seconds, requests) in [(0, 2), (4, 3), (1, 5)] {
            clock.advance(Duration::from_secs(seconds));
            client.videos().total().await.unwrap();
            assert_eq!(simulator.requests().len(), requests);
        }
    }
}
