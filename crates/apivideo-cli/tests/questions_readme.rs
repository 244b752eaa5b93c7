//! The answers in the section "Questions" of the README are those of the command: on a terminal of 80 columns, from the simulator
//! and from a lake.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

mod common;

use std::fs;
use std::path::{Path, PathBuf};

use common::terminal::{Streams, on_terminal};
use common::workspace::Workspace;

fn readme() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")
}

/// Runs a command line on a terminal.
fn answer(workspace: &Workspace, line: &str) -> String {
    let line = line.strip_prefix("apivideo ").unwrap();
    let mut command = workspace.command(line);
    command
        .env("COLUMNS", "80")
        .env("LANG", "C.UTF-8")
        .env("NO_COLOR", "1");
    let (code, shown) = on_terminal(command, Streams::Stdout);
    assert_eq!(code, Some(0), "{line}: {shown}");
    shown
}

/// Returns an answer without the title and the source.
fn without_head(answer: &str) -> &str {
    answer.split_once("\n\n").map_or(answer, |(_, rest)| rest)
}

#[test]
fn the_answers_of_the_readme_are_those_of_the_command() {
    let text = fs::read_to_string(readme()).unwrap();
    let (before, rest) = text.split_once("## Questions\n").unwrap();
    let (section, after) = rest.split_once("\n## ").unwrap();
    let workspace = Workspace::new();
    let mut written = String::new();
    let mut questions = 0;
    let mut commands = Vec::new();
    let mut blocks = section.split("```");
    written.push_str(blocks.next().unwrap());
    while let (Some(block), Some(prose)) = (blocks.next(), blocks.next()) {
        let (language, body) = block.split_once('\n').unwrap();
        if language == "sh" {
            commands = body.lines().map(str::to_owned).collect();
            if let [pull] = commands.as_slice()
                && pull.starts_with("apivideo pull ")
            {
                workspace.run(pull.strip_prefix("apivideo ").unwrap()).ok();
            }
            written.push_str(&format!("```{block}```{prose}"));
            continue;
        }
        assert_eq!(language, "text");
        let [simulated, from_lake] = commands.as_slice() else {
            panic!("{commands:?}");
        };
        let found = answer(&workspace, simulated);
        let same = answer(&workspace, from_lake);
        assert_eq!(without_head(&found), without_head(&same), "{from_lake}");
        if std::env::var_os("UPDATE_GOLDEN").is_none() {
            assert_eq!(found, body, "{simulated}");
        }
        written.push_str(&format!("```text\n{found}```{prose}"));
        questions += 1;
    }
    assert!(questions >= 6, "{questions}");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        let text = format!("{before}## Questions\n{written}\n## {after}");
        fs::write(readme(), text).unwrap();
    }
}
