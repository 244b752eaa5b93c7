//! `apivideo sessions` with a faulty service: the output is complete, or the command reports what is missing.

use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::sync::Arc;

use serde_json::Value;

use crate::command::{self, Chain, MAX_RUNS};
use crate::leaves;
use crate::mixture::{Continue, Kind, Mixture, Output};
use crate::records::Item;
use crate::service::Service;
use crate::world::{Asset, Fate, PERIOD, Session, World};
use crate::{Finding, Verdict};

/// The files of a case, in the folder in which it runs.
const CHECKPOINT: &str = "checkpoint.json";
const OUT: &str = "sessions.out";

/// The expected result for a session.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Expected {
    /// It is in the output.
    Printed,
    /// It is in the output or reported.
    Either,
    /// It is reported by its id, and in the output or not.
    Named,
    /// It is reported, and not in the output.
    Reported,
}

fn expected(asset: &Asset, session: &Session, with_events: bool) -> Expected {
    let is_flawed = |event: &Item| event.fate == Fate::Invalid;
    match session.item.fate {
        _ if asset.is_gone => Expected::Reported,
        Fate::Invalid => Expected::Reported,
        _ if with_events && session.is_without_events => Expected::Reported,
        _ if with_events && session.events.iter().any(is_flawed) => Expected::Named,
        Fate::Doubtful => Expected::Either,
        Fate::Valid => Expected::Printed,
    }
}

/// A printed session.
struct Printed {
    id: String,
    asset: String,
    /// The complete record, if the format contains all fields.
    record: Option<Value>,
    events: Option<Vec<Value>>,
    text: String,
}

pub(crate) fn case(mixture: &Mixture) -> Result<Verdict, Finding> {
    let world = Arc::new(World::build(mixture));
    let start = || -> std::io::Result<_> {
        Ok((
            Service::start(mixture, Arc::clone(&world))?,
            tempfile::tempdir()?,
        ))
    };
    let (service, folder) = start().map_err(|error| Finding::new(error.to_string()))?;
    let arguments = arguments(mixture, &service);
    let chain = run(mixture, &arguments, &service, folder.path()).map_err(Finding::new)?;
    verdict(mixture, &world, &chain).map_err(|problem| {
        Finding::new(format!(
            "{problem}\n    requests {}, faults {}\n    apivideo {}\n{}",
            service.requests(),
            service.faulted(),
            arguments.join(" "),
            chain.tail()
        ))
    })
}

fn arguments(mixture: &Mixture, service: &Service) -> Vec<String> {
    let output = match mixture.output {
        Output::Ndjson => "ndjson",
        Output::Json => "json",
        Output::Csv => "csv",
    };
    let line = format!(
        "sessions --all-videos --all-live-streams --period {PERIOD} --output {output} --page-size {} --retries {} \
         --concurrency {} --base-url {}",
        mixture.page_size,
        mixture.retries,
        mixture.concurrency,
        service.url(),
    );
    let mut arguments: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
    if mixture.with_events {
        arguments.push("--with-events".to_owned());
    }
    let continued: &[&str] = match mixture.continued {
        Continue::Printed => &[],
        Continue::Resume => &["--resume", CHECKPOINT],
        Continue::Out => &["--out", OUT],
    };
    arguments.extend(continued.iter().map(|&it| it.to_owned()));
    arguments
}

/// Runs the command, and the command to resume as long as it makes progress.
fn run(
    mixture: &Mixture,
    arguments: &[String],
    service: &Service,
    home: &Path,
) -> Result<Chain, String> {
    let mut chain = Chain::default();
    let mut arguments = arguments.to_vec();
    let mut kills = mixture.kills.iter().copied();
    for _ in 0..MAX_RUNS {
        let faulted = service.faulted();
        let kill = kills.next();
        let run = command::run_for(&arguments, home, kill)?;
        chain.add(&run);
        match run.code {
            Some(3) if mixture.continued == Continue::Printed => match run.printed_command() {
                Some(printed) => arguments = printed,
                None => return Err(format!("exit 3 without a command\n{}", chain.tail())),
            },
            Some(3) => {}
            // Without output there is no command to resume: the same command is run again.
            Some(5) => {}
            None if kill.is_some() => continue,
            _ => return finish(mixture, chain, home),
        }
        let is_stuck = run.stdout.is_empty() && service.faulted() == faulted;
        if is_stuck {
            return finish(mixture, chain, home);
        }
    }
    Err(format!(
        "the command does not succeed after {MAX_RUNS} runs\n{}",
        chain.tail()
    ))
}

