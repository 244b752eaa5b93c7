//! The blocks of the README and the examples of the help, run in order as a reader would run them: by a shell, in one
//! folder, with a simulator standing in for the service.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

mod common;

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use common::{Outcome, Simulator, VIDEO, finish, run};

/// Lines of shell blocks that are not run, each with the reason. Each must still be in the README.
const NOT_RUN: [(&str, &str); 14] = [
    ("cargo test --workspace", "this test is a part of it"),
    (
        "cargo new viewers",
        "an application is built by `the_application_of_the_readme_runs`",
    ),
    ("cargo add apivideo ", "as above"),
    ("cargo add futures ", "as above"),
    ("cargo xtask bench  ", "a quarter of an hour"),
    ("cargo xtask bench --quick", "three minutes"),
    ("cargo xtask bench --job", "minutes"),
    ("cargo bench -p", "minutes, and a release build"),
    (
        "cargo xtask diff",
        "needs a changed document; tested in xtask/tests/diff",
    ),
    (
        "cargo xtask generate  ",
        "writes into the repository; tested in xtask/tests/generate.rs",
    ),
    (
        "cargo xtask generate --check",
        "tested in xtask/tests/generate.rs, and a step of `cargo xtask check`",
    ),
    ("cargo xtask check", "builds the workspace; .ci/run runs it"),
    (
        "cargo xtask coverage",
        "writes into the repository; a step of `cargo xtask check`",
    ),
    (
        "cargo xtask release",
        "builds all packages; tested in xtask/tests/release.rs",
    ),
];

/// What a reader replaces, and what can't be asked of a simulator.
const REPLACED: [(&str, &str); 4] = [
    ("YOUR_VIDEO_ID", VIDEO),
    // Another place than the simulator.
    ("--environment sandbox ", ""),
    // Served by api.video, not by the simulator.
    ("GET /players", "GET /live-streams"),
    // It may be taken on this machine.
    ("--port 8080", "--port 0"),
];

/// `cargo run` in the clone, by the command that is built. A simulator, which runs until Ctrl-C, gets one when its URL is
/// there.
const CARGO: &str = r#"#!/bin/sh
if [ "$1" != run ]; then echo "cargo $*: not run by this test" >&2; exit 99; fi
while [ "$1" != -- ]; do shift; done
shift
exec apivideo "$@"
"#;
const APIVIDEO: &str = r#"#!/bin/sh
for word in "$@"; do
    if [ "$word" = simulate ]; then
        mkfifo url.$$
        "$BINARY" "$@" > url.$$ & child=$!
        read -r url < url.$$
        rm url.$$
        case "$url" in http://127.0.0.1:*) ;; *) exit 98 ;; esac
        kill -INT $child
        wait $child
        exit
    fi
done
exec "$BINARY" "$@"
"#;

/// A fenced block of the README.
struct Block {
    language: String,
    /// Where its first line is, from 1.
    line: usize,
    text: String,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn blocks() -> Vec<Block> {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let mut blocks: Vec<Block> = Vec::new();
    let mut is_open = false;
    for (index, line) in readme.lines().enumerate() {
        match line.strip_prefix("```") {
            Some(_) if is_open => is_open = false,
            Some(language) => {
                is_open = true;
                blocks.push(Block {
                    language: language.to_owned(),
                    line: index + 2,
                    text: String::new(),
                });
            }
            None if is_open => {
                let block = blocks.last_mut().unwrap();
                block.text.push_str(line);
                block.text.push('\n');
            }
            None => {}
        }
    }
    assert!(!is_open && blocks.len() > 10, "{}", blocks.len());
    blocks
}

fn block(language: &str) -> String {
    let found: Vec<_> = blocks()
        .into_iter()
        .filter(|block| block.language == language)
        .collect();
    assert_eq!(found.len(), 1, "blocks of {language}");
    found.into_iter().next().unwrap().text
}

/// A folder with `cargo` and `apivideo` as this test has them.
fn programs() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in [("cargo", CARGO), ("apivideo", APIVIDEO)] {
        let file = folder.path().join(name);
        fs::write(&file, text).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
    }
    folder
}

/// The account that is asked in place of the service's.
fn service() -> Simulator {
    Simulator::start(&[
        "--videos",
        "3",
        "--live-streams",
        "1",
        "--sessions",
        "900",
        "--days",
        "1100",
    ])
}

/// Runs a script by a shell that stops at the first failure.
fn shell(script: &str, folder: &Path, programs: &Path, service: &Simulator) -> Outcome {
    let path = std::env::var("PATH").unwrap_or_default();
    let mut shell = Command::new("/bin/sh");
    shell
        .args(["-eu", "-c", script])
        .current_dir(folder)
        .env_clear()
        .env("PATH", format!("{}:{path}", programs.display()))
        .env("BINARY", env!("CARGO_BIN_EXE_apivideo"))
        .env("HOME", folder)
        .env("APIVIDEO_BASE_URL", &service.url)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    finish(shell)
}

fn replaced(line: &str) -> String {
    let mut line = line.to_owned();
    for (from, to) in REPLACED {
        line = line.replace(from, to);
    }
    line
}

/// The lines of a block that are run, each after a remark of where it is; marks those of `NOT_RUN` that are met.
fn script(block: &Block, met: &mut [bool]) -> String {
    let mut script = String::new();
    for (index, line) in block.text.lines().enumerate() {
        let not_run = NOT_RUN
            .iter()
            .position(|(start, _)| line.starts_with(start));
        if let Some(not_run) = not_run {
            met[not_run] = true;
            continue;
        }
        let place = block.line + index;
        script += &format!("echo 'README.md:{place}' >&2\n");
        script += &replaced(line);
        script.push('\n');
    }
    script
}

