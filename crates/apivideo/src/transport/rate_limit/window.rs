//! The state of the current rate-limit window, and what follows from it for the next request. Pure: time and randomness are
//! arguments.

use std::time::{Duration, Instant};

use super::headers::RateLimitHeaders;
use crate::transport::retry;

/// The length of a window, as long as no response reports it.
const WINDOW: Duration = Duration::from_secs(60);

/// The time after which a request polls the limiter again, if a response that is expected soon may change the decision.
const POLL_INTERVAL: Duration = Duration::from_millis(100);

/// The time for which the first responses of a window are awaited before its length is assumed to be [`WINDOW`].
const FIRST_RESPONSES: Duration = Duration::from_secs(2);

/// The time between two requests while the service refuses them. It is halved with each request that is not refused, until it
/// is shorter than [`MIN_SPACING`]; then requests are not spaced any more.
const SPACING: Duration = Duration::from_millis(250);
const MIN_SPACING: Duration = Duration::from_millis(5);

/// The next step of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Decision {
    /// Be sent now, in the window of this number.
    Send(u64),
    /// Wait until this instant, then decide once more; with the reservation, if there is one.
    Wait(Instant, Option<Reservation>),
}

/// An instant at which one request may be sent. It counts against its window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Reservation {
    window: u64,
    at: Instant,
}

/// The end of the window: between these two, since it is reported in whole seconds and by a response that took time to
/// arrive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Reset {
    earliest: Instant,
    latest: Instant,
}

/// A refusal that did not report a window.
#[derive(Clone, Copy, Debug)]
struct Block {
    until: Instant,
    /// Waiting requests are spread over this time after `until`.
    spread: Duration,
}

#[derive(Debug)]
pub(super) struct Window {
    /// Requests in a window, as reported or documented.
    limit: Option<u32>,
    /// The application's own limit.
    own_limit: Option<u32>,
    /// The longest wait that the service can request.
    max_retry_after: Duration,
    /// Windows are numbered, so that responses of an earlier one are recognized.
    number: u64,
    /// The start of this window, as far as known; `None` before the first request.
    opened: Option<Instant>,
    reset: Option<Reset>,
    /// The latest end of the previous window.
    previous_end: Option<Instant>,
    /// Requests sent in this window.
    sent: u32,
    /// Reservations that are not used yet.
    reserved: u32,
    /// Requests without a response, of this window and the ones before.
    in_flight: u32,
    /// The lowest count that a response of this window reported.
    remaining: Option<u32>,
    /// The instant of the last reservation.
    last_reservation: Option<Instant>,
    block: Option<Block>,
    /// When the last refusal became known: refusals of requests that were sent before add nothing.
    refused_at: Option<Instant>,
    /// Consecutive refusals without usable headers.
    blind_refusals: u32,
    /// The time between two requests, while there have been refusals.
    spacing: Option<Duration>,
    /// When the newest request was sent.
    newest: Option<Instant>,
}

impl Window {
    pub(super) fn new(
        limit: Option<u32>,
        own_limit: Option<u32>,
        max_retry_after: Duration,
    ) -> Self {
        Self {
            limit,
            own_limit,
            max_retry_after,
            number: 0,
            opened: None,
            reset: None,
            previous_end: None,
            sent: 0,
            reserved: 0,
            in_flight: 0,
            remaining: None,
            last_reservation: None,
            block: None,
            refused_at: None,
            blind_refusals: 0,
            spacing: None,
            newest: None,
        }
    }

