//! Completion scripts and manual pages.
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

mod common;

use std::io::Write;
use std::process::{Command, Stdio};

use common::{command, finish, run};

const COMMANDS: [&str; 13] = [
    "sessions",
    "events",
    "videos",
    "live-streams",
    "metrics",
    "buckets",
    "timeseries",
    "api",
    "auth",
    "config",
    "completions",
    "man",
    "simulate",
];

#[test]
fn completion_scripts_contain_all_commands_and_options() {
    for shell in ["bash", "zsh", "fish", "powershell"] {
        let outcome = run(&format!("completions {shell}")).ok();
        assert_eq!(outcome.stderr, "");
        for name in COMMANDS {
            assert!(outcome.stdout.contains(name), "{shell}: {name}");
        }
        for option in ["all-videos", "with-events", "resume", "profile", "simulate"] {
            assert!(outcome.stdout.contains(option), "{shell}: {option}");
        }
    }
    let outcome = run("completions ksh").fails(2);
    assert!(
        outcome
            .stderr
            .contains("bash, elvish, fish, powershell, zsh"),
        "{}",
        outcome.stderr
    );
    run("completions bash --simulate").fails(2);
}

/// Runs the script in bash, if installed.
#[cfg(unix)]
#[test]
fn bash_completes_commands() {
    if !std::path::Path::new("/bin/bash").exists() {
        return;
    }
    let mut script = run("completions bash").ok().stdout;
    script += "\nCOMP_WORDS=(apivideo ses); COMP_CWORD=1; COMPREPLY=()\n\
               _apivideo apivideo ses apivideo\nprintf '%s\\n' \"${COMPREPLY[@]}\"\n";
    let mut bash = Command::new("/bin/bash")
        .args(["--noprofile", "--norc"])
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let stdout = common::gather(bash.stdout.take().unwrap());
    bash.stdin
        .take()
        .unwrap()
        .write_all(script.as_bytes())
        .unwrap();
    assert_eq!(common::wait(&mut bash), Some(0));
    assert_eq!(stdout.join().unwrap(), "sessions\n");
}

#[test]
fn writes_a_manual_page_for_every_command() {
    let page = run("man").ok().stdout;
    for part in [
        ".TH apivideo 1",
        ".SH SYNOPSIS",
        "Exit codes",
        "apivideo.toml",
    ] {
        assert!(page.contains(part), "{part}");
    }
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("man1");
    let outcome = run(&format!("man --out {}", out.display())).ok();
    assert_eq!(outcome.stdout, "");
    for name in COMMANDS {
        let page = std::fs::read_to_string(out.join(format!("apivideo-{name}.1"))).unwrap();
        assert!(page.contains(".SH SYNOPSIS"), "{name}");
    }
    assert!(out.join("apivideo.1").exists() && out.join("apivideo-config-show.1").exists());
    let below_a_file = out.join("apivideo.1").join("x");
    let outcome = finish(command(&["man", "--out", below_a_file.to_str().unwrap()])).fails(1);
    assert!(
        outcome
            .stderr
            .starts_with("error: cannot write the manual pages to ")
    );
}

#[test]
fn completions_and_manual_need_no_settings() {
    for line in ["completions bash", "man"] {
        let mut invocation = command(&line.split_whitespace().collect::<Vec<_>>());
        invocation.env("APIVIDEO_CONFIG", "/nowhere/apivideo.toml");
        finish(invocation).ok();
    }
}
