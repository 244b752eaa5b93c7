use std::fs;
use std::path::Path;
use std::time::Duration;

use serde::Deserialize;

use super::kinds::{Expire, Reset};
use super::rule::Rule;
use crate::Error;
use crate::chance::{Chance, Purpose};

/// What is to go wrong, and when: rules, each asked in turn for every request.
///
/// The first rule that takes a request spoils it; those after it neither see nor count it. As a file:
///
/// ```
/// let script = apivideo_simulator::FaultScript::from_json(r#"{
///   "seed": 7,
///   "rules": [
///     {"path": "/analytics/videos/*", "nth": 3, "status": 503, "headers": {"Retry-After": "1"}},
///     {"path": "/analytics/videos/*", "page": 2, "times": 1, "insert": {"sessions": 3, "at": "front"}},
///     {"path": "/analytics/sessions/*/events", "every": 20, "cut_at": 100},
///     {"path": "/auth/refresh", "reset": "before_head"},
///     {"name": "slow day", "probability": 0.1, "latency_ms": 20}
///   ]
/// }"#)?;
/// # Ok::<(), apivideo_simulator::Error>(())
/// ```
///
/// The members of a rule are the methods of [`Rule`], and mean the same:
///
/// | when | |
/// |---|---|
/// | `path` | `"/analytics/videos/*"`; `*` is any one segment |
/// | `method` | `"GET"` |
/// | `page` | the page that is asked for |
/// | `query` | `{"period": "2022-01-01"}`: parameters that the request must have |
/// | `nth`, `from`, `every`, `times` | numbers from 1, of the requests that fit |
/// | `probability` | 0 to 1 |
///
/// | what | |
/// |---|---|
/// | `name` | text |
/// | `latency_ms` | milliseconds before the head, up to 60,000 |
/// | `status` | 200 to 599, from in front of the service |
/// | `headers` | `{"Retry-After": "1"}` |
/// | `retry_after_date` | a `Retry-After` with the date in so many seconds |
/// | `content_type`, `body` | texts, instead of the reply's own |
/// | `slow` | `{"bytes": 100, "every_ms": 2}` |
/// | `cut_at` | bytes of the body after which the connection closes |
/// | `reset` | `"before_head"` or `"after_head"` |
/// | `replace` | `{"/data/0/location": []}`: JSON pointers and values |
/// | `remove` | `["/pagination/itemsTotal"]`: JSON pointers |
/// | `items_of` | the page whose items come instead |
/// | `overlap` | how many items of the page before come again first |
/// | `endless` | `true`: one more page, always |
/// | `expire_tokens` | `"access"` or `"all"` |
/// | `insert`, `delete` | `{"sessions": 3, "at": "front"}`; or `"end"`, or a number of sessions before |
/// | `of` | `{"asset": "vi…", "period": "2022-01-01"}`: the list that changes, if not the request's |
///
/// Beside `rules` and `seed`, a script may have `"live_stream_metadata": true`
/// ([`live_stream_metadata`](Self::live_stream_metadata)).
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[must_use]
pub struct FaultScript {
    #[serde(default = "first")]
    pub(super) seed: u64,
    #[serde(default)]
    pub(crate) live_stream_metadata: bool,
    pub(super) rules: Vec<Rule>,
}

fn first() -> u64 {
    1
}

impl Default for FaultScript {
    fn default() -> Self {
        Self {
            seed: first(),
            live_stream_metadata: false,
            rules: Vec::new(),
        }
    }
}

impl FaultScript {
    /// A script without rules.
    pub fn new() -> Self {
        Self::default()
    }

    /// The seed of what happens with a probability. Default: 1.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Sends `session.metadata` for live streams, as [`Behaviour::live_stream_metadata`](crate::Behaviour) does. Default: no.
    ///
    /// ```
    /// let script = apivideo_simulator::FaultScript::new().live_stream_metadata();
    /// # assert!(apivideo_simulator::FaultScript::from_json(r#"{"live_stream_metadata": true, "rules": []}"#).is_ok());
    /// ```
    pub fn live_stream_metadata(mut self) -> Self {
        self.live_stream_metadata = true;
        self
    }

