//! Validates the coverage map against the document and the facade.

use std::collections::BTreeSet;

use serde_json::Value;

use super::surface::Surface;
use super::{ANY, Facade, Reach, member_name, variant_name};

/// An error of the coverage map.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The error, with the line to add or to remove.
    pub message: String,
    /// The item that the facade lacks by the rule.
    pub item: Option<String>,
}

impl Facade {
    /// Returns the messages of the errors of the map.
    #[must_use]
    pub fn check(&self, document: &Value) -> Vec<String> {
        let findings = self.findings(document).into_iter();
        findings.map(|finding| finding.message).collect()
    }

    /// Returns the errors of the map.
    #[must_use]
    pub fn findings(&self, document: &Value) -> Vec<Finding> {
        let mut check = Check {
            facade: self,
            surface: Surface::of(document),
            found: Vec::new(),
        };
        check.operations();
        check.headers();
        check.shared_parameters();
        check.types();
        check.fields();
        check.values();
        check.found
    }
}

struct Check<'a> {
    facade: &'a Facade,
    surface: Surface,
    found: Vec<Finding>,
}

impl Check<'_> {
    fn operations(&mut self) {
        let map = &self.facade.map.operations;
        for (id, names) in self.surface.operations.clone() {
            let Some(line) = map.get(&id) else {
                self.report(format!(
                    "the operation `{id}` is not covered: add the line `{id}: {{ items: [its items], type: \
                     the type that sets its parameters }}` or `{id}: {{ items: the reason for their absence }}` under `operations:`"
                ));
                continue;
            };
            self.line(&format!("operations: {id}: items"), &line.items);
            if let Some(name) = line.name.as_ref()
                && !self.is_type(name)
            {
                self.report(format!(
                    "`operations: {id}: type: {name}` is not a public type of the facade: fix the name"
                ));
            }
            for name in &names {
                if self.facade.parameter(&id, name).is_none() {
                    self.missing(
                        &format!("the parameter `{name}` of {id}"),
                        line.name
                            .as_ref()
                            .map(|of| format!("{of}::{}", member_name(name))),
                        name,
                        &format!("operations: {id}: parameters"),
                    );
                }
            }
            let place = format!("operations: {id}: parameters");
            for (name, own) in &line.parameters {
                let implied = self.facade.implied_parameter(&id, name);
                self.exception(&place, name, own, names.contains(name), implied);
            }
        }
        for id in map.keys() {
            if !self.surface.operations.contains_key(id) {
                self.stale("operations", id);
            }
        }
    }

    fn headers(&mut self) {
        let map = &self.facade.map.headers;
        for name in self.surface.headers.clone() {
            if !map.contains_key(&name) {
                self.missing(&format!("the header `{name}`"), None, &name, "headers");
            }
        }
        for (name, line) in map {
            let is_there = self.surface.headers.contains(name);
            self.exception("headers", name, line, is_there, None);
        }
    }

    /// Checks that each line for several operations covers a parameter.
    fn shared_parameters(&mut self) {
        for (name, line) in &self.facade.map.parameters {
            let is_used = self.surface.operations.iter().any(|(id, names)| {
                let own = self.facade.map.operations.get(id);
                names.contains(name)
                    && own.is_some_and(|own| !own.parameters.contains_key(name))
                    && self.facade.member_of_operation(id, name).is_none()
            });
            self.exception("parameters", name, line, is_used, None);
        }
    }

    fn types(&mut self) {
        for (name, of) in &self.facade.map.types {
            if !self.surface.fields.contains_key(name) && !self.surface.enums.contains_key(name) {
                self.stale("types", name);
            } else if name == of {
                self.redundant("types", name);
            } else if !self.is_type(of) {
                self.report(format!(
                    "`types: {name}: {of}` is not a public type of the facade: fix the name"
                ));
            }
        }
    }

    fn fields(&mut self) {
        for (schema, names) in self.surface.fields.clone() {
            for name in names {
                if self.facade.field(&schema, &name).is_none() {
                    self.missing(
                        &format!("the property `{name}` of {schema}"),
                        Some(format!(
                            "{}::{}",
                            self.facade.type_of(&schema),
                            member_name(&name)
                        )),
                        &name,
                        &format!("fields: {schema}"),
                    );
                }
            }
        }
        for (schema, lines) in &self.facade.map.fields {
            let names = self.surface.fields.get(schema).cloned().unwrap_or_default();
            for (name, line) in lines {
                let implied = self.facade.implied_field(schema, name);
                let place = format!("fields: {schema}");
                self.exception(&place, name, line, names.contains(name), implied);
            }
        }
    }

    fn values(&mut self) {
        for (name, values) in self.surface.enums.clone() {
            for value in values {
                if self.facade.value(&name, &value).is_none() {
                    self.missing(
                        &format!("the value `{value}` of {name}"),
                        Some(format!(
                            "{}::{}",
                            self.facade.type_of(&name),
                            variant_name(&value)
                        )),
                        &value,
                        &format!("enums: {name}"),
                    );
                }
            }
        }
        for (name, lines) in &self.facade.map.enums {
            let values = self.surface.enums.get(name).cloned();
            let place = format!("enums: {name}");
            for (value, line) in lines {
                let is_there = values
                    .as_ref()
                    .is_some_and(|values| value == ANY || values.contains(value));
                let implied = self.facade.implied_value(name, value);
                self.exception(&place, value, line, is_there, implied);
            }
        }
    }

    fn is_type(&self, name: &str) -> bool {
        let bare = name.split('<').next().unwrap_or(name);
        self.facade.listing.contains(bare)
    }

    /// Reports a part of the document that neither the rule nor a line covers. `item` is the one that the rule expects.
    fn missing(&mut self, part: &str, item: Option<String>, line: &str, place: &str) {
        // The enum of a property has no type of its own.
        let item = item.filter(|item| !item.contains('.'));
        let add = item.as_ref().map_or_else(String::new, |item| {
            format!(
                "add `{item}` to the facade, and to its listing by `cargo xtask check --only api --accept`; or "
            )
        });
        let message = format!(
            "{part} is not covered: {add}add the line `{line}: [its items]` or `{line}: the reason for their absence` under \
             `{place}:`"
        );
        self.found.push(Finding { message, item });
    }

    /// Checks a line that names the items of one part. `implied` is the coverage without the line.
    fn exception(
        &mut self,
        place: &str,
        name: &str,
        line: &Reach,
        is_there: bool,
        implied: Option<Reach>,
    ) {
        let whole = format!("{place}: {name}");
        match (line, implied) {
            _ if !is_there => return self.stale(place, name),
            (line, Some(implied)) if *line == implied => return self.redundant(place, name),
            (Reach::Nothing(_), Some(implied)) => self.report(format!(
                "`{whole}:` has a reason instead of items, and the facade has `{}`: remove the line",
                implied.items().join("`, `")
            )),
            _ => {}
        }
        self.line(&whole, line);
    }

    fn report(&mut self, message: String) {
        let item = None;
        self.found.push(Finding { message, item });
    }

    fn stale(&mut self, place: &str, name: &str) {
        self.report(format!(
            "the document has no part for the line `{name}:` under `{place}:`: remove the line"
        ));
    }

    fn redundant(&mut self, place: &str, name: &str) {
        self.report(format!(
            "the line `{name}:` under `{place}:` is redundant, because the names are the same: remove the line"
        ));
    }

    /// Checks that a line names items that exist, or a reason.
    fn line(&mut self, place: &str, line: &Reach) {
        match line {
            Reach::Items(items) if items.is_empty() => self.report(format!(
                "`{place}:` is an empty list: name items, or write the reason why there are none"
            )),
            Reach::Nothing(why) if why.trim().is_empty() => self.report(format!(
                "`{place}:` is empty: write the reason for the absence of items"
            )),
            _ => {}
        }
        let known = |item: &&String| !self.facade.listing.contains(item);
        let unknown: BTreeSet<&String> = line.items().iter().filter(known).collect();
        for item in unknown {
            self.report(format!(
                "`{place}:` names `{item}`, which is not in the listing of the facade: fix the name, or, if the item is new, run `cargo xtask check --only api --accept`"
            ));
        }
    }
}
