//! A lowered copy of a document, and the list of fixups that were applied.

use serde_json::Value;

use crate::error::Refused;
use crate::fixups::{Fixup, Need};
use crate::schema::{operation_name, operations, operations_mut};
use crate::wire_names::WireNames;

/// A document that is being lowered.
#[derive(Clone, Debug)]
pub struct Lowering {
    /// The copy.
    pub document: Value,
    /// The applied fixups, in order.
    pub applied: Vec<Applied>,
    /// The parts that are not generated, with the reason.
    pub left_out: Vec<Refused>,
    /// The parts that are generated under another name, with the reason.
    pub notes: Vec<Refused>,
    /// Wire names that are inserted into the generated code later.
    pub wire_names: WireNames,
    /// The extension that contains the names of operations.
    pub method_names: Option<String>,
}

/// An applied fixup.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Applied {
    /// Its name.
    pub name: &'static str,
    /// The reason for the fixup.
    pub reason: &'static str,
    /// The documents that need it.
    pub need: Need,
    /// The number of places that it changed.
    pub count: usize,
}

impl Lowering {
    /// Creates a copy to lower.
    #[must_use]
    pub fn of(document: &Value) -> Self {
        Self {
            document: document.clone(),
            applied: Vec::new(),
            left_out: Vec::new(),
            notes: Vec::new(),
            wire_names: WireNames::default(),
            method_names: None,
        }
    }

    /// Runs fixups, in order.
    pub fn run(&mut self, fixups: &[Fixup]) {
        for Fixup {
            name,
            reason,
            need,
            apply,
        } in fixups
        {
            let count = apply(self);
            self.applied.push(Applied {
                name,
                reason,
                need: *need,
                count,
            });
        }
    }

    /// Records that a part is not generated.
    pub fn leave_out(&mut self, what: impl Into<String>, reason: impl Into<String>) {
        self.left_out.push(Refused {
            what: what.into(),
            reason: reason.into(),
        });
    }

    /// Records that a part is generated under another name.
    pub fn note(&mut self, what: impl Into<String>, reason: impl Into<String>) {
        self.notes.push(Refused {
            what: what.into(),
            reason: reason.into(),
        });
    }

    /// Removes the operation with this name.
    pub fn leave_out_named(&mut self, name: &str, reason: &str) {
        let found = operations(&self.document)
            .find(|(method, path, operation)| operation_name(method, path, operation) == name)
            .map(|(method, path, _)| (method.to_owned(), path.to_owned()));
        if let Some((method, path)) = found
            && let Some(item) = self.document["paths"]
                .get_mut(&path)
                .and_then(Value::as_object_mut)
        {
            item.remove(&method);
        }
        self.leave_out(name, reason);
    }

    /// Removes and records the operations for which `reason` returns one. Returns their number.
    pub fn leave_out_operations(&mut self, reason: impl Fn(&Value) -> Option<String>) -> usize {
        let mut found = Vec::new();
        for (method, path, operation) in operations(&self.document) {
            if let Some(why) = reason(operation) {
                found.push((
                    method.to_owned(),
                    path.to_owned(),
                    operation_name(method, path, operation),
                    why,
                ));
            }
        }
        let count = found.len();
        for (method, path, name, why) in found {
            if let Some(item) = self.document["paths"]
                .get_mut(&path)
                .and_then(Value::as_object_mut)
            {
                item.remove(&method);
            }
            self.leave_out(name, why);
        }
        count
    }

    /// Removes and records the parameters for which `reason` returns one, and operations that require such a parameter.
    /// Returns the number of removed parameters and operations.
    pub fn leave_out_parameters(&mut self, reason: impl Fn(&Value) -> Option<String>) -> usize {
        let mut found = Vec::new();
        let wire_names = &self.wire_names;
        operations_mut(&mut self.document, |method, path, operation| {
            let name = operation_name(method, path, operation);
            let Some(parameters) = operation
                .get_mut("parameters")
                .and_then(Value::as_array_mut)
            else {
                return;
            };
            parameters.retain(|parameter| {
                let why = if parameter["required"] == true {
                    None
                } else {
                    reason(parameter)
                };
                let keep = why.is_none();
                if let Some(why) = why {
                    let parameter = parameter["name"].as_str().unwrap_or("without a name");
                    let parameter = wire_names.wire(parameter);
                    found.push((format!("parameter `{parameter}` of {name}"), why));
                }
                keep
            });
        });
        let count = found.len();
        for (what, why) in found {
            self.leave_out(what, why);
        }
        count
            + self.leave_out_operations(|operation| {
                let parameters = operation["parameters"].as_array()?;
                parameters.iter().find_map(|parameter| {
                    let why = reason(parameter)?;
                    Some(format!(
                        "it needs the parameter `{}`: {why}",
                        parameter["name"].as_str().unwrap_or_default()
                    ))
                })
            })
    }
}
