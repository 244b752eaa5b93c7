//! `apivideo pull` with a faulty service: the lake is complete, or the command reports that it is not. After a pull from the repaired
//! service, the lake equals that of an undisturbed pull.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::io;
use std::path::Path;
use std::sync::Arc;

use serde_json::Value;

use crate::command::{self, Chain, MAX_RUNS};
use crate::mixture::{Kind, Mixture};
use crate::records::Item;
use crate::service::Service;
use crate::sessions::contains;
use crate::world::{Fate, PERIOD, World};
use crate::{Finding, Verdict};

pub(crate) fn case(mixture: &Mixture) -> Result<Verdict, Finding> {
    let world = Arc::new(World::build(mixture));
    let start = || -> io::Result<_> {
        let hostile = Service::start(mixture, Arc::clone(&world))?;
        let repaired = Service::start(mixture, Arc::clone(&world))?;
        repaired.repair();
        Ok((hostile, repaired, tempfile::tempdir()?))
    };
    let (hostile, repaired, folder) = start().map_err(|error| Finding::new(error.to_string()))?;
    let home = folder.path();

    let undisturbed = run("undisturbed", mixture, &repaired, home)?;
    expect(&undisturbed, 0, "the undisturbed pull")?;
    let (id, problem) = (
        &undisturbed,
        check(mixture, &world, &home.join("undisturbed"), true),
    );
    problem.map_err(|problem| finding("the undisturbed pull", &problem, id))?;

    let disturbed = run("lake", mixture, &hostile, home)?;
    let step = "the pull from the hostile service";
    let code = disturbed
        .code()
        .map_err(|problem| finding(step, &problem, &disturbed))?;
    check(mixture, &world, &home.join("lake"), code == 0)
        .map_err(|problem| finding(step, &problem, &disturbed))?;
    let verdict = match code {
        0 => Verdict::Complete,
        _ => Verdict::Refused,
    };
    if code == 0 && !may_be_complete(mixture, &world) {
        return Err(finding(
            step,
            "exit 0, but some records are invalid",
            &disturbed,
        ));
    }
    let may_be_incomplete = !mixture.must_end_well() || !may_be_complete(mixture, &world);
    if code != 0 && !may_be_incomplete {
        let problem = format!("exit {code}, but all faults are temporary");
        return Err(finding(step, &problem, &disturbed));
    }
    if code == 6 {
        check_invalid_records(mixture, &world, &home.join("lake/_invalid"))
            .map_err(|problem| finding(step, &problem, &disturbed))?;
    }
    if home.join("lake/_manifest/lake.json").exists() {
        let verified = verify(home)?;
        let is_valid = verified.code().map_err(Finding::new)? == 0;
        if is_valid != (code == 0) {
            let problem = format!("verify reports valid: {is_valid} after exit {code}");
            return Err(finding(step, &problem, &verified));
        }
    }

    hostile.repair();
    // The first run may complete the interrupted pull with its invalid records; the next one reads those again.
    let mut repaired = run("lake", mixture, &hostile, home)?;
    if repaired.code() == Ok(6) {
        repaired = run("lake", mixture, &hostile, home)?;
    }
    expect(&repaired, 0, "the pull from the repaired service")?;
    let (mut expected, mut found) = (files(&home.join("undisturbed")), files(&home.join("lake")));
    if mixture.has(Kind::Unordered) {
        // Records on several pages were repaired several times.
        uncount_repairs(&mut expected);
        uncount_repairs(&mut found);
    }
    let differing = differing(&expected, &found);
    if !differing.is_empty() {
        let problem = format!(
            "the folder differs from an undisturbed one: {}",
            differing.join(", ")
        );
        return Err(finding(
            "the pull from the repaired service",
            &problem,
            &repaired,
        ));
    }
    expect(&verify(home)?, 0, "verify after the repair")?;
    Ok(verdict)
}

