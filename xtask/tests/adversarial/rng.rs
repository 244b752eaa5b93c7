//! Chance that is the same in every run.

use serde_json::Value;

/// A generator of numbers (SplitMix64).
pub(crate) struct Chance(u64);

impl Chance {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut number = self.0;
        number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((number ^ (number >> 31)) % limit as u64).expect("it is below a usize")
    }

    pub(crate) fn of<'a, T: ?Sized>(&mut self, choices: &[&'a T]) -> &'a T {
        choices[self.below(choices.len())]
    }
}

/// Changes one node somewhere in a document: takes it away, or puts something else in its place.
pub(crate) fn mutate(document: &mut Value, chance: &mut Chance) {
    let mut pointers = Vec::new();
    collect(document, String::new(), &mut pointers);
    let pointer = pointers[chance.below(pointers.len())].clone();
    let other = match chance.below(16) {
        0 => Value::Null,
        1 => Value::Bool(true),
        2 => serde_json::json!(-1),
        3 => serde_json::json!(""),
        4 => serde_json::json!("\u{0}{}`\"¿"),
        5 => serde_json::json!([]),
        6 => serde_json::json!({}),
        7 => serde_json::json!("#/components/schemas/Shown"),
        8 => serde_json::json!({ "$ref": "#/components/schemas/Shown" }),
        9 => serde_json::json!({ "type": "string", "enum": ["", "A", "a"] }),
        10 => serde_json::json!({ "allOf": [{ "type": "string" }, { "type": "integer" }] }),
        11 => {
            let from = pointers[chance.below(pointers.len())].clone();
            document.pointer(&from).cloned().unwrap_or_default()
        }
        12 => serde_json::json!({ "$ref": format!("#{}", pointers[chance.below(pointers.len())]) }),
        _ => {
            remove(document, &pointer);
            return;
        }
    };
    if let Some(node) = document.pointer_mut(&pointer) {
        *node = other;
    }
}

fn remove(document: &mut Value, pointer: &str) {
    let Some((parent, last)) = pointer.rsplit_once('/') else {
        return;
    };
    let last = last.replace("~1", "/").replace("~0", "~");
    match document.pointer_mut(parent) {
        Some(Value::Object(fields)) => {
            fields.remove(&last);
        }
        Some(Value::Array(items)) => {
            items.remove(last.parse().expect("an index"));
        }
        _ => {}
    }
}

fn collect(node: &Value, pointer: String, found: &mut Vec<String>) {
    match node {
        Value::Object(fields) => {
            for (key, child) in fields {
                let token = key.replace('~', "~0").replace('/', "~1");
                collect(child, format!("{pointer}/{token}"), found);
            }
        }
        Value::Array(items) => {
            for (index, child) in items.iter().enumerate() {
                collect(child, format!("{pointer}/{index}"), found);
            }
        }
        _ => {}
    }
    found.push(pointer);
}
