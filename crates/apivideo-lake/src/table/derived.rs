//! The columns of the tables that are computed from sessions and events.

use std::sync::LazyLock;

use super::ColumnInfo;
use crate::column::ColumnKind::{self, Bool, Integer, Json, Number, String, Timestamp};

const fn column(name: &'static str, kind: ColumnKind) -> ColumnInfo {
    ColumnInfo {
        name,
        field: "",
        kind,
        is_required: false,
    }
}

const fn required(name: &'static str, kind: ColumnKind) -> ColumnInfo {
    ColumnInfo {
        is_required: true,
        ..column(name, kind)
    }
}

const KEY: [ColumnInfo; 3] = [
    required("asset_kind", String),
    required("asset_id", String),
    required("session_id", String),
];

/// The properties of sessions by which measures are broken down. They follow the other columns.
pub(crate) const DIMENSIONS: [ColumnInfo; 12] = [
    column("location_country", String),
    column("location_city", String),
    column("device_type", String),
    column("device_vendor", String),
    column("device_model", String),
    column("os_name", String),
    column("client_name", String),
    column("referrer_medium", String),
    column("referrer_source", String),
    column("referrer_host", String),
    column("referrer_page", String),
    column("metadata", Json),
];

pub(super) static PLAYED: LazyLock<Vec<ColumnInfo>> = LazyLock::new(|| {
    session_table(&[
        required("number", Integer),
        required("started_at", Timestamp),
        required("ended_at", Timestamp),
        required("from_seconds", Number),
        required("to_seconds", Number),
        required("is_estimated", Bool),
        required("is_rewatch", Bool),
        required("upper_seconds", Number),
        column("viewer_key", String),
    ])
});

pub(super) static PLAYBACKS: LazyLock<Vec<ColumnInfo>> = LazyLock::new(|| {
    session_table(&[
        column("loaded_at", Timestamp),
        column("ended_at", Timestamp),
        column("viewer_key", String),
        required("events", Integer),
        required("ready_events", Integer),
        required("play_events", Integer),
        required("end_events", Integer),
        required("visits", Integer),
        required("played_rows", Integer),
        required("seek_rows", Integer),
        required("covered_seconds", Number),
        column("exit_seconds", Number),
        column("furthest_seconds", Number),
        column("time_to_play_seconds", Number),
        required("is_open", Bool),
        required("is_skewed", Bool),
        required("dropped_not_finite", Integer),
        required("dropped_negative", Integer),
        required("dropped_too_long", Integer),
        required("dropped_beyond_length", Integer),
        required("dropped_too_short", Integer),
    ])
});

pub(super) static SEEKS: LazyLock<Vec<ColumnInfo>> = LazyLock::new(|| {
    session_table(&[
        required("number", Integer),
        required("emitted_at", Timestamp),
        required("from_seconds", Number),
        required("to_seconds", Number),
    ])
});

pub(super) static LENGTHS: &[ColumnInfo] = &[
    required("asset_kind", String),
    required("asset_id", String),
    required("length_seconds", Number),
    required("length_source", String),
];

fn session_table(columns: &[ColumnInfo]) -> Vec<ColumnInfo> {
    let columns = KEY.iter().chain(columns).chain(&DIMENSIONS);
    columns.copied().collect()
}
