//! A copy of a document on its way to the generator, and the list of what was done to it.

use serde_json::Value;

use crate::error::Refused;
use crate::fixups::{Fixup, Need};
use crate::schema::{operation_name, operations, operations_mut};
use crate::wire_names::WireNames;

/// The copy that fixups work on.
#[derive(Clone, Debug)]
pub struct Lowering {
    /// The copy.
    pub document: Value,
    /// Fixups that ran, in order.
    pub applied: Vec<Applied>,
    /// What will not be generated, and why.
    pub left_out: Vec<Refused>,
    /// What is generated under another name than the document has, and why.
    pub notes: Vec<Refused>,
    /// Names on the wire that are written into the generated code afterwards.
    pub wire_names: WireNames,
    /// The extension that operations take their names from.
    pub method_names: Option<String>,
}

/// A fixup that ran.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Applied {
    /// Its name.
    pub name: &'static str,
    /// Why there is such a fixup.
    pub reason: &'static str,
    /// Whose documents it is there for.
    pub need: Need,
    /// In how many places it changed something.
    pub count: usize,
}

impl Lowering {
    /// A fresh copy.
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

    /// Says that something will not be generated.
    pub fn leave_out(&mut self, what: impl Into<String>, reason: impl Into<String>) {
        self.left_out.push(Refused {
            what: what.into(),
            reason: reason.into(),
        });
    }

    /// Says that something is generated under another name than the document has.
    pub fn note(&mut self, what: impl Into<String>, reason: impl Into<String>) {
        self.notes.push(Refused {
            what: what.into(),
            reason: reason.into(),
        });
    }

    /// Takes the operation with this name (as in messages) out.
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

    /// Takes operations out for which `reason` has one, and says so; gives how many.
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

    /// Takes parameters out for which `reason` has one, and says so; an operation that needs such a parameter goes
    /// with it. Gives how many parameters went.
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
