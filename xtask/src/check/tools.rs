//! Steps that run tools in the versions that `.ci/tools` installs.

use super::process::run;
use super::{Context, Outcome, Step};

pub(super) const SPELLING: Step = Step {
    name: "spelling",
    about: "typos reports a misspelled word",
    run: spelling,
};

pub(super) const LINKS: Step = Step {
    name: "links",
    about: "a Markdown file contains a broken link or anchor, except to other sites",
    run: links,
};

pub(super) const DENY: Step = Step {
    name: "deny",
    about: "deny.toml rejects a dependency, its license or its source",
    run: deny,
};

/// The folder of the tools, relative to the workspace root.
const FOLDER: &str = "target/tools/bin";

fn spelling(context: &Context) -> Outcome {
    tool(
        context,
        &["typos"],
        "fix the spelling, or add the word to typos.toml",
    )
}

fn links(context: &Context) -> Outcome {
    let arguments = [
        "lychee",
        "--offline",
        "--no-progress",
        "--mode=plain",
        "--include-fragments",
        "--extensions=md",
        ".",
    ];
    tool(context, &arguments, "fix the link or its target")
}

/// Advisories are not checked: they need a database that is not in a package registry. Tests may depend on everything whose license
/// is allowed.
fn deny(context: &Context) -> Outcome {
    let next = "remove the dependency, or allow it in deny.toml with a reason";
    let bans = [
        "cargo-deny",
        "--exclude-dev",
        "check",
        "--deny=unused-wrapper",
        "bans",
    ];
    match tool(context, &bans, next) {
        Outcome::Passed(_) => {
            let others = ["cargo-deny", "check", "licenses", "sources"];
            tool(context, &others, next)
        }
        failed => failed,
    }
}

fn tool(context: &Context, line: &[&str], next: &str) -> Outcome {
    let program = context.root.join(FOLDER).join(line[0]);
    if !program.is_file() {
        let finding = format!("{FOLDER}/{} does not exist", line[0]);
        return Outcome::failed(finding, "run `.ci/tools`, which installs it");
    }
    match run(context, &program, &line[1..]) {
        Ok(completed) if completed.success => Outcome::Passed(line.join(" ")),
        Ok(completed) => Outcome::failed(completed.tail(), next),
        Err(why) => Outcome::failed(why, "run `.ci/tools` again"),
    }
}
