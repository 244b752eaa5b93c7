//! Authorization: the API key itself, or a token that is renewed once for all requests that need it.

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
use reqwest::header::HeaderMap;
use serde_json::{Map, Value};

use crate::error::{Error, ErrorKind, Result};
use crate::problem::Problem;
use crate::transport::attempt::{AttemptContext, send_once};
use crate::transport::clock::BoxFuture;
use crate::transport::credential::Credential;
use crate::transport::operation::Operation;
use crate::transport::retry::{self, Attempt, Attempted, Failure};
use crate::transport::shared::Shared;
use crate::transport::trace;

/// The time before its expiry at which a token is renewed.
const MARGIN: Duration = Duration::from_secs(60);

/// The lifetime of a token whose response does not report it: the documented hour.
const LIFETIME: Duration = Duration::from_secs(3_600);

/// The maximum lifetime of a token, whatever its response reports.
const MAX_LIFETIME: Duration = Duration::from_secs(7 * 24 * 3_600);

/// The way in which requests are authorized.
pub(crate) enum Authorization {
    /// The key is sent with every request.
    Basic(Credential),
    /// The key is exchanged for a token, which is sent with every request.
    Bearer(Bearer),
}

impl Authorization {
    pub(crate) fn basic(key: &Secret) -> Result<Self> {
        let pair = base64::engine::general_purpose::STANDARD.encode(format!("{}:", key.expose()));
        Ok(Self::Basic(Credential::new(&format!("Basic {pair}"), 0)?))
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

    /// Returns the credential for a request, and renews the token first where necessary.
    pub(crate) async fn credential(&self, shared: &Arc<Shared>) -> Result<Credential> {
        match self {
            Self::Basic(credential) => Ok(credential.clone()),
            Self::Bearer(bearer) => bearer.credential(shared).await,
        }
    }

    /// Records that the service refused `credential`, and returns whether a new one can be requested.
    pub(crate) fn refuse(&self, credential: &Credential) -> bool {
        match self {
            Self::Basic(_) => false,
            Self::Bearer(bearer) => {
                bearer.refuse(credential);
                true
            }
        }
    }
}

/// Tokens in exchange for the key.
pub(crate) struct Bearer {
    key: Secret,
    state: Mutex<State>,
}

struct State {
    token: Option<Token>,
    renewal: Option<Renewal>,
    /// The number of tokens that were requested.
    generations: u64,
}

#[derive(Clone)]
struct Token {
    credential: Credential,
    /// The instant from which on it is renewed.
    stale_at: Instant,
    /// Whether the service refused it.
    is_refused: bool,
    refresh: Option<Secret>,
}

/// A renewal in progress. Every request that waits for it polls it, so that none depends on another one.
#[derive(Clone)]
struct Renewal {
    generation: u64,
    outcome: SharedFuture<BoxFuture<Result<Token>>>,
}

impl Bearer {
    async fn credential(&self, shared: &Arc<Shared>) -> Result<Credential> {
        let renewal = {
            let mut state = self.lock();
            if state.renewal.is_none()
                && let Some(token) = &state.token
                && !token.is_refused
                && shared.clock.now() < token.stale_at
            {
                return Ok(token.credential.clone());
            }
            match &state.renewal {
                Some(renewal) => renewal.clone(),
                None => {
                    state.generations += 1;
                    let refresh = state.token.take().and_then(|token| token.refresh);
                    let outcome = renew(
                        Arc::clone(shared),
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
        outcome.map(|token| token.credential)
    }

    fn refuse(&self, credential: &Credential) {
        let mut state = self.lock();
        if let Some(token) = &mut state.token
            && token.credential.generation == credential.generation
        {
            token.is_refused = true;
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Requests a new token: with the refresh token, which is sent once because it is valid once, else with the key.
async fn renew(
    shared: Arc<Shared>,
    key: Secret,
    refresh: Option<Secret>,
    generation: u64,
) -> Result<Token> {
    if let Some(refresh) = refresh {
        trace::renewal("its refresh token");
        let operation = Operation::new("refreshAccessToken", "POST /auth/refresh");
        let requested_at = shared.clock.now();
        let response = send_once(&shared, &operation, AttemptContext::default(), |core| {
            let body = types::RefreshCredentials {
                refresh_token: refresh.clone(),
            };
            async move {
                let response = core.refresh_access_token().body(body).send().await;
                decode_leniently(&response).map_or(response, Ok)
            }
        });
        // After a refusal or a lost response the refresh token is spent, and the key is used.
        if let Ok(response) = response.await
            && let Ok(token) = token(&shared, requested_at, response.value, generation)
        {
            return Ok(token);
        }
    }
    trace::renewal("the API key");
    let operation = Operation::new("createAccessToken", "POST /auth/api-key");
    // Without counters: a renewal does not belong to one stream.
    let context = shared.retry_context(&operation, None);
    retry::run(&context, |attempt| {
        exchange(&shared, &operation, &key, attempt, generation)
    })
    .await
    .map_err(|error| refused_key(&shared, error))
}

/// One attempt to exchange the key for a token.
async fn exchange(
    shared: &Shared,
    operation: &Operation,
    key: &Secret,
    attempt: Attempt,
    generation: u64,
) -> Attempted<Token> {
    let began = shared.clock.now();
    let mut resends = attempt.resends;
    let outcome = loop {
        let requested_at = shared.clock.now();
        let sent = AttemptContext {
            resends,
            ..AttemptContext::default()
        };
        let response = send_once(shared, operation, sent, |core| {
            let body = types::ApiKeyCredentials {
                api_key: key.clone(),
            };
            async move {
                let response = core.create_access_token().body(body).send().await;
                decode_leniently(&response).map_or(response, Ok)
            }
        });
        match response.await {
            Err(error) if shared.connections.take_stale(&error) => {
                trace::stale(operation.line());
                resends += 1;
            }
            outcome => {
                break outcome
                    .and_then(|response| token(shared, requested_at, response.value, generation));
            }
        }
    };
    Attempted {
        outcome: outcome.map_err(Failure::from),
        elapsed: (shared.clock.now() - began).min(shared.timeout),
    }
}

/// Decodes a token whose other fields have other types than documented.
fn decode_leniently(
    response: &std::result::Result<TokenResponse, CoreError<()>>,
) -> Option<TokenResponse> {
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
        // The cast saturates; the lifetime is limited to `MAX_LIFETIME` later.
        expires_in: seconds.map(|seconds| seconds as i64),
        refresh_token: secret("refresh_token"),
        token_type: None,
    })
}

/// The error of a key that the exchange refused with 400 or 401.
fn refused_key(shared: &Shared, error: Error) -> Error {
    let Some(status @ (StatusCode::BAD_REQUEST | StatusCode::UNAUTHORIZED)) = error.status() else {
        return error;
    };
    let reason = error
        .problem()
        .and_then(Problem::summary)
        .unwrap_or_else(|| "no reason reported".to_owned());
    Error::new(
        ErrorKind::Unauthorized,
        format!(
            "the API key was rejected by {}: {} {reason}; check the key, and that it belongs to this environment \
             (sandbox and production have separate keys)",
            shared.endpoint,
            status.as_u16()
        ),
    )
    .with_status(status)
    .with_problem(error.problem().cloned())
    .with_attempts(error.attempts().unwrap_or(1))
}

fn token(
    shared: &Shared,
    requested_at: Instant,
    response: Object<types::AccessToken>,
    generation: u64,
) -> Result<Token> {
    let response = response.value;
    shared.secrets.add(&response.access_token);
    if let Some(refresh) = &response.refresh_token {
        shared.secrets.add(refresh);
    }
    let lifetime = match response
        .expires_in
        .and_then(|seconds| u64::try_from(seconds).ok())
    {
        None | Some(0) => LIFETIME,
        Some(seconds) => Duration::from_secs(seconds).min(MAX_LIFETIME),
    };
    Ok(Token {
        credential: Credential::new(
            &format!("Bearer {}", response.access_token.expose()),
            generation,
        )?,
        // Half of the lifetime for a token that is valid for less than two margins.
        stale_at: requested_at + lifetime.saturating_sub(MARGIN.min(lifetime / 2)),
        is_refused: false,
        refresh: response.refresh_token,
    })
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
            assert_eq!(
                paths.len(),
                exchanges,
                "after {seconds} more seconds: {paths:?}"
            );
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
    fn a_token_is_decoded_whatever_its_other_fields_contain() {
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
    async fn a_token_of_a_short_lifetime_is_renewed_at_half_of_it() {
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
