//! `apivideo lake status`: what a lake contains, its settings and its last pulls.

use std::fmt::Write as _;

use apivideo_lake::{RunRecord, Status};
use serde::Serialize;

use super::list;
use super::plan::size;
use crate::args::LakeStatus;
use crate::color::{self, Style};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::format::Format;
use crate::output::schema::CellKind::{Exact, Number, Text};
use crate::output::schema::ItemSchema;
use crate::output::{self, Projection};
use crate::progress::count;
use crate::text::printable;

/// The number of runs that the page shows.
const SHOWN_RUNS: usize = 7;

const SESSIONS: (&str, &str) = ("session", "sessions");

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Row {
    folder: String,
    current_rules_version: u32,
    #[serde(flatten)]
    status: Status,
}

pub(super) fn schema() -> ItemSchema {
    ItemSchema::of_result(
        ("lake", "lakes"),
        &[
            ("folder", Text),
            ("completeUntil", Exact),
            ("since", Exact),
            ("mutable", Text),
            ("unfinished", Text),
            ("missingDays", Text),
            ("converting", Exact),
            ("days", Number),
            ("rows", Number),
            ("bytes", Number),
            ("tables", Text),
            ("invalid", Number),
            ("withoutEvents", Number),
            ("videos", Number),
            ("liveStreams", Number),
            ("format", Exact),
            ("delta", Exact),
            ("events", Exact),
            ("sample", Exact),
            ("skipUnplayed", Exact),
            ("dropped", Text),
            ("hashed", Text),
            ("viewerKey", Text),
            ("lag", Number),
            ("layoutVersion", Number),
            ("columnVersion", Number),
            ("rulesVersion", Number),
            ("currentRulesVersion", Number),
            ("runs", Text),
        ],
        &[
            ("completeUntil", 0),
            ("days", 1),
            ("rows", 2),
            ("bytes", 3),
            ("invalid", 4),
            ("withoutEvents", 5),
            ("format", 6),
        ],
    )
}

/// Prints the status: a page of text as a table, and otherwise a row.
pub(crate) fn run(context: &Context<'_>, arguments: &LakeStatus) -> Result<Exit, Failure> {
    let schema = schema();
    if list::print_field_names(context, &schema)? {
        return Ok(Exit::Done);
    }
    let row = Row {
        folder: arguments.lake.to_string(),
        current_rules_version: apivideo_insights::RULES_VERSION,
        status: apivideo_lake::status(&arguments.lake)?,
    };
    let fields = context.options.fields.as_deref();
    let projection = Projection::new(&schema, fields)?;
    if fields.is_none() && list::choose_format(context, &projection) == Format::Table {
        output::print(&page(&row))?;
        return Ok(Exit::Done);
    }
    list::print_items(context, &schema, &[row])
}

fn page(row: &Row) -> String {
    let mut page = Page::default();
    page.heading(&row.folder);
    contents(&mut page, &row.status);
    page.heading("Tables");
    page.table(
        &["table", "files", "rows", "size"],
        row.status.tables.iter().map(|table| {
            vec![
                table.table.to_string(),
                table.files.to_string(),
                table.rows.to_string(),
                size(table.bytes),
            ]
        }),
    );
    page.heading("Settings");
    settings(&mut page, row);
    page.heading("Last pulls");
    let runs = row.status.runs.iter().rev().take(SHOWN_RUNS);
    page.table(
        &[
            "started", "duration", "outcome", "requests", "sessions", "rows", "size",
        ],
        runs.map(run_cells),
    );
    page.text
}

fn contents(page: &mut Page, status: &Status) {
    let day = |day: Option<apivideo::jiff::civil::Date>| day.map(|day| day.to_string());
    let until = day(status.complete_until).unwrap_or_else(|| "no day is final yet".to_owned());
    page.line("Complete until", &until);
    if let Some(since) = day(status.since) {
        page.line("Since", &since);
    }
    page.line("Mutable days", &list_of(&status.mutable));
    if !status.unfinished.is_empty() {
        page.line("Not complete", &list_of(&status.unfinished));
    }
    if !status.missing_days.is_empty() {
        let days = list_of(&status.missing_days);
        page.line("Missing days", &format!("{days} (run the pull again)"));
    }
    page.line(
        "Contents",
        &format!(
            "{}, {}, {}",
            count(status.days, ("day", "days")),
            count(status.rows, ("row", "rows")),
            size(status.bytes)
        ),
    );
    page.line(
        "Assets",
        &format!(
            "{}, {}",
            count(status.videos, ("video", "videos")),
            count(status.live_streams, ("live stream", "live streams"))
        ),
    );
    page.line(
        "Invalid",
        &format!(
            "{}, {} without events",
            count(status.invalid, ("record", "records")),
            count(status.without_events, SESSIONS)
        ),
    );
}

