//! What there is to show of each kind of item.

/// What there is to show of a kind of item.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Kind {
    /// One of them, and several.
    pub(crate) noun: (&'static str, &'static str),
    /// All known fields, in the order of the service: the columns of CSV. None where anything may come.
    pub(crate) fields: &'static [&'static str],
    /// The columns of a table.
    pub(crate) columns: &'static [Column],
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

/// The sessions of one asset: which one is known to who asks, and in no column of a table.
pub(crate) const SESSIONS: Kind = Kind {
    noun: ("session", "sessions"),
    fields: SESSION_FIELDS,
    columns: &[
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
    ],
};

/// The sessions of several assets.
pub(crate) const SESSIONS_OF_MANY: Kind = Kind {
    columns: &[
        column("videoId", Whole, 2),
        column("liveStreamId", Whole, 2),
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
    ],
    ..SESSIONS
};

/// Sessions with their events.
pub(crate) const SESSIONS_WITH_EVENTS: Kind = Kind {
    fields: &[
        "videoId",
        "liveStreamId",
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
        "events",
    ],
    columns: &[
        column("videoId", Whole, 2),
        column("liveStreamId", Whole, 2),
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
        column("events", Text, 1),
    ],
    ..SESSIONS
};

const SESSION_FIELDS: &[&str] = &[
    "videoId",
    "liveStreamId",
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

pub(crate) const EVENTS: Kind = Kind {
    noun: ("event", "events"),
    fields: &["type", "emittedAt", "at", "from", "to"],
    columns: &[
        column("type", Whole, 0),
        column("emittedAt", Whole, 1),
        column("at", Number, 2),
        column("from", Number, 3),
        column("to", Number, 4),
    ],
};

pub(crate) const VIDEOS: Kind = Kind {
    noun: ("video", "videos"),
    fields: &[
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
    ],
    columns: &[
        column("videoId", Whole, 0),
        column("title", Text, 1),
        column("publishedAt", Whole, 2),
        column("public", Text, 5),
        column("tags", Text, 3),
        column("metadata", Text, 4),
    ],
};

pub(crate) const LIVE_STREAMS: Kind = Kind {
    noun: ("live stream", "live streams"),
    fields: &[
        "liveStreamId",
        "name",
        "public",
        "broadcasting",
        "createdAt",
        "updatedAt",
    ],
    columns: &[
        column("liveStreamId", Whole, 0),
        column("name", Text, 1),
        column("broadcasting", Text, 2),
        column("createdAt", Whole, 3),
        column("public", Text, 4),
    ],
};

pub(crate) const METRICS: Kind = Kind {
    noun: ("measurement", "measurements"),
    fields: &[
        "context.metric",
        "context.aggregation",
        "context.timeframe.from",
        "context.timeframe.to",
        "data",
    ],
    columns: &[
        column("context.metric", Whole, 1),
        column("context.aggregation", Whole, 2),
        column("context.timeframe.from", Whole, 3),
        column("context.timeframe.to", Whole, 4),
        column("data", Number, 0),
    ],
};

pub(crate) const BUCKETS: Kind = Kind {
    noun: ("bucket", "buckets"),
    fields: &["dimensionValue", "metricValue"],
    columns: &[
        column("dimensionValue", Text, 0),
        column("metricValue", Number, 1),
    ],
};

pub(crate) const POINTS: Kind = Kind {
    noun: ("point", "points"),
    fields: &["emittedAt", "metricValue"],
    columns: &[
        column("emittedAt", Whole, 0),
        column("metricValue", Number, 1),
    ],
};

/// Whatever a path of the service gives.
pub(crate) const ANYTHING: Kind = Kind {
    noun: ("item", "items"),
    fields: &[],
    columns: &[],
};

pub(crate) const SETTINGS: Kind = Kind {
    noun: ("setting", "settings"),
    fields: &["setting", "value"],
    columns: &[column("setting", Whole, 0), column("value", Whole, 1)],
};

pub(crate) const SETTINGS_WITH_ORIGIN: Kind = Kind {
    noun: ("setting", "settings"),
    fields: &["setting", "value", "origin"],
    columns: &[
        column("setting", Whole, 0),
        column("value", Text, 1),
        column("origin", Text, 2),
    ],
};

pub(crate) const AUTHORIZATION: Kind = Kind {
    noun: ("authorization", "authorizations"),
    fields: &[
        "environment",
        "baseUrl",
        "authorization",
        "keyFrom",
        "rateLimit.limit",
        "rateLimit.remaining",
        "rateLimit.resetsIn",
    ],
    columns: &[
        column("environment", Whole, 0),
        column("baseUrl", Text, 3),
        column("authorization", Whole, 1),
        column("keyFrom", Text, 6),
        column("rateLimit.limit", Number, 2),
        column("rateLimit.remaining", Number, 4),
        column("rateLimit.resetsIn", Number, 5),
    ],
};
