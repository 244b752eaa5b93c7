//! Whether a mirror is what it says.

use apivideo_lake::Verification;
use serde::Serialize;

use super::list;
use crate::args::Verify;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::{Failure, say};
use crate::output::record::{Column, Kind, Shape};
use crate::text::printable;

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Verified {
    folder: String,
    good: bool,
    complete_until: Option<String>,
    sessions: u64,
    events: u64,
    aggregates: u64,
    days: u64,
    files: u64,
    bytes: u64,
    out_of_period: u64,
    requests: u64,
    problems: Vec<String>,
    notes: Vec<String>,
}

const VERIFIED: Kind = Kind {
    noun: ("mirror", "mirrors"),
    fields: &[
        "folder",
        "good",
        "completeUntil",
        "sessions",
        "events",
        "aggregates",
        "days",
        "files",
        "bytes",
        "outOfPeriod",
        "requests",
        "problems",
        "notes",
    ],
    columns: &[
        Column {
            field: "good",
            shape: Shape::Whole,
            rank: 0,
        },
        Column {
            field: "completeUntil",
            shape: Shape::Whole,
            rank: 1,
        },
        Column {
            field: "sessions",
            shape: Shape::Number,
            rank: 2,
        },
        Column {
            field: "events",
            shape: Shape::Number,
            rank: 3,
        },
        Column {
            field: "days",
            shape: Shape::Number,
            rank: 4,
        },
        Column {
            field: "files",
            shape: Shape::Number,
            rank: 5,
        },
        Column {
            field: "bytes",
            shape: Shape::Number,
            rank: 6,
        },
    ],
};

/// Reads all files, and asks for counts where told to.
pub(crate) async fn run(context: &Context<'_>, arguments: &Verify) -> Result<Exit, Failure> {
    if list::shows_fields(context, &VERIFIED)? {
        return Ok(Exit::Done);
    }
    if !arguments.against_service {
        return tell(
            context,
            arguments,
            apivideo_lake::verify(&arguments.folder)?,
        );
    }
    let connection = context.connect().await?;
    let verify = async {
        let found =
            apivideo_lake::verify_against_service(&arguments.folder, &connection.client).await?;
        tell(context, arguments, found)
    };
    context.until_stopped(verify).await
}

fn tell(context: &Context<'_>, arguments: &Verify, found: Verification) -> Result<Exit, Failure> {
    let problems = found.problems.len();
    for problem in &found.problems {
        say(&format!("problem: {}\n", printable(problem)));
    }
    for note in &found.notes {
        context.remark(note);
    }
    let verified = Verified {
        folder: arguments.folder.display().to_string(),
        good: problems == 0,
        complete_until: found.complete_until.map(|day| day.to_string()),
        sessions: found.sessions,
        events: found.events,
        aggregates: found.aggregates,
        days: found.days,
        files: found.files,
        bytes: found.bytes,
        out_of_period: found.out_of_period,
        requests: found.requests,
        problems: found.problems,
        notes: found.notes,
    };
    list::all(context, &VERIFIED, &[verified])?;
    match problems {
        0 => Ok(Exit::Done),
        1 => Err(Failure::failed(
            "the mirror is not what it should be: see the problem above",
        )),
        several => Err(Failure::failed(format!(
            "the mirror is not what it should be: see the {several} problems above"
        ))),
    }
}
