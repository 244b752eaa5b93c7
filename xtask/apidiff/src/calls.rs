//! Reads the builder of a generated operation: its setters, the request and the return type.

use std::collections::{BTreeMap, BTreeSet};

use quote::ToTokens;
use syn::visit::Visit;
use syn::{Expr, ImplItem, Item};

use super::items::tidy;

/// An operation.
#[derive(Default)]
pub(super) struct Call {
    /// Method and path, as in the document.
    pub(super) key: String,
    /// Method and path, without the names of path parameters.
    pub(super) address: String,
    /// The return type of `send`.
    pub(super) output: String,
    /// The accepted statuses and media types.
    pub(super) taken: String,
    pub(super) setters: Vec<Setter>,
}

/// A parameter, or the body.
pub(super) struct Setter {
    pub(super) name: String,
    /// The type that the setter converts values to.
    pub(super) takes: String,
    /// The name in the document, as far as the code contains it.
    pub(super) word: String,
    /// Its location in the request, and its wire name.
    pub(super) wire: String,
    pub(super) required: bool,
}

/// Reads the builder with this name.
pub(super) fn call_of(inside: &[Item], builder: &str) -> Option<Call> {
    let mut call = Call::default();
    let mut sent = Sent::default();
    let mut required = BTreeSet::new();
    for item in inside {
        let Item::Impl(block) = item else { continue };
        let of = tidy(&block.self_ty);
        if block.trait_.is_some() || of.split('<').next() != Some(builder) {
            continue;
        }
        required.extend(failing_fields(block, "new"));
        for item in &block.items {
            let ImplItem::Fn(function) = item else {
                continue;
            };
            let name = function.sig.ident.to_string();
            if name == "send" {
                call.key = address_in_words(&function.attrs)?;
                if let syn::ReturnType::Type(_, given) = &function.sig.output {
                    call.output = tidy(given);
                }
                sent.visit_block(&function.block);
            } else if let Some(takes) = taken_type(&function.sig) {
                call.setters.push(Setter {
                    word: name.clone(),
                    wire: String::new(),
                    required: false,
                    name,
                    takes,
                });
            }
        }
    }
    call.address = format!("{} {}", call.key.split(' ').next()?, sent.template);
    call.taken = sent.taken.join(" ");
    for setter in &mut call.setters {
        setter.required = required.contains(&setter.name);
        if let Some((wire, word)) = sent.places.get(&setter.name) {
            setter.wire.clone_from(wire);
            setter.word.clone_from(word);
        }
        if setter.name == "body" {
            setter.wire.clone_from(&sent.body);
        }
    }
    Some(call)
}

/// Returns the fields that the constructor sets to an error, which marks a required parameter.
pub(super) fn failing_fields(block: &syn::ItemImpl, constructor: &str) -> BTreeSet<String> {
    struct Failing(BTreeSet<String>);
    impl<'ast> Visit<'ast> for Failing {
        fn visit_field_value(&mut self, field: &'ast syn::FieldValue) {
            if let Expr::Call(call) = &field.expr
                && tidy(&call.func) == "Err"
            {
                self.0.insert(tidy(&field.member));
            }
        }
    }
    let mut failing = Failing(BTreeSet::new());
    for item in &block.items {
        if let ImplItem::Fn(function) = item
            && function.sig.ident == constructor
        {
            failing.visit_block(&function.block);
        }
    }
    failing.0
}

/// Returns `T` of a setter's `V: TryInto<T>`.
fn taken_type(signature: &syn::Signature) -> Option<String> {
    let clause = signature.generics.where_clause.as_ref()?;
    let bounds = clause.predicates.first()?.to_token_stream();
    let bounds = tidy(&bounds);
    let (_, after) = bounds.split_once("TryInto<")?;
    Some(after.strip_suffix('>')?.to_owned())
}

/// Parses method and path of "Sends a `GET` request to `/videos`".
fn address_in_words(attributes: &[syn::Attribute]) -> Option<String> {
    attributes.iter().find_map(|attribute| {
        let syn::Meta::NameValue(pair) = &attribute.meta else {
            return None;
        };
        let text = pair.value.to_token_stream().to_string();
        let mut parts = text.split("Sends a `").nth(1)?.split('`');
        let method = parts.next()?;
        let path = parts.nth(1)?;
        Some(format!("{method} {path}"))
    })
}

