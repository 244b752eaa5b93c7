//! The memory of long lists and short ones.

use super::bench::{Bench, Entry};
use crate::Result;
use crate::serve::World;
use crate::table::{Goal, Row, Unit, megabytes};

const JOB: &str = "memory";

pub(super) fn run(bench: &Bench) -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    let mut peaks = Vec::new();
    for (name, sessions) in [
        ("facade, 10,000 sessions", 10_000),
        ("facade, 100,000 sessions", 100_000),
        ("facade, 1,000,000 sessions", 1_000_000),
    ] {
        if bench.is_quick() && sessions == 1_000_000 {
            continue;
        }
        let mut server = bench.serve(&World {
            sessions: bench.sized(sessions),
            ..World::default()
        })?;
        let all = bench.rounds(&mut server, &[Entry::this(name, "facade")], false)?;
        peaks.push(all[0].peak_kib());
        rows.push(all[0].row(JOB));
    }
    let (first, last) = (peaks[0], peaks[peaks.len() - 1]);
    rows.push(
        Row::comparison(
            JOB,
            "longest - shortest",
            megabytes(last) - megabytes(first),
            Unit::Megabytes,
        )
        .with_goal(Goal::AtMost(2.0)),
    );
    Ok(rows)
}
