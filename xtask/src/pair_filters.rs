//! The types of deepObject parameters that are open maps, other than the one whose type is written by hand: the generator
//! has none for them, so they are made here and put among its types.

use serde_json::Value;

use crate::fixups::PAIRS;
use crate::schema::components;

/// One of the types.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PairFilter {
    /// What it is called, in Rust as in the lowered document.
    pub name: String,
    /// The name of the parameter on the wire.
    pub wire: String,
}

impl PairFilter {
    /// Where it is found, from anywhere.
    #[must_use]
    pub fn path(&self) -> String {
        format!("::apivideo_core::types::{}", self.name)
    }

    fn items(&self) -> syn::File {
        let name = quote::format_ident!("{}", self.name);
        let wire = &self.wire;
        let about = format!(
            "Pairs of key and value, sent as `{}[key]=value` each, in the order in which they were added.",
            wire.escape_debug()
        );
        // It is one of the wire types that serde writes as a map: the client hands a map of a query parameter to the
        // query as it is, without the parameter's name.
        syn::parse_quote! {
            #[doc = #about]
            #[derive(Clone, Debug, Default, PartialEq, Eq)]
            pub struct #name(::std::vec::Vec<(::std::string::String, ::std::string::String)>);

            impl #name {
                /// A filter that lets everything through.
                pub fn new() -> Self {
                    Self::default()
                }

                /// One more pair; a key may come several times.
                pub fn with(mut self, key: impl ::std::string::ToString, value: impl ::std::string::ToString) -> Self {
                    self.0.push((key.to_string(), value.to_string()));
                    self
                }
            }

            impl ::serde::Serialize for #name {
                fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> ::std::result::Result<S::Ok, S::Error> {
                    serializer.collect_map(self.0.iter().map(|(key, value)| (::std::format!("{}[{key}]", #wire), value)))
                }
            }
        }
    }
}

/// Those that a lowered document calls for.
#[must_use]
pub fn of(lowered: &Value) -> Vec<PairFilter> {
    components(lowered)
        .into_iter()
        .flatten()
        .filter_map(|(name, schema)| {
            Some(PairFilter {
                name: name.clone(),
                wire: schema.get(PAIRS)?.as_str()?.to_owned(),
            })
        })
        .collect()
}

/// Puts them among the generated types.
pub fn add(filters: &[PairFilter], file: &mut syn::File) {
    let types = file.items.iter_mut().find_map(|item| match item {
        syn::Item::Mod(module) if module.ident == "types" => module.content.as_mut(),
        _ => None,
    });
    if let Some((_, items)) = types {
        items.extend(filters.iter().flat_map(|filter| filter.items().items));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_types_that_are_marked_are_made() {
        let lowered = json!({ "components": { "schemas": {
            "LabelsFilter": { "type": "object", "x-pairs": "la\"{}\nbels" },
            "MetadataFilter": { "type": "object" },
        } } });
        let filters = of(&lowered);
        assert_eq!(filters.len(), 1);
        assert_eq!(filters[0].path(), "::apivideo_core::types::LabelsFilter");
        let mut file = syn::parse_quote! { pub mod types { pub struct A; } pub mod builder {} };
        add(&filters, &mut file);
        let text = prettyplease::unparse(&file);
        for part in [
            "pub struct LabelsFilter(",
            "\"la\\\"{}\\nbels\"",
            r#"`la\"{}\nbels[key]=value`"#,
        ] {
            assert!(text.contains(part), "{part}: {text}");
        }
    }
}
