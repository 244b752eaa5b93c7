//! The public items of the facade, from the listing that `cargo xtask check --only api` keeps up to date.

use std::collections::{BTreeMap, BTreeSet};

/// The public items of a crate.
#[derive(Clone, Debug, Default)]
pub struct Listing {
    /// Items by their paths without modules, such as `Location::city` or `List<Videos>::tag`, with the traits of the
    /// crate that the argument of a generic type must implement.
    items: BTreeMap<String, Vec<String>>,
    /// Traits and the types that implement them.
    implementations: BTreeSet<(String, String)>,
}

impl Listing {
    /// Parses a listing: one item per line, as `cargo public-api` prints them. Members of trait implementations are
    /// omitted.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let mut listing = Self::default();
        // The bounds of the current implementation, or `None` in an implementation of a trait.
        let mut bounds = Some(Vec::new());
        for line in text.lines() {
            if let Some(header) = line.strip_prefix("impl") {
                let (generics, block) = split_generics(header.trim_start());
                bounds = match block.split_once(" for ") {
                    Some((of, by)) => {
                        let names = name(path(of)).zip(name(path(by)));
                        listing.implementations.extend(names);
                        None
                    }
                    None => Some(crate_traits(generics)),
                };
                continue;
            }
            let line = line.strip_prefix("#[non_exhaustive] ").unwrap_or(line);
            let Some(mut item) = line.strip_prefix("pub ") else {
                continue;
            };
            let mut is_member = true;
            while let Some((keyword, rest)) = item.split_once(' ')
                && keyword.bytes().all(|byte| byte.is_ascii_lowercase())
            {
                is_member &= !["struct", "enum", "union", "trait", "mod", "use"].contains(&keyword);
                item = rest;
            }
            if !is_member {
                bounds = Some(Vec::new());
            }
            if let (Some(bounds), Some(name)) = (&bounds, name(path(item))) {
                listing.items.insert(name, bounds.clone());
            }
        }
        listing
    }

    /// Returns `true` if the crate has this public item.
    #[must_use]
    pub fn contains(&self, item: &str) -> bool {
        self.items.contains_key(item)
    }

    /// Returns the path of a member of a type. A member of `List` is one of `List<Videos>` if `Videos` implements the
    /// traits that it requires.
    #[must_use]
    pub fn member(&self, of: &str, name: &str) -> Option<String> {
        let item = format!("{of}::{name}");
        if self.contains(&item) {
            return Some(item);
        }
        let (generic, argument) = of.strip_suffix('>')?.split_once('<')?;
        let item = format!("{generic}::{name}");
        let is_implemented = |bound: &String| {
            let implementation = (bound.clone(), argument.to_owned());
            self.implementations.contains(&implementation)
        };
        let bounds = self.items.get(&item)?;
        bounds.iter().all(is_implemented).then_some(item)
    }
}

/// Returns the path that a declaration begins with: up to its arguments, its type or its bounds.
fn path(declaration: &str) -> &str {
    let mut depth = 0;
    let mut letters = declaration.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '<' => depth += 1,
            '>' => depth -= 1,
            ':' if letters.peek().is_some_and(|(_, next)| *next == ':') => {
                letters.next();
            }
            '(' | ' ' | ':' if depth == 0 => return &declaration[..at],
            _ => {}
        }
    }
    declaration
}

/// Returns a path without modules, lifetimes and type parameters; `None` if it contains no type.
fn name(path: &str) -> Option<String> {
    let segments = split(path, "::");
    let is_type = |segment: &&str| segment.starts_with(|first: char| first.is_ascii_uppercase());
    let segments = &segments[segments.iter().position(is_type)?..];
    let mut names = Vec::new();
    for (place, segment) in segments.iter().enumerate() {
        let (bare, arguments) = segment.split_once('<').unwrap_or((segment, ""));
        let arguments: Vec<String> = split(arguments.trim_end_matches('>'), ", ")
            .into_iter()
            .filter(|argument| place == 0 && argument.contains("::"))
            .filter_map(name)
            .collect();
        names.push(match arguments.is_empty() {
            true => bare.to_owned(),
            false => format!("{bare}<{}>", arguments.join(", ")),
        });
    }
    Some(names.join("::"))
}