/// Checks the remaining files, and reads the file of `--out`.
fn finish(mixture: &Mixture, mut chain: Chain, home: &Path) -> Result<Chain, String> {
    let is_done = chain.codes.last() == Some(&Some(0));
    if mixture.continued == Continue::Out {
        let file = home.join(OUT);
        chain.stdout = match std::fs::read_to_string(&file) {
            Ok(text) => text,
            Err(_) if !is_done => String::new(),
            Err(error) => return Err(format!("exit 0, but the file cannot be read: {error}")),
        };
    }
    let is_left = |name: &str| home.join(name).exists();
    if is_done && (is_left(CHECKPOINT) || is_left(&format!("{OUT}.checkpoint"))) {
        return Err(format!(
            "exit 0, but the checkpoint is left\n{}",
            chain.tail()
        ));
    }
    Ok(chain)
}

fn verdict(mixture: &Mixture, world: &World, chain: &Chain) -> Result<Verdict, String> {
    let code = chain.code()?;
    let printed = parse(mixture, &chain.stdout, code == 0)?;
    let truth: HashMap<&str, (&Asset, &Session)> = world
        .sessions()
        .map(|(asset, session)| (session.id.as_str(), (asset, session)))
        .collect();
    let mut ids = HashSet::new();
    for record in &printed {
        let id = record.id.as_str();
        let Some((asset, session)) = truth.get(id) else {
            return Err(format!(
                "{id} was printed, but does not exist in the service"
            ));
        };
        if !ids.insert(id) {
            return Err(format!("{id} was printed twice"));
        }
        if expected(asset, session, mixture.with_events) == Expected::Reported {
            return Err(format!("{id} was printed, but cannot be decoded"));
        }
        same(record, asset, session, mixture.with_events)
            .map_err(|problem| format!("{id}: {problem}"))?;
    }
    check_order(mixture, world, &printed)?;
    let missing: Vec<(&Asset, &Session)> = world
        .sessions()
        .filter(|(_, session)| !ids.contains(session.id.as_str()))
        .collect();
    match code {
        // No exit code reports missing data in this case.
        0 if chain.was_killed_at_its_end() && !missing.is_empty() => {
            check_skipped(mixture, world, chain, &missing)
        }
        0 => check_complete(mixture, world, &missing),
        6 => check_skipped(mixture, world, chain, &missing),
        _ => check_stopped(mixture, world, chain, &missing, code),
    }
}

/// Exit 0: the output is complete.
fn check_complete(
    mixture: &Mixture,
    world: &World,
    missing: &[(&Asset, &Session)],
) -> Result<Verdict, String> {
    if let Some((_, session)) = missing.first() {
        return Err(format!(
            "exit 0 with {} of {} sessions missing, such as {}",
            missing.len(),
            world.sessions().count(),
            session.id
        ));
    }
    let flawed = world
        .sessions()
        .find(|(asset, session)| expected(asset, session, mixture.with_events) == Expected::Named);
    match flawed {
        Some((_, session)) => Err(format!(
            "exit 0, but not all events of {} were read",
            session.id
        )),
        None if world.unusable_asset => Err("exit 0, but one video has no id".to_owned()),
        None => Ok(Verdict::Complete),
    }
}