/// Checks that the lake contains the text of each invalid record.
fn check_invalid_records(mixture: &Mixture, world: &World, folder: &Path) -> Result<(), String> {
    let files = files(folder);
    let contents: Vec<_> = files
        .values()
        .map(|it| String::from_utf8_lossy(it))
        .collect();
    for (asset, session) in world.sessions() {
        let is_stored = |mark: &str| contents.iter().any(|text| text.contains(mark));
        let city = session
            .item
            .city()
            .filter(|_| session.item.fate == Fate::Invalid && !asset.is_gone);
        if let Some(city) = city
            && !is_stored(&format!("{city}\\"))
            && !is_stored(&format!("{city}\""))
        {
            return Err(format!(
                "the text of an invalid record with {city:?} is missing in _invalid"
            ));
        }
        let is_flawed = mixture.with_events && !asset.is_gone && session.item.fate == Fate::Valid;
        let flawed = session
            .events
            .iter()
            .any(|event| event.fate == Fate::Invalid);
        if is_flawed && flawed && !session.is_without_events && !is_stored(&session.id) {
            return Err(format!(
                "the invalid events of {} are missing in _invalid",
                session.id
            ));
        }
    }
    Ok(())
}

/// Whether all records of the faulty service can be decoded.
fn may_be_complete(mixture: &Mixture, world: &World) -> bool {
    let is_decoded = |item: &Item| item.fate == Fate::Valid;
    !world.unusable_asset
        && world.sessions().all(|(asset, session)| {
            let events = !session.is_without_events && session.events.iter().all(is_decoded);
            !asset.is_gone && is_decoded(&session.item) && (events || !mixture.with_events)
        })
}

fn finding(step: &str, problem: &str, chain: &Chain) -> Finding {
    Finding::new(format!("{step}: {problem}\n{}", chain.tail()))
}

fn expect(chain: &Chain, code: i32, step: &str) -> Result<(), Finding> {
    match chain.code() {
        Ok(found) if found == code => Ok(()),
        Ok(found) => Err(finding(
            step,
            &format!("exit {found} instead of {code}"),
            chain,
        )),
        Err(problem) => Err(finding(step, &problem, chain)),
    }
}

/// Pulls repeatedly as long as it makes progress.
fn run(out: &str, mixture: &Mixture, service: &Service, home: &Path) -> Result<Chain, Finding> {
    let mut line = format!(
        "pull --out {out} --period {PERIOD} --as-of 2022-03-01T00:00:00Z --format ndjson --page-size {} --retries {} \
         --base-url {}",
        mixture.page_size,
        mixture.retries,
        service.url(),
    );
    if !mixture.with_events {
        line.push_str(" --no-events");
    }
    if let Some(bound) = mixture.max_requests.filter(|_| out == "lake") {
        line.push_str(&format!(" --max-requests {bound}"));
    }
    let arguments: Vec<&str> = line.split_whitespace().collect();
    let mut chain = Chain::default();
    let mut kills = mixture.kills.iter().filter(|_| out == "lake").copied();
    for _ in 0..MAX_RUNS {
        let faulted = service.faulted();
        let kill = kills.next();
        let run = command::run_for(&arguments, home, kill).map_err(Finding::new)?;
        chain.add(&run);
        if kill.is_some() && run.code.is_none() {
            continue;
        }
        let can_continue = matches!(run.code, Some(3 | 5));
        let is_bounded = run.stderr.contains("stopped after");
        if !can_continue || service.faulted() == faulted && !is_bounded {
            return Ok(chain);
        }
    }
    Err(finding(
        "pull",
        &format!("the pull does not succeed after {MAX_RUNS} runs"),
        &chain,
    ))
}

fn verify(home: &Path) -> Result<Chain, Finding> {
    let mut chain = Chain::default();
    chain.add(&command::run(&["verify", "lake"], home).map_err(Finding::new)?);
    Ok(chain)
}

