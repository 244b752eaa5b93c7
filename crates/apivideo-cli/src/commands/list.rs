//! Reading a list to its end, and writing each item as it comes.

use std::future::{Future, poll_fn};
use std::path::PathBuf;
use std::pin::{Pin, pin};
use std::task::Poll;

use apivideo::{
    AssetStream, AssetsCursor, Cursor, ErrorKind, ItemStream, List, Listing, OfAsset, Progress,
};
use futures_util::{Stream, StreamExt};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::sync::watch;

use crate::again;
use crate::args::{Format, Range};
use crate::checkpoint::{self, Checkpoint};
use crate::clock;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::{Failure, say, tell};
use crate::output::record::Kind;
use crate::output::{self, Before, Sink, View};
use crate::progress::{Status, TICK};

/// A stream that says where it stands.
pub(crate) trait Reading:
    Stream<Item = apivideo::Result<Self::Record>> + Unpin + Sized
{
    type Record: Serialize;
    type Cursor: Serialize + DeserializeOwned;

    fn resume(self, cursor: &Self::Cursor) -> apivideo::Result<Self>;
    fn cursor(&self) -> Self::Cursor;
    fn progress(&mut self) -> watch::Receiver<Progress>;
}

impl<T: Serialize + 'static> Reading for ItemStream<T> {
    type Record = T;
    type Cursor = Cursor;

    fn resume(self, cursor: &Cursor) -> apivideo::Result<Self> {
        self.with_cursor(cursor)
    }

    fn cursor(&self) -> Cursor {
        self.cursor()
    }

    fn progress(&mut self) -> watch::Receiver<Progress> {
        self.progress()
    }
}

impl<T> Reading for AssetStream<T>
where
    T: Serialize + 'static,
{
    type Record = OfAsset<T>;
    type Cursor = AssetsCursor;

    fn resume(self, cursor: &AssetsCursor) -> apivideo::Result<Self> {
        self.with_cursor(cursor)
    }

    fn cursor(&self) -> AssetsCursor {
        self.cursor()
    }

    fn progress(&mut self) -> watch::Receiver<Progress> {
        self.progress()
    }
}

/// Prints the names of the fields where `--fields list` asks for them.
pub(crate) fn shows_fields(context: &Context<'_>, kind: &Kind) -> Result<bool, Failure> {
    let is_asked = context
        .options
        .fields
        .as_deref()
        .is_some_and(|fields| fields == ["list"]);
    if is_asked && kind.fields.is_empty() {
        return Err(Failure::usage(
            "which fields there are is known of no path by itself; look at an item, and choose by --fields",
        ));
    }
    if is_asked {
        let names: String = kind
            .fields
            .iter()
            .map(|field| format!("{field}\n"))
            .collect();
        output::print(&names)?;
    }
    Ok(is_asked)
}

/// As much of a list as was asked for.
pub(crate) async fn run<Q>(
    context: &Context<'_>,
    kind: &Kind,
    list: List<Q>,
    range: &Range,
) -> Result<Exit, Failure>
where
    Q: Listing<Item: Serialize>,
{
    let list = list.page_size(context.settings.page_size.value);
    if range.count {
        let count = async { count(context, kind, list.total().await?) };
        return context.until_stopped(count).await;
    }
    if let Some(last) = range.last {
        let newest = async { all(context, kind, &list.last(last.get()).await?) };
        return context.until_stopped(newest).await;
    }
    read(context, kind, list.stream(), range).await
}

/// Writes a number by itself.
pub(crate) fn count(context: &Context<'_>, kind: &Kind, count: u64) -> Result<Exit, Failure> {
    let view = View::new(kind, None)?;
    let text = match output::format(&context.settings, &view) {
        Format::Csv => format!("count\r\n{count}\r\n"),
        Format::Table | Format::Json | Format::Ndjson => format!("{count}\n"),
    };
    output::print(&text)?;
    Ok(Exit::Done)
}

/// Writes items that are all there.
pub(crate) fn all<T: Serialize>(
    context: &Context<'_>,
    kind: &Kind,
    items: &[T],
) -> Result<Exit, Failure> {
    let view = View::new(kind, context.options.fields.as_deref())?;
    let format = output::format(&context.settings, &view);
    let mut sink = output::sink::<T>(format, &view, &context.settings, &Before::default())?;
    for item in items {
        sink.item(item).map_err(Failure::output)?;
    }
    if let Some(remark) = sink.finish().map_err(Failure::output)? {
        context.remark(&remark);
    }
    Ok(Exit::Done)
}

