//! The accepted number of changes by each fixup. Fixups determine what is sent over the wire, so that a different number of
//! changes must be reviewed.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use crate::Error;
use crate::fixups::Need;
use crate::lowering::Applied;

/// The file, relative to the workspace root.
pub const FILE: &str = "openapi/fixup_counts.txt";

/// The name of the library in the file.
pub const LIBRARY: &str = "library";
/// The name of the typed expectations in the file.
pub const EXPECTATIONS: &str = "expectations";

const HEADER: &str = "\
# The number of places of openapi/apivideo.yaml that each fixup changes before the library and the typed expectations are
# generated. `service` marks fixups for the document that the service publishes. If a number changes, generation fails
# until the change is reviewed and accepted with `cargo xtask generate --accept-counts`. Do not edit.
";

/// Compares counts with the accepted ones in the text of the file.
///
/// # Errors
/// Returns each count that differs, and each fixup that is no longer needed.
pub fn check(applied: &[(&'static str, Applied)], text: &str) -> Result<(), Error> {
    let mut pinned = read(text)?;
    let mut moved = Vec::new();
    for (product, Applied { name, places, .. }) in applied {
        let count = places.len();
        let key = key(product, name);
        match pinned.remove(&key) {
            Some(pin) if pin == count => {}
            Some(pin) if count == 0 => moved.push(format!(
                "the fixup {name} (of the {product}) changed 0 places, {pin} are accepted: it is no longer \
                 needed; remove it, or mark it as one for the document of the service"
            )),
            Some(pin) => moved.push(format!(
                "the fixup {name} (of the {product}) changed {count} places, {pin} are accepted"
            )),
            None => moved.push(format!(
                "the fixup {name} (of the {product}) changed {count} places, none are accepted"
            )),
        }
    }
    moved.extend(
        pinned
            .into_keys()
            .map(|key| format!("{key} is accepted, but there is no such fixup")),
    );
    if moved.is_empty() {
        Ok(())
    } else {
        Err(Error::Counts(moved))
    }
}

/// Formats the file for these counts.
///
/// # Errors
/// Returns an error if a fixup for this project's document changes nothing in it.
pub fn accepted(applied: &[(&'static str, Applied)]) -> Result<String, Error> {
    let idle: Vec<String> = applied
        .iter()
        .filter(|(_, applied)| applied.places.is_empty() && applied.need == Need::OwnDocument)
        .map(|(product, Applied { name, .. })| {
            format!(
                "the fixup {name} (of the {product}) changed 0 places: it is no longer needed; remove it, or mark \
                 it as one for the document of the service"
            )
        })
        .collect();
    if !idle.is_empty() {
        return Err(Error::Counts(idle));
    }
    let mut text = HEADER.to_owned();
    for (
        product,
        Applied {
            name, places, need, ..
        },
    ) in applied
    {
        let count = places.len();
        let mark = if *need == Need::ServiceDocument {
            " service"
        } else {
            ""
        };
        // Writing to a `String` does not fail.
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
            [product, name, count] | [product, name, count, "service"] => {
                count.parse().ok().map(|count| (key(product, name), count))
            }
            _ => None,
        };
        let Some((key, count)) = pin else {
            return Err(Error::Syntax {
                path: Path::new(FILE).to_owned(),
                place: Some((number as u64 + 1, 1)),
                message: format!("invalid line `{line}`"),
            });
        };
        pinned.insert(key, count);
    }
    Ok(pinned)
}

#[cfg(test)]
mod tests;
