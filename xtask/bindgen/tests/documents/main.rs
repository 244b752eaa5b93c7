//! Documents are generated and compile, and the examples of their responses are decoded and encoded without loss.
//!
//! By default, the document of this project, and a small one with what only the document of the service has. To test all
//! revisions of the document of the service as well, put them into a folder:
//!
//! ```sh
//! BINDGEN_DOCUMENTS=DIR cargo test -p xtask-bindgen --test documents
//! ```

#![allow(clippy::unwrap_used, reason = "a failure of the test")]

mod decode;
mod parts;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use decode::{decode, write};
use parts::parts;
use serde_json::Value;
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

    let texts: Vec<_> = examples
        .iter()
        .map(|example| (example.module.clone(), example.value.to_string()))
        .collect();
    let results = decode(&place, &modules, &texts);
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
        let files = entries.map(|entry| entry.unwrap().path());
        let own = paths.len();
        paths.extend(files.filter(|path| {
            let ending = path.extension().and_then(|ending| ending.to_str());
            matches!(ending, Some("yaml" | "yml" | "json"))
        }));
        assert!(paths.len() > own, "BINDGEN_DOCUMENTS contains no documents");
        paths[own..].sort();
    }
    paths
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
            let named = named.filter_map(|(name, example)| {
                let value = resolve(&document.value, example).get("value")?;
                Some((format!("{place}/examples/{}", pointer_token(name)), value))
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
