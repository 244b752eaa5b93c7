//! A plan agrees with what the pull then does.
#![allow(clippy::unwrap_used, reason = "a test")]

mod common;

use std::future::poll_fn;
use std::path::Path;
use std::pin::pin;
use std::time::Duration;

use apivideo_lake::{Format, Pull};
use apivideo_simulator::{FaultScript, RateLimit, Rule, Simulator};
use common::{Service, WORLD, small, truth};

#[tokio::test]
async fn a_plan_is_exact_and_writes_nothing() {
    let service = Service::start(
        small()
            .sessions(3_000)
            .rate_limit(RateLimit::PerMinute(600_000)),
    )
    .await;
    let pull = service.pull().without_events();
    let plan = pull.plan().await.unwrap();
    assert!(!service.path().exists());
    assert_eq!((plan.assets, plan.lists, plan.sessions), (5, 5, 3_000));
    assert_eq!(plan.notes, [""; 0]);
    assert_eq!(plan.plan_requests, service.requests_since(0));
    assert_eq!(plan.rate_limit, Some(600_000));
    assert_eq!(plan.min_duration(), Some(Duration::ZERO));
    let report = service.run(pull).await;
    assert_eq!(report.requests, plan.requests());
}

#[tokio::test]
async fn a_plan_with_events_notes_that_it_is_an_estimate() {
    let service = Service::small().await;
    let plan = service.pull().plan().await.unwrap();
    assert_eq!(plan.event_requests, 300);
    assert_eq!(plan.notes.len(), 1);
    assert!(
        plan.notes[0].contains("one request for each session"),
        "{:?}",
        plan.notes
    );
    let further: usize = truth(&service.simulator, WORLD)
        .iter()
        .map(|(_, _, events)| events.div_ceil(100).max(1) - 1)
        .sum();
    let report = service.run(service.pull()).await;
    assert_eq!(report.requests, plan.requests() + further as u64);
    assert_eq!(
        plan.min_duration(),
        None,
        "the service reports no rate limit"
    );
}

/// The sizes of files on the disk.
#[derive(Clone, Copy, Debug, Default)]
struct Disk {
    all: u64,
    staging: u64,
}

impl Disk {
    /// Adds the files of a folder.
    fn add(&mut self, folder: &Path, is_staging: bool) {
        for entry in std::fs::read_dir(folder).into_iter().flatten() {
            let entry = entry.unwrap();
            let name = entry.file_name();
            if entry.file_type().unwrap().is_dir() {
                let is_staging = is_staging || name == "_staging" || name == "_derived";
                self.add(&entry.path(), is_staging);
            } else if name != "_lock" {
                let size = entry.metadata().unwrap().len();
                self.all += size;
                self.staging += size * u64::from(is_staging);
            }
        }
    }

    fn of(folder: &Path) -> Self {
        let mut disk = Self::default();
        disk.add(folder, false);
        disk
    }
}

/// Pulls, and returns the largest sizes whenever the pull waits or lets other tasks run.
async fn peak(pull: Pull, folder: &Path) -> Disk {
    let mut run = pin!(pull.run());
    let mut peak = Disk::default();
    let report = poll_fn(|context| {
        let outcome = run.as_mut().poll(context);
        let disk = Disk::of(folder);
        peak.all = peak.all.max(disk.all);
        peak.staging = peak.staging.max(disk.staging);
        outcome
    });
    report.await.unwrap();
    peak
}

fn assert_near(estimate: u64, measured: u64, percent: u64, of: &str) {
    assert!(
        estimate.abs_diff(measured) * 100 <= measured * percent,
        "{of}: {estimate} estimated, {measured} measured"
    );
}

