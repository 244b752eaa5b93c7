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

use quote::ToTokens;
use serde_json::{Value, json};
use syn::visit_mut::{self, VisitMut};
use xtask_bindgen::document::Document;
use xtask_bindgen::generated_crates::{library, scratch};
use xtask_bindgen::lint;
use xtask_bindgen::schema::{operation_pointer, operations, pointer_token, resolve};

/// A row of the table.
#[derive(Default)]
struct Row {
    document: String,
    operations: usize,
    left_out: usize,
    package: String,
    examples: usize,
    lossless: usize,
}

/// An example of a response.
struct Example {
    row: usize,
    module: String,
    operation: String,
    value: Value,
    /// The reason why it contradicts its schema.
    contradiction: Option<String>,
}

#[test]
fn documents_generate_and_compile_and_decode_their_examples() {
    let workspace = Path::new(env!("CARGO_TARGET_TMPDIR")).join("documents");
    let mut packages: BTreeMap<String, String> = BTreeMap::new();
    let mut modules: BTreeMap<String, String> = BTreeMap::new();
    let mut rows: Vec<Row> = Vec::new();
    let mut examples: Vec<Example> = Vec::new();
    let mut exceptions: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut idle: BTreeSet<&str> = BTreeSet::new();
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
        let (lowering, file) = library(&document).unwrap_or_else(|error| panic!("{name}: {error}"));
        for applied in &lowering.applied {
            let fixups = if applied.places.is_empty() {
                &mut idle
            } else {
                &mut used
            };
            fixups.insert(applied.name);
        }
        for refused in &lowering.left_out {
            let what = format!("not generated: {}: {}", refused.what, refused.reason);
            exceptions.entry(what).or_default().push(name.clone());
        }
        let next = format!("p{}", packages.len());
        let package = packages
            .entry(code(&file, false))
            .or_insert_with(|| next.clone());
        if *package == next {
            let files = scratch(&document, false).unwrap().files;
            write_package(&workspace.join(&next), &next, &files);
        }
        let next = format!("m{}", modules.len());
        let module = modules.entry(code(&file, true)).or_insert(next);
        examples.extend(examples_of(
            rows.len(),
            module,
            &text,
            &document,
            &lowering.document,
        ));
        rows.push(Row {
            document: name,
            operations: operations(&lowering.document).count(),
            left_out: lowering.left_out.len(),
            package: package.clone(),
            ..Row::default()
        });
    }
    write_decoder(&workspace.join("decoder"), &modules);
    write_workspace(&workspace, packages.len());

    let broken = broken_packages(&workspace);
    let results = decode(&workspace, &examples);
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
    let report = report(&rows, &broken, &exceptions);
    let place = workspace.join("report.md");
    fs::write(&place, report).unwrap();
    for row in &rows {
        if let Some(error) = broken.get(&row.package) {
            failures.push(format!("{} does not compile: {error}", row.document));
        }
    }
    assert!(failures.is_empty(), "{}: {failures:#?}", place.display());
    let unneeded: Vec<_> = idle.difference(&used).collect();
    assert!(
        unneeded.is_empty(),
        "no document needs these fixups: {unneeded:?}"
    );
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

