//! The time range of aggregates.
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

mod common;

use common::{Simulator, json_lines, run, run_against};

const NOW: &str = "--simulate --now 2022-01-10T12:00:00Z";

#[test]
fn a_period_is_the_same_as_its_start_and_end() {
    for (period, range, from, to) in [
        (
            "--period 2022-01-05",
            "--from 2022-01-05 --to 2022-01-06",
            "2022-01-05T00:00:00Z",
            "2022-01-06T00:00:00Z",
        ),
        (
            "--period yesterday",
            "--from 2022-01-09T00:00:00Z --to 2022-01-10T00:00:00Z",
            "2022-01-09T00:00:00Z",
            "2022-01-10T00:00:00Z",
        ),
        (
            "--period 2022-01-05 --tz Europe/Paris",
            "--from 2022-01-05T00:00:00+01:00 --to 2022-01-06T00:00:00+01:00",
            "2022-01-04T23:00:00Z",
            "2022-01-05T23:00:00Z",
        ),
    ] {
        for command in [
            "metrics play/count",
            "buckets play country",
            "timeseries play",
        ] {
            let period = run(&format!("{command} {period} {NOW}")).ok();
            let range = run(&format!("{command} {range} {NOW}")).ok();
            assert_eq!(period.stdout, range.stdout, "{command}");
            assert!(!period.stdout.is_empty());
        }
        let metric = run(&format!("metrics play/count {period} {NOW}")).ok();
        let timeframe = &json_lines(&metric.stdout)[0]["context"]["timeframe"];
        assert_eq!(timeframe["from"], from);
        assert_eq!(timeframe["to"], to);
    }
}

#[test]
fn a_period_that_has_not_ended_ends_now() {
    let metric = run(&format!("metrics play/count --period 2022-01 {NOW}")).ok();
    let timeframe = &json_lines(&metric.stdout)[0]["context"]["timeframe"];
    assert_eq!(timeframe["from"], "2022-01-01T00:00:00Z");
    assert!(
        timeframe["to"]
            .as_str()
            .unwrap()
            .starts_with("2022-01-10T12:"),
        "{timeframe}"
    );
}

#[test]
fn a_range_that_is_too_old_is_refused_before_the_request() {
    for range in [
        "--period 2021-12-10",
        "--period 2021-12",
        "--from 2021-12-10",
        "--from 2021-12-10T23:59:59Z",
        "--to 2021-12-11",
    ] {
        for command in [
            "metrics play/count",
            "buckets play country",
            "timeseries play --count",
        ] {
            let outcome = run(&format!("{command} {range} {NOW} --debug")).fails(2);
            assert_eq!(outcome.stdout, "");
            assert!(
                outcome
                    .stderr
                    .contains("for 30 days at most, since 2021-12-11"),
                "{}",
                outcome.stderr
            );
            assert!(!outcome.stderr.contains("/data/"), "{}", outcome.stderr);
        }
        run(&format!("metrics play/total {range} {NOW}")).ok();
        run(&format!("buckets play-total media-id {range} {NOW}")).ok();
    }
    run(&format!("metrics play/count --from 2021-12-11 {NOW}")).ok();
    // The clock of another server is not known: it decides.
    let simulator = Simulator::start(&["--now", "2022-01-10T12:00:00Z"]);
    run_against(&simulator, "metrics play/count --period 2022-01-05").ok();
}

#[test]
fn rejects_a_range_that_makes_no_sense() {
    for (range, message) in [
        ("--period 2022-02", "starts in the future"),
        ("--from 2022-01-06 --to 2022-01-05", "is not before the end"),
        ("--from 2022-01-11", "is not before the current time"),
        ("--period 2022-01 --from 2022-01-01", "cannot be used with"),
        ("--from 2022-13-01", "expected a day"),
        ("--period 2022-01 --tz Atlantis", "unknown time zone"),
    ] {
        let outcome = run(&format!("metrics play/count {range} {NOW}")).fails(2);
        assert!(outcome.stderr.contains(message), "{}", outcome.stderr);
    }
}
