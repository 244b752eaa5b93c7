//! Sixteen streams under a rate limit: how much of it they use, and how often they are refused.

use super::bench::{Bench, Entry};
use crate::Result;
use crate::serve::World;
use crate::table::{Goal, Row, Unit};

const JOB: &str = "rate limit";

pub(super) fn run(bench: &Bench) -> Result<Vec<Row>> {
    let (seconds, windows) = if bench.is_quick() { (20, 2) } else { (60, 3) };
    let window_s = bench.sized(seconds);
    let limit = u32::try_from(bench.sized(500))?;
    let mut server = bench.serve(&World {
        sessions: 20_000,
        limit,
        window_s,
        ..World::default()
    })?;
    // Longer than the last window, so that its end is measured.
    let line = format!(
        "facade --job=limited --concurrency=16 --page-size=1 --prefetch=0 --count={}",
        windows * window_s + 1
    );
    let all = bench.once(&mut server, &[Entry::this("facade, 16 streams", &line)])?;
    let counted = server.report()?.windows;
    let counted = counted
        .get(..usize::try_from(windows)?)
        .ok_or("the windows are not over")?;
    let allowed = f64::from(limit) * f64::from(u32::try_from(windows)?);
    let allowed_requests: u32 = counted.iter().map(|(good, _)| good).sum();
    let refused = counted.iter().map(|(_, refused)| *refused).max();
    Ok(vec![
        all[0].row(JOB),
        Row::comparison(
            JOB,
            format!("{windows} windows of {limit} in {window_s} s: used"),
            f64::from(allowed_requests) / allowed * 100.0,
            Unit::Percent,
        )
        .with_goal(Goal::AtLeast(97.0)),
        Row::comparison(
            JOB,
            "most refusals (429) in a window",
            f64::from(refused.unwrap_or_default()),
            Unit::Count,
        )
        .with_goal(Goal::AtMost(1.0)),
    ])
}