/// Plans a pull and runs it: the plan is near what is measured. Returns the planned and the measured size of the staging.
async fn assert_planned(service: &Service, pull: impl Fn() -> Pull, of: &str) -> (u64, u64) {
    let plan = pull().plan().await.unwrap();
    assert!(!plan.disk_notes.is_empty());
    let peak = peak(pull(), &service.path()).await;
    assert_near(plan.peak_bytes, peak.all, 20, &format!("peak, {of}"));
    // A complete pull has derived tables and no staging, and a reread is estimated by the stored rows.
    let left = Disk::of(&service.path());
    assert_eq!(left.staging, 0);
    assert_near(plan.bytes, left.all, 20, &format!("files, {of}"));
    let reread = pull().with_reread().plan().await.unwrap();
    assert_near(reread.bytes, left.all, 20, &format!("reread, {of}"));
    (plan.staging_bytes, peak.staging)
}

#[tokio::test]
async fn planned_sizes_are_near_the_measured_ones() {
    // Sessions, days, and whether with events.
    let cases = [
        (Format::Parquet, 30, 3, true),
        (Format::Parquet, 300, 30, true),
        (Format::Parquet, 3_000, 30, true),
        (Format::Parquet, 3_000, 1, true),
        (Format::Parquet, 3_000, 30, false),
        (Format::Ndjson, 1_000, 30, true),
        (Format::Ndjson, 1_000, 1, true),
        (Format::Csv, 1_000, 30, true),
        (Format::Csv, 1_000, 30, false),
    ];
    for (format, sessions, days, events) in cases.into_iter().filter(|case| case.0.is_available()) {
        let service = Service::start(small().sessions(sessions).days(days)).await;
        let period = match days {
            30 => WORLD,
            3 => "2021-12-31/2022-01-02",
            _ => "2022-01-01",
        };
        let pull = || {
            let pull = service.pull().with_period(period.parse().unwrap());
            let pull = pull.with_format(format);
            match events {
                true => pull,
                false => pull.without_events(),
            }
        };
        let of = format!("{format}, {sessions} sessions, {days} days, events: {events}");
        let (planned, measured) = assert_planned(&service, pull, &of).await;
        if days == 30 && format == Format::Parquet {
            // It is largest when all sessions are listed.
            assert_near(planned, measured, 20, &format!("staging, {of}"));
        }
    }
}

/// An account with several or many assets, and a period with days without sessions.
struct Account {
    assets: usize,
    sessions: u64,
    days: u32,
    period: &'static str,
}

#[tokio::test]
async fn planned_sizes_are_near_for_other_accounts() {
    let account = |assets, sessions, days, period| Account {
        assets,
        sessions,
        days,
        period,
    };
    let without_events: fn(Pull) -> Pull = Pull::without_events;
    let sampled: fn(Pull) -> Pull = |pull| pull.with_sample("10%".parse().unwrap());
    let cases = [
        // Several days of a month.
        (
            account(25, 2_000, 8, "2021-12-28/2022-01-04"),
            without_events,
        ),
        // More lists than sessions of a page.
        (account(250, 3_000, 30, WORLD), without_events),
        // One long list, and one whose positions make the journal so long that it is replaced while sessions are listed.
        (account(1, 3_000, 30, WORLD), without_events),
        (account(1, 3_500, 30, WORLD), without_events),
        // Years before the first session, and years without sessions on most days.
        (
            account(25, 1_000, 30, "2019-01-01/2022-02-16"),
            without_events,
        ),
        (account(25, 1_000, 30, "2019-01-01/2022-02-16"), |pull| pull),
        (account(25, 1_000, 30, "2019-01-01/2022-02-16"), sampled),
        (account(5, 60, 700, "2020-12-01/2022-12-31"), |pull| pull),
    ];
    for (account, set) in cases {
        for format in Format::ALL
            .into_iter()
            .filter(|format| format.is_available())
        {
            let Account {
                assets,
                sessions,
                days,
                period,
            } = account;
            let world = Simulator::builder()
                .videos(assets)
                .live_streams(0)
                .sessions(sessions)
                .days(days);
            let service = Service::start(world).await;
            let pull = || {
                let pull = service.pull_as_of("2023-03-01T00:00:00Z");
                set(pull
                    .with_period(period.parse().unwrap())
                    .with_format(format))
            };
            let of =
                format!("{format}, {assets} assets, {sessions} sessions, {days} days, {period}");
            assert_planned(&service, pull, &of).await;
        }
    }
}

