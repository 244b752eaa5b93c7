//! The comparison of operations: addresses, parameters, bodies and replies.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::compare::{Compare, short, without_notes};
use super::fold::Fold;
use super::found::{Code, Rest, Side, Spot};
use super::items::Origin;
use super::schemas::describe;
use super::uses::{id_of, key_of};
use crate::schema::{component_of, operations, pointer_token, resolve};

const NOTHING: &Value = &Value::Null;

/// The part of a comparison that knows operations.
pub(super) struct Operations<'c, 'a> {
    compare: &'c mut Compare<'a>,
}

/// An operation of one document.
#[derive(Clone, Copy)]
struct Operation<'a> {
    method: &'a str,
    path: &'a str,
    node: &'a Value,
}

impl Operation<'_> {
    fn id(&self) -> String {
        id_of(self.method, self.path, self.node)
    }

    fn key(&self) -> String {
        key_of(self.method, self.path)
    }

    fn pointer(&self) -> String {
        format!("/paths/{}/{}", pointer_token(self.path), self.method)
    }
}

impl<'c, 'a> Operations<'c, 'a> {
    pub(super) fn of(compare: &'c mut Compare<'a>) -> Self {
        Self { compare }
    }

    pub(super) fn run(&mut self) {
        let (old, new) = (listed(self.compare.old), listed(self.compare.new));
        let mut matched = BTreeSet::new();
        for before in &old {
            let after = new
                .iter()
                .find(|after| after.id() == before.id())
                .or_else(|| {
                    new.iter().find(|after| {
                        shape(&after.key()) == shape(&before.key())
                            && !old.iter().any(|other| other.id() == after.id())
                    })
                });
            if let Some(after) = after {
                matched.insert(after.key());
                self.operation(before, after);
            } else {
                let spot = self.spot(before, before);
                let texts = (Some(before.key()), None);
                self.push(Code::OperationRemoved, &spot, texts, (before.node, NOTHING));
            }
        }
        for after in new.iter().filter(|after| !matched.contains(&after.key())) {
            let spot = self.spot(after, after);
            let texts = (None, Some(after.key()));
            self.push(Code::OperationAdded, &spot, texts, (NOTHING, after.node));
        }
        self.paths();
    }

    fn push(
        &mut self,
        code: Code,
        spot: &Spot,
        texts: (Option<String>, Option<String>),
        nodes: (&Value, &Value),
    ) {
        self.compare.push(code, spot, texts, nodes);
    }

    fn spot(&self, old: &Operation<'_>, new: &Operation<'_>) -> Spot {
        let origin = |operation: &Operation<'_>| Origin::Operation(operation.key(), None);
        Spot {
            words: format!("operation `{}`", old.id()),
            old: Some(old.pointer()),
            new: Some(new.pointer()),
            side: Side::REQUESTS,
            operations: BTreeSet::from([old.id()]),
            type_name: Fold::of(&old.id()),
            origins: BTreeSet::from([origin(old), origin(new)]),
            rests: BTreeSet::from([Rest::Operation(old.id())]),
            ..Spot::default()
        }
    }

    /// What paths say beside operations and parameters.
    fn paths(&mut self) {
        let (old, new) = (&self.compare.old["paths"], &self.compare.new["paths"]);
        let elsewhere: Vec<&str> = crate::schema::METHODS
            .into_iter()
            .chain(["parameters"])
            .collect();
        for (path, item) in old.as_object().into_iter().flatten() {
            let Some(other) = new.get(path) else { continue };
            let pointer = format!("/paths/{}", pointer_token(path));
            let spot = Spot {
                words: format!("path `{path}`"),
                old: Some(pointer.clone()),
                new: Some(pointer),
                ..Spot::default()
            };
            self.compare.rest(item, other, &spot, &elsewhere);
        }
    }

    fn operation(&mut self, old: &Operation<'_>, new: &Operation<'_>) {
        let spot = self.spot(old, new);
        if old.id() != new.id() {
            let texts = (Some(old.id()), Some(new.id()));
            self.push(Code::OperationRenamed, &spot, texts, (NOTHING, NOTHING));
        }
        if shape(&old.key()) != shape(&new.key()) {
            let texts = (Some(old.key()), Some(new.key()));
            self.push(Code::OperationMoved, &spot, texts, (NOTHING, NOTHING));
        }
        self.security(old, new, &spot);
        self.parameters(old, new, &spot);
        self.request_body(old.node, new.node, &spot);
        self.replies(old, new, &spot);
        let elsewhere = [
            "operationId",
            "parameters",
            "requestBody",
            "responses",
            "security",
        ];
        self.compare.rest(old.node, new.node, &spot, &elsewhere);
    }

