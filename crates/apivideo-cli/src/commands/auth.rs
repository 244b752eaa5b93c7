//! `apivideo auth check`.

use clap::ValueEnum;
use serde::Serialize;

use super::list;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::schema::CellKind::{Exact, Number, Text};
use crate::output::schema::ItemSchema;

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

fn schema() -> ItemSchema {
    ItemSchema::of_result(
        ("check", "checks"),
        &[
            ("environment", Exact),
            ("baseUrl", Text),
            ("auth", Exact),
            ("keyOrigin", Text),
            ("rateLimit.limit", Number),
            ("rateLimit.remaining", Number),
            ("rateLimit.resetsIn", Number),
        ],
        &[
            ("environment", 0),
            ("baseUrl", 3),
            ("auth", 1),
            ("keyOrigin", 6),
            ("rateLimit.limit", 2),
            ("rateLimit.remaining", 4),
            ("rateLimit.resetsIn", 5),
        ],
    )
}

/// Sends one request. Its authentication is that of all other requests of the command.
pub(crate) async fn check(context: &Context<'_>) -> Result<Exit, Failure> {
    let schema = schema();
    if list::print_field_names(context, &schema)? {
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
        list::print_items(context, &schema, &[result])
    };
    context.run_until_stopped(check).await
}
