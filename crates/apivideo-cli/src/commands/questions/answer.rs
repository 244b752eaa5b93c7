//! Where and in which form an answer is written: a page on a terminal, rows, or an object of JSON.

use serde::Serialize;

use crate::args::OutFile;
use crate::commands::list;
use crate::context::Context;
use crate::destination::Destination;
use crate::failure::Failure;
use crate::format::{Format, ResumeState};
use crate::output::schema::ItemSchema;
use crate::output::{self, Projection, SinkOptions};

/// The form of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// Figures and charts.
    Page,
    /// All measures as one object.
    Object,
    /// The rows of the schema.
    Rows(Format),
}

/// The form and the destination of an answer.
pub(super) struct Answer<'a> {
    context: &'a Context<'a>,
    file: &'a OutFile,
    schema: &'a ItemSchema,
    projection: Projection,
    pub(super) form: Form,
}

impl<'a> Answer<'a> {
    /// Chooses the form by the options. A file that must not be overwritten is an error, before anything is read.
    pub(super) fn choose(
        context: &'a Context<'a>,
        schema: &'a ItemSchema,
        file: &'a OutFile,
    ) -> Result<Self, Failure> {
        let fields = context.options.fields.as_deref();
        let projection = Projection::new(schema, fields)?;
        let (format, is_terminal) = match &file.out {
            Some(path) => {
                Destination::check_file(path, None, file.force)?;
                (list::file_format(context, path)?, false)
            }
            None => {
                let format = list::choose_format(context, &projection);
                (format, Destination::stdout().is_terminal())
            }
        };
        // A filter of JSON is applied to each row, or to the object if that is requested.
        let is_object = context.options.output == Some(Format::Json);
        let form = match format {
            _ if context.options.jq().is_some() && is_object && fields.is_none() => Form::Object,
            Format::Table if is_terminal && fields.is_none() => Form::Page,
            Format::Json if fields.is_none() => Form::Object,
            format => Form::Rows(format),
        };
        Ok(Self {
            context,
            file,
            schema,
            projection,
            form,
        })
    }

    fn destination(&self) -> Result<Destination, Failure> {
        match &self.file.out {
            Some(path) => Destination::file(path, None, self.file.force),
            None => Ok(Destination::stdout()),
        }
    }

    /// Writes an object of JSON.
    pub(super) fn write_object<T: Serialize>(&self, value: &T) -> Result<(), Failure> {
        let destination = self.destination()?;
        let jq = self.context.options.jq();
        whole(&destination, || output::write_json(value, &destination, jq))
    }

    /// Writes rows in a format.
    pub(super) fn write_rows<T: Serialize>(
        &self,
        format: Format,
        rows: &[T],
    ) -> Result<(), Failure> {
        let destination = self.destination()?;
        let options = SinkOptions {
            format,
            csv: self.context.settings.csv.clone(),
            page_size: self.context.settings.page_size.value,
            jq: self.context.options.jq().map(str::to_owned),
        };
        let note = whole(&destination, || {
            let new = ResumeState::default();
            let mut sink = output::sink::<T>(&options, &self.projection, &destination, &new)?;
            for row in rows {
                sink.write(row).map_err(Failure::output)?;
            }
            let note = sink.finish().map_err(Failure::output)?;
            destination.sync().map_err(Failure::output)?;
            Ok(note)
        })?;
        if let Some(note) = note.filter(|_| format == Format::Table) {
            self.context.print_note(&note);
        }
        if let Some(path) = &self.file.out {
            let count = crate::progress::count(rows.len() as u64, self.schema.noun);
            self.context
                .print_note(&format!("{count} written to {}", path.display()));
        }
        Ok(())
    }
}

/// Writes an answer. If that fails, nothing of it is left in a file: rows that were cut off look like an answer.
fn whole<T>(
    destination: &Destination,
    write: impl FnOnce() -> Result<T, Failure>,
) -> Result<T, Failure> {
    let length = destination.length().map_err(Failure::output)?;
    let written = write();
    if written.is_err() {
        destination.truncate(0, length.unwrap_or(0));
        destination.discard();
    }
    written
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    fn fail_after_half(destination: &Destination) -> Result<(), Failure> {
        whole(destination, || {
            let mut out = destination.writer().map_err(Failure::output)?;
            out.write_all(b"half").map_err(Failure::output)?;
            out.flush().map_err(Failure::output)?;
            Err(Failure::failed("the disk is full"))
        })
    }

    #[test]
    fn an_answer_that_fails_leaves_no_rows() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rows.csv");
        fail_after_half(&Destination::file(&path, None, false).unwrap()).unwrap_err();
        assert!(!path.exists());

        std::fs::write(&path, "an earlier answer").unwrap();
        fail_after_half(&Destination::file(&path, None, true).unwrap()).unwrap_err();
        assert_eq!(std::fs::read(&path).unwrap(), b"");

        let destination = Destination::file(&path, None, false).unwrap();
        whole(&destination, || {
            let mut out = destination.writer().map_err(Failure::output)?;
            out.write_all(b"rows").map_err(Failure::output)
        })
        .unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"rows");
    }
}
