//! The fields and table columns of each item type.

/// The fields and table columns of an item type.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ItemSchema {
    /// The name of an item, singular and plural.
    pub(crate) noun: (&'static str, &'static str),
    /// All known fields, in the order of the service: the columns of CSV. Empty if the fields are not known.
    pub(crate) fields: &'static [&'static str],
    /// The columns of a table.
    pub(crate) columns: &'static [Column],
}

/// A column of a table.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Column {
    /// The field, which is also the heading.
    pub(crate) field: &'static str,
    pub(crate) kind: CellKind,
    /// If the table is too narrow, columns of high ranks are left out. The column of rank 0 is always shown.
    pub(crate) rank: u8,
}

/// How the cells of a column are aligned and truncated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CellKind {
    /// Left-aligned and never truncated: identifiers and timestamps, which are useless if truncated.
    Exact,
    /// Left-aligned, and truncated if the table is too narrow.
    Text,
    /// Right-aligned and never truncated.
    Number,
}

pub(crate) const fn column(field: &'static str, kind: CellKind, rank: u8) -> Column {
    Column { field, kind, rank }
}

use CellKind::{Exact, Number, Text};

/// The sessions of one asset. The table does not show the asset, which the user has specified.
pub(crate) const SESSIONS: ItemSchema = ItemSchema {
    noun: ("session", "sessions"),
    fields: SESSION_FIELDS,
    columns: &[
        column("session.sessionId", Exact, 0),
        column("session.loadedAt", Exact, 1),
        column("session.endedAt", Exact, 5),
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
pub(crate) const SESSIONS_OF_ASSETS: ItemSchema = ItemSchema {
    columns: &[
        column("videoId", Exact, 2),
        column("liveStreamId", Exact, 2),
        column("session.sessionId", Exact, 0),
        column("session.loadedAt", Exact, 1),
        column("session.endedAt", Exact, 5),
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
pub(crate) const SESSIONS_WITH_EVENTS: ItemSchema = ItemSchema {
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
        column("videoId", Exact, 2),
        column("liveStreamId", Exact, 2),
        column("session.sessionId", Exact, 0),
        column("session.loadedAt", Exact, 1),
        column("session.endedAt", Exact, 5),
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

pub(crate) const EVENTS: ItemSchema = ItemSchema {
    noun: ("event", "events"),
    fields: &["type", "emittedAt", "at", "from", "to"],
    columns: &[
        column("type", Exact, 0),
        column("emittedAt", Exact, 1),
        column("at", Number, 2),
        column("from", Number, 3),
        column("to", Number, 4),
    ],
};

pub(crate) const VIDEOS: ItemSchema = ItemSchema {
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
        column("videoId", Exact, 0),
        column("title", Text, 1),
        column("publishedAt", Exact, 2),
        column("public", Text, 5),
        column("tags", Text, 3),
        column("metadata", Text, 4),
    ],
};

pub(crate) const LIVE_STREAMS: ItemSchema = ItemSchema {
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
        column("liveStreamId", Exact, 0),
        column("name", Text, 1),
        column("broadcasting", Text, 2),
        column("createdAt", Exact, 3),
        column("public", Text, 4),
    ],
};

pub(crate) const METRICS: ItemSchema = ItemSchema {
    noun: ("value", "values"),
    fields: &[
        "context.metric",
        "context.aggregation",
        "context.timeframe.from",
        "context.timeframe.to",
        "data",
    ],
    columns: &[
        column("context.metric", Exact, 1),
        column("context.aggregation", Exact, 2),
        column("context.timeframe.from", Exact, 3),
        column("context.timeframe.to", Exact, 4),
        column("data", Number, 0),
    ],
};

pub(crate) const BUCKETS: ItemSchema = ItemSchema {
    noun: ("bucket", "buckets"),
    fields: &["dimensionValue", "metricValue"],
    columns: &[
        column("dimensionValue", Text, 0),
        column("metricValue", Number, 1),
    ],
};

pub(crate) const TIMESERIES: ItemSchema = ItemSchema {
    noun: ("point", "points"),
    fields: &["emittedAt", "metricValue"],
    columns: &[
        column("emittedAt", Exact, 0),
        column("metricValue", Number, 1),
    ],
};

/// Items of any path of the service.
pub(crate) const RAW: ItemSchema = ItemSchema {
    noun: ("item", "items"),
    fields: &[],
    columns: &[],
};

pub(crate) const SETTINGS: ItemSchema = ItemSchema {
    noun: ("setting", "settings"),
    fields: &["setting", "value"],
    columns: &[column("setting", Exact, 0), column("value", Exact, 1)],
};

pub(crate) const SETTINGS_WITH_ORIGIN: ItemSchema = ItemSchema {
    noun: ("setting", "settings"),
    fields: &["setting", "value", "origin"],
    columns: &[
        column("setting", Exact, 0),
        column("value", Text, 1),
        column("origin", Text, 2),
    ],
};

pub(crate) const AUTHENTICATION: ItemSchema = ItemSchema {
    noun: ("check", "checks"),
    fields: &[
        "environment",
        "baseUrl",
        "auth",
        "keyOrigin",
        "rateLimit.limit",
        "rateLimit.remaining",
        "rateLimit.resetsIn",
    ],
    columns: &[
        column("environment", Exact, 0),
        column("baseUrl", Text, 3),
        column("auth", Exact, 1),
        column("keyOrigin", Text, 6),
        column("rateLimit.limit", Number, 2),
        column("rateLimit.remaining", Number, 4),
        column("rateLimit.resetsIn", Number, 5),
    ],
};