    fn security(&mut self, old: &Operation<'_>, new: &Operation<'_>, spot: &Spot) {
        let of = |document: &'a Value, operation: &Operation<'_>| {
            operation
                .node
                .get("security")
                .cloned()
                .unwrap_or_else(|| document["security"].clone())
        };
        let before = of(self.compare.old, old);
        let after = of(self.compare.new, new);
        if before == after {
            return;
        }
        // No way at all means that none is asked for.
        let ways = |security: &Value| match security.as_array() {
            Some(ways) if !ways.is_empty() => ways.clone(),
            _ => vec![serde_json::json!({})],
        };
        let now = ways(&after);
        let code = if ways(&before).iter().all(|way| now.contains(way)) {
            Code::SecurityWidened
        } else {
            Code::SecurityChanged
        };
        let texts = (short(&before), short(&after));
        self.push(code, spot, texts, (NOTHING, NOTHING));
    }

    fn parameters(&mut self, old: &Operation<'_>, new: &Operation<'_>, spot: &Spot) {
        let before = parameters(self.compare.old, old);
        let mut after = parameters(self.compare.new, new);
        let mut unmatched = Vec::new();
        for one in before {
            // Those of the same name first, so that a rename is not mistaken for one of them.
            let place = after.iter().position(|other| {
                other.node["name"] == one.node["name"] && other.node["in"] == one.node["in"]
            });
            match place {
                Some(place) => self.pair(&one, &after.remove(place), spot),
                None => unmatched.push(one),
            }
        }
        for one in unmatched {
            let place = after.iter().position(|other| {
                let same_component = one.component.is_some() && one.component == other.component;
                let same_place_in_path = one.path_place(old.path).is_some()
                    && one.path_place(old.path) == other.path_place(new.path);
                let same_rust_name = Fold::of(other.name()) == Fold::of(one.name());
                same_component || same_place_in_path || same_rust_name
            });
            match place {
                Some(place) => self.pair(&one, &after.remove(place), spot),
                None => {
                    let place = one.spot(spot, &[old], &one);
                    let texts = (Some(describe(&one.node["schema"])), None);
                    self.push(Code::ParameterRemoved, &place, texts, (one.node, NOTHING));
                }
            }
        }
        for one in after {
            let code = if one.node["required"] == true {
                Code::RequiredParameterAdded
            } else {
                Code::ParameterAdded
            };
            let mut place = one.spot(spot, &[new], &one);
            if code == Code::RequiredParameterAdded {
                // Whatever makes the call fails until it gives the parameter.
                place.rests.extend(spot.rests.clone());
            }
            let texts = (None, Some(describe(&one.node["schema"])));
            self.push(code, &place, texts, (NOTHING, one.node));
        }
    }

    fn pair(&mut self, old: &Parameter<'_>, new: &Parameter<'_>, spot: &Spot) {
        // What both refer to is compared by itself, once for all operations.
        if old.component.is_some() && old.component == new.component {
            return;
        }
        let place = old.spot(spot, &[], new);
        self.parameter(old.node, new.node, &place);
    }

    /// Compares two parameters.
    pub(super) fn parameter(&mut self, old: &Value, new: &Value, spot: &Spot) {
        if old == new {
            return;
        }
        let spot = &self.parameter_spot(old, new, spot);
        let nodes = (NOTHING, NOTHING);
        for (key, code) in [
            ("name", Code::ParameterRenamed),
            ("in", Code::ParameterMoved),
        ] {
            if old[key] != new[key] {
                let texts = (short(&old[key]), short(&new[key]));
                self.push(code, spot, texts, nodes);
            }
        }
        match (old["required"] == true, new["required"] == true) {
            (false, true) => self.push(Code::ParameterRequired, spot, (None, None), nodes),
            (true, false) => self.push(Code::ParameterOptional, spot, (None, None), nodes),
            _ => {}
        }
        let style = |parameter: &Value| {
            let told = |key: &str| short(&parameter[key]).map(|value| format!("{key} {value}"));
            let words: Vec<_> = ["style", "explode", "allowReserved"]
                .into_iter()
                .filter_map(told)
                .collect();
            words.join(", ")
        };
        if style(old) != style(new) {
            let texts = (Some(style(old)), Some(style(new)));
            self.push(Code::ParameterStyleChanged, spot, texts, nodes);
        }
        self.compare
            .schema(&old["schema"], &new["schema"], &spot.inside("", "schema"));
        let elsewhere = [
            "name",
            "in",
            "required",
            "style",
            "explode",
            "allowReserved",
            "schema",
        ];
        self.compare.rest(old, new, spot, &elsewhere);
    }

