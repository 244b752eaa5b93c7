//! Runs the generator, and reports its panics and errors by operation.

mod open_enums;
pub(crate) mod paths;
mod response_decoding;

use progenitor::{GenerationSettings, Generator, HooksMode, InterfaceStyle};
use schemars08::schema::{InstanceType, SchemaObject};
use serde_json::Value;

use self::paths::{DATE_TIME, FILTER, SECRET, TEXT};
use crate::catch_panic::catch;
use crate::document::Document;
use crate::error::{Error, Refused};
use crate::fixups::{METADATA_FILTER, RESPONSE_STRING};
use crate::lowering::Lowering;
use crate::pair_filters;
use crate::postconditions;
use crate::schema::{METHODS, operation_name, operations, sorted};

/// The kind of code to generate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Product {
    /// Types, and a client with a method for each operation.
    Library,
    /// Typed expectations for httpmock.
    Expectations,
}

/// Generates code from a lowered document.
///
/// # Errors
/// Returns the operations for which the generator fails or panics.
pub fn generate(
    document: &Document,
    lowered: &Value,
    product: Product,
) -> Result<syn::File, Error> {
    let lowered = sorted(lowered);
    let reason = match attempt(document, &lowered, product)? {
        Ok(file) => return Ok(file),
        Err(reason) => reason,
    };
    let mut refused = Vec::new();
    for (method, path, operation) in operations(&lowered) {
        if let Err(reason) = attempt(document, &only(&lowered, method, path), product)? {
            refused.push(Refused {
                what: operation_name(method, path, operation),
                reason,
            });
        }
    }
    if refused.is_empty() {
        refused.push(Refused {
            what: "all operations together".to_owned(),
            reason,
        });
    }
    Err(Error::Generator(refused))
}

/// Generates the library with as many operations as the generator supports. The others are omitted, with the reason.
///
/// # Errors
/// Returns an error if the generator supports no operation, or if the result violates a postcondition.
pub fn generate_most(document: &Document, lowering: &mut Lowering) -> Result<syn::File, Error> {
    let all: Vec<(String, String)> = operations(&lowering.document)
        .map(|(method, path, _)| (method.to_owned(), path.to_owned()))
        .collect();
    let whole = sorted(&lowering.document);
    let tried = Trial { document, whole };
    let reason = match tried.of(&all)? {
        Ok(file) => return Ok(file),
        Err(reason) => reason,
    };
    // Operations that fail alone are omitted first, then those that fail in combination with others.
    let mut refused = Vec::new();
    let mut good = Vec::new();
    for operation in &all {
        match tried.of(std::slice::from_ref(operation))? {
            Ok(_) => good.push(operation.clone()),
            Err(reason) => refused.push((operation.clone(), reason)),
        }
    }
    let mut kept = Vec::new();
    tried.keep(good, &mut kept, &mut refused)?;
    if kept.is_empty() {
        refused.retain(|(_, reason)| !reason.is_empty());
        let refused = refused.into_iter().map(|((method, path), reason)| Refused {
            what: format!("{} {path}", method.to_uppercase()),
            reason,
        });
        let mut refused: Vec<Refused> = refused.collect();
        if refused.is_empty() {
            refused.push(Refused {
                what: "the document as a whole".to_owned(),
                reason,
            });
        }
        return Err(Error::Generator(refused));
    }
    refused.sort();
    for ((method, path), reason) in refused {
        let operation = &lowering.document["paths"][&path][&method];
        let name = operation_name(&method, &path, operation);
        lowering.leave_out_named(&name, &reason);
    }
    lowering.run(&[crate::fixups::PRUNE]);
    lowering.applied.pop();
    tried
        .of(&kept)?
        .map_err(|reason| Error::Output(vec![reason]))
}

/// Determines which operations of a document the generator supports.
struct Trial<'a> {
    document: &'a Document,
    whole: Value,
}

