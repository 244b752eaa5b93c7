//! What an application has to build and to carry for the facade, beside what it would have to without: `cargo xtask bench
//! build`, whose table is in the README.

mod application;
mod measurement;
mod table;

use std::io::Write;
use std::path::Path;

use crate::error::Error;

use application::Application;
pub use table::{README, packages_told};

/// Builds one small application after the other from nothing, and gives the table; `features` has those with each feature of
/// the facade built as well, and `write` puts the table into the README too.
///
/// Nothing that was built before is used, and the versions are those of the workspace's `Cargo.lock`.
///
/// # Errors
/// When an application does not build, or the README has no place for the table.
pub fn run(root: &Path, features: bool, write: bool, out: &mut dyn Write) -> Result<(), Error> {
    let mut rows = Vec::new();
    for application in Application::all(root, features)? {
        tell(out, &format!("{} …\n", application.name));
        match application.build(root)? {
            Ok(built) => rows.push((application.name, built)),
            Err(why) => tell(out, &format!("{}: left out: {why}\n", application.name)),
        }
    }
    let packages = application::packages(root)?;
    let table = table::of(&rows, packages);
    tell(out, &format!("\n{table}"));
    if write {
        let path = root.join(README);
        let text = std::fs::read_to_string(&path).map_err(|source| Error::File {
            path: path.clone(),
            tried: "failed to read",
            source,
        })?;
        let text = table::put(&text, &table).ok_or_else(|| {
            Error::Weighing(format!(
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

/// Nobody who can't be told minds.
fn tell(out: &mut dyn Write, text: &str) {
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}
