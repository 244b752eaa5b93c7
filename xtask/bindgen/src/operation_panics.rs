//! A panic of this tool, reported as an error that names the operations that cause it.

use crate::catch_panic::catch;
use crate::document::Document;
use crate::error::{Error, Refused};
use crate::schema::{only, operation_name, operations};

/// Runs `work` on a document, and returns a panic as an error with the operations that cause it.
///
/// # Errors
/// Returns the error of `work`, or the panic.
pub(crate) fn with_panics_caught<T>(
    document: &Document,
    work: impl Fn(&Document) -> Result<T, Error>,
) -> Result<T, Error> {
    let reason = match catch(|| work(document)) {
        Ok(result) => return result,
        Err(reason) => reason,
    };
    let mut found = Vec::new();
    for (method, path, operation) in operations(&document.value) {
        let part = Document {
            path: document.path.clone(),
            value: only(&document.value, method, path),
        };
        if let Err(reason) = catch(|| work(&part)) {
            found.push(Refused {
                what: operation_name(method, path, operation),
                reason,
            });
        }
    }
    if found.is_empty() {
        found.push(Refused {
            what: "the document as a whole".to_owned(),
            reason,
        });
    }
    Err(Error::Bug(found))
}

#[cfg(test)]
mod tests;
