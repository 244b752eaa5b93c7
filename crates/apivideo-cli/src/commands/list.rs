//! Code shared by all list commands.

mod checkpoint_file;
mod copy;
mod summary;
mod write;

use apivideo::List;
use apivideo::query::ListQuery;
use serde::Serialize;

use crate::args::ListOptions;
use crate::context::Context;
use crate::destination::Destination;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::format::{Format, ResumeState};
use crate::output::schema::ItemSchema;
use crate::output::{self, Projection, SinkOptions};
use crate::progress::count;
use write::write_stream;
pub(crate) use write::{file_format, read_checkpoint};

/// With `--fields list`, prints the names of the fields and returns true.
pub(crate) fn print_field_names(
    context: &Context<'_>,
    schema: &ItemSchema,
) -> Result<bool, Failure> {
    let is_requested = context
        .options
        .fields
        .as_deref()
        .is_some_and(|fields| fields == ["list"]);
    if is_requested && schema.fields.is_empty() {
        return Err(
            unknown_fields().with_hint("print an item, and select its fields with --fields")
        );
    }
    if is_requested {
        print_names(schema)?;
    }
    Ok(is_requested)
}

/// Prints the names of the fields that can be selected, one per line.
pub(super) fn print_names(schema: &ItemSchema) -> Result<(), Failure> {
    let names = schema.field_names().into_iter();
    output::print(&names.map(|name| name + "\n").collect::<String>())
}

/// The error for items of unknown fields.
pub(super) fn unknown_fields() -> Failure {
    Failure::usage("the fields of this path are not known")
}

/// Reads the part of a list that the options select, and writes it.
pub(crate) async fn run<Q>(
    context: &Context<'_>,
    schema: &ItemSchema,
    list: List<Q>,
    options: &ListOptions,
) -> Result<Exit, Failure>
where
    Q: ListQuery<Item: Serialize>,
{
    let list = list.page_size(context.settings.page_size.value);
    if options.count {
        let count = async { print_count(context, schema, list.total().await?) };
        return context.run_until_stopped(count).await;
    }
    if let Some(last) = options.last {
        let newest = async { print_items(context, schema, &list.last(last.get()).await?) };
        return context.run_until_stopped(newest).await;
    }
    write_stream(context, schema, &list, options).await
}

/// Prints the number of items of a list.
fn print_count(context: &Context<'_>, schema: &ItemSchema, count: u64) -> Result<Exit, Failure> {
    let text = match choose_format(context, &Projection::new(schema, None)?) {
        Format::Csv => format!("count\r\n{count}\r\n"),
        Format::Table | Format::Json | Format::Ndjson => format!("{count}\n"),
    };
    output::print(&text)?;
    Ok(Exit::Done)
}

/// Prints items that have been read completely.
pub(crate) fn print_items<T: Serialize>(
    context: &Context<'_>,
    schema: &ItemSchema,
    items: &[T],
) -> Result<Exit, Failure> {
    let projection = Projection::new(schema, context.options.fields.as_deref())?;
    let options = SinkOptions {
        format: choose_format(context, &projection),
        csv: context.settings.csv.clone(),
        page_size: context.settings.page_size.value,
        jq: context.options.jq().map(str::to_owned),
    };
    let destination = Destination::stdout();
    let new = ResumeState::default();
    let mut sink = output::sink::<T>(&options, &projection, &destination, &new)?;
    for item in items {
        sink.write(item).map_err(Failure::output)?;
    }
    let note = sink.finish().map_err(Failure::output)?;
    if options.format == Format::Table {
        let count = count(items.len() as u64, schema.noun);
        let note = note.map_or_else(String::new, |note| format!("; {note}"));
        context.print_note(&format!("{count}{note}"));
    }
    Ok(Exit::Done)
}

/// Returns the format of output to stdout.
pub(crate) fn choose_format(context: &Context<'_>, projection: &Projection) -> Format {
    if context.options.jq().is_some() {
        return Format::Ndjson;
    }
    let set = context.settings.output.as_ref().map(|output| output.value);
    output::choose_format(set, projection)
}
