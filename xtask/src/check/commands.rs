//! The step that checks the command lines in Markdown files: each is parsed by the program it calls.

use super::markdown::{Markdown, documents};
use super::process::{cargo, run as run_program};
use super::{Context, Outcome, Step};

pub(super) const STEP: Step = Step {
    name: "commands",
    about: "a command line in a Markdown file is invalid",
    run,
};

const NEXT: &str = "fix the command line in the document, or the program";

/// A command line in a Markdown file.
#[derive(Clone, Debug, PartialEq, Eq)]
struct CommandLine {
    program: Program,
    arguments: Vec<String>,
    /// The command line is complete; one in running text may be partial.
    is_whole: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Program {
    /// This tool.
    Xtask,
    /// The binary `apivideo`.
    Apivideo,
}

fn run(context: &Context) -> Outcome {
    let documents = match documents(&context.root) {
        Ok(documents) => documents,
        Err(why) => return Outcome::failed(why, NEXT),
    };
    let mut findings = Vec::new();
    let mut count = 0;
    for document in &documents {
        for (line, command) in command_lines(document) {
            count += 1;
            let tried = match command.program {
                Program::Xtask => try_xtask(context, &command),
                Program::Apivideo => try_apivideo(context, &command),
            };
            if let Err(why) = tried {
                findings.push(format!("{}:{line}: {why}", document.path.display()));
            }
        }
    }
    Outcome::of(findings, format!("{count} command lines"), NEXT)
}

fn command_lines(document: &Markdown) -> Vec<(usize, CommandLine)> {
    let blocks = document.commands.iter().map(|command| (command, true));
    let spans = document.spans.iter().map(|span| (span, false));
    blocks
        .chain(spans)
        .flat_map(|(text, is_whole)| {
            read(&text.value, is_whole)
                .into_iter()
                .map(|command| (text.line, command))
        })
        .collect()
}

/// Returns the calls of this workspace's programs in a line of shell.
fn read(line: &str, is_whole: bool) -> Vec<CommandLine> {
    let line = line.trim_start().trim_start_matches("$ ");
    let Some(words) = shlex::split(line) else {
        return Vec::new();
    };
    words
        .split(|word| ["&&", "||", "|", ";", "&"].contains(&word.as_str()))
        .filter_map(|words| {
            let end = words
                .iter()
                .position(|word| word.contains('>') && !word.contains('<'));
            let words = &words[..end.unwrap_or(words.len())];
            let is_variable = |word: &&String| {
                word.split_once('=').is_some_and(|(name, _)| {
                    !name.is_empty() && name.chars().all(|c| c.is_ascii_uppercase() || c == '_')
                })
            };
            let words: Vec<&str> = words
                .iter()
                .skip_while(is_variable)
                .map(String::as_str)
                .collect();
            call(&words, is_whole)
        })
        .collect()
}

fn call(words: &[&str], is_whole: bool) -> Option<CommandLine> {
    let (program, arguments) = match words {
        ["cargo", "xtask", rest @ ..] => (Program::Xtask, rest),
        ["cargo", "run", rest @ ..] => {
            let dashes = rest.iter().position(|word| *word == "--")?;
            let (options, arguments) = (&rest[..dashes], &rest[dashes + 1..]);
            let package = options
                .iter()
                .position(|word| ["-p", "--package"].contains(word))
                .and_then(|place| options.get(place + 1));
            match package {
                None | Some(&"apivideo-cli") => (Program::Apivideo, arguments),
                Some(&"xtask") => (Program::Xtask, arguments),
                Some(_) => return None,
            }
        }
        ["apivideo", rest @ ..] => (Program::Apivideo, rest),
        _ => return None,
    };
    if arguments.is_empty() {
        return None;
    }
    let is_cut = |word: &&&str| word.contains('…') || word.ends_with("...");
    Some(CommandLine {
        program,
        arguments: arguments
            .iter()
            .take_while(|word| !is_cut(word))
            .map(|word| (*word).to_owned())
            .collect(),
        is_whole: is_whole && !arguments.iter().any(|word| is_cut(&word)),
    })
}

fn try_xtask(context: &Context, line: &CommandLine) -> Result<(), String> {
    let mut arguments = vec!["xtask".to_owned()];
    arguments.extend(line.arguments.iter().cloned());
    if !line.is_whole {
        arguments.push("--help".to_owned());
    }
    (context.parse)(&arguments)
        .map_err(|error| format!("`cargo xtask {}`: {error}", line.arguments.join(" ")))
}

/// Runs the command with `--help` appended, which parses all arguments before it and rejects unknown arguments and invalid
/// values. Missing arguments are found with the usage that it prints.
fn try_apivideo(context: &Context, line: &CommandLine) -> Result<(), String> {
    let mut arguments = vec!["run", "--quiet", "--package", "apivideo-cli", "--"];
    arguments.extend(line.arguments.iter().map(String::as_str));
    if line.arguments[0] != "help" {
        arguments.push("--help");
    }
    let text = line.arguments.join(" ");
    let output = run_program(context, &cargo(), &arguments)?;
    if !output.success {
        return Err(format!("`apivideo {text}`: {}", output.err.trim_end()));
    }
    match missing(&output.out, &line.arguments) {
        Some(missing) if line.is_whole => Err(format!(
            "`apivideo {text}` is incomplete: {missing} is missing"
        )),
        _ => Ok(()),
    }
}

/// Returns a required argument that is missing, if the arguments fit none of the usages.
fn missing(help: &str, arguments: &[String]) -> Option<String> {
    // Lists the fields and requires no other arguments.
    if arguments
        .windows(2)
        .any(|pair| pair == ["--fields", "list"])
    {
        return None;
    }
    let mut lines = help
        .lines()
        .skip_while(|line| !line.trim().starts_with("Usage:"));
    let first = lines.next()?.trim().strip_prefix("Usage:")?;
    let usages = std::iter::once(first).chain(lines.map_while(|line| {
        let usage = line.trim();
        (!usage.is_empty()).then_some(usage)
    }));
    let mut missing = None;
    for usage in usages {
        let argument = missing_of(usage, help, arguments)?;
        missing.get_or_insert(argument);
    }
    missing
}

/// Returns a required argument of a usage that is missing.
fn missing_of(usage: &str, help: &str, arguments: &[String]) -> Option<String> {
    let words: Vec<&str> = usage
        .split_whitespace()
        .skip(1)
        .skip_while(|word| !word.starts_with(['-', '[', '<']))
        .collect();
    let option = words
        .iter()
        .filter(|word| word.starts_with("--"))
        .find(|word| {
            let with_value = format!("{word}=");
            !arguments
                .iter()
                .any(|given| given == *word || given.starts_with(&with_value))
        });
    if let Some(option) = option {
        return Some((*option).to_owned());
    }
    // Skip options with their values; the rest are subcommands and positional arguments.
    let wanted = words
        .iter()
        .enumerate()
        .filter(|(index, word)| {
            let follows = index.checked_sub(1).map(|before| words[before]);
            word.starts_with('<') && !follows.is_some_and(|before| before.starts_with("--"))
        })
        .map(|(_, word)| *word);
    let commands = usage
        .split_whitespace()
        .skip(1)
        .take_while(|word| !word.starts_with(['-', '[', '<']))
        .count();
    let takes_value = |name: &str| {
        help.lines().any(|line| {
            line.split_once(name)
                .is_some_and(|(_, after)| after.starts_with(" <"))
        })
    };
    let mut plain: usize = 0;
    let mut words = arguments.iter();
    while let Some(word) = words.next() {
        if word.starts_with('-') {
            if !word.contains('=') && takes_value(word) {
                words.next();
            }
        } else {
            plain += 1;
        }
    }
    wanted
        .skip(plain.saturating_sub(commands))
        .map(str::to_owned)
        .next()
}

#[cfg(test)]
mod tests;