/// Returns the code without its documentation: all of it, or what decodes responses.
fn code(file: &syn::File, decoder: bool) -> String {
    struct Strip(bool);
    impl VisitMut for Strip {
        fn visit_attributes_mut(&mut self, attributes: &mut Vec<syn::Attribute>) {
            attributes.retain(|attribute| !attribute.path().is_ident("doc"));
        }

        fn visit_item_mod_mut(&mut self, module: &mut syn::ItemMod) {
            if let Some((_, items)) = &mut module.content
                && self.0
            {
                items.retain(|item| match item {
                    syn::Item::Mod(module) => module.ident != "builder",
                    syn::Item::Impl(block) => {
                        !block.to_token_stream().to_string().contains("builder ::")
                    }
                    _ => true,
                });
            }
            visit_mut::visit_item_mod_mut(self, module);
        }
    }
    let mut stripped = file.clone();
    Strip(decoder).visit_file_mut(&mut stripped);
    if !decoder {
        return prettyplease::unparse(&stripped);
    }
    stripped
        .items
        .retain(|item| matches!(item, syn::Item::Mod(module) if module.ident == "types"));
    let mut text = prettyplease::unparse(&stripped);
    text.push_str("pub fn decode(operation: &str, text: &str) -> Result<String, String> {\nmatch operation {\n");
    for (operation, response) in response_types(file) {
        text.push_str(&format!(
            "{operation:?} => super::decode::<{response}>(text),\n"
        ));
    }
    text.push_str("_ => Err(\"no such operation\".to_owned()),\n}\n}\n");
    text
}

/// Returns the types of the responses with a body, by the names of the builders of the operations.
fn response_types(file: &syn::File) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let modules = file.items.iter().filter_map(|item| match item {
        syn::Item::Mod(module) if module.ident == "builder" => module.content.as_ref(),
        _ => None,
    });
    let blocks = modules
        .flat_map(|(_, items)| items)
        .filter_map(|item| match item {
            syn::Item::Impl(block) if block.trait_.is_none() => Some(block),
            _ => None,
        });
    for block in blocks {
        for item in &block.items {
            if let syn::ImplItem::Fn(function) = item
                && function.sig.ident == "send"
                && let syn::Type::Path(owner) = &*block.self_ty
            {
                let output = function.sig.output.to_token_stream().to_string();
                let response = output.split_once("ResponseValue <").unwrap().1;
                let response = response.rsplit_once("> , Error").unwrap().0.trim();
                if response != "()" && response != "ByteStream" {
                    let owner = owner.path.segments.last().unwrap().ident.to_string();
                    found.insert(owner, response.to_owned());
                }
            }
        }
    }
    found
}

