//! Replaces how the generator sends requests and reads responses by calls of hand-written functions.

use super::paths::READ;
use proc_macro2::{Group, TokenStream, TokenTree};

/// The generated code that sends a request.
const GENERATED_SEND: &str = "client.pre(&mut request, &info).await?; \
    let result = client.exec(request, &info).await; \
    client.post(&result, &info).await?; \
    let response = result?;";
/// The code that replaces it.
const SEND: &str = "let response = client.receive(request, &info).await?;";
/// The generated call that reads a response.
const GENERATED_READ: &str = "ResponseValue::from_response";

/// Returns the code with the calls replaced.
pub(super) fn use_hand_written_functions(code: TokenStream) -> TokenStream {
    let code = replace(code, &tokens(GENERATED_SEND), &tokens(SEND));
    replace(code, &tokens(GENERATED_READ), &tokens(&READ.join("::")))
}

fn tokens(code: &str) -> Vec<TokenTree> {
    let code: TokenStream = code.parse().expect("these are tokens");
    code.into_iter().collect()
}

/// Returns the code with `new` wherever it has `old`.
fn replace(code: TokenStream, old: &[TokenTree], new: &[TokenTree]) -> TokenStream {
    let mut out: Vec<TokenTree> = Vec::new();
    for token in code {
        out.push(match token {
            TokenTree::Group(group) => {
                let inside = replace(group.stream(), old, new);
                Group::new(group.delimiter(), inside).into()
            }
            other => other,
        });
        if let Some(start) = out.len().checked_sub(old.len())
            && are_equal(&out[start..], old)
        {
            out.truncate(start);
            out.extend(new.iter().cloned());
        }
    }
    out.into_iter().collect()
}

/// Compares tokens without their spans.
fn are_equal(some: &[TokenTree], others: &[TokenTree]) -> bool {
    some.len() == others.len()
        && some.iter().zip(others).all(|pair| match pair {
            (TokenTree::Group(one), TokenTree::Group(other)) => {
                let inside = |group: &Group| group.stream().into_iter().collect::<Vec<_>>();
                one.delimiter() == other.delimiter() && are_equal(&inside(one), &inside(other))
            }
            (TokenTree::Group(_), _) | (_, TokenTree::Group(_)) => false,
            (one, other) => one.to_string() == other.to_string(),
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replaces_only_code_that_receives_a_response() {
        let code = "match status { 200u16 => ResponseValue::from_response(response).await, _ => \
                    Ok(ResponseValue::empty(other::from_response(from_response))) }";
        let expected = code.replace("ResponseValue::from_response", "crate::response::read");
        let replaced = use_hand_written_functions(code.parse().unwrap()).to_string();
        assert_eq!(
            replaced,
            expected.parse::<TokenStream>().unwrap().to_string()
        );
    }

    #[test]
    fn replaces_only_code_that_sends_a_request() {
        let code = "async fn send(self) { client.pre(&request).await?; client.pre(&mut request, &info).await?; \
                    let result = client.exec(request, &info).await; client.post(&result, &info).await?; \
                    let response = result?; response }";
        let expected = "async fn send(self) { client.pre(&request).await?; \
                    let response = client.receive(request, &info).await?; response }";
        let replaced = use_hand_written_functions(code.parse().unwrap()).to_string();
        assert_eq!(
            replaced,
            expected.parse::<TokenStream>().unwrap().to_string()
        );
    }
}
