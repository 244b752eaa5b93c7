use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

use super::*;
use crate::transport::clock::Clock;
use crate::transport::clock::testing::TestClock;

const SECOND: Duration = Duration::from_secs(1);

fn window(limit: u32) -> Window {
    Window::new(Some(limit), None, 120 * SECOND)
}

fn headers(limit: u32, remaining: u32, resets_in: u64) -> RateLimitHeaders {
    RateLimitHeaders {
        limit: Some(limit),
        remaining: Some(remaining),
        resets_in: Some(Duration::from_secs(resets_in)),
        retry_after: None,
    }
}

/// Sends without waiting; returns the number of the window.
fn send(window: &mut Window, now: Instant) -> u64 {
    match window.decide(now, None, 0.0) {
        Decision::Send(number) => number,
        wait => panic!("{wait:?}"),
    }
}

fn wait(
    window: &mut Window,
    now: Instant,
    reservation: Option<Reservation>,
) -> (Duration, Option<Reservation>) {
    match window.decide(now, reservation, 0.0) {
        Decision::Wait(until, reservation) => (until - now, reservation),
        sent @ Decision::Send(_) => panic!("{sent:?}"),
    }
}

/// Sends, and responds at once.
fn exchange(window: &mut Window, now: Instant, headers: &RateLimitHeaders) {
    let number = send(window, now);
    window.record(number, now, now, headers, false, 0.0);
    window.finish();
}

#[test]
fn requests_are_sent_at_once_then_spread_then_held_until_the_reset() {
    let t = TestClock::new().now();
    let mut window = window(100);
    for sent in 0..80 {
        exchange(&mut window, t, &headers(100, 99 - sent, 21));
    }
    // The reset lies between 20 and 22 s: 20 requests over 20 s at the most.
    let mut reservations = Vec::new();
    for number in 1..=20 {
        let (at, reservation) = wait(&mut window, t, None);
        let expected = 20_000 * number / 21;
        let off = at.as_millis().abs_diff(u128::from(expected as u32));
        assert!(off <= 1, "{number}: {at:?}");
        reservations.push(reservation);
    }
    assert_eq!(
        wait(&mut window, t, None),
        (22 * SECOND, None),
        "nothing is left"
    );
    // Each is sent at its own instant, independently of the others.
    for reservation in reservations.into_iter().rev() {
        let at = reservation.unwrap().at;
        assert_eq!(window.decide(at, reservation, 0.0), Decision::Send(0));
        window.finish();
    }
    assert_eq!(wait(&mut window, t + 21 * SECOND, None), (SECOND, None));
    assert_eq!(send(&mut window, t + 22 * SECOND), 1);
}

#[test]
fn a_reservation_is_kept_until_its_instant_and_expires_with_its_window() {
    let t = TestClock::new().now();
    let mut window = window(10);
    for sent in 0..8 {
        exchange(&mut window, t, &headers(10, 9 - sent, 30));
    }
    let (first, reservation) = wait(&mut window, t, None);
    assert_eq!(
        wait(&mut window, t + SECOND, reservation),
        (first - SECOND, reservation)
    );
    let (second, other) = wait(&mut window, t, None);
    assert!(second > first);
    // A released reservation is available to another request.
    assert!(window.release(reservation) && window.release(other));
    assert_eq!(wait(&mut window, t, None).0, first);
    // Late by a window: it is decided once more, and nothing is counted twice.
    let late = t + 40 * SECOND;
    assert_eq!(window.decide(late, reservation, 0.0), Decision::Send(1));
    assert!(!window.release(other));
    assert_eq!(window.remaining(late), Some(9));
}

#[test]
fn requests_of_other_clients_with_the_same_key_are_counted() {
    let t = TestClock::new().now();
    let mut window = window(100);
    exchange(&mut window, t, &headers(100, 30, 20));
    assert_eq!(window.remaining(t), Some(30));
    // Nine at once, and the first response reports that four are left: some of the others may not be counted yet.
    let sent: Vec<u64> = (0..9).map(|_| send(&mut window, t)).collect();
    window.record(sent[0], t, t, &headers(100, 4, 20), false, 0.0);
    window.finish();
    assert_eq!(window.remaining(t), Some(0));
    assert_eq!(
        wait(&mut window, t, None),
        (POLL_INTERVAL, None),
        "the next responses report it"
    );
    for _ in 1..9 {
        window.finish();
    }
    assert_eq!(window.remaining(t), Some(4));
}