    /// Where a parameter stands that has, or will have, one or more operations.
    fn parameter_spot(&self, old: &Value, new: &Value, spot: &Spot) -> Spot {
        let name = old["name"].as_str().unwrap_or_default();
        let mut spot = spot.clone();
        spot.words = format!("parameter `{name}`");
        spot.side = Side::REQUESTS;
        spot.origins.clear();
        spot.rests.clear();
        let is_spread = [old, new].iter().any(|node| node["style"] == "deepObject");
        for id in &spot.operations {
            spot.rests
                .insert(Rest::Parameter(id.clone(), name.to_owned()));
            for uses in [self.compare.old_uses, self.compare.new_uses] {
                let Some(key) = uses.key(id) else { continue };
                for node in [old, new] {
                    let name = node["name"].as_str().unwrap_or_default();
                    let origin = Origin::Operation(key.clone(), Some(Fold::of(name)));
                    spot.origins.insert(origin);
                }
                if is_spread {
                    spot.spread.push((key.clone(), name.to_owned()));
                }
            }
        }
        if let [only] = spot.operations.iter().collect::<Vec<_>>()[..] {
            spot.type_name = Fold::of(only).with(name);
            spot.words = format!("parameter `{name}` of `{only}`");
        }
        spot
    }

    fn request_body(&mut self, old: &Value, new: &Value, spot: &Spot) {
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

    /// Compares two bodies of requests.
    pub(super) fn body(&mut self, old: &Value, new: &Value, spot: &Spot) {
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

    fn replies(&mut self, old: &Operation<'_>, new: &Operation<'_>, spot: &Spot) {
        let (before, after) = (&old.node["responses"], &new.node["responses"]);
        let statuses: BTreeSet<&String> = [before, after]
            .into_iter()
            .filter_map(Value::as_object)
            .flat_map(serde_json::Map::keys)
            .collect();
        for status in statuses {
            let (one, other) = (&before[status], &after[status]);
            let token = format!("responses/{}", pointer_token(status));
            let mut place = spot.inside(&format!("reply {status} of"), &token);
            place.type_name = spot.type_name.with("reply");
            let taken = self.compare.old_uses.takes(&old.id(), status)
                || self.compare.new_uses.takes(&new.id(), status);
            place.side = if taken {
                Side::REPLIES
            } else {
                Side::default()
            };
            match (one.is_null(), other.is_null()) {
                (true, _) => self.push(Code::ReplyAdded, &place, (None, None), (one, other)),
                (_, true) => self.push(Code::ReplyRemoved, &place, (None, None), (one, other)),
                _ if one == other && one.get("$ref").is_some() => {}
                _ => {
                    let one = resolve(self.compare.old, one);
                    let other = resolve(self.compare.new, other);
                    self.reply_at(one, other, &place);
                }
            }
        }
    }

    /// Compares two replies of `components`.
    pub(super) fn reply(&mut self, old: &Value, new: &Value, spot: &Spot) {
        let mut spot = spot.clone();
        let name = spot.old.clone().unwrap_or_default();
        let name = name.rsplit('/').next().unwrap_or_default();
        let is_taken = |document: &Value| {
            operations(document).any(|(_, _, operation)| {
                let replies = operation["responses"].as_object();
                replies.into_iter().flatten().any(|(status, reply)| {
                    let named = reply["$ref"]
                        .as_str()
                        .and_then(|path| path.rsplit('/').next());
                    status.starts_with('2') && named == Some(name)
                })
            })
        };
        if is_taken(self.compare.old) || is_taken(self.compare.new) {
            spot.side = Side::REPLIES;
        }
        self.origins_of_operations(&mut spot);
        self.reply_at(old, new, &spot);
    }

    fn reply_at(&mut self, old: &Value, new: &Value, spot: &Spot) {
        if old == new {
            return;
        }
        let headers = |reply: &Value| without_notes(&reply["headers"]);
        if headers(old) != headers(new) {
            let names = |reply: &Value| -> Option<String> {
                let names: Vec<_> = reply["headers"].as_object()?.keys().cloned().collect();
                Some(names.join(", "))
            };
            let texts = (names(old), names(new));
            self.push(Code::ReplyHeadersChanged, spot, texts, (NOTHING, NOTHING));
        } else if old["headers"] != new["headers"] {
            let place = spot.inside("headers of", "headers");
            self.push(Code::DocsChanged, &place, (None, None), (NOTHING, NOTHING));
        }
        let codes = (Code::ReplyKindAdded, Code::ReplyKindRemoved);
        self.contents(old, new, spot, codes);
        self.compare.rest(old, new, spot, &["headers", "content"]);
    }

    fn contents(&mut self, old: &Value, new: &Value, spot: &Spot, (added, removed): (Code, Code)) {
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

    fn origins_of_operations(&self, spot: &mut Spot) {
        for id in &spot.operations {
            for uses in [self.compare.old_uses, self.compare.new_uses] {
                if let Some(key) = uses.key(id) {
                    spot.origins.insert(Origin::Operation(key.clone(), None));
                }
            }
        }
    }
}

fn listed(document: &Value) -> Vec<Operation<'_>> {
    operations(document)
        .map(|(method, path, node)| Operation { method, path, node })
        .collect()
}

/// An address without the names of what is filled in.
fn shape(key: &str) -> String {
    let mut text = String::new();
    for (index, part) in key.split('{').enumerate() {
        match part.split_once('}') {
            Some((_, after)) if index > 0 => {
                text.push_str("{}");
                text.push_str(after);
            }
            _ => text.push_str(part),
        }
    }
    text
}

/// A parameter of an operation, or of its path.
struct Parameter<'a> {
    node: &'a Value,
    /// The component that it is.
    component: Option<&'a str>,
    pointer: String,
}

impl Parameter<'_> {
    fn name(&self) -> &str {
        self.node["name"].as_str().unwrap_or_default()
    }