impl Trial<'_> {
    /// Generates these operations. The inner error is the generator's reason.
    fn of(&self, wanted: &[(String, String)]) -> Result<Result<syn::File, String>, Error> {
        let lowered = of_operations(&self.whole, wanted);
        let file = match attempt(self.document, &lowered, Product::Library)? {
            Ok(file) => file,
            Err(reason) => return Ok(Err(reason)),
        };
        Ok(match postconditions::check(&lowered, &file) {
            Ok(()) => Ok(file),
            Err(Error::Output(broken)) => Err(broken.join("; ")),
            Err(other) => return Err(other),
        })
    }

    /// Adds as many of `more` to `kept` as can be generated together, and rejects the others. Bisects a failing set, so that few
    /// conflicts need few attempts.
    fn keep(
        &self,
        more: Vec<(String, String)>,
        kept: &mut Vec<(String, String)>,
        refused: &mut Vec<((String, String), String)>,
    ) -> Result<(), Error> {
        if more.is_empty() {
            return Ok(());
        }
        let all = [kept.as_slice(), &more].concat();
        let Err(reason) = self.of(&all)? else {
            *kept = all;
            return Ok(());
        };
        let mut more = more;
        if more.len() == 1 {
            refused.extend(more.pop().map(|operation| (operation, reason)));
            return Ok(());
        }
        let second = more.split_off(more.len() / 2);
        self.keep(more, kept, refused)?;
        self.keep(second, kept, refused)
    }
}

/// Returns the document with these operations and the components that they need.
fn of_operations(whole: &Value, wanted: &[(String, String)]) -> Value {
    let mut lowering = Lowering::of(whole);
    for (path, item) in lowering.document["paths"]
        .as_object_mut()
        .into_iter()
        .flatten()
    {
        if let Some(item) = item.as_object_mut() {
            let is_wanted = |method: &str| {
                wanted
                    .iter()
                    .any(|(one, other)| one == method && other == path)
            };
            item.retain(|key, _| !METHODS.contains(&key.as_str()) || is_wanted(key));
        }
    }
    lowering.run(&[crate::fixups::PRUNE]);
    lowering.document
}

/// Runs the generator once. The inner error is its message.
fn attempt(
    document: &Document,
    lowered: &Value,
    product: Product,
) -> Result<Result<syn::File, String>, Error> {
    let spec = document.typed(lowered)?;
    let filters = pair_filters::of(lowered);
    Ok(catch(move || {
        let mut settings = settings();
        for filter in &filters {
            settings.with_replacement(&filter.name, filter.path(), std::iter::empty());
        }
        let mut generator = Generator::new(&settings);
        let tokens = match product {
            Product::Library => generator
                .generate_tokens(&spec)
                .map(response_decoding::use_hand_written_functions),
            Product::Expectations => generator.httpmock(&spec, "apivideo_core"),
        };
        let tokens = tokens.map_err(|error| error.to_string())?;
        let mut file = syn::parse2(tokens)
            .map_err(|error| format!("its output is not valid Rust: {error}"))?;
        if product == Product::Library {
            pair_filters::add(&filters, &mut file);
            open_enums::open(&mut file);
        }
        match postconditions::repeated(&file) {
            None => Ok(file),
            Some(name) => Err(format!("it generated the name {name} twice")),
        }
    })
    .and_then(|result| result))
}

fn settings() -> GenerationSettings {
    let mut settings = GenerationSettings::new();
    settings
        .with_interface(InterfaceStyle::Builder)
        .with_hooks(HooksMode::Expected)
        .with_inner_type("crate::Inner".parse().expect("a path is made of tokens"))
        .with_derive("PartialEq")
        .with_map_type("::std::collections::BTreeMap")
        .with_crate("apivideo-core", progenitor::CrateVers::Any, None)
        // Required for boxed types.
        .with_crate("std", progenitor::CrateVers::Any, None)
        .with_replacement(METADATA_FILTER, FILTER, std::iter::empty())
        .with_conversion(
            text("date-time"),
            DATE_TIME,
            std::iter::once(progenitor::TypeImpl::Display),
        )
        .with_conversion(text("password"), SECRET, std::iter::empty())
        .with_conversion(
            text(RESPONSE_STRING),
            TEXT,
            [progenitor::TypeImpl::Display, progenitor::TypeImpl::FromStr].into_iter(),
        );
    settings
}

fn text(format: &str) -> SchemaObject {
    SchemaObject {
        instance_type: Some(InstanceType::String.into()),
        format: Some(format.to_owned()),
        ..SchemaObject::default()
    }
}

/// Returns the document with one operation and the components that it needs.
fn only(lowered: &Value, method: &str, path: &str) -> Value {
    let mut lowering = Lowering::of(&crate::schema::only(lowered, method, path));
    lowering.run(&[crate::fixups::PRUNE]);
    lowering.document
}

#[cfg(test)]
mod tests;