#[test]
fn a_later_reset_is_a_new_window_and_an_older_response_is_ignored() {
    let t = TestClock::new().now();
    let mut window = window(100);
    let early = send(&mut window, t);
    exchange(&mut window, t, &headers(100, 98, 2));
    // The reset came before its latest instant: known by a response, not by waiting.
    let now = t + Duration::from_millis(2_500);
    exchange(&mut window, now, &headers(100, 90, 60));
    assert_eq!(
        (window.number, window.remaining(now)),
        (1, Some(89)),
        "one is in flight"
    );
    window.record(early, t, now, &headers(100, 0, 1), false, 0.0);
    window.finish();
    assert_eq!((window.number, window.remaining(now)), (1, Some(90)));
}

#[test]
fn a_response_that_is_read_late_opens_no_window() {
    let t = TestClock::new().now();
    let mut window = window(100);
    let unread = send(&mut window, t);
    exchange(&mut window, t, &headers(100, 98, 60));
    let now = t + 30 * SECOND;
    exchange(&mut window, now, &headers(100, 50, 30));
    window.record(unread, t, now, &headers(100, 99, 60), false, 0.0);
    window.finish();
    assert_eq!((window.number, window.remaining(now)), (0, Some(50)));
    // Read a window later, it says nothing about that window.
    let unread = send(&mut window, now);
    let now = t + 62 * SECOND;
    exchange(&mut window, now, &headers(100, 99, 60));
    window.record(
        unread,
        t + 30 * SECOND,
        now,
        &headers(100, 3, 30),
        false,
        0.0,
    );
    window.finish();
    assert_eq!((window.number, window.remaining(now)), (1, Some(99)));
}

#[test]
fn a_refusal_ends_the_window_until_its_reset_within_bounds() {
    let t = TestClock::new().now();
    let mut window = Window::new(None, None, 120 * SECOND);
    let number = send(&mut window, t);
    window.record(number, t, t, &headers(200, 7, 9), true, 0.0);
    assert_eq!(
        wait(&mut window, t, None).0,
        POLL_INTERVAL,
        "one is still in flight"
    );
    window.finish();
    assert_eq!(wait(&mut window, t, None), (10 * SECOND, None));
    assert_eq!(window.limit(), Some(200));
    let now = t + 10 * SECOND;
    let number = send(&mut window, now);
    window.record(number, now, now, &headers(200, 0, 1_000_000), true, 0.0);
    window.finish();
    assert_eq!(wait(&mut window, now, None), (121 * SECOND, None));
}

#[test]
fn waits_after_a_refusal_without_a_window_are_spread() {
    let t = TestClock::new().now();
    let mut window = Window::new(None, None, 120 * SECOND);
    let standard = RateLimitHeaders {
        retry_after: Some(8 * SECOND),
        ..RateLimitHeaders::default()
    };
    let number = send(&mut window, t);
    window.record(number, t, t, &standard, true, 0.0);
    for (random, until) in [(0.0, 8.0), (0.5, 9.0), (0.75, 9.5)] {
        let until = t + Duration::from_secs_f64(until);
        assert_eq!(window.decide(t, None, random), Decision::Wait(until, None));
    }
}

#[test]
fn waits_after_refusals_without_usable_headers_double() {
    let zero = Some(Duration::ZERO);
    let [by_header, by_window, by_both, nothing] = [
        (None, None, zero),
        (Some(500), zero, None),
        (None, zero, zero),
        (Some(500), None, None),
    ]
    .map(|(limit, resets_in, retry_after)| RateLimitHeaders {
        limit,
        remaining: None,
        resets_in,
        retry_after,
    });
    for reported in [
        by_header,
        by_window,
        by_both,
        nothing,
        RateLimitHeaders::default(),
    ] {
        let t = TestClock::new().now();
        let mut window = Window::new(None, None, 120 * SECOND);
        let mut now = t;
        // Sixteen refusals of one burst count as one; later requests are sent one at a time.
        for (expected, burst) in [
            (1.0, 16),
            (2.0, 1),
            (4.0, 1),
            (8.0, 1),
            (16.0, 1),
            (16.0, 1),
        ] {
            let sent: Vec<u64> = (0..burst).map(|_| send(&mut window, now)).collect();
            assert!(burst > 1 || matches!(window.decide(now, None, 0.0), Decision::Wait(..)));
            for number in sent {
                window.record(number, now, now, &reported, true, 0.0);
                window.finish();
            }
            let wait = wait(&mut window, now, None).0;
            assert_eq!(wait, Duration::from_secs_f64(expected), "{reported:?}");
            now += wait;
        }
        // A response that is not a refusal resets the wait.
        exchange(&mut window, now, &RateLimitHeaders::default());
        now += SECOND;
        let number = send(&mut window, now);
        window.record(number, now, now, &reported, true, 0.0);
        assert_eq!(wait(&mut window, now, None).0, SECOND);
    }
}

