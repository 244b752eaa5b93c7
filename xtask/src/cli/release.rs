//! `cargo xtask release`.

use std::io::Write;
use std::path::PathBuf;

use clap::Args;

use super::output::{FAILED, MISUSED, print, workspace_root};
use crate::release::{self, Rehearsal};
use xtask_bindgen::error::Error;

#[derive(Args)]
pub(super) struct Arguments {
    /// Change and publish nothing (required)
    #[arg(long)]
    dry_run: bool,
    /// Version of the release, such as 0.2.0
    version: String,
    /// Skip building the packages, which takes minutes
    #[arg(long)]
    no_verify: bool,
    /// List every file of every package
    #[arg(long)]
    list: bool,
    /// Workspace root [default: that of this tool]
    #[arg(long, value_name = "DIR", hide = true)]
    root: Option<PathBuf>,
}

pub(super) fn run(arguments: &Arguments, out: &mut dyn Write) -> Result<u8, Error> {
    let version = &arguments.version;
    if !arguments.dry_run {
        print(
            out,
            &format!(
                "nothing was done: this command only rehearses a release; run `cargo xtask release --dry-run \
                 {version}`, and publish with the steps of CONTRIBUTING.md\n"
            ),
        );
        return Ok(MISUSED);
    }
    let root = arguments.root.clone().unwrap_or_else(workspace_root);
    let rehearsal = Rehearsal {
        root: &root,
        version,
        build: !arguments.no_verify,
        list: arguments.list,
    };
    let mut failed = Vec::new();
    release::rehearse(&rehearsal, &mut |step| {
        let result = if step.problems.is_empty() {
            "ok"
        } else {
            "FAILED"
        };
        print(out, &format!("{}: {result}\n", step.title));
        for line in step.problems.iter().chain(&step.notes) {
            print(out, &format!("  {line}\n"));
        }
        if !step.problems.is_empty() {
            failed.push(step.title);
        }
    })?;
    if failed.is_empty() {
        print(
            out,
            &format!("{version} could be released; nothing was changed\n"),
        );
        Ok(0)
    } else {
        print(
            out,
            &format!(
                "{version} cannot be released: {}; nothing was changed\n",
                failed.join(", ")
            ),
        );
        Ok(FAILED)
    }
}
