//! `cargo xtask check`.

use std::io::Write;
use std::path::PathBuf;

use clap::Args;
use clap::builder::PossibleValuesParser;

use super::output::{FAILED, print, workspace_root};
use crate::check::{self, Context, STEPS, Step};
use xtask_bindgen::error::Error;

#[derive(Args)]
pub(super) struct Arguments {
    /// Run only these steps
    #[arg(long, value_name = "STEP", value_delimiter = ',', value_parser = steps())]
    only: Vec<String>,
    /// Skip these steps
    #[arg(long, value_name = "STEP", value_delimiter = ',', conflicts_with = "only", value_parser = steps())]
    skip: Vec<String>,
    /// List the steps and exit
    #[arg(long)]
    list: bool,
    /// Base revision [default: merge base with origin/main or main]
    #[arg(long, value_name = "REV")]
    base: Option<String>,
    /// Update the listings of the steps api and dependencies
    #[arg(long)]
    accept: bool,
    /// Workspace root [default: that of this tool]
    #[arg(long, value_name = "DIR", hide = true)]
    root: Option<PathBuf>,
}

fn steps() -> PossibleValuesParser {
    STEPS
        .iter()
        .map(|step| step.name)
        .collect::<Vec<_>>()
        .into()
}

pub(super) fn run(arguments: &Arguments, out: &mut dyn Write) -> Result<u8, Error> {
    if arguments.list {
        for step in STEPS {
            print(out, &format!("{:<13}fails if {}\n", step.name, step.about));
        }
        return Ok(0);
    }
    let is_wanted = |step: &&Step| {
        let names = |list: &[String]| list.iter().any(|name| name == step.name);
        (arguments.only.is_empty() || names(&arguments.only)) && !names(&arguments.skip)
    };
    let steps: Vec<Step> = STEPS.iter().filter(is_wanted).copied().collect();
    let root = arguments.root.clone().unwrap_or_else(workspace_root);
    let context = Context {
        base: arguments.base.clone(),
        accept: arguments.accept || std::env::var_os("UPDATE_GOLDEN").is_some(),
        ..Context::at(&root, super::parse_command_line)
    };
    match check::run(&context, &steps, out) {
        Ok(true) => Ok(0),
        Ok(false) => Ok(FAILED),
        Err(source) => Err(Error::File {
            path: "the output".into(),
            tried: "failed to write to",
            source,
        }),
    }
}