/// Reads a stream to its end, to the limit, or until it has to stop; then where it stood is kept.
pub(crate) async fn read<S: Reading>(
    context: &Context<'_>,
    kind: &Kind,
    stream: S,
    range: &Range,
) -> Result<Exit, Failure> {
    let fields = context.options.fields.as_deref();
    let view = View::new(kind, fields)?;
    let checkpoint = match &range.resume {
        Some(path) => Checkpoint::read(path)?,
        None => None,
    };
    let mut before = Before::default();
    let mut items = stream;
    let mut format = output::format(&context.settings, &view);
    if let Some(checkpoint) = &checkpoint {
        let asked = context.options.output;
        format = checkpoint.format(asked, fields)?;
        before = checkpoint.before();
        items = items.resume(&checkpoint.cursor()?)?;
    }
    let mut sink = output::sink::<S::Record>(format, &view, &context.settings, &before)?;
    let mut reader = Reader {
        context,
        noun: kind.noun,
        limit: range.limit.unwrap_or(u64::MAX),
        written: before.written,
        skipped: 0,
        left_out: 0,
    };
    let ended = reader.run(&mut items, &mut *sink).await?;
    let place = range.resume.clone();
    let (written, incomplete) = (reader.written, reader.incomplete());
    let (exit, why) = match ended {
        Ended::Whole => {
            if let Some(place) = &place {
                // What it stood for is done.
                let _ = std::fs::remove_file(place);
            }
            if let Some(incomplete) = incomplete {
                sink.pause().map_err(Failure::output)?;
                return Err(Failure::new(Exit::Skipped, incomplete));
            }
            if let Some(remark) = sink.finish().map_err(Failure::output)? {
                context.remark(&remark);
            }
            return Ok(Exit::Done);
        }
        Ended::Stopped => (Exit::Interrupted, None),
        Ended::Failed(error) => (Exit::of(&error), Some(error)),
    };
    // What came is out before it is said that it is.
    let flushed = sink.pause();
    if let Some(error) = &why {
        tell(error);
    }
    flushed.map_err(Failure::output)?;
    if written == 0 {
        return Ok(exit);
    }
    let fields = context.options.fields.clone();
    let layout = sink.layout();
    let kept = Checkpoint::new(format, fields, Before { written, layout }, &items.cursor())
        .and_then(|checkpoint| keep(&checkpoint, place, kind));
    if let Err(failure) = kept {
        // That data was written is still what matters most.
        failure.report();
    }
    Ok(match exit {
        Exit::Interrupted => exit,
        _ => Exit::Partial,
    })
}

/// Keeps where it stood, and tells how to go on.
fn keep(checkpoint: &Checkpoint, place: Option<PathBuf>, kind: &Kind) -> Result<(), Failure> {
    let mut arguments = again::arguments();
    let place = match place {
        Some(place) => place,
        None => {
            let place = checkpoint::usual(&arguments);
            arguments.extend(["--resume".into(), place.clone().into_os_string()]);
            place
        }
    };
    checkpoint.write(&place)?;
    let command = again::command(&arguments);
    let (one, several) = kind.noun;
    let noun = if checkpoint.written == 1 {
        one
    } else {
        several
    };
    say(&format!(
        "{} {noun} are written; what follows can be appended by:\n  {command}\n",
        checkpoint.written
    ));
    Ok(())
}

/// How reading ended.
enum Ended {
    Whole,
    Stopped,
    Failed(apivideo::Error),
}

/// What one poll gave.
enum Event<T> {
    Item(apivideo::Result<T>),
    End,
    Stop,
}

struct Reader<'a> {
    context: &'a Context<'a>,
    noun: (&'static str, &'static str),
    limit: u64,
    written: u64,
    /// Records that could not be read.
    skipped: u64,
    /// Assets that are not there.
    left_out: u64,
}

impl Reader<'_> {
    /// What is missing, in words.
    fn incomplete(&self) -> Option<String> {
        let (one, several) = self.noun;
        let mut missing = Vec::new();
        match self.skipped {
            0 => {}
            1 => missing.push(format!("1 {one} could not be read")),
            n => missing.push(format!("{n} {several} could not be read")),
        }
        match self.left_out {
            0 => {}
            1 => missing.push("1 video or live stream is not there".to_owned()),
            n => missing.push(format!("{n} videos or live streams are not there")),
        }
        let missing = (!missing.is_empty()).then(|| missing.join(", "));
        missing.map(|missing| format!("{missing}; all others are printed"))
    }

    async fn run<S: Reading>(
        &mut self,
        items: &mut S,
        sink: &mut dyn Sink<S::Record>,
    ) -> Result<Ended, Failure> {
        let progress = items.progress();
        let mut reporter = self.context.reporter();
        let mut stop = pin!(self.context.stop.requested());
        let mut tick: Pin<Box<dyn Future<Output = ()>>> = Box::pin(clock::sleep(TICK));
        while self.written < self.limit {
            let mut waits = false;
            let event = poll_fn(|cx| {
                if stop.as_mut().poll(cx).is_ready() {
                    return Poll::Ready(Ok(Event::Stop));
                }
                match items.poll_next_unpin(cx) {
                    Poll::Ready(Some(item)) => return Poll::Ready(Ok(Event::Item(item))),
                    Poll::Ready(None) => return Poll::Ready(Ok(Event::End)),
                    Poll::Pending => {}
                }
                // A stream that only lets a request leave has the next item at hand when it is asked again.
                if !std::mem::replace(&mut waits, true) {
                    cx.waker().wake_by_ref();
                    return Poll::Pending;
                }
                // Whoever reads along has everything while we wait for more.
                if let Err(error) = sink.pause() {
                    return Poll::Ready(Err(Failure::output(error)));
                }
                while tick.as_mut().poll(cx).is_ready() {
                    tick = Box::pin(clock::sleep(TICK));
                }
                reporter.show(&Status::of(&progress.borrow(), self.noun));
                Poll::Pending
            });
            match event.await? {
                Event::Item(Ok(item)) => {
                    sink.item(&item).map_err(Failure::output)?;
                    self.written += 1;
                }
                Event::Item(Err(error)) if error.is_terminal() => return Ok(Ended::Failed(error)),
                Event::Item(Err(error)) => {
                    // What came before is out, and the error is told even where it can't be.
                    let _ = sink.pause();
                    tell(&error);
                    match error.kind() {
                        ErrorKind::Asset => self.left_out += 1,
                        _ => self.skipped += 1,
                    }
                }
                Event::End => break,
                Event::Stop => return Ok(Ended::Stopped),
            }
        }
        Ok(Ended::Whole)
    }
}
