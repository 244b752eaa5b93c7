//! How the service lets us in.

use clap::ValueEnum;
use serde::Serialize;

use super::list;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::record::AUTHORIZATION;

/// What was found.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Found {
    environment: String,
    base_url: String,
    authorization: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    key_from: Option<String>,
    rate_limit: Limit,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Limit {
    /// Requests a window.
    #[serde(skip_serializing_if = "Option::is_none")]
    limit: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    remaining: Option<u32>,
    /// Seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    resets_in: Option<u64>,
}

/// Asks for one video: what lets that through lets everything through that this command asks for.
pub(crate) async fn check(context: &Context<'_>) -> Result<Exit, Failure> {
    if list::shows_fields(context, &AUTHORIZATION)? {
        return Ok(Exit::Done);
    }
    let connection = context.connect().await?;
    let check = async {
        connection.client.videos().total().await?;
        let settings = &context.settings;
        let environment = match (context.options.simulate, &settings.base_url) {
            (true, _) => "simulator".to_owned(),
            (false, Some(_)) => "custom".to_owned(),
            (false, None) => settings.environment.value.to_string(),
        };
        let auth = settings.auth.value.to_possible_value();
        let limit = connection.client.rate_limit();
        let found = Found {
            environment,
            base_url: connection.client.base_url().to_owned(),
            authorization: auth.map(|auth| auth.get_name().to_owned()),
            key_from: connection.key_from.as_ref().map(ToString::to_string),
            rate_limit: Limit {
                limit: limit.limit,
                remaining: limit.remaining,
                resets_in: limit.resets_in.map(|time| time.as_secs()),
            },
        };
        list::all(context, &AUTHORIZATION, &[found])
    };
    context.until_stopped(check).await
}
