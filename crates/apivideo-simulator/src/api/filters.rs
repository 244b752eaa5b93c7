use crate::http::problem::Problem;
use crate::http::query::Written;
use crate::http::service::Call;
use crate::settings::{Behaviour, Invalid};

/// Refuses a request whose filter of this name is not of its form: nobody would notice a filter that is ignored.
pub(crate) fn check(
    behaviour: &Behaviour,
    call: Call<'_>,
    name: &str,
    written: Written,
) -> Result<(), Problem> {
    match call.query.malformed(name, written) {
        Some(found) if behaviour.malformed_filters == Invalid::Refuse => {
            let example = written.example(name);
            let detail = format!("This field must be written as {example}.");
            Err(Problem::query(found.to_owned(), detail))
        }
        _ => Ok(()),
    }
}
