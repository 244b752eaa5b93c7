//! Runs other programs.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::Context;

/// The output of a program.
pub(super) struct Output {
    pub(super) success: bool,
    pub(super) out: String,
    pub(super) err: String,
}

impl Output {
    /// Returns the end of the output, for a finding.
    pub(super) fn tail(&self) -> String {
        const LINES: usize = 40;
        let all: Vec<&str> = self.out.lines().chain(self.err.lines()).collect();
        all[all.len().saturating_sub(LINES)..].join("\n")
    }
}

/// Runs a program in the workspace.
pub(super) fn run(context: &Context, program: &Path, arguments: &[&str]) -> Result<Output, String> {
    run_with(context, program, arguments, &[])
}

pub(super) fn run_with(
    context: &Context,
    program: &Path,
    arguments: &[&str],
    environment: &[(&str, &str)],
) -> Result<Output, String> {
    let output = Command::new(program)
        .args(arguments)
        .current_dir(&context.root)
        .env("PATH", &context.tools)
        .env("CARGO_TERM_COLOR", "never")
        .envs(
            context
                .target
                .iter()
                .map(|target| ("CARGO_TARGET_DIR", target)),
        )
        .envs(environment.iter().copied())
        .output()
        .map_err(|error| format!("{} could not be run: {error}", program.display()))?;
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    Ok(Output {
        success: output.status.success(),
        out: text(output.stdout),
        err: text(output.stderr),
    })
}

/// Returns the path of the cargo that started this tool.
pub(super) fn cargo() -> PathBuf {
    std::env::var_os("CARGO")
        .unwrap_or_else(|| OsString::from("cargo"))
        .into()
}

/// Returns the path of a tool, if it is installed.
pub(super) fn tool(context: &Context, name: &str) -> Option<PathBuf> {
    std::env::split_paths(&context.tools)
        .map(|folder| folder.join(format!("{name}{}", std::env::consts::EXE_SUFFIX)))
        .find(|path| path.is_file())
}