#[test]
fn the_blocks_of_the_readmes_run_in_order() {
    let (folder, programs, service) = (tempfile::tempdir().unwrap(), programs(), service());
    let mut met = [false; NOT_RUN.len()];
    let mut whole = String::new();
    for block in blocks() {
        match block.language.as_str() {
            "sh" => whole += &script(&block, &mut met),
            "json" => {
                let file = folder.path().join("faults.json");
                fs::write(&file, &block.text).unwrap();
                whole += &format!("echo 'README.md:{}' >&2\n", block.line);
                whole += "apivideo videos --simulate --faults faults.json\n";
            }
            // Compiled or run as tests of their own: below, by rustdoc, and in apivideo/tests/readme.rs.
            "rust" | "rust,no_run" => {}
            // Run by `cargo xtask test-lake`, which installs DuckDB and Spark.
            "sql" => {}
            other => panic!("README.md:{}: nothing runs {other:?}", block.line),
        }
    }
    let stale: Vec<_> = NOT_RUN.iter().zip(met).filter(|(_, met)| !met).collect();
    assert!(stale.is_empty(), "not in the README: {stale:?}");
    shell(&whole, folder.path(), programs.path(), &service).ok();
    for (file, start) in [
        ("sessions.csv", "videoId,"),
        ("may.ndjson", "{"),
        ("year.csv", "session.loadedAt,location.country,"),
    ] {
        let text = fs::read_to_string(folder.path().join(file)).unwrap();
        assert!(text.starts_with(start), "{file}: {text}");
    }
}

#[test]
fn the_examples_of_the_help_run_in_order() {
    let (folder, programs, service) = (tempfile::tempdir().unwrap(), programs(), service());
    let mut commands = vec![String::new()];
    let help = run("--help").ok().stdout;
    let (_, groups) = help.split_once("Usage: ").unwrap();
    let (groups, _) = groups.split_once("\nOptions:").unwrap();
    let names = groups.lines().filter_map(|line| line.strip_prefix("  "));
    commands.extend(
        names
            .filter_map(|line| line.split_whitespace().next())
            .filter(|name| *name != "help")
            .map(str::to_owned),
    );
    let mut script = "export APIVIDEO_API_KEY=any\n".to_owned();
    let mut count = 0;
    for command in &commands {
        let help = run(&format!("{command} --help")).ok().stdout;
        let Some((_, examples)) = help.split_once("Examples:\n") else {
            continue;
        };
        for line in examples.lines().take_while(|line| !line.is_empty()) {
            assert!(line.trim_start().starts_with("apivideo "), "{line}");
            script += &format!("echo 'help of {command}: {line}' >&2\n{}\n", replaced(line));
            count += 1;
        }
    }
    assert!(count >= 25, "{count} examples");
    shell(&script, folder.path(), programs.path(), &service).ok();
}

#[test]
fn the_readme_has_no_hidden_lines() {
    for block in blocks() {
        if block.language.starts_with("rust") {
            let hidden = block.text.lines().find(|line| line.starts_with("# "));
            assert_eq!(hidden, None, "README.md:{}", block.line);
        }
    }
}

#[test]
fn the_test_in_the_readme_is_a_test_of_the_library() {
    let test = fs::read_to_string(root().join("crates/apivideo/tests/readme.rs")).unwrap();
    let (_, test) = test.split_once("\n\n").unwrap();
    assert_eq!(test, block("rust"));
}

/// The application of the README, made by its commands, with its main function and its test.
#[test]
#[ignore = "builds an application from nothing: some minutes; .ci/run runs it"]
fn the_application_of_the_readme_runs() {
    let folder = tempfile::tempdir().unwrap();
    symlink(root(), folder.path().join("apivideo")).unwrap();
    let service = service();
    let made = blocks()
        .into_iter()
        .find(|block| block.text.starts_with("cargo new viewers"))
        .unwrap();
    let place = format!(".api_key(key).base_url(\"{}\")", service.url);
    let main = block("rust,no_run").replace(".api_key(key)", &place);
    assert!(main.contains(&service.url));
    let test = block("rust");
    let script = format!(
        "{}cargo add --dev apivideo-simulator --path ../apivideo/crates/apivideo-simulator\n\
         cp ../apivideo/Cargo.lock .\n\
         cat > src/main.rs <<'END'\n{main}END\n\
         mkdir tests\n\
         cat > tests/videos.rs <<'END'\n{test}END\n\
         cargo run\ncargo test\n",
        made.text
    );
    let shell = Command::new("/bin/sh")
        .args(["-eu", "-c", &script])
        .current_dir(folder.path())
        .env("APIVIDEO_API_KEY", "any")
        .env("CARGO_NET_OFFLINE", "true")
        .env(
            "CARGO_TARGET_DIR",
            Path::new(env!("CARGO_TARGET_TMPDIR")).join("readme"),
        )
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let shown = String::from_utf8_lossy(&shell.stdout).into_owned();
    let why = String::from_utf8_lossy(&shell.stderr);
    assert!(shell.status.success(), "{shown}\n{why}");
    assert!(
        shown.contains(" events\n") && shown.contains("lists_the_videos ... ok"),
        "{shown}"
    );
}
