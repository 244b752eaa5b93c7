//! Small applications that are built to measure them.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

use super::table::Built;
use crate::{Result, machine};

/// An application to measure.
pub(super) struct Application {
    /// Its dependencies, in words.
    pub(super) name: String,
    /// Lines of its manifest.
    dependencies: String,
    main: &'static str,
}

/// The dependencies of all applications.
const COMMON: &str =
    "futures = \"0.3\"\ntokio = { version = \"1\", features = [\"macros\", \"rt\"] }\n";
const REQWEST: &str =
    "reqwest = { version = \"0.13\", default-features = false, features = [\"rustls\"] }\n";

impl Application {
    /// Returns all applications, the baseline first.
    pub(super) fn all(root: &Path, with_features: bool) -> Result<Vec<Self>> {
        let path = |name: &str| root.join("crates").join(name).display().to_string();
        let (core, facade) = (path("apivideo-core"), path("apivideo"));
        let with_facade = |name: String, options: &str| Self {
            name,
            dependencies: format!("{COMMON}apivideo = {{ path = {facade:?}{options} }}\n"),
            main: include_str!("facade.rs.txt"),
        };
        let mut all = vec![
            Self {
                name: "reqwest, serde, tokio, futures".to_owned(),
                dependencies: format!(
                    "{COMMON}{REQWEST}serde = {{ version = \"1\", features = [\"derive\"] }}\n"
                ),
                main: include_str!("reqwest.rs.txt"),
            },
            Self {
                name: "`apivideo-core`".to_owned(),
                dependencies: format!("{COMMON}{REQWEST}apivideo-core = {{ path = {core:?} }}\n"),
                main: include_str!("core.rs.txt"),
            },
            with_facade("`apivideo`".to_owned(), ""),
        ];
        for feature in features(root)?.into_iter().filter(|_| with_features) {
            let options = format!(", features = [{feature:?}]");
            all.push(with_facade(format!("`apivideo`, `{feature}`"), &options));
        }
        Ok(all)
    }

    /// Builds the application in debug and release mode.
    pub(super) fn build(&self, root: &Path) -> Result<Built> {
        let folder = tempfile::tempdir()?;
        let folder = folder.path();
        let manifest = format!(
            "[package]\nname = \"application\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n[dependencies]\n{}\n\
             [profile.release]\nstrip = true\n",
            self.dependencies
        );
        fs::create_dir(folder.join("src"))?;
        fs::write(folder.join("Cargo.toml"), manifest)?;
        fs::write(folder.join("src/main.rs"), self.main)?;
        fs::copy(root.join("Cargo.lock"), folder.join("Cargo.lock"))?;
        // Dependencies are fetched before the time is measured. The platform is fixed, so that the count is the same everywhere.
        let tree = self.cargo(
            folder,
            &[
                "tree",
                "--target",
                "x86_64-unknown-linux-gnu",
                "--edges",
                "normal,build",
                "--prefix",
                "none",
            ],
        )?;
        let tree = String::from_utf8(tree.stdout)?;
        let mut packages: Vec<&str> = tree
            .lines()
            .map(|line| line.trim_end_matches(" (*)"))
            .filter(|line| !line.is_empty() && !line.starts_with("application "))
            .collect();
        packages.sort_unstable();
        packages.dedup();

        let measured = |options: &[&str]| -> Result<f64> {
            let before = machine::children_cpu();
            self.cargo(folder, options)?;
            Ok((machine::children_cpu() - before).as_secs_f64())
        };
        Ok(Built {
            packages: packages.len(),
            debug: measured(&["build"])?,
            release: measured(&["build", "--release"])?,
            bytes: fs::metadata(folder.join("target/release/application"))?.len(),
        })
    }

    fn cargo(&self, folder: &Path, arguments: &[&str]) -> Result<Output> {
        let output = Command::new("cargo")
            .args(arguments)
            .current_dir(folder)
            .env("CARGO_TARGET_DIR", folder.join("target"))
            .env("CARGO_TERM_COLOR", "never")
            .env_remove("RUSTC_WRAPPER")
            .output()?;
        if output.status.success() {
            return Ok(output);
        }
        let why = String::from_utf8_lossy(&output.stderr);
        Err(format!("the application with {} does not build:\n{why}", self.name).into())
    }
}

/// Returns the features of the facade that are not enabled by default.
fn features(root: &Path) -> Result<Vec<String>> {
    let metadata = Command::new("cargo")
        .args(["metadata", "--format-version=1", "--no-deps"])
        .current_dir(root)
        .output()?;
    let metadata: Value = serde_json::from_slice(&metadata.stdout)?;
    let packages = metadata["packages"].as_array().into_iter().flatten();
    let features = packages
        .filter(|package| package["name"] == "apivideo")
        .find_map(|package| package["features"].as_object())
        .ok_or("package apivideo not found in the workspace")?;
    let is_default = |name: &String| {
        let defaults = features["default"].as_array();
        name == "default"
            || defaults.is_some_and(|names| names.iter().any(|default| default == name))
    };
    Ok(features
        .keys()
        .filter(|name| !is_default(name))
        .cloned()
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn measures_every_feature_that_is_not_a_default() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let names: Vec<String> = Application::all(&root, true)
            .unwrap()
            .into_iter()
            .map(|application| application.name)
            .collect();
        assert_eq!(names[0], "reqwest, serde, tokio, futures");
        for (name, is_measured) in [
            ("`apivideo`", true),
            ("`apivideo`, `schemars`", true),
            ("`apivideo`, `rustls`", false),
        ] {
            assert_eq!(names.contains(&name.to_owned()), is_measured, "{names:?}");
        }
    }
}
