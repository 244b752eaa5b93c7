//! Marks the generated items of deprecated operations, parameters and properties.

use std::collections::BTreeMap;

use serde_json::Value;
use syn::visit_mut::{self, VisitMut};

use crate::naming::{pascal, snake};
use crate::schema::{component_of, components, operations, resolve};

/// Adds `#[deprecated]` to the methods, setters and fields of deprecated parts of a lowered document.
///
/// # Errors
/// Returns the parts without an item.
pub(super) fn mark(lowered: &Value, file: &mut syn::File) -> Result<(), String> {
    let mut marks = Marks {
        missing: BTreeMap::new(),
        owner: String::new(),
    };
    let is_deprecated = |node: &Value| node["deprecated"] == true;
    for (_, _, operation) in operations(lowered) {
        let id = operation["operationId"].as_str().unwrap_or_default();
        if is_deprecated(operation) {
            marks.add("Client", id);
        }
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            let schema = resolve(lowered, &parameter["schema"]);
            if is_deprecated(parameter) || is_deprecated(schema) {
                marks.add(id, parameter["name"].as_str().unwrap_or_default());
            }
        }
    }
    for (name, schema) in components(lowered).into_iter().flatten() {
        for (property, schema) in schema["properties"].as_object().into_iter().flatten() {
            let part = schema.pointer("/allOf/0").unwrap_or(schema);
            let of_type = crate::schema::parameters_of_type(part)
                .next()
                .unwrap_or(part);
            let target = component_of(of_type).map(|_| resolve(lowered, of_type));
            if is_deprecated(schema) || target.is_some_and(is_deprecated) {
                marks.add(name, property);
            }
        }
    }
    marks.visit_file_mut(file);
    let missing = marks
        .missing
        .into_iter()
        .filter(|(_, is_missing)| *is_missing);
    let missing: Vec<String> = missing
        .map(|((owner, item), _)| format!("{owner}::{item}"))
        .collect();
    if missing.is_empty() {
        Ok(())
    } else {
        Err(format!(
            "deprecated items were not generated: {}",
            missing.join(", ")
        ))
    }
}

struct Marks {
    /// The items by the type that they belong to, and whether they are still to be found.
    missing: BTreeMap<(String, String), bool>,
    /// The current type.
    owner: String,
}

impl Marks {
    fn add(&mut self, owner: &str, item: &str) {
        self.missing.insert((pascal(owner), snake(item)), true);
    }

    fn mark(&mut self, item: &syn::Ident, attributes: &mut Vec<syn::Attribute>) {
        let item = item.to_string();
        let item = item
            .strip_prefix("r#")
            .unwrap_or(&item)
            .trim_end_matches('_');
        let key = (self.owner.clone(), item.to_owned());
        if let Some(is_missing) = self.missing.get_mut(&key) {
            *is_missing = false;
            attributes.push(syn::parse_quote!(#[deprecated]));
        }
    }
}

impl VisitMut for Marks {
    fn visit_item_struct_mut(&mut self, item: &mut syn::ItemStruct) {
        self.owner = item.ident.to_string();
        visit_mut::visit_item_struct_mut(self, item);
    }

    fn visit_field_mut(&mut self, field: &mut syn::Field) {
        if let Some(name) = field.ident.clone()
            && matches!(field.vis, syn::Visibility::Public(_))
        {
            self.mark(&name, &mut field.attrs);
        }
    }

    fn visit_item_impl_mut(&mut self, block: &mut syn::ItemImpl) {
        if let (None, syn::Type::Path(owner)) = (&block.trait_, &*block.self_ty)
            && let Some(owner) = owner.path.segments.last()
        {
            self.owner = owner.ident.to_string();
            visit_mut::visit_item_impl_mut(self, block);
        }
    }

    fn visit_impl_item_fn_mut(&mut self, function: &mut syn::ImplItemFn) {
        let name = function.sig.ident.clone();
        self.mark(&name, &mut function.attrs);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn marks_methods_setters_and_fields() {
        let lowered = json!({
            "paths": { "/things": { "get": {
                "operationId": "listThings",
                "deprecated": true,
                "parameters": [
                    { "name": "sortBy", "deprecated": true, "schema": {} },
                    { "name": "page", "schema": {} },
                ],
            } } },
            "components": { "schemas": { "Thing": { "properties": {
                "oldName": { "type": "string", "deprecated": true },
                "type": { "type": "string", "deprecated": true },
                "name": { "type": "string" },
            } } } },
        });
        let mut file: syn::File = syn::parse_quote! {
            impl Client { pub fn list_things(&self) {} pub fn sort_by(&self) {} }
            pub mod types {
                pub struct Thing { pub old_name: u8, pub type_: u8, pub name: u8 }
                pub mod builder { impl Thing { pub fn old_name(self) {} pub fn name(self) {} } }
            }
            pub mod builder { impl<'a> ListThings<'a> { pub fn sort_by(self) {} pub fn page(self) {} } }
        };
        let expected: syn::File = syn::parse_quote! {
            impl Client { #[deprecated] pub fn list_things(&self) {} pub fn sort_by(&self) {} }
            pub mod types {
                pub struct Thing { #[deprecated] pub old_name: u8, #[deprecated] pub type_: u8, pub name: u8 }
                pub mod builder { impl Thing { #[deprecated] pub fn old_name(self) {} pub fn name(self) {} } }
            }
            pub mod builder { impl<'a> ListThings<'a> { #[deprecated] pub fn sort_by(self) {} pub fn page(self) {} } }
        };
        assert_eq!(mark(&lowered, &mut file), Ok(()));
        assert_eq!(
            prettyplease::unparse(&file),
            prettyplease::unparse(&expected)
        );
        let missing = mark(&lowered, &mut syn::parse_quote! {}).unwrap_err();
        assert!(missing.contains("Client::list_things"), "{missing}");
    }
}
