//! What a case mixes: the kinds of hostility, and how the command is called.

use std::collections::BTreeSet;
use std::fmt;

use crate::rng::Rng;

macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident $per_mille:literal;)*) => {
        /// A kind of hostility.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub(crate) enum Kind {
            $($(#[$doc])* $kind,)*
        }

        /// Each kind with its name, and in how many of 1,000 mixtures it is.
        const KINDS: &[(Kind, &str, u64)] = &[$((Kind::$kind, stringify!($kind), $per_mille),)*];
    };
}

kinds! {
    // Data, as it stays.
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

    // Data that is repaired later.
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
    /// Links in another form, or none.
    Links 120;
    /// No usable pagination.
    NoPagination 80;
    /// Items as an object with numeric keys; no items as `{}` or null.
    DataForms 100;
    /// A number of pages that is too low, too high, or 0.
    PagesTotalWrong 120;
    /// No total of items.
    TotalMissing 80;
    /// A total of 0 beside items.
    TotalZero 50;
    /// A total that is too high.
    TotalTooBig 50;
    /// Pages of another size than the requested one.
    SizeNotHonored 100;
    /// All pages say that they are the first one.
    WrongPage 60;
    /// Another order for each page.
    Unordered 70;
    /// After the end, not an empty page: the last one again, the first one, or a 404.
    AfterEnd 120;
    /// A byte order mark before the JSON.
    Bom 100;
    /// Bodies in chunks, or ended by the end of the connection.
    Framing 150;
    /// Odd forms of the token's lifetime.
    TokenForms 80;

    // Delivery, healed after a few requests.
    /// Connections that end before the first byte of a response.
    Resets 150;
    /// Connections reset in the middle of a body.
    MidBodyResets 120;
    /// Bodies that end early, or are empty.
    CutBodies 150;
    /// Statuses of servers and gateways in trouble.
    ServerErrors 150;
    /// Responses 429 without a usable time to wait.
    Refusals 40;
    /// The whole service is away for some requests.
    Outage 150;
    /// The events of sessions are away for some requests.
    EventsOutage 120;
    /// A token that is revoked once.
    TokenRevoked 80;
    /// Short pauses in the middle of a body.
    Stalls 80;

    // Delivery, not healed.
    /// Connections that end when they are used again.
    ReusedDies 100;
    /// One session whose events are never served.
    EventsDownForOne 25;
    /// One page that is always cut short.
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

/// How the output of several runs comes together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Continue {
    /// Standard output, and the printed command.
    Printed,
    /// Standard output, and the same command with a checkpoint of its own.
    Resume,
    /// A file that the command owns, and the same command.
    Out,
}

/// A case.
#[derive(Clone, Debug)]
pub(crate) struct Mixture {
    pub(crate) seed: u64,
    kinds: BTreeSet<Kind>,
    /// How many sessions the service has.
    pub(crate) sessions: usize,
    pub(crate) page_size: usize,
    pub(crate) retries: u32,
    pub(crate) output: Output,
    pub(crate) continued: Continue,
    /// After how many milliseconds a run is killed, one run after the other.
    pub(crate) kills: Vec<u64>,
    /// The bound on the requests of one pull.
    pub(crate) max_requests: Option<usize>,
    pub(crate) with_events: bool,
    pub(crate) concurrency: usize,
}

/// How many sessions every tenth case has.
pub(crate) const LARGE: usize = 2_000;

impl Mixture {
    /// Draws the case of a seed.
    pub(crate) fn draw(seed: u64, sessions: Option<usize>) -> Self {
        let mut rng = Rng::new(seed, "mixture");
        let drawn = KINDS.iter().filter(|(.., share)| rng.per_mille(*share));
        let kinds = without_conflicts(drawn.map(|(kind, ..)| *kind).collect());
        let mut rng = Rng::new(seed, "command");
        let small = rng.between(1, 300);
        let sessions = sessions.unwrap_or(if seed % 10 == 9 { LARGE } else { small });
        // Small pages of a large world are many requests, and nothing more.
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

    /// The case for `pull`, which has no doubtful data: the folder is compared byte for byte.
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

    /// What stays when the service is repaired: that its pages have no total is how it is, and the folder records the totals.
    #[must_use]
    pub(crate) fn repaired(&self) -> Self {
        let mut mixture = self.clone();
        mixture.kinds.retain(|kind| {
            [Kind::TotalMissing, Kind::TotalZero, Kind::NoPagination].contains(kind)
        });
        mixture
    }

    /// A generator for one purpose of this case.
    pub(crate) fn rng(&self, purpose: &str) -> Rng {
        Rng::new(self.seed, purpose)
    }

    /// Whether the case must end with exit code 0, or with exit code 6 where data is missing for good. The other kinds
    /// contradict themselves, or never heal.
    pub(crate) fn must_end_well(&self) -> bool {
        use Kind::{
            AfterEnd, AlwaysCut, EventsDownForOne, NoPagination, TotalTooBig, TotalZero, Unordered,
            UnusableAsset,
        };
        // Without pagination, a last page that comes again may be the next one of an endless list.
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

/// Drops kinds whose mixture hides that something is missing: what nobody can see, nobody can report.
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
