//! The sessions of a day with all their events: one request per session.

use super::bench::{Bench, Entry, check_equal};
use crate::Result;
use crate::serve::World;
use crate::table::{Goal, Row, Unit};

const JOB: &str = "N+1, 20 ms";

pub(super) fn run(bench: &Bench) -> Result<Vec<Row>> {
    let sessions = bench.sized(if bench.is_quick() { 800 } else { 2_000 });
    let mut server = bench.serve(&World {
        sessions,
        latency_ms: 20,
        ..World::default()
    })?;
    let at_once = [
        Entry::this("facade, 32 at once", "facade --job=events --concurrency=32"),
        Entry::this(
            "facade, 32 at once, unordered",
            "facade --job=events --concurrency=32 --unordered",
        ),
    ];
    let one = [Entry::this("facade, one by one", "facade --job=events")];
    let mut all = bench.compare(&mut server, &at_once)?;
    // It mostly waits, and needs no warm-up.
    all.extend(bench.rounds(&mut server, &one, false)?);
    check_equal(&all)?;
    let [ordered, unordered, one] = [&all[0], &all[1], &all[2]];
    let mut rows: Vec<Row> = all.iter().map(|turns| turns.row(JOB)).collect();
    rows.extend([
        Row::comparison(
            JOB,
            "32 at once, over one by one",
            one.wall() / ordered.wall(),
            Unit::Times,
        )
        .with_goal(Goal::AtLeast(26.0)),
        Row::comparison(
            JOB,
            "cost of the order",
            (ordered.wall() / unordered.wall() - 1.0) * 100.0,
            Unit::Percent,
        )
        .with_goal(Goal::AtMost(5.0)),
    ]);
    Ok(rows)
}
