//! `apivideo retention`: how far a video was watched, what was watched again, and where viewers left.

mod compare;
mod curve;
mod drawing;

use apivideo_insights::RetentionBin;
use serde::Serialize;

use super::Asked;
use super::answer::{Answer, Form};
use super::page::Page;
use crate::args;
use crate::commands::list;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::schema::CellKind::Number;
use crate::output::schema::ItemSchema;
use crate::source::report_unreadable;

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Row {
    from_seconds: f64,
    to_seconds: f64,
    unique: Option<f64>,
    unique_lower: Option<f64>,
    unique_upper: Option<f64>,
    absolute: Option<f64>,
    rewatch: Option<f64>,
}

pub(crate) fn schema() -> ItemSchema {
    let fields = [
        ("fromSeconds", Number),
        ("toSeconds", Number),
        ("unique", Number),
        ("uniqueLower", Number),
        ("uniqueUpper", Number),
        ("absolute", Number),
        ("rewatch", Number),
    ];
    let table = [
        ("fromSeconds", 0),
        ("toSeconds", 1),
        ("unique", 2),
        ("uniqueLower", 4),
        ("uniqueUpper", 5),
        ("rewatch", 3),
    ];
    ItemSchema::of_result(("bin", "bins"), &fields, &table)
}

pub(crate) async fn run(
    context: &Context<'_>,
    arguments: &args::Retention,
) -> Result<Exit, Failure> {
    let schema = match arguments.compare {
        Some(_) => compare::schema(),
        None => schema(),
    };
    if list::print_field_names(context, &schema)? {
        return Ok(Exit::Done);
    }
    let answer = Answer::choose(context, &schema, &arguments.file)?;
    let assets = arguments.subject.assets()?;
    let asked = Asked::open_for(context, assets, &arguments.question).await?;
    if let Some(with) = &arguments.compare {
        return compare::run(context, &answer, asked, with).await;
    }
    let settings = asked.settings();
    let name = asked.assets.first().map(ToString::to_string);
    let Some(curve) = curve::read(context, &asked, settings, name.unwrap_or_default()).await?
    else {
        return Ok(Exit::Interrupted);
    };
    match answer.form {
        Form::Page => {
            let mut page: Page = asked.page(context).await;
            match &curve {
                Some(curve) => drawing::write(&mut page, curve),
                None => page.line("No play in this period."),
            }
            crate::output::print(&page.finish())?;
        }
        Form::Object => answer.write_object(&curve)?,
        Form::Rows(format) => {
            let bins = curve.as_ref().map_or(&[][..], |curve| &curve.bins);
            let rows: Vec<Row> = bins.iter().map(Row::from).collect();
            answer.write_rows(format, &rows)?;
            if curve.is_none() {
                context.print_note("no play in this period");
            }
        }
    }
    Ok(report_unreadable(curve.map_or(0, |curve| curve.unreadable)))
}

impl From<&RetentionBin> for Row {
    fn from(bin: &RetentionBin) -> Self {
        Self {
            from_seconds: bin.from_seconds,
            to_seconds: bin.to_seconds,
            unique: bin.unique,
            unique_lower: bin.unique_lower,
            unique_upper: bin.unique_upper,
            absolute: bin.absolute,
            rewatch: bin.rewatch,
        }
    }
}
