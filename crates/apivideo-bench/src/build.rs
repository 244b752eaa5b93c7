//! Measures the build time and size that the facade adds to an application: `apivideo-bench build`, whose table is in the README.

mod application;
mod table;

use std::fs;
use std::io::Write;
use std::path::Path;

use clap::Args;

use crate::Result;
use application::Application;

/// Options of the measurement.
#[derive(Args)]
pub struct Options {
    /// Also write the table to crates/apivideo-bench/README.md
    #[arg(long)]
    write: bool,
    /// Skip features that are not enabled by default
    #[arg(long)]
    default_features: bool,
}

/// Builds small applications from scratch, one after another, and prints the table.
///
/// Earlier builds are not used, and the versions are those of the workspace's `Cargo.lock`.
///
/// # Errors
/// Returns an error if an application does not build, or if the README lacks the markers of the table.
pub fn run(options: &Options) -> Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut rows = Vec::new();
    for application in Application::all(&root, !options.default_features)? {
        writeln!(std::io::stderr(), "{} …", application.name)?;
        rows.push((application.name.clone(), application.build(&root)?));
    }
    let table = table::of(&rows, packages(&root)?);
    write!(std::io::stdout(), "{table}")?;
    if options.write {
        let path = root.join("crates/apivideo-bench/README.md");
        let text = table::put(&fs::read_to_string(&path)?, &table)
            .ok_or_else(|| format!("{} lacks the markers of the table", path.display()))?;
        fs::write(path, text)?;
    }
    Ok(())
}

/// Returns the number of packages that the facade is compiled with by default, as listed by `cargo xtask check`.
fn packages(root: &Path) -> Result<usize> {
    let listing = fs::read_to_string(root.join("crates/apivideo/dependencies.txt"))?;
    let count = listing.split(' ').next().unwrap_or_default();
    Ok(count.parse()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_readme_reports_the_packages_of_the_facade() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let packages = packages(&root).unwrap();
        let reported = table::packages(include_str!("../README.md"));
        assert!(
            reported.is_some_and(|reported| packages <= reported),
            "the facade is compiled with {packages} packages by default, but the README reports {reported:?}: update it with \
             `apivideo-bench build --write`, and review the times and the size"
        );
    }
}