/// Reads the body of `send`.
#[derive(Default)]
struct Sent {
    template: String,
    /// The location and wire name of each local value.
    places: BTreeMap<String, (String, String)>,
    body: String,
    taken: Vec<String>,
    /// The local value of the enclosing `if let Some(value) = this`.
    looked_into: Option<String>,
}

impl<'ast> Visit<'ast> for Sent {
    fn visit_expr_if(&mut self, branch: &'ast syn::ExprIf) {
        if let Expr::Let(condition) = &*branch.cond {
            self.looked_into = Some(local_name(&condition.expr));
        }
        syn::visit::visit_expr_if(self, branch);
        self.looked_into = None;
    }

    fn visit_local(&mut self, local: &'ast syn::Local) {
        if tidy(&local.pat) == "url"
            && let Some(init) = &local.init
            && let Expr::Macro(call) = &*init.expr
        {
            self.address(&call.mac.tokens.to_string());
        }
        syn::visit::visit_local(self, local);
    }

    fn visit_expr_call(&mut self, call: &'ast syn::ExprCall) {
        let name = tidy(&call.func);
        if name.ends_with("QueryParam::new") {
            let word = call.args.first().map(literal).unwrap_or_default();
            let value = call.args.last().map(local_name).unwrap_or_default();
            self.places.insert(value, (format!("query {word}"), word));
        }
        syn::visit::visit_expr_call(self, call);
    }

    fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
        match call.method.to_string().as_str() {
            "json" => self.body = "json".to_owned(),
            "form_urlencoded" => self.body = "form".to_owned(),
            "body" if call.args.len() == 1 => self.body = "body".to_owned(),
            "append" => {
                let word = call.args.first().map(literal).unwrap_or_default();
                let value = self
                    .looked_into
                    .clone()
                    .or_else(|| call.args.last().map(local_name));
                self.places
                    .insert(value.unwrap_or_default(), (format!("header {word}"), word));
            }
            "header" => {
                let what = call.args.last().map(literal).unwrap_or_default();
                self.taken.push(what);
            }
            _ => {}
        }
        syn::visit::visit_expr_method_call(self, call);
    }

    fn visit_arm(&mut self, arm: &'ast syn::Arm) {
        let status = tidy(&arm.pat);
        if status != "_" {
            self.taken.push(status.replace("u16", ""));
        }
        syn::visit::visit_arm(self, arm);
    }
}

impl Sent {
    /// Parses `"{}/videos/{}", client.baseurl, encode_path(& video_id.to_string())`.
    fn address(&mut self, tokens: &str) {
        let Some((template, values)) = tokens.trim_start_matches('"').split_once('"') else {
            return;
        };
        self.template = template.strip_prefix("{}").unwrap_or(template).to_owned();
        for (place, value) in values.split("encode_path").skip(1).enumerate() {
            let name: String = value
                .chars()
                .skip_while(|character| !character.is_alphabetic() && *character != '_')
                .take_while(|character| character.is_alphanumeric() || *character == '_')
                .collect();
            self.places
                .insert(name.clone(), (format!("path {place}"), name));
        }
    }
}

/// Returns the first string literal of an expression.
fn literal(expression: &Expr) -> String {
    let text = expression.to_token_stream().to_string();
    text.split('"').nth(1).unwrap_or_default().to_owned()
}

/// Returns the first identifier of an expression: `current_page` of `&current_page` and of `current_page.to_string()`.
fn local_name(expression: &Expr) -> String {
    struct First(Option<String>);
    impl<'ast> Visit<'ast> for First {
        fn visit_path(&mut self, path: &'ast syn::Path) {
            if self.0.is_none() {
                self.0 = path.get_ident().map(ToString::to_string);
            }
        }
    }
    let mut first = First(None);
    first.visit_expr(expression);
    first.0.unwrap_or_default()
}
