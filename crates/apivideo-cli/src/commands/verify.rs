//! `apivideo verify`: a lake against its manifest and the service.

use apivideo_lake::Verification;
use serde::Serialize;

use super::{lake, list};
use crate::args::Verify;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::schema::CellKind::{Exact, Number, Text};
use crate::output::schema::ItemSchema;

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Verified {
    folder: String,
    valid: bool,
    complete_until: Option<String>,
    sessions: u64,
    events: u64,
    aggregates: u64,
    derived: u64,
    days: u64,
    files: u64,
    bytes: u64,
    out_of_period: u64,
    requests: u64,
    problems: Vec<String>,
    notes: Vec<String>,
}

pub(super) fn schema() -> ItemSchema {
    ItemSchema::of_result(
        ("lake", "lakes"),
        &[
            ("folder", Text),
            ("valid", Exact),
            ("completeUntil", Exact),
            ("sessions", Number),
            ("events", Number),
            ("aggregates", Number),
            ("derived", Number),
            ("days", Number),
            ("files", Number),
            ("bytes", Number),
            ("outOfPeriod", Number),
            ("requests", Number),
            ("problems", Text),
            ("notes", Text),
        ],
        &[
            ("valid", 0),
            ("completeUntil", 1),
            ("sessions", 2),
            ("events", 3),
            ("days", 4),
            ("files", 5),
            ("bytes", 6),
        ],
    )
}

/// Reads all files, and compares counts with the service if requested.
pub(crate) async fn run(context: &Context<'_>, arguments: &Verify) -> Result<Exit, Failure> {
    if list::print_field_names(context, &schema())? {
        return Ok(Exit::Done);
    }
    if !arguments.against_service {
        return report(context, arguments, apivideo_lake::verify(&arguments.lake)?);
    }
    let connection = context.connect().await?;
    let verify = async {
        let found =
            apivideo_lake::verify_against_service(&arguments.lake, &connection.client).await?;
        report(context, arguments, found)
    };
    context.run_until_stopped(verify).await
}

fn report(context: &Context<'_>, arguments: &Verify, found: Verification) -> Result<Exit, Failure> {
    for note in &found.notes {
        context.print_note(note);
    }
    let verified = Verified {
        folder: arguments.lake.to_string(),
        valid: found.problems.is_empty(),
        complete_until: found.complete_until.map(|day| day.to_string()),
        sessions: found.sessions,
        events: found.events,
        aggregates: found.aggregates,
        derived: found.derived,
        days: found.days,
        files: found.files,
        bytes: found.bytes,
        out_of_period: found.out_of_period,
        requests: found.requests,
        problems: found.problems,
        notes: found.notes,
    };
    let (problems, failed) = (&verified.problems, "the lake is invalid");
    lake::print_result(context, &schema(), &verified, problems, failed)
}
