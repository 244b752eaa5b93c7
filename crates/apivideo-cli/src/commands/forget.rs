//! `apivideo lake forget`: the sessions of persons are removed from a lake.

use serde::Serialize;

use super::{lake, list};
use crate::args::Forget;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::schema::CellKind::{Exact, Number, Text};
use crate::output::schema::ItemSchema;

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Row {
    folder: String,
    dry_run: bool,
    recorded: u64,
    sessions: u64,
    events: u64,
    invalid_records: u64,
    days: u64,
    files: u64,
    days_derived: u64,
    problems: Vec<String>,
}

pub(super) fn schema() -> ItemSchema {
    ItemSchema::of_result(
        ("lake", "lakes"),
        &[
            ("folder", Text),
            ("dryRun", Exact),
            ("recorded", Number),
            ("sessions", Number),
            ("events", Number),
            ("invalidRecords", Number),
            ("days", Number),
            ("files", Number),
            ("daysDerived", Number),
            ("problems", Text),
        ],
        &[
            ("sessions", 0),
            ("events", 1),
            ("invalidRecords", 2),
            ("days", 3),
            ("files", 4),
            ("daysDerived", 5),
        ],
    )
}

/// Removes the sessions, or counts them.
pub(crate) fn run(context: &Context<'_>, arguments: &Forget) -> Result<Exit, Failure> {
    if list::print_field_names(context, &schema())? {
        return Ok(Exit::Done);
    }
    let location = lake::unlocked(
        &arguments.lake,
        arguments.staging.as_deref(),
        &arguments.lock,
    )?;
    let mut forget = apivideo_lake::Forget::new(location);
    for subject in &arguments.subjects {
        forget = forget.with_subject(subject.clone());
    }
    if let Some(path) = &arguments.salt_file {
        forget = forget.with_salt(lake::salt(path)?);
    }
    if arguments.dry_run {
        forget = forget.with_dry_run();
    }
    let forgotten = forget.run()?;
    let is_any = forgotten.sessions + forgotten.invalid_records > 0;
    let row = Row {
        folder: arguments.lake.to_string(),
        dry_run: forgotten.dry_run,
        recorded: forgotten.recorded,
        sessions: forgotten.sessions,
        events: forgotten.events,
        invalid_records: forgotten.invalid_records,
        days: forgotten.days,
        files: forgotten.files,
        days_derived: forgotten.days_derived,
        problems: forgotten.problems,
    };
    if arguments.dry_run {
        context.print_note("nothing was changed (--dry-run)");
    } else if !is_any {
        context.print_note("no session was found; later pulls do not store such sessions");
    }
    let problems = &row.problems;
    let failed = "not everything was searched or derived";
    lake::print_result(context, &schema(), &row, problems, failed)
}
