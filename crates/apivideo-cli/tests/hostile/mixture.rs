//! The mixture of a case: its fault kinds, and how the command is run.

use std::collections::BTreeSet;
use std::fmt;

use crate::rng::Rng;

macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident $per_mille:literal;)*) => {
        /// A kind of fault.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub(crate) enum Kind {
            $($(#[$doc])* $kind,)*
        }

        /// Each kind with its name and its frequency per 1,000 mixtures.
        const KINDS: &[(Kind, &str, u64)] = &[$((Kind::$kind, stringify!($kind), $per_mille),)*];
    };
}

kinds! {
    // Permanent faults in the data.
    /// Optional fields and groups of sessions with values of another JSON type.
    Drift 200;
    /// The same in events.
    EventDrift 150;
    /// The same in videos and live streams.
    AssetDrift 80;
    /// Bytes or escapes that JSON forbids, and duplicate keys, in a string of a session.
    BadBytes 150;
    /// The same in an event.
    BadEventBytes 80;
    /// Syntax errors inside one session.
    BrokenRecords 60;
    /// Session ids that are numbers.
    NumericIds 50;

    // Faults in the data that the repaired service does not have.
    /// Sessions without a usable id.
    InvalidSessions 120;
    /// Values that are not objects where events are expected.
    InvalidEvents 80;
    /// Sessions whose events are not found.
    EventsNotFound 80;
    /// A listed video whose sessions are not found.
    AssetNotFound 50;
    /// A listed video without an id.
    UnusableAsset 30;

    // Envelopes.
    /// Page numbers and totals as strings or floats.
    NumberForms 120;
    /// Links in another form, or missing.
    Links 120;
    /// Missing or invalid pagination.
    NoPagination 80;
    /// Items as an object with numeric keys; no items as `{}` or null.
    DataForms 100;
    /// A number of pages that is too low, too high, or 0.
    PagesTotalWrong 120;
    /// No total of items.
    TotalMissing 80;
    /// A total of 0 with items.
    TotalZero 50;
    /// A total that is too high.
    TotalTooBig 50;
    /// Pages of another size than the requested one.
    SizeNotHonored 100;
    /// All pages have the number 1.
    WrongPage 60;
    /// Another order for each page.
    Unordered 70;
    /// After the end, not an empty page: the last one again, the first one, or a 404.
    AfterEnd 120;
    /// A byte order mark before the JSON.
    Bom 100;
    /// Bodies in chunks, or ended by the end of the connection.
    Framing 150;
    /// Unusual forms of the token's lifetime.
    TokenForms 80;

    // Temporary faults in the delivery.
    /// Connections that end before the first byte of a response.
    Resets 150;
    /// Connections reset in the middle of a body.
    MidBodyResets 120;
    /// Bodies that end early, or are empty.
    CutBodies 150;
    /// 5xx statuses of servers and gateways.
    ServerErrors 150;
    /// Responses 429 without a usable time to wait.
    Refusals 40;
    /// The service is unavailable for some requests.
    Outage 150;
    /// The events of sessions are unavailable for some requests.
    EventsOutage 120;
    /// A token that is revoked once.
    TokenRevoked 80;
    /// Short pauses in the middle of a body.
    Stalls 80;

    // Permanent faults in the delivery.
    /// Connections that end when they are reused.
    ReusedDies 100;
    /// One session whose events are never served.
    EventsDownForOne 25;
    /// One page that is always truncated.
    AlwaysCut 25;
}

impl Kind {
    fn name(self) -> &'static str {
        KINDS
            .iter()
            .find(|(kind, ..)| *kind == self)
            .map_or("", |(_, name, _)| name)
    }
}

/// The format that the command writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Output {
    Ndjson,
    Json,
    Csv,
}

/// How the output of several runs is combined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Continue {
    /// Stdout, resumed by the printed command.
    Printed,
    /// Stdout, resumed by the same command with `--resume`.
    Resume,
    /// `--out`, resumed by the same command.
    Out,
}

/// A case.
#[derive(Clone, Debug)]
pub(crate) struct Mixture {
    pub(crate) seed: u64,
    kinds: BTreeSet<Kind>,
    /// The number of sessions of the service.
    pub(crate) sessions: usize,
    pub(crate) page_size: usize,
    pub(crate) retries: u32,
    pub(crate) output: Output,
    pub(crate) continued: Continue,
    /// The milliseconds after which each run is killed.
    pub(crate) kills: Vec<u64>,
    /// The maximum number of requests of a pull.
    pub(crate) max_requests: Option<usize>,
    pub(crate) with_events: bool,
    pub(crate) concurrency: usize,
}

/// The number of sessions of every tenth case.
pub(crate) const LARGE: usize = 2_000;

