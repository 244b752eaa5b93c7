//! The way out: any path of the service.

use serde_json::value::RawValue;

use crate::args::Api;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output;

pub(crate) async fn run(context: &Context<'_>, api: &Api) -> Result<Exit, Failure> {
    let connection = context.connect().await?;
    let query: Vec<(&str, &str)> = api
        .query
        .iter()
        .map(|(key, value)| (key.as_str(), value.as_str()))
        .collect();
    let ask = async {
        let reply: Box<RawValue> = connection.client.get(&api.path, &query).await?;
        output::print(&format!("{reply}\n"))?;
        Ok(Exit::Done)
    };
    context.until_stopped(ask).await
}