/// Exit 6: each missing session is reported.
fn check_skipped(
    mixture: &Mixture,
    world: &World,
    chain: &Chain,
    missing: &[(&Asset, &Session)],
) -> Result<Verdict, String> {
    let mut unnamed = 0;
    for (asset, session) in missing {
        let what = expected(asset, session, mixture.with_events);
        if what == Expected::Printed && mixture.must_end_well() {
            return Err(format!(
                "exit 6 without {}, which can be decoded",
                session.id
            ));
        }
        let is_named = chain.stderr.contains(&session.id);
        match session.has_id {
            _ if asset.is_gone => {
                if !chain.stderr.contains(&asset.id) {
                    return Err(format!(
                        "exit 6 without naming {}, whose events are not found",
                        asset.id
                    ));
                }
            }
            // The id may come after the syntax error.
            true if !is_named && what == Expected::Either => unnamed += 1,
            // Duplicates of records without ids cannot be recognized; the number of missing ones is correct.
            true if !is_named && mixture.has(Kind::Unordered) => unnamed += 1,
            true if !is_named => return Err(format!("exit 6 without naming {}", session.id)),
            true => {}
            false => unnamed += 1,
        }
    }
    let reports = reports(&chain.stderr);
    if reports < unnamed {
        return Err(format!(
            "exit 6 with {unnamed} records without an id, but {reports} reports of invalid records"
        ));
    }
    let is_expected = world
        .sessions()
        .any(|(asset, session)| expected(asset, session, mixture.with_events) != Expected::Printed);
    match is_expected || !mixture.must_end_well() {
        true => Ok(Verdict::Refused),
        false => Err("exit 6, but all records can be read".to_owned()),
    }
}

/// Any other exit: the error is reported, and the output ends at the error.
fn check_stopped(
    mixture: &Mixture,
    world: &World,
    chain: &Chain,
    missing: &[(&Asset, &Session)],
    code: i32,
) -> Result<Verdict, String> {
    // If the only video is not found, the list is empty.
    let is_gone = |asset: &Asset| asset.is_gone && chain.last_stderr.contains(&asset.id);
    let nothing_else = world.assets.len() == 1 && world.assets.iter().all(is_gone);
    if mixture.must_end_well() && !nothing_else {
        return Err(format!(
            "exit {code}, but all faults are temporary; {} of {} missing",
            missing.len(),
            world.sessions().count()
        ));
    }
    let reason = chain
        .last_stderr
        .lines()
        .find_map(|line| line.strip_prefix("error: "));
    if reason.is_none_or(str::is_empty) {
        return Err(format!("exit {code} without a reason"));
    }
    // In an ordered list, no item before the error is missing without a report.
    if !mixture.has(Kind::Unordered) {
        let gap = gap(mixture, world, missing);
        if let Some(session) = gap.filter(|session| !chain.stderr.contains(&session.id)) {
            return Err(format!(
                "exit {code}, but {} is missing before that",
                session.id
            ));
        }
    }
    Ok(Verdict::Refused)
}

/// Returns a readable session that is missing, and is followed by one that is not.
fn gap<'a>(
    mixture: &Mixture,
    world: &'a World,
    missing: &[(&Asset, &Session)],
) -> Option<&'a Session> {
    let missing: HashSet<&str> = missing.iter().map(|(_, it)| it.id.as_str()).collect();
    let sessions: Vec<(&Asset, &Session)> = world.sessions().collect();
    let last = sessions
        .iter()
        .rposition(|(_, session)| !missing.contains(session.id.as_str()))?;
    let before = sessions[..last].iter();
    before
        .filter(|(asset, it)| expected(asset, it, mixture.with_events) == Expected::Printed)
        .map(|(_, session)| *session)
        .find(|session| missing.contains(session.id.as_str()))
}

/// Returns the number of records reported as invalid.
fn reports(stderr: &str) -> usize {
    stderr
        .lines()
        .filter(|line| line.contains("error:") && line.contains("page"))
        .count()
}

fn check_order(mixture: &Mixture, world: &World, printed: &[Printed]) -> Result<(), String> {
    if mixture.has(Kind::Unordered) {
        return Ok(());
    }
    let places: HashMap<&str, usize> = world
        .sessions()
        .enumerate()
        .map(|(place, (_, session))| (session.id.as_str(), place))
        .collect();
    let places: Vec<usize> = printed
        .iter()
        .filter_map(|record| places.get(record.id.as_str()).copied())
        .collect();
    match places.windows(2).find(|pair| pair[0] > pair[1]) {
        Some(pair) => Err(format!(
            "session {} was printed before session {}",
            pair[0], pair[1]
        )),
        None => Ok(()),
    }
}