/// Checks that the rows of a lake are those of the service, or a part of them.
fn check(mixture: &Mixture, world: &World, folder: &Path, is_whole: bool) -> Result<(), String> {
    let sessions = rows(&folder.join("sessions"))?;
    let events = rows(&folder.join("events"))?;
    let mut of_session: HashMap<&str, Vec<&(String, Value)>> = HashMap::new();
    for row in &events {
        of_session
            .entry(text(&row.1, "session_id"))
            .or_default()
            .push(row);
    }
    let truth: HashMap<&str, _> = world
        .sessions()
        .map(|(asset, session)| (session.id.as_str(), (asset, session)))
        .collect();
    let mut found = HashMap::new();
    for (line, row) in &sessions {
        let id = text(row, "session_id");
        let Some((asset, session)) = truth.get(id) else {
            return Err(format!(
                "{id} is in the lake, but does not exist in the service"
            ));
        };
        if found.insert(id, ()).is_some() {
            return Err(format!("{id} is in the folder twice"));
        }
        if text(row, "asset_id") != asset.id {
            return Err(format!("{id} is of {}", asset.id));
        }
        contains(row, line, &session.item).map_err(|problem| format!("{id}: {problem}"))?;
        let mut rows = of_session.remove(id).unwrap_or_default();
        rows.sort_by_key(|(_, row)| row["number"].as_u64());
        if !is_whole {
            continue;
        }
        let sent = session.events.len();
        if mixture.with_events && rows.len() != sent {
            return Err(format!("{id} has {} events instead of {sent}", rows.len()));
        }
        for ((line, row), item) in rows.into_iter().zip(&session.events) {
            contains(row, line, item).map_err(|problem| format!("an event of {id}: {problem}"))?;
        }
    }
    match is_whole && found.len() != truth.len() {
        true => Err(format!(
            "exit 0 with {} of {} sessions",
            found.len(),
            truth.len()
        )),
        false => Ok(()),
    }
}

fn text<'a>(row: &'a Value, name: &str) -> &'a str {
    row[name].as_str().unwrap_or("")
}

/// Returns the rows of a table with their lines.
fn rows(folder: &Path) -> Result<Vec<(String, Value)>, String> {
    let mut rows = Vec::new();
    for (path, bytes) in files(folder) {
        for line in String::from_utf8_lossy(&bytes).lines() {
            let row = serde_json::from_str(line).map_err(|error| format!("{path}: {error}"))?;
            rows.push((line.to_owned(), row));
        }
    }
    Ok(rows)
}

/// Returns all files of a folder except its lock and the record of runs; none if the folder does not exist.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    fn walk(folder: &Path, name: &str, found: &mut BTreeMap<String, Vec<u8>>) {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let name = format!("{name}/{}", entry.file_name().to_string_lossy());
            match entry.path().is_dir() {
                true => walk(&entry.path(), &name, found),
                false if name == "/_lock" || name == "/_manifest/runs.json" => {}
                false => {
                    found.insert(name, fs::read(entry.path()).unwrap_or_default());
                }
            }
        }
    }
    let mut found = BTreeMap::new();
    walk(folder, "", &mut found);
    found
}

fn uncount_repairs(files: &mut BTreeMap<String, Vec<u8>>) {
    if let Some(manifest) = files.get_mut("/_manifest/lake.json") {
        let text = String::from_utf8_lossy(manifest).into_owned();
        let lines: Vec<&str> = text
            .lines()
            .map(|line| line.trim_end_matches(','))
            .filter(|line| !line.contains("\"repaired\":"))
            .collect();
        *manifest = lines.join("\n").into_bytes();
    }
}

/// Returns the first lines that differ.
fn first_difference(expected: &[u8], found: &[u8]) -> (String, String) {
    let lines = |bytes: &[u8]| -> Vec<String> {
        let text = String::from_utf8_lossy(bytes).into_owned();
        text.lines().map(str::to_owned).collect()
    };
    let (expected, found) = (lines(expected), lines(found));
    let at = expected
        .iter()
        .zip(&found)
        .take_while(|(a, b)| a == b)
        .count();
    let line = |lines: &[String]| lines.get(at).cloned().unwrap_or_default();
    (line(&expected), line(&found))
}

fn differing(
    expected: &BTreeMap<String, Vec<u8>>,
    found: &BTreeMap<String, Vec<u8>>,
) -> Vec<String> {
    let mut differing: Vec<String> = expected
        .iter()
        .filter_map(|(name, bytes)| match found.get(name) {
            None => Some(format!("{name} is missing")),
            Some(other) if other != bytes => {
                let (expected, found) = first_difference(bytes, other);
                Some(format!("{name} has {found:?} instead of {expected:?}"))
            }
            Some(_) => None,
        })
        .collect();
    differing.extend(
        found
            .keys()
            .filter(|name| !expected.contains_key(*name))
            .map(|name| format!("{name} is left over")),
    );
    differing
}
