//! The code of each generated operation, with the types that it uses.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::visit_mut::VisitMut;

/// Returns a module for each operation: its builder, and the types that it uses, without documentation. Operations that are
/// alike in several documents have the same code.
pub(crate) fn parts(file: &syn::File) -> BTreeMap<String, String> {
    let mut file = file.clone();
    Undocumented.visit_file_mut(&mut file);
    let (builder, types) = (inside(&file.items, "builder"), inside(&file.items, "types"));
    let (types_by_name, type_builders) = (by_name(types), by_name(inside(types, "builder")));
    let imports: Vec<_> = builder
        .iter()
        .filter(|item| matches!(item, syn::Item::Use(_)))
        .collect();
    let errors: Vec<_> = types
        .iter()
        .filter(|item| is_module(item, "error"))
        .collect();
    let mut found = BTreeMap::new();
    for (operation, items) in by_name(builder) {
        let mut used: BTreeMap<String, &Vec<&syn::Item>> = BTreeMap::new();
        let mut ahead = items.clone();
        while let Some(item) = ahead.pop() {
            for name in identifiers(item.to_token_stream()) {
                if let Some(items) = types_by_name.get(&name)
                    && used.insert(name.clone(), items).is_none()
                {
                    ahead.extend(items);
                    ahead.extend(type_builders.get(&name).into_iter().flatten());
                }
            }
        }
        let types = used.values().copied().flatten();
        let builders = used
            .keys()
            .filter_map(|name| type_builders.get(name))
            .flatten();
        let response = response_type(&items);
        let module = syn::parse_quote! {
            use progenitor_client::{
                ByteStream, ClientHooks, ClientInfo, Error, OperationInfo, RequestBuilderExt, ResponseValue, encode_path,
            };
            use crate::Client;
            pub mod types {
                #(#errors)*
                #(#types)*
                pub mod builder { #(#builders)* }
            }
            pub mod builder { #(#imports)* #(#items)* }
            pub type Response = #response;
        };
        found.insert(operation, prettyplease::unparse(&module));
    }
    found
}

struct Undocumented;

impl VisitMut for Undocumented {
    fn visit_attributes_mut(&mut self, attributes: &mut Vec<syn::Attribute>) {
        attributes.retain(|attribute| !attribute.path().is_ident("doc"));
    }
}

fn is_module(item: &syn::Item, name: &str) -> bool {
    matches!(item, syn::Item::Mod(module) if module.ident == name)
}

/// Returns the items in a module.
fn inside<'a>(items: &'a [syn::Item], name: &str) -> &'a [syn::Item] {
    let module = items.iter().find(|item| is_module(item, name));
    match module {
        Some(syn::Item::Mod(module)) => module.content.as_ref().map_or(&[], |(_, items)| items),
        _ => &[],
    }
}

/// Returns the definition and the implementations of each type.
fn by_name(items: &[syn::Item]) -> BTreeMap<String, Vec<&syn::Item>> {
    let mut found: BTreeMap<String, Vec<&syn::Item>> = BTreeMap::new();
    for item in items {
        let name = match item {
            syn::Item::Struct(item) => Some(&item.ident),
            syn::Item::Enum(item) => Some(&item.ident),
            syn::Item::Type(item) => Some(&item.ident),
            syn::Item::Impl(block) => match &*block.self_ty {
                syn::Type::Path(of) => of.path.segments.last().map(|segment| &segment.ident),
                _ => None,
            },
            _ => None,
        };
        if let Some(name) = name {
            found.entry(name.to_string()).or_default().push(item);
        }
    }
    found
}

fn identifiers(tokens: TokenStream) -> BTreeSet<String> {
    let inside = |token| match token {
        TokenTree::Ident(name) => BTreeSet::from([name.to_string()]),
        TokenTree::Group(group) => identifiers(group.stream()),
        _ => BTreeSet::new(),
    };
    tokens.into_iter().flat_map(inside).collect()
}

/// Returns `T` of the result of `send`, a `Result<ResponseValue<T>, Error<()>>`.
fn response_type(items: &[&syn::Item]) -> TokenStream {
    let blocks = items.iter().filter_map(|item| match item {
        syn::Item::Impl(block) => Some(block),
        _ => None,
    });
    let outputs = blocks
        .flat_map(|block| &block.items)
        .filter_map(|item| match item {
            syn::ImplItem::Fn(function) if function.sig.ident == "send" => {
                Some(&function.sig.output)
            }
            _ => None,
        });
    let output: String = outputs
        .map(|output| output.to_token_stream().to_string())
        .collect();
    let response = output.split_once("ResponseValue <").unwrap().1;
    response
        .rsplit_once("> , Error")
        .unwrap()
        .0
        .parse()
        .unwrap()
}
