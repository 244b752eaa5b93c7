//! The command with other processes: pipes, separate simulators, terminals.

mod common;

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};

use common::{
    LIVE_STREAM, SESSION, Simulator, VIDEO, command, finish, gather, json_lines, run, wait,
};
use serde_json::Value;

#[test]
fn the_first_command_of_the_readme() {
    let line =
        format!("sessions video {VIDEO} --period 2022-01-01 --metadata hats=green --simulate");
    let outcome = run(&line).ok();
    let sessions = json_lines(&outcome.stdout);
    assert!(!sessions.is_empty());
    let count = sessions.len();
    assert_eq!(
        outcome.stderr,
        format!("summary: {count} of {count} sessions, 1 page\n")
    );
    for session in &sessions {
        let session = &session["session"];
        assert!(
            session["loadedAt"]
                .as_str()
                .unwrap()
                .starts_with("2022-01-01T"),
            "{session}"
        );
        let pairs = session["metadata"].as_array().unwrap();
        assert!(
            pairs
                .iter()
                .any(|pair| pair["key"] == "hats" && pair["value"] == "green"),
            "{session}"
        );
    }
    let table = run(&format!("{line} --output table")).ok();
    assert_eq!(table.lines().len(), sessions.len() + 1);
    assert!(
        table
            .stderr
            .starts_with(&format!("summary: {count} of {count} sessions, 1 page")),
        "{}",
        table.stderr
    );
    assert!(table.lines()[1].contains(sessions[0]["session"]["sessionId"].as_str().unwrap()));
}

#[test]
fn every_format_has_the_items_of_all_pages() {
    let line = format!("sessions video {VIDEO} --period 2022 --simulate --page-size 7");
    let sessions = json_lines(&run(&line).ok().stdout);
    assert!(sessions.len() > 50, "{}", sessions.len());
    let array: Value =
        serde_json::from_str(&run(&format!("{line} --output json")).ok().stdout).unwrap();
    assert_eq!(array.as_array().unwrap(), &sessions);
    let csv = run(&format!("{line} --output csv")).ok().stdout;
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let rows: Vec<_> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), sessions.len());
    for (row, session) in rows.iter().zip(&sessions) {
        assert_eq!(row[2], session["session"]["sessionId"]);
        assert_eq!(row[3], session["session"]["loadedAt"]);
        assert_eq!(
            &row[6],
            session["location"]["country"].as_str().unwrap_or_default()
        );
    }
    let table = run(&format!("{line} --output table")).ok();
    assert_eq!(table.lines().len(), sessions.len() + 1);
}

#[test]
fn the_same_seed_gives_the_same_bytes() {
    let list_videos = |seed: u32| {
        run(&format!("videos --simulate --seed {seed} --output csv"))
            .ok()
            .stdout
    };
    assert_eq!(list_videos(7), list_videos(7));
    assert_ne!(list_videos(7), list_videos(8));
    let world = run("videos --simulate --videos 3").ok();
    assert_eq!(world.lines().len(), 3);
    assert_eq!(
        run("live-streams --simulate --live-streams 0 --output json")
            .ok()
            .stdout,
        "[]\n"
    );
}

#[test]
fn uses_a_separate_simulator() {
    let mut simulator = Simulator::start(&["--seed", "7", "--rate-limit", "500"]);
    let inside = "--simulate --seed 7";
    let outside = format!("--base-url {}", simulator.url);
    for line in [
        format!("sessions video {VIDEO} --period 2022-01-01 --metadata hats=green"),
        format!("sessions live-stream {LIVE_STREAM} --period 2022-01-01T00:00:00.000Z"),
        format!("events {SESSION}"),
        "videos".to_owned(),
        "live-streams --auth basic".to_owned(),
    ] {
        let arguments = format!("{line} {outside}");
        let mut invocation = command(&arguments.split_whitespace().collect::<Vec<_>>());
        invocation.env("APIVIDEO_API_KEY", "any");
        let invocation = finish(invocation).ok();
        assert!(!invocation.stdout.is_empty(), "{line}");
        assert_eq!(
            invocation.stdout,
            run(&format!("{line} {inside}")).ok().stdout,
            "{line}"
        );
    }
    simulator.child.kill().unwrap();
    let mut more = String::new();
    simulator
        .child
        .stdout
        .take()
        .unwrap()
        .read_to_string(&mut more)
        .unwrap();
    assert_eq!(more, "", "the URL is the only line");
    let mut message = String::new();
    simulator
        .child
        .stderr
        .take()
        .unwrap()
        .read_to_string(&mut message)
        .unwrap();
    assert!(
        message.contains(&format!("--base-url {}", simulator.url)),
        "{message}"
    );
}

