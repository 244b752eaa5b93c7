//! Reading a list to its end, and writing each item as it comes.

use std::future::{Future, poll_fn};
use std::path::{Path, PathBuf};
use std::pin::{Pin, pin};
use std::task::Poll;
use std::time::{Duration, Instant};

use apivideo::{
    AssetStream, AssetsCursor, Cursor, ErrorKind, ItemStream, List, Listing, OfAsset, Progress,
};
use futures_util::{Stream, StreamExt};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::sync::watch;

use crate::again;
use crate::args::{Format, Range};
use crate::checkpoint::{self, Checkpoint, Missing};
use crate::clock;
use crate::context::Context;
use crate::destination::{self, Destination};
use crate::exit::Exit;
use crate::failure::{Cause, Failure, because, say, tell, warn};
use crate::output::record::Kind;
use crate::output::{self, Before, Sink, View};
use crate::progress::{Status, TICK, count as number};
use crate::text::printable;

/// A stream that says where it stands.
pub(crate) trait Reading:
    Stream<Item = apivideo::Result<Self::Record>> + Unpin + Sized
{
    type Record: Serialize;
    type Cursor: Serialize + DeserializeOwned;

    fn resume(self, cursor: &Self::Cursor) -> apivideo::Result<Self>;
    fn cursor(&self) -> Self::Cursor;
    fn progress(&mut self) -> watch::Receiver<Progress>;
    /// How many items the list of both cursors had at each, as far as known.
    fn totals(before: &Self::Cursor, now: &Self::Cursor) -> Option<(u64, u64)>;
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

    fn totals(before: &Cursor, now: &Cursor) -> Option<(u64, u64)> {
        Some((before.total()?, now.total()?))
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

    fn totals(before: &AssetsCursor, now: &AssetsCursor) -> Option<(u64, u64)> {
        let is_same = before.assets().first() == now.assets().first();
        is_same.then_some((before.total()?, now.total()?))
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
    let destination = Destination::stdout();
    let before = Before::default();
    let mut sink = output::sink::<T>(format, &view, &context.settings, &destination, &before)?;
    for item in items {
        sink.item(item).map_err(Failure::output)?;
    }
    let remark = sink.finish().map_err(Failure::output)?;
    if format == Format::Table {
        let count = number(items.len() as u64, kind.noun);
        let remark = remark.map_or_else(String::new, |remark| format!("; {remark}"));
        context.remark(&format!("{count}{remark}"));
    }
    Ok(Exit::Done)
}

/// The checkpoint is written so often at most, and so that no more than a part of the time goes to it.
const KEPT_EVERY: Duration = Duration::from_millis(50);
const KEPT_PART: u32 = 20;
/// After so many items it is looked whether it is time, where the stream never waits.
const KEPT_ITEMS: u64 = 100;

/// Reads a stream to its end, to the limit, or until it has to stop. Where it stands is kept in a checkpoint: as it reads
/// where the range names a file, and otherwise when it stops.
pub(crate) async fn read<S: Reading>(
    context: &Context<'_>,
    kind: &Kind,
    stream: S,
    range: &Range,
) -> Result<Exit, Failure> {
    let fields = context.options.fields.as_deref();
    let view = View::new(kind, fields)?;
    let settings = &context.settings;
    let out = range.out.as_deref();
    let place = range.checkpoint();
    let found = found(range)?;
    let mut items = stream;
    let asked = context.options.output;
    let format = match (&found, out) {
        (Some(found), _) => found.format(asked, fields, &settings.csv, out.is_some())?,
        (None, Some(path)) => format_of_file(context, path)?,
        (None, None) => output::format(settings, &view),
    };
    let mut resumed_from = None;
    if let Some(found) = &found {
        let cursor = found.cursor()?;
        items = items.resume(&cursor)?;
        resumed_from = Some(cursor);
    }
    let destination = match out {
        Some(path) => Destination::file(path, found.as_ref(), range.force)?,
        None => Destination::stdout(),
    };
    if range.force
        && let Some(place) = &place
    {
        // What it is of is overwritten.
        checkpoint::remove(place)?;
    }
    let mut keeper = Keeper {
        place,
        is_kept: found.is_some(),
        has_failed: false,
        next: clock::now(),
        bytes: 0,
        kept: 0,
    };
    let mut checkpoint = match found {
        Some(found) => {
            destination.check(&found)?;
            keeper.bytes = found.bytes;
            found
        }
        None => {
            let fields = context.options.fields.clone();
            let mut new = Checkpoint::new(format, fields, settings.csv.clone(), out.is_some());
            new.stand_at(&items.cursor())?;
            new.length = destination.length().map_err(Failure::output)?;
            new
        }
    };
    let before = checkpoint.before();
    let mut sink = output::sink::<S::Record>(format, &view, settings, &destination, &before)?;
    let progress = items.progress();
    let mut reader = Reader {
        context,
        noun: kind.noun,
        limit: range.limit.unwrap_or(u64::MAX),
        page_size: u64::from(settings.page_size.value.get()),
        destination: &destination,
        keeper: &mut keeper,
        checkpoint: &mut checkpoint,
        since: 0,
    };
    let ended = reader
        .run(&mut items, resumed_from, &progress, &mut *sink)
        .await;
    let summary =
        |checkpoint: &Checkpoint| summary(kind, before.written, checkpoint, &progress.borrow());
    let (exit, why) = match ended {
        Ok(Ended::Whole) => {
            let is_missing = checkpoint.missing.count() > 0;
            let finished = match is_missing {
                // An array stays open: it is not the whole list.
                true => sink.pause().map(|()| None),
                false => sink.finish(),
            };
            match finished.and_then(|remark| destination.sync().map(|()| remark)) {
                Ok(remark) => {
                    keeper.remove()?;
                    let remark = remark.map_or_else(String::new, |remark| format!("; {remark}"));
                    context.remark(&format!("{}{remark}", summary(&checkpoint)));
                    return Ok(match is_missing {
                        true => tell_missing(&checkpoint.missing, kind.noun),
                        false => Exit::Done,
                    });
                }
                Err(error) => return keeper.stays(Failure::output(error), kind, &destination),
            }
        }
        Ok(Ended::Stopped) => (Exit::Interrupted, None),
        Ok(Ended::Failed(error)) => (Exit::of(&error), Some(error)),
        Err(failure) => return keeper.stays(failure, kind, &destination),
    };
    // What came is out before it is said that it is.
    let flushed = sink.pause();
    if let Some(error) = &why {
        tell(error);
    }
    if let Err(error) = flushed {
        return keeper.stays(Failure::output(error), kind, &destination);
    }
    let is_begun = checkpoint.written > 0 || checkpoint.missing.count() > 0;
    if !is_begun && !keeper.is_kept {
        destination.discard();
        return Ok(exit);
    }
    checkpoint.layout = sink.layout();
    let kept = keeper.keep(&mut checkpoint, &items.cursor(), &destination);
    context.remark(&summary(&checkpoint));
    match kept {
        Ok(()) => {
            keeper.tell(checkpoint.written, kind, &destination);
            if why.is_some_and(|error| error.kind() == ErrorKind::Incomplete) {
                say(match destination.path() {
                    Some(_) => {
                        "hint: if that ends with the same error, add --force, which reads the list from its start\n"
                    }
                    None => {
                        "hint: if that ends with the same error, read the list from its start, without --resume, into a new file\n"
                    }
                });
            }
        }
        // That data was written is still what matters most.
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

/// The checkpoint to continue from.
pub(crate) fn found(range: &Range) -> Result<Option<Checkpoint>, Failure> {
    match range.checkpoint() {
        Some(path) if !range.force => Checkpoint::read(&path),
        _ => Ok(None),
    }
}

/// The format of a file that the command owns: as asked, by its extension, else as set; a table is only for the eye.
fn format_of_file(context: &Context<'_>, path: &Path) -> Result<Format, Failure> {
    let set = context.settings.output.as_ref().map(|output| output.value);
    let format = context
        .options
        .output
        .or_else(|| destination::format_of(path))
        .or(set);
    match format {
        Some(Format::Table) => Err(Failure::usage(
            "--out can't be written with --output table; use ndjson, json or csv",
        )),
        Some(format) => Ok(format),
        None => Ok(Format::Ndjson),
    }
}

/// What was read, in a line.
fn summary(kind: &Kind, before: u64, checkpoint: &Checkpoint, progress: &Progress) -> String {
    let written = checkpoint.written;
    let mut line = match (before, progress.expected) {
        (0, Some(expected)) => format!("{written} of {}", number(expected, kind.noun)),
        (0, None) => number(written, kind.noun),
        _ => format!(
            "{}, {} of them by this run",
            number(written, kind.noun),
            written - before
        ),
    };
    line += &format!(", {}", number(progress.pages, ("page", "pages")));
    let duplicates = ("duplicate dropped", "duplicates dropped");
    for (count, noun) in [
        (progress.duplicates, duplicates),
        (progress.rereads, ("page read again", "pages read again")),
        (progress.repaired, ("record repaired", "records repaired")),
        (checkpoint.missing.count(), ("skipped", "skipped")),
        (progress.retries, ("retry", "retries")),
    ] {
        if count > 0 {
            line += &format!(", {}", number(count, noun));
        }
    }
    format!("summary: {line}")
}

/// Says what is missing in the output, and how to get it.
fn tell_missing(missing: &Missing, (one, several): (&str, &str)) -> Exit {
    let (records, sessions, assets) = (&missing.records, &missing.sessions, &missing.assets);
    let invalid = (&*format!("invalid {one}"), &*format!("invalid {several}"));
    let without_events = (
        "session whose events could not be read",
        "sessions whose events could not be read",
    );
    let not_there = (
        "video or live stream that is not there",
        "videos or live streams that are not there",
    );
    let kinds: Vec<String> = [
        (records, invalid),
        (sessions, without_events),
        (assets, not_there),
    ]
    .into_iter()
    .filter(|(named, _)| named.count > 0)
    .map(|(named, noun)| number(named.count, noun))
    .collect();
    let exit = Failure::new(
        Exit::Skipped,
        format!(
            "the output does not have {}; all others are written",
            kinds.join(", ")
        ),
    )
    .report();
    let mut text = String::new();
    for named in [records, sessions, assets] {
        for name in &named.names {
            text += &format!("  {}\n", printable(name));
        }
        let more = named.count - named.names.len() as u64;
        if more > 0 {
            text += &format!("  and {more} more\n");
        }
    }
    if let Some(session) = sessions.names.first() {
        text += &format!("hint: try the events of a session by `apivideo events {session}`\n");
    }
    say(&text);
    exit
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

/// Keeps the checkpoint of a list in its file.
struct Keeper {
    /// Where it is kept as the list is read; where there is none, one is written when it stops.
    place: Option<PathBuf>,
    /// The file is there.
    is_kept: bool,
    /// It could not be written, and that was said.
    has_failed: bool,
    /// When it is time again.
    next: Instant,
    /// Bytes that earlier runs have written.
    bytes: u64,
    /// Bytes that this run had written when the checkpoint was kept last.
    kept: u64,
}

impl Keeper {
    /// Keeps where the list begins, before anything of it is written: otherwise a run after a kill would begin again behind what
    /// was written.
    fn begin(&mut self, checkpoint: &Checkpoint) -> Result<(), Failure> {
        if let Some(place) = &self.place
            && !self.is_kept
        {
            checkpoint.write(place)?;
            self.is_kept = true;
        }
        Ok(())
    }

    /// Whether the checkpoint is to be kept now.
    fn is_due(&self) -> bool {
        self.is_kept && clock::now() >= self.next
    }

    /// Keeps where the list stands. All that came before has to be flushed.
    fn keep(
        &mut self,
        checkpoint: &mut Checkpoint,
        cursor: &impl Serialize,
        destination: &Destination,
    ) -> Result<(), Failure> {
        let began = clock::now();
        destination.sync().map_err(Failure::output)?;
        checkpoint.stand_at(cursor)?;
        checkpoint.bytes = self.bytes + destination.written();
        checkpoint.length = destination.length().map_err(Failure::output)?;
        let place = self
            .place
            .get_or_insert_with(|| checkpoint::usual(&again::arguments()));
        checkpoint.write(place)?;
        self.is_kept = true;
        self.kept = destination.written();
        let now = clock::now();
        self.next = now + ((now - began) * KEPT_PART).max(KEPT_EVERY);
        Ok(())
    }

    /// Removes it: the list is complete.
    fn remove(&self) -> Result<(), Failure> {
        match &self.place {
            Some(place) if self.is_kept => checkpoint::remove(place),
            _ => Ok(()),
        }
    }

    /// Says how to continue.
    fn tell(&self, written: u64, kind: &Kind, destination: &Destination) {
        let mut arguments = again::arguments();
        if let Some(place) = &self.place
            && destination.path().is_none()
            && !arguments.iter().any(|argument| is_resume(argument))
        {
            arguments.extend(["--resume".into(), place.clone().into_os_string()]);
        }
        let command = again::command(&arguments);
        let written = number(written, kind.noun);
        say(&match destination.path() {
            Some(path) => format!(
                "{written} in {}; the same command continues:\n  {command}\n",
                path.display()
            ),
            None => format!("{written} written; append what follows by:\n  {command}\n"),
        });
    }

    /// The output failed. The checkpoint stays as it was kept last, and what was written since is cut off.
    fn stays(
        &self,
        failure: Failure,
        kind: &Kind,
        destination: &Destination,
    ) -> Result<Exit, Failure> {
        let kept = match &self.place {
            Some(place) if self.is_kept => Checkpoint::read(place)?,
            _ => None,
        };
        let Some(kept) = kept.filter(|_| !matches!(failure, Failure::Closed)) else {
            return Err(failure);
        };
        if let Some(length) = kept.length {
            destination.cut(self.kept, length);
        }
        let exit = failure.report();
        self.tell(kept.written, kind, destination);
        Ok(match kept.written {
            0 => exit,
            _ => Exit::Partial,
        })
    }
}

fn is_resume(argument: &std::ffi::OsStr) -> bool {
    argument
        .to_str()
        .is_some_and(|argument| argument == "--resume" || argument.starts_with("--resume="))
}

struct Reader<'a> {
    context: &'a Context<'a>,
    noun: (&'static str, &'static str),
    limit: u64,
    page_size: u64,
    destination: &'a Destination,
    keeper: &'a mut Keeper,
    checkpoint: &'a mut Checkpoint,
    /// Items since it was looked whether the checkpoint is due.
    since: u64,
}

impl Reader<'_> {
    async fn run<S: Reading>(
        &mut self,
        items: &mut S,
        mut resumed_from: Option<S::Cursor>,
        progress: &watch::Receiver<Progress>,
        sink: &mut dyn Sink<S::Record>,
    ) -> Result<Ended, Failure> {
        let mut reporter = self.context.reporter();
        let mut stop = pin!(self.context.stop.requested());
        let mut tick: Pin<Box<dyn Future<Output = ()>>> = Box::pin(clock::sleep(TICK));
        while self.checkpoint.written < self.limit {
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
                if let Err(failure) = self.keep(items, sink) {
                    return Poll::Ready(Err(failure));
                }
                while tick.as_mut().poll(cx).is_ready() {
                    tick = Box::pin(clock::sleep(TICK));
                }
                reporter.show(&Status::of(&progress.borrow(), self.noun));
                Poll::Pending
            });
            match event.await? {
                Event::Item(Ok(item)) => {
                    self.keeper.begin(self.checkpoint)?;
                    if let Some(before) = resumed_from.take()
                        && let Some((before, now)) = S::totals(&before, &items.cursor())
                    {
                        self.compare(before, now);
                    }
                    sink.item(&item).map_err(Failure::output)?;
                    self.checkpoint.written += 1;
                    self.since += 1;
                    if self.since >= KEPT_ITEMS {
                        self.since = 0;
                        self.keep(items, sink)?;
                    }
                }
                Event::Item(Err(error)) if error.is_terminal() => return Ok(Ended::Failed(error)),
                Event::Item(Err(error)) => {
                    // What came before is out, and the error is told even where it can't be.
                    let _ = sink.pause();
                    self.skip(&error);
                }
                Event::End => break,
                Event::Stop => return Ok(Ended::Stopped),
            }
        }
        Ok(Ended::Whole)
    }

    /// Keeps the checkpoint, if it is time.
    fn keep<S: Reading>(
        &mut self,
        items: &S,
        sink: &mut dyn Sink<S::Record>,
    ) -> Result<(), Failure> {
        if !self.keeper.is_due() {
            return Ok(());
        }
        sink.pause().map_err(Failure::output)?;
        self.checkpoint.layout = sink.layout();
        let kept = self
            .keeper
            .keep(self.checkpoint, &items.cursor(), self.destination);
        // The one before it is still right.
        if let Err(failure) = kept
            && !std::mem::replace(&mut self.keeper.has_failed, true)
        {
            failure.report();
        }
        Ok(())
    }

    /// Notes an item that the output does not have.
    fn skip(&mut self, error: &apivideo::Error) {
        let missing = &mut self.checkpoint.missing;
        match (error.kind(), error.session_id()) {
            (ErrorKind::Asset, _) => {
                tell(error);
                missing.assets.add(error.to_string());
            }
            (_, Some(session)) => {
                tell(error);
                missing.sessions.add(session.to_string());
            }
            _ => {
                let place = place_of(error);
                let invalid: Cause = because(format!("{place} is invalid"), error.clone()).into();
                tell(&*invalid);
                missing.records.add(place);
            }
        }
    }

    /// Says how many rows may come twice, where the list has another length than when the checkpoint was written.
    fn compare(&self, before: u64, now: u64) {
        let may_repeat = match now.checked_sub(before) {
            Some(0) => return,
            Some(grown) => grown,
            // What moved forward is looked for on the pages before, as far as the length has changed.
            None => (before - now).div_ceil(self.page_size) * self.page_size,
        };
        warn(&format!(
            "the list has {now} {several} and had {before} when the checkpoint was written; up to {may_repeat} {several} may come \
             twice in the output",
            several = self.noun.1
        ));
    }
}

/// Where an invalid record is: its page, its place on it, and its id, as far as known.
fn place_of(error: &apivideo::Error) -> String {
    let mut place = match (error.index(), error.page()) {
        (Some(index), Some(page)) => format!("record {index} of page {page}"),
        (Some(index), None) => format!("record {index} of a page"),
        (None, _) => error.to_string(),
    };
    if let Some(id) = error.record_id() {
        place += &format!(" ({id})");
    }
    place
}
