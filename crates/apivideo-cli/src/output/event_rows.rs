//! Events as rows: a session with events becomes an item per event.

use std::fmt;
use std::io;

use serde::de::{MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::{RawValue, to_raw_value};

use super::sink::Sink;
use crate::format::Layout;

/// Writes a row per event of each session: the fields of the session, and the event in the group `event` with its `index`. A
/// session without events is a row without an event.
///
/// The rows of a session are written at once, so that a list is resumed at a session.
pub(crate) struct EventRows {
    inner: Box<dyn Sink<Members>>,
}

impl EventRows {
    pub(crate) fn new(inner: Box<dyn Sink<Members>>) -> Self {
        Self { inner }
    }
}

impl<T: Serialize> Sink<T> for EventRows {
    fn write(&mut self, item: &T) -> io::Result<()> {
        let mut row: Members = serde_json::from_str(&serde_json::to_string(item)?)?;
        let events = match row.remove("events") {
            Some(events) => serde_json::from_str::<Option<Vec<Members>>>(events.get())?,
            None => None,
        };
        let events = events.unwrap_or_default();
        if events.is_empty() {
            row.set("event", to_raw_value(&())?);
            return self.inner.write(&row);
        }
        for (index, mut event) in events.into_iter().enumerate() {
            event.set("index", to_raw_value(&index)?);
            row.set("event", to_raw_value(&event)?);
            self.inner.write(&row)?;
        }
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }

    fn layout(&self) -> Option<Layout> {
        self.inner.layout()
    }

    fn finish(&mut self) -> io::Result<Option<String>> {
        self.inner.finish()
    }
}

/// The members of a JSON object, in their order.
#[derive(Debug, Default)]
pub(crate) struct Members(Vec<(String, Box<RawValue>)>);

impl Members {
    fn remove(&mut self, key: &str) -> Option<Box<RawValue>> {
        let index = self.0.iter().position(|(name, _)| name == key)?;
        Some(self.0.remove(index).1)
    }

    /// Sets a member, which becomes the last one if it is new.
    fn set(&mut self, key: &str, value: Box<RawValue>) {
        match self.0.iter_mut().find(|(name, _)| name == key) {
            Some((_, current)) => *current = value,
            None => self.0.push((key.to_owned(), value)),
        }
    }
}

impl Serialize for Members {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in &self.0 {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct MembersVisitor;

        impl<'de> Visitor<'de> for MembersVisitor {
            type Value = Members;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_map(MembersVisitor)
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::rc::Rc;

    use serde_json::{Value, json};

    use super::*;

    /// Collects the lines that are written.
    #[derive(Clone, Default)]
    struct Collected(Rc<RefCell<Vec<String>>>);

    impl Sink<Members> for Collected {
        fn write(&mut self, item: &Members) -> io::Result<()> {
            self.0.borrow_mut().push(serde_json::to_string(item)?);
            Ok(())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }

        fn finish(&mut self) -> io::Result<Option<String>> {
            Ok(None)
        }
    }

    fn rows(item: &Value) -> Vec<String> {
        let collected = Collected::default();
        EventRows::new(Box::new(collected.clone()))
            .write(item)
            .unwrap();
        collected.0.take()
    }

    #[test]
    fn a_session_becomes_a_row_per_event() {
        let session = json!({
            "a": {"x": 1.50, "id": "ps1"},
            "events": [{"type": "ready", "index": "own"}, {"at": 2, "type": "play"}],
            "z": null,
        });
        assert_eq!(
            rows(&session),
            [
                r#"{"a":{"id":"ps1","x":1.5},"z":null,"event":{"index":0,"type":"ready"}}"#,
                r#"{"a":{"id":"ps1","x":1.5},"z":null,"event":{"at":2,"type":"play","index":1}}"#,
            ]
        );
    }

    #[test]
    fn a_session_without_events_is_a_row() {
        for session in [
            json!({"id": "ps1"}),
            json!({"id": "ps1", "events": []}),
            json!({"id": "ps1", "events": null}),
        ] {
            assert_eq!(rows(&session), [r#"{"id":"ps1","event":null}"#]);
        }
    }
}
