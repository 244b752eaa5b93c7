use crate::behaviour::{Behaviour, InvalidInput};
use crate::http::problem::Problem;
use crate::http::query::FilterSyntax;
use crate::state::ApiRequest;

/// Rejects a filter with invalid syntax, because a filter that is silently ignored hides mistakes.
pub(crate) fn check(
    behaviour: &Behaviour,
    request: ApiRequest<'_>,
    name: &str,
    syntax: FilterSyntax,
) -> Result<(), Problem> {
    match request.query.malformed(name, syntax) {
        Some(found) if behaviour.malformed_filters == InvalidInput::Reject => {
            let example = syntax.example(name);
            let detail = format!("This field must be syntax as {example}.");
            Err(Problem::query(found.to_owned(), detail))
        }
        _ => Ok(()),
    }
}
