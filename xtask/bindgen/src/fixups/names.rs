//! Fixups that resolve collisions of Rust names.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::{Fixup, Need};
use crate::lowering::Lowering;
use crate::naming::{free_snake, pascal, snake};
use crate::schema::{METHODS, operation_name, operations, operations_mut};

/// Takes the names of operations from the extension chosen by the user.
pub(super) const METHOD_NAMES: Fixup = Fixup {
    name: "method-names",
    reason: "some documents contain better method names in an extension, which was chosen with --method-names",
    need: Need::OtherDocuments,
    apply: method_names,
};

fn method_names(lowering: &mut Lowering) -> usize {
    let Some(extension) = lowering.method_names.clone() else {
        return 0;
    };
    let mut wanted: BTreeMap<String, usize> = BTreeMap::new();
    for (_, _, operation) in operations(&lowering.document) {
        // An operation without the extension keeps its id, which is reserved.
        let name = operation[&extension]
            .as_str()
            .or_else(|| operation["operationId"].as_str());
        *wanted.entry(snake(name.unwrap_or_default())).or_default() += 1;
    }
    let mut notes = Vec::new();
    let mut count = 0;
    operations_mut(&mut lowering.document, |method, path, operation| {
        let Some(value) = operation.get(&extension) else {
            return;
        };
        let Some(name) = value.as_str().filter(|name| has_words(name)) else {
            let why = format!("its {extension} is not a valid name: {value}");
            notes.push((operation_name(method, path, operation), why));
            return;
        };
        if wanted[&snake(name)] > 1 {
            let why = format!("its {extension} `{name}` is not unique");
            notes.push((operation_name(method, path, operation), why));
        } else if operation["operationId"] != *name {
            operation["operationId"] = json!(name);
            count += 1;
        }
    });
    for (what, why) in notes {
        lowering.note(what, why);
    }
    count
}

fn has_words(name: &str) -> bool {
    name.chars().any(char::is_alphanumeric)
}

/// Names operations without an id or with a duplicate id.
pub(super) const NAME_OPERATIONS: Fixup = Fixup {
    name: "name-operations",
    reason: "the generator requires an id for each operation, and ids that differ only in case have the same \
             method name",
    need: Need::OtherDocuments,
    apply: name_operations,
};

/// The methods of the generated client and of its traits.
const METHODS_OF_CLIENT: [&str; 9] = [
    "new",
    "new_with_client",
    "api_version",
    "baseurl",
    "client",
    "inner",
    "pre",
    "post",
    "exec",
];

/// The names that the generated modules use without a path.
const TYPES_OF_CLIENT: [&str; 16] = [
    "ByteStream",
    "Client",
    "ClientHooks",
    "ClientInfo",
    "Default",
    "Err",
    "Error",
    "Ok",
    "OperationInfo",
    "Option",
    "RequestBuilderExt",
    "ResponseValue",
    "Result",
    "Some",
    "String",
    "Vec",
];

fn name_operations(lowering: &mut Lowering) -> usize {
    let mut methods: BTreeSet<String> = METHODS_OF_CLIENT.map(str::to_owned).into();
    let mut types: BTreeSet<String> = TYPES_OF_CLIENT.map(str::to_owned).into();
    // Operations with a valid id keep it; the others get names that differ from all of those.
    let mut unnamed = BTreeSet::new();
    for (method, path, operation) in operations(&lowering.document) {
        let id = operation["operationId"].as_str().unwrap_or_default();
        let is_free = !methods.contains(&snake(id)) && !types.contains(&pascal(id));
        if has_words(id) && is_free {
            methods.insert(snake(id));
            types.insert(pascal(id));
        } else {
            unnamed.insert((method.to_owned(), path.to_owned()));
        }
    }
    let mut notes = Vec::new();
    operations_mut(&mut lowering.document, |method, path, operation| {
        if !unnamed.contains(&(method.to_owned(), path.to_owned())) {
            return;
        }
        let id = operation["operationId"].as_str().unwrap_or_default();
        let (base, why) = if has_words(id) {
            let why = "its id is a duplicate, or reserved by the client";
            (id.to_owned(), why)
        } else {
            (format!("{method} {path}"), "it has no id")
        };
        let mut name = free_snake(&base, &mut methods);
        while !types.insert(pascal(&name)) {
            name = free_snake(&base, &mut methods);
        }
        let why = format!("{why}; the method is `{name}`");
        notes.push((operation_name(method, path, operation), why));
        operation["operationId"] = json!(name);
    });
    let count = notes.len();
    for (what, why) in notes {
        lowering.note(what, why);
    }
    count
}

