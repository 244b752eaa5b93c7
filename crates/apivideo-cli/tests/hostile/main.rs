//! A faulty service with known data: the command prints all data, or it does not exit with 0 and reports what is missing.
//!
//! Each case is a random mixture of fault kinds (`mixture`), generated from a seed. `HOSTILE_CASES=1000` sets the number of
//! cases, `HOSTILE_FIRST` the first seed, `HOSTILE_SESSIONS=2000` the number of sessions in all cases, and `HOSTILE_THREADS` the
//! number of concurrent cases. `HOSTILE_SEED=17` runs a single failed case and removes the fault kinds that the failure does not
//! need; `HOSTILE_ONLY=Drift,Outage` replaces its mixture.

mod command;
mod envelope;
mod faults;
mod leaves;
mod mixture;
mod pull;
mod records;
mod rng;
mod service;
mod sessions;
mod world;

use std::io::Write;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering::SeqCst};
use std::thread;

use mixture::Mixture;

/// How a successful case ended.
enum Verdict {
    /// Exit 0, and the data is complete.
    Complete,
    /// Another exit code, and the missing data is reported.
    Refused,
}

/// A failed check.
struct Finding(String);

impl Finding {
    fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }
}

type Case = fn(&Mixture) -> Result<Verdict, Finding>;
type Draw = fn(u64, Option<usize>) -> Mixture;

fn setting<T: std::str::FromStr>(name: &str) -> Option<T> {
    std::env::var(name).ok()?.parse().ok()
}

/// Prints to stderr directly, since the test harness captures `println!`.
fn report(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}

/// Runs the cases of a test, which has `share` of every 4 cases.
fn run(name: &str, share: u64, draw: Draw, case: Case) {
    let sessions = setting("HOSTILE_SESSIONS");
    let only = std::env::var("HOSTILE_ONLY").ok();
    let draw = |seed| {
        let mixture = draw(seed, sessions);
        only.as_deref()
            .map_or(mixture.clone(), |names| mixture.only(names))
    };
    if let Some(seed) = setting("HOSTILE_SEED") {
        return run_single(name, &draw(seed), case);
    }
    let cases = (setting("HOSTILE_CASES").unwrap_or(24) * share).div_ceil(4);
    let first = setting("HOSTILE_FIRST").unwrap_or(0);
    let next = AtomicU64::new(first);
    let (complete, refused) = (AtomicU64::new(0), AtomicU64::new(0));
    let findings = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..setting("HOSTILE_THREADS").unwrap_or(3) {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, SeqCst);
                    if seed >= first + cases {
                        return;
                    }
                    let mixture = draw(seed);
                    match case(&mixture) {
                        Ok(Verdict::Complete) => complete.fetch_add(1, SeqCst),
                        Ok(Verdict::Refused) => refused.fetch_add(1, SeqCst),
                        Err(Finding(text)) => {
                            let text = format!("{mixture}\n    {text}");
                            report(&format!("{name}: {text}"));
                            service::lock(&findings).push(text);
                            0
                        }
                    };
                }
            });
        }
    });
    let findings = std::mem::take(&mut *service::lock(&findings));
    report(&format!(
        "{name}: {cases} cases, {} complete, {} refused with a named reason, {} failed",
        complete.into_inner(),
        refused.into_inner(),
        findings.len()
    ));
    assert!(
        findings.is_empty(),
        "run a single case with HOSTILE_SEED=…:\n{}",
        findings.join("\n")
    );
}

/// Runs a single case. If it fails, removes each fault kind that the failure does not need.
fn run_single(name: &str, mixture: &Mixture, case: Case) {
    let mut smallest = mixture.clone();
    let Err(Finding(mut text)) = case(&smallest) else {
        return report(&format!("{name}: {mixture}: passed"));
    };
    let kinds: Vec<_> = mixture.kinds().collect();
    for kind in kinds {
        let smaller = smallest.without(kind);
        if let Err(finding) = case(&smaller) {
            (smallest, text) = (smaller, finding.0);
        }
    }
    panic!("{mixture}\n    the smallest mixture that fails is\n{smallest}\n    {text}");
}

#[test]
fn sessions_are_complete_or_the_command_reports_what_is_missing() {
    run("sessions", 3, Mixture::draw, sessions::case);
}

#[test]
fn a_lake_is_complete_or_invalid_and_recovers_with_the_service() {
    run("pull", 1, Mixture::draw_for_pull, pull::case);
}
