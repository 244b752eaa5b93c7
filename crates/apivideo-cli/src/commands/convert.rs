//! `apivideo lake convert`: the files of a lake in another format.

use serde::Serialize;

use super::{lake, list};
use crate::args::Convert;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::schema::CellKind::{Number, Text};
use crate::output::schema::ItemSchema;

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Row {
    folder: String,
    from: String,
    to: String,
    days: u64,
    files: u64,
    rows: u64,
    days_derived: u64,
    problems: Vec<String>,
}

pub(super) fn schema() -> ItemSchema {
    ItemSchema::of_result(
        ("lake", "lakes"),
        &[
            ("folder", Text),
            ("from", Text),
            ("to", Text),
            ("days", Number),
            ("files", Number),
            ("rows", Number),
            ("daysDerived", Number),
            ("problems", Text),
        ],
        &[
            ("from", 0),
            ("to", 1),
            ("days", 2),
            ("files", 3),
            ("rows", 4),
            ("daysDerived", 5),
        ],
    )
}

/// Converts the files that have another format.
pub(crate) fn run(context: &Context<'_>, arguments: &Convert) -> Result<Exit, Failure> {
    if list::print_field_names(context, &schema())? {
        return Ok(Exit::Done);
    }
    let location = lake::unlocked(
        &arguments.lake,
        arguments.staging.as_deref(),
        &arguments.lock,
    )?;
    let converted = apivideo_lake::convert(location, arguments.format)?;
    let row = Row {
        folder: arguments.lake.to_string(),
        from: converted.from.to_string(),
        to: converted.to.to_string(),
        days: converted.days,
        files: converted.files,
        rows: converted.rows,
        days_derived: converted.days_derived,
        problems: converted.problems,
    };
    let problems = &row.problems;
    let failed = "some days were not converted or derived";
    lake::print_result(context, &schema(), &row, problems, failed)
}
