//! Compares request bodies and responses.

use serde_json::Value;
use xtask_bindgen::schema::{component_of, pointer_token, resolve};

use crate::compare::{Compare, keys, short};
use crate::difference::{Code, Direction, Location};
use crate::references::decoded_status;

impl Compare<'_> {
    pub(crate) fn request_body(&mut self, old: &Value, new: &Value, location: &Location) {
        let (before, after) = (&old["requestBody"], &new["requestBody"]);
        let place = location.inside(" body", "requestBody");
        match (before.is_null(), after.is_null()) {
            (true, true) => {}
            (true, false) => self.push(Code::BodyAdded, &place, (None, None)),
            (false, true) => self.push(Code::BodyRemoved, &place, (None, None)),
            (false, false) if before == after && before.get("$ref").is_some() => {}
            (false, false) => {
                let (old, new) = (resolve(self.old, before), resolve(self.new, after));
                self.body(old, new, &place);
            }
        }
    }

    /// Compares two request bodies.
    pub(crate) fn body(&mut self, old: &Value, new: &Value, location: &Location) {
        let mut location = location.clone();
        location.direction = Direction::REQUESTS;
        match (old["required"] == true, new["required"] == true) {
            (false, true) => self.push(Code::BodyRequired, &location, (None, None)),
            (true, false) => self.push(Code::BodyOptional, &location, (None, None)),
            _ => {}
        }
        let codes = (Code::BodyKindAdded, Code::BodyKindRemoved);
        self.contents(old, new, &location, codes);
        self.rest(old, new, &location, &["required", "content"]);
    }

    pub(crate) fn responses(&mut self, old: &Value, new: &Value, location: &Location) {
        let (before, after) = (&old["responses"], &new["responses"]);
        for status in keys(before, after) {
            let (one, other) = (&before[status], &after[status]);
            let token = format!("responses/{}", pointer_token(status));
            let mut place = location.inside(&format!(" response {status}"), &token);
            let is_decoded = [old, new]
                .iter()
                .any(|it| decoded_status(it) == Some(status));
            place.direction = if is_decoded {
                Direction::RESPONSES
            } else {
                Direction::default()
            };
            match (one.is_null(), other.is_null()) {
                (true, _) => self.push(Code::ResponseAdded, &place, (None, None)),
                (_, true) => self.push(Code::ResponseRemoved, &place, (None, None)),
                _ if one == other && one.get("$ref").is_some() => {}
                _ => self.response(resolve(self.old, one), resolve(self.new, other), &place),
            }
        }
    }

    /// Compares two responses.
    pub(crate) fn response(&mut self, old: &Value, new: &Value, location: &Location) {
        let (before, after) = (&old["headers"], &new["headers"]);
        for name in keys(before, after) {
            let token = format!("headers/{}", pointer_token(name));
            let place = location.inside(&format!(" header {name}"), &token);
            let (one, other) = (&before[name], &after[name]);
            match (one.is_null(), other.is_null()) {
                (true, _) => self.push(Code::HeaderAdded, &place, (None, None)),
                (_, true) => self.push(Code::HeaderRemoved, &place, (None, None)),
                _ if one == other => {}
                _ => self.header(one, other, &place),
            }
        }
        let codes = (Code::ResponseKindAdded, Code::ResponseKindRemoved);
        self.contents(old, new, location, codes);
        self.rest(old, new, location, &["headers", "content"]);
    }

    /// Compares two headers of responses.
    pub(crate) fn header(&mut self, old: &Value, new: &Value, location: &Location) {
        let (old, new) = (resolve(self.old, old), resolve(self.new, new));
        let (before, after) = (&old["schema"], &new["schema"]);
        if resolve(self.old, before)["type"] != resolve(self.new, after)["type"] {
            self.push(Code::HeaderChanged, location, (short(before), short(after)));
        } else {
            self.push(Code::DocsChanged, location, (None, None));
        }
    }

    fn contents(
        &mut self,
        old: &Value,
        new: &Value,
        location: &Location,
        (added, removed): (Code, Code),
    ) {
        let (before, after) = (&old["content"], &new["content"]);
        for kind in keys(before, after) {
            let (one, other) = (&before[kind], &after[kind]);
            let suffix = match kind.as_str() {
                "application/json" => String::new(),
                other => format!(" as {other}"),
            };
            let token = format!("content/{}", pointer_token(kind));
            let place = location.inside(&suffix, &token);
            match (one.is_null(), other.is_null()) {
                (true, _) => self.push(added, &place, (None, Some(kind.clone()))),
                (_, true) => self.push(removed, &place, (Some(kind.clone()), None)),
                _ if one == other => {}
                _ => {
                    let mut inside = place.inside("", "schema");
                    inside.component =
                        component_of(&one["schema"]).map(|name| (name.to_owned(), None));
                    self.schema(&one["schema"], &other["schema"], &inside);
                    self.rest(one, other, &place, &["schema"]);
                }
            }
        }
    }
}
