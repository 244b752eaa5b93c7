//! Postconditions of the generated code. A setting of the generator that matches nothing has no effect and is not reported,
//! so the result is checked.

use std::collections::{BTreeMap, BTreeSet};

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
    let (all_wanted, exactly) = wanted(lowered);
    for ((path, wanted), found) in all_wanted.into_iter().zip(paths.counts) {
        let fits = if exactly {
            wanted == found
        } else {
            (wanted == 0) == (found == 0)
        };
        if !fits {
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

/// Returns how often the document requires each of [`HAND_WRITTEN`], and whether the number is exact: the generator may
/// repeat or omit the fields of composed schemas (`allOf`, `anyOf`, `oneOf`).
fn wanted(lowered: &Value) -> ([(&'static str, usize); HAND_WRITTEN.len()], bool) {
    let mut counts = [0; HAND_WRITTEN.len()];
    let mut exactly = true;
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
        exactly &= ["allOf", "anyOf", "oneOf", "not"]
            .iter()
            .all(|key| schema.get(key).is_none());
        ahead.extend(crate::schema::parameters_of_type(schema));
        let not = schema.get("not");
        ahead.extend(
            subschemas(schema).filter(|inside| !not.is_some_and(|not| std::ptr::eq(not, *inside))),
        );
    }
    counts[4] = operations(lowered)
        .flat_map(|(_, _, operation)| operation["parameters"].as_array())
        .flatten()
        .filter(|parameter| {
            crate::schema::component_of(&parameter["schema"])
                == Some(crate::fixups::METADATA_FILTER)
        })
        .count();
    let mut index = 0;
    let wanted = HAND_WRITTEN.map(|path| {
        index += 1;
        (path, counts[index - 1])
    });
    (wanted, exactly)
}

/// Returns a duplicate name of a type, a field or a method, which would not compile.
#[must_use]
pub fn repeated(file: &syn::File) -> Option<String> {
    let mut names = Names::default();
    names.visit_file(file);
    names.repeated
}

#[derive(Default)]
struct Names {
    repeated: Option<String>,
    methods: BTreeMap<String, BTreeSet<String>>,
}

impl Names {
    fn look<'a>(&mut self, names: impl Iterator<Item = &'a syn::Ident>, of: &str) {
        let mut seen = BTreeSet::new();
        for name in names {
            if !seen.insert(name) && self.repeated.is_none() {
                self.repeated = Some(format!("{name} in {of}"));
            }
        }
    }
}

impl<'ast> Visit<'ast> for Names {
    fn visit_file(&mut self, file: &'ast syn::File) {
        self.look(
            file.items.iter().filter_map(type_name),
            "the client's module",
        );
        syn::visit::visit_file(self, file);
    }

    fn visit_item_mod(&mut self, module: &'ast syn::ItemMod) {
        let items = module.content.iter().flat_map(|(_, items)| items);
        self.look(items.filter_map(type_name), &module.ident.to_string());
        let outside = std::mem::take(&mut self.methods);
        syn::visit::visit_item_mod(self, module);
        self.methods = outside;
    }

    fn visit_item_struct(&mut self, item: &'ast syn::ItemStruct) {
        let fields = item.fields.iter().filter_map(|field| field.ident.as_ref());
        self.look(fields, &item.ident.to_string());
    }

    fn visit_item_enum(&mut self, item: &'ast syn::ItemEnum) {
        let variants = item.variants.iter().map(|variant| &variant.ident);
        self.look(variants, &item.ident.to_string());
    }

    fn visit_item_impl(&mut self, block: &'ast syn::ItemImpl) {
        let (None, syn::Type::Path(of)) = (&block.trait_, &*block.self_ty) else {
            return;
        };
        let Some(of) = of
            .path
            .segments
            .last()
            .map(|segment| segment.ident.to_string())
        else {
            return;
        };
        for item in &block.items {
            if let syn::ImplItem::Fn(function) = item {
                let name = function.sig.ident.to_string();
                let is_new = self
                    .methods
                    .entry(of.clone())
                    .or_default()
                    .insert(name.clone());
                if !is_new && self.repeated.is_none() {
                    self.repeated = Some(format!("{name} in {of}"));
                }
            }
        }
    }
}

fn type_name(item: &syn::Item) -> Option<&syn::Ident> {
    match item {
        syn::Item::Struct(item) => Some(&item.ident),
        syn::Item::Enum(item) => Some(&item.ident),
        syn::Item::Type(item) => Some(&item.ident),
        _ => None,
    }
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
