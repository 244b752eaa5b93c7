//! The accepted places that fixups change. Fixups determine what is sent over the wire, so that a change of other places must be
//! reviewed.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use crate::Error;
use crate::fixups::Need;
use crate::lowering::Applied;

/// The file, relative to the workspace root.
pub const FILE: &str = "openapi/fixup_places.txt";

/// The name of the library in the file.
pub const LIBRARY: &str = "library";
/// The name of the typed expectations in the file.
pub const EXPECTATIONS: &str = "expectations";

const HEADER: &str = "\
# The places of openapi/apivideo.yaml that each fixup changes before the library and the typed expectations are generated, as
# JSON pointers with the names of parameters instead of their indices. If they change, generation fails until the change is reviewed and
# accepted with `cargo xtask generate --accept-fixups`. Do not edit.
";

/// Returns the differences from the accepted places, by fixup: `+` marks new places, `-` those that vanished.
///
/// # Errors
/// Returns an error if the text of the file is invalid.
pub fn differences(
    applied: &[(&'static str, Applied)],
    accepted: &str,
) -> Result<Vec<String>, Error> {
    let mut accepted = read(accepted)?;
    let mut found = Vec::new();
    for (product, Applied { name, places, .. }) in applied {
        // A place can be changed several times.
        let mut vanished = accepted.remove(&key(product, name)).unwrap_or_default();
        let mut new = Vec::new();
        for place in places {
            match vanished.iter().position(|accepted| *accepted == place) {
                Some(index) => {
                    vanished.remove(index);
                }
                None => new.push(place.as_str()),
            }
        }
        if new.is_empty() && vanished.is_empty() {
            continue;
        }
        new.sort_unstable();
        let mut text = format!(
            "the fixup {name} (of the {product}) changes {} new places, and {} no longer:",
            new.len(),
            vanished.len()
        );
        let marked = [("+", new), ("-", vanished)].into_iter();
        for (mark, place) in
            marked.flat_map(|(mark, places)| places.into_iter().map(move |place| (mark, place)))
        {
            // Writing to a `String` does not fail.
            let _ = write!(text, "\n    {mark} {place}");
        }
        found.push(text);
    }
    found.extend(
        accepted
            .into_keys()
            .map(|key| format!("places of {key} are accepted, and this fixup does not exist")),
    );
    Ok(found)
}

/// Formats the file for these places.
///
/// # Errors
/// Returns an error if a fixup for this project's document changes nothing in it.
pub fn text(applied: &[(&'static str, Applied)]) -> Result<String, Error> {
    let idle: Vec<String> = applied
        .iter()
        .filter(|(_, applied)| applied.places.is_empty() && applied.need == Need::OwnDocument)
        .map(|(product, Applied { name, .. })| {
            format!(
                "the fixup {name} (of the {product}) changes nothing; remove it, or mark it \
                 as one for the document of the service"
            )
        })
        .collect();
    if !idle.is_empty() {
        return Err(Error::Fixups(idle));
    }
    let mut text = HEADER.to_owned();
    for (product, Applied { name, places, .. }) in applied {
        let mut places: Vec<&String> = places.iter().collect();
        places.sort_unstable();
        for place in places {
            let _ = writeln!(text, "{} {place}", key(product, name));
        }
    }
    Ok(text)
}

fn key(product: &str, name: &str) -> String {
    format!("{product} {name}")
}

/// The accepted places, by product and fixup.
fn read(text: &str) -> Result<BTreeMap<String, Vec<&str>>, Error> {
    let mut accepted: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for (number, line) in text.lines().enumerate() {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let mut words = line.splitn(3, ' ');
        let (Some(product), Some(name), Some(place)) = (words.next(), words.next(), words.next())
        else {
            return Err(Error::Syntax {
                path: Path::new(FILE).to_owned(),
                place: Some((number as u64 + 1, 1)),
                message: format!("invalid line `{line}`"),
            });
        };
        accepted.entry(key(product, name)).or_default().push(place);
    }
    Ok(accepted)
}

#[cfg(test)]
mod tests;
