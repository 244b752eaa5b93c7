//! Pages with a latency, and a slow consumer: the total is that of the slower of the two.

use super::bench::{Bench, Entry, Turns, check_equal};
use crate::Result;
use crate::serve::World;
use crate::table::{Goal, Row, Unit};

pub(super) fn run(bench: &Bench) -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    for (latency_ms, pages) in [(5, 100), (20, 50), (50, 30)] {
        rows.extend(at(bench, latency_ms, bench.sized(pages).max(3))?);
    }
    Ok(rows)
}

fn at(bench: &Bench, latency_ms: u64, pages: u64) -> Result<Vec<Row>> {
    let job = format!("latency {latency_ms} ms");
    let mut server = bench.serve(&World {
        sessions: pages * 100,
        latency_ms,
        ..World::default()
    })?;
    let facade = |name, consume_us: u64, option: &str| {
        let line = format!("facade --job=pages --consume-us={consume_us} {option}");
        Entry::this(name, &line)
    };
    let entries = [
        Entry::this("baseline: latency L", "floor --job=pages"),
        facade("facade, C = 0", 0, ""),
        facade("facade, C = L / 2", latency_ms * 500, ""),
        facade("facade, C = 2 L", latency_ms * 2_000, ""),
        facade("facade, C = L, all of it CPU", latency_ms * 1_000, "--busy"),
    ];
    let all = bench.compare(&mut server, &entries)?;
    check_equal(&all)?;
    let wire = all[0].wall();
    let mut rows = vec![all[0].row(&job)];
    for turns in &all[1..] {
        let extra = (turns.wall() / bound(turns, wire, pages) - 1.0) * 100.0;
        let extra =
            Row::comparison(&job, turns.name, extra, Unit::Percent).with_goal(Goal::AtMost(5.0));
        rows.push(Row {
            result: extra.result,
            goal: extra.goal,
            ..turns.row(&job)
        });
    }
    Ok(rows)
}

/// The slower of the two for each page, plus the first or the last page, which cannot overlap.
#[expect(clippy::cast_precision_loss, reason = "some hundred pages")]
fn bound(turns: &Turns, wire: f64, pages: u64) -> f64 {
    let consumed = turns.median(|turn| turn.measured.consumed_s);
    let once = 1.0 / pages as f64;
    (wire + consumed * once).max(consumed + wire * once)
}
