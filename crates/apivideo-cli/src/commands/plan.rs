//! `apivideo plan`: an estimate of a pull.

use serde::Serialize;

use super::{lake, list};
use crate::args::Lake;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::schema::CellKind::{Exact, Number, Text};
use crate::output::schema::ItemSchema;

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Plan {
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
    peak_bytes: u64,
    estimates: Vec<String>,
}

pub(super) fn schema() -> ItemSchema {
    ItemSchema::of_result(
        ("plan", "plans"),
        &[
            ("requests", Number),
            ("assetRequests", Number),
            ("sessionRequests", Number),
            ("eventRequests", Number),
            ("exact", Exact),
            ("assets", Number),
            ("lists", Number),
            ("sessions", Number),
            ("rateLimit", Number),
            ("seconds", Number),
            ("bytes", Number),
            ("stagingBytes", Number),
            ("peakBytes", Number),
            ("estimates", Text),
        ],
        &[
            ("requests", 0),
            ("exact", 1),
            ("seconds", 2),
            ("bytes", 3),
            ("stagingBytes", 4),
            ("peakBytes", 5),
            ("sessions", 6),
            ("assets", 7),
            ("rateLimit", 8),
        ],
    )
}

/// Estimates a pull from the totals of its lists.
pub(crate) async fn run(context: &Context<'_>, arguments: &Lake) -> Result<Exit, Failure> {
    let schema = schema();
    if list::print_field_names(context, &schema)? {
        return Ok(Exit::Done);
    }
    let connection = context.connect().await?;
    let location = lake::location(arguments)?;
    let pull = lake::pull(context, &connection, location, arguments)?;
    let plan = async {
        let plan = pull.plan().await?;
        let row = Plan {
            requests: plan.requests(),
            asset_requests: plan.asset_requests,
            session_requests: plan.session_requests,
            event_requests: plan.event_requests,
            exact: plan.notes.is_empty(),
            assets: plan.assets,
            lists: plan.lists,
            sessions: plan.sessions,
            rate_limit: plan.rate_limit,
            seconds: plan.min_duration().map(|time| time.as_secs()),
            bytes: plan.bytes,
            staging_bytes: plan.staging_bytes,
            peak_bytes: plan.peak_bytes,
            estimates: [&plan.notes[..], &plan.disk_notes].concat(),
        };
        list::print_items(context, &schema, &[row])?;
        for note in &plan.notes {
            context.print_note(&format!("estimate: {note}"));
        }
        context.print_note(&format!(
            "estimate: {} of disk space at the peak; {} for the files of the lake, and up to {} for staging during the pull",
            size(plan.peak_bytes),
            size(plan.bytes),
            size(plan.staging_bytes)
        ));
        for note in &plan.disk_notes {
            context.print_note(&format!("estimate: {note}"));
        }
        context.print_note(&format!(
            "requests sent for this estimate: {}",
            plan.plan_requests
        ));
        Ok(Exit::Done)
    };
    context.run_until_stopped(plan).await
}

/// Formats a number of bytes with a unit.
pub(super) fn size(bytes: u64) -> String {
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
    fn formats_sizes_with_a_unit_and_one_decimal() {
        let shown = [0, 49, 50, 344_000, 1_000_000, 4_149_999, 2_500_000_000].map(size);
        assert_eq!(
            shown,
            [
                "0.0 kB", "0.0 kB", "0.1 kB", "344.0 kB", "1.0 MB", "4.1 MB", "2.5 GB"
            ]
        );
    }
}