#[test]
fn after_a_refusal_requests_are_spaced_until_they_succeed() {
    let t = TestClock::new().now();
    let mut window = Window::new(None, None, 120 * SECOND);
    let number = send(&mut window, t);
    window.record(number, t, t, &RateLimitHeaders::default(), true, 0.0);
    let mut now = t + SECOND;
    let mut spacings = Vec::new();
    for _ in 0..6 {
        exchange(&mut window, now, &RateLimitHeaders::default());
        if let Decision::Wait(until, None) = window.decide(now, None, 0.0) {
            spacings.push((until - now).as_micros());
            now = until;
        }
    }
    assert_eq!(spacings, [125_000, 62_500, 31_250, 15_625, 7_812]);
    for _ in 0..1_000 {
        send(&mut window, now);
    }
}

/// The number of requests that many streams send in a minute to a service that refuses all of them, each after `latency`.
fn refused_in_a_minute(
    streams: usize,
    latency: Duration,
    limit: Option<u32>,
    reported: &RateLimitHeaders,
) -> u32 {
    let t = TestClock::new().now();
    let mut window = Window::new(limit, None, 120 * SECOND);
    let mut reservations: Vec<Option<Reservation>> = vec![None; streams];
    let mut events: BinaryHeap<_> = (0..streams)
        .map(|stream| Reverse((t, stream, None)))
        .collect();
    let mut sent = 0;
    while let Some(Reverse((now, stream, response))) = events.pop() {
        if now > t + 60 * SECOND {
            break;
        }
        if let Some((number, at)) = response {
            window.record(number, at, now, reported, true, 0.5);
            window.finish();
        }
        match window.decide(
            now,
            reservations[stream].take(),
            stream as f64 / streams as f64,
        ) {
            Decision::Send(number) => {
                sent += 1;
                events.push(Reverse((now + latency, stream, Some((number, now)))));
            }
            Decision::Wait(until, reservation) => {
                reservations[stream] = reservation;
                events.push(Reverse((until, stream, None)));
            }
        }
    }
    sent
}

#[test]
fn a_service_that_refuses_everything_receives_few_requests() {
    let seconds = |number: u64| Some(Duration::from_secs(number));
    let reported = |limit, resets_in, retry_after| RateLimitHeaders {
        limit,
        remaining: None,
        resets_in,
        retry_after,
    };
    for (reported, per_minute) in [
        (RateLimitHeaders::default(), 40),
        (reported(None, None, seconds(0)), 40),
        (reported(None, seconds(0), None), 40),
        (reported(Some(500), seconds(0), None), 40),
        (reported(Some(500), None, seconds(0)), 40),
        (reported(None, None, seconds(1)), 240),
        (reported(Some(500), seconds(1), None), 240),
        (reported(Some(500), seconds(30), None), 40),
    ] {
        for limit in [None, Some(500)] {
            for streams in [1, 64] {
                for latency in [1, 30, 400] {
                    let latency = Duration::from_millis(latency);
                    let sent = refused_in_a_minute(streams, latency, limit, &reported);
                    // The first burst is in flight before the first refusal.
                    let at_most = per_minute + streams as u32;
                    assert!(
                        (2..=at_most).contains(&sent),
                        "{sent} by {streams} streams, {latency:?}, {limit:?}, {reported:?}"
                    );
                }
            }
        }
    }
}

#[test]
fn without_headers_the_documented_limit_applies_and_without_that_none() {
    let t = TestClock::new().now();
    let mut window = window(5);
    for _ in 0..4 {
        exchange(&mut window, t, &RateLimitHeaders::default());
    }
    assert_eq!(
        wait(&mut window, t, None).0,
        30 * SECOND,
        "the last one in the middle of the minute"
    );
    assert_eq!(wait(&mut window, t, None), (60 * SECOND, None));
    let mut free = Window::new(None, None, SECOND);
    for _ in 0..10_000 {
        send(&mut free, t);
    }
    assert_eq!((free.limit(), free.remaining(t)), (None, None));
}

#[test]
fn the_lower_of_the_own_and_the_reported_limit_applies() {
    let t = TestClock::new().now();
    for (limit, own, least) in [(None, 5, 5), (Some(100), 5, 5), (Some(4), 5, 4)] {
        let mut window = Window::new(limit, Some(own), 120 * SECOND);
        assert_eq!(window.limit(), Some(least));
        let mut free = 0;
        while let Decision::Send(number) = window.decide(t, None, 0.0) {
            window.record(number, t, t, &headers(100, 99 - free, 60), false, 0.0);
            window.finish();
            free += 1;
        }
        // 100 by the headers, and 5 by the own limit: four at once, one later.
        assert_eq!((free, window.limit()), (4, Some(5)));
        assert_eq!(
            wait(&mut window, t, None),
            (61 * SECOND, None),
            "one has reserved the last"
        );
    }
}

