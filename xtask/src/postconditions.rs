//! What has to be true of the generated code. A setting of the generator that no longer matches does nothing and says
//! nothing, so the result is looked at.

use serde_json::Value;
use syn::visit::Visit;

use crate::Error;
use crate::generate::{DATE_TIME, FILTER, OBJECT, SECRET};
use crate::schema::{operations, subschemas};

/// Checks the library.
///
/// # Errors
/// With everything that is not as it has to be.
pub fn check(lowered: &Value, file: &syn::File) -> Result<(), Error> {
    let mut broken = Vec::new();
    let mut paths = Paths::default();
    paths.visit_file(file);
    for ((path, wanted), found) in wanted(lowered).into_iter().zip(paths.counts) {
        if wanted != found {
            broken.push(format!(
                "`{path}` stands in {found} places of the types and {wanted} were meant"
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
    if broken.is_empty() {
        Ok(())
    } else {
        Err(Error::Output(broken))
    }
}

const FORBIDDEN: [(&str, &str); 6] = [
    ("chrono::", "dates were to be of the hand-written type"),
    ("uuid::", "formats were to be plain text"),
    ("regress::", "patterns were to be dropped"),
    ("deny_unknown_fields", "replies were to take more fields"),
    ("defaults::", "defaults were to be dropped"),
    ("futures::", "streams are written by hand"),
];

/// How often the document calls for each hand-written type, in the order of `Paths::counts`.
fn wanted(lowered: &Value) -> [(&'static str, usize); 4] {
    let mut counts = [0; 4];
    let mut count = |schema: &Value, inside: bool| {
        let is = |key: &str, what: &str| schema[key] == what;
        // A filter or a date of a parameter stands in the builder, not in the types.
        counts[0] += usize::from(
            schema
                .pointer("/x-rust-type/path")
                .is_some_and(|path| path == &OBJECT[2..]),
        );
        counts[1] += usize::from(inside && is("type", "string") && is("format", "date-time"));
        counts[2] += usize::from(inside && is("type", "string") && is("format", "password"));
    };
    let mut ahead: Vec<&Value> = crate::schema::components(lowered)
        .into_iter()
        .flatten()
        .map(|(_, schema)| schema)
        .collect();
    while let Some(schema) = ahead.pop() {
        count(schema, true);
        ahead.extend(subschemas(schema));
    }
    for root in crate::schema::roots(lowered, crate::schema::Scope::Replies) {
        count(root, false);
    }
    for parameter in operations(lowered)
        .flat_map(|(_, _, operation)| operation["parameters"].as_array())
        .flatten()
    {
        let schema = &parameter["schema"];
        let of =
            |format: &str| usize::from(schema["type"] == "string" && schema["format"] == format);
        counts[1] += of("date-time");
        counts[2] += of("password");
        counts[3] += usize::from(
            crate::schema::component_of(schema) == Some(crate::fixups::METADATA_FILTER),
        );
    }
    [
        (OBJECT, counts[0]),
        (DATE_TIME, counts[1]),
        (SECRET, counts[2]),
        (FILTER, counts[3]),
    ]
}

/// Counts how often each hand-written type stands in a field, or in what a call gives.
#[derive(Default)]
struct Paths {
    counts: [usize; 4],
    calls: usize,
    in_field: bool,
}

impl<'ast> Visit<'ast> for Paths {
    fn visit_item_mod(&mut self, module: &'ast syn::ItemMod) {
        // `types::builder` repeats every field of the types; the operations' builders are outside.
        let is_repetition = module.ident == "builder" && !has_calls(module);
        if !is_repetition {
            syn::visit::visit_item_mod(self, module);
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
        }
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
            for (count, ours) in self
                .counts
                .iter_mut()
                .zip([OBJECT, DATE_TIME, SECRET, FILTER])
            {
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
