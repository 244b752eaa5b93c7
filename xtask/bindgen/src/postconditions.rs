//! Postconditions of the generated code. A setting of the generator that matches nothing has no effect and is not reported,
//! so the result is checked.

use serde_json::Value;
use syn::visit::Visit;

use crate::Error;
use crate::fixups::RESPONSE_STRING;
use crate::generate::paths::{DATE_TIME, FILTER, OBJECT, READ, SECRET, TEXT};
use crate::schema::{Scope, operations, subschemas};

/// Checks the library.
///
/// # Errors
/// Returns all violations.
pub fn check(lowered: &Value, file: &syn::File) -> Result<(), Error> {
    let mut broken = Vec::new();
    let mut paths = Paths::default();
    paths.visit_file(file);
    for ((path, wanted), found) in wanted(lowered).into_iter().zip(paths.counts) {
        if wanted != found {
            broken.push(format!(
                "`{path}` is used in {found} places of the types, expected {wanted}"
            ));
        }
    }
    let text = prettyplease::unparse(file);
    for (word, why) in FORBIDDEN {
        if text.contains(word) {
            broken.push(format!("it contains `{word}`: {why}"));
        }
    }
    let calls = operations(lowered).count();
    let sent = paths.calls;
    if calls != sent {
        broken.push(format!(
            "it has {sent} calls and the document {calls} operations"
        ));
    }
    let typed = operations(lowered).any(|(_, _, operation)| responses_with_json(operation));
    if typed && paths.reads == 0 {
        broken.push(format!("responses are not read by `{}`", READ.join("::")));
    }
    if broken.is_empty() {
        Ok(())
    } else {
        Err(Error::Output(broken))
    }
}

fn responses_with_json(operation: &Value) -> bool {
    let responses = operation["responses"].as_object().into_iter().flatten();
    responses
        .map(|(_, response)| &response["content"]["application/json"]["schema"])
        .any(|schema| !schema.is_null())
}

const FORBIDDEN: [(&str, &str); 8] = [
    ("chrono::", "dates must have the hand-written type"),
    ("uuid::", "formats must be plain strings"),
    ("regress::", "patterns must be removed"),
    (
        "deny_unknown_fields",
        "responses must accept additional fields",
    ),
    ("defaults::", "defaults must be removed"),
    ("futures::", "streams are hand-written"),
    (
        ".exec(request",
        "requests must be sent by the hand-written function",
    ),
    (
        "::from_response",
        "responses must be read by the hand-written function",
    ),
];

/// The hand-written types whose uses are counted.
const HAND_WRITTEN: [&str; 5] = [OBJECT, DATE_TIME, SECRET, TEXT, FILTER];

/// Returns how often the document requires each of [`HAND_WRITTEN`].
fn wanted(lowered: &Value) -> [(&'static str, usize); HAND_WRITTEN.len()] {
    let mut counts = [0; HAND_WRITTEN.len()];
    let mut ahead: Vec<&Value> = crate::schema::components(lowered)
        .into_iter()
        .flatten()
        .map(|(_, schema)| schema)
        .collect();
    for scope in [Scope::Responses, Scope::Requests] {
        ahead.extend(crate::schema::roots(lowered, scope));
    }
    while let Some(schema) = ahead.pop() {
        let path = schema.pointer("/x-rust-type/path");
        let of = |format: &str| {
            let is_open = schema.get("enum").is_none();
            usize::from(is_open && schema["type"] == "string" && schema["format"] == format)
        };
        counts[0] += usize::from(path.is_some_and(|path| path == &OBJECT[2..]));
        counts[1] += of("date-time");
        counts[2] += of("password");
        counts[3] += of(RESPONSE_STRING);
        ahead.extend(crate::schema::parameters_of_type(schema));
        ahead.extend(subschemas(schema));
    }
    counts[4] = operations(lowered)
        .flat_map(|(_, _, operation)| operation["parameters"].as_array())
        .flatten()
        .filter(|parameter| {
            crate::schema::component_of(&parameter["schema"])
                == Some(crate::deep_object::METADATA_FILTER)
        })
        .count();
    let mut index = 0;
    HAND_WRITTEN.map(|path| {
        index += 1;
        (path, counts[index - 1])
    })
}

/// Counts the uses of each hand-written type in fields and in return types of calls.
#[derive(Default)]
struct Paths {
    counts: [usize; HAND_WRITTEN.len()],
    calls: usize,
    reads: usize,
    in_field: bool,
}

impl<'ast> Visit<'ast> for Paths {
    fn visit_item_mod(&mut self, module: &'ast syn::ItemMod) {
        // `types::builder` repeats every field of the types.
        let is_repetition = module.ident == "builder" && !has_calls(module);
        if !is_repetition {
            syn::visit::visit_item_mod(self, module);
        }
    }

    fn visit_variant(&mut self, variant: &'ast syn::Variant) {
        // The variant that opens an enum is not part of the document.
        let is_added = |attribute: &syn::Attribute| {
            let list = attribute.meta.require_list();
            list.is_ok_and(|list| {
                list.path.is_ident("serde") && list.tokens.to_string() == "untagged"
            })
        };
        if !variant.attrs.iter().any(is_added) {
            syn::visit::visit_variant(self, variant);
        }
    }

    fn visit_field(&mut self, field: &'ast syn::Field) {
        self.in_field = true;
        syn::visit::visit_field(self, field);
        self.in_field = false;
    }

    fn visit_impl_item_fn(&mut self, function: &'ast syn::ImplItemFn) {
        if function.sig.ident == "send" {
            self.calls += 1;
            self.in_field = true;
            syn::visit::visit_return_type(self, &function.sig.output);
            self.in_field = false;
            syn::visit::visit_block(self, &function.block);
        }
    }

    fn visit_expr_path(&mut self, path: &'ast syn::ExprPath) {
        let names = path
            .path
            .segments
            .iter()
            .map(|segment| segment.ident.to_string());
        self.reads += usize::from(names.eq(READ));
        syn::visit::visit_expr_path(self, path);
    }

    fn visit_type_path(&mut self, path: &'ast syn::TypePath) {
        if self.in_field && path.path.leading_colon.is_some() {
            let segments: Vec<_> = path
                .path
                .segments
                .iter()
                .map(|segment| segment.ident.to_string())
                .collect();
            let name = format!("::{}", segments.join("::"));
            for (count, ours) in self.counts.iter_mut().zip(HAND_WRITTEN) {
                *count += usize::from(name == ours);
            }
        }
        syn::visit::visit_type_path(self, path);
    }
}

fn has_calls(module: &syn::ItemMod) -> bool {
    let items = module.content.iter().flat_map(|(_, items)| items);
    items
        .filter_map(|item| match item {
            syn::Item::Impl(block) => Some(block),
            _ => None,
        })
        .any(|block| {
            block.items.iter().any(
                |item| matches!(item, syn::ImplItem::Fn(function) if function.sig.ident == "send"),
            )
        })
}

#[cfg(test)]
mod tests;
