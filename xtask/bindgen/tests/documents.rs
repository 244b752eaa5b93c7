//! Documents are generated and compile, and the examples of their responses are decoded and encoded without loss.
//!
//! By default, the document of this project, and a small one with what only the document of the service has. To test all
//! revisions of the document of the service, put them into a folder:
//!
//! ```sh
//! BINDGEN_DOCUMENTS=DIR cargo test -p xtask-bindgen --test documents
//! ```

#![allow(clippy::unwrap_used, reason = "a failure of the test")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use serde_json::{Value, json};
use syn::visit_mut::VisitMut;
use xtask_bindgen::document::Document;
use xtask_bindgen::fixups::LIBRARY;
use xtask_bindgen::generated_crates::{library, scratch};
use xtask_bindgen::lint;
use xtask_bindgen::lowering::Lowering;
use xtask_bindgen::naming::pascal;
use xtask_bindgen::schema::{operation_pointer, operations, pointer_token, resolve, sorted};

/// A row of the table.
#[derive(Default)]
struct Row {
    document: String,
    operations: usize,
    left_out: usize,
    examples: usize,
    lossless: usize,
}

/// An example of a response.
struct Example {
    row: usize,
    operation: String,
    /// The module with the operation.
    module: String,
    value: Value,
    /// The reason why it contradicts its schema.
    contradiction: Option<String>,
}

#[test]
fn documents_generate_and_compile_and_decode_their_examples() {
    let place = Path::new(env!("CARGO_TARGET_TMPDIR")).join("documents");
    // The modules by their code, and those of each operation by the lowered document.
    let mut modules: BTreeMap<String, String> = BTreeMap::new();
    let mut generated: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    let mut rows: Vec<Row> = Vec::new();
    let mut examples: Vec<Example> = Vec::new();
    let mut exceptions: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut used: BTreeSet<&str> = BTreeSet::new();
    for path in documents() {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let text = fs::read_to_string(&path).unwrap();
        let document = match Document::parse(Path::new(&name), &text) {
            Ok(document) => document,
            Err(error) => {
                let reason = error.to_string().replace(&name, "");
                exceptions
                    .entry(format!("invalid: {reason}"))
                    .or_default()
                    .push(name);
                continue;
            }
        };
        let mut lowering = Lowering::of(&document.value);
        lowering.run(LIBRARY);
        let applied = lowering
            .applied
            .iter()
            .filter(|applied| !applied.places.is_empty());
        used.extend(applied.map(|applied| applied.name));
        for refused in &lowering.left_out {
            let what = format!("not generated: {}: {}", refused.what, refused.reason);
            exceptions.entry(what).or_default().push(name.clone());
        }
        let operations = generated
            .entry(without_descriptions(&sorted(&lowering.document)).to_string())
            .or_insert_with(|| {
                let (_, file) =
                    library(&document).unwrap_or_else(|error| panic!("{name}: {error}"));
                if modules.is_empty() {
                    let files = scratch(&document, false).unwrap().files;
                    files
                        .iter()
                        .for_each(|(path, text)| write(&place.join(path), text));
                }
                parts(&file)
                    .into_iter()
                    .map(|(operation, code)| {
                        let next = format!("m{}", modules.len());
                        (operation, modules.entry(code).or_insert(next).clone())
                    })
                    .collect()
            });
        examples.extend(examples_of(
            rows.len(),
            operations,
            &text,
            &document,
            &lowering.document,
        ));
        rows.push(Row {
            document: name,
            operations: operations.len(),
            left_out: lowering.left_out.len(),
            ..Row::default()
        });
    }

    let results = decode(&place, &modules, &examples);
    let mut failures = Vec::new();
    for (example, result) in examples.iter().zip(results) {
        let row = &mut rows[example.row];
        row.examples += 1;
        let problem = match result {
            Ok(encoded) => difference("", &example.value, &encoded),
            Err(error) => Some(error),
        };
        let Some(problem) = problem else {
            row.lossless += 1;
            continue;
        };
        match &example.contradiction {
            Some(reason) => exceptions
                .entry(format!(
                    "invalid example of {}: {reason}: {problem}",
                    example.operation
                ))
                .or_default()
                .push(row.document.clone()),
            None => failures.push(format!(
                "{}: {}: {problem}",
                row.document, example.operation
            )),
        }
    }
    let report_place = place.join("report.md");
    fs::write(
        &report_place,
        report(&rows, generated.len(), modules.len(), &exceptions),
    )
    .unwrap();
    assert!(
        failures.is_empty(),
        "{}: {failures:#?}",
        report_place.display()
    );
    let unneeded = LIBRARY
        .iter()
        .map(|fixup| fixup.name)
        .filter(|name| !used.contains(name));
    let unneeded: Vec<&str> = unneeded.collect();
    assert!(
        unneeded.is_empty(),
        "no document needs these fixups: {unneeded:?}"
    );
}

