//! `apivideo api`: raw GET requests.

use serde::{Deserialize, Serialize, Serializer};
use serde_json::value::RawValue;

use super::list;
use crate::args::Api;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::format::Format;
use crate::output::{self, Projection, schema};

/// A JSON value as received.
#[derive(Debug, Deserialize)]
#[serde(transparent)]
struct Raw(Box<RawValue>);

impl Serialize for Raw {
    /// Serializes the value on one line: a line feed in JSON is never part of a string.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if !self.0.get().contains(['\n', '\r']) {
            return self.0.serialize(serializer);
        }
        let line = self.0.get().replace(['\n', '\r'], " ");
        RawValue::from_string(line)
            .map_err(serde::ser::Error::custom)?
            .serialize(serializer)
    }
}

pub(crate) async fn run(context: &Context<'_>, arguments: &Api) -> Result<Exit, Failure> {
    // Invalid options are reported before a request is sent.
    let schema = schema::raw();
    list::print_field_names(context, &schema)?;
    let projection = Projection::new(&schema, context.options.fields.as_deref())?;
    let connection = context.connect().await?;
    if arguments.paginate {
        let mut list = connection.client.list(&arguments.path).items_as::<Raw>();
        for (key, value) in &arguments.query {
            list = list.query(key, value);
        }
        return list::run(context, &schema, list, &arguments.list).await;
    }
    let mut request = connection.client.get(&arguments.path);
    for (key, value) in &arguments.query {
        request = request.query(key, value);
    }
    let get = async {
        let response: Raw = request.send().await?;
        match (
            context.options.fields.is_some() || context.options.jq().is_some(),
            list::choose_format(context, &projection),
        ) {
            // The response is written unchanged, since its schema is not known.
            (false, Format::Json | Format::Ndjson) => {
                output::print_json(&response)?;
                Ok(Exit::Done)
            }
            _ => list::print_items(context, &schema, &[response]),
        }
    };
    context.run_until_stopped(get).await
}