/// Sixteen clients against a service with fixed windows, event by event.
struct Race {
    window: Window,
    limit: u32,
    length: u64,
    start: Instant,
    /// When the service's windows begin, relative to the first request.
    phase: u64,
    rounded_up: bool,
    latency: (u64, u64),
    seed: u64,
    /// Granted and refused requests, by window.
    counts: HashMap<u64, (u32, u32)>,
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    Decide,
    Arrive {
        number: u64,
        sent: u64,
    },
    Response {
        number: u64,
        sent: u64,
        left: Option<u32>,
        resets_in: u64,
    },
}

impl Race {
    fn random(&mut self) -> u64 {
        self.seed = self
            .seed
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        self.seed >> 33
    }

    /// Half of a round trip.
    fn leg(&mut self) -> u64 {
        let (low, high) = self.latency;
        (low + self.random() % (high - low + 1)) / 2
    }

    fn run(&mut self, clients: usize, until: u64) {
        let mut steps = BinaryHeap::new();
        let mut reservations: Vec<Option<Reservation>> = vec![None; clients];
        steps.extend((0..clients).map(|client| Reverse((0, client, Step::Decide))));
        while let Some(Reverse((now, client, step))) = steps.pop() {
            if now > until {
                return;
            }
            let at = self.start + Duration::from_millis(now);
            match step {
                Step::Decide => match self.window.decide(at, reservations[client].take(), 0.5) {
                    Decision::Send(number) => {
                        let leg = self.leg();
                        steps.push(Reverse((
                            now + leg,
                            client,
                            Step::Arrive { number, sent: now },
                        )));
                    }
                    Decision::Wait(until, reservation) => {
                        reservations[client] = reservation;
                        // A timer fires a little late.
                        let wake = (until - self.start).as_millis() as u64 + 1;
                        steps.push(Reverse((wake, client, Step::Decide)));
                    }
                },
                Step::Arrive { number, sent } => {
                    let since = now + self.phase;
                    let counts = self.counts.entry(since / self.length).or_default();
                    let granted = counts.0 < self.limit;
                    counts.0 += u32::from(granted);
                    counts.1 += u32::from(!granted);
                    let left = granted.then(|| self.limit - counts.0);
                    let rest = self.length - since % self.length;
                    let resets_in = if self.rounded_up {
                        rest.div_ceil(1_000)
                    } else {
                        rest / 1_000
                    };
                    let response = Step::Response {
                        number,
                        sent,
                        left,
                        resets_in,
                    };
                    let leg = self.leg();
                    steps.push(Reverse((now + leg, client, response)));
                }
                Step::Response {
                    number,
                    sent,
                    left,
                    resets_in,
                } => {
                    let sent = self.start + Duration::from_millis(sent);
                    let reported = headers(self.limit, left.unwrap_or(0), resets_in);
                    self.window
                        .record(number, sent, at, &reported, left.is_none(), 0.5);
                    self.window.finish();
                    steps.push(Reverse((now, client, Step::Decide)));
                }
            }
        }
    }
}

/// The worst of three windows: granted in percent of the limit, and refused.
fn worst(limit: u32, length: u64, latency: (u64, u64), documented: Option<u32>) -> (u32, u32) {
    let mut worst = (100, 0);
    for rounded_up in [true, false] {
        for phase in [0, 1, 499, 1_777, length / 2, length - 1_000, length - 10] {
            let mut race = Race {
                window: Window::new(documented, None, 120 * SECOND),
                limit,
                length,
                start: TestClock::new().now(),
                phase,
                rounded_up,
                latency,
                seed: phase + 1,
                counts: HashMap::new(),
            };
            race.run(16, 4 * length - phase);
            // The window in which it begins may have too little time left.
            for number in 1..4 {
                let (granted, refused) = race.counts.get(&number).copied().unwrap_or_default();
                worst = (worst.0.min(granted * 100 / limit), worst.1.max(refused));
            }
        }
    }
    worst
}

#[test]
fn sixteen_clients_use_the_limit_with_at_most_one_refusal() {
    for latency in [(2, 10), (20, 300), (300, 1_500)] {
        for documented in [None, Some(500)] {
            let (used, refused) = worst(200, 20_000, latency, documented);
            assert!(
                used >= 97 && refused <= 1,
                "{used} %, {refused} refused, {latency:?}"
            );
        }
    }
}

#[test]
fn a_limit_close_to_the_number_of_clients_is_used_too() {
    for (limit, latency) in [
        (12, (2, 10)),
        (20, (2, 10)),
        (20, (20, 300)),
        (40, (300, 1_500)),
    ] {
        let (used, refused) = worst(limit, 20_000, latency, None);
        assert!(
            used >= 90 && refused <= 1,
            "{used} % of {limit}, {refused} refused, {latency:?}"
        );
    }
}
