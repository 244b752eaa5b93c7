//! The complete help, as golden files.
#![cfg(not(feature = "jq"))]

mod common;

use common::{golden, run};

#[test]
fn help_of_every_command() {
    for (name, command) in [
        ("apivideo", ""),
        ("sessions", "sessions"),
        ("events", "events"),
        ("videos", "videos"),
        ("live_streams", "live-streams"),
        ("audience", "audience"),
        ("retention", "retention"),
        ("concurrency", "concurrency"),
        ("explain", "explain"),
        ("report", "report"),
        ("reconcile", "reconcile"),
        ("metrics", "metrics"),
        ("buckets", "buckets"),
        ("timeseries", "timeseries"),
        ("watch", "watch"),
        ("pull", "pull"),
        ("plan", "plan"),
        ("verify", "verify"),
        ("lake", "lake"),
        ("lake_status", "lake status"),
        ("lake_rebuild", "lake rebuild"),
        ("lake_forget", "lake forget"),
        ("lake_convert", "lake convert"),
        ("api", "api"),
        ("auth", "auth"),
        ("auth_check", "auth check"),
        ("config", "config"),
        ("config_show", "config show"),
        ("completions", "completions"),
        ("man", "man"),
        ("measures", "measures"),
        ("simulate", "simulate"),
    ] {
        for (flag, kind) in [("--help", "long"), ("-h", "short")] {
            let outcome = run(&format!("{command} {flag}")).ok();
            assert_eq!(outcome.stderr, "");
            golden(&format!("help/{name}.{kind}"), &outcome.stdout);
        }
    }
}

#[test]
fn prints_help_on_stderr_without_a_command() {
    let outcome = run("").fails(2);
    assert_eq!(outcome.stdout, "");
    assert!(
        outcome.stderr.contains("Usage: apivideo"),
        "{}",
        outcome.stderr
    );
}

#[test]
fn prints_the_version() {
    let outcome = run("--version").ok();
    assert_eq!(
        outcome.stdout,
        format!("apivideo {}\n", env!("CARGO_PKG_VERSION"))
    );
}

#[test]
fn a_topic_is_printed_by_help_and_by_its_name() {
    let topic = run("help measures").ok();
    golden("help/measures.long", &topic.stdout);
    assert_eq!(run("measures").ok().stdout, topic.stdout);
    run("measures --simulate").fails(2);
}