/// Checks that a record equals what the service sent.
fn same(
    record: &Printed,
    asset: &Asset,
    session: &Session,
    with_events: bool,
) -> Result<(), String> {
    if record.asset != asset.id {
        return Err(format!("is of {}, not of {}", asset.id, record.asset));
    }
    if session.item.fate == Fate::Valid
        && let Some(value) = &record.record
    {
        contains(value, &record.text, &session.item)?;
    }
    if !with_events {
        return Ok(());
    }
    let Some(events) = &record.events else {
        return Err("has no events".to_owned());
    };
    let sent: Vec<&Item> = session
        .events
        .iter()
        .filter(|event| event.fate != Fate::Invalid)
        .collect();
    if events.len() != sent.len() {
        return Err(format!(
            "has {} events instead of {}",
            events.len(),
            sent.len()
        ));
    }
    for (number, (event, item)) in events.iter().zip(&sent).enumerate() {
        contains(event, &record.text, item)
            .map_err(|problem| format!("event {number}: {problem}"))?;
    }
    Ok(())
}

/// Checks that each sent value is in the output.
pub(crate) fn contains(value: &Value, text: &str, item: &Item) -> Result<(), String> {
    let mut found: HashMap<String, usize> = HashMap::new();
    for leaf in leaves::with_names(value) {
        *found.entry(leaf).or_default() += 1;
    }
    for leaf in &item.leaves {
        if !found.contains_key(leaf) {
            return Err(format!(
                "{leaf:?} is missing; sent: {}; printed: {text}",
                String::from_utf8_lossy(&item.wire)
            ));
        }
    }
    match item.text {
        Some(digits) if !text.contains(digits) => {
            Err(format!("the digits {digits} are missing: {text}"))
        }
        _ => Ok(()),
    }
}

fn parse(mixture: &Mixture, text: &str, is_whole: bool) -> Result<Vec<Printed>, String> {
    let invalid = |error: &dyn std::fmt::Display| format!("the output cannot be read: {error}");
    match mixture.output {
        Output::Csv => {
            let mut reader = csv::Reader::from_reader(text.as_bytes());
            let headers = reader.headers().map_err(|error| invalid(&error))?.clone();
            let mut printed = Vec::new();
            for row in reader.records() {
                let row = row.map_err(|error| invalid(&error))?;
                let cell = |name: &str| {
                    let column = headers.iter().position(|header| header == name);
                    column.and_then(|column| row.get(column)).unwrap_or("")
                };
                let events = cell("events");
                printed.push(Printed {
                    id: cell("session.sessionId").to_owned(),
                    asset: [cell("videoId"), cell("liveStreamId")].concat(),
                    record: None,
                    events: serde_json::from_str(events).ok(),
                    text: events.to_owned(),
                });
            }
            Ok(printed)
        }
        Output::Json if is_whole => {
            let whole: Vec<Box<serde_json::value::RawValue>> =
                serde_json::from_str(text).map_err(|error| invalid(&error))?;
            whole
                .iter()
                .map(|record| parse_json(record.get()))
                .collect()
        }
        Output::Json | Output::Ndjson => {
            let lines = text.lines().map(|line| line.trim().trim_end_matches(','));
            lines
                .filter(|line| !["", "[", "]"].contains(line))
                .map(parse_json)
                .collect()
        }
    }
}

fn parse_json(text: &str) -> Result<Printed, String> {
    let record: Value = serde_json::from_str(text)
        .map_err(|error| format!("the output cannot be read: {error}: {text}"))?;
    let member = |pointer: &str| {
        record
            .pointer(pointer)
            .and_then(Value::as_str)
            .unwrap_or("")
    };
    Ok(Printed {
        id: member("/session/sessionId").to_owned(),
        asset: [member("/videoId"), member("/liveStreamId")].concat(),
        events: record.get("events").and_then(Value::as_array).cloned(),
        text: text.to_owned(),
        record: Some(record),
    })
}
