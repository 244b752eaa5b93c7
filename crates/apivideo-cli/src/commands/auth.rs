//! `apivideo auth check`.

use clap::ValueEnum;
use serde::Serialize;

use super::list;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::schema::AUTHENTICATION;

/// The result of the check.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Check {
    environment: String,
    base_url: String,
    auth: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    key_origin: Option<String>,
    rate_limit: RateLimit,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct RateLimit {
    /// Requests per window.
    #[serde(skip_serializing_if = "Option::is_none")]
    limit: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    remaining: Option<u32>,
    /// Seconds until the window resets.
    #[serde(skip_serializing_if = "Option::is_none")]
    resets_in: Option<u64>,
}

/// Sends one request. Its authentication is that of all other requests of the command.
pub(crate) async fn check(context: &Context<'_>) -> Result<Exit, Failure> {
    if list::print_field_names(context, &AUTHENTICATION)? {
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
        let result = Check {
            environment,
            base_url: connection.client.base_url().to_owned(),
            auth: auth.map(|auth| auth.get_name().to_owned()),
            key_origin: connection.key_origin.as_ref().map(ToString::to_string),
            rate_limit: RateLimit {
                limit: limit.limit,
                remaining: limit.remaining,
                resets_in: limit.resets_in.map(|time| time.as_secs()),
            },
        };
        list::print_items(context, &AUTHENTICATION, &[result])
    };
    context.run_until_stopped(check).await
}
