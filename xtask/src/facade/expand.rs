//! Expands macros by example, as far as the facade's macros need it.

use std::collections::BTreeMap;

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

/// A macro that `macro_rules!` defines.
#[derive(Clone, Debug)]
pub(super) struct Macro(Vec<Rule>);

#[derive(Clone, Debug)]
struct Rule {
    pattern: Vec<TokenTree>,
    template: Vec<TokenTree>,
}

/// The value of a variable: tokens, or one value for each repetition.
#[derive(Clone, Debug)]
enum Bound {
    Tokens(Vec<TokenTree>),
    Repeated(Vec<Bound>),
}

type Bindings = BTreeMap<String, Bound>;

impl Macro {
    /// Parses the rules of a definition.
    pub(super) fn of(definition: TokenStream) -> Self {
        let groups: Vec<_> = definition
            .into_iter()
            .filter_map(|token| match token {
                TokenTree::Group(group) => Some(trees(group.stream())),
                _ => None,
            })
            .collect();
        let rules = groups.as_chunks::<2>().0.iter();
        Self(
            rules
                .map(|[pattern, template]| Rule {
                    pattern: pattern.clone(),
                    template: template.clone(),
                })
                .collect(),
        )
    }

    /// Expands a call, if it matches a rule.
    pub(super) fn expand(&self, input: TokenStream) -> Option<TokenStream> {
        let input = trees(input);
        self.0.iter().find_map(|rule| {
            let mut bindings = Bindings::new();
            let end = match_prefix(&rule.pattern, &input, &mut bindings)?;
            (end == input.len()).then(|| transcribe(&rule.template, &bindings))?
        })
    }

    /// Returns the tokens of its templates.
    pub(super) fn templates(&self) -> impl Iterator<Item = &TokenTree> {
        self.0.iter().flat_map(|rule| &rule.template)
    }
}

fn trees(stream: TokenStream) -> Vec<TokenTree> {
    stream.into_iter().collect()
}

fn is_punct(token: Option<&TokenTree>, wanted: char) -> bool {
    matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == wanted)
}

/// A part of a pattern or a template.
enum Part<'a> {
    /// `$name`, with its fragment specifier in patterns.
    Variable(String, Option<String>),
    /// `$(…)`, with its separator.
    Repetition(Vec<TokenTree>, Option<TokenTree>),
    Other(&'a TokenTree),
}

/// The first part, and its length in tokens.
fn part(tokens: &[TokenTree]) -> Option<(Part<'_>, usize)> {
    let first = tokens.first()?;
    if !is_punct(Some(first), '$') {
        return Some((Part::Other(first), 1));
    }
    match tokens.get(1)? {
        TokenTree::Ident(name) => match (tokens.get(2), tokens.get(3)) {
            (colon, Some(TokenTree::Ident(kind))) if is_punct(colon, ':') => {
                Some((Part::Variable(name.to_string(), Some(kind.to_string())), 4))
            }
            _ => Some((Part::Variable(name.to_string(), None), 2)),
        },
        TokenTree::Group(group) => {
            let is_operator = |at| {
                ['*', '+', '?']
                    .iter()
                    .any(|operator| is_punct(tokens.get(at), *operator))
            };
            let inside = trees(group.stream());
            if is_operator(2) {
                Some((Part::Repetition(inside, None), 3))
            } else {
                Some((Part::Repetition(inside, Some(tokens.get(2)?.clone())), 4))
            }
        }
        other => Some((Part::Other(other), 2)),
    }
}

