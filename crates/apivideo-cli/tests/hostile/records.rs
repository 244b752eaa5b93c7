//! The text in which records are sent, and the values that the output must contain.

use serde_json::{Map, Value, json};

use crate::leaves;
use crate::mixture::{Kind, Mixture};
use crate::rng::Rng;
use crate::world::Fate;

/// A record as it is sent.
pub(crate) struct Item {
    pub(crate) wire: Vec<u8>,
    /// The text that the repaired service sends.
    pub(crate) repaired: Vec<u8>,
    /// The expected result for `wire`.
    pub(crate) fate: Fate,
    /// The values that must be in the output.
    pub(crate) leaves: Vec<String>,
    /// A string that must be in the output unchanged: digits that the JSON parser of this test does not preserve.
    pub(crate) text: Option<&'static str>,
}

impl Item {
    fn new(record: &Value) -> Self {
        let wire = text_of(record).into_bytes();
        Self {
            leaves: leaves::of(record),
            repaired: wire.clone(),
            wire,
            fate: Fate::Valid,
            text: None,
        }
    }

    /// The unique city of a session, if it was sent.
    pub(crate) fn city(&self) -> Option<String> {
        let wire = String::from_utf8_lossy(&self.wire);
        let start = wire.find("City ")?;
        let city = wire[start..].split('"').next()?;
        Some(city.to_owned())
    }

    /// Replaces [`MARK`] by these bytes, whose value is not checked.
    fn with_bytes(record: &Value, bytes: &[u8]) -> Self {
        let mut item = Self::new(record);
        item.leaves.retain(|leaf| leaf != MARK);
        let quoted = format!("\"{MARK}\"");
        let at = item
            .wire
            .windows(quoted.len())
            .position(|window| window == quoted.as_bytes());
        if let Some(at) = at {
            item.wire
                .splice(at..at + quoted.len(), bytes.iter().copied());
        }
        item.repaired = item.wire.clone();
        item
    }
}

/// Returns a record as text, with the session first as the service sends it.
fn text_of(record: &Value) -> String {
    let mut rest = record.clone();
    let session = rest
        .as_object_mut()
        .and_then(|members| members.remove("session"));
    match session {
        Some(session) => format!("{{\"session\":{session},{}", &rest.to_string()[1..]),
        None => record.to_string(),
    }
}

const MARK: &str = "MARK";

/// More digits than a double has, and more than 64 bits have.
const LONG: [&str; 3] = [
    "123456789012345678901234567890",
    "9007199254740993",
    "18446744073709551617",
];

/// Replacements of a string that a client can repair; `@` is the name of the member.
const BAD_BYTES: &[&[u8]] = &[
    b"\"Bogot\xe1\"",
    b"\"Bogot\xc3\"",
    b"\"\xed\xa0\xbd\xed\xb8\x80\"",
    b"\"a\\ud83d\"",
    b"\"a\\ude00b\"",
    b"\"a\x01b\"",
    b"\"a\tb\"",
    b"\"a\nb\"",
    b"\"Arica\",\"@\":\"Arica\"",
    b"\"Arica\",\"@\":\"Iquique\"",
];

/// Replacements of the last string of an object that a client can repair or report.
const BROKEN: &[&[u8]] = &[
    b"NaN",
    b"-Infinity",
    b"undefined",
    b"\"a\",",
    b"\"it\\'s\"",
    b"'a'",
    b"+1",
    b"01",
    b".5",
    b"\"a\" \"b\"",
];

fn invalid_bytes(name: &str, rng: &mut Rng) -> Vec<u8> {
    let bytes = rng.pick(BAD_BYTES);
    match bytes.iter().position(|byte| *byte == b'@') {
        Some(at) => [&bytes[..at], name.as_bytes(), &bytes[at + 1..]].concat(),
        None => bytes.to_vec(),
    }
}

/// Returns a value of another type than that of an optional member; `number` makes records distinct.
fn mistyped(number: usize, rng: &mut Rng) -> Value {
    match rng.below(10) {
        0 => json!(95),
        1 => json!(95.5),
        2 => json!(true),
        3 => json!(false),
        4 => json!([]),
        5 => json!({}),
        6 => json!([format!("listed {number}")]),
        7 => json!({"major": number}),
        8 => json!(-1),
        _ => json!([null]),
    }
}

fn mistyped_metadata(number: usize, rng: &mut Rng) -> Value {
    let text = format!("odd {number}");
    match rng.below(14) {
        0 => json!({"plan": text}),
        1 => json!({}),
        2 => json!(""),
        3 => json!(text),
        4 => json!(false),
        5 => json!([["a", text]]),
        6 => json!([{"a": text}]),
        7 => json!([{"key": "a"}]),
        8 => json!([{"value": text}]),
        9 => json!([{"key": null, "value": text}]),
        10 => json!([{"key": 5, "value": text}]),
        11 => json!([{"key": "a", "value": number}, {"key": "a", "value": {"b": [text]}}]),
        12 => json!([text]),
        _ => json!([null]),
    }
}

fn mistyped_time(number: usize, rng: &mut Rng) -> Value {
    match rng.below(6) {
        0 => json!(1_641_034_800),
        1 => json!(1_641_034_800.5),
        2 => json!(false),
        3 => json!({}),
        4 => json!(""),
        _ => json!(format!("some time {number}")),
    }
}

fn put(record: &mut Value, path: &str, value: Value) {
    if let Some(place) = record.pointer_mut(path) {
        *place = value;
    }
}

