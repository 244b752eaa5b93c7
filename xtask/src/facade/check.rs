//! Validates the coverage map against the document and the facade.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::surface::Surface;
use super::{ANY, Facade, Parts, Reach};

impl Facade {
    /// Returns the errors of the map, each with the line to add or to remove.
    #[must_use]
    pub fn check(&self, document: &Value) -> Vec<String> {
        let surface = Surface::of(document);
        let mut broken = Vec::new();
        let operations = surface.operations.keys();
        compare(
            "operations",
            &self.operations,
            operations.cloned(),
            &mut broken,
        );
        compare(
            "headers",
            &self.headers,
            surface.headers.iter().cloned(),
            &mut broken,
        );
        let parameters = surface
            .operations
            .iter()
            .filter(|(id, _)| self.operations.contains_key(*id));
        for (id, names) in parameters {
            let place = format!("operations: {id}: parameters");
            let there = self.parameters.get(id).unwrap_or(&EMPTY);
            compare(&place, there, names.iter().cloned(), &mut broken);
        }
        nested("fields", &self.fields, &surface.fields, &mut broken);
        self.values(&surface, &mut broken);
        self.items(&mut broken);
        self.calls(&surface, &mut broken);
        broken
    }

    fn values(&self, surface: &Surface, broken: &mut Vec<String>) {
        let (mut by_hand, mut of_document) = (BTreeMap::new(), BTreeMap::new());
        for (name, values) in &surface.enums {
            let there = self.values.get(name);
            if there.is_some_and(|there| there.contains_key(ANY)) {
                continue;
            }
            if let Some(string_enum) = self.string_enums.get(name) {
                self.variants(name, &string_enum.name, values, broken);
                continue;
            }
            of_document.insert(name.clone(), values.clone());
        }
        for (name, values) in &self.values {
            let is_here = surface.enums.contains_key(name);
            if !is_here || !(self.string_enums.contains_key(name) || values.contains_key(ANY)) {
                by_hand.insert(name.clone(), values.clone());
            }
        }
        nested("enums", &by_hand, &of_document, broken);
    }

    /// Compares the values of an enum of the document with those of a string enum of the facade.
    fn variants(&self, name: &str, of: &str, values: &BTreeSet<String>, broken: &mut Vec<String>) {
        let there = self.values.get(name).unwrap_or(&EMPTY);
        if there.is_empty() {
            broken.push(format!(
                "`enums: {name}:` names `{of}`, which is not a string enum of the facade: fix the name"
            ));
            return;
        }
        for value in values.iter().filter(|value| !there.contains_key(*value)) {
            broken.push(format!(
                "the document has the value `{value}` of {name}: add a variant with this value to `{of}` of the facade"
            ));
        }
        for (value, reach) in there.iter().filter(|(value, _)| !values.contains(*value)) {
            broken.push(format!(
                "the document has no value `{value}` of {name}: remove {} from the facade",
                reach.items().join(", ")
            ));
        }
    }

    /// Checks that every item of the map exists.
    fn items(&self, broken: &mut Vec<String>) {
        let mut named: Vec<(String, &Reach)> = Vec::new();
        let tables = [("operations", &self.operations), ("headers", &self.headers)];
        for (place, parts) in tables {
            named.extend(
                parts
                    .iter()
                    .map(|(name, reach)| (format!("{place}: {name}"), reach)),
            );
        }
        let tables = [
            ("operations", "parameters: ", &self.parameters),
            ("fields", "", &self.fields),
            ("enums", "", &self.values),
        ];
        for (place, between, wholes) in tables {
            for (whole, parts) in wholes {
                named.extend(
                    parts
                        .iter()
                        .map(|(name, reach)| (format!("{place}: {whole}: {between}{name}"), reach)),
                );
            }
        }
        for (place, reach) in named {
            match reach {
                Reach::Items(items) if items.is_empty() => broken.push(format!(
                    "`{place}:` is an empty list: name items, or write the reason why there are none"
                )),
                Reach::Nothing(why) if why.trim().is_empty() => {
                    broken.push(format!(
                        "`{place}:` is empty: write the reason for the absence of items"
                    ));
                }
                _ => {}
            }
            for item in reach.items() {
                if !self.source.items.contains(item) {
                    broken.push(format!(
                        "`{place}:` names `{item}`, which is not a public item of the facade: fix the name or remove it"
                    ));
                }
            }
        }
    }

