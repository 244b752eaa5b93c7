use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use hyper::header::HeaderValue;

use serde::{Deserialize, Serialize};

use super::problem::Problem;
use super::request_log::starts_with_word;
use crate::rng::{Purpose, Rng, push_base62};

/// The tokens that stop being valid.
///
/// ```
/// # async fn example() -> Result<(), apivideo_simulator::Error> {
/// use apivideo_simulator::{Simulator, TokenScope};
///
/// let simulator = Simulator::builder().start().await?;
/// simulator.expire_tokens(TokenScope::Access);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenScope {
    /// Access tokens. In a fault script: `"access"`.
    Access,
    /// Access tokens and refresh tokens. In a fault script: `"all"`.
    All,
}

/// The maximum number of valid tokens of each kind; the oldest are dropped.
const CAPACITY: usize = 10_000;

/// An API key that `Debug` does not show.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Secret(pub(crate) String);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[hidden]")
    }
}

/// Accepts API keys, and issues, checks and renews tokens.
pub(crate) struct Authenticator {
    seed: u64,
    key: Option<Secret>,
    lifetime: Duration,
    uses: Option<u64>,
    issued: Mutex<Issued>,
}

#[derive(Default)]
struct Issued {
    count: u64,
    access: HashMap<String, Access>,
    refresh: HashMap<String, ()>,
    /// Pairs of tokens, oldest first.
    by_age: VecDeque<Tokens>,
}

struct Access {
    expires_ms: i64,
    uses_left: Option<u64>,
}

/// An access token and a refresh token, as issued together.
#[derive(Clone)]
pub(crate) struct Tokens {
    pub(crate) access: String,
    pub(crate) refresh: String,
    pub(crate) expires_in: u64,
}

impl Authenticator {
    pub(crate) fn new(
        seed: u64,
        key: Option<Secret>,
        lifetime: Duration,
        uses: Option<u64>,
    ) -> Self {
        Self {
            seed,
            key,
            lifetime,
            uses,
            issued: Mutex::default(),
        }
    }

    /// Returns new tokens for a key, or `None` for an invalid key.
    pub(crate) fn exchange(&self, key: &str, now_ms: i64) -> Option<Tokens> {
        self.accepts_key(key).then(|| self.issue(now_ms))
    }

    /// Returns new tokens for a refresh token, which is valid once.
    pub(crate) fn renew(&self, refresh: &str, now_ms: i64) -> Option<Tokens> {
        let known = {
            let mut issued = self.issued.lock().unwrap_or_else(PoisonError::into_inner);
            issued.refresh.remove(refresh)
        };
        known.map(|()| self.issue(now_ms))
    }

    /// Invalidates the tokens issued so far.
    pub(crate) fn expire(&self, scope: TokenScope) {
        let mut issued = self.issued.lock().unwrap_or_else(PoisonError::into_inner);
        issued.access.clear();
        if scope == TokenScope::All {
            issued.refresh.clear();
        }
    }

    /// Checks the `Authorization` header of a request.
    pub(crate) fn authenticate(
        &self,
        header: Option<&HeaderValue>,
        now_ms: i64,
    ) -> Result<(), Problem> {
        let Some(header) = header else {
            return Err(Problem::unauthorized(
                r#"The "Authorization" header is missing."#,
            ));
        };
        let header = header.as_bytes();
        if starts_with_word(header, b"bearer ") {
            let token = String::from_utf8_lossy(&header[b"bearer ".len()..]);
            return self.check_token(token.trim(), now_ms);
        }
        let key = starts_with_word(header, b"basic ")
            .then(|| basic_key(&header[b"basic ".len()..]))
            .flatten();
        match key {
            Some(key) if self.accepts_key(&key) => Ok(()),
            Some(_) => Err(Problem::unauthorized("The API key is invalid.")),
            None => Err(Problem::unauthorized(
                r#"The "Authorization" header value is invalid."#,
            )),
        }
    }

    fn check_token(&self, token: &str, now_ms: i64) -> Result<(), Problem> {
        let mut issued = self.issued.lock().unwrap_or_else(PoisonError::into_inner);
        let access = issued
            .access
            .get_mut(token)
            .filter(|access| now_ms < access.expires_ms && access.uses_left != Some(0));
        match access {
            Some(access) => {
                access.uses_left = access.uses_left.map(|left| left - 1);
                Ok(())
            }
            None => Err(Problem::unauthorized(
                "The access token is invalid or expired.",
            )),
        }
    }

    fn accepts_key(&self, key: &str) -> bool {
        match &self.key {
            Some(expected) => expected.0 == key,
            None => !key.is_empty(),
        }
    }