/// Returns the examples of the responses of the generated operations.
fn examples_of(
    row: usize,
    module: &str,
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
                found.push(Example {
                    row,
                    module: module.to_owned(),
                    operation: operation["operationId"].as_str().unwrap().to_owned(),
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

type Files = xtask_bindgen::files::Files;

fn write(place: &Path, text: &str) {
    if fs::read_to_string(place).is_ok_and(|there| there == text) {
        return;
    }
    fs::create_dir_all(place.parent().unwrap()).unwrap();
    fs::write(place, text).unwrap();
}

/// Writes a scratch crate as a package of the workspace.
fn write_package(place: &Path, name: &str, files: &Files) {
    for (path, text) in files {
        let text = if path == Path::new("Cargo.toml") {
            let named = text.replace("name = \"scratch\"", &format!("name = \"{name}\""));
            named.replace("[workspace]\n", "")
        } else {
            text.clone()
        };
        write(&place.join(path), &text);
    }
}

/// Writes the program that decodes and encodes examples: a list of module, operation and value, from stdin.
fn write_decoder(place: &Path, modules: &BTreeMap<String, String>) {
    let core = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../crates/apivideo-core");
    let manifest = format!(
        "[package]\nname = \"decoder\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[dependencies]\n\
         apivideo-core = {{ path = {core:?} }}\nserde = {{ version = \"1\", features = [\"derive\"] }}\nserde_json = \"1\"\n"
    );
    write(&place.join("Cargo.toml"), &manifest);
    let mut main = "#![allow(warnings)]\n".to_owned();
    let mut arms = String::new();
    for (code, name) in modules {
        write(&place.join(format!("src/{name}.rs")), code);
        main.push_str(&format!("mod {name};\n"));
        arms.push_str(&format!("{name:?} => {name}::decode(operation, text),\n"));
    }
    main.push_str(&format!(
        "pub fn decode<T: serde::de::DeserializeOwned + serde::Serialize>(text: &str) -> Result<String, String> {{
            let value: T = serde_json::from_str(text).map_err(|error| error.to_string())?;
            serde_json::to_string(&value).map_err(|error| error.to_string())
        }}
        fn main() {{
            let cases: Vec<(String, String, String)> = serde_json::from_reader(std::io::stdin()).unwrap();
            let results: Vec<Result<String, String>> = cases.iter().map(|(module, operation, text)| match module.as_str() {{
                {arms}
                _ => Err(\"no such module\".to_owned()),
            }}).collect();
            println!(\"{{}}\", serde_json::to_string(&results).unwrap());
        }}\n"
    ));
    write(&place.join("src/main.rs"), &main);
}

fn write_workspace(place: &Path, packages: usize) {
    let members: Vec<String> = (0..packages).map(|number| format!("p{number}")).collect();
    let manifest = format!(
        "[workspace]\nresolver = \"3\"\nmembers = {:?}\n\n[profile.dev]\ndebug = false\nincremental = false\n",
        [members, vec!["decoder".to_owned()]].concat()
    );
    write(&place.join("Cargo.toml"), &manifest);
    let lock = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../Cargo.lock");
    fs::copy(lock, place.join("Cargo.lock")).unwrap();
}

fn cargo(workspace: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO"));
    command
        .args(arguments)
        .arg("--offline")
        .current_dir(workspace)
        .env("CARGO_TARGET_DIR", workspace.join("target"));
    command
}

/// Returns the packages that do not compile, with the first error.
fn broken_packages(workspace: &Path) -> BTreeMap<String, String> {
    let arguments = [
        "check",
        "--workspace",
        "--keep-going",
        "--message-format",
        "json",
    ];
    let done = cargo(workspace, &arguments)
        .stderr(Stdio::inherit())
        .output()
        .unwrap();
    let mut broken = BTreeMap::new();
    for line in String::from_utf8(done.stdout).unwrap().lines() {
        let message: Value = serde_json::from_str(line).unwrap();
        if message["message"]["level"] == "error" {
            let text = message["message"]["rendered"].as_str().unwrap_or_default();
            let id = message["package_id"].as_str().unwrap_or_default();
            let id = id.split('#').next().unwrap_or_default();
            let name = id.rsplit('/').next().unwrap_or_default().to_owned();
            broken.entry(name).or_insert_with(|| text.to_owned());
        }
    }
    assert!(done.status.success() || !broken.is_empty(), "cargo failed");
    broken
}

fn decode(workspace: &Path, examples: &[Example]) -> Vec<Result<Value, String>> {
    let cases: Vec<Value> = examples
        .iter()
        .map(|example| {
            let builder = xtask_bindgen::naming::pascal(&example.operation);
            json!([example.module, builder, example.value.to_string()])
        })
        .collect();
    let input = workspace.join("cases.json");
    fs::write(&input, Value::Array(cases).to_string()).unwrap();
    let done = cargo(workspace, &["run", "--quiet", "--package", "decoder"])
        .stdin(fs::File::open(input).unwrap())
        .stderr(Stdio::inherit())
        .output()
        .unwrap();
    assert!(done.status.success(), "the decoder failed");
    let results: Vec<Result<String, String>> = serde_json::from_slice(&done.stdout).unwrap();
    let results = results.into_iter();
    results
        .map(|result| result.map(|text| serde_json::from_str(&text).unwrap()))
        .collect()
}

fn report(
    rows: &[Row],
    broken: &BTreeMap<String, String>,
    exceptions: &BTreeMap<String, Vec<String>>,
) -> String {
    let mut text = "| document | operations | not generated | compiles | examples | lossless |\n|---|---|---|---|---|---|\n".to_owned();
    for row in rows {
        let compiles = if broken.contains_key(&row.package) {
            "no"
        } else {
            "yes"
        };
        text.push_str(&format!(
            "| {} | {} | {} | {compiles} | {} | {} |\n",
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
