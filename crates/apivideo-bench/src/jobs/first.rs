//! The time until the first item, with a token and an open connection.

use super::bench::{Bench, Entry, Turns};
use crate::Result;
use crate::serve::World;
use crate::stats::median;
use crate::table::{Goal, Row, Unit};

const JOB: &str = "first item, 20 ms";

pub(super) fn run(bench: &Bench) -> Result<Vec<Row>> {
    let mut server = bench.serve(&World {
        sessions: 1_000,
        latency_ms: 20,
        ..World::default()
    })?;
    let count = bench.sized(50);
    let entries = [
        Entry::this(
            "baseline: a round trip",
            &format!("floor --job=first --count={count}"),
        ),
        Entry::this(
            "facade: first item",
            &format!("facade --job=first --count={count}"),
        ),
    ];
    let all = bench.compare(&mut server, &entries)?;
    let each = |turns: &Turns| {
        turns.median(|turn| median(turn.measured.times_s.iter().copied()).unwrap_or(f64::NAN))
    };
    let (round_trip, first) = (each(&all[0]), each(&all[1]));
    let mut rows = Vec::new();
    for (turns, time) in all.iter().zip([round_trip, first]) {
        let time = Row::comparison(JOB, turns.name, time * 1e3, Unit::Milliseconds);
        rows.push(Row {
            result: time.result,
            ..turns.row(JOB)
        });
    }
    rows.push(
        Row::comparison(
            JOB,
            "first item, in addition to a round trip",
            (first - round_trip) * 1e3,
            Unit::Milliseconds,
        )
        .with_goal(Goal::AtMost(2.0)),
    );
    Ok(rows)
}