/// Matches a pattern with the beginning of the input, and returns the length of the match.
fn match_prefix(
    mut pattern: &[TokenTree],
    input: &[TokenTree],
    bindings: &mut Bindings,
) -> Option<usize> {
    let mut at = 0;
    while let Some((part, length)) = part(pattern) {
        pattern = &pattern[length..];
        match part {
            Part::Variable(name, kind) => {
                let taken = fragment(kind.as_deref()?, &input[at..], pattern)?;
                let tokens = input[at..at + taken].to_vec();
                bindings.insert(name, Bound::Tokens(tokens));
                at += taken;
            }
            Part::Repetition(inside, between) => {
                at += match_repetition(&inside, between.as_ref(), &input[at..], bindings);
            }
            Part::Other(TokenTree::Group(wanted)) => {
                let TokenTree::Group(there) = input.get(at)? else {
                    return None;
                };
                let inside = trees(there.stream());
                if wanted.delimiter() != there.delimiter()
                    || match_prefix(&trees(wanted.stream()), &inside, bindings)? != inside.len()
                {
                    return None;
                }
                at += 1;
            }
            Part::Other(wanted) => {
                if wanted.to_string() != input.get(at)?.to_string() {
                    return None;
                }
                at += 1;
            }
        }
    }
    Some(at)
}

fn match_repetition(
    inside: &[TokenTree],
    between: Option<&TokenTree>,
    input: &[TokenTree],
    bindings: &mut Bindings,
) -> usize {
    let mut all: BTreeMap<String, Vec<Bound>> = BTreeMap::new();
    for name in variables(inside) {
        all.insert(name, Vec::new());
    }
    let mut at = 0;
    let mut from = 0;
    loop {
        let mut round = Bindings::new();
        let Some(length) =
            match_prefix(inside, &input[from..], &mut round).filter(|length| *length > 0)
        else {
            break;
        };
        for (name, bound) in round {
            all.entry(name).or_default().push(bound);
        }
        at = from + length;
        from = match between {
            None => at,
            Some(wanted)
                if input
                    .get(at)
                    .is_some_and(|there| there.to_string() == wanted.to_string()) =>
            {
                at + 1
            }
            Some(_) => break,
        };
    }
    bindings.extend(
        all.into_iter()
            .map(|(name, values)| (name, Bound::Repeated(values))),
    );
    at
}

/// The length of a fragment in tokens. A fragment of several tokens ends before the next token of the pattern.
fn fragment(kind: &str, input: &[TokenTree], next: &[TokenTree]) -> Option<usize> {
    let first = match kind {
        "vis" => return Some(visibility(input)),
        _ => input.first()?,
    };
    match kind {
        "ident" => matches!(first, TokenTree::Ident(_)).then_some(1),
        "literal" => matches!(first, TokenTree::Literal(_)).then_some(1),
        "tt" => Some(1),
        _ => {
            let is_end = |token: &TokenTree| match next.first() {
                Some(TokenTree::Group(wanted)) => {
                    matches!(token, TokenTree::Group(there) if there.delimiter() == wanted.delimiter())
                }
                Some(wanted) => token.to_string() == wanted.to_string(),
                None => false,
            };
            let length = input.iter().take_while(|token| !is_end(token)).count();
            (length > 0).then_some(length)
        }
    }
}

/// The length of a visibility such as `pub(super)`, which may be empty.
fn visibility(input: &[TokenTree]) -> usize {
    match input {
        [TokenTree::Ident(word), TokenTree::Group(group), ..]
            if word == "pub" && group.delimiter() == Delimiter::Parenthesis =>
        {
            2
        }
        [TokenTree::Ident(word), ..] if word == "pub" => 1,
        _ => 0,
    }
}

fn variables(mut tokens: &[TokenTree]) -> Vec<String> {
    let mut names = Vec::new();
    while let Some((part, length)) = part(tokens) {
        tokens = &tokens[length..];
        match part {
            Part::Variable(name, _) => names.push(name),
            Part::Repetition(inside, _) => names.extend(variables(&inside)),
            Part::Other(TokenTree::Group(group)) => names.extend(variables(&trees(group.stream()))),
            Part::Other(_) => {}
        }
    }
    names
}