#[tokio::test]
async fn a_plan_does_not_need_the_last_sessions_of_lists() {
    let late = |status| {
        let totals = Rule::new().query("pageSize", "1");
        FaultScript::new().rule(totals.from(6).status(status))
    };
    for (faults, failed) in [(FaultScript::new(), 0), (late(400), 5), (late(500), 5)] {
        let service = Service::faulty(faults).await;
        let pull = service.pull_as_of("2023-03-01T00:00:00Z");
        let period = "2021-01-01/2022-12-31".parse().unwrap();
        let plan = pull.with_period(period).plan().await.unwrap();
        assert_eq!((plan.sessions, plan.plan_requests), (300, 12));
        let note = format!("{failed} of 5 requests for the last sessions of lists failed");
        let is_noted = plan.disk_notes.iter().any(|text| text.starts_with(&note));
        assert_eq!(is_noted, failed > 0, "{:?}", plan.disk_notes);
    }
}

#[tokio::test]
async fn totals_that_are_too_large_have_a_plan() {
    for total in [5_000_000_000, i64::MAX] {
        let totals = |path| {
            let first = Rule::new().path(path).query("pageSize", "1");
            first.replace("/pagination/itemsTotal", total)
        };
        let faults = FaultScript::new()
            .rule(totals("/analytics/videos/*"))
            .rule(totals("/analytics/live-streams/*"));
        let service = Service::faulty(faults).await;
        for page_size in [1, 100] {
            let pull = service.pull().with_page_size(page_size.try_into().unwrap());
            let plan = pull.plan().await.unwrap();
            assert!(plan.sessions >= 5 * 5_000_000_000, "{plan:?}");
            assert!(plan.peak_bytes > plan.sessions, "{plan:?}");
        }
    }
}

#[tokio::test]
async fn few_stored_rows_do_not_change_a_plan_much() {
    let world = small().sessions(100);
    let service = Service::start(world).await;
    service
        .run(service.pull().with_period("2021-12-18".parse().unwrap()))
        .await;
    let stored = Disk::of(&service.path());
    let plan = service.pull().plan().await.unwrap();
    let peak = peak(service.pull(), &service.path()).await;
    let planned = stored.all + plan.peak_bytes;
    assert_near(planned, peak.all, 20, "a lake with a day");
}

#[tokio::test]
async fn final_days_are_not_planned_again() {
    for sessions in [300, 3_000] {
        let world = small()
            .sessions(sessions)
            .now("2022-01-05T12:00:00Z".parse().unwrap());
        let service = Service::start(world).await;
        let pull = || {
            let pull = service.pull_as_of("2022-01-05T12:00:00Z");
            pull.with_since("2021-12-18".parse().unwrap())
        };
        let first = pull().plan().await.unwrap();
        assert!(first.session_requests >= 10, "{first:?}");
        service.run(pull()).await;
        let before = service.simulator.requests_total();
        let plan = pull().plan().await.unwrap();
        assert_eq!(plan.plan_requests, service.requests_since(before));
        // The 4 days from 2022-01-02 are mutable: 4 lists of each of 5 assets, or one request if they are small.
        assert_eq!(plan.lists, 20);
        assert!((5..=25).contains(&plan.session_requests), "{plan:?}");
        assert!(
            plan.notes[1].contains("requested again only if they have changed"),
            "{:?}",
            plan.notes
        );
        let report = service.run(pull()).await;
        assert_eq!(report.requests, plan.asset_requests + plan.session_requests);
    }
}

#[tokio::test]
async fn a_plan_is_an_upper_bound_if_a_pull_is_unfinished() {
    let service = Service::small().await;
    service.run(service.pull().with_max_requests(50)).await;
    let plan = service.pull().plan().await.unwrap();
    assert!(
        plan.notes
            .iter()
            .any(|note| note.contains("an unfinished pull is resumed")),
        "{:?}",
        plan.notes
    );
    let report = service.run(service.pull()).await;
    assert!(report.requests <= plan.requests());
}
