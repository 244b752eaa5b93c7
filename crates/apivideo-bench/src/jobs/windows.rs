//! A period of 32 equal days in windows, and one day in pages.

use super::bench::{Bench, Entry, check_equal};
use crate::Result;
use crate::serve::World;
use crate::table::{Goal, Row, Unit};

/// The days of a world that has 32 of them.
const PERIOD: &str = "2021-12-17/2022-01-17";

pub(super) fn run(bench: &Bench) -> Result<Vec<Row>> {
    let mut rows = days(bench)?;
    rows.extend(pages(bench)?);
    Ok(rows)
}

fn days(bench: &Bench) -> Result<Vec<Row>> {
    const JOB: &str = "32 days, 20 ms";
    let mut server = bench.serve(&World {
        // Ten pages per day, the last one nearly full: the tutorial's day has one more session.
        sessions: 32 * bench.sized(995),
        days: 32,
        latency_ms: 20,
        ..World::default()
    })?;
    let days = |name, options: &str| {
        Entry::this(
            name,
            &format!("facade --job=windows --period={PERIOD} {options}"),
        )
    };
    let entries = [
        days("facade, one day at a time", ""),
        days("facade, 8 concurrent", "--concurrency=8"),
        days(
            "facade, 8 concurrent, unordered",
            "--concurrency=8 --unordered",
        ),
    ];
    let all = bench.compare(&mut server, &entries)?;
    check_equal(&all)?;
    let mut rows: Vec<Row> = all.iter().map(|turns| turns.row(JOB)).collect();
    for eight in &all[1..] {
        rows.push(
            Row::comparison(
                JOB,
                format!("{}: speed-up", eight.name),
                all[0].wall() / eight.wall(),
                Unit::Times,
            )
            .with_goal(Goal::AtLeast(7.0)),
        );
    }
    Ok(rows)
}

fn pages(bench: &Bench) -> Result<Vec<Row>> {
    const JOB: &str = "200 pages, 20 ms";
    let mut server = bench.serve(&World {
        sessions: bench.sized(20_000),
        latency_ms: 20,
        ..World::default()
    })?;
    let entries = [
        Entry::this("facade, no prefetch", "facade --prefetch=0"),
        Entry::this("facade, prefetch 1", "facade"),
        Entry::this("facade, prefetch 16", "facade --prefetch=16"),
    ];
    let all = bench.compare(&mut server, &entries)?;
    check_equal(&all)?;
    let mut rows: Vec<Row> = all.iter().map(|turns| turns.row(JOB)).collect();
    rows.push(
        Row::comparison(
            JOB,
            "prefetch 16: speed-up",
            all[0].wall() / all[2].wall(),
            Unit::Times,
        )
        .with_goal(Goal::AtLeast(13.0)),
    );
    Ok(rows)
}