#[test]
fn the_commands_that_simulate_prints_succeed() {
    let (folder, _index) = common::file(
        "index.json",
        r#"{"responses": [
            {"path": "/videos/*", "file": "a.json"},
            {"path": "/live-streams", "status": 404, "file": "a.json"},
            {"path": "/elsewhere", "file": "a.json"},
            {"path": "/videos", "query": {"it's": "a b&c"}, "file": "a.json"}
        ]}"#,
    );
    fs::write(folder.path().join("a.json"), "{}").unwrap();
    let other = folder.path().to_str().unwrap();
    for options in [
        &[][..],
        &["--live-streams", "0"],
        &["--replay", "tutorial"],
        &["--replay", other],
    ] {
        let mut simulator = Simulator::start(options);
        let stderr = simulator.child.stderr.take().unwrap();
        let (message, _rest) = common::read_until(stderr, "stop:");
        let suggested = |start: &str| {
            let line = message
                .lines()
                .find_map(|line| line.trim().strip_prefix(start));
            shlex::split(line.unwrap()).unwrap()
        };
        let words = suggested("try:   APIVIDEO_API_KEY=any apivideo ");
        let mut invocation = command(&words.iter().map(String::as_str).collect::<Vec<_>>());
        invocation.env("APIVIDEO_API_KEY", "any");
        assert!(!finish(invocation).ok().stdout.is_empty(), "{options:?}");
        if !std::path::Path::new("/usr/bin/curl").exists() {
            continue;
        }
        let words = suggested("curl:  curl ");
        let curl = std::process::Command::new("/usr/bin/curl")
            .args(["--silent", "--fail", "--noproxy", "*"])
            .args(words)
            .output()
            .unwrap();
        assert!(curl.status.success(), "{options:?}: {curl:?}");
    }
}

#[test]
fn the_base_url_option_overrides_the_variable() {
    let simulator = Simulator::start(&["--videos", "2"]);
    let run_with = |arguments: &[&str], variables: &[(&str, &str)]| {
        let mut invocation = command(arguments);
        invocation
            .env("APIVIDEO_API_KEY", "any")
            .envs(variables.iter().copied());
        finish(invocation)
    };
    let set = ("APIVIDEO_BASE_URL", simulator.url.as_str());
    let unreachable = ("APIVIDEO_BASE_URL", "http://127.0.0.1:1");
    assert_eq!(run_with(&["videos"], &[set]).ok().lines().len(), 2);
    run_with(&["videos", "--retries", "0"], &[unreachable]).fails(5);
    assert_eq!(
        run_with(&["videos", "--base-url", &simulator.url], &[unreachable])
            .ok()
            .lines()
            .len(),
        2
    );
    assert_eq!(
        run_with(&["videos", "--simulate", "--videos", "3"], &[unreachable])
            .ok()
            .lines()
            .len(),
        3
    );
}

#[test]
fn reads_a_key_from_a_file() {
    let simulator = Simulator::start(&["--videos", "2"]);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("key");
    fs::write(&file, "  any\r\n").unwrap();
    let file = file.to_str().unwrap();
    for auth in ["bearer", "basic"] {
        let invocation = command(&[
            "videos",
            "--base-url",
            &simulator.url,
            "--api-key-file",
            file,
            "--auth",
            auth,
        ]);
        assert_eq!(finish(invocation).ok().lines().len(), 2);
    }
}

#[test]
fn a_closed_pipe_is_a_quiet_success() {
    for format in ["table", "json", "ndjson", "csv"] {
        let line = format!(
            "sessions video {VIDEO} --period 2022 --simulate --sessions 200000 --page-size 100 --output {format}"
        );
        let mut child = command(&line.split_whitespace().collect::<Vec<_>>())
            .spawn()
            .unwrap();
        let stderr = gather(child.stderr.take().unwrap());
        let mut first = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut first)
            .unwrap();
        assert!(!first.is_empty());
        assert_eq!(wait(&mut child), Some(0), "{format}");
        assert_eq!(stderr.join().unwrap(), "", "{format}");
    }
}

