//! The shell blocks of all Markdown files that call the command, and the examples of the help, run in order in one folder, with a
//! simulator in place of the service.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

mod common;

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use common::{Outcome, Simulator, VIDEO, finish, run};

/// READMEs, whose blocks are complete.
const READMES: [&str; 3] = [
    "README.md",
    "crates/apivideo-cli/README.md",
    "crates/apivideo-lake/README.md",
];

/// The starts of lines in shell blocks that are not run, with the reason.
const NOT_RUN: [(&str, &str); 15] = [
    (
        "apivideo pull --out statistics --period 2021-12",
        "run by questions_readme.rs",
    ),
    ("apivideo audience", "run by questions_readme.rs"),
    ("apivideo retention", "run by questions_readme.rs"),
    ("apivideo concurrency", "run by questions_readme.rs"),
    ("cargo test", "this test is a part of it"),
    ("cargo install", "a release build"),
    (
        "cargo new ",
        "an application is built by `the_application_of_the_readme_runs`",
    ),
    ("cargo add ", "as above"),
    ("cargo run --example", "tested by the library"),
    (".ci/", "installs tools; .ci/run runs it"),
    (
        "cargo xtask",
        "parsed by the step `mentions` of `cargo xtask check`",
    ),
    ("git clone", "needs a network"),
    ("duckdb", "run by `.ci/lake/run`"),
    ("python", "run by `.ci/lake/run`"),
    ("docker", "needs a container runtime"),
];

/// What a reader replaces, and what the simulator does not support.
const REPLACED: [(&str, &str); 5] = [
    ("YOUR_VIDEO_ID", VIDEO),
    // Another environment than the simulator.
    ("--environment sandbox ", ""),
    // The simulator does not have players.
    ("GET /players", "GET /live-streams"),
    // The port may be in use on this machine.
    ("--port 8080", "--port 0"),
    // A folder of another program.
    ("/var/lib/node_exporter/", ""),
];

/// Replaces `cargo run` in the clone by the built command. A simulator, which runs until Ctrl-C, is interrupted when it has printed
/// its URL.
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
# A command that watches until Ctrl-C sends a single request.
case "$*" in
    watch*--count*) ;;
    watch*) set -- "$@" --count 1 ;;
    # A small account is pulled in a second.
    pull*--simulate* | verify*--simulate*) set -- "$@" --sessions 200 ;;
esac
exec "$BINARY" "$@"
"#;

/// A fenced block of a README.
struct Block {
    language: String,
    /// The number of its first line, from 1.
    line: usize,
    text: String,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Returns the Markdown files of the repository, in order.
fn documents() -> Vec<String> {
    let root = root();
    let (mut found, mut pending) = (Vec::new(), vec![root.clone()]);
    while let Some(folder) = pending.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap();
            if path.is_dir() && !name.starts_with('.') && name != "target" {
                pending.push(path);
            } else if name.ends_with(".md") {
                let path = path.strip_prefix(&root).unwrap();
                found.push(path.to_str().unwrap().to_owned());
            }
        }
    }
    found.sort();
    found
}

/// Returns `true` if a block of shell calls the command.
fn calls_the_command(block: &Block) -> bool {
    let calls = |line: &str| line.starts_with("apivideo ") || line.starts_with("cargo run ");
    block.language == "sh" && block.text.lines().any(calls)
}

/// Returns the blocks of a README; none if it does not exist.
fn blocks(path: &str) -> Vec<Block> {
    let readme = fs::read_to_string(root().join(path)).unwrap_or_default();
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
    assert!(!is_open, "{path}");
    blocks
}

/// Returns the only block of a language in the main README, else in that of the library.
fn block(language: &str) -> String {
    let found = ["README.md", "crates/apivideo/README.md"]
        .into_iter()
        .map(|path| -> Vec<Block> {
            let blocks = blocks(path).into_iter();
            blocks.filter(|block| block.language == language).collect()
        })
        .find(|blocks| !blocks.is_empty())
        .unwrap_or_default();
    assert_eq!(found.len(), 1, "blocks of {language}");
    found.into_iter().next().unwrap().text
}

/// Returns a folder with the programs `cargo` and `apivideo` of this test.
fn programs() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in [("cargo", CARGO), ("apivideo", APIVIDEO)] {
        let file = folder.path().join(name);
        fs::write(&file, text).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
    }
    folder
}

/// Starts a simulator in place of the service.
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

/// Runs a script in a shell that stops at the first failure.
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

/// Returns the lines of a block that are run, each after a line that prints its position.
fn script(path: &str, block: &Block) -> String {
    let mut script = String::new();
    for (index, line) in block.text.lines().enumerate() {
        if NOT_RUN.iter().any(|(start, _)| line.starts_with(start)) {
            continue;
        }
        let number = block.line + index;
        script += &format!("echo '{path}:{number}' >&2\n");
        script += &replaced(line);
        script.push('\n');
    }
    script
}

