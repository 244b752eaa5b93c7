//! What a pull would ask for.

use serde::Serialize;

use super::{list, mirror};
use crate::args::Mirror;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::record::{Column, Kind, Shape};

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Planned {
    requests: u64,
    asset_requests: u64,
    session_requests: u64,
    event_requests: u64,
    exact: bool,
    assets: u64,
    lists: u64,
    sessions: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    rate_limit: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    seconds: Option<u64>,
    bytes: u64,
    staging_bytes: u64,
    estimates: Vec<String>,
}

const PLANNED: Kind = Kind {
    noun: ("plan", "plans"),
    fields: &[
        "requests",
        "assetRequests",
        "sessionRequests",
        "eventRequests",
        "exact",
        "assets",
        "lists",
        "sessions",
        "rateLimit",
        "seconds",
        "bytes",
        "stagingBytes",
        "estimates",
    ],
    columns: &[
        Column {
            field: "requests",
            shape: Shape::Number,
            rank: 0,
        },
        Column {
            field: "exact",
            shape: Shape::Whole,
            rank: 1,
        },
        Column {
            field: "seconds",
            shape: Shape::Number,
            rank: 2,
        },
        Column {
            field: "bytes",
            shape: Shape::Number,
            rank: 3,
        },
        Column {
            field: "stagingBytes",
            shape: Shape::Number,
            rank: 4,
        },
        Column {
            field: "sessions",
            shape: Shape::Number,
            rank: 5,
        },
        Column {
            field: "assets",
            shape: Shape::Number,
            rank: 6,
        },
        Column {
            field: "rateLimit",
            shape: Shape::Number,
            rank: 7,
        },
    ],
};

/// Asks for totals, and nothing else.
pub(crate) async fn run(context: &Context<'_>, arguments: &Mirror) -> Result<Exit, Failure> {
    if list::shows_fields(context, &PLANNED)? {
        return Ok(Exit::Done);
    }
    let connection = context.connect().await?;
    let pull = mirror::pull(context, &connection, arguments)?;
    let plan = async {
        let plan = pull.plan().await?;
        let planned = Planned {
            requests: plan.requests(),
            asset_requests: plan.asset_requests,
            session_requests: plan.session_requests,
            event_requests: plan.event_requests,
            exact: plan.notes.is_empty(),
            assets: plan.assets,
            lists: plan.lists,
            sessions: plan.sessions,
            rate_limit: plan.rate_limit,
            seconds: plan.time().map(|time| time.as_secs()),
            bytes: plan.bytes,
            staging_bytes: plan.staging_bytes,
            estimates: plan.notes.clone(),
        };
        list::all(context, &PLANNED, &[planned])?;
        for note in &plan.notes {
            context.remark(&format!("an estimate: {note}"));
        }
        context.remark(&format!(
            "an estimate: the pull needs {} of disk: {} of files that stay, and {} of staging that it removes at its end",
            size(plan.peak_bytes()),
            size(plan.bytes),
            size(plan.staging_bytes)
        ));
        context.remark(&format!(
            "requests made to tell this: {}",
            plan.plan_requests
        ));
        Ok(Exit::Done)
    };
    context.until_stopped(plan).await
}

/// Bytes in a unit that people read.
fn size(bytes: u64) -> String {
    let tenths = |unit: u64| {
        let tenths = bytes.saturating_add(unit / 20) / (unit / 10);
        format!("{}.{}", tenths / 10, tenths % 10)
    };
    match bytes {
        0..1_000_000 => format!("{} kB", tenths(1_000)),
        1_000_000..1_000_000_000 => format!("{} MB", tenths(1_000_000)),
        _ => format!("{} GB", tenths(1_000_000_000)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_a_unit_and_one_decimal() {
        let shown = [0, 49, 50, 344_000, 1_000_000, 4_149_999, 2_500_000_000].map(size);
        assert_eq!(
            shown,
            [
                "0.0 kB", "0.0 kB", "0.1 kB", "344.0 kB", "1.0 MB", "4.1 MB", "2.5 GB"
            ]
        );
    }
}
