//! In how many places each fixup changes our document, as it was accepted last: what goes over the wire follows from the
//! fixups, so that a count which moves has to be looked at.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use crate::Error;
use crate::fixups::Need;
use crate::lowering::Applied;

/// The file, relative to the top of the workspace.
pub const FILE: &str = "openapi/fixup_counts.txt";

/// Where the counts of the library are from, in the file.
pub const LIBRARY: &str = "library";
/// Where the counts of the typed expectations are from, in the file.
pub const EXPECTATIONS: &str = "expectations";

const HEADER: &str = "\
# In how many places each fixup changes openapi/apivideo.yaml, before the library and before the typed expectations are
# generated. `foreign` marks those that are there for other documents only. A count that moves stops the generation; once
# it is looked at and meant, this file is renewed by `cargo xtask generate --accept-counts`, never by hand.
";

/// Compares counts with the text of the file.
///
/// # Errors
/// With each count that moved, and each fixup that is not needed any more.
pub fn check(applied: &[(&'static str, Applied)], text: &str) -> Result<(), Error> {
    let mut pinned = read(text)?;
    let mut moved = Vec::new();
    for (product, Applied { name, count, .. }) in applied {
        let key = key(product, name);
        match pinned.remove(&key) {
            Some(pin) if pin == *count => {}
            Some(pin) if *count == 0 => moved.push(format!(
                "the fixup {name} (of the {product}) changed 0 places and {pin} are pinned: it is no longer needed: remove \
                 it, or mark it as one for other documents"
            )),
            Some(pin) => moved.push(format!(
                "the fixup {name} (of the {product}) changed {count} places and {pin} are pinned"
            )),
            None => moved.push(format!(
                "the fixup {name} (of the {product}) changed {count} places and is not pinned"
            )),
        }
    }
    moved.extend(
        pinned
            .into_keys()
            .map(|key| format!("{key} is pinned and there is no such fixup")),
    );
    if moved.is_empty() {
        Ok(())
    } else {
        Err(Error::Counts(moved))
    }
}

/// The text of the file for these counts.
///
/// # Errors
/// When a fixup that is there for our document changes nothing in it.
pub fn accepted(applied: &[(&'static str, Applied)]) -> Result<String, Error> {
    let idle: Vec<String> = applied
        .iter()
        .filter(|(_, applied)| applied.count == 0 && applied.need == Need::OwnDocument)
        .map(|(product, Applied { name, .. })| {
            format!(
                "the fixup {name} (of the {product}) changed 0 places: it is no longer needed: remove it, or mark it as \
                 one for other documents"
            )
        })
        .collect();
    if !idle.is_empty() {
        return Err(Error::Counts(idle));
    }
    let mut text = HEADER.to_owned();
    for (product, Applied { name, count, .. }) in applied {
        let mark = if *count == 0 { " foreign" } else { "" };
        // A String takes everything.
        let _ = writeln!(text, "{} {count}{mark}", key(product, name));
    }
    Ok(text)
}

fn key(product: &str, name: &str) -> String {
    format!("{product} {name}")
}

fn read(text: &str) -> Result<BTreeMap<String, usize>, Error> {
    let mut pinned = BTreeMap::new();
    for (number, line) in text.lines().enumerate() {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let words: Vec<&str> = line.split_whitespace().collect();
        let pin = match words[..] {
            [product, name, count] | [product, name, count, "foreign"] => {
                count.parse().ok().map(|count| (key(product, name), count))
            }
            _ => None,
        };
        let Some((key, count)) = pin else {
            return Err(Error::Syntax {
                path: Path::new(FILE).to_owned(),
                place: Some((number as u64 + 1, 1)),
                message: format!("`{line}` is no pin"),
            });
        };
        pinned.insert(key, count);
    }
    Ok(pinned)
}

#[cfg(test)]
mod tests;
