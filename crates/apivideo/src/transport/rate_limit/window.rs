//! The state of the rate limit, and what follows from it for the next request. Pure: time comes in from outside.

use std::time::{Duration, Instant};

use super::headers::Told;
use crate::transport::retry;

/// How long a window is where no reply has told.
const WINDOW: Duration = Duration::from_secs(60);

/// While a request on its way is about to tell more, it is asked again so often.
const ASK_AGAIN: Duration = Duration::from_millis(100);

/// For so long the first replies of a window are waited for before it is taken to be as long as [`WINDOW`].
const FIRST_REPLIES: Duration = Duration::from_secs(2);

/// The time between two requests while the service refuses them. It halves with each request that is not refused, until it
/// is shorter than [`SHORTEST_SPACING`]; then requests are free again.
const SPACING: Duration = Duration::from_millis(250);
const SHORTEST_SPACING: Duration = Duration::from_millis(5);

/// What a request is to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Decision {
    /// It goes out now, in the window of this number.
    Go(u64),
    /// It asks again at this instant, with its place if it got one.
    Wait(Instant, Option<Place>),
}

/// An instant at which one request may go. It holds one unit of its window, and nobody waits for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    window: u64,
    at: Instant,
}

/// When the window ends: between these two, since it is told in whole seconds and by a reply that was on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Reset {
    earliest: Instant,
    latest: Instant,
}

/// A refusal without a window.
#[derive(Clone, Copy, Debug)]
struct Block {
    until: Instant,
    /// Those who wait for it come back within so much time after it.
    spread: Duration,
}

#[derive(Debug)]
pub(super) struct Window {
    /// Requests in a window, as told or documented.
    limit: Option<u32>,
    /// What the application allows itself.
    ceiling: Option<u32>,
    /// No wait that the service asks for is longer.
    longest_wait: Duration,
    /// Windows are counted, so that what belongs to an old one is known.
    number: u64,
    /// When this one began, as far as known; `None` before the first request.
    opened: Option<Instant>,
    reset: Option<Reset>,
    /// The window before was over at this instant, at the latest.
    before: Option<Instant>,
    /// Requests sent in this window.
    sent: u32,
    /// Places given and not yet used.
    held: u32,
    /// Requests on their way, of this window and the ones before.
    in_flight: u32,
    /// What was left by the lowest count of a reply of this window.
    remaining: Option<u32>,
    /// The last place given.
    last: Option<Instant>,
    block: Option<Block>,
    /// When the last refusal became known: others that were sent before say nothing new.
    refused: Option<Instant>,
    /// Refusals in a row without usable information.
    blind: u32,
    /// The time between two requests, while there have been refusals.
    spacing: Option<Duration>,
    /// When the newest request went.
    newest: Option<Instant>,
}

impl Window {
    pub(super) fn new(limit: Option<u32>, ceiling: Option<u32>, longest_wait: Duration) -> Self {
        Self {
            limit,
            ceiling,
            longest_wait,
            number: 0,
            opened: None,
            reset: None,
            before: None,
            sent: 0,
            held: 0,
            in_flight: 0,
            remaining: None,
            last: None,
            block: None,
            refused: None,
            blind: 0,
            spacing: None,
            newest: None,
        }
    }

    /// Whether a request may go now, or when it is to ask again. `place` is the one it got before.
    ///
    /// Free while more than a fifth of the limit is left; then one after the other, so that what is left lasts
    /// to the end of the window; when nothing is left, after its end.
    pub(super) fn decide(&mut self, now: Instant, place: Option<Place>, random: f64) -> Decision {
        self.roll(now);
        if let Some(place) = place
            && place.window == self.number
            && now < place.at
        {
            return Decision::Wait(place.at, Some(place));
        }
        let had_place = self.give_back(place);
        if let Some(block) = self.block {
            if now < block.until {
                return Decision::Wait(block.until + block.spread.mul_f64(random), None);
            }
            self.block = None;
        }
        let Some(limit) = self.limit() else {
            return self.go(now);
        };
        let left = self.left(limit);
        if left > limit / 5 || (left > 0 && had_place) {
            return self.go(now);
        }
        let over = self.over(now);
        let is_told = self.reset.is_some();
        if left == 0 {
            let unsure = self.in_flight > 0 && (!is_told || limit > self.sent + self.held);
            let until = if unsure {
                over.min(now + ASK_AGAIN)
            } else {
                over
            };
            return Decision::Wait(until, None);
        }
        let is_new = self
            .opened
            .is_some_and(|opened| now < opened + FIRST_REPLIES);
        if self.in_flight > 0 && !is_told && is_new {
            return Decision::Wait(now + ASK_AGAIN, None);
        }
        // Up to where the window surely lasts: what comes later may count in the next one.
        let end = self.reset.map_or(over, |reset| reset.earliest);
        let base = self.last.map_or(now, |last| last.max(now));
        if base >= end {
            return self.go(now);
        }
        let at = base + (end - base) / left.saturating_add(1);
        self.held += 1;
        self.last = Some(at);
        let window = self.number;
        Decision::Wait(at, Some(Place { window, at }))
    }

    /// Takes back a place that is not needed any more; `false` where its window is over.
    pub(super) fn give_back(&mut self, place: Option<Place>) -> bool {
        let is_current = place.is_some_and(|place| place.window == self.number);
        if is_current {
            self.held -= 1;
            if self.held == 0 {
                self.last = None;
            }
        }
        is_current
    }

    /// A request is no longer on its way: answered, failed, or dropped.
    pub(super) fn landed(&mut self) {
        self.in_flight -= 1;
    }