    fn issue(&self, now_ms: i64) -> Tokens {
        let mut issued = self.issued.lock().unwrap_or_else(PoisonError::into_inner);
        issued.count += 1;
        let rng = Rng::new(self.seed, Purpose::Token, &[issued.count]);
        let tokens = generate(rng, now_ms, self.lifetime);
        let lifetime_ms = i64::try_from(self.lifetime.as_millis()).unwrap_or(i64::MAX);
        issued.access.insert(
            tokens.access.clone(),
            Access {
                expires_ms: now_ms.saturating_add(lifetime_ms),
                uses_left: self.uses,
            },
        );
        issued.refresh.insert(tokens.refresh.clone(), ());
        issued.by_age.push_back(tokens.clone());
        if issued.by_age.len() > CAPACITY
            && let Some(old) = issued.by_age.pop_front()
        {
            issued.access.remove(&old.access);
            issued.refresh.remove(&old.refresh);
        }
        tokens
    }
}

/// Generates tokens in the format of the service: the access token is a JWT whose times are fractional seconds. Its
/// signature is random.
fn generate(mut rng: Rng, now_ms: i64, lifetime: Duration) -> Tokens {
    let issued_at = now_ms as f64 / 1_000.0;
    let expires = issued_at + lifetime.as_secs_f64();
    let [project, signature, refresh] = [(); 3].map(|()| {
        let mut text = Vec::new();
        push_base62(&mut text, rng.next());
        push_base62(&mut text, rng.next());
        String::from_utf8_lossy(&text).into_owned()
    });
    let claims = format!(
        r#"{{"iat":{issued_at:.6},"nbf":{issued_at:.6},"exp":{expires:.6},"projectId":"pr{project}"}}"#
    );
    let access = [r#"{"typ":"JWT","alg":"RS256"}"#, &claims, &signature]
        .map(|part| URL_SAFE_NO_PAD.encode(part))
        .join(".");
    Tokens {
        access,
        refresh: format!("rt{refresh}"),
        expires_in: lifetime.as_secs(),
    }
}

/// Extracts the API key, which is the user name of Basic authentication. The password is ignored.
fn basic_key(encoded: &[u8]) -> Option<String> {
    let decoded = STANDARD.decode(encoded.trim_ascii()).ok()?;
    let text = String::from_utf8(decoded).ok()?;
    text.split_once(':').map(|(key, _)| key.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn authenticator(key: Option<&str>, uses: Option<u64>) -> Authenticator {
        let key = key.map(|key| Secret(key.to_owned()));
        Authenticator::new(1, key, Duration::from_secs(60), uses)
    }

    fn authenticate(auth: &Authenticator, header: &str, now_ms: i64) -> Result<(), u16> {
        let header = HeaderValue::from_str(header).unwrap();
        auth.authenticate(Some(&header), now_ms)
            .map_err(|problem| problem.status)
    }

    #[test]
    fn tokens_expire_after_their_lifetime() {
        let auth = authenticator(None, None);
        let tokens = auth.exchange("key", 0).unwrap();
        assert_eq!(tokens.expires_in, 60);
        let header = format!("Bearer {}", tokens.access);
        assert_eq!(authenticate(&auth, &header, 59_999), Ok(()));
        assert_eq!(authenticate(&auth, &header, 60_000), Err(401));
    }

    #[test]
    fn tokens_expire_after_their_number_of_uses() {
        let auth = authenticator(None, Some(2));
        let header = format!("bearer {}", auth.exchange("key", 0).unwrap().access);
        assert_eq!(authenticate(&auth, &header, 0), Ok(()));
        assert_eq!(authenticate(&auth, &header, 0), Ok(()));
        assert_eq!(authenticate(&auth, &header, 0), Err(401));
    }

    #[test]
    fn a_refresh_token_is_valid_once() {
        let auth = authenticator(None, None);
        let first = auth.exchange("key", 0).unwrap();
        let second = auth.renew(&first.refresh, 0).unwrap();
        assert_ne!(
            (&first.access, &first.refresh),
            (&second.access, &second.refresh)
        );
        assert!(auth.renew(&first.refresh, 0).is_none());
        assert!(auth.renew(&second.refresh, 0).is_some());
    }

    #[test]
    fn only_the_configured_key_is_accepted() {
        let auth = authenticator(Some("right"), None);
        assert!(auth.exchange("wrong", 0).is_none());
        assert!(auth.exchange("right", 0).is_some());
        let basic = |text: &str| format!("Basic {}", STANDARD.encode(text));
        assert_eq!(authenticate(&auth, &basic("right:"), 0), Ok(()));
        for header in [
            basic("wrong:"),
            basic("right"),
            "Basic ?".into(),
            "right".into(),
            "Bearer ".into(),
        ] {
            assert_eq!(authenticate(&auth, &header, 0), Err(401), "{header}");
        }
        assert_eq!(auth.authenticate(None, 0).unwrap_err().status, 401);
    }

    #[test]
    fn times_in_an_access_token_are_fractional() {
        let tokens = authenticator(None, None)
            .exchange("key", 1_642_824_319_096)
            .unwrap();
        let claims = tokens.access.split('.').nth(1).unwrap();
        let claims: serde_json::Value =
            serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).unwrap()).unwrap();
        assert!(claims["iat"].is_f64() && claims["exp"].is_f64());
    }

    #[test]
    fn debug_hides_a_secret() {
        assert_eq!(format!("{:?}", Secret("abc".into())), "[hidden]");
    }
}