impl Mixture {
    /// Generates the case of a seed.
    pub(crate) fn draw(seed: u64, sessions: Option<usize>) -> Self {
        let mut rng = Rng::new(seed, "mixture");
        let drawn = KINDS.iter().filter(|(.., share)| rng.per_mille(*share));
        let kinds = without_conflicts(drawn.map(|(kind, ..)| *kind).collect());
        let mut rng = Rng::new(seed, "command");
        let small = rng.between(1, 300);
        let sessions = sessions.unwrap_or(if seed % 10 == 9 { LARGE } else { small });
        // Small pages of many sessions take more requests without testing more.
        let sizes: &[usize] = match sessions > 400 {
            true => &[100, 100, 50],
            false => &[100, 50, 25, 10, 7, 3],
        };
        let continued = rng.pick(&[Continue::Printed, Continue::Resume, Continue::Out]);
        let kills = match continued {
            Continue::Out => rng.below(4),
            _ => 0,
        };
        Self {
            seed,
            kinds,
            continued,
            kills: (0..kills).map(|_| rng.next() % 700).collect(),
            max_requests: None,
            sessions,
            page_size: rng.pick(sizes),
            retries: rng.pick(&[0, 1, 2, 4, 4]),
            output: rng.pick(&[Output::Ndjson, Output::Ndjson, Output::Json, Output::Csv]),
            with_events: rng.per_mille(800),
            concurrency: rng.pick(&[1, 2, 8, 8, 16]),
        }
    }

    /// Generates the case for `pull`, without ambiguous data: the folder is compared byte by byte.
    pub(crate) fn draw_for_pull(seed: u64, sessions: Option<usize>) -> Self {
        let mut mixture = Self::draw(seed, sessions);
        mixture.kinds.remove(&Kind::BrokenRecords);
        let mut rng = Rng::new(seed, "pull");
        mixture.with_events = rng.per_mille(800);
        let kills = if rng.per_mille(400) { rng.below(4) } else { 0 };
        mixture.kills = (0..kills).map(|_| rng.next() % 700).collect();
        let fewest = 20.max(mixture.sessions / 10);
        mixture.max_requests = rng.per_mille(300).then(|| rng.between(fewest, 5 * fewest));
        mixture
    }

    pub(crate) fn has(&self, kind: Kind) -> bool {
        self.kinds.contains(&kind)
    }

    pub(crate) fn has_any(&self, kinds: &[Kind]) -> bool {
        kinds.iter().any(|kind| self.has(*kind))
    }

    pub(crate) fn kinds(&self) -> impl Iterator<Item = Kind> {
        self.kinds.iter().copied()
    }

    #[must_use]
    pub(crate) fn without(&self, kind: Kind) -> Self {
        let mut mixture = self.clone();
        mixture.kinds.remove(&kind);
        mixture
    }

    /// Only the kinds of this list of names.
    #[must_use]
    pub(crate) fn only(&self, names: &str) -> Self {
        let mut mixture = self.clone();
        let names: Vec<&str> = names.split(',').collect();
        mixture.kinds = KINDS
            .iter()
            .filter(|(_, name, _)| names.contains(name))
            .map(|(kind, ..)| *kind)
            .collect();
        mixture
    }

    /// Returns the faults that the repaired service has: the missing total of pages, since the folder records totals.
    #[must_use]
    pub(crate) fn repaired(&self) -> Self {
        let mut mixture = self.clone();
        mixture.kinds.retain(|kind| {
            [Kind::TotalMissing, Kind::TotalZero, Kind::NoPagination].contains(kind)
        });
        mixture
    }

    /// Returns a random number generator for one purpose of this case.
    pub(crate) fn rng(&self, purpose: &str) -> Rng {
        Rng::new(self.seed, purpose)
    }

    /// Whether the case must end with exit code 0, or with exit code 6 if data is missing permanently. The other kinds contradict
    /// themselves, or are not temporary.
    pub(crate) fn must_end_well(&self) -> bool {
        use Kind::{
            AfterEnd, AlwaysCut, EventsDownForOne, NoPagination, TotalTooBig, TotalZero, Unordered,
            UnusableAsset,
        };
        // Without pagination, a repeated last page cannot be distinguished from the next page of an endless list.
        let is_endless = self.has(NoPagination) && self.has(AfterEnd);
        !is_endless
            && !self.has_any(&[
                AlwaysCut,
                EventsDownForOne,
                TotalTooBig,
                TotalZero,
                Unordered,
                UnusableAsset,
            ])
    }
}

/// Removes combinations of kinds that hide missing data from any client.
fn without_conflicts(mut kinds: BTreeSet<Kind>) -> BTreeSet<Kind> {
    use Kind::{
        NoPagination, PagesTotalWrong, SizeNotHonored, TotalMissing, TotalTooBig, TotalZero,
        Unordered, WrongPage,
    };
    for (kind, hidden_by) in [
        (
            NoPagination,
            &[Unordered, SizeNotHonored, PagesTotalWrong][..],
        ),
        (TotalMissing, &[Unordered, PagesTotalWrong, SizeNotHonored]),
        (
            TotalZero,
            &[Unordered, PagesTotalWrong, SizeNotHonored, TotalMissing],
        ),
        (TotalTooBig, &[TotalMissing, TotalZero, PagesTotalWrong]),
        (WrongPage, &[NoPagination, TotalMissing, TotalZero]),
    ] {
        if hidden_by.iter().any(|other| kinds.contains(other)) {
            kinds.remove(&kind);
        }
    }
    kinds
}

impl fmt::Display for Mixture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kinds: Vec<&str> = self.kinds().map(Kind::name).collect();
        write!(
            f,
            "seed {}: {} sessions, pages of {}, retries {}, {:?}, {:?}, events {}, concurrency {}; {}",
            self.seed,
            self.sessions,
            self.page_size,
            self.retries,
            self.output,
            self.continued,
            self.with_events,
            self.concurrency,
            if kinds.is_empty() {
                "no hostility".to_owned()
            } else {
                kinds.join(",")
            }
        )
    }
}
