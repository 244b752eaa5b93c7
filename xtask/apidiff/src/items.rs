//! The public Rust items of generated bindings, with their types and wire formats.

use std::collections::{BTreeMap, BTreeSet};

use quote::ToTokens;
use syn::{Fields, Item as Syntax, Visibility};

use super::calls::{Call, call_of};
use super::normalized_name::NormalizedName;

/// Items by their path in reports, such as `types::Session::location`.
pub(super) type Items = BTreeMap<String, Item>;

/// An item that programs can name or rely on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Item {
    pub(super) kind: Kind,
    /// Its type or signature, which the compiler checks.
    pub(super) shape: String,
    /// Its wire format, which the compiler does not check.
    pub(super) wire: String,
    /// It is required to send a call or to build a value.
    pub(super) required: bool,
    pub(super) origin: Origin,
    /// The parent item.
    pub(super) whole: Option<String>,
}

/// The kind of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A struct, an enum or an alias.
    Type,
    /// A public field.
    Field,
    /// A variant of an enum.
    Variant,
    /// A trait that a type implements.
    Trait,
    /// A method that is not a setter.
    Method,
    /// An operation: a method of the client.
    Operation,
    /// A setter of an operation.
    Setter,
    /// The return type of `send`.
    Output,
}

/// The part of the document that an item was generated from, as far as the code contains it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Origin {
    /// A type, or its part with this name.
    Type(NormalizedName, Option<NormalizedName>),
    /// An operation by method and path, or its parameter with this name.
    Operation(String, Option<NormalizedName>),
}

/// Lists the items of a generated library.
pub(super) fn list(file: &syn::File) -> Items {
    let mut items = Items::new();
    for item in &file.items {
        if let Syntax::Mod(module) = item
            && let Some((_, inside)) = &module.content
        {
            match module.ident.to_string().as_str() {
                "types" => types(inside, &mut items),
                "builder" => operations(file, inside, &mut items),
                _ => {}
            }
        }
    }
    items
}

fn types(inside: &[Syntax], items: &mut Items) {
    let required = required_fields(inside);
    for item in inside {
        match item {
            Syntax::Struct(item) if is_public(&item.vis) => {
                let name = item.ident.to_string();
                let shape = match &item.fields {
                    Fields::Named(_) => "struct".to_owned(),
                    other => format!("struct{}", tidy(other)),
                };
                let mut list = Members::begin(items, &name, shape, &item.attrs);
                for field in &item.fields {
                    let Some(ident) = field.ident.as_ref().filter(|_| is_public(&field.vis)) else {
                        continue;
                    };
                    let field_name = ident.to_string();
                    let wire = renamed(&field.attrs).unwrap_or_else(|| field_name.clone());
                    let is_required = required.contains(&(name.clone(), field_name.clone()));
                    list.part(
                        Kind::Field,
                        &field_name,
                        tidy(&field.ty),
                        &wire,
                        is_required,
                    );
                }
            }
            Syntax::Enum(item) if is_public(&item.vis) => {
                let name = item.ident.to_string();
                let mut list = Members::begin(items, &name, "enum".to_owned(), &item.attrs);
                for variant in &item.variants {
                    let variant_name = variant.ident.to_string();
                    let wire = renamed(&variant.attrs).unwrap_or_else(|| variant_name.clone());
                    list.part(
                        Kind::Variant,
                        &variant_name,
                        tidy(&variant.fields),
                        &wire,
                        false,
                    );
                }
            }
            Syntax::Type(item) if is_public(&item.vis) => {
                let name = item.ident.to_string();
                Members::begin(items, &name, format!("= {}", tidy(&item.ty)), &item.attrs);
            }
            Syntax::Impl(block) => implementation(block, items),
            _ => {}
        }
    }
}

/// Adds the parts of a type.
struct Members<'a> {
    items: &'a mut Items,
    whole: String,
    fold: NormalizedName,
}

impl<'a> Members<'a> {
    fn begin(
        items: &'a mut Items,
        name: &str,
        shape: String,
        attributes: &[syn::Attribute],
    ) -> Self {
        let mut list = Self {
            items,
            whole: format!("types::{name}"),
            fold: NormalizedName::of(name),
        };
        let item = Item {
            kind: Kind::Type,
            shape,
            wire: serde_words(attributes),
            required: false,
            origin: Origin::Type(list.fold.clone(), None),
            whole: None,
        };
        list.items.insert(list.whole.clone(), item);
        for name in derived(attributes) {
            list.implements(&name);
        }
        list
    }

    fn part(&mut self, kind: Kind, name: &str, shape: String, wire: &str, required: bool) {
        let item = Item {
            kind,
            shape,
            wire: wire.to_owned(),
            required,
            origin: Origin::Type(self.fold.clone(), Some(NormalizedName::of(wire))),
            whole: Some(self.whole.clone()),
        };
        self.items.insert(format!("{}::{name}", self.whole), item);
    }

    fn implements(&mut self, name: &str) {
        let item = Item {
            kind: Kind::Trait,
            shape: String::new(),
            wire: String::new(),
            required: false,
            origin: Origin::Type(self.fold.clone(), None),
            whole: Some(self.whole.clone()),
        };
        self.items.insert(format!("{}: {name}", self.whole), item);
    }
}