fn without_descriptions(node: &Value) -> Value {
    match node {
        Value::Object(fields) => fields
            .iter()
            .filter(|(key, value)| {
                !(value.is_string() && ["description", "summary"].contains(&key.as_str()))
            })
            .map(|(key, value)| (key.clone(), without_descriptions(value)))
            .collect(),
        Value::Array(items) => items.iter().map(without_descriptions).collect(),
        other => other.clone(),
    }
}

fn documents() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut paths = ["openapi/apivideo.yaml", "xtask/tests/data/other.yaml"]
        .map(|path| root.join(path))
        .to_vec();
    if let Some(folder) = std::env::var_os("BINDGEN_DOCUMENTS") {
        let entries = fs::read_dir(folder).unwrap();
        paths = entries.map(|entry| entry.unwrap().path()).collect();
        paths.retain(|path| {
            let ending = path.extension().and_then(|ending| ending.to_str());
            matches!(ending, Some("yaml" | "yml" | "json"))
        });
    }
    paths.sort();
    assert!(!paths.is_empty(), "BINDGEN_DOCUMENTS contains no documents");
    paths
}

/// Returns a module for each operation: its builder, and the types that it uses, without documentation. Operations that are
/// alike in several documents have the same code.
fn parts(file: &syn::File) -> BTreeMap<String, String> {
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

/// Returns the examples of the responses of the generated operations.
fn examples_of(
    row: usize,
    modules: &BTreeMap<String, String>,
    text: &str,
    document: &Document,
    lowered: &Value,
) -> Vec<Example> {
    let findings: Vec<_> = lint::findings(text, document)
        .into_iter()
        .filter(|finding| {
            finding.rule == "examples" && !finding.message.contains("is not described")
        })
        .collect();
    let mut found = Vec::new();
    for (method, path, operation) in operations(lowered) {
        let responses = &document.value["paths"][path][method]["responses"];
        let successes = responses.as_object().into_iter().flatten();
        for (status, response) in successes.filter(|(status, _)| status.starts_with('2')) {
            let media = &resolve(&document.value, response)["content"]["application/json"];
            let place = format!("{}/responses/{status}", operation_pointer(method, path));
            let place = format!("{place}/content/application~1json");
            let named = media["examples"].as_object().into_iter().flatten();
            let named = named.map(|(name, example)| {
                let value = &resolve(&document.value, example)["value"];
                (format!("{place}/examples/{}", pointer_token(name)), value)
            });
            let single = media
                .get("example")
                .map(|value| (format!("{place}/example"), value));
            for (place, value) in single.into_iter().chain(named) {
                let contradiction = findings
                    .iter()
                    .find(|finding| finding.place.starts_with(&place));
                let id = operation["operationId"].as_str().unwrap();
                found.push(Example {
                    row,
                    operation: id.to_owned(),
                    module: modules[&pascal(id)].clone(),
                    value: value.clone(),
                    contradiction: contradiction.map(|finding| finding.message.clone()),
                });
            }
        }
    }
    found
}

/// Returns the first difference between an example and what was encoded from it. Null is the same as absent.
fn difference(place: &str, before: &Value, after: &Value) -> Option<String> {
    match (before, after) {
        (Value::Object(before), Value::Object(after)) => {
            let keys: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
            keys.into_iter().find_map(|key| {
                let null = Value::Null;
                let (before, after) = (before.get(key), after.get(key));
                difference(
                    &format!("{place}/{key}"),
                    before.unwrap_or(&null),
                    after.unwrap_or(&null),
                )
            })
        }
        (Value::Array(before), Value::Array(after)) if before.len() == after.len() => {
            let mut pairs = before.iter().zip(after).enumerate();
            pairs.find_map(|(index, (before, after))| {
                difference(&format!("{place}/{index}"), before, after)
            })
        }
        // An object without fields.
        (Value::Array(before), Value::Object(after)) if before.is_empty() && after.is_empty() => {
            None
        }
        (Value::Number(before), Value::Number(after)) if before.as_f64() == after.as_f64() => None,
        (Value::String(before), Value::String(after)) if same_instant(before, after) => None,
        _ if before == after => None,
        _ => Some(format!("{place}: {before} became {after}")),
    }
}

/// Returns `true` for two notations of an instant.
fn same_instant(before: &str, after: &str) -> bool {
    let instant = |text: &str| text.parse::<jiff::Timestamp>().ok();
    instant(before).is_some_and(|before| instant(after) == Some(before))
}

fn write(place: &Path, text: &str) {
    if fs::read_to_string(place).is_ok_and(|there| there == text) {
        return;
    }
    fs::create_dir_all(place.parent().unwrap()).unwrap();
    fs::write(place, text).unwrap();
}

/// Adds the modules to the scratch crate at `place`, and a program that decodes and encodes the examples.
fn decode(
    place: &Path,
    modules: &BTreeMap<String, String>,
    examples: &[Example],
) -> Vec<Result<Value, String>> {
    let append = |path: &str, more: &str| {
        let text = fs::read_to_string(place.join(path)).unwrap();
        if !text.ends_with(more) {
            fs::write(place.join(path), text + more).unwrap();
        }
    };
    append("Cargo.toml", "\n[profile.dev]\ndebug = false\n");
    append("src/lib.rs", "\n#[allow(warnings)]\npub mod parts;\n");
    let lock = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../Cargo.lock");
    fs::copy(lock, place.join("Cargo.lock")).unwrap();
    let (mut parts, mut arms) = (String::new(), String::new());
    for (code, name) in modules {
        write(&place.join(format!("src/parts/{name}.rs")), code);
        parts.push_str(&format!("pub mod {name};\n"));
        arms.push_str(&format!("{name:?} => run::<{name}::Response>(text),\n"));
    }
    write(&place.join("src/parts.rs"), &parts);
    let main = format!(
        "use scratch::parts::*;
        fn run<T: serde::de::DeserializeOwned + serde::Serialize>(text: &str) -> Result<String, String> {{
            let value: T = serde_json::from_str(text).map_err(|error| error.to_string())?;
            serde_json::to_string(&value).map_err(|error| error.to_string())
        }}
        fn main() {{
            let examples: Vec<(String, String)> = serde_json::from_reader(std::io::stdin()).unwrap();
            let results = examples.iter().map(|(module, text)| match module.as_str() {{
                {arms}
                _ => Err(\"there is no such module\".to_owned()),
            }});
            println!(\"{{}}\", serde_json::to_string(&results.collect::<Vec<_>>()).unwrap());
        }}\n"
    );
    write(&place.join("src/main.rs"), &main);
    let examples = examples
        .iter()
        .map(|example| json!([example.module, example.value.to_string()]));
    let input = place.join("examples.json");
    fs::write(&input, Value::Array(examples.collect()).to_string()).unwrap();
    let done = Command::new(env!("CARGO"))
        .args(["run", "--quiet", "--offline"])
        .current_dir(place)
        .env("CARGO_TARGET_DIR", place.join("target"))
        .stdin(fs::File::open(input).unwrap())
        .stderr(Stdio::inherit())
        .output()
        .unwrap();
    assert!(done.status.success(), "the generated code does not compile");
    let results: Vec<Result<String, String>> = serde_json::from_slice(&done.stdout).unwrap();
    let results = results.into_iter();
    results
        .map(|result| result.map(|text| serde_json::from_str(&text).unwrap()))
        .collect()
}

fn report(
    rows: &[Row],
    documents: usize,
    parts: usize,
    exceptions: &BTreeMap<String, Vec<String>>,
) -> String {
    let mut text = format!(
        "{} documents, {documents} of which differ in more than descriptions; {parts} different operations with their types.\n\n\
         | document | operations | not generated | examples | lossless |\n|---|---|---|---|---|\n",
        rows.len()
    );
    for row in rows {
        text.push_str(&format!(
            "| {} | {} | {} | {} | {} |\n",
            row.document, row.operations, row.left_out, row.examples, row.lossless
        ));
    }
    text.push_str("\n## Exceptions\n\n");
    for (reason, documents) in exceptions {
        text.push_str(&format!(
            "- {} of {}: {reason} ({} to {})\n",
            documents.len(),
            rows.len(),
            documents[0],
            documents[documents.len() - 1]
        ));
    }
    text
}
