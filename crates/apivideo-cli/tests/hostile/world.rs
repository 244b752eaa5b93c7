//! The data of the service: assets, their sessions and events, and the text in which each is sent.

use serde_json::{Value, json};

use crate::mixture::{Kind, Mixture};
use crate::records::{self, Item};

/// The expected result for a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It must be in the output.
    Valid,
    /// It is in the output or reported.
    Doubtful,
    /// It must be reported.
    Invalid,
}

pub(crate) struct Asset {
    pub(crate) id: String,
    pub(crate) is_live: bool,
    /// Its record in the list of videos or live streams.
    pub(crate) item: Item,
    /// Whether its sessions are not found.
    pub(crate) is_gone: bool,
    pub(crate) sessions: Vec<Session>,
}

pub(crate) struct Session {
    pub(crate) id: String,
    /// Whether the id of the record can be decoded.
    pub(crate) has_id: bool,
    /// The day for which the service lists it.
    pub(crate) day: String,
    pub(crate) item: Item,
    /// Whether its events are not found.
    pub(crate) is_without_events: bool,
    pub(crate) events: Vec<Item>,
}

pub(crate) struct World {
    pub(crate) assets: Vec<Asset>,
    /// A record without an id among the videos.
    pub(crate) unusable_asset: bool,
    /// The session whose events are never served.
    pub(crate) down: Option<String>,
}

/// The days of the world, all in 2022-01.
const DAYS: usize = 10;
pub(crate) const PERIOD: &str = "2022-01-01/2022-01-10";

const TYPES: [&str; 3] = ["ready", "play", "pause"];
const ID: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

fn id(prefix: &str, rng: &mut crate::rng::Rng) -> String {
    let text = (0..22).map(|_| char::from(rng.pick(ID)));
    prefix.chars().chain(text).collect()
}

fn time(second: usize) -> String {
    let (day, second) = (second / 86_400, second % 86_400);
    let (hour, minute, second) = (second / 3_600, second / 60 % 60, second % 60);
    format!(
        "2022-01-{:02}T{hour:02}:{minute:02}:{second:02}+00:00",
        day + 1
    )
}

impl World {
    pub(crate) fn build(mixture: &Mixture) -> Self {
        let mut rng = mixture.rng("world");
        let (videos, live_streams) = (rng.between(1, 5), rng.between(0, 2));
        let mut assets: Vec<Asset> = (0..videos + live_streams)
            .map(|number| asset(mixture, number >= videos, &mut rng))
            .collect();
        let mut seconds: Vec<usize> = (0..mixture.sessions)
            .map(|_| rng.below((DAYS - 1) * 86_400 + 80_000))
            .collect();
        seconds.sort_unstable();
        for (number, second) in seconds.into_iter().enumerate() {
            let asset = rng.below(assets.len());
            assets[asset]
                .sessions
                .push(session(mixture, number, second, &mut rng));
        }
        // An asset with sessions, so that data is missing.
        if mixture.has(Kind::AssetNotFound) {
            let gone = rng.below(videos);
            assets[gone].is_gone = !assets[gone].sessions.is_empty();
        }
        let down = mixture.has(Kind::EventsDownForOne).then(|| {
            let sessions: Vec<&Session> = assets.iter().flat_map(|asset| &asset.sessions).collect();
            rng.pick(&sessions).id.clone()
        });
        Self {
            assets,
            unusable_asset: mixture.has(Kind::UnusableAsset),
            down,
        }
    }

    /// Each session with its asset, in the order in which the command lists them.
    pub(crate) fn sessions(&self) -> impl Iterator<Item = (&Asset, &Session)> {
        self.assets
            .iter()
            .flat_map(|asset| asset.sessions.iter().map(move |session| (asset, session)))
    }
}

fn asset(mixture: &Mixture, is_live: bool, rng: &mut crate::rng::Rng) -> Asset {
    let (prefix, member) = match is_live {
        true => ("li", "liveStreamId"),
        false => ("vi", "videoId"),
    };
    let id = id(prefix, rng);
    let record = json!({
        member: id, "title": "Knots", "name": "Knots", "public": true, "tags": ["a"],
        "metadata": [{"key": "a", "value": "b"}], "createdAt": "2021-01-01T00:00:00+00:00",
    });
    Asset {
        item: records::asset(mixture, record, &mut mixture.rng(&id)),
        id,
        is_live,
        is_gone: false,
        sessions: Vec::new(),
    }
}

fn session(mixture: &Mixture, number: usize, second: usize, rng: &mut crate::rng::Rng) -> Session {
    let mut own = mixture.rng(&format!("session {number}"));
    let is_number = mixture.has(Kind::NumericIds) && own.per_mille(50);
    let id = match is_number {
        true => (9_000_000 + number).to_string(),
        false => id("ps", rng),
    };
    let record = json!({
        "session": {
            "sessionId": if is_number { json!(9_000_000 + number) } else { json!(id) },
            "loadedAt": time(second), "endedAt": time(second + rng.below(3_600)),
            "metadata": [{"key": "number", "value": format!("value {number}")}],
        },
        "location": {"country": "France", "city": format!("City {number}")},
        "referrer": {"url": null, "medium": "unknown", "source": "unknown", "searchTerm": "unknown"},
        "device": {"type": "desktop", "vendor": "Dell", "model": "unknown"},
        "os": {"name": "Microsoft Windows", "shortname": "W10", "version": "Windows10"},
        "client": {"type": "browser", "name": "Firefox", "version": "67.0"},
    });
    let events = (0..rng.between(0, 3)).map(|index| event(mixture, number, index, second, rng));
    let events: Vec<Item> = events.collect();
    let (item, has_id) = records::session(mixture, number, record, &mut own);
    Session {
        id,
        has_id,
        day: time(second)[..10].to_owned(),
        item,
        is_without_events: mixture.has(Kind::EventsNotFound) && own.per_mille(30),
        events,
    }
}

fn event(
    mixture: &Mixture,
    number: usize,
    index: usize,
    second: usize,
    rng: &mut crate::rng::Rng,
) -> Item {
    let position = number * 10 + index;
    let record: Value = match rng.below(4) {
        0 => json!({
            "type": "seek.forward", "emittedAt": time(second + index), "from": position, "to": position + 5,
        }),
        choice => json!({
            "type": TYPES[choice - 1], "emittedAt": time(second + index), "at": position,
        }),
    };
    let mut own = mixture.rng(&format!("event {number} {index}"));
    records::event(mixture, position, record, &mut own)
}
