use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

use super::*;
use crate::transport::clock::Clock;
use crate::transport::clock::testing::TestClock;

const SECOND: Duration = Duration::from_secs(1);

fn window(limit: u32) -> Window {
    Window::new(Some(limit), None, 120 * SECOND)
}

fn told(limit: u32, remaining: u32, resets_in: u64) -> Told {
    Told {
        limit: Some(limit),
        remaining: Some(remaining),
        resets_in: Some(Duration::from_secs(resets_in)),
        retry_after: None,
    }
}

/// Sends without waiting; the number of the window.
fn go(window: &mut Window, now: Instant) -> u64 {
    match window.decide(now, None, 0.0) {
        Decision::Go(number) => number,
        wait => panic!("{wait:?}"),
    }
}

fn wait(window: &mut Window, now: Instant, place: Option<Place>) -> (Duration, Option<Place>) {
    match window.decide(now, place, 0.0) {
        Decision::Wait(until, place) => (until - now, place),
        go @ Decision::Go(_) => panic!("{go:?}"),
    }
}

/// Sends, and answers at once.
fn ask(window: &mut Window, now: Instant, told: &Told) {
    let number = go(window, now);
    window.learn(number, now, now, told, false, 0.0);
    window.landed();
}

#[test]
fn free_while_plenty_is_left_then_spread_then_after_the_reset() {
    let t = TestClock::new().now();
    let mut window = window(100);
    for sent in 0..80 {
        ask(&mut window, t, &told(100, 99 - sent, 21));
    }
    // The reset lies between 20 and 22 s: 20 requests over 20 s at the most.
    let mut places = Vec::new();
    for number in 1..=20 {
        let (at, place) = wait(&mut window, t, None);
        let expected = 20_000 * number / 21;
        let off = at.as_millis().abs_diff(u128::from(expected as u32));
        assert!(off <= 1, "{number}: {at:?}");
        places.push(place);
    }
    assert_eq!(
        wait(&mut window, t, None),
        (22 * SECOND, None),
        "nothing is left"
    );
    // Each goes at its own instant, whatever becomes of the others.
    for place in places.into_iter().rev() {
        let at = place.unwrap().at;
        assert_eq!(window.decide(at, place, 0.0), Decision::Go(0));
        window.landed();
    }
    assert_eq!(wait(&mut window, t + 21 * SECOND, None), (SECOND, None));
    assert_eq!(go(&mut window, t + 22 * SECOND), 1);
}

#[test]
fn a_place_is_kept_until_its_instant_and_worth_nothing_in_the_next_window() {
    let t = TestClock::new().now();
    let mut window = window(10);
    for sent in 0..8 {
        ask(&mut window, t, &told(10, 9 - sent, 30));
    }
    let (first, place) = wait(&mut window, t, None);
    assert_eq!(
        wait(&mut window, t + SECOND, place),
        (first - SECOND, place)
    );
    let (second, other) = wait(&mut window, t, None);
    assert!(second > first);
    // Given back, it is there for another.
    assert!(window.give_back(place) && window.give_back(other));
    assert_eq!(wait(&mut window, t, None).0, first);
    // Late by a window: asked again, and nothing is counted twice.
    let late = t + 40 * SECOND;
    assert_eq!(window.decide(late, place, 0.0), Decision::Go(1));
    assert!(!window.give_back(other));
    assert_eq!(window.remaining(late), Some(9));
}

#[test]
fn others_who_use_the_same_key_are_seen() {
    let t = TestClock::new().now();
    let mut window = window(100);
    ask(&mut window, t, &told(100, 30, 20));
    assert_eq!(window.remaining(t), Some(30));
    // Sixteen at once, and the first reply says that four are left: some of the others may not be counted yet.
    let sent: Vec<u64> = (0..9).map(|_| go(&mut window, t)).collect();
    window.learn(sent[0], t, t, &told(100, 4, 20), false, 0.0);
    window.landed();
    assert_eq!(window.remaining(t), Some(0));
    assert_eq!(
        wait(&mut window, t, None),
        (ASK_AGAIN, None),
        "which will be known soon"
    );
    for _ in 1..9 {
        window.landed();
    }
    assert_eq!(window.remaining(t), Some(4));
}

