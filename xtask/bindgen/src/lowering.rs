//! A lowered copy of a document, and the list of fixups that were applied.

use serde_json::Value;

use crate::error::Refused;
use crate::fixups::{Fixup, Need};
use crate::unsupported::unsupported;

/// A document that is being lowered.
#[derive(Clone, Debug)]
pub struct Lowering {
    /// The copy.
    pub document: Value,
    /// The applied fixups, in order.
    pub applied: Vec<Applied>,
    /// The parts that are not generated, with the reason.
    pub left_out: Vec<Refused>,
}

/// An applied fixup.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applied {
    /// Its name.
    pub name: &'static str,
    /// The reason for the fixup.
    pub reason: &'static str,
    /// The document that needs it.
    pub need: Need,
    /// The places that it changed: JSON pointers in the lowered document.
    pub places: Vec<String>,
}

impl Lowering {
    /// Creates a copy to lower, without the operations that the generator does not support.
    #[must_use]
    pub fn of(document: &Value) -> Self {
        let mut lowering = Self::whole(document);
        for (method, path, refused) in unsupported(document) {
            if let Some(item) = lowering.document["paths"]
                .get_mut(&path)
                .and_then(Value::as_object_mut)
            {
                item.remove(method);
            }
            lowering.left_out.push(refused);
        }
        lowering
    }

    /// Creates a copy to lower, with all operations.
    #[must_use]
    pub fn whole(document: &Value) -> Self {
        Self {
            document: document.clone(),
            applied: Vec::new(),
            left_out: Vec::new(),
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
            let places = apply(self);
            self.applied.push(Applied {
                name,
                reason,
                need: *need,
                places,
            });
        }
    }
}
