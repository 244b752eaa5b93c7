//! The packages to publish.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use super::{Rehearsal, Step};
use xtask_bindgen::Error;

/// The files that a published package must contain.
const HELD: [&str; 4] = ["Cargo.toml", "README.md", "LICENSE-APACHE", "LICENSE-MIT"];

/// A package of the workspace that is published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Package {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Its manifest, relative to the top of the workspace.
    pub manifest: PathBuf,
    /// The packages of the workspace that have to be published before it.
    pub needs: BTreeSet<String>,
}

/// Returns the published packages in the order of their dependencies.
pub(super) fn published(root: &Path) -> Result<Vec<Package>, Error> {
    let text = cargo(root, &["metadata", "--format-version", "1", "--no-deps"])?;
    let metadata: Value = serde_json::from_str(&text).map_err(|error| Error::Command {
        command: "cargo metadata".to_owned(),
        output: error.to_string(),
    })?;
    let top = metadata["workspace_root"].as_str().unwrap_or_default();
    let packages = metadata["packages"].as_array().into_iter().flatten();
    // `publish` is null if all registries are allowed, and a list of registries otherwise.
    let packages = packages.filter(|package| package["publish"] != Value::Array(Vec::new()));
    Ok(in_order(
        packages.map(|package| read(package, top)).collect(),
    ))
}

fn read(package: &Value, top: &str) -> Package {
    let text = |key: &str| package[key].as_str().unwrap_or_default().to_owned();
    let manifest = PathBuf::from(text("manifest_path"));
    let dependencies = package["dependencies"].as_array().into_iter().flatten();
    Package {
        name: text("name"),
        version: text("version"),
        manifest: manifest
            .strip_prefix(top)
            .map(Path::to_owned)
            .unwrap_or(manifest),
        // A path dependency without a version is for tests only.
        needs: dependencies
            .filter(|dependency| dependency["path"].is_string() && dependency["req"] != "*")
            .filter_map(|dependency| dependency["name"].as_str().map(str::to_owned))
            .collect(),
    }
}

/// Sorts packages by dependency. Circular packages keep their order.
fn in_order(mut packages: Vec<Package>) -> Vec<Package> {
    let mut ordered: Vec<Package> = Vec::new();
    while !packages.is_empty() {
        let is_ready = |package: &Package| {
            let open = |need: &&String| packages.iter().any(|other| other.name == **need);
            package.needs.iter().find(open).is_none()
        };
        let next = packages.iter().position(is_ready).unwrap_or_default();
        ordered.push(packages.remove(next));
    }
    ordered
}

/// Packages all crates in a temporary folder.
pub(super) fn step(
    rehearsal: &Rehearsal<'_>,
    packages: &[Package],
    print_step: &mut dyn FnMut(&Step),
) -> Result<(), Error> {
    let mut order = Step::of("order");
    for (index, package) in packages.iter().enumerate() {
        let later: Vec<&str> = packages[index..]
            .iter()
            .map(|other| other.name.as_str())
            .filter(|name| package.needs.contains(*name))
            .collect();
        if !later.is_empty() {
            order.problems.push(format!(
                "{} cannot be published before or after {}: remove the dependency on one side",
                package.name,
                later.join(", ")
            ));
        }
    }
    let names: Vec<&str> = packages
        .iter()
        .map(|package| package.name.as_str())
        .collect();
    order.notes.push(names.join(", then "));
    print_step(&order);

    let target = tempfile::Builder::new()
        .prefix("apivideo-release-")
        .tempdir()
        .map_err(|source| Error::File {
            path: std::env::temp_dir(),
            tried: "failed to create a folder in",
            source,
        })?;
    let mut step = Step::of("packages");
    let folder = target.path().display().to_string();
    let mut arguments = vec![
        "package",
        "--quiet",
        "--locked",
        "--allow-dirty",
        "--target-dir",
        &folder,
    ];
    if !rehearsal.build {
        arguments.push("--no-verify");
    }
    for name in &names {
        arguments.extend(["--package", *name]);
    }
    if let Err(error) = cargo(rehearsal.root, &arguments) {
        step.problems.push(match error {
            Error::Command { output, .. } => format!("cargo package failed: {output}"),
            other => return Err(other),
        });
        print_step(&step);
        return Ok(());
    }
    for package in packages {
        contents(rehearsal, package, target.path(), &mut step)?;
    }
    if !rehearsal.build {
        step.notes
            .push("not built, because of --no-verify".to_owned());
    }
    print_step(&step);
    Ok(())
}

/// Lists the files of a package.
fn contents(
    rehearsal: &Rehearsal<'_>,
    package: &Package,
    target: &Path,
    step: &mut Step,
) -> Result<(), Error> {
    let Package { name, version, .. } = package;
    let folder = target.display().to_string();
    let list = cargo(
        rehearsal.root,
        &[
            "package",
            "--list",
            "--locked",
            "--allow-dirty",
            "--target-dir",
            &folder,
            "--package",
            name,
        ],
    )?;
    let files: Vec<&str> = list.lines().collect();
    let packed = target
        .join("package")
        .join(format!("{name}-{version}.crate"));
    let size = std::fs::metadata(&packed).map_or(0, |metadata| metadata.len());
    let mut folders: BTreeMap<&str, usize> = BTreeMap::new();
    for file in &files {
        *folders
            .entry(file.split_once('/').map_or("", |(folder, _)| folder))
            .or_default() += 1;
    }
    let counts: Vec<String> = folders
        .iter()
        .map(|(folder, count)| match *folder {
            "" => format!("{count} at the top"),
            folder => format!("{count} in {folder}"),
        })
        .collect();
    step.notes.push(format!(
        "{name} {version}: {} files ({}), {} KiB packed",
        files.len(),
        counts.join(", "),
        size.div_ceil(1024)
    ));
    if rehearsal.list {
        step.notes
            .extend(files.iter().map(|file| format!("  {file}")));
    }
    let missing: Vec<&str> = HELD
        .into_iter()
        .filter(|held| !files.contains(held))
        .collect();
    if !missing.is_empty() {
        step.problems.push(format!(
            "{name} would be published without {}: add symbolic links to those of the workspace root",
            missing.join(", ")
        ));
    }
    Ok(())
}

/// Returns the stdout of a cargo command.
fn cargo(root: &Path, arguments: &[&str]) -> Result<String, Error> {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let command = || format!("cargo {}", arguments.first().copied().unwrap_or_default());
    let output = Command::new(program)
        .args(arguments)
        .current_dir(root)
        .output()
        .map_err(|source| Error::Command {
            command: command(),
            output: source.to_string(),
        })?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        Err(Error::Command {
            command: command(),
            output: String::from_utf8_lossy(&output.stderr).trim().to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(name: &str, needs: &[&str]) -> Package {
        Package {
            name: name.to_owned(),
            version: "0.1.0".to_owned(),
            manifest: PathBuf::new(),
            needs: needs.iter().map(|need| (*need).to_owned()).collect(),
        }
    }

    #[test]
    fn dependencies_are_published_first() {
        let packages = vec![
            package("facade", &["core", "simulator"]),
            package("core", &[]),
            package("command", &["facade", "simulator"]),
            package("simulator", &[]),
        ];
        let names: Vec<_> = in_order(packages)
            .into_iter()
            .map(|package| package.name)
            .collect();
        assert_eq!(names, ["core", "simulator", "facade", "command"]);
        // Circular dependencies terminate.
        let circle = vec![package("a", &["b"]), package("b", &["a"])];
        assert_eq!(in_order(circle).len(), 2);
    }
}
