//! Generates types for deepObject parameters that are open maps, which the generator does not support. One such type is
//! hand-written.

use serde_json::Value;

use crate::fixups::PAIRS;
use crate::schema::components;

/// A generated filter type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PairFilter {
    /// Its name, in Rust and in the lowered document.
    pub name: String,
    /// The wire name of the parameter.
    pub wire: String,
}

impl PairFilter {
    /// Returns its absolute path.
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
        // serde serializes it as a map, and the client adds the entries of a map to the query without the name of the
        // parameter.
        syn::parse_quote! {
            #[doc = #about]
            #[derive(Clone, Debug, Default, PartialEq, Eq)]
            pub struct #name(::std::vec::Vec<(::std::string::String, ::std::string::String)>);

            impl #name {
                /// Creates an empty filter, which matches everything.
                pub fn new() -> Self {
                    Self::default()
                }

                /// Adds a pair. A key may be added several times.
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

/// Returns the filter types that a lowered document requires.
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

/// Adds the filter types to the generated types.
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
    fn generates_the_marked_filter_types() {
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