    /// Checks that every operation with items is called, with the parameters that have items and no others.
    fn calls(&self, surface: &Surface, broken: &mut Vec<String>) {
        for (id, reach) in &self.operations {
            let method = snake(id);
            let builder = pascal(&method);
            let functions = &self.source.functions;
            let is_called = functions
                .iter()
                .any(|function| function.calls.contains(&method));
            // A parameter is set by a function that calls the operation, or one that has its builder as an argument.
            let called: BTreeSet<&String> = functions
                .iter()
                .filter(|function| {
                    function.calls.contains(&method) || function.signature.contains(&builder)
                })
                .flat_map(|function| &function.calls)
                .collect();
            match reach {
                Reach::Items(_) if !is_called => {
                    broken.push(format!(
                        "`operations: {id}:` names items, and the facade never calls `{method}()`: call it, or write the reason here"
                    ));
                    continue;
                }
                Reach::Nothing(_) if is_called => broken.push(format!(
                    "`operations: {id}:` has a reason instead of items, and the facade calls `{method}()`: name the items"
                )),
                _ => {}
            }
            let parameters = self.parameters.get(id).unwrap_or(&EMPTY);
            for (name, reach) in parameters {
                let mut setters = vec![(
                    format!("operations: {id}: parameters: {name}"),
                    snake(name),
                    reach,
                )];
                if let Some(object) = surface.deep.get(&(id.clone(), name.clone()))
                    && !reach.items().is_empty()
                {
                    setters = self
                        .fields
                        .get(object)
                        .into_iter()
                        .flatten()
                        .map(|(property, reach)| {
                            let setter = snake(&format!("{name}_{property}"));
                            (format!("fields: {object}: {property}"), setter, reach)
                        })
                        .collect();
                }
                for (place, setter, reach) in setters {
                    let is_set = called.contains(&setter);
                    match reach {
                        Reach::Items(_) if !is_set => broken.push(format!(
                            "`{place}:` names items, and the facade never calls `{method}().{setter}(..)`: set it, or \
                             write the reason here"
                        )),
                        Reach::Nothing(_) if is_set => broken.push(format!(
                            "`{place}:` has a reason instead of items, and the facade calls `{method}().{setter}(..)`: \
                             name the items"
                        )),
                        _ => {}
                    }
                }
            }
        }
    }
}

static EMPTY: Parts = Parts::new();

/// Compares the names in a part of the map with those of the document.
fn compare(
    place: &str,
    there: &Parts,
    document: impl Iterator<Item = String>,
    broken: &mut Vec<String>,
) {
    let wanted: BTreeSet<String> = document.collect();
    for name in wanted.iter().filter(|name| !there.contains_key(*name)) {
        let line = match place {
            "operations" => {
                format!("{name}: {{ items: [the items that rest on it], parameters: {{}} }}")
            }
            _ => format!("{name}: [the items that rest on it]"),
        };
        broken.push(format!(
            "the document has `{name}`, which is not in the map: add the line `{line}` under `{place}:`, or the reason \
             instead of a list"
        ));
    }
    for name in there.keys().filter(|name| !wanted.contains(*name)) {
        broken.push(format!(
            "the document no longer has `{name}`: remove the line `{name}:` under `{place}:`"
        ));
    }
}

fn nested(
    place: &str,
    there: &BTreeMap<String, Parts>,
    document: &BTreeMap<String, BTreeSet<String>>,
    broken: &mut Vec<String>,
) {
    for (whole, names) in document {
        let parts = there.get(whole).unwrap_or(&EMPTY);
        compare(
            &format!("{place}: {whole}"),
            parts,
            names.iter().cloned(),
            broken,
        );
    }
    for whole in there.keys().filter(|whole| !document.contains_key(*whole)) {
        broken.push(format!(
            "the document no longer has `{whole}`: remove `{whole}:` and what is below it under `{place}:`"
        ));
    }
}

/// The name of the generated method for an operation or a parameter.
fn snake(name: &str) -> String {
    let mut out = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() {
            if !out.is_empty() && !out.ends_with('_') {
                out.push('_');
            }
            out.push(letter.to_ascii_lowercase());
        } else if letter.is_ascii_alphanumeric() {
            out.push(letter);
        } else if !out.is_empty() && !out.ends_with('_') {
            out.push('_');
        }
    }
    let out = out.trim_end_matches('_');
    match syn::parse_str::<syn::Ident>(out) {
        Ok(_) => out.to_owned(),
        Err(_) => format!("{out}_"),
    }
}

/// The name of the generated builder for the method of an operation.
fn pascal(method: &str) -> String {
    let mut out = String::new();
    for word in method.split('_') {
        let mut letters = word.chars();
        out.extend(letters.next().map(|letter| letter.to_ascii_uppercase()));
        out.extend(letters);
    }
    out
}
