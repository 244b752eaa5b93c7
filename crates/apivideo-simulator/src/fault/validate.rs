//! Checks of a rule beyond its JSON syntax.

use hyper::Method;
use hyper::header::{HeaderName, HeaderValue};

use super::rule::Rule;
use crate::period;

/// The maximum latency, and pause between chunks of a body.
const MAX_DELAY_MS: u64 = 60_000;

/// The maximum number of sessions that a rule inserts or deletes at once.
const MAX_SESSIONS: u32 = 10_000;

impl Rule {
    /// Returns what is wrong with the rule, if anything.
    pub(super) fn validate(&self) -> Result<(), String> {
        if !self.has_effect() {
            return Err(
                "the rule has no effect: add a fault such as `status` or `latency_ms`".to_owned(),
            );
        }
        self.validate_selection()?;
        self.validate_response()?;
        self.validate_changes()
    }

    fn validate_selection(&self) -> Result<(), String> {
        if let Some(path) = &self.path
            && (!path.starts_with('/') || path.contains('?'))
        {
            return Err(format!(
                "invalid path {path:?}: must start with `/` and have no query"
            ));
        }
        if let Some(method) = &self.method
            && Method::from_bytes(method.as_bytes()).is_err()
        {
            return Err(format!("invalid method {method:?}"));
        }
        let counts = [
            ("page", self.page),
            ("nth", self.nth),
            ("from", self.from),
            ("every", self.every),
            ("times", self.times),
            ("items_of", self.items_of),
        ];
        if let Some((name, _)) = counts.iter().find(|(_, number)| *number == Some(0)) {
            return Err(format!("invalid `{name}` 0: must be at least 1"));
        }
        if self.nth.is_some() && (self.from.is_some() || self.every.is_some()) {
            return Err("`nth` cannot be combined with `from` or `every`".to_owned());
        }
        match self.probability {
            Some(probability) if !(0.0..=1.0).contains(&probability) => {
                Err(format!("invalid probability {probability}: must be 0 to 1"))
            }
            _ => Ok(()),
        }
    }

    fn validate_response(&self) -> Result<(), String> {
        let pause = self.slow.map(|slow| slow.every_ms);
        if let Some(ms) = self.latency_ms.max(pause)
            && ms > MAX_DELAY_MS
        {
            return Err(format!(
                "invalid delay of {ms} ms: must be at most {MAX_DELAY_MS} ms"
            ));
        }
        if self.slow.is_some_and(|slow| slow.bytes == 0) {
            return Err("invalid `slow`: `bytes` must be at least 1".to_owned());
        }
        if let Some(status) = self.status
            && !(200..=599).contains(&status)
        {
            return Err(format!("invalid status {status}: must be 200 to 599"));
        }
        for (name, value) in &self.headers {
            if HeaderName::from_bytes(name.as_bytes()).is_err() {
                return Err(format!("invalid header name {name:?}"));
            }
            if ["content-length", "transfer-encoding", "connection"]
                .contains(&name.to_ascii_lowercase().as_str())
            {
                return Err(format!(
                    "the header `{name}` is set by the server and cannot be changed"
                ));
            }
            if HeaderValue::from_str(value).is_err() {
                return Err(format!("invalid value {value:?} of the header `{name}`"));
            }
        }
        if let Some(content_type) = &self.content_type
            && HeaderValue::from_str(content_type).is_err()
        {
            return Err(format!("invalid content type {content_type:?}"));
        }
        if self.cut_at.is_some() && self.reset.is_some() {
            return Err("`cut_at` cannot be combined with `reset`".to_owned());
        }
        if self.edits_page() && (self.status.is_some() || self.body.is_some()) {
            return Err(
                "`status` and `body` cannot be combined with faults that edit a page".to_owned(),
            );
        }
        let mut pointers = self.replace.keys().chain(&self.remove);
        match pointers.find(|pointer| !pointer.starts_with('/')) {
            Some(pointer) => Err(format!(
                "invalid JSON pointer {pointer:?}: must start with `/`"
            )),
            None => Ok(()),
        }
    }

    fn validate_changes(&self) -> Result<(), String> {
        for change in self.insert.iter().chain(&self.delete) {
            let sessions = change.sessions;
            if !(1..=MAX_SESSIONS).contains(&sessions) {
                return Err(format!(
                    "invalid number of sessions {sessions}: must be 1 to {MAX_SESSIONS}"
                ));
            }
        }
        match &self.list {
            Some(_) if !self.changes_sessions() => {
                Err("`list` requires `insert` or `delete`".to_owned())
            }
            Some(list) if period::parse(&list.period).is_none() => {
                Err(period::error_message(&list.period))
            }
            _ => Ok(()),
        }
    }
}