    /// Decides whether a request may be sent now, or when to decide once more. `reservation` is the one of an earlier
    /// decision.
    ///
    /// Requests are sent at once while more than a fifth of the limit is left. Then they are spread, so that the rest lasts
    /// to the end of the window. With nothing left they wait for the end.
    pub(super) fn decide(
        &mut self,
        now: Instant,
        reservation: Option<Reservation>,
        random: f64,
    ) -> Decision {
        self.advance(now);
        if let Some(reservation) = reservation
            && reservation.window == self.number
            && now < reservation.at
        {
            return Decision::Wait(reservation.at, Some(reservation));
        }
        let had_reservation = self.release(reservation);
        if let Some(block) = self.block {
            if now < block.until {
                return Decision::Wait(block.until + block.spread.mul_f64(random), None);
            }
            self.block = None;
        }
        let Some(limit) = self.limit() else {
            return self.send(now);
        };
        let left = self.left(limit);
        if left > limit / 5 || (left > 0 && had_reservation) {
            return self.send(now);
        }
        let end = self.end(now);
        let is_reported = self.reset.is_some();
        if left == 0 {
            let may_change =
                self.in_flight > 0 && (!is_reported || limit > self.sent + self.reserved);
            let until = if may_change {
                end.min(now + POLL_INTERVAL)
            } else {
                end
            };
            return Decision::Wait(until, None);
        }
        let is_new = self
            .opened
            .is_some_and(|opened| now < opened + FIRST_RESPONSES);
        if self.in_flight > 0 && !is_reported && is_new {
            return Decision::Wait(now + POLL_INTERVAL, None);
        }
        // Up to the earliest end: a later request may count in the next window.
        let end = self.reset.map_or(end, |reset| reset.earliest);
        let base = self.last_reservation.map_or(now, |last| last.max(now));
        if base >= end {
            return self.send(now);
        }
        let at = base + (end - base) / left.saturating_add(1);
        self.reserved += 1;
        self.last_reservation = Some(at);
        let window = self.number;
        Decision::Wait(at, Some(Reservation { window, at }))
    }

    /// Returns a reservation that is not needed any more; `false` when its window is over.
    pub(super) fn release(&mut self, reservation: Option<Reservation>) -> bool {
        let is_current = reservation.is_some_and(|reservation| reservation.window == self.number);
        if is_current {
            self.reserved -= 1;
            if self.reserved == 0 {
                self.last_reservation = None;
            }
        }
        is_current
    }

    /// Ends a request: it has its response, failed, or was dropped.
    pub(super) fn finish(&mut self) {
        self.in_flight -= 1;
    }

    /// Records the headers of the response to a request that was sent at `sent` in the window `number`.
    pub(super) fn record(
        &mut self,
        number: u64,
        sent: Instant,
        now: Instant,
        headers: &RateLimitHeaders,
        is_refusal: bool,
        random: f64,
    ) {
        self.advance(now);
        self.limit = headers.limit.or(self.limit);
        let is_new = self.refused_at.is_none_or(|refused_at| sent > refused_at);
        if is_refusal {
            self.spacing = Some(SPACING);
        } else if is_new {
            self.blind_refusals = 0;
            self.spacing = self
                .spacing
                .map(|spacing| spacing / 2)
                .filter(|spacing| *spacing >= MIN_SPACING);
        }
        // A refusal that reports a window of no remaining time is not usable.
        let resets_in = headers
            .resets_in
            .filter(|time| !is_refusal || !time.is_zero());
        if let (Some(_), Some(resets_in)) = (headers.limit, resets_in) {
            let remaining = match (is_refusal, headers.remaining) {
                (true, _) => 0,
                (false, remaining) => remaining.or(headers.limit).unwrap_or_default(),
            };
            if is_refusal {
                self.blind_refusals = 0;
                self.refused_at = Some(now);
            }
            self.record_window(number, sent, now, remaining, resets_in);
        } else if is_refusal {
            self.block(sent, now, headers.wait(), random);
        }
    }

    /// A refusal without a window, and at most with a time to wait.
    fn block(&mut self, sent: Instant, now: Instant, reported: Option<Duration>, random: f64) {
        let is_known = self.refused_at.is_some_and(|refused_at| sent <= refused_at);
        if reported.is_none() && is_known {
            return;
        }
        let wait = reported.map_or_else(
            || retry::after_refusal(None, self.blind_refusals, random),
            |reported| reported.min(self.max_retry_after),
        );
        self.blind_refusals = if reported.is_none() {
            self.blind_refusals + 1
        } else {
            0
        };
        self.refused_at = Some(now);
        let until = self.block.map_or(now, |block| block.until).max(now + wait);
        self.block = Some(Block {
            until,
            spread: retry::spread(wait),
        });
    }