#[test]
fn the_blocks_of_all_documents_run_in_order() {
    let (programs, service) = (programs(), service());
    let mut count = 0;
    for path in &documents() {
        let blocks = blocks(path);
        if !blocks.iter().any(calls_the_command) {
            continue;
        }
        count += 1;
        let folder = tempfile::tempdir().unwrap();
        let mut whole = String::new();
        // The pages of the guide require a key that an earlier page sets.
        if path.contains("docs/guide") {
            whole += "export APIVIDEO_API_KEY=any\n";
        }
        for block in blocks {
            match block.language.as_str() {
                "sh" => whole += &script(path, &block),
                "json" if block.text.contains("\"rules\"") => {
                    let file = folder.path().join("faults.json");
                    fs::write(&file, &block.text).unwrap();
                    whole += &format!("echo '{path}:{}' >&2\n", block.line);
                    whole += "apivideo videos --simulate --faults faults.json\n";
                }
                "toml" if block.text.contains("api_key_file") => {
                    let file = folder.path().join("apivideo.toml");
                    fs::write(&file, &block.text).unwrap();
                    whole += &format!("echo '{path}:{}' >&2\n", block.line);
                    whole += "apivideo config show --config apivideo.toml --profile test\n";
                }
                // Compiled or run by other tests: below, by rustdoc, and in apivideo/tests/readme.rs.
                "rust" | "rust,no_run" | "toml" | "json" => {}
                // Run by `.ci/lake/run`, which installs the query engines.
                "sql" | "python" => {}
                "text" | "" => {}
                other => panic!("{path}:{}: unknown language {other:?}", block.line),
            }
        }
        shell(&whole, folder.path(), programs.path(), &service).ok();
        for (file, start) in [
            ("sessions.csv", "videoId,"),
            ("may.ndjson", "{"),
            ("year.csv", "session.loadedAt,location.country,"),
        ] {
            if let Ok(text) = fs::read_to_string(folder.path().join(file)) {
                assert!(text.starts_with(start), "{path}: {file}: {text}");
            }
        }
    }
    assert!(count >= 8, "{count} documents");
}

/// Returns the command lines in running text, up to an ellipsis.
fn spans(text: &str) -> Vec<String> {
    let mut is_block = false;
    let prose: Vec<&str> = text
        .lines()
        .filter(|line| {
            let is_fence = line.starts_with("```");
            is_block ^= is_fence;
            !is_fence && !is_block
        })
        .collect();
    let prose = prose.join(" ");
    let code = prose.split('`').skip(1).step_by(2);
    code.filter_map(|code| code.strip_prefix("apivideo "))
        .map(|line| line.split('…').next().unwrap().to_owned())
        .collect()
}

#[test]
fn the_command_lines_in_running_text_are_valid() {
    let mut count = 0;
    for path in documents() {
        let text = fs::read_to_string(root().join(&path)).unwrap();
        for line in spans(&text) {
            let more = if line.starts_with("help") {
                ""
            } else {
                "--help"
            };
            let help = run(&format!("{line} {more}"));
            assert_eq!(
                help.code,
                Some(0),
                "{path}: `apivideo {line}`: {}",
                help.stderr
            );
            count += 1;
        }
    }
    assert!(count > 20, "{count}");
}

#[test]
fn the_readme_of_the_command_runs_at_least_twenty_lines() {
    let path = "crates/apivideo-cli/README.md";
    let shell = blocks(path)
        .into_iter()
        .filter(|block| block.language == "sh")
        .map(|block| script(path, &block))
        .collect::<String>();
    let count = shell
        .lines()
        .filter(|line| line.starts_with("apivideo "))
        .count();
    assert!(count >= 20, "{count}");
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
fn the_readmes_have_no_hidden_lines() {
    for path in READMES {
        for block in blocks(path) {
            if block.language.starts_with("rust") {
                let hidden = block.text.lines().find(|line| line.starts_with("# "));
                assert_eq!(hidden, None, "{path}:{}", block.line);
            }
        }
    }
}

#[test]
fn the_test_in_the_readme_is_a_test_of_the_library() {
    let test = fs::read_to_string(root().join("crates/apivideo/tests/readme.rs")).unwrap();
    let (_, test) = test.split_once("\n\n").unwrap();
    assert_eq!(test, block("rust"));
}

/// Builds and runs the application of the main README by its commands, and its test.
#[test]
#[ignore = "builds an application from scratch, which takes minutes; .ci/run runs it"]
fn the_application_of_the_readme_runs() {
    let folder = tempfile::tempdir().unwrap();
    symlink(root(), folder.path().join("apivideo")).unwrap();
    let service = service();
    let set_up = blocks("README.md")
        .into_iter()
        .find(|block| block.text.starts_with("cargo new viewers"))
        .unwrap();
    let main = block("rust,no_run");
    let test = block("rust");
    let script = format!(
        "{}cargo add --dev apivideo-simulator --path ../apivideo/crates/apivideo-simulator\n\
         cp ../apivideo/Cargo.lock .\n\
         cat > src/main.rs <<'END'\n{main}END\n\
         mkdir tests\n\
         cat > tests/videos.rs <<'END'\n{test}END\n\
         cargo run\ncargo test\n",
        set_up.text
    );
    let shell = Command::new("/bin/sh")
        .args(["-eu", "-c", &script])
        .current_dir(folder.path())
        .env("APIVIDEO_API_KEY", "any")
        .env("APIVIDEO_BASE_URL", &service.url)
        .env("CARGO_NET_OFFLINE", "true")
        .env(
            "CARGO_TARGET_DIR",
            Path::new(env!("CARGO_TARGET_TMPDIR")).join("readme"),
        )
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let stdout = String::from_utf8_lossy(&shell.stdout).into_owned();
    let stderr = String::from_utf8_lossy(&shell.stderr);
    assert!(shell.status.success(), "{stdout}\n{stderr}");
    assert!(
        stdout.contains(" events\n") && stdout.contains("lists_the_videos ... ok"),
        "{stdout}"
    );
}
