use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use hyper::header::HeaderValue;

use super::log::starts;
use super::problem::Problem;
use crate::Expire;
use crate::chance::{Chance, Purpose, push_base62};
use crate::settings::Secret;

/// Tokens of each kind that are remembered; older ones are no longer let in.
const CAPACITY: usize = 10_000;

/// Who is let in: keys, the tokens they are exchanged for, and their renewal.
pub(crate) struct Gate {
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
    /// Both kinds by age.
    oldest: VecDeque<Tokens>,
}

struct Access {
    expires_ms: i64,
    uses_left: Option<u64>,
}

/// A pair as it is handed out.
#[derive(Clone)]
pub(crate) struct Tokens {
    pub(crate) access: String,
    pub(crate) refresh: String,
    pub(crate) expires_in: u64,
}

impl Gate {
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

    /// New tokens for a key, if it is let in.
    pub(crate) fn exchange(&self, key: &str, now_ms: i64) -> Option<Tokens> {
        self.knows(key).then(|| self.issue(now_ms))
    }

    /// New tokens for a refresh token, which is then used up.
    pub(crate) fn renew(&self, refresh: &str, now_ms: i64) -> Option<Tokens> {
        let known = {
            let mut issued = self.issued.lock().unwrap_or_else(PoisonError::into_inner);
            issued.refresh.remove(refresh)
        };
        known.map(|()| self.issue(now_ms))
    }

    /// Lets nobody in any more with the tokens that were handed out so far.
    pub(crate) fn expire(&self, which: Expire) {
        let mut issued = self.issued.lock().unwrap_or_else(PoisonError::into_inner);
        issued.access.clear();
        if which == Expire::All {
            issued.refresh.clear();
        }
    }

    /// Whether a request with this `Authorization` is let in.
    pub(crate) fn admit(&self, header: Option<&HeaderValue>, now_ms: i64) -> Result<(), Problem> {
        let Some(header) = header else {
            return Err(Problem::unauthorized(
                r#"The "Authorization" header is missing."#,
            ));
        };
        let header = header.as_bytes();
        if starts(header, b"bearer ") {
            let token = String::from_utf8_lossy(&header[b"bearer ".len()..]);
            return self.admit_token(token.trim(), now_ms);
        }
        let key = starts(header, b"basic ")
            .then(|| basic_key(&header[b"basic ".len()..]))
            .flatten();
        match key {
            Some(key) if self.knows(&key) => Ok(()),
            Some(_) => Err(Problem::unauthorized("The API key is invalid.")),
            None => Err(Problem::unauthorized(
                r#"The "Authorization" header value is invalid."#,
            )),
        }
    }

    fn admit_token(&self, token: &str, now_ms: i64) -> Result<(), Problem> {
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

    fn knows(&self, key: &str) -> bool {
        match &self.key {
            Some(expected) => expected.0 == key,
            None => !key.is_empty(),
        }
    }

    fn issue(&self, now_ms: i64) -> Tokens {
        let mut issued = self.issued.lock().unwrap_or_else(PoisonError::into_inner);
        issued.count += 1;
        let chance = Chance::new(self.seed, Purpose::Token, &[issued.count]);
        let tokens = make(chance, now_ms, self.lifetime);
        let lifetime_ms = i64::try_from(self.lifetime.as_millis()).unwrap_or(i64::MAX);
        issued.access.insert(
            tokens.access.clone(),
            Access {
                expires_ms: now_ms.saturating_add(lifetime_ms),
                uses_left: self.uses,
            },
        );
        issued.refresh.insert(tokens.refresh.clone(), ());
        issued.oldest.push_back(tokens.clone());
        if issued.oldest.len() > CAPACITY
            && let Some(old) = issued.oldest.pop_front()
        {
            issued.access.remove(&old.access);
            issued.refresh.remove(&old.refresh);
        }
        tokens
    }
}

/// An access token in the shape of the service's: a JWT whose times are fractional seconds. Nobody verifies it.
fn make(mut chance: Chance, now_ms: i64, lifetime: Duration) -> Tokens {
    let issued_at = now_ms as f64 / 1_000.0;
    let expires = issued_at + lifetime.as_secs_f64();
    let mut words = [const { Vec::new() }; 3];
    for word in &mut words {
        push_base62(word, chance.next());
        push_base62(word, chance.next());
    }
    let [project, signature, refresh] =
        words.map(|word| String::from_utf8_lossy(&word).into_owned());
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

/// The key of `key:`, or of a user name with any password.
fn basic_key(encoded: &[u8]) -> Option<String> {
    let decoded = STANDARD.decode(encoded.trim_ascii()).ok()?;
    let text = String::from_utf8(decoded).ok()?;
    text.split_once(':').map(|(key, _)| key.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gate(key: Option<&str>, uses: Option<u64>) -> Gate {
        let key = key.map(|key| Secret(key.to_owned()));
        Gate::new(1, key, Duration::from_secs(60), uses)
    }

    fn admit(gate: &Gate, header: &str, now_ms: i64) -> Result<(), u16> {
        let header = HeaderValue::from_str(header).unwrap();
        gate.admit(Some(&header), now_ms)
            .map_err(|problem| problem.status)
    }

    #[test]
    fn tokens_expire() {
        let gate = gate(None, None);
        let tokens = gate.exchange("key", 0).unwrap();
        assert_eq!(tokens.expires_in, 60);
        let header = format!("Bearer {}", tokens.access);
        assert_eq!(admit(&gate, &header, 59_999), Ok(()));
        assert_eq!(admit(&gate, &header, 60_000), Err(401));
    }

    #[test]
    fn tokens_wear_out() {
        let gate = gate(None, Some(2));
        let header = format!("bearer {}", gate.exchange("key", 0).unwrap().access);
        assert_eq!(admit(&gate, &header, 0), Ok(()));
        assert_eq!(admit(&gate, &header, 0), Ok(()));
        assert_eq!(admit(&gate, &header, 0), Err(401));
    }

    #[test]
    fn a_refresh_token_works_once() {
        let gate = gate(None, None);
        let first = gate.exchange("key", 0).unwrap();
        let second = gate.renew(&first.refresh, 0).unwrap();
        assert_ne!(
            (&first.access, &first.refresh),
            (&second.access, &second.refresh)
        );
        assert!(gate.renew(&first.refresh, 0).is_none());
        assert!(gate.renew(&second.refresh, 0).is_some());
    }

    #[test]
    fn only_the_set_key_is_let_in() {
        let gate = gate(Some("right"), None);
        assert!(gate.exchange("wrong", 0).is_none());
        assert!(gate.exchange("right", 0).is_some());
        let basic = |text: &str| format!("Basic {}", STANDARD.encode(text));
        assert_eq!(admit(&gate, &basic("right:"), 0), Ok(()));
        for header in [
            basic("wrong:"),
            basic("right"),
            "Basic ?".into(),
            "right".into(),
            "Bearer ".into(),
        ] {
            assert_eq!(admit(&gate, &header, 0), Err(401), "{header}");
        }
        assert_eq!(gate.admit(None, 0).unwrap_err().status, 401);
    }

    #[test]
    fn times_in_the_token_are_fractional() {
        let tokens = gate(None, None).exchange("key", 1_642_824_319_096).unwrap();
        let claims = tokens.access.split('.').nth(1).unwrap();
        let claims: serde_json::Value =
            serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).unwrap()).unwrap();
        assert!(claims["iat"].is_f64() && claims["exp"].is_f64());
    }
}
