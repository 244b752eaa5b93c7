//! The methods that the facade's functions call.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Delimiter, TokenTree};

use super::expand::Macro;

/// A function of the facade.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Function {
    /// The names in its signature, those of types among them.
    pub signature: BTreeSet<String>,
    /// The names of the methods that it calls, directly or by macros.
    pub calls: BTreeSet<String>,
}

/// Collects the functions of a file, and of the items that its macros expand to.
pub(super) fn functions(tokens: &[TokenTree], macros: &BTreeMap<String, Macro>) -> Vec<Function> {
    let mut functions = Vec::new();
    collect(tokens, macros, &mut functions);
    functions
}

fn collect(tokens: &[TokenTree], macros: &BTreeMap<String, Macro>, functions: &mut Vec<Function>) {
    let mut rest = tokens;
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        match first {
            _ if is_test_only(first, after) => rest = behind_item(after),
            TokenTree::Ident(word) if word == "macro_rules" => rest = behind_item(after),
            TokenTree::Ident(word) if word == "fn" => {
                let Some(end) = after.iter().position(ends_item) else {
                    continue;
                };
                let mut function = Function::default();
                names(&after[..end], &mut function.signature);
                calls(&after[end..=end], macros, &mut function.calls);
                functions.push(function);
                rest = &after[end + 1..];
            }
            TokenTree::Ident(word) => {
                // A macro that expands to items.
                if let [TokenTree::Punct(mark), TokenTree::Group(input), ..] = after
                    && mark.as_char() == '!'
                    && let Some(expanded) = macros
                        .get(&word.to_string())
                        .and_then(|called| called.expand(input.stream()))
                {
                    let expanded: Vec<_> = expanded.into_iter().collect();
                    collect(&expanded, macros, functions);
                    rest = &after[2..];
                }
            }
            TokenTree::Group(group) => {
                let inside: Vec<_> = group.stream().into_iter().collect();
                collect(&inside, macros, functions);
            }
            _ => {}
        }
    }
}

/// Whether a token is the body of an item, or ends an item without a body.
fn ends_item(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace)
        || token.to_string() == ";"
}

fn behind_item(tokens: &[TokenTree]) -> &[TokenTree] {
    let end = tokens.iter().position(ends_item);
    end.map_or(&[], |end| &tokens[end + 1..])
}

/// Whether this is an attribute that compiles the item after it for tests only.
fn is_test_only(first: &TokenTree, after: &[TokenTree]) -> bool {
    first.to_string() == "#"
        && matches!(after.first(), Some(TokenTree::Group(group)) if group.stream().to_string().replace(' ', "") == "cfg(test)")
}

fn names(tokens: &[TokenTree], found: &mut BTreeSet<String>) {
    for token in tokens {
        match token {
            TokenTree::Ident(name) => {
                found.insert(name.to_string());
            }
            TokenTree::Group(group) => {
                let inside: Vec<_> = group.stream().into_iter().collect();
                names(&inside, found);
            }
            _ => {}
        }
    }
}

fn calls(tokens: &[TokenTree], macros: &BTreeMap<String, Macro>, called: &mut BTreeSet<String>) {
    for (index, token) in tokens.iter().enumerate() {
        let is_punct = |at: usize, expected: char| matches!(tokens.get(at), Some(TokenTree::Punct(punct)) if punct.as_char() == expected);
        match token {
            TokenTree::Group(group) => {
                let inside: Vec<_> = group.stream().into_iter().collect();
                calls(&inside, macros, called);
            }
            TokenTree::Ident(name) if index > 0 && is_punct(index - 1, '.') => {
                if let Some(TokenTree::Group(group)) = tokens.get(index + 1)
                    && group.delimiter() == Delimiter::Parenthesis
                {
                    called.insert(name.to_string());
                }
            }
            TokenTree::Ident(name) if is_punct(index + 1, '!') => {
                if let Some(used) = macros.get(&name.to_string()) {
                    let template: Vec<_> = used.templates().cloned().collect();
                    calls(&template, &BTreeMap::new(), called);
                }
            }
            _ => {}
        }
    }
}
