//! A hostile service over a known truth: the command prints the truth, or it does not exit 0 and says what is missing.
//!
//! Each case is a random mixture of kinds of hostility (`mixture`), drawn from a seed. `HOSTILE_CASES=1000` runs more
//! cases than the default, `HOSTILE_FIRST` is the first seed, `HOSTILE_SESSIONS=2000` sets the size of all worlds, and
//! `HOSTILE_THREADS` is the number of cases side by side. A case that fails is run alone by `HOSTILE_SEED=17`, which also
//! finds the kinds that it fails without; `HOSTILE_ONLY=Drift,Outage` replaces its mixture.

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

/// How a case ended that kept the promise.
enum Verdict {
    /// Exit 0, and everything is there.
    Complete,
    /// Another exit, and what is missing is named.
    Refused,
}

/// A promise that was not kept.
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

/// Output that the test harness does not hold back.
fn report(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}

/// Runs the cases of a test. `share` of 4 cases are of this one.
fn run(name: &str, share: u64, draw: Draw, case: Case) {
    let sessions = setting("HOSTILE_SESSIONS");
    let only = std::env::var("HOSTILE_ONLY").ok();
    let draw = |seed| {
        let mixture = draw(seed, sessions);
        only.as_deref()
            .map_or(mixture.clone(), |names| mixture.only(names))
    };
    if let Some(seed) = setting("HOSTILE_SEED") {
        return alone(name, &draw(seed), case);
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
        "run a case alone by HOSTILE_SEED=…:\n{}",
        findings.join("\n")
    );
}

/// Runs one case; when it fails, without each kind that it fails without.
fn alone(name: &str, mixture: &Mixture, case: Case) {
    let mut smallest = mixture.clone();
    let Err(Finding(mut text)) = case(&smallest) else {
        return report(&format!("{name}: {mixture}: good"));
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
fn sessions_are_complete_or_the_command_names_what_is_missing() {
    run("sessions", 3, Mixture::draw, sessions::case);
}

#[test]
fn a_pull_is_complete_or_not_good_and_heals_with_the_service() {
    run("pull", 1, Mixture::draw_for_pull, pull::case);
}
