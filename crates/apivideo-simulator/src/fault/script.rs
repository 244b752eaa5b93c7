use std::fs;
use std::path::Path;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::rule::Rule;
use super::types::Reset;
use crate::error::Error;
use crate::http::auth::TokenScope;
use crate::rng::{Purpose, Rng};

/// A list of [`Rule`]s that inject faults into the responses of a simulator.
///
/// For each request, the rules are evaluated in order. The first rule that selects the request is applied; the rules
/// after it neither match nor count it.
///
/// A script is written in code, or as JSON:
///
/// ```
/// let script = apivideo_simulator::FaultScript::from_json(r#"{
///   "seed": 7,
///   "rules": [
///     {"path": "/analytics/videos/*", "nth": 3, "status": 503, "headers": {"Retry-After": "1"}},
///     {"path": "/analytics/videos/*", "page": 2, "times": 1, "insert": {"sessions": 3, "at": "front"}},
///     {"path": "/analytics/sessions/*/events", "every": 20, "cut_at": 100},
///     {"path": "/auth/refresh", "reset": "before_head"},
///     {"name": "delayed", "probability": 0.1, "latency_ms": 20}
///   ]
/// }"#)?;
/// # Ok::<(), apivideo_simulator::Error>(())
/// ```
///
/// # JSON format
///
/// The members of a rule correspond to the methods of [`Rule`]:
///
/// | selection | value |
/// |---|---|
/// | `path` | a path without a query, such as `"/analytics/videos/*"`; `*` matches any one segment |
/// | `method` | such as `"GET"` |
/// | `page` | the requested page |
/// | `query` | parameters that the request must have, such as `{"period": "2022-01-01"}` |
/// | `nth`, `from`, `every`, `times` | numbers from 1, of the matching requests |
/// | `probability` | 0 to 1 |
///
/// | fault | value |
/// |---|---|
/// | `name` | the name of the rule |
/// | `latency_ms` | milliseconds before the response head, up to 60,000 |
/// | `status` | 200 to 599, as from a proxy in front of the service |
/// | `headers` | such as `{"Retry-After": "1"}` |
/// | `retry_after_date` | seconds from now, for a `Retry-After` with a date |
/// | `content_type`, `body` | strings that replace those of the response |
/// | `slow` | `{"bytes": 100, "every_ms": 2}` |
/// | `cut_at` | bytes of the body after which the connection is closed |
/// | `reset` | `"before_head"` or `"after_head"` |
/// | `replace` | JSON pointers and values, such as `{"/data/0/location": []}` |
/// | `remove` | JSON pointers, such as `["/pagination/itemsTotal"]` |
/// | `items_of` | the page whose items are returned instead |
/// | `overlap` | the number of items of the previous page that are repeated |
/// | `endless` | `true` to always announce one more page |
/// | `expire_tokens` | `"access"` or `"all"` |
/// | `insert`, `delete` | `{"sessions": 3, "at": "front"}`; `at` is `"front"`, `"end"` or an index |
/// | `list` | the list that is changed, such as `{"asset": "vi…", "period": "2022-01-01"}`; defaults to the requested one |
///
/// Besides `rules`, a script has the optional members `seed` and `live_stream_metadata`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[must_use]
pub struct FaultScript {
    #[serde(default = "default_seed")]
    pub(super) seed: u64,
    #[serde(default)]
    pub(crate) live_stream_metadata: bool,
    pub(super) rules: Vec<Rule>,
}

fn default_seed() -> u64 {
    1
}

impl Default for FaultScript {
    fn default() -> Self {
        Self {
            seed: default_seed(),
            live_stream_metadata: false,
            rules: Vec::new(),
        }
    }
}

impl FaultScript {
    /// Creates a script without rules.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the seed of rules with a probability. Defaults to 1.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Adds metadata to the sessions of live streams, as [`Behaviour::live_stream_metadata`](crate::Behaviour) does.
    pub fn live_stream_metadata(mut self) -> Self {
        self.live_stream_metadata = true;
        self
    }

    /// Appends a rule.
    pub fn rule(mut self, rule: Rule) -> Self {
        self.rules.push(rule);
        self
    }

    /// Appends the rules of another script. The seed is unchanged.
    pub fn chain(mut self, other: Self) -> Self {
        self.live_stream_metadata |= other.live_stream_metadata;
        self.rules.extend(other.rules);
        self
    }

    /// Parses a script in JSON.
    ///
    /// # Errors
    ///
    /// Returns an error if the text is not valid JSON, or contains an invalid rule. The error names the rule, and its source the
    /// position in the text.
    pub fn from_json(text: &str) -> Result<Self, Error> {
        Self::parse(text, "fault script")
    }

    /// Reads a script from a JSON file.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`from_json`](Self::from_json), and an error if the file cannot be read.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref();
        let text = fs::read_to_string(path).map_err(|error| {
            Error::with_source(format!("cannot read {}", path.display()), error)
        })?;
        Self::parse(&text, &format!("fault script {}", path.display()))
    }

    /// Returns a script of mixed faults, for long-running tests. About `intensity` (0 to 1) of the requests fail.
    ///
    /// They fail with 429 (and a `Retry-After` of 0), 500, 502, 503 or 504, a truncated body, or a reset. One in five
    /// of the other requests is delayed by a few milliseconds or has a slow body. At intervals of at least `200 /
    /// intensity` requests, access tokens expire, and less often all tokens, so that a request never meets two
    /// expirations.
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
        let mut rng = Rng::new(seed, Purpose::Fault, &[]);
        let interval = (200.0 / share) as u64;
        let first = 20 + rng.below(interval / 2);
        let expiries = [
            (TokenScope::Access, first, 2 * interval),
            (TokenScope::All, first + interval, 6 * interval),
        ];
        for (scope, from, every) in expiries {
            script = script.rule(Rule::new().from(from).every(every).expire_tokens(scope));
        }
        let cut_at = 1 + rng.below(400);
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
        // Later rules only see the requests that earlier rules leave, so their probabilities rise to give equal shares.
        let each = share / failures.len() as f64;
        let mut left = 1.0;
        for rule in failures {
            script = script.rule(rule.probability((each / left).min(1.0)));
            left -= each;
        }
        let ms = Duration::from_millis;
        script
            .rule(Rule::new().probability(0.1).latency(ms(1 + rng.below(3))))
            .rule(Rule::new().probability(0.1).slow(16_384, ms(1)))
    }

    fn parse(text: &str, what: &str) -> Result<Self, Error> {
        let mut json = serde_json::Deserializer::from_str(text);
        let script: Self = serde_path_to_error::deserialize(&mut json).map_err(|error| {
            let message = match error.path().to_string().as_str() {
                "." | "?" => format!("invalid {what}"),
                path => format!("invalid {what}: {path}"),
            };
            Error::with_source(message, error.into_inner())
        })?;
        json.end()
            .map_err(|error| Error::with_source(format!("invalid {what}"), error))?;
        script.validate(what)?;
        Ok(script)
    }

    pub(super) fn validate(&self, what: &str) -> Result<(), Error> {
        for (index, rule) in self.rules.iter().enumerate() {
            rule.validate().map_err(|message| {
                Error::new(format!("invalid {what}: rules[{index}]: {message}"))
            })?;
        }
        Ok(())
    }

    /// Whether the script inserts or deletes sessions.
    pub(crate) fn changes_sessions(&self) -> bool {
        self.rules.iter().any(Rule::changes_sessions)
    }
}

#[cfg(test)]
mod tests;
