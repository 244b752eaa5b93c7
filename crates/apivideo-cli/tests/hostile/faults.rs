//! Delivery faults: which requests fail, and how.

use crate::mixture::{Kind, Mixture};
use crate::rng::Rng;
use crate::world::World;

use std::sync::atomic::{AtomicU64, Ordering::SeqCst};

/// The purpose of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Route {
    Token,
    List,
    Events,
}

impl Route {
    pub(crate) fn of(path: &str) -> Self {
        match path {
            _ if path.starts_with("/auth/") => Self::Token,
            _ if path.ends_with("/events") => Self::Events,
            _ => Self::List,
        }
    }
}

/// How a response ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cut {
    /// Completely.
    None,
    /// The connection is closed before the first byte.
    BeforeHead,
    /// The connection is reset before the first byte.
    Reset,
    ResetInBody,
    /// Truncated, without a content length.
    NoLength,
    /// Truncated, with a larger content length.
    Length,
    /// With a smaller content length than the body.
    ShortLength,
    /// With an empty body.
    Empty,
    /// Status 204.
    NoContent,
    /// Without the last chunk.
    Chunks,
    /// Completely, after a pause.
    Stall,
}

type Headers = Vec<(&'static str, &'static str)>;

#[derive(Clone, Debug)]
pub(crate) struct Fault {
    pub(crate) cut: Cut,
    /// A response instead of the correct one.
    pub(crate) status: Option<(u16, Headers)>,
    /// Whether it is temporary.
    pub(crate) is_temporary: bool,
}

impl Fault {
    fn cut(cut: Cut) -> Self {
        Self {
            cut,
            status: None,
            is_temporary: true,
        }
    }

    fn status(status: u16, headers: Headers) -> Self {
        Self {
            cut: Cut::None,
            status: Some((status, headers)),
            is_temporary: true,
        }
    }

    fn permanent(self) -> Self {
        Self {
            is_temporary: false,
            ..self
        }
    }
}

/// A series of consecutive requests that fail in one way.
#[derive(Debug)]
struct Outage {
    /// Only requests for this purpose.
    route: Option<Route>,
    first: u64,
    count: u64,
    fault: Fault,
    /// The requests so far.
    requests: AtomicU64,
}

#[derive(Debug)]
pub(crate) struct Faults {
    mixture: Mixture,
    outages: Vec<Outage>,
    /// The number of targets with a fault per 1,000,000.
    share: u64,
    /// The path whose events are never served.
    down: Option<String>,
    /// The number of requests after which the first token is revoked.
    pub(crate) revoked_at: u64,
}

impl Faults {
    pub(crate) fn new(mixture: &Mixture, world: &World) -> Self {
        let targets = world.sessions().count() as u64 + 10;
        let mut rng = mixture.rng("outages");
        let mut outages = Vec::new();
        for (kind, route) in [
            (Kind::Outage, None),
            (Kind::EventsOutage, Some(Route::Events)),
        ] {
            let count = if mixture.has(kind) {
                rng.between(1, 2)
            } else {
                0
            };
            for _ in 0..count {
                let fault = match rng.below(4) {
                    0 => Fault::cut(Cut::Reset),
                    1 => Fault::cut(Cut::BeforeHead),
                    _ => Fault::status(503, Vec::new()),
                };
                outages.push(Outage {
                    route,
                    first: rng.next() % targets,
                    count: rng.between(3, 40) as u64,
                    fault,
                    requests: AtomicU64::new(0),
                });
            }
        }
        Self {
            // About 20 targets of a case.
            share: (20_000_000 / targets).min(100_000),
            down: world
                .down
                .as_ref()
                .map(|id| format!("/analytics/sessions/{id}/events")),
            revoked_at: rng.next() % targets,
            mixture: mixture.clone(),
            outages,
        }
    }

    /// Returns the fault of the `count`-th request for a target, counted from 1.
    pub(crate) fn of(&self, route: Route, target: &str, count: u64) -> Option<Fault> {
        for outage in &self.outages {
            if outage.route.is_none_or(|it| it == route) {
                let number = outage.requests.fetch_add(1, SeqCst);
                if (outage.first..outage.first + outage.count).contains(&number) {
                    return Some(outage.fault.clone());
                }
            }
        }
        if let Some(down) = &self.down
            && target.starts_with(down)
        {
            return Some(Fault::status(503, Vec::new()).permanent());
        }
        let mut rng = self.mixture.rng(&format!("always {target}"));
        if self.mixture.has(Kind::AlwaysCut) && route != Route::Token && rng.per_mille(3) {
            return Some(Fault::cut(Cut::NoLength).permanent());
        }
        self.planned(route, target, count)
    }

    /// Some targets fail one to three times.
    fn planned(&self, route: Route, target: &str, count: u64) -> Option<Fault> {
        let mut rng = self.mixture.rng(&format!("faults {target}"));
        let fails = rng.next() % 1_000_000 < self.share;
        let times = rng.between(1, 3) as u64;
        let kinds: Vec<Kind> = [
            Kind::Resets,
            Kind::MidBodyResets,
            Kind::CutBodies,
            Kind::ServerErrors,
            Kind::Stalls,
            Kind::Refusals,
        ]
        .into_iter()
        .filter(|kind| self.mixture.has(*kind))
        .collect();
        if !fails || count > times || kinds.is_empty() {
            return None;
        }
        let mut rng = self.mixture.rng(&format!("fault {count} {target}"));
        self.fault(rng.pick(&kinds), route, &mut rng)
    }

    fn fault(&self, kind: Kind, route: Route, rng: &mut Rng) -> Option<Fault> {
        let cut = match kind {
            Kind::Resets => rng.pick(&[Cut::BeforeHead, Cut::Reset]),
            Kind::MidBodyResets => Cut::ResetInBody,
            Kind::Stalls => Cut::Stall,
            Kind::CutBodies => rng.pick(&[
                Cut::NoLength,
                Cut::Length,
                Cut::ShortLength,
                Cut::Empty,
                Cut::NoContent,
                Cut::Chunks,
            ]),
            Kind::ServerErrors => {
                let statuses = [500, 502, 503, 504, 408, 520, 521, 522, 523, 524];
                return Some(Fault::status(rng.pick(&statuses), Vec::new()));
            }
            // Each takes at least a second of waiting.
            Kind::Refusals if rng.per_mille(150) => {
                let headers: &[Headers] = &[
                    vec![],
                    vec![("Retry-After", "0")],
                    vec![("X-RateLimit-Retry-After", "0")],
                    vec![("Retry-After", "1")],
                ];
                return Some(Fault::status(429, rng.pick(headers)));
            }
            _ => return None,
        };
        // Only GET requests are retried after a truncated body.
        let is_sent = !matches!(cut, Cut::BeforeHead | Cut::Reset);
        (route != Route::Token || !is_sent).then(|| Fault::cut(cut))
    }
}