#[test]
fn a_later_reset_is_a_new_window_and_an_older_reply_is_ignored() {
    let t = TestClock::new().now();
    let mut window = window(100);
    let early = go(&mut window, t);
    ask(&mut window, t, &told(100, 98, 2));
    // The reset came earlier than it had to: known by a reply, not by waiting.
    let now = t + Duration::from_millis(2_500);
    ask(&mut window, now, &told(100, 90, 60));
    assert_eq!(
        (window.number, window.remaining(now)),
        (1, Some(89)),
        "one is on its way"
    );
    window.learn(early, t, now, &told(100, 0, 1), false, 0.0);
    window.landed();
    assert_eq!((window.number, window.remaining(now)), (1, Some(90)));
}

#[test]
fn a_reply_that_lay_unread_opens_no_window() {
    let t = TestClock::new().now();
    let mut window = window(100);
    let unread = go(&mut window, t);
    ask(&mut window, t, &told(100, 98, 60));
    let now = t + 30 * SECOND;
    ask(&mut window, now, &told(100, 50, 30));
    window.learn(unread, t, now, &told(100, 99, 60), false, 0.0);
    window.landed();
    assert_eq!((window.number, window.remaining(now)), (0, Some(50)));
    // Nor does it, read a window later, say anything of that one.
    let unread = go(&mut window, now);
    let now = t + 62 * SECOND;
    ask(&mut window, now, &told(100, 99, 60));
    window.learn(unread, t + 30 * SECOND, now, &told(100, 3, 30), false, 0.0);
    window.landed();
    assert_eq!((window.number, window.remaining(now)), (1, Some(99)));
}

#[test]
fn a_refusal_ends_the_window_until_its_reset_within_bounds() {
    let t = TestClock::new().now();
    let mut window = Window::new(None, None, 120 * SECOND);
    let number = go(&mut window, t);
    window.learn(number, t, t, &told(200, 7, 9), true, 0.0);
    assert_eq!(
        wait(&mut window, t, None).0,
        ASK_AGAIN,
        "one is on its way still"
    );
    window.landed();
    assert_eq!(wait(&mut window, t, None), (10 * SECOND, None));
    assert_eq!(window.limit(), Some(200));
    let now = t + 10 * SECOND;
    let number = go(&mut window, now);
    window.learn(number, now, now, &told(200, 0, 1_000_000), true, 0.0);
    window.landed();
    assert_eq!(wait(&mut window, now, None), (121 * SECOND, None));
}

#[test]
fn a_refusal_that_tells_no_window_is_waited_out_and_not_by_all_at_once() {
    let t = TestClock::new().now();
    let mut window = Window::new(None, None, 120 * SECOND);
    let standard = Told {
        retry_after: Some(8 * SECOND),
        ..Told::default()
    };
    let number = go(&mut window, t);
    window.learn(number, t, t, &standard, true, 0.0);
    for (random, until) in [(0.0, 8.0), (0.5, 9.0), (0.75, 9.5)] {
        let until = t + Duration::from_secs_f64(until);
        assert_eq!(window.decide(t, None, random), Decision::Wait(until, None));
    }
}

#[test]
fn refusals_without_usable_information_are_waited_out_blindly_and_ever_longer() {
    let zero = Some(Duration::ZERO);
    let [by_header, by_window, by_both, nothing] = [
        (None, None, zero),
        (Some(500), zero, None),
        (None, zero, zero),
        (Some(500), None, None),
    ]
    .map(|(limit, resets_in, retry_after)| Told {
        limit,
        remaining: None,
        resets_in,
        retry_after,
    });
    for told in [by_header, by_window, by_both, nothing, Told::default()] {
        let t = TestClock::new().now();
        let mut window = Window::new(None, None, 120 * SECOND);
        let mut now = t;
        // Sixteen refusals of one burst are one; later requests go one at a time.
        for (expected, burst) in [
            (1.0, 16),
            (2.0, 1),
            (4.0, 1),
            (8.0, 1),
            (16.0, 1),
            (16.0, 1),
        ] {
            let sent: Vec<u64> = (0..burst).map(|_| go(&mut window, now)).collect();
            assert!(burst > 1 || matches!(window.decide(now, None, 0.0), Decision::Wait(..)));
            for number in sent {
                window.learn(number, now, now, &told, true, 0.0);
                window.landed();
            }
            let wait = wait(&mut window, now, None).0;
            assert_eq!(wait, Duration::from_secs_f64(expected), "{told:?}");
            now += wait;
        }
        // A response that is not a refusal begins all of this again.
        ask(&mut window, now, &Told::default());
        now += SECOND;
        let number = go(&mut window, now);
        window.learn(number, now, now, &told, true, 0.0);
        assert_eq!(wait(&mut window, now, None).0, SECOND);
    }
}

