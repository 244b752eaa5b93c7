//! 200,000 sessions of one video, 100 a page, every field accessed.

use std::path::Path;

use super::bench::{Bench, Entry, Program, Turns, arguments, check_equal, installed};
use crate::Result;
use crate::serve::{Server, World};
use crate::table::{Goal, Row, Unit};

const JOB: &str = "list";

const NODE: &str = include_str!("../../peers/list.mjs");
const PYTHON: &str = include_str!("../../peers/list.py");

pub(super) fn run(bench: &Bench) -> Result<Vec<Row>> {
    let sessions = bench.sized(if bench.is_quick() { 20_000 } else { 200_000 });
    let mut server = bench.serve(&World {
        sessions,
        ..World::default()
    })?;
    let mut entries = vec![
        Entry::this("baseline: hyper, borrowed serde", "floor"),
        Entry::this("generated crate", "core"),
        Entry::this("facade stream", "facade"),
        Entry::this("facade stream, no prefetch", "facade --prefetch=0"),
        Entry::this("facade stream, multi-threaded runtime", "facade --threads"),
    ];
    if let Some(node) = installed("node") {
        let arguments = arguments("--input-type=module --eval");
        entries.push(peer("Node: fetch", node, arguments, NODE));
    }
    if let Some(python) = installed("python3") {
        let arguments = arguments("-c");
        entries.push(peer("Python: http.client, json", python, arguments, PYTHON));
    }
    let mut all = bench.compare(&mut server, &entries)?;
    drop(server);
    if cfg!(feature = "gzip") {
        let mut server = bench.serve(&World {
            sessions,
            compression: true,
            ..World::default()
        })?;
        let compressed = [Entry::this("facade stream, compressed responses", "facade")];
        all.extend(bench.compare(&mut server, &compressed)?);
    }
    check_equal(&all)?;
    let floor = all[0].cpu();
    let mut rows: Vec<Row> = all
        .iter()
        .map(|turns| {
            let over = Row::comparison(JOB, turns.name, turns.cpu() / floor, Unit::Ratio);
            Row {
                result: over.result,
                ..turns.row(JOB)
            }
        })
        .collect();
    rows.extend(instructions(bench)?.unwrap_or_else(|| goals("CPU", &all, Turns::cpu)));
    Ok(rows)
}

fn peer(
    name: &'static str,
    program: std::path::PathBuf,
    mut arguments: Vec<String>,
    script: &str,
) -> Entry {
    arguments.push(script.to_owned());
    Entry {
        name,
        command: Program::Peer(program, arguments),
    }
}

/// The goals of the first three programs.
fn goals<T>(by: &str, all: &[T], cost: impl Fn(&T) -> f64) -> Vec<Row> {
    let [floor, core, facade] = [&all[0], &all[1], &all[2]].map(cost);
    vec![
        Row::comparison(
            JOB,
            format!("facade stream / generated crate, by {by}"),
            facade / core,
            Unit::Ratio,
        )
        .with_goal(Goal::AtMost(1.10)),
        Row::comparison(
            JOB,
            format!("facade stream / baseline, by {by}"),
            facade / floor,
            Unit::Ratio,
        )
        .with_goal(Goal::AtMost(1.30)),
    ]
}

/// Instructions per session, as counted by callgrind: the difference of two lists, without the start of the process.
/// `None` when valgrind is not installed.
fn instructions(bench: &Bench) -> Result<Option<Vec<Row>>> {
    let Some(valgrind) = installed("valgrind").filter(|_| !bench.is_tiny()) else {
        return Ok(None);
    };
    let world = World {
        sessions: if bench.is_quick() { 2_000 } else { 20_000 },
        days: 2,
        ..World::default()
    };
    let server = bench.serve(&world)?;
    let mut rows = Vec::new();
    let mut counts = Vec::new();
    for name in ["floor", "core", "facade"] {
        let each = per_session(bench, &valgrind, &server, name)?;
        rows.push(count(name, each));
        counts.push(each);
    }
    if cfg!(feature = "gzip") {
        let server = bench.serve(&World {
            compression: true,
            ..world
        })?;
        let each = per_session(bench, &valgrind, &server, "facade")?;
        rows.push(count("facade, compressed responses", each));
    }
    rows.extend(goals("instructions", &counts, |count| *count));
    Ok(Some(rows))
}

fn count(who: &str, each: f64) -> Row {
    let what = format!("{who}: instructions per session");
    Row::comparison(JOB, what, each, Unit::Count)
}

/// The instructions of one program per session: the difference of two lists.
fn per_session(bench: &Bench, valgrind: &Path, server: &Server, name: &str) -> Result<f64> {
    let of = |period: &str| {
        let arguments = arguments(&format!("{name} --period={period}"));
        bench.instructions(valgrind, server.url(), &arguments)
    };
    let (one, fewer) = of("2022-01-01")?;
    let (both, more) = of("2022-01-01/2022-01-02")?;
    #[expect(clippy::cast_precision_loss, reason = "some thousand sessions")]
    let sessions = (both.tally.sessions - one.tally.sessions) as f64;
    Ok((more - fewer) / sessions)
}
