//! What the commands do.

mod aggregates;
mod api;
mod auth;
mod config;
mod list;
mod mirror;
mod plan;
mod pull;
mod sessions;
mod shell;
mod simulate;
mod verify;

use apivideo::SortOrder;

use crate::args::{AuthCommand, Command, ConfigCommand};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::record::{EVENTS, LIVE_STREAMS, VIDEOS};

/// Does what the command line says.
pub(crate) async fn run(command: &Command, context: &Context<'_>) -> Result<Exit, Failure> {
    match command {
        Command::Sessions(sessions) => sessions::run(context, sessions).await,
        Command::Events(events) => {
            if list::shows_fields(context, &EVENTS)? {
                return Ok(Exit::Done);
            }
            let connection = context.connect().await?;
            let list = connection.client.session(&events.session).events();
            list::run(context, &EVENTS, list, &events.range).await
        }
        Command::Videos(videos) => {
            if list::shows_fields(context, &VIDEOS)? {
                return Ok(Exit::Done);
            }
            let connection = context.connect().await?;
            let mut list = connection.client.videos();
            if let Some(title) = &videos.title {
                list = list.title(title);
            }
            for tag in &videos.tag {
                list = list.tag(tag);
            }
            for (key, value) in &videos.metadata {
                list = list.metadata(key, value);
            }
            if let Some(sort) = videos.sort {
                list = list.sort_by(sort, videos.order.unwrap_or(SortOrder::Ascending));
            }
            list::run(context, &VIDEOS, list, &videos.range).await
        }
        Command::LiveStreams(live_streams) => {
            if list::shows_fields(context, &LIVE_STREAMS)? {
                return Ok(Exit::Done);
            }
            let connection = context.connect().await?;
            let mut list = connection.client.live_streams();
            if let Some(name) = &live_streams.name {
                list = list.name(name);
            }
            if let Some(sort) = live_streams.sort {
                list = list.sort_by(sort, live_streams.order.unwrap_or(SortOrder::Ascending));
            }
            list::run(context, &LIVE_STREAMS, list, &live_streams.range).await
        }
        Command::Metrics(metrics) => aggregates::metrics(context, metrics).await,
        Command::Buckets(buckets) => aggregates::buckets(context, buckets).await,
        Command::Timeseries(timeseries) => aggregates::timeseries(context, timeseries).await,
        Command::Pull(arguments) => pull::run(context, arguments).await,
        Command::Plan(arguments) => plan::run(context, arguments).await,
        Command::Verify(arguments) => verify::run(context, arguments).await,
        Command::Api(api) => api::run(context, api).await,
        Command::Auth(AuthCommand::Check) => auth::check(context).await,
        Command::Config(ConfigCommand::Show { origin }) => config::show(context, *origin),
        Command::Completions { shell } => shell::completions(*shell),
        Command::Man { out } => shell::man(out.as_deref()),
        Command::Simulate { port } => simulate::run(context, *port).await,
    }
}