    /// One more rule, asked after the others.
    pub fn rule(mut self, rule: Rule) -> Self {
        self.rules.push(rule);
        self
    }

    /// The rules of another script, asked after the others. The seed stays.
    pub fn then(mut self, other: Self) -> Self {
        self.live_stream_metadata |= other.live_stream_metadata;
        self.rules.extend(other.rules);
        self
    }

    /// Reads a script. An error says which rule is wrong, and its source where in the text.
    pub fn from_json(text: &str) -> Result<Self, Error> {
        Self::read(text, "the fault script")
    }

    /// Reads a script from a file.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref();
        let text = fs::read_to_string(path)
            .map_err(|error| Error::caused(format!("can't read {}", path.display()), error))?;
        Self::read(&text, &path.display().to_string())
    }

    /// What happens on a bad day, for long runs: about so large a share of the requests fails, 0 to 1.
    ///
    /// They get 429 (with a `Retry-After` of 0), 500, 502, 503 or 504, a body cut short, or a reset. One in five of
    /// the others is some milliseconds late or has a slow body. Now and then the access tokens expire, and more rarely
    /// all tokens: at the most every `200 / intensity` requests, so that one request never meets two of these.
    pub fn random(seed: u64, intensity: f64) -> Self {
        let share = if intensity.is_finite() {
            intensity.clamp(0.0, 1.0)
        } else {
            0.0
        };
        let mut script = Self::new().seed(seed);
        if share == 0.0 {
            return script;
        }
        let mut chance = Chance::new(seed, Purpose::Fault, &[]);
        let apart = (200.0 / share) as u64;
        let begin = 20 + chance.below(apart / 2);
        let expiries = [
            (Expire::Access, begin, 2 * apart),
            (Expire::All, begin + apart, 6 * apart),
        ];
        for (which, from, every) in expiries {
            script = script.rule(Rule::new().from(from).every(every).expire_tokens(which));
        }
        let cut_at = 1 + chance.below(400);
        let failures = [
            Rule::new().status(500),
            Rule::new().status(502).html(),
            Rule::new().status(503).body(""),
            Rule::new().status(504),
            Rule::new().status(429).header("Retry-After", "0"),
            Rule::new().cut_at(cut_at),
            Rule::new().cut_at(20_000),
            Rule::new().reset(Reset::BeforeHead),
            Rule::new().reset(Reset::AfterHead),
        ];
        // Each takes its share of what the ones before it leave, so that all have the same.
        let each = share / failures.len() as f64;
        let mut left = 1.0;
        for rule in failures {
            script = script.rule(rule.probability((each / left).min(1.0)));
            left -= each;
        }
        let ms = Duration::from_millis;
        script
            .rule(
                Rule::new()
                    .probability(0.1)
                    .latency(ms(1 + chance.below(3))),
            )
            .rule(Rule::new().probability(0.1).slow(16_384, ms(1)))
    }

    fn read(text: &str, what: &str) -> Result<Self, Error> {
        let mut json = serde_json::Deserializer::from_str(text);
        let script: Self = serde_path_to_error::deserialize(&mut json).map_err(|error| {
            let message = match error.path().to_string().as_str() {
                "." | "?" => format!("{what} can't be understood"),
                place => format!("{what} can't be understood at {place}"),
            };
            Error::caused(message, error.into_inner())
        })?;
        json.end().map_err(|error| {
            Error::caused(format!("{what} does not end where it should"), error)
        })?;
        script.check(what)?;
        Ok(script)
    }

    /// Whether it inserts or deletes sessions.
    pub(crate) fn changes_sessions(&self) -> bool {
        self.rules.iter().any(Rule::changes)
    }
}

#[cfg(test)]
mod tests;
