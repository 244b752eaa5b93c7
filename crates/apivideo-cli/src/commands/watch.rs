//! `apivideo watch`: the current viewers of a live stream.

mod live_line;

use std::io::{self, Write};
use std::num::NonZeroU64;

use apivideo::aggregates::ViewerSample;
use apivideo::{LiveStream, Timestamp};
use futures_util::StreamExt;
use futures_util::stream::FusedStream;
use serde::Serialize;

use super::list;
use crate::args::{Watch, WatchedType};
use crate::chart::Theme;
use crate::context::Context;
use crate::destination::Destination;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::format::{Format, ResumeState};
use crate::output::schema::CellKind::{Exact, Number};
use crate::output::schema::ItemSchema;
use crate::output::{self, Projection, Sink, SinkOptions};
use crate::progress::count;
use crate::stderr::print_error;
use live_line::LiveLine;

/// The number of viewers at a time.
#[derive(Clone, Copy, Debug, Serialize)]
struct Sample {
    at: Timestamp,
    viewers: u64,
}

impl From<ViewerSample> for Sample {
    fn from(sample: ViewerSample) -> Self {
        Self {
            at: sample.at,
            viewers: sample.viewers,
        }
    }
}

pub(crate) fn schema() -> ItemSchema {
    ItemSchema::of_result(
        ("sample", "samples"),
        &[("at", Exact), ("viewers", Number)],
        &[("at", 1), ("viewers", 0)],
    )
}

/// Runs until Ctrl-C, which is the regular end, until the number of requests, or until an error that the next request would repeat.
pub(crate) async fn run(context: &Context<'_>, arguments: &Watch) -> Result<Exit, Failure> {
    let WatchedType::LiveStream = arguments.asset_type;
    let schema = schema();
    if list::print_field_names(context, &schema)? {
        return Ok(Exit::Done);
    }
    let mut screen = Screen::choose(context, &schema)?;
    let connection = context.connect().await?;
    let live_stream = connection.client.live_stream(arguments.id.clone());
    // The service counts no viewers of a live stream that does not exist, which is not an error.
    let Some(found) = context.stop.run_until(live_stream.get()).await else {
        return Ok(Exit::Interrupted);
    };
    introduce(context, &found?);
    let mut viewers = live_stream.current_viewers();
    if let Some(interval) = arguments.interval {
        viewers = viewers.with_interval(interval);
    }
    let mut totals = Totals::default();
    let is_stopped = loop {
        if arguments.count.map(NonZeroU64::get) == Some(totals.requests()) {
            break false;
        }
        match context.stop.run_until(viewers.next()).await {
            None => break true,
            Some(None) => break false,
            Some(Some(Ok(sample))) => {
                let sample = sample.into();
                totals.add(sample);
                screen.show(sample).map_err(Failure::output)?;
            }
            Some(Some(Err(error))) if viewers.is_terminated() => {
                screen.finish().map_err(Failure::output)?;
                return Err(error.into());
            }
            Some(Some(Err(error))) => {
                totals.failed += 1;
                screen.clear().map_err(Failure::output)?;
                print_error(&error);
            }
        }
    };
    screen.finish().map_err(Failure::output)?;
    Ok(totals.finish(context, is_stopped))
}

/// Prints what is watched.
fn introduce(context: &Context<'_>, live_stream: &LiveStream) {
    let name = live_stream.name.as_deref().unwrap_or("the live stream");
    let note = match live_stream.broadcasting {
        Some(false) => format!("{name}: not broadcasting at the moment"),
        _ => name.to_owned(),
    };
    context.print_note(&note);
}

/// The requests so far.
#[derive(Debug, Default)]
struct Totals {
    samples: u64,
    failed: u64,
    /// The first sample with the most viewers.
    peak: Option<Sample>,
}

impl Totals {
    fn requests(&self) -> u64 {
        self.samples + self.failed
    }

    fn add(&mut self, sample: Sample) {
        self.samples += 1;
        if self.peak.is_none_or(|peak| sample.viewers > peak.viewers) {
            self.peak = Some(sample);
        }
    }

    /// Prints a summary, and returns the exit code.
    fn finish(&self, context: &Context<'_>, is_stopped: bool) -> Exit {
        if let Some(peak) = self.peak {
            let samples = count(self.samples, ("sample", "samples"));
            let failed = match self.failed {
                0 => String::new(),
                failed => format!(", {}", count(failed, ("failed request", "failed requests"))),
            };
            context.print_note(&format!(
                "summary: {samples}{failed}, peak {} at {}",
                peak.viewers, peak.at
            ));
        }
        match (self.samples, self.failed) {
            (0, 0) => Exit::Interrupted,
            (0, _) if is_stopped => Exit::Interrupted,
            (0, _) => Exit::Unavailable,
            (_, failed) if failed > 0 && !is_stopped => Exit::Skipped,
            _ => Exit::Done,
        }
    }
}

/// Where samples are shown.
enum Screen {
    /// A line that is updated.
    Line { line: LiveLine, out: io::Stdout },
    /// A row per sample.
    Rows(Box<dyn Sink<Sample>>),
}

impl Screen {
    /// A line on a terminal, unless a format or fields are selected, and rows otherwise.
    fn choose(context: &Context<'_>, schema: &ItemSchema) -> Result<Self, Failure> {
        let fields = context.options.fields.as_deref();
        let projection = Projection::new(schema, fields)?;
        let format = list::choose_format(context, &projection);
        let destination = Destination::stdout();
        if format == Format::Table && fields.is_none() && destination.is_terminal() {
            return Ok(Self::Line {
                line: LiveLine::default(),
                out: io::stdout(),
            });
        }
        let options = SinkOptions {
            format,
            csv: context.settings.csv.clone(),
            page_size: context.settings.page_size.value,
            jq: context.options.jq().map(str::to_owned),
        };
        let new = ResumeState::default();
        output::sink(&options, &projection, &destination, &new).map(Self::Rows)
    }

    fn show(&mut self, sample: Sample) -> io::Result<()> {
        match self {
            Self::Line { line, out } => {
                line.add(sample);
                out.write_all(line.update(Theme::of_stdout()).as_bytes())?;
                out.flush()
            }
            Self::Rows(sink) => {
                sink.write(&sample)?;
                sink.flush()
            }
        }
    }

    /// Removes the line, so that a message can be printed.
    fn clear(&mut self) -> io::Result<()> {
        match self {
            Self::Line { line, out } => {
                out.write_all(line.clear().as_bytes())?;
                out.flush()
            }
            Self::Rows(sink) => sink.flush(),
        }
    }

    fn finish(&mut self) -> io::Result<()> {
        match self {
            Self::Line { line, out } => {
                if line.is_shown() {
                    out.write_all(b"\n")?;
                }
                out.flush()
            }
            Self::Rows(sink) => sink.finish().map(drop),
        }
    }
}
