//! The way out: any path of the service.

use serde::{Deserialize, Serialize, Serializer};
use serde_json::value::RawValue;

use super::list;
use crate::args::{Api, Format};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::record::ANYTHING;
use crate::output::{self, View};

/// An item as it came.
#[derive(Debug, Deserialize)]
#[serde(transparent)]
struct Raw(Box<RawValue>);

impl Serialize for Raw {
    /// On one line: a line feed of JSON is never part of a text.
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

pub(crate) async fn run(context: &Context<'_>, api: &Api) -> Result<Exit, Failure> {
    // Refused before anything is asked.
    list::shows_fields(context, &ANYTHING)?;
    let view = View::new(&ANYTHING, context.options.fields.as_deref())?;
    let connection = context.connect().await?;
    if api.paginate {
        let mut list = connection.client.list::<Raw>(&api.path)?;
        for (key, value) in &api.query {
            list = list.query(key, value);
        }
        return list::run(context, &ANYTHING, list, &api.range).await;
    }
    let query: Vec<(&str, &str)> = api
        .query
        .iter()
        .map(|(key, value)| (key.as_str(), value.as_str()))
        .collect();
    let ask = async {
        let reply: Raw = connection.client.get(&api.path, &query).await?;
        match (
            context.options.fields.is_some(),
            output::format(&context.settings, &view),
        ) {
            // As it is, since what it is is not known.
            (false, Format::Json | Format::Ndjson) => {
                output::print_json(&reply)?;
                Ok(Exit::Done)
            }
            _ => list::all(context, &ANYTHING, &[reply]),
        }
    };
    context.until_stopped(ask).await
}