/// Splits a string at a separator outside angle brackets.
fn split<'a>(text: &'a str, separator: &str) -> Vec<&'a str> {
    let (mut parts, mut begin, mut depth) = (Vec::new(), 0, 0);
    for (at, letter) in text.char_indices() {
        match letter {
            '<' => depth += 1,
            '>' => depth -= 1,
            _ if depth == 0 && at >= begin && text[at..].starts_with(separator) => {
                parts.push(&text[begin..at]);
                begin = at + separator.len();
            }
            _ => {}
        }
    }
    parts.push(&text[begin..]);
    parts
}

/// Splits the header of an implementation after its generic parameters, which can be absent.
fn split_generics(header: &str) -> (&str, &str) {
    if !header.starts_with('<') {
        return ("", header);
    }
    let parts = split(header, " ");
    let generics = parts[0];
    (generics, header[generics.len()..].trim_start())
}

/// The traits of this crate in the bounds of generic parameters.
fn crate_traits(generics: &str) -> Vec<String> {
    generics
        .split(['<', '>', ',', ' '])
        .filter(|word| word.starts_with("apivideo::"))
        .filter_map(name)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LISTING: &str = "\
pub mod apivideo
pub use apivideo::Timestamp
pub mod apivideo::query
pub struct apivideo::query::Videos
impl apivideo::query::ListQuery for apivideo::query::Videos
pub type apivideo::query::Videos::Item = apivideo::Video
impl apivideo::query::SortQuery for apivideo::query::Videos
pub type apivideo::query::Videos::Order = apivideo::query::VideoOrder
#[non_exhaustive] pub enum apivideo::query::VideoOrder
pub apivideo::query::VideoOrder::Other(apivideo::query::OtherValue)
pub apivideo::query::VideoOrder::Title
impl apivideo::query::VideoOrder
pub const apivideo::query::VideoOrder::KNOWN: &'static [Self]
pub const fn apivideo::query::VideoOrder::as_str(&self) -> &str
pub trait apivideo::query::ListQuery: core::clone::Clone
pub type apivideo::query::ListQuery::Item: core::marker::Send + 'static
impl apivideo::query::ListQuery for apivideo::query::Videos
pub struct apivideo::List<Q>
impl apivideo::List<apivideo::query::Videos>
pub fn apivideo::List<apivideo::query::Videos>::tag(self, impl core::convert::Into<alloc::string::String>) -> Self
impl<Q: apivideo::query::ListQuery> apivideo::List<Q>
pub async fn apivideo::List<Q>::page(&self, u32) -> apivideo::Result<u8>
pub fn apivideo::List<Q>::resume<'c>(&self, core::option::Option<&'c apivideo::Cursor>) -> u8
impl<Q: apivideo::query::ListQuery + apivideo::query::MetadataQuery> apivideo::List<Q>
pub fn apivideo::List<Q>::metadata(self) -> Self
impl<Q: core::clone::Clone> core::clone::Clone for apivideo::List<Q>
pub fn apivideo::List<Q>::clone(&self) -> apivideo::List<Q>
#[non_exhaustive] pub struct apivideo::Page<T>
pub apivideo::Page::items: alloc::vec::Vec<T>
";

    #[test]
    fn items_have_no_modules_and_no_members_of_trait_implementations() {
        let items = Listing::parse(LISTING).items;
        assert_eq!(
            items.keys().collect::<Vec<_>>(),
            [
                "List",
                "List::metadata",
                "List::page",
                "List::resume",
                "List<Videos>::tag",
                "ListQuery",
                "ListQuery::Item",
                "Page",
                "Page::items",
                "Timestamp",
                "VideoOrder",
                "VideoOrder::KNOWN",
                "VideoOrder::Other",
                "VideoOrder::Title",
                "VideoOrder::as_str",
                "Videos",
            ]
        );
    }

    #[test]
    fn members_of_a_generic_type_require_its_bounds() {
        let listing = Listing::parse(LISTING);
        let member = |of: &str, name: &str| listing.member(of, name);
        assert_eq!(member("Page", "items").as_deref(), Some("Page::items"));
        assert_eq!(
            member("List<Videos>", "tag").as_deref(),
            Some("List<Videos>::tag")
        );
        assert_eq!(
            member("List<Videos>", "page").as_deref(),
            Some("List::page")
        );
        // `Videos` does not implement `MetadataQuery`, and `Sessions` nothing.
        assert_eq!(member("List<Videos>", "metadata"), None);
        assert_eq!(member("List<Sessions>", "page"), None);
        assert_eq!(member("List", "tag"), None);
    }
}
