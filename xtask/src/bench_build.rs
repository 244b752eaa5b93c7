//! Measures the build time and size that the facade adds to an application: `cargo xtask bench build`, whose table is in the
//! README.

mod application;
mod measurement;
mod table;

use std::io::Write;
use std::path::Path;

use xtask_bindgen::error::Error;

use application::Application;
pub use table::{README, packages_listed};

/// Builds small applications from scratch, and prints and returns the table. With `features`, also builds the facade with each
/// of its features; with `write`, also writes the table to the README.
///
/// Earlier builds are not used, and the versions are those of the workspace's `Cargo.lock`.
///
/// # Errors
/// Returns an error if an application does not build, or if the README lacks the markers of the table.
pub fn run(root: &Path, features: bool, write: bool, out: &mut dyn Write) -> Result<(), Error> {
    let mut rows = Vec::new();
    for application in Application::all(root, features)? {
        print_text(out, &format!("{} …\n", application.name));
        match application.build(root)? {
            Ok(built) => rows.push((application.name, built)),
            Err(why) => print_text(out, &format!("{}: skipped: {why}\n", application.name)),
        }
    }
    let packages = application::packages(root)?;
    let table = table::of(&rows, packages);
    print_text(out, &format!("\n{table}"));
    if write {
        let path = root.join(README);
        let text = std::fs::read_to_string(&path).map_err(|source| Error::File {
            path: path.clone(),
            tried: "failed to read",
            source,
        })?;
        let text = table::put(&text, &table).ok_or_else(|| {
            Error::Measurement(format!(
                "{README} has no place for the table: {} and {} on lines of their own",
                table::BEGIN,
                table::END
            ))
        })?;
        std::fs::write(&path, text).map_err(|source| Error::File {
            path,
            tried: "failed to write",
            source,
        })?;
    }
    Ok(())
}

/// Prints text; a closed stream is not an error.
fn print_text(out: &mut dyn Write, text: &str) {
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}
