//! Which methods the facade's functions call.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Delimiter, TokenTree};

use super::expand::Macro;

/// The names of the methods that each function calls, itself or by the macros that it uses.
pub(super) fn by_function(
    tokens: &[TokenTree],
    macros: &BTreeMap<String, Macro>,
) -> Vec<BTreeSet<String>> {
    let mut found = Vec::new();
    functions(tokens, macros, &mut found);
    found
}

fn functions(
    tokens: &[TokenTree],
    macros: &BTreeMap<String, Macro>,
    found: &mut Vec<BTreeSet<String>>,
) {
    let mut rest = tokens;
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        if is_test_only(first, after) {
            let end = after.iter().position(|token| {
                matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace)
                    || token.to_string() == ";"
            });
            rest = end.map_or(&[], |end| &after[end + 1..]);
        } else if let TokenTree::Ident(word) = first
            && word == "fn"
            && let Some(end) = after.iter().position(|token| {
                matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace)
                    || token.to_string() == ";"
            })
        {
            let mut called = BTreeSet::new();
            calls(&after[end..=end], macros, &mut called);
            found.push(called);
            rest = &after[end + 1..];
        } else if let TokenTree::Group(group) = first {
            let inside: Vec<_> = group.stream().into_iter().collect();
            functions(&inside, macros, found);
        }
    }
}

/// Whether an attribute begins here that keeps what follows to tests.
fn is_test_only(first: &TokenTree, after: &[TokenTree]) -> bool {
    first.to_string() == "#"
        && matches!(after.first(), Some(TokenTree::Group(group)) if group.stream().to_string().replace(' ', "") == "cfg(test)")
}

fn calls(tokens: &[TokenTree], macros: &BTreeMap<String, Macro>, called: &mut BTreeSet<String>) {
    for (index, token) in tokens.iter().enumerate() {
        let is_next = |at: usize, wanted: char| matches!(tokens.get(at), Some(TokenTree::Punct(punct)) if punct.as_char() == wanted);
        match token {
            TokenTree::Group(group) => {
                let inside: Vec<_> = group.stream().into_iter().collect();
                calls(&inside, macros, called);
            }
            TokenTree::Ident(name) if index > 0 && is_next(index - 1, '.') => {
                if let Some(TokenTree::Group(group)) = tokens.get(index + 1)
                    && group.delimiter() == Delimiter::Parenthesis
                {
                    called.insert(name.to_string());
                }
            }
            TokenTree::Ident(name) if is_next(index + 1, '!') => {
                if let Some(used) = macros.get(&name.to_string()) {
                    let template: Vec<_> = used.templates().cloned().collect();
                    calls(&template, &BTreeMap::new(), called);
                }
            }
            _ => {}
        }
    }
}
