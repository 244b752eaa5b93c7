//! Runs the generator, and reports its panics and errors by operation.

mod deprecated;
mod open_enums;
pub(crate) mod paths;
mod response_decoding;

use progenitor::{GenerationSettings, Generator, HooksMode, InterfaceStyle};
use schemars08::schema::{InstanceType, SchemaObject};
use serde_json::Value;

use self::paths::{DATE_TIME, FILTER, SECRET, TEXT};
use crate::catch_panic::catch;
use crate::deep_object::METADATA_FILTER;
use crate::document::Document;
use crate::error::{Error, Refused};
use crate::fixups::RESPONSE_STRING;
use crate::lowering::Lowering;
use crate::schema::{operation_name, operations, sorted};

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

/// Runs the generator once. The inner error is its message.
fn attempt(
    document: &Document,
    lowered: &Value,
    product: Product,
) -> Result<Result<syn::File, String>, Error> {
    let spec = document.typed(lowered)?;
    Ok(catch(move || {
        let mut generator = Generator::new(&settings());
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
            open_enums::open(&mut file);
            deprecated::mark(lowered, &mut file)?;
        }
        Ok(file)
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
    let mut lowering = Lowering::whole(&crate::schema::only(lowered, method, path));
    lowering.run(&[crate::fixups::PRUNE]);
    lowering.document
}

#[cfg(test)]
mod tests;