    /// Which of the things that are filled into the path.
    fn path_place(&self, path: &str) -> Option<usize> {
        if self.node["in"] != "path" {
            return None;
        }
        path.split('{')
            .skip(1)
            .position(|part| part.split('}').next() == Some(self.name()))
    }

    fn spot(&self, of: &Spot, only: &[&Operation<'_>], new: &Parameter<'_>) -> Spot {
        let mut spot = of.clone();
        spot.old = Some(self.pointer.clone());
        spot.new = Some(new.pointer.clone());
        spot.words = format!(
            "parameter `{}` of {}",
            self.name(),
            of.words.replace("operation ", "")
        );
        spot.type_name = of.type_name.with(self.name());
        if let [operation] = only {
            let member = Fold::of(self.name());
            spot.origins = BTreeSet::from([Origin::Operation(operation.key(), Some(member))]);
            spot.rests = BTreeSet::from([Rest::Parameter(
                of.operations.iter().next().cloned().unwrap_or_default(),
                self.name().to_owned(),
            )]);
            spot.spread = Vec::new();
        }
        spot
    }
}

/// The parameters of an operation, those of its path included; its own win.
fn parameters<'a>(document: &'a Value, operation: &Operation<'a>) -> Vec<Parameter<'a>> {
    let mut found: BTreeMap<(String, String), Parameter<'a>> = BTreeMap::new();
    let shared = format!("/paths/{}", pointer_token(operation.path));
    for (list, pointer) in [
        (&operation.node["parameters"], operation.pointer()),
        (&document["paths"][operation.path]["parameters"], shared),
    ] {
        for (index, node) in list.as_array().into_iter().flatten().enumerate() {
            let meant = resolve(document, node);
            let key = |key: &str| meant[key].as_str().unwrap_or_default().to_owned();
            found.entry((key("in"), key("name"))).or_insert(Parameter {
                node: meant,
                component: node["$ref"].as_str(),
                pointer: format!("{pointer}/parameters/{index}"),
            });
        }
    }
    found.into_values().collect()
}
