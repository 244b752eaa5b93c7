//! Runs other programs.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde::Deserialize;
use std::collections::BTreeMap;

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

/// What cargo reports about the workspace.
#[derive(Deserialize)]
pub(super) struct Metadata {
    pub(super) packages: Vec<Package>,
    pub(super) target_directory: PathBuf,
}

/// A package of the workspace.
#[derive(Deserialize)]
pub(super) struct Package {
    pub(super) name: String,
    pub(super) version: String,
    pub(super) rust_version: Option<String>,
    pub(super) features: BTreeMap<String, Vec<String>>,
}

impl Metadata {
    pub(super) fn read(context: &Context) -> Result<Self, String> {
        let arguments = ["metadata", "--format-version=1", "--no-deps"];
        let completed = run(context, &cargo(), &arguments)?;
        serde_json::from_str(&completed.out)
            .map_err(|error| format!("`cargo metadata` failed: {error}\n{}", completed.tail()))
    }

    /// Returns the facade.
    pub(super) fn facade(&self) -> Result<&Package, String> {
        let facade = self
            .packages
            .iter()
            .find(|package| package.name == "apivideo");
        facade.ok_or_else(|| "package apivideo not found in the workspace".to_owned())
    }
}

impl Package {
    /// Returns the features, except `default`, in order.
    pub(super) fn features(&self) -> impl Iterator<Item = &str> {
        let names = self.features.keys().map(String::as_str);
        names.filter(|name| *name != "default")
    }
}
