//! `apivideo explain`: what a session played, event by event.

use apivideo::insights::{Event, Explanation, Playback, SessionFacts};
use apivideo::{AssetId, ErrorKind, Timestamp};
use apivideo_insights::LengthSource;
use apivideo_lake::{ExplainedSession, LakeReader};
use futures_util::StreamExt;
use serde::Serialize;

use super::answer::{Answer, Form};
use super::figures::position;
use super::page::Page;
use crate::args;
use crate::commands::list;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::schema::CellKind::{Exact, Number, Text};
use crate::output::schema::ItemSchema;
use crate::source::{Source, in_thread, report_unreadable};
use crate::stderr::print_error;

/// A session, and what is known of it.
struct Explained {
    explanation: Explanation,
    asset: Option<AssetId>,
    loaded_at: Option<Timestamp>,
    ended_at: Option<Timestamp>,
    /// The length of the video, and where it comes from.
    length: Option<(f64, LengthSource)>,
    /// Events that could not be decoded.
    invalid: u64,
    is_unreadable: bool,
    is_from_lake: bool,
}

/// An event, or the end of the session.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Row {
    time: Timestamp,
    event: String,
    at: Option<f64>,
    from: Option<f64>,
    to: Option<f64>,
    rule: String,
    effects: Vec<String>,
}

#[derive(Debug, Serialize)]
struct Interval {
    started_at: Timestamp,
    ended_at: Timestamp,
    from_seconds: f64,
    to_seconds: f64,
    is_estimated: bool,
}

/// The object of JSON.
#[derive(Debug, Serialize)]
struct Answered<'e> {
    session: &'e str,
    asset: Option<String>,
    loaded_at: Option<Timestamp>,
    ended_at: Option<Timestamp>,
    length_seconds: Option<f64>,
    length_source: Option<LengthSource>,
    watch_seconds: f64,
    watch_seconds_lower: f64,
    watch_seconds_upper: f64,
    covered_seconds: f64,
    playing_seconds: f64,
    is_open: bool,
    intervals: Vec<Interval>,
    steps: Vec<Row>,
}

pub(crate) fn schema() -> ItemSchema {
    ItemSchema::of_result(
        ("step", "steps"),
        &[
            ("time", Exact),
            ("event", Exact),
            ("at", Number),
            ("from", Number),
            ("to", Number),
            ("rule", Text),
            ("effects", Text),
        ],
        &[
            ("time", 1),
            ("event", 0),
            ("at", 3),
            ("from", 5),
            ("to", 6),
            ("rule", 2),
            ("effects", 4),
        ],
    )
}

pub(crate) async fn run(context: &Context<'_>, arguments: &args::Explain) -> Result<Exit, Failure> {
    let schema = schema();
    if list::print_field_names(context, &schema)? {
        return Ok(Exit::Done);
    }
    let answer = Answer::choose(context, &schema, &arguments.file)?;
    let source = Source::open(context, arguments.from.as_ref()).await?;
    let read = read(context, &source, arguments);
    let Some(explained) = read.await? else {
        return Ok(Exit::Interrupted);
    };
    match answer.form {
        Form::Page => {
            let mut page = Page::of_stdout();
            write_page(&mut page, &explained, &source.name(context));
            crate::output::print(&page.finish())?;
        }
        Form::Object => answer.write_object(&object(&explained))?,
        Form::Rows(format) => answer.write_rows(format, &rows(&explained.explanation))?,
    }
    if explained.invalid > 0 {
        let noun = (
            "event that could not be decoded",
            "events that could not be decoded",
        );
        let invalid = crate::progress::count(explained.invalid, noun);
        let message = format!("the explanation is complete except for {invalid}");
        return Err(Failure::new(Exit::Skipped, message));
    }
    Ok(report_unreadable(u64::from(explained.is_unreadable)))
}

/// Reads the session; `None` if the command was interrupted.
async fn read(
    context: &Context<'_>,
    source: &Source,
    arguments: &args::Explain,
) -> Result<Option<Explained>, Failure> {
    let known = arguments.length.map(|length| (length, LengthSource::Known));
    let connection = match source {
        Source::Service(connection) => connection,
        Source::Lake(lake) => {
            let mut reader = LakeReader::new(lake);
            if let Some(period) = arguments.period {
                reader = reader.with_period(period.utc_days(source.now())?);
            }
            let (session, length) = (arguments.session.clone(), arguments.length);
            let found = in_thread(context, move || reader.explain(&session, length)).await?;
            return match found {
                None => Ok(None),
                Some(Some(session)) => Ok(Some(from_lake(session, known))),
                Some(None) => Err(Failure::failed(format!(
                    "the lake {lake} does not have the session {}",
                    arguments.session
                ))
                .with_hint(
                    "check its id and --period, or read it from the service without --from",
                )),
            };
        }
    };
    let session = connection.client.session(arguments.session.clone());
    let page_size = context.settings.page_size.value;
    let mut stream = session.events().page_size(page_size).stream();
    let mut events: Vec<Event> = Vec::new();
    let mut invalid = 0;
    loop {
        match context.stop.run_until(stream.next()).await {
            None => return Ok(None),
            Some(None) => break,
            Some(Some(Ok(event))) => events.push(Event::from(&event)),
            Some(Some(Err(error))) if error.kind() == ErrorKind::Record => {
                print_error(&error);
                invalid += 1;
            }
            Some(Some(Err(error))) => return Err(error.into()),
        }
    }
    let facts = SessionFacts::new(arguments.session.as_str());
    Ok(Some(Explained {
        explanation: Playback::explain(&facts, &events, arguments.length),
        asset: None,
        loaded_at: None,
        ended_at: None,
        length: known,
        invalid,
        is_unreadable: false,
        is_from_lake: false,
    }))
}

