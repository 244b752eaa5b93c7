//! Requests are sent and responses are read by hand-written functions of the library's crate.

use proc_macro2::{Group, TokenStream, TokenTree};

/// What the generator writes to send a request.
const SENT_BY_THEM: &str = "client.pre(&mut request, &info).await?; \
    let result = client.exec(request, &info).await; \
    client.post(&result, &info).await?; \
    let response = result?;";
/// What is written instead.
const SENT_BY_US: &str = "let response = crate::response::to(client, request, &info).await?;";
/// What the generator calls to read a response.
const READ_BY_THEM: &str = "ResponseValue::from_response";
/// What is called instead: `crate::response::read`.
pub(super) const FUNCTIONS: [&str; 3] = ["crate", "response", "read"];

/// The code with its requests sent and its responses read by our functions.
pub(super) fn by_ours(code: TokenStream) -> TokenStream {
    let code = replaced(code, &tokens(SENT_BY_THEM), &tokens(SENT_BY_US));
    replaced(code, &tokens(READ_BY_THEM), &tokens(&FUNCTIONS.join("::")))
}

fn tokens(code: &str) -> Vec<TokenTree> {
    let code: TokenStream = code.parse().expect("these are tokens");
    code.into_iter().collect()
}

/// The code with `ours` wherever it has `theirs`.
fn replaced(code: TokenStream, theirs: &[TokenTree], ours: &[TokenTree]) -> TokenStream {
    let mut out: Vec<TokenTree> = Vec::new();
    for token in code {
        out.push(match token {
            TokenTree::Group(group) => {
                let inside = replaced(group.stream(), theirs, ours);
                Group::new(group.delimiter(), inside).into()
            }
            other => other,
        });
        if let Some(start) = out.len().checked_sub(theirs.len())
            && same(&out[start..], theirs)
        {
            out.truncate(start);
            out.extend(ours.iter().cloned());
        }
    }
    out.into_iter().collect()
}

/// Whether the tokens are the same, wherever they come from.
fn same(some: &[TokenTree], others: &[TokenTree]) -> bool {
    some.len() == others.len()
        && some.iter().zip(others).all(|pair| match pair {
            (TokenTree::Group(one), TokenTree::Group(other)) => {
                let inside = |group: &Group| group.stream().into_iter().collect::<Vec<_>>();
                one.delimiter() == other.delimiter() && same(&inside(one), &inside(other))
            }
            (TokenTree::Group(_), _) | (_, TokenTree::Group(_)) => false,
            (one, other) => one.to_string() == other.to_string(),
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_reads_a_response_is_replaced_and_nothing_else() {
        let code = "match status { 200u16 => ResponseValue::from_response(response).await, _ => \
                    Ok(ResponseValue::empty(other::from_response(from_response))) }";
        let ours = code.replace("ResponseValue::from_response", "crate::response::read");
        let replaced = by_ours(code.parse().unwrap()).to_string();
        assert_eq!(replaced, ours.parse::<TokenStream>().unwrap().to_string());
    }

    #[test]
    fn what_sends_a_request_is_replaced_and_nothing_else() {
        let code = "async fn send(self) { client.pre(&request).await?; client.pre(&mut request, &info).await?; \
                    let result = client.exec(request, &info).await; client.post(&result, &info).await?; \
                    let response = result?; response }";
        let ours = "async fn send(self) { client.pre(&request).await?; \
                    let response = crate::response::to(client, request, &info).await?; response }";
        let replaced = by_ours(code.parse().unwrap()).to_string();
        assert_eq!(replaced, ours.parse::<TokenStream>().unwrap().to_string());
    }
}
