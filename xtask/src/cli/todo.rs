//! `cargo xtask todo`.

use std::io::Write;
use std::path::PathBuf;

use clap::Args;
use xtask_bindgen::Error;

use super::output::{STALE, print, workspace_root};
use crate::check::Context;
use crate::todo::{Need, remaining};

/// What to run when the list is empty. Work that is recognized by a name can be hidden by an equal name; these tests find it.
const NEXT: &str = "run `cargo test -p apivideo --test contract --test documented`, `cargo test -p apivideo-simulator --lib \
                    handlers`, `cargo xtask check`, then `.ci/run`";

#[derive(Args)]
#[command(
    after_help = "Exit status: 0 nothing remains, 4 work remains, 1 failure, 2 invalid command line."
)]
pub(super) struct Arguments {
    /// Base revision of the change [default: merge base with origin/main or main]
    #[arg(long, value_name = "REV")]
    base: Option<String>,
    /// Workspace root [default: that of this tool]
    #[arg(long, value_name = "DIR", hide = true)]
    root: Option<PathBuf>,
}

pub(super) fn run(arguments: &Arguments, out: &mut dyn Write) -> Result<u8, Error> {
    let root = arguments.root.clone().unwrap_or_else(workspace_root);
    let context = Context {
        base: arguments.base.clone(),
        ..Context::at(&root, |_| Ok(()))
    };
    let tasks = remaining(&context)?;
    for task in &tasks {
        print(out, &format!("{task}\n"));
    }
    let required = tasks.iter().filter(|task| task.need == Need::Required);
    let required = required.count();
    let optional = tasks.len() - required;
    let summary = match (required, optional) {
        (0, 0) => format!("nothing remains; {NEXT}\n"),
        (0, _) => format!("only optional work remains ({optional}); {NEXT}\n"),
        _ => format!("{required} remaining, {optional} optional\n"),
    };
    print(out, &summary);
    Ok(if required == 0 { 0 } else { STALE })
}
