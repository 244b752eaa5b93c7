//! Running the generator, with its panics caught and its refusals told by operation.

use progenitor::{GenerationSettings, Generator, HooksMode, InterfaceStyle};
use schemars08::schema::{InstanceType, SchemaObject};
use serde_json::Value;

use crate::document::Document;
use crate::error::{Error, Refused};
use crate::fixups::METADATA_FILTER;
use crate::guard::catch;
use crate::lowering::Lowering;
use crate::schema::{operation_name, operations, sorted};

/// The hand-written types, by the paths that the generated code names them with.
pub const OBJECT: &str = "::apivideo_core::wire::Object";
/// See [`OBJECT`].
pub const DATE_TIME: &str = "::apivideo_core::wire::DateTime";
/// See [`OBJECT`].
pub const SECRET: &str = "::apivideo_core::wire::Secret";
/// See [`OBJECT`].
pub const FILTER: &str = "::apivideo_core::wire::MetadataFilter";

/// What to make of a lowered document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Product {
    /// Types, and a client with a method for each operation.
    Library,
    /// Typed expectations for httpmock.
    Expectations,
}

/// Generates from a lowered document.
///
/// # Errors
/// When the generator refuses or panics: with the operations that it does so for.
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

/// One try; the inner error is what the generator said.
fn attempt(
    document: &Document,
    lowered: &Value,
    product: Product,
) -> Result<Result<syn::File, String>, Error> {
    let spec = document.typed(lowered)?;
    Ok(catch(move || {
        let mut generator = Generator::new(&settings());
        let tokens = match product {
            Product::Library => generator.generate_tokens(&spec),
            Product::Expectations => generator.httpmock(&spec, "apivideo_core"),
        };
        let tokens = tokens.map_err(|error| error.to_string())?;
        syn::parse2(tokens).map_err(|error| format!("what it wrote is no Rust: {error}"))
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
        // For boxes.
        .with_crate("std", progenitor::CrateVers::Any, None)
        .with_replacement(METADATA_FILTER, FILTER, std::iter::empty())
        .with_conversion(
            text("date-time"),
            DATE_TIME,
            std::iter::once(progenitor::TypeImpl::Display),
        )
        .with_conversion(text("password"), SECRET, std::iter::empty());
    settings
}

fn text(format: &str) -> SchemaObject {
    SchemaObject {
        instance_type: Some(InstanceType::String.into()),
        format: Some(format.to_owned()),
        ..SchemaObject::default()
    }
}

/// The document with one operation and the components that it needs.
fn only(lowered: &Value, method: &str, path: &str) -> Value {
    let mut lowering = Lowering::of(&crate::schema::only(lowered, method, path));
    lowering.run(&[crate::fixups::PRUNE]);
    lowering.document
}

#[cfg(test)]
mod tests;