#[test]
fn after_a_refusal_requests_are_spaced_until_they_are_let_through() {
    let t = TestClock::new().now();
    let mut window = Window::new(None, None, 120 * SECOND);
    let number = go(&mut window, t);
    window.learn(number, t, t, &Told::default(), true, 0.0);
    let mut now = t + SECOND;
    let mut spacings = Vec::new();
    for _ in 0..6 {
        ask(&mut window, now, &Told::default());
        if let Decision::Wait(until, None) = window.decide(now, None, 0.0) {
            spacings.push((until - now).as_micros());
            now = until;
        }
    }
    assert_eq!(spacings, [125_000, 62_500, 31_250, 15_625, 7_812]);
    for _ in 0..1_000 {
        go(&mut window, now);
    }
}

/// How many requests many streams send in a minute to a service that refuses all of them, each after `latency`.
fn refused_in_a_minute(streams: usize, latency: Duration, limit: Option<u32>, told: &Told) -> u32 {
    let t = TestClock::new().now();
    let mut window = Window::new(limit, None, 120 * SECOND);
    let mut places: Vec<Option<Place>> = vec![None; streams];
    let mut events: BinaryHeap<_> = (0..streams)
        .map(|stream| Reverse((t, stream, None)))
        .collect();
    let mut sent = 0;
    while let Some(Reverse((now, stream, response))) = events.pop() {
        if now > t + 60 * SECOND {
            break;
        }
        if let Some((number, at)) = response {
            window.learn(number, at, now, told, true, 0.5);
            window.landed();
        }
        match window.decide(now, places[stream].take(), stream as f64 / streams as f64) {
            Decision::Go(number) => {
                sent += 1;
                events.push(Reverse((now + latency, stream, Some((number, now)))));
            }
            Decision::Wait(until, place) => {
                places[stream] = place;
                events.push(Reverse((until, stream, None)));
            }
        }
    }
    sent
}

#[test]
fn a_service_that_refuses_everything_gets_a_handful_of_requests_a_second() {
    let seconds = |number: u64| Some(Duration::from_secs(number));
    let told = |limit, resets_in, retry_after| Told {
        limit,
        remaining: None,
        resets_in,
        retry_after,
    };
    for (told, per_minute) in [
        (Told::default(), 40),
        (told(None, None, seconds(0)), 40),
        (told(None, seconds(0), None), 40),
        (told(Some(500), seconds(0), None), 40),
        (told(Some(500), None, seconds(0)), 40),
        (told(None, None, seconds(1)), 240),
        (told(Some(500), seconds(1), None), 240),
        (told(Some(500), seconds(30), None), 40),
    ] {
        for limit in [None, Some(500)] {
            for streams in [1, 64] {
                for latency in [1, 30, 400] {
                    let latency = Duration::from_millis(latency);
                    let sent = refused_in_a_minute(streams, latency, limit, &told);
                    // The first burst is on its way before the first refusal.
                    let at_most = per_minute + streams as u32;
                    assert!(
                        (2..=at_most).contains(&sent),
                        "{sent} by {streams} streams, {latency:?}, {limit:?}, {told:?}"
                    );
                }
            }
        }
    }
}

#[test]
fn without_headers_the_documented_limit_holds_and_without_that_none() {
    let t = TestClock::new().now();
    let mut window = window(5);
    for _ in 0..4 {
        ask(&mut window, t, &Told::default());
    }
    assert_eq!(
        wait(&mut window, t, None).0,
        30 * SECOND,
        "the last in the middle of the minute"
    );
    assert_eq!(wait(&mut window, t, None), (60 * SECOND, None));
    let mut free = Window::new(None, None, SECOND);
    for _ in 0..10_000 {
        go(&mut free, t);
    }
    assert_eq!((free.limit(), free.remaining(t)), (None, None));
}

