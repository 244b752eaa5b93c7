//! What is wrong with a script, in words.

use hyper::Method;
use hyper::header::{HeaderName, HeaderValue};

use super::rule::Rule;
use super::script::FaultScript;
use crate::{Error, period};

/// The longest latency, and pause in a body.
const LONGEST_MS: u64 = 60_000;

/// The most sessions that a rule inserts or deletes at once.
const MOST_SESSIONS: u32 = 10_000;

impl FaultScript {
    pub(crate) fn check(&self, what: &str) -> Result<(), Error> {
        for (place, rule) in self.rules.iter().enumerate() {
            rule.check()
                .map_err(|wrong| Error::new(format!("{what}, rules[{place}]: {wrong}")))?;
        }
        Ok(())
    }
}

impl Rule {
    /// What is wrong with it, if anything.
    fn check(&self) -> Result<(), String> {
        if !self.does_something() {
            return Err("says when, but not what is to happen".to_owned());
        }
        self.check_when()?;
        self.check_reply()?;
        self.check_changes()
    }

    fn check_when(&self) -> Result<(), String> {
        if let Some(path) = &self.path
            && (!path.starts_with('/') || path.contains('?'))
        {
            return Err(format!(
                "the path `{path}` must begin with `/` and have no query"
            ));
        }
        if let Some(method) = &self.method
            && Method::from_bytes(method.as_bytes()).is_err()
        {
            return Err(format!("`{method}` is not a method"));
        }
        let counted = [
            ("page", self.page),
            ("nth", self.nth),
            ("from", self.from),
            ("every", self.every),
            ("times", self.times),
            ("items_of", self.items_of),
        ];
        if let Some((name, _)) = counted.iter().find(|(_, number)| *number == Some(0)) {
            return Err(format!("`{name}` counts from 1"));
        }
        if self.nth.is_some() && (self.from.is_some() || self.every.is_some()) {
            return Err(
                "`nth` is a single request: `from` and `every` don't go with it".to_owned(),
            );
        }
        match self.probability {
            Some(probability) if !(0.0..=1.0).contains(&probability) => Err(format!(
                "the probability {probability} is not within 0 and 1"
            )),
            _ => Ok(()),
        }
    }

    fn check_reply(&self) -> Result<(), String> {
        let pause = self.slow.map(|slow| slow.every_ms);
        if let Some(ms) = self.latency_ms.max(pause)
            && ms > LONGEST_MS
        {
            return Err(format!("{ms} ms are too long: {LONGEST_MS} at most"));
        }
        if self.slow.is_some_and(|slow| slow.bytes == 0) {
            return Err("a slow body needs pieces of 1 byte or more".to_owned());
        }
        if let Some(status) = self.status
            && !(200..=599).contains(&status)
        {
            return Err(format!(
                "the status {status} can't be: 200 to 599 are possible"
            ));
        }
        for (name, value) in &self.headers {
            if HeaderName::from_bytes(name.as_bytes()).is_err() {
                return Err(format!("`{name}` is not the name of a header"));
            }
            if ["content-length", "transfer-encoding", "connection"]
                .contains(&name.to_ascii_lowercase().as_str())
            {
                return Err(format!("the header `{name}` is the connection's own"));
            }
            if HeaderValue::from_str(value).is_err() {
                return Err(format!("the header `{name}` can't have this value"));
            }
        }
        if self
            .content_type
            .as_ref()
            .is_some_and(|kind| HeaderValue::from_str(kind).is_err())
        {
            return Err("the content type can't have this value".to_owned());
        }
        if self.cut_at.is_some() && self.reset.is_some() {
            return Err("a connection that is reset can't be cut as well".to_owned());
        }
        if self.edits() && (self.status.is_some() || self.body.is_some()) {
            return Err(
                "a reply with a status or a body of its own has no items to change".to_owned(),
            );
        }
        let mut pointers = self.replace.keys().chain(&self.remove);
        match pointers.find(|pointer| !pointer.starts_with('/')) {
            Some(pointer) => Err(format!("the JSON pointer `{pointer}` must begin with `/`")),
            None => Ok(()),
        }
    }

    fn check_changes(&self) -> Result<(), String> {
        for change in self.insert.iter().chain(&self.delete) {
            let sessions = change.sessions;
            if !(1..=MOST_SESSIONS).contains(&sessions) {
                return Err(format!(
                    "{sessions} sessions can't come or go: 1 to {MOST_SESSIONS} are possible"
                ));
            }
        }
        match &self.of {
            Some(_) if !self.changes() => {
                Err("names a list, but nothing is inserted or deleted".to_owned())
            }
            Some(list) if period::parse(&list.period).is_none() => {
                Err(format!("`{}` is not a period", list.period))
            }
            _ => Ok(()),
        }
    }
}