fn transcribe(mut template: &[TokenTree], bindings: &Bindings) -> Option<TokenStream> {
    let mut out: Vec<TokenTree> = Vec::new();
    while let Some((part, length)) = part(template) {
        match part {
            // In a template, a colon after a variable is a colon.
            Part::Variable(name, _) => {
                template = &template[2..];
                match bindings.get(&name) {
                    Some(Bound::Tokens(tokens)) => out.extend(tokens.iter().cloned()),
                    Some(Bound::Repeated(_)) => return None,
                    None => out.extend(name.parse::<TokenStream>().ok()?),
                }
                continue;
            }
            Part::Repetition(inside, between) => {
                let names = variables(&inside);
                let count = names.iter().find_map(|name| match bindings.get(name) {
                    Some(Bound::Repeated(values)) => Some(values.len()),
                    _ => None,
                })?;
                for round in 0..count {
                    let mut of_round = bindings.clone();
                    for name in &names {
                        if let Some(Bound::Repeated(values)) = bindings.get(name) {
                            of_round.insert(name.clone(), values.get(round)?.clone());
                        }
                    }
                    if round > 0 {
                        out.extend(between.clone());
                    }
                    out.extend(transcribe(&inside, &of_round)?);
                }
            }
            Part::Other(TokenTree::Group(group)) => {
                let inside = transcribe(&trees(group.stream()), bindings)?;
                out.push(Group::new(group.delimiter(), inside).into());
            }
            Part::Other(token) => out.push(token.clone()),
        }
        template = &template[length..];
    }
    Some(out.into_iter().collect())
}

/// Wraps tokens in braces.
pub(super) fn braced(stream: TokenStream) -> TokenTree {
    Group::new(Delimiter::Brace, stream).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expanded(definition: &str, call: &str) -> Option<String> {
        let stream = Macro::of(definition.parse().unwrap()).expand(call.parse().unwrap())?;
        Some(stream.to_string().replace(' ', ""))
    }

    #[test]
    fn variables_repetitions_and_groups() {
        assert_eq!(
            expanded(
                "($name:ident, $of:ty) => { impl List<$name> for $of {} }",
                "A, Vec<B>"
            )
            .unwrap(),
            "implList<A>forVec<B>{}"
        );
        assert_eq!(
            expanded(
                "($(#[$doc:meta])* $name:ident { $($field:ident / $wire:ident = $text:literal,)* }) => \
                 { $(#[$doc])* struct $name { $(pub $field: X,)* } }",
                "#[a] #[b(c)] Device { kind / type_ = \"type\", model / model = \"model\", }"
            )
            .unwrap(),
            "#[a]#[b(c)]structDevice{pubkind:X,pubmodel:X,}"
        );
        assert_eq!(
            expanded("($($with:tt)*) => { $($with)*(self) }", "Self::change").unwrap(),
            "Self::change(self)"
        );
        assert_eq!(
            expanded("($($one:ident),*) => { $($one;)* }", "").unwrap(),
            ""
        );
        assert_eq!(
            expanded("($($one:ident),*) => { $($one;)* }", "a, b").unwrap(),
            "a;b;"
        );
    }

    #[test]
    fn a_visibility_may_be_empty() {
        let rule = "($seen:vis struct $name:ident;) => { $seen fn $name() {} }";
        for (seen, expected) in [
            ("", "fnA(){}"),
            ("pub", "pubfnA(){}"),
            ("pub(super)", "pub(super)fnA(){}"),
        ] {
            let call = format!("{seen} struct A;");
            assert_eq!(expanded(rule, &call).unwrap(), expected);
        }
    }

    #[test]
    fn the_first_matching_rule_is_expanded() {
        let rules = "(a) => { one } ; ($x:literal) => { two $x }";
        assert_eq!(expanded(rules, "a").unwrap(), "one");
        assert_eq!(expanded(rules, "7").unwrap(), "two7");
        assert_eq!(expanded(rules, "b"), None);
    }
}
