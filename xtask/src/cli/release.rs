//! `cargo xtask release`.

use std::io::Write;
use std::path::PathBuf;

use clap::Args;

use super::output::{FAILED, print, workspace_root};
use crate::release;
use xtask_bindgen::Error;

#[derive(Args)]
pub(super) struct Arguments {
    /// Change and publish nothing
    #[arg(long, required = true)]
    dry_run: bool,
    /// Version of the release, such as 0.2.0
    version: String,
    /// Further options of `cargo publish`, such as --no-verify
    #[arg(
        value_name = "OPTION",
        trailing_var_arg = true,
        allow_hyphen_values = true
    )]
    cargo: Vec<String>,
    /// Workspace root [default: that of this tool]
    #[arg(long, value_name = "DIR", hide = true)]
    root: Option<PathBuf>,
}

pub(super) fn run(arguments: &Arguments, out: &mut dyn Write) -> Result<u8, Error> {
    let version = &arguments.version;
    let root = arguments.root.clone().unwrap_or_else(workspace_root);
    let is_ready =
        release::check(&root, version, out)? && release::publish_dry_run(&root, &arguments.cargo)?;
    let (can, status) = if is_ready {
        ("can be released", 0)
    } else {
        ("cannot be released", FAILED)
    };
    print(out, &format!("{version} {can}; nothing was changed\n"));
    Ok(status)
}