fn settings(page: &mut Page, row: &Row) {
    let status = &row.status;
    let logs = match status.delta {
        true => ", with Delta logs",
        false => "",
    };
    let converting = status.converting.map(|to| format!(", converting to {to}"));
    let converting = converting.unwrap_or_default();
    page.line("Format", &format!("{}{logs}{converting}", status.format));
    let events = match (status.events, status.sample) {
        (false, _) => "none".to_owned(),
        (true, None) => "of all sessions".to_owned(),
        (true, Some(sample)) => format!("of a sample of {sample} of the sessions"),
    };
    let unplayed = match status.skip_unplayed {
        true => ", without unplayed sessions",
        false => "",
    };
    page.line("Events", &format!("{events}{unplayed}"));
    page.line("Dropped fields", &list_of(&status.dropped));
    page.line("Hashed fields", &list_of(&status.hashed));
    page.line("Viewer key", &status.viewer_key.to_string());
    if let Some(lag) = status.lag {
        page.line("Lag", &count(lag.into(), ("day", "days")));
    }
    let current = row.current_rules_version;
    let rules = match status.rules_version {
        None => "no derived tables".to_owned(),
        Some(version) if version == current => format!("rules {version}"),
        Some(version) => format!("rules {version} (current: {current})"),
    };
    page.line(
        "Versions",
        &format!(
            "layout {}, columns {}, {rules}",
            status.layout_version, status.column_version
        ),
    );
}

fn run_cells(run: &RunRecord) -> Vec<String> {
    let duration = run.ended.map(|ended| ended.duration_since(run.started));
    vec![
        format!("{:.0}", run.started),
        duration.map_or_else(|| "-".to_owned(), |time| format!("{} s", time.as_secs())),
        run.outcome.to_string(),
        run.requests.to_string(),
        run.sessions.to_string(),
        run.rows_written.to_string(),
        size(run.bytes_written),
    ]
}

fn list_of<T: ToString>(items: &[T]) -> String {
    match items {
        [] => "none".to_owned(),
        items => {
            let items: Vec<String> = items.iter().map(ToString::to_string).collect();
            items.join(", ")
        }
    }
}

/// The text of a page.
#[derive(Default)]
struct Page {
    text: String,
}

impl Page {
    fn heading(&mut self, heading: &str) {
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        let heading = printable(heading);
        let heading = color::paint(color::is_enabled_on_stdout(), Style::Heading, &heading);
        let _ = writeln!(self.text, "{heading}");
    }

    fn line(&mut self, label: &str, value: &str) {
        let _ = writeln!(self.text, "{label:<16} {}", printable(value));
    }

    /// Adds a table whose first column is aligned to the left, and the others to the right.
    fn table(&mut self, heading: &[&str], rows: impl Iterator<Item = Vec<String>>) {
        let heading = heading.iter().map(|name| (*name).to_owned()).collect();
        let rows: Vec<Vec<String>> = std::iter::once(heading).chain(rows).collect();
        let columns = rows.first().map_or(0, Vec::len);
        let widths: Vec<usize> = (0..columns)
            .map(|column| {
                let cells = rows.iter().filter_map(|row| row.get(column));
                cells.map(String::len).max().unwrap_or(0)
            })
            .collect();
        for row in &rows {
            let cells = row.iter().zip(&widths).enumerate();
            let cells = cells.map(|(column, (cell, width))| match column {
                0 => format!("{cell:<width$}"),
                _ => format!("{cell:>width$}"),
            });
            let _ = writeln!(self.text, "{}", cells.collect::<Vec<_>>().join("  "));
        }
    }
}