#[test]
fn a_ceiling_holds_beside_the_limit() {
    let t = TestClock::new().now();
    for (limit, ceiling, least) in [(None, 5, 5), (Some(100), 5, 5), (Some(4), 5, 4)] {
        let mut window = Window::new(limit, Some(ceiling), 120 * SECOND);
        assert_eq!(window.limit(), Some(least));
        let mut free = 0;
        while let Decision::Go(number) = window.decide(t, None, 0.0) {
            window.learn(number, t, t, &told(100, 99 - free, 60), false, 0.0);
            window.landed();
            free += 1;
        }
        // 100 by the headers, and 5 by choice: four freely, one later.
        assert_eq!((free, window.limit()), (4, Some(5)));
        assert_eq!(
            wait(&mut window, t, None),
            (61 * SECOND, None),
            "one holds the last"
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
    chance: u64,
    /// Answered and refused, by window.
    counts: HashMap<u64, (u32, u32)>,
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    Ask,
    Arrive {
        number: u64,
        sent: u64,
    },
    Reply {
        number: u64,
        sent: u64,
        left: Option<u32>,
        resets_in: u64,
    },
}

impl Race {
    fn random(&mut self) -> u64 {
        self.chance = self
            .chance
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        self.chance >> 33
    }

    /// Half of a round trip.
    fn leg(&mut self) -> u64 {
        let (low, high) = self.latency;
        (low + self.random() % (high - low + 1)) / 2
    }

    fn run(&mut self, clients: usize, until: u64) {
        let mut steps = BinaryHeap::new();
        let mut places: Vec<Option<Place>> = vec![None; clients];
        steps.extend((0..clients).map(|client| Reverse((0, client, Step::Ask))));
        while let Some(Reverse((now, client, step))) = steps.pop() {
            if now > until {
                return;
            }
            let at = self.start + Duration::from_millis(now);
            match step {
                Step::Ask => match self.window.decide(at, places[client].take(), 0.5) {
                    Decision::Go(number) => {
                        let leg = self.leg();
                        steps.push(Reverse((
                            now + leg,
                            client,
                            Step::Arrive { number, sent: now },
                        )));
                    }
                    Decision::Wait(until, place) => {
                        places[client] = place;
                        // A timer fires a little late.
                        let wake = (until - self.start).as_millis() as u64 + 1;
                        steps.push(Reverse((wake, client, Step::Ask)));
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
                    let reply = Step::Reply {
                        number,
                        sent,
                        left,
                        resets_in,
                    };
                    let leg = self.leg();
                    steps.push(Reverse((now + leg, client, reply)));
                }
                Step::Reply {
                    number,
                    sent,
                    left,
                    resets_in,
                } => {
                    let sent = self.start + Duration::from_millis(sent);
                    let told = told(self.limit, left.unwrap_or(0), resets_in);
                    self.window
                        .learn(number, sent, at, &told, left.is_none(), 0.5);
                    self.window.landed();
                    steps.push(Reverse((now, client, Step::Ask)));
                }
            }
        }
    }
}

/// The worst of three windows: answered in percent of the limit, and refused.
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
                chance: phase + 1,
                counts: HashMap::new(),
            };
            race.run(16, 4 * length - phase);
            // The window in which it begins may have too little time left.
            for number in 1..4 {
                let (answered, refused) = race.counts.get(&number).copied().unwrap_or_default();
                worst = (worst.0.min(answered * 100 / limit), worst.1.max(refused));
            }
        }
    }
    worst
}

#[test]
fn sixteen_clients_attain_the_limit_with_hardly_a_refusal() {
    for latency in [(2, 10), (20, 300), (300, 1_500)] {
        for documented in [None, Some(500)] {
            let (attained, refused) = worst(200, 20_000, latency, documented);
            assert!(
                attained >= 97 && refused <= 1,
                "{attained} %, {refused} refused, {latency:?}"
            );
        }
    }
}

#[test]
fn a_limit_of_hardly_more_than_the_clients_is_attained_too() {
    for (limit, latency) in [
        (12, (2, 10)),
        (20, (2, 10)),
        (20, (20, 300)),
        (40, (300, 1_500)),
    ] {
        let (attained, refused) = worst(limit, 20_000, latency, None);
        assert!(
            attained >= 90 && refused <= 1,
            "{attained} % of {limit}, {refused} refused, {latency:?}"
        );
    }
}
