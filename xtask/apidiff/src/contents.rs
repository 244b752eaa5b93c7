//! Compares request bodies and responses.

use std::collections::BTreeSet;

use serde_json::Value;

use super::compare::without_notes;
use super::difference::{Code, Location, Side};
use super::items::Origin;
use super::operations::{NOTHING, Operation, Operations};
use xtask_bindgen::schema::{component_of, operations, pointer_token, resolve};

impl Operations<'_, '_> {
    pub(super) fn request_body(&mut self, old: &Value, new: &Value, spot: &Location) {
        let (before, after) = (&old["requestBody"], &new["requestBody"]);
        let mut place = spot.inside("body of", "requestBody");
        place.type_name = spot.type_name.with("body");
        match (before.is_null(), after.is_null()) {
            (true, true) => {}
            (true, false) => self.push(Code::BodyAdded, &place, (None, None), (before, after)),
            (false, true) => self.push(Code::BodyRemoved, &place, (None, None), (before, after)),
            (false, false) if before == after && before.get("$ref").is_some() => {}
            (false, false) => {
                let old = resolve(self.compare.old, before);
                let new = resolve(self.compare.new, after);
                self.body(old, new, &place);
            }
        }
    }

    /// Compares two request bodies.
    pub(super) fn body(&mut self, old: &Value, new: &Value, spot: &Location) {
        let mut spot = spot.clone();
        spot.side = Side::REQUESTS;
        self.origins_of_operations(&mut spot);
        match (old["required"] == true, new["required"] == true) {
            (false, true) => self.push(Code::BodyRequired, &spot, (None, None), (NOTHING, NOTHING)),
            (true, false) => self.push(Code::BodyOptional, &spot, (None, None), (NOTHING, NOTHING)),
            _ => {}
        }
        let codes = (Code::BodyKindAdded, Code::BodyKindRemoved);
        self.contents(old, new, &spot, codes);
        self.compare.rest(old, new, &spot, &["required", "content"]);
    }

    pub(super) fn responses(&mut self, old: &Operation<'_>, new: &Operation<'_>, spot: &Location) {
        let (before, after) = (&old.node["responses"], &new.node["responses"]);
        let statuses: BTreeSet<&String> = [before, after]
            .into_iter()
            .filter_map(Value::as_object)
            .flat_map(serde_json::Map::keys)
            .collect();
        for status in statuses {
            let (one, other) = (&before[status], &after[status]);
            let token = format!("responses/{}", pointer_token(status));
            let mut place = spot.inside(&format!("response {status} of"), &token);
            place.type_name = spot.type_name.with("response");
            let taken = self.compare.old_uses.takes(&old.id(), status)
                || self.compare.new_uses.takes(&new.id(), status);
            place.side = if taken {
                Side::RESPONSES
            } else {
                Side::default()
            };
            match (one.is_null(), other.is_null()) {
                (true, _) => self.push(Code::ResponseAdded, &place, (None, None), (one, other)),
                (_, true) => self.push(Code::ResponseRemoved, &place, (None, None), (one, other)),
                _ if one == other && one.get("$ref").is_some() => {}
                _ => {
                    let one = resolve(self.compare.old, one);
                    let other = resolve(self.compare.new, other);
                    self.response_at(one, other, &place);
                }
            }
        }
    }

    /// Compares two responses of `components`.
    pub(super) fn response(&mut self, old: &Value, new: &Value, spot: &Location) {
        let mut spot = spot.clone();
        let name = spot.old.clone().unwrap_or_default();
        let name = name.rsplit('/').next().unwrap_or_default();
        let is_taken = |document: &Value| {
            operations(document).any(|(_, _, operation)| {
                let responses = operation["responses"].as_object();
                responses.into_iter().flatten().any(|(status, response)| {
                    let named = response["$ref"]
                        .as_str()
                        .and_then(|path| path.rsplit('/').next());
                    status.starts_with('2') && named == Some(name)
                })
            })
        };
        if is_taken(self.compare.old) || is_taken(self.compare.new) {
            spot.side = Side::RESPONSES;
        }
        self.origins_of_operations(&mut spot);
        self.response_at(old, new, &spot);
    }

    fn response_at(&mut self, old: &Value, new: &Value, spot: &Location) {
        if old == new {
            return;
        }
        let headers = |response: &Value| without_notes(&response["headers"]);
        if headers(old) != headers(new) {
            let names = |response: &Value| -> Option<String> {
                let names: Vec<_> = response["headers"].as_object()?.keys().cloned().collect();
                Some(names.join(", "))
            };
            let texts = (names(old), names(new));
            self.push(
                Code::ResponseHeadersChanged,
                spot,
                texts,
                (NOTHING, NOTHING),
            );
        } else if old["headers"] != new["headers"] {
            let place = spot.inside("headers of", "headers");
            self.push(Code::DocsChanged, &place, (None, None), (NOTHING, NOTHING));
        }
        let codes = (Code::ResponseKindAdded, Code::ResponseKindRemoved);
        self.contents(old, new, spot, codes);
        self.compare.rest(old, new, spot, &["headers", "content"]);
    }

    fn contents(
        &mut self,
        old: &Value,
        new: &Value,
        spot: &Location,
        (added, removed): (Code, Code),
    ) {
        let kinds: BTreeSet<&String> = [&old["content"], &new["content"]]
            .into_iter()
            .filter_map(Value::as_object)
            .flat_map(serde_json::Map::keys)
            .collect();
        for kind in kinds {
            let (one, other) = (&old["content"][kind], &new["content"][kind]);
            let place = spot.inside("", &format!("content/{}", pointer_token(kind)));
            match (one.is_null(), other.is_null()) {
                (true, _) => {
                    let texts = (None, Some(kind.clone()));
                    self.push(added, &place, texts, (NOTHING, other));
                }
                (_, true) => {
                    let texts = (Some(kind.clone()), None);
                    self.push(removed, &place, texts, (one, NOTHING));
                }
                _ if one == other => {}
                _ => {
                    let mut inside = place.inside("", "schema");
                    inside.component = component_of(&one["schema"]).map(str::to_owned);
                    self.compare
                        .schema(&one["schema"], &other["schema"], &inside);
                    self.compare.rest(one, other, &place, &["schema"]);
                }
            }
        }
    }

    fn origins_of_operations(&self, spot: &mut Location) {
        for id in &spot.operations {
            for uses in [self.compare.old_uses, self.compare.new_uses] {
                if let Some(key) = uses.key(id) {
                    spot.origins.insert(Origin::Operation(key.clone(), None));
                }
            }
        }
    }
}
