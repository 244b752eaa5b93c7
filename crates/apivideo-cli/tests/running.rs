//! The command as a part of something larger: pipes, simulators of their own, keys.

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
fn every_format_has_every_item_over_many_pages() {
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
    let ask = |seed: u32| {
        run(&format!("videos --simulate --seed {seed} --output csv"))
            .ok()
            .stdout
    };
    assert_eq!(ask(7), ask(7));
    assert_ne!(ask(7), ask(8));
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
fn a_simulator_of_its_own_is_asked() {
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
        let mut asked = command(&arguments.split_whitespace().collect::<Vec<_>>());
        asked.env("APIVIDEO_API_KEY", "any");
        let asked = finish(asked).ok();
        assert!(!asked.stdout.is_empty(), "{line}");
        assert_eq!(
            asked.stdout,
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
    let mut said = String::new();
    simulator
        .child
        .stderr
        .take()
        .unwrap()
        .read_to_string(&mut said)
        .unwrap();
    assert!(
        said.contains(&format!("--base-url {}", simulator.url)),
        "{said}"
    );
}

/// What it prints is what a reader tries next.
#[test]
fn a_simulator_suggests_commands_that_succeed() {
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
        let (said, _rest) = common::read_until(stderr, "stop it:");
        let suggested = |start: &str| {
            let line = said
                .lines()
                .find_map(|line| line.trim().strip_prefix(start));
            shlex::split(line.unwrap()).unwrap()
        };
        let words = suggested("ask it:   APIVIDEO_API_KEY=any apivideo ");
        let mut asked = command(&words.iter().map(String::as_str).collect::<Vec<_>>());
        asked.env("APIVIDEO_API_KEY", "any");
        assert!(!finish(asked).ok().stdout.is_empty(), "{options:?}");
        if !std::path::Path::new("/usr/bin/curl").exists() {
            continue;
        }
        let words = suggested("by curl:  curl ");
        let curl = std::process::Command::new("/usr/bin/curl")
            .args(["--silent", "--fail", "--noproxy", "*"])
            .args(words)
            .output()
            .unwrap();
        assert!(curl.status.success(), "{options:?}: {curl:?}");
    }
}

#[test]
fn where_to_ask_can_be_set_and_what_is_typed_wins() {
    let simulator = Simulator::start(&["--videos", "2"]);
    let ask = |arguments: &[&str], variables: &[(&str, &str)]| {
        let mut asked = command(arguments);
        asked
            .env("APIVIDEO_API_KEY", "any")
            .envs(variables.iter().copied());
        finish(asked)
    };
    let set = ("APIVIDEO_BASE_URL", simulator.url.as_str());
    let nobody = ("APIVIDEO_BASE_URL", "http://127.0.0.1:1");
    assert_eq!(ask(&["videos"], &[set]).ok().lines().len(), 2);
    ask(&["videos", "--retries", "0"], &[nobody]).fails(5);
    assert_eq!(
        ask(&["videos", "--base-url", &simulator.url], &[nobody])
            .ok()
            .lines()
            .len(),
        2
    );
    assert_eq!(
        ask(&["videos", "--simulate", "--videos", "3"], &[nobody])
            .ok()
            .lines()
            .len(),
        3
    );
}

#[test]
fn a_key_comes_from_a_file() {
    let simulator = Simulator::start(&["--videos", "2"]);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("key");
    fs::write(&file, "  any\r\n").unwrap();
    let file = file.to_str().unwrap();
    for auth in ["bearer", "basic"] {
        let asked = command(&[
            "videos",
            "--base-url",
            &simulator.url,
            "--api-key-file",
            file,
            "--auth",
            auth,
        ]);
        assert_eq!(finish(asked).ok().lines().len(), 2);
    }
}

#[test]
fn a_reader_that_has_enough_ends_it_quietly() {
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
fn a_shell_s_head_takes_what_it_wants() {
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

/// A server that answers with a page and says that there is another, which it never gives.
#[test]
fn what_came_is_out_while_more_is_waited_for() {
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
                    let reply = format!(
                        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}",
                        body.len()
                    );
                    stream.write_all(reply.as_bytes()).unwrap();
                } else {
                    // Nothing comes until the other side gives up.
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
        let mut asked = command(&[
            "videos",
            "--auth",
            "basic",
            "--base-url",
            &url,
            "--output",
            format,
        ]);
        asked.env("APIVIDEO_API_KEY", "any");
        let mut child = asked.spawn().unwrap();
        let mut stdout = child.stdout.take().unwrap();
        let mut printed = Vec::new();
        while !printed.ends_with(first.as_bytes()) {
            let mut byte = [0];
            stdout.read_exact(&mut byte).unwrap();
            printed.extend(byte);
        }
        assert!(
            child.try_wait().unwrap().is_none(),
            "{format}: it still waits"
        );
        child.kill().unwrap();
        child.wait().unwrap();
    }
}

/// By `script`, which gives its child a terminal, where there is one.
#[cfg(target_os = "linux")]
#[test]
fn a_terminal_gets_a_table() {
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

/// By `script`, as above: the terminal says how wide it is.
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
fn ctrl_c_ends_a_simulator_quietly() {
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