    fn record_window(
        &mut self,
        number: u64,
        sent: Instant,
        now: Instant,
        remaining: u32,
        resets_in: Duration,
    ) {
        let resets_in = resets_in.min(self.max_retry_after);
        let second = Duration::from_secs(1);
        // Relative to the sending too: a response that was read late says nothing about a later window.
        let latest = now + resets_in + second;
        let earliest = (sent + resets_in.saturating_sub(second)).min(latest);
        let is_current =
            number == self.number || self.previous_end.is_none_or(|end| earliest > end);
        let reset = match self.reset {
            Some(known) if earliest > known.latest => {
                self.begin(Some(known.latest), sent);
                self.sent = 1;
                Reset { earliest, latest }
            }
            Some(known) if is_current && latest >= known.earliest => Reset {
                earliest: known.earliest.max(earliest),
                latest: known.latest.min(latest),
            },
            None if is_current => Reset { earliest, latest },
            // Of a window that is over, or read so late that its window is unknown.
            _ => return,
        };
        self.reset = Some(reset);
        self.remaining = Some(
            self.remaining
                .map_or(remaining, |known| known.min(remaining)),
        );
    }

    /// The lower of the service's limit and the application's own.
    pub(super) fn limit(&self) -> Option<u32> {
        match (self.limit, self.own_limit) {
            (Some(limit), Some(own)) => Some(limit.min(own)),
            (limit, own) => limit.or(own),
        }
    }

    /// The number of requests left at `now`, if there is a limit.
    pub(super) fn remaining(&mut self, now: Instant) -> Option<u32> {
        self.advance(now);
        self.limit().map(|limit| self.left(limit))
    }

    /// The latest end of the window, if a response has reported it.
    pub(super) fn resets_at(&self) -> Option<Instant> {
        self.reset.map(|reset| reset.latest)
    }

    /// By the client's own count and by the service's, which may or may not include the requests in flight.
    fn left(&self, limit: u32) -> u32 {
        let own = limit.saturating_sub(self.sent + self.reserved);
        let reported = self.remaining.unwrap_or(limit);
        own.min(reported.saturating_sub(self.in_flight + self.reserved))
    }

    /// Sends a request, unless requests are spaced and the previous one was sent just now.
    fn send(&mut self, now: Instant) -> Decision {
        if let (Some(spacing), Some(newest)) = (self.spacing, self.newest)
            && now < newest + spacing
        {
            return Decision::Wait(newest + spacing, None);
        }
        self.newest = Some(now);
        self.sent += 1;
        self.in_flight += 1;
        Decision::Send(self.number)
    }

    /// The latest end of the window.
    fn end(&self, now: Instant) -> Instant {
        match (self.reset, self.opened) {
            (Some(reset), _) => reset.latest,
            (None, Some(opened)) => opened + WINDOW,
            (None, None) => now,
        }
    }

    /// Begins the next window when this one is over.
    fn advance(&mut self, now: Instant) {
        if self.opened.is_none() {
            self.opened = Some(now);
        } else if self.end(now) <= now {
            let end = self.reset.map(|reset| reset.latest);
            self.begin(end.or(self.previous_end), now);
        }
    }

    fn begin(&mut self, previous_end: Option<Instant>, now: Instant) {
        self.number += 1;
        self.opened = Some(now);
        self.previous_end = previous_end;
        self.reset = None;
        self.sent = 0;
        self.reserved = 0;
        self.remaining = None;
        self.last_reservation = None;
    }
}

#[cfg(test)]
#[path = "window/tests.rs"]
mod tests;