    /// Learns from a reply to a request that was sent at `sent` in window `number`.
    pub(super) fn learn(
        &mut self,
        number: u64,
        sent: Instant,
        now: Instant,
        told: &Told,
        refused: bool,
        random: f64,
    ) {
        self.roll(now);
        self.limit = told.limit.or(self.limit);
        let is_new = self.refused.is_none_or(|refused| sent > refused);
        if refused {
            self.spacing = Some(SPACING);
        } else if is_new {
            self.blind = 0;
            self.spacing = self
                .spacing
                .map(|spacing| spacing / 2)
                .filter(|spacing| *spacing >= SHORTEST_SPACING);
        }
        // A window that is over, as far as a refusal says, is no information.
        let resets_in = told.resets_in.filter(|time| !refused || !time.is_zero());
        if let (Some(_), Some(resets_in)) = (told.limit, resets_in) {
            let remaining = match (refused, told.remaining) {
                (true, _) => 0,
                (false, remaining) => remaining.or(told.limit).unwrap_or_default(),
            };
            if refused {
                self.blind = 0;
                self.refused = Some(now);
            }
            self.learn_window(number, sent, now, remaining, resets_in);
        } else if refused {
            self.block(sent, now, told.wait(), random);
        }
    }

    /// A refusal without a window, and at most with a time to wait.
    fn block(&mut self, sent: Instant, now: Instant, told: Option<Duration>, random: f64) {
        let is_known = self.refused.is_some_and(|refused| sent <= refused);
        if told.is_none() && is_known {
            return;
        }
        let wait = told.map_or_else(
            || retry::after_refusal(None, self.blind, random),
            |told| told.min(self.longest_wait),
        );
        self.blind = if told.is_none() { self.blind + 1 } else { 0 };
        self.refused = Some(now);
        let until = self.block.map_or(now, |block| block.until).max(now + wait);
        self.block = Some(Block {
            until,
            spread: retry::spread(wait),
        });
    }

    fn learn_window(
        &mut self,
        number: u64,
        sent: Instant,
        now: Instant,
        remaining: u32,
        resets_in: Duration,
    ) {
        let resets_in = resets_in.min(self.longest_wait);
        let second = Duration::from_secs(1);
        // Counted from the sending too: a reply that lay unread for a while says nothing of a later window.
        let latest = now + resets_in + second;
        let earliest = (sent + resets_in.saturating_sub(second)).min(latest);
        let is_ours = number == self.number || self.before.is_none_or(|before| earliest > before);
        let reset = match self.reset {
            Some(known) if earliest > known.latest => {
                self.begin(Some(known.latest), sent);
                self.sent = 1;
                Reset { earliest, latest }
            }
            Some(known) if is_ours && latest >= known.earliest => Reset {
                earliest: known.earliest.max(earliest),
                latest: known.latest.min(latest),
            },
            None if is_ours => Reset { earliest, latest },
            // Of a window that is over, or unread for so long that it can't be told.
            _ => return,
        };
        self.reset = Some(reset);
        self.remaining = Some(
            self.remaining
                .map_or(remaining, |known| known.min(remaining)),
        );
    }

    /// The limit, the application's own ceiling included.
    pub(super) fn limit(&self) -> Option<u32> {
        match (self.limit, self.ceiling) {
            (Some(limit), Some(ceiling)) => Some(limit.min(ceiling)),
            (limit, ceiling) => limit.or(ceiling),
        }
    }

    /// What is left for those who ask at `now`, where there is a limit.
    pub(super) fn remaining(&mut self, now: Instant) -> Option<u32> {
        self.roll(now);
        self.limit().map(|limit| self.left(limit))
    }

    /// When the window ends at the latest, where a reply has told.
    pub(super) fn resets_at(&self) -> Option<Instant> {
        self.reset.map(|reset| reset.latest)
    }

    /// By our own count, and by the service's: which of those on their way it has counted is not known.
    fn left(&self, limit: u32) -> u32 {
        let own = limit.saturating_sub(self.sent + self.held);
        let told = self.remaining.unwrap_or(limit);
        own.min(told.saturating_sub(self.in_flight + self.held))
    }

    /// Lets a request go, unless the one before it went just now and the service refuses.
    fn go(&mut self, now: Instant) -> Decision {
        if let (Some(spacing), Some(newest)) = (self.spacing, self.newest)
            && now < newest + spacing
        {
            return Decision::Wait(newest + spacing, None);
        }
        self.newest = Some(now);
        self.sent += 1;
        self.in_flight += 1;
        Decision::Go(self.number)
    }

    /// When the window is surely over.
    fn over(&self, now: Instant) -> Instant {
        match (self.reset, self.opened) {
            (Some(reset), _) => reset.latest,
            (None, Some(opened)) => opened + WINDOW,
            (None, None) => now,
        }
    }

    /// Begins the next window when this one is over.
    fn roll(&mut self, now: Instant) {
        if self.opened.is_none() {
            self.opened = Some(now);
        } else if self.over(now) <= now {
            let before = self.reset.map(|reset| reset.latest);
            self.begin(before.or(self.before), now);
        }
    }

    fn begin(&mut self, before: Option<Instant>, now: Instant) {
        self.number += 1;
        self.opened = Some(now);
        self.before = before;
        self.reset = None;
        self.sent = 0;
        self.held = 0;
        self.remaining = None;
        self.last = None;
    }
}

#[cfg(test)]
#[path = "window/tests.rs"]
mod tests;
