//! What there is to show of each kind of item.

use apivideo::{Event, LiveStream, Session, Video};
use serde::Serialize;

/// An item that can be written in every format.
pub(crate) trait Record: Serialize {
    /// One of them, and several.
    const NOUN: (&'static str, &'static str);
    /// All known fields, in the order of the service: the columns of CSV.
    const FIELDS: &'static [&'static str];
    /// The columns of a table.
    const COLUMNS: &'static [Column];
}

/// A column of a table.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Column {
    /// The field, and the heading.
    pub(crate) field: &'static str,
    pub(crate) shape: Shape,
    /// Where there is no room for all, the columns with the lowest ranks are shown. The one of rank 0 always is.
    pub(crate) rank: u8,
}

/// How cells are set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Useless when cut, so never cut.
    Whole,
    /// On the left, cut where there is no room.
    Text,
    /// On the right, never cut.
    Number,
}

const fn column(field: &'static str, shape: Shape, rank: u8) -> Column {
    Column { field, shape, rank }
}

use Shape::{Number, Text, Whole};

impl Record for Session {
    const NOUN: (&'static str, &'static str) = ("session", "sessions");
    const FIELDS: &'static [&'static str] = &[
        "session.sessionId",
        "session.loadedAt",
        "session.endedAt",
        "session.metadata",
        "location.country",
        "location.city",
        "referrer.url",
        "referrer.medium",
        "referrer.source",
        "referrer.searchTerm",
        "device.type",
        "device.vendor",
        "device.model",
        "os.name",
        "os.shortname",
        "os.version",
        "client.type",
        "client.name",
        "client.version",
    ];
    const COLUMNS: &'static [Column] = &[
        column("session.sessionId", Whole, 0),
        column("session.loadedAt", Whole, 1),
        column("session.endedAt", Whole, 5),
        column("location.country", Text, 2),
        column("location.city", Text, 4),
        column("device.type", Text, 6),
        column("os.name", Text, 7),
        column("client.name", Text, 8),
        column("referrer.url", Text, 9),
        column("session.metadata", Text, 3),
    ];
}

impl Record for Event {
    const NOUN: (&'static str, &'static str) = ("event", "events");
    const FIELDS: &'static [&'static str] = &["type", "emittedAt", "at", "from", "to"];
    const COLUMNS: &'static [Column] = &[
        column("type", Whole, 0),
        column("emittedAt", Whole, 1),
        column("at", Number, 2),
        column("from", Number, 3),
        column("to", Number, 4),
    ];
}

impl Record for Video {
    const NOUN: (&'static str, &'static str) = ("video", "videos");
    const FIELDS: &'static [&'static str] = &[
        "videoId",
        "title",
        "description",
        "playerId",
        "public",
        "panoramic",
        "mp4Support",
        "publishedAt",
        "createdAt",
        "updatedAt",
        "tags",
        "metadata",
    ];
    const COLUMNS: &'static [Column] = &[
        column("videoId", Whole, 0),
        column("title", Text, 1),
        column("publishedAt", Whole, 2),
        column("public", Text, 5),
        column("tags", Text, 3),
        column("metadata", Text, 4),
    ];
}

impl Record for LiveStream {
    const NOUN: (&'static str, &'static str) = ("live stream", "live streams");
    const FIELDS: &'static [&'static str] = &[
        "liveStreamId",
        "name",
        "public",
        "broadcasting",
        "createdAt",
        "updatedAt",
    ];
    const COLUMNS: &'static [Column] = &[
        column("liveStreamId", Whole, 0),
        column("name", Text, 1),
        column("broadcasting", Text, 2),
        column("createdAt", Whole, 3),
        column("public", Text, 4),
    ];
}
