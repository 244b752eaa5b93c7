//! Replies are read by a hand-written function of the library's crate.

use proc_macro2::{Group, Ident, TokenStream, TokenTree};

/// What the generator calls to read a reply: `ResponseValue::from_response`.
const THEIRS: [&str; 2] = ["ResponseValue", "from_response"];
/// What is called instead: `crate::reply::read`.
pub(super) const OURS: [&str; 3] = ["crate", "reply", "read"];

/// The code with its replies read by our function.
pub(super) fn by_ours(code: TokenStream) -> TokenStream {
    let mut out: Vec<TokenTree> = Vec::new();
    for token in code {
        match token {
            TokenTree::Group(group) => {
                let mut inside = Group::new(group.delimiter(), by_ours(group.stream()));
                inside.set_span(group.span());
                out.push(inside.into());
            }
            TokenTree::Ident(word) if word == THEIRS[1] && follows_type(&out) => {
                let two_colons: Vec<TokenTree> = out.split_off(out.len() - 2);
                out.pop();
                for (place, name) in OURS.into_iter().enumerate() {
                    if place > 0 {
                        out.extend(two_colons.iter().cloned());
                    }
                    out.push(Ident::new(name, word.span()).into());
                }
            }
            other => out.push(other),
        }
    }
    out.into_iter().collect()
}

/// Whether the tokens end with `ResponseValue::`.
fn follows_type(before: &[TokenTree]) -> bool {
    let is_colon =
        |token: &TokenTree| matches!(token, TokenTree::Punct(sign) if sign.as_char() == ':');
    match before {
        [.., TokenTree::Ident(of), first, second] => {
            of == THEIRS[0] && is_colon(first) && is_colon(second)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_reads_a_reply_is_replaced_and_nothing_else() {
        let code = "match status { 200u16 => ResponseValue::from_response(response).await, _ => \
                    Ok(ResponseValue::empty(other::from_response(from_response))) }";
        let ours = code.replace("ResponseValue::from_response", "crate::reply::read");
        let replaced = by_ours(code.parse().unwrap()).to_string();
        assert_eq!(replaced, ours.parse::<TokenStream>().unwrap().to_string());
    }
}
