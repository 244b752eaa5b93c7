//! Decodes arbitrary bytes as responses: decoding does not panic, and decoded values survive a round trip.
#![no_main]

use std::fmt::Debug;

use apivideo::core::types::{self, EventPage, SessionPage};
use apivideo::core::wire::Object;
use apivideo::core::wire::json::{self, Page};
use apivideo::{Event, Session};
use libfuzzer_sys::fuzz_target;
use serde::Serialize;
use serde::de::DeserializeOwned;

fuzz_target!(|response: &[u8]| {
    if let Some(page) = read_twice::<Object<SessionPage>>(response) {
        for session in &page.data {
            read_twice::<Session>(&written(session));
        }
    }
    if let Some(page) = read_twice::<Object<EventPage>>(response) {
        for event in &page.data {
            read_twice::<Event>(&written(event));
        }
    }
    read_twice::<Session>(response);
    read_twice::<Event>(response);
    if let Ok(page) = Page::split(response, "session") {
        assert!(!json::is_cut_short(response));
        for record in page.records {
            if let Ok(value) = record.value
                && let Ok(session) = json::decode::<Object<types::Session>>(&value, &[])
            {
                read_twice::<Session>(&written(&session));
            }
        }
    }
});

/// Reads it, if it can be read; writes it, and reads that.
fn read_twice<T: Serialize + DeserializeOwned + PartialEq + Debug>(json: &[u8]) -> Option<T> {
    let first: T = serde_json::from_slice(json).ok()?;
    let json = written(&first);
    match serde_json::from_slice::<T>(&json) {
        Ok(second) if second == first => Some(first),
        outcome => panic!(
            "{first:?}\nwas written as {}\nand read as {outcome:?}",
            String::from_utf8_lossy(&json)
        ),
    }
}

fn written<T: Serialize + Debug>(value: &T) -> Vec<u8> {
    serde_json::to_vec(value).unwrap_or_else(|error| panic!("{value:?} can't be written: {error}"))
}
