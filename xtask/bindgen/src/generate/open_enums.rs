//! The enums of requests are open: each gets a variant for values that the document does not list, because a service adds values.
//!
//! Responses have no enums (see the fixup `open-enums`). An enum of the generator is recognized by its `Display`, which has an arm
//! for each variant.

use std::collections::BTreeMap;

use syn::{Attribute, Expr, ImplItem, Item, ItemEnum, ItemImpl, Stmt};

use super::paths::TEXT;

/// Adds the variant to every enum of strings in the module `types`.
pub(super) fn open(file: &mut syn::File) {
    let types = file.items.iter_mut().find_map(|item| match item {
        Item::Mod(module) if module.ident == "types" => module.content.as_mut(),
        _ => None,
    });
    let Some((_, items)) = types else {
        return;
    };
    let mut opened = BTreeMap::new();
    for item in items.iter_mut() {
        if let Item::Enum(item) = item
            && let Some(variant) = open_enum(item)
        {
            opened.insert(item.ident.to_string(), variant);
        }
    }
    for item in items {
        if let Item::Impl(item) = item
            && let Some(variant) = implemented_type(item).and_then(|name| opened.get(&name))
        {
            open_impl(item, variant);
        }
    }
}

/// Adds the variant to an enum of strings, and returns its name.
fn open_enum(item: &mut ItemEnum) -> Option<syn::Ident> {
    let is_of_strings = item.variants.iter().all(|variant| {
        matches!(variant.fields, syn::Fields::Unit) && variant.discriminant.is_none()
    });
    let is_copied = item.attrs.iter().any(has_copy);
    if !is_of_strings || !is_copied || item.variants.is_empty() {
        return None;
    }
    for attribute in &mut item.attrs {
        if has_copy(attribute) {
            without_copy(attribute);
        }
    }
    let name = ["Other", "OtherValue", "UnlistedValue"]
        .into_iter()
        .find(|name| item.variants.iter().all(|variant| variant.ident != name))?;
    let name = quote::format_ident!("{name}");
    let text: syn::Path = syn::parse_str(TEXT).ok()?;
    item.variants.push(syn::parse_quote! {
        /// A value that the document does not list.
        #[serde(untagged)]
        #name(#text)
    });
    Some(name)
}

/// Adds the variant to `Display`, and makes `FromStr` accept every string.
fn open_impl(item: &mut ItemImpl, variant: &syn::Ident) {
    let name = item
        .trait_
        .as_ref()
        .and_then(|(path, _)| path.segments.last())
        .map(|segment| segment.ident.to_string());
    let body = item.items.iter_mut().find_map(|item| match item {
        ImplItem::Fn(function) => function.block.stmts.last_mut(),
        _ => None,
    });
    let Some(Stmt::Expr(Expr::Match(body), _)) = body else {
        return;
    };
    match name.as_deref() {
        Some("Display") => body.arms.push(syn::parse_quote! {
            Self::#variant(ref value) => f.write_str(value),
        }),
        Some("FromStr") => {
            body.arms.pop();
            body.arms.push(syn::parse_quote! {
                _ => Ok(Self::#variant(value.into())),
            });
        }
        _ => {}
    }
}

fn implemented_type(item: &ItemImpl) -> Option<String> {
    match &*item.self_ty {
        syn::Type::Path(path) => Some(path.path.get_ident()?.to_string()),
        _ => None,
    }
}

fn derived(attribute: &Attribute) -> Vec<syn::Path> {
    let mut paths = Vec::new();
    if attribute.path().is_ident("derive") {
        let parsed = attribute.parse_nested_meta(|meta| {
            paths.push(meta.path);
            Ok(())
        });
        if parsed.is_err() {
            paths.clear();
        }
    }
    paths
}

fn has_copy(attribute: &Attribute) -> bool {
    derived(attribute).iter().any(|path| path.is_ident("Copy"))
}

fn without_copy(attribute: &mut Attribute) {
    let kept = derived(attribute).into_iter();
    let kept = kept.filter(|path| !path.is_ident("Copy"));
    *attribute = syn::parse_quote!(#[derive(#(#kept),*)]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_enum_of_strings_gets_a_variant_for_other_values() {
        let mut file: syn::File = syn::parse_quote! {
            pub mod types {
                #[derive(Clone, Copy, Debug)]
                pub enum Order {
                    #[serde(rename = "asc")]
                    Asc,
                    Other,
                }
                impl ::std::fmt::Display for Order {
                    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                        match *self {
                            Self::Asc => f.write_str("asc"),
                            Self::Other => f.write_str("other"),
                        }
                    }
                }
                impl ::std::str::FromStr for Order {
                    type Err = self::error::ConversionError;
                    fn from_str(value: &str) -> Result<Self, self::error::ConversionError> {
                        match value {
                            "asc" => Ok(Self::Asc),
                            "other" => Ok(Self::Other),
                            _ => Err("invalid value".into()),
                        }
                    }
                }
                #[derive(Clone, Debug)]
                pub enum Mixed {
                    Text(String),
                }
            }
        };
        open(&mut file);
        let expected: syn::File = syn::parse_quote! {
            pub mod types {
                #[derive(Clone, Debug)]
                pub enum Order {
                    #[serde(rename = "asc")]
                    Asc,
                    Other,
                    /// A value that the document does not list.
                    #[serde(untagged)]
                    OtherValue(::apivideo_core::wire::Text)
                }
                impl ::std::fmt::Display for Order {
                    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                        match *self {
                            Self::Asc => f.write_str("asc"),
                            Self::Other => f.write_str("other"),
                            Self::OtherValue(ref value) => f.write_str(value),
                        }
                    }
                }
                impl ::std::str::FromStr for Order {
                    type Err = self::error::ConversionError;
                    fn from_str(value: &str) -> Result<Self, self::error::ConversionError> {
                        match value {
                            "asc" => Ok(Self::Asc),
                            "other" => Ok(Self::Other),
                            _ => Ok(Self::OtherValue(value.into())),
                        }
                    }
                }
                #[derive(Clone, Debug)]
                pub enum Mixed {
                    Text(String),
                }
            }
        };
        assert_eq!(
            prettyplease::unparse(&file),
            prettyplease::unparse(&expected)
        );
    }
}