#[cfg(unix)]
#[test]
fn head_closes_the_pipe() {
    let mut shell = std::process::Command::new("/bin/sh");
    shell
        .args(["-c", r#""$0" sessions video "$1" --period 2022 --simulate --sessions 100000 | /usr/bin/env head -n 1"#])
        .args([env!("CARGO_BIN_EXE_apivideo"), VIDEO])
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped());
    let outcome = finish(shell).ok();
    assert_eq!(outcome.lines().len(), 1);
    assert_eq!(outcome.stderr, "");
}

/// A server that sends the first of two pages and does not respond to other requests.
#[test]
fn items_are_flushed_while_waiting_for_more() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            std::thread::spawn(move || {
                let mut head = String::new();
                let mut reader = BufReader::new(stream.try_clone().unwrap());
                while !head.ends_with("\r\n\r\n") && reader.read_line(&mut head).unwrap() > 0 {}
                if head.contains("currentPage=1") {
                    let body = r#"{"data":[{"videoId":"vi1"}],"pagination":{"currentPage":1,"pagesTotal":2}}"#;
                    let response = format!(
                        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}",
                        body.len()
                    );
                    stream.write_all(response.as_bytes()).unwrap();
                } else {
                    // Waits until the client disconnects.
                    let _ = reader.read_line(&mut head);
                }
            });
        }
    });
    for (format, first) in [
        ("ndjson", "{\"videoId\":\"vi1\"}\n"),
        ("json", "[\n  {\"videoId\":\"vi1\"}"),
        ("csv", "vi1,,,,,,,,,,,\r\n"),
        ("table", "vi1\n"),
    ] {
        let mut invocation = command(&[
            "videos",
            "--auth",
            "basic",
            "--base-url",
            &url,
            "--output",
            format,
        ]);
        invocation.env("APIVIDEO_API_KEY", "any");
        let mut child = invocation.spawn().unwrap();
        let mut stdout = child.stdout.take().unwrap();
        let mut printed = Vec::new();
        while !printed.ends_with(first.as_bytes()) {
            let mut byte = [0];
            stdout.read_exact(&mut byte).unwrap();
            printed.extend(byte);
        }
        assert!(
            child.try_wait().unwrap().is_none(),
            "{format}: it waits for the second page"
        );
        child.kill().unwrap();
        child.wait().unwrap();
    }
}

/// Uses `script`, if installed, to run the command on a terminal.
#[cfg(target_os = "linux")]
#[test]
fn a_terminal_defaults_to_a_table() {
    if !std::path::Path::new("/usr/bin/script").exists() {
        return;
    }
    let line = format!("{} live-streams --simulate", env!("CARGO_BIN_EXE_apivideo"));
    let mut script = std::process::Command::new("/usr/bin/script");
    script
        .args(["-qec", &line, "/dev/null"])
        .env_clear()
        .env("SHELL", "/bin/sh")
        .stdin(std::process::Stdio::null())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped());
    let outcome = finish(script).ok();
    assert!(
        outcome.lines()[0].starts_with("\u{1b}[1mliveStreamId  "),
        "{outcome:?}"
    );
    assert!(outcome.stdout.contains("5 live streams"), "{outcome:?}");
}

/// Uses `script` for a terminal of a known width.
#[cfg(target_os = "linux")]
#[test]
fn a_table_fits_the_terminal() {
    if !std::path::Path::new("/usr/bin/script").exists() {
        return;
    }
    for columns in [50, 80, 120] {
        let line = format!(
            "stty rows 24 cols {columns} && {} sessions --all-videos --period 2022-01-01 --simulate --quiet",
            env!("CARGO_BIN_EXE_apivideo")
        );
        let mut script = std::process::Command::new("/usr/bin/script");
        script
            .args(["-qec", &line, "/dev/null"])
            .env_clear()
            .env("HOME", common::home())
            .env("PATH", "/usr/bin:/bin")
            .env("SHELL", "/bin/sh")
            .env("NO_COLOR", "1")
            .stdin(std::process::Stdio::null())
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::piped());
        let outcome = finish(script).ok();
        assert!(outcome.lines().len() > 20, "{outcome:?}");
        for line in outcome.lines() {
            let width = line.trim_end().chars().count();
            assert!(width <= columns, "{width} of {columns}: {line:?}");
        }
    }
}

#[cfg(unix)]
#[test]
fn ctrl_c_stops_a_simulator_with_success() {
    let mut simulator = Simulator::start(&[]);
    let pid = simulator.child.id().to_string();
    assert!(
        std::process::Command::new("kill")
            .args(["-INT", &pid])
            .status()
            .unwrap()
            .success()
    );
    assert_eq!(wait(&mut simulator.child), Some(0));
}
