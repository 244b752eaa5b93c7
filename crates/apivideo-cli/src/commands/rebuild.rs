//! `apivideo lake rebuild`: the derived tables of a lake.

use serde::Serialize;

use super::{lake, list};
use crate::args::Rebuild;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::schema::CellKind::{Number, Text};
use crate::output::schema::ItemSchema;

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Row {
    folder: String,
    days_written: u64,
    days_unchanged: u64,
    played: u64,
    playbacks: u64,
    seeks: u64,
    lengths: u64,
    rules_version: u32,
    viewer_key: String,
    problems: Vec<String>,
}

pub(super) fn schema() -> ItemSchema {
    ItemSchema::of_result(
        ("lake", "lakes"),
        &[
            ("folder", Text),
            ("daysWritten", Number),
            ("daysUnchanged", Number),
            ("played", Number),
            ("playbacks", Number),
            ("seeks", Number),
            ("lengths", Number),
            ("rulesVersion", Number),
            ("viewerKey", Text),
            ("problems", Text),
        ],
        &[
            ("daysWritten", 0),
            ("daysUnchanged", 1),
            ("played", 2),
            ("playbacks", 3),
            ("seeks", 4),
            ("lengths", 5),
            ("viewerKey", 6),
        ],
    )
}

/// Computes the derived tables that are not up to date.
pub(crate) fn run(context: &Context<'_>, arguments: &Rebuild) -> Result<Exit, Failure> {
    if list::print_field_names(context, &schema())? {
        return Ok(Exit::Done);
    }
    let location = lake::unlocked(
        &arguments.lake,
        arguments.staging.as_deref(),
        &arguments.lock,
    )?;
    let rebuilt = apivideo_lake::rebuild(location, arguments.viewer_key.clone())?;
    if !rebuilt.has_events {
        context.print_note(
            "this lake has no events, so there are no derived tables: pull into a new folder without --no-events",
        );
    }
    let row = Row {
        folder: arguments.lake.to_string(),
        days_written: rebuilt.days_written,
        days_unchanged: rebuilt.days_unchanged,
        played: rebuilt.played,
        playbacks: rebuilt.playbacks,
        seeks: rebuilt.seeks,
        lengths: rebuilt.lengths,
        rules_version: rebuilt.rules_version,
        viewer_key: rebuilt.viewer_key.to_string(),
        problems: rebuilt.problems,
    };
    let problems = &row.problems;
    let failed = "some days were not derived";
    lake::print_result(context, &schema(), &row, problems, failed)
}