/// A session, and whether its id can be read.
pub(crate) fn session(
    mixture: &Mixture,
    number: usize,
    mut record: Value,
    rng: &mut Rng,
) -> (Item, bool) {
    // In some cases all records have the same fault, as after a change of the service.
    let share = mixture.rng("share").pick(&[20, 100, 500, 1_000]);
    if mixture.has(Kind::InvalidSessions) && rng.per_mille(30) {
        let mut item = Item::new(&record);
        let wire = without_id(record, rng);
        item.wire = text_of(&wire).into_bytes();
        item.fate = Fate::Invalid;
        return (item, false);
    }
    if mixture.has(Kind::Drift) && rng.per_mille(share) {
        match rng.below(8) {
            0 => put(
                &mut record,
                "/session/metadata",
                mistyped_metadata(number, rng),
            ),
            1 => put(&mut record, "/session/endedAt", mistyped_time(number, rng)),
            2 => put(&mut record, "/session/loadedAt", mistyped_time(number, rng)),
            3 => {
                let group = rng.pick(&["location", "referrer", "device", "os", "client"]);
                let value = match rng.below(5) {
                    0 => json!("unknown"),
                    1 => json!(""),
                    2 => json!(format!("group {number}")),
                    3 => json!(0),
                    _ => mistyped(number, rng),
                };
                put(&mut record, &format!("/{group}"), value);
            }
            4 => {
                put(&mut record, "/location/city", json!(MARK));
                let digits = rng.pick(&LONG);
                let mut item = Item::with_bytes(&record, digits.as_bytes());
                item.text = Some(digits);
                return (item, true);
            }
            _ => {
                let path = rng.pick(&[
                    "/client/version",
                    "/client/name",
                    "/device/model",
                    "/device/type",
                    "/os/version",
                    "/location/city",
                    "/location/country",
                    "/referrer/url",
                ]);
                put(&mut record, path, mistyped(number, rng));
            }
        }
    }
    if mixture.has(Kind::BadBytes) && rng.per_mille(20) {
        put(&mut record, "/client/version", json!(MARK));
        let bytes = invalid_bytes("version", rng);
        return (Item::with_bytes(&record, &bytes), true);
    }
    if mixture.has(Kind::BrokenRecords) && rng.per_mille(20) {
        put(&mut record, "/client/version", json!(MARK));
        let deep = "[".repeat(200) + &"]".repeat(200);
        let bytes = match rng.below(BROKEN.len() + 1) {
            0 => deep.as_bytes(),
            choice => BROKEN[choice - 1],
        };
        let mut item = Item::with_bytes(&record, bytes);
        item.fate = Fate::Doubtful;
        return (item, true);
    }
    (Item::new(&record), true)
}

fn without_id(mut record: Value, rng: &mut Rng) -> Value {
    let id = "/session/sessionId";
    match rng.below(11) {
        0 => {
            if let Some(session) = record["session"].as_object_mut() {
                session.remove("sessionId");
            }
        }
        1 => put(&mut record, id, Value::Null),
        2 => put(&mut record, id, json!("")),
        3 => put(&mut record, id, json!("ps/1")),
        4 => put(&mut record, id, json!({})),
        5 => put(&mut record, "/session", Value::Null),
        6 => put(&mut record, "/session", json!([])),
        7 => return Value::Null,
        8 => return json!([]),
        9 => return Value::Object(Map::new()),
        _ => return json!("unknown"),
    }
    record
}

/// An event, whose `position` no other event has.
pub(crate) fn event(mixture: &Mixture, position: usize, mut record: Value, rng: &mut Rng) -> Item {
    let share = mixture.rng("share of events").pick(&[20, 100, 500, 1_000]);
    if mixture.has(Kind::InvalidEvents) && rng.per_mille(10) {
        let mut item = Item::new(&record);
        item.wire = rng.pick(&[&b"null"[..], b"[]", b"7", b"\"play\""]).to_vec();
        item.fate = Fate::Invalid;
        return item;
    }
    if mixture.has(Kind::EventDrift) && rng.per_mille(share) {
        let at = match record.get("at") {
            Some(_) => "at",
            None => "from",
        };
        match rng.below(9) {
            0 => record[at] = json!(position.to_string()),
            1 => record[at] = json!(format!("{position}.5")),
            2 => record[at] = json!(-7.25),
            3 => {
                let odd = [
                    json!(""),
                    json!(true),
                    json!([]),
                    json!("unknown"),
                    json!({"s": 1}),
                ];
                record[at] = rng.pick(&odd);
            }
            4 => record["type"] = rng.pick(&[json!(5), json!("PLAY"), json!("")]),
            5 => record["type"] = json!("x".repeat(5_000)),
            6 => record["emittedAt"] = mistyped_time(position, rng),
            7 => {
                if let Some(record) = record.as_object_mut() {
                    record.remove("type");
                }
            }
            _ => {
                record[at] = json!(MARK);
                let digits = rng.pick(&LONG);
                let mut item = Item::with_bytes(&record, digits.as_bytes());
                item.text = Some(digits);
                return item;
            }
        }
    }
    if mixture.has(Kind::BadEventBytes) && rng.per_mille(10) {
        record["type"] = json!(MARK);
        return Item::with_bytes(&record, &invalid_bytes("type", rng));
    }
    Item::new(&record)
}

/// A video or a live stream.
pub(crate) fn asset(mixture: &Mixture, mut record: Value, rng: &mut Rng) -> Item {
    if mixture.has(Kind::AssetDrift) {
        let path = rng.pick(&[
            "/title",
            "/name",
            "/public",
            "/tags",
            "/metadata",
            "/createdAt",
        ]);
        put(&mut record, path, mistyped(1, rng));
    }
    Item::new(&record)
}
