use std::path::PathBuf;

use super::*;

fn words(lines: &[CommandLine]) -> Vec<String> {
    lines
        .iter()
        .map(|line| {
            let whole = if line.is_whole { "" } else { " …" };
            format!("{:?} {}{whole}", line.program, line.arguments.join("|"))
        })
        .collect()
}

#[test]
fn command_lines_are_split_as_a_shell_does() {
    let read = |line| words(&read(line, true));
    assert_eq!(
        read("cargo run -- sessions video 'a b' --output csv > out.csv  # all"),
        ["Apivideo sessions|video|a b|--output|csv"]
    );
    assert_eq!(
        read("KEY=x cargo xtask generate --check && apivideo videos | head"),
        ["Xtask generate|--check", "Apivideo videos"]
    );
    assert_eq!(read("$ cargo run -q -p xtask -- check"), ["Xtask check"]);
    assert_eq!(read("apivideo sessions …"), ["Apivideo sessions …"]);
    assert!(read("cargo test --workspace").is_empty());
    assert!(read("cargo run -p apivideo-bench -- all").is_empty());
    assert!(read("export APIVIDEO_API_KEY=…").is_empty());
    assert!(read("apivideo").is_empty());
}

#[test]
fn finds_commands_in_code_blocks_and_inline_code() {
    let text = "# A\n\nRun `cargo xtask check --list`.\n\n```sh\napivideo videos \\\n  --simulate\n```\n\n```rust\ncargo xtask no\n```\n";
    let document = Markdown::parse(PathBuf::from("A.md"), text.to_owned());
    let found = command_lines(&document);
    let lines: Vec<_> = found.iter().map(|(line, _)| *line).collect();
    assert_eq!(lines, [6, 3]);
    let calls: Vec<_> = found.into_iter().map(|(_, line)| line).collect();
    assert_eq!(
        words(&calls),
        ["Apivideo videos|--simulate", "Xtask check|--list …"]
    );
}

#[test]
fn parses_command_lines_of_the_project() {
    let try_line = |line: &str, is_whole| {
        let context = Context::at(std::path::Path::new("."), crate::parse_command_line);
        try_xtask(&context, &read(line, is_whole)[0])
    };
    assert_eq!(try_line("cargo xtask generate --check", true), Ok(()));
    assert!(try_line("cargo xtask generate --chek", true).is_err());
    assert!(try_line("cargo xtask generte", false).is_err());
    let half = "cargo xtask generate --out DIR";
    assert!(try_line(half, true).is_err(), "--document is missing");
    assert_eq!(try_line(half, false), Ok(()), "it is only spoken of");
}

const HELP: &str = "Lists the sessions of a video

Usage: apivideo sessions video [OPTIONS] --period <PERIOD> <ID>

Arguments:
  <ID>  The video, by its id

Options:
      --period <PERIOD>      When
      --seed <N>             The world
      --simulate             No key
";

#[test]
fn reports_missing_required_arguments() {
    let missing = |line: &str| {
        let arguments: Vec<_> = line.split(' ').map(str::to_owned).collect();
        missing(HELP, &arguments)
    };
    assert_eq!(missing("sessions video vi1 --period 2022"), None);
    assert_eq!(
        missing("--seed 1 sessions video --simulate --period=2022 vi1"),
        None
    );
    assert_eq!(missing("sessions video vi1"), Some("--period".to_owned()));
    assert_eq!(
        missing("sessions video --period 2022"),
        Some("<ID>".to_owned())
    );
    assert_eq!(
        missing("sessions video --period 2022 --seed 1 --simulate"),
        Some("<ID>".to_owned())
    );
}

#[test]
fn arguments_have_to_fit_one_of_the_usages() {
    let help = "Lists\n\nUsage: apivideo sessions --all-videos\n       apivideo sessions <KIND> <ID>...\n\nOptions:\n";
    let missing = |line: &str| missing(help, &shlex::split(line).unwrap());
    assert_eq!(missing("sessions --all-videos"), None);
    assert_eq!(missing("sessions video vi1"), None);
    assert_eq!(missing("sessions --fields list"), None);
    assert_eq!(missing("sessions video"), Some("--all-videos".to_owned()));
}
