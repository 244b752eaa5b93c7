//! Writing a stream to stdout or a file, resumable from a checkpoint.

use std::path::Path;

use apivideo::query::ListQuery;
use apivideo::{ErrorKind, List};
use serde::Serialize;

use super::checkpoint_file::CheckpointFile;
use super::choose_format;
use super::copy::{Copy, Outcome};
use super::summary::{report_missing, summary};
use crate::args::ListOptions;
use crate::checkpoint::{self, Checkpoint};
use crate::context::Context;
use crate::destination::Destination;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::format::{Format, OutputOptions};
use crate::output::schema::ItemSchema;
use crate::output::{self, Projection, SinkOptions};
use crate::stderr::{print_error, print_hint};

/// Writes the items of a list until its end, the limit, an error or a stop signal. A checkpoint is kept while the list is read
/// with `--out` or `--resume`, and is otherwise written when the command stops.
pub(super) async fn write_stream<Q>(
    context: &Context<'_>,
    schema: &ItemSchema,
    list: &List<Q>,
    options: &ListOptions,
) -> Result<Exit, Failure>
where
    Q: ListQuery<Item: Serialize>,
{
    let settings = &context.settings;
    let output_options = OutputOptions {
        fields: context.options.fields.clone(),
        csv: settings.csv.clone(),
        has_event_rows: schema.has_event_rows,
        jq: context.options.jq().map(str::to_owned),
    };
    let projection = Projection::new(schema, output_options.fields.as_deref())?;
    let out = options.out.as_deref();
    let path = options.checkpoint();
    let resumed = read_checkpoint(options)?;
    let format = match (&resumed, out) {
        (Some(resumed), _) => {
            let requested = context.options.output;
            resumed.format(requested, &output_options, out.is_some())?
        }
        (None, Some(path)) => file_format(context, path)?,
        (None, None) => choose_format(context, &projection),
    };
    let mut stream = match &resumed {
        Some(resumed) => resumed.stream(list)?,
        None => list.stream(),
    };
    let resumed_from = resumed.as_ref().map(|resumed| resumed.cursor.clone());
    let destination = match out {
        Some(path) => {
            let length = resumed.as_ref().map(|resumed| resumed.length.unwrap_or(0));
            Destination::file(path, length, options.force)?
        }
        None => Destination::stdout(),
    };
    if options.force
        && let Some(path) = &path
    {
        // Its output is overwritten.
        checkpoint::remove(path)?;
    }
    let mut file = CheckpointFile::new(path, resumed.as_ref());
    let mut checkpoint = match resumed {
        Some(resumed) => {
            destination.check_length(resumed.length)?;
            resumed
        }
        None => {
            let mut new = Checkpoint::new(format, output_options, out.is_some(), stream.cursor());
            new.length = destination.length().map_err(Failure::output)?;
            new
        }
    };
    let resume_state = checkpoint.resume_state();
    let sink_options = SinkOptions {
        format,
        csv: settings.csv.clone(),
        page_size: settings.page_size.value,
        jq: context.options.jq().map(str::to_owned),
    };
    let mut sink =
        output::sink::<Q::Item>(&sink_options, &projection, &destination, &resume_state)?;
    let outcome = Copy::new(
        context,
        schema.noun,
        options.limit,
        &destination,
        &mut file,
        &mut checkpoint,
    )
    .run(&mut stream, resumed_from, &mut *sink)
    .await;
    let summary = |checkpoint: &Checkpoint| {
        summary(schema, resume_state.written, checkpoint, &stream.progress())
    };
    let (exit, error) = match outcome {
        Ok(Outcome::Complete) => {
            let is_missing = checkpoint.missing.count() > 0;
            let finished = match is_missing {
                // A JSON array stays open: it does not contain the complete list.
                true => sink.flush().map(|()| None),
                false => sink.finish(),
            };
            return match finished.and_then(|note| destination.sync().map(|()| note)) {
                Ok(note) => {
                    file.remove()?;
                    let note = note.map_or_else(String::new, |note| format!("; {note}"));
                    context.print_note(&format!("{}{note}", summary(&checkpoint)));
                    Ok(match is_missing {
                        true => report_missing(&checkpoint.missing, schema.noun),
                        false => Exit::Done,
                    })
                }
                Err(error) => file.output_failed(Failure::output(error), schema, &destination),
            };
        }
        Ok(Outcome::Stopped) => (Exit::Interrupted, None),
        Ok(Outcome::Failed(error)) => (Exit::from_error(&error), Some(error)),
        Err(failure) => return file.output_failed(failure, schema, &destination),
    };
    // The items are flushed before the number of written items is reported.
    let flushed = sink.flush();
    if let Some(error) = &error {
        print_error(error);
    }
    if let Err(error) = flushed {
        return file.output_failed(Failure::output(error), schema, &destination);
    }
    let has_output = checkpoint.written > 0 || checkpoint.missing.count() > 0;
    if !has_output && !file.exists() {
        destination.discard();
        return Ok(exit);
    }
    checkpoint.layout = sink.layout();
    let updated = file.update(&mut checkpoint, stream.cursor(), &destination);
    context.print_note(&summary(&checkpoint));
    match updated {
        Ok(()) => {
            file.print_resume_command(checkpoint.written, schema, &destination);
            if error.is_some_and(|error| error.kind() == ErrorKind::Incomplete) {
                print_hint(match destination.path() {
                    Some(_) => "if this error repeats, start over with --force",
                    None => {
                        "if this error repeats, start over without --resume and with a new output file"
                    }
                });
            }
        }
        // The exit code still says that data was written.
        Err(failure) => {
            failure.report();
        }
    }
    Ok(match exit {
        Exit::Interrupted => exit,
        _ if checkpoint.written == 0 => exit,
        _ => Exit::Partial,
    })
}

/// Reads the checkpoint to resume from, if any.
pub(crate) fn read_checkpoint(options: &ListOptions) -> Result<Option<Checkpoint>, Failure> {
    match options.checkpoint() {
        Some(path) if !options.force => Checkpoint::read(&path),
        _ => Ok(None),
    }
}

/// Returns the format of an `--out` file: `--output`, else by its extension, else the setting, else NDJSON.
pub(crate) fn file_format(context: &Context<'_>, path: &Path) -> Result<Format, Failure> {
    let by_extension = || match path.extension()?.to_str()? {
        "ndjson" | "jsonl" => Some(Format::Ndjson),
        "json" => Some(Format::Json),
        "csv" => Some(Format::Csv),
        _ => None,
    };
    let set = context.settings.output.as_ref().map(|output| output.value);
    let format = context.options.output.or_else(by_extension).or(set);
    match format {
        Some(format @ Format::Csv) if context.options.jq().is_some() => {
            let (shown, format) = (path.display(), format.name());
            Err(
                Failure::usage(format!("{shown} is a {format} file, but --jq filters JSON"))
                    .with_hint("use the extension .ndjson, .json or .txt"),
            )
        }
        // A setting of the configuration.
        Some(Format::Table) if context.options.jq().is_some() => Ok(Format::Ndjson),
        Some(Format::Table) => Err(Failure::usage("--out cannot be used with --output table")
            .with_hint("use ndjson, json or csv")),
        Some(format) => Ok(format),
        None => Ok(Format::Ndjson),
    }
}