/// Gives parameters of an operation distinct names.
pub(super) const DISTINCT_PARAMETERS: Fixup = Fixup {
    name: "distinct-parameters",
    reason: "parameters that differ only in case, brackets or location have the same setter name",
    need: Need::OtherDocuments,
    apply: |lowering| distinct_in_paths(lowering) + distinct_in_operations(lowering),
};

/// The fields and local variables of a generated builder.
const NAMES_OF_BUILDER: [&str; 4] = ["new", "send", "header_map", "info"];
/// The same for builders with a body.
const NAMES_OF_BODY: [&str; 2] = ["body", "body_map"];

fn reserved() -> BTreeSet<String> {
    let names = NAMES_OF_BUILDER.into_iter().chain(NAMES_OF_BODY);
    names.map(str::to_owned).collect()
}

/// Path parameters are not sent by name, so they can be renamed directly.
fn distinct_in_paths(lowering: &mut Lowering) -> usize {
    let Some(paths) = lowering.document["paths"].as_object_mut() else {
        return 0;
    };
    let mut count = 0;
    let mut renamed = Map::new();
    for (path, mut item) in std::mem::take(paths) {
        let mut taken = reserved();
        let mut template = String::new();
        let mut rest = path.as_str();
        while let Some((before, name, after)) = next_in_braces(rest) {
            template.push_str(before);
            let is_repeated = template.contains(&format!("{{{name}}}"));
            let free = if is_repeated || taken.insert(snake(name)) {
                name.to_owned()
            } else {
                count += 1;
                free_snake(name, &mut taken)
            };
            if free != name {
                rename_in_path(&mut item, name, &free);
            }
            template.push_str(&format!("{{{free}}}"));
            rest = after;
        }
        template.push_str(rest);
        renamed.insert(template, item);
    }
    *paths = renamed;
    count
}

/// Returns the first name in braces, with the text before and after.
pub(super) fn next_in_braces(path: &str) -> Option<(&str, &str, &str)> {
    let (before, behind) = path.split_once('{')?;
    let (name, after) = behind.split_once('}')?;
    Some((before, name, after))
}

fn rename_in_path(item: &mut Value, from: &str, to: &str) {
    for method in METHODS {
        for parameter in item
            .get_mut(method)
            .and_then(|operation| operation.get_mut("parameters"))
            .and_then(Value::as_array_mut)
            .into_iter()
            .flatten()
        {
            if parameter["in"] == "path" && parameter["name"] == from {
                parameter["name"] = json!(to);
            }
        }
    }
}

fn distinct_in_operations(lowering: &mut Lowering) -> usize {
    let mut count = 0;
    let wire_names = &mut lowering.wire_names;
    operations_mut(&mut lowering.document, |_, _, operation| {
        let mut taken = if operation.get("requestBody").is_some() {
            reserved()
        } else {
            NAMES_OF_BUILDER.map(str::to_owned).into()
        };
        let Some(parameters) = operation
            .get_mut("parameters")
            .and_then(Value::as_array_mut)
        else {
            return;
        };
        taken.extend(
            parameters
                .iter()
                .filter(|parameter| parameter["in"] == "path")
                .filter_map(|parameter| parameter["name"].as_str())
                .map(snake),
        );
        for parameter in parameters
            .iter_mut()
            .filter(|parameter| parameter["in"] != "path")
        {
            let name = parameter["name"].as_str().unwrap_or_default().to_owned();
            if !taken.insert(snake(&name)) {
                let free = free_snake(&name, &mut taken);
                parameter["name"] = json!(wire_names.stand_in(&free, &name));
                count += 1;
            }
        }
    });
    count
}

#[cfg(test)]
mod tests;