fn from_lake(session: ExplainedSession, known: Option<(f64, LengthSource)>) -> Explained {
    let inferred = session
        .inferred_length
        .map(|length| (length.seconds, length.source));
    Explained {
        explanation: session.explanation,
        asset: session.asset,
        loaded_at: session.loaded_at,
        ended_at: session.ended_at,
        length: known.or(inferred),
        invalid: 0,
        is_unreadable: session.is_unreadable,
        is_from_lake: true,
    }
}

fn rows(explanation: &Explanation) -> Vec<Row> {
    let row = |step: &apivideo_insights::Step| {
        let event = explanation.event(step);
        Row {
            time: step.time,
            event: event
                .map_or("end of the session", |event| event.kind.as_str())
                .to_owned(),
            at: event.and_then(|event| event.at),
            from: event.and_then(|event| event.from),
            to: event.and_then(|event| event.to),
            rule: step.rule.to_string(),
            effects: step.effects.iter().map(ToString::to_string).collect(),
        }
    };
    explanation.steps.iter().map(row).collect()
}

fn object(explained: &Explained) -> Answered<'_> {
    let playback = &explained.explanation.playback;
    let intervals = playback.intervals().iter().map(|interval| Interval {
        started_at: interval.started_at(),
        ended_at: interval.ended_at(),
        from_seconds: interval.from_seconds(),
        to_seconds: interval.to_seconds(),
        is_estimated: interval.is_estimated(),
    });
    Answered {
        session: &explained.explanation.session,
        asset: explained.asset.as_ref().map(ToString::to_string),
        loaded_at: explained.loaded_at,
        ended_at: explained.ended_at,
        length_seconds: explained.length.map(|(seconds, _)| seconds),
        length_source: explained.length.map(|(_, source)| source),
        watch_seconds: playback.watch_seconds(),
        watch_seconds_lower: playback.lower_seconds(),
        watch_seconds_upper: playback.upper_seconds(),
        covered_seconds: playback.covered_seconds(),
        playing_seconds: playback.playing_seconds(),
        is_open: playback.is_open(),
        intervals: intervals.collect(),
        steps: rows(&explained.explanation),
    }
}

fn write_page(page: &mut Page, explained: &Explained, source: &str) {
    let separator = page.theme().either(" · ", " | ");
    page.heading(&format!("Session {}", explained.explanation.session));
    let mut facts: Vec<String> = explained.asset.iter().map(ToString::to_string).collect();
    facts.extend(explained.loaded_at.map(|at| format!("loaded {at}")));
    facts.extend(explained.ended_at.map(|at| format!("last seen {at}")));
    facts.push(source.to_owned());
    page.dim(&facts.join(separator));
    page.blank();
    if explained.explanation.steps.is_empty() {
        page.line("The session has no events: the page with the player was loaded, and nothing else is known.");
    }
    for line in explained.explanation.to_string().lines().skip(1) {
        page.push(&format!("{}\n", page.shown(line)));
    }
    page.blank();
    for note in notes(explained) {
        page.line(&note);
    }
}

/// Returns what follows from what is not known.
fn notes(explained: &Explained) -> Vec<String> {
    let playback = &explained.explanation.playback;
    let mut notes = Vec::new();
    match explained.length {
        Some((seconds, LengthSource::Known)) => {
            notes.push(format!("Playback ends at the length of {}.", position(seconds)));
        }
        Some((seconds, _)) => notes.push(format!(
            "Estimates are limited to {}, the length that was inferred from all sessions of the video in the lake. \
             The lines above are before this limit, the watch time is after it.",
            position(seconds)
        )),
        None => notes.push(
            "The length of the video is not known here, so estimates are limited by the wall clock only. Set it with --length."
                .to_owned(),
        ),
    }
    if explained.ended_at.is_none() {
        let mut note = match explained.is_from_lake {
            true => "The service does not report when the session ended.".to_owned(),
            false => "The end of the session is not part of its events.".to_owned(),
        };
        note += match playback.is_open() {
            true => {
                " No event ended playback, so what was played after the last event is not counted here: `apivideo audience` \
                 counts it until the end of the session."
            }
            false => " It is not needed: an event ended playback.",
        };
        notes.push(note);
    }
    notes
}