/// Adds the traits and methods of a type. `builder()` is omitted.
fn implementation(block: &syn::ItemImpl, items: &mut Items) {
    let name = tidy(&block.self_ty);
    let mut list = Members {
        items,
        whole: format!("types::{name}"),
        fold: NormalizedName::of(&name),
    };
    if let Some((path, _)) = &block.trait_ {
        list.implements(&tidy(path));
        return;
    }
    for item in &block.items {
        if let syn::ImplItem::Fn(function) = item
            && is_public(&function.vis)
            && function.sig.ident != "builder"
        {
            let item = Item {
                kind: Kind::Method,
                shape: tidy(&function.sig),
                wire: String::new(),
                required: false,
                origin: Origin::Type(list.fold.clone(), None),
                whole: Some(list.whole.clone()),
            };
            let path = format!("{}::{}()", list.whole, function.sig.ident);
            list.items.insert(path, item);
        }
    }
}

/// Returns the fields that are required to build a value: type and field.
fn required_fields(types: &[Syntax]) -> BTreeSet<(String, String)> {
    let mut found = BTreeSet::new();
    let blocks = types
        .iter()
        .filter_map(|item| match item {
            Syntax::Mod(module) if module.ident == "builder" => module.content.as_ref(),
            _ => None,
        })
        .flat_map(|(_, inside)| inside)
        .filter_map(|item| match item {
            Syntax::Impl(block) if block.trait_.is_some() => Some(block),
            _ => None,
        });
    for block in blocks {
        for field in super::calls::failing_fields(block, "default") {
            found.insert((tidy(&block.self_ty), field));
        }
    }
    found
}

fn operations(file: &syn::File, inside: &[Syntax], items: &mut Items) {
    for (method, builder) in methods(file) {
        let Some(call) = call_of(inside, &builder) else {
            continue;
        };
        operation(&method, &call, items);
    }
}

/// Returns the methods of the client that create a call, with the builder that they return.
fn methods(file: &syn::File) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for item in &file.items {
        let Syntax::Impl(block) = item else { continue };
        if block.trait_.is_some() || tidy(&block.self_ty) != "Client" {
            continue;
        }
        for item in &block.items {
            if let syn::ImplItem::Fn(function) = item
                && let syn::ReturnType::Type(_, given) = &function.sig.output
                && let Some(builder) = tidy(given).strip_prefix("builder::")
            {
                let builder = builder.split('<').next().unwrap_or_default();
                found.push((function.sig.ident.to_string(), builder.to_owned()));
            }
        }
    }
    found
}

fn operation(method: &str, call: &Call, items: &mut Items) {
    let whole = format!("Client::{method}()");
    let item =
        |kind, shape: &str, wire: &str, required, member: Option<NormalizedName>, part: bool| {
            Item {
                kind,
                shape: shape.to_owned(),
                wire: wire.to_owned(),
                required,
                origin: Origin::Operation(call.key.clone(), member),
                whole: part.then(|| whole.clone()),
            }
        };
    items.insert(
        whole.clone(),
        item(Kind::Operation, "", &call.address, false, None, false),
    );
    items.insert(
        format!("{whole}.send()"),
        item(Kind::Output, &call.output, &call.taken, false, None, true),
    );
    for setter in &call.setters {
        let member = Some(NormalizedName::of(&setter.word));
        items.insert(
            format!("{whole}.{}()", setter.name),
            item(
                Kind::Setter,
                &setter.takes,
                &setter.wire,
                setter.required,
                member,
                true,
            ),
        );
    }
}

fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

/// Returns the wire name, if it differs from the Rust name.
fn renamed(attributes: &[syn::Attribute]) -> Option<String> {
    let words = serde_words(attributes);
    let (_, after) = words.split_once("rename = \"")?;
    Some(after.split('"').next()?.to_owned())
}

fn serde_words(attributes: &[syn::Attribute]) -> String {
    attributes
        .iter()
        .filter(|attribute| attribute.path().is_ident("serde"))
        .map(|attribute| attribute.meta.to_token_stream().to_string())
        .collect()
}

fn derived(attributes: &[syn::Attribute]) -> Vec<String> {
    attributes
        .iter()
        .filter(|attribute| attribute.path().is_ident("derive"))
        .filter_map(|attribute| match &attribute.meta {
            syn::Meta::List(list) => Some(list.tokens.to_string()),
            _ => None,
        })
        .flat_map(|names| names.split(',').map(squeeze).collect::<Vec<_>>())
        .filter(|name| !name.is_empty())
        .collect()
}

/// Formats code for readers: without unnecessary spaces and well-known paths.
pub(super) fn tidy(code: &impl ToTokens) -> String {
    squeeze(&code.to_token_stream().to_string())
}

fn squeeze(tokens: &str) -> String {
    let is_word = |character: char| character.is_alphanumeric() || "_'\"".contains(character);
    let mut text = String::new();
    let mut parts = tokens.split_whitespace().peekable();
    while let Some(part) = parts.next() {
        text.push_str(part);
        let Some(next) = parts.peek() else { break };
        let between_words = part.ends_with(is_word) && next.starts_with(is_word);
        let is_punctuation = [",", "->"].contains(&part) || *next == "->";
        if between_words || is_punctuation {
            text.push(' ');
        }
    }
    for known in KNOWN {
        text = text.replace(known, "");
    }
    text.replace(", >", ">").replace("::serde", "serde")
}

/// Well-known paths, the longer ones first.
const KNOWN: [&str; 14] = [
    "::apivideo_core::",
    "::std::collections::",
    "::std::convert::",
    "::std::default::",
    "::std::boxed::",
    "::std::option::",
    "::std::result::",
    "::std::string::",
    "::std::fmt::",
    "::std::num::",
    "::std::ops::",
    "::std::str::",
    "::std::vec::",
    "std::convert::",
];

#[cfg(test)]
mod tests;
