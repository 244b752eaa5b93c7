//! The commands, a file each.

mod aggregates;
mod api;
mod auth;
mod config;
mod convert;
mod events;
mod field_list;
mod forget;
mod lake;
mod list;
mod live_streams;
mod plan;
mod pull;
mod questions;
mod rebuild;
mod report;
mod sessions;
mod shell;
mod simulate;
mod status;
mod verify;
mod videos;
mod watch;

use crate::args::{AuthCommand, Command, ConfigCommand, LakeCommand};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
pub(crate) use field_list::list_fields;

/// Runs a command.
pub(crate) async fn run(command: &Command, context: &Context<'_>) -> Result<Exit, Failure> {
    match command {
        Command::Sessions(arguments) => sessions::run(context, arguments).await,
        Command::Events(arguments) => events::run(context, arguments).await,
        Command::Videos(arguments) => videos::run(context, arguments).await,
        Command::LiveStreams(arguments) => live_streams::run(context, arguments).await,
        Command::Audience(arguments) => questions::audience::run(context, arguments).await,
        Command::Retention(arguments) => questions::retention::run(context, arguments).await,
        Command::Concurrency(arguments) => questions::concurrency::run(context, arguments).await,
        Command::Explain(arguments) => questions::explain::run(context, arguments).await,
        Command::Report(arguments) => report::run(context, arguments).await,
        Command::Reconcile(arguments) => questions::reconcile::run(context, arguments).await,
        Command::Metrics(arguments) => aggregates::metrics(context, arguments).await,
        Command::Buckets(arguments) => aggregates::buckets(context, arguments).await,
        Command::Timeseries(arguments) => aggregates::timeseries(context, arguments).await,
        Command::Watch(arguments) => watch::run(context, arguments).await,
        Command::Pull(arguments) => pull::run(context, arguments).await,
        Command::Plan(arguments) => plan::run(context, arguments).await,
        Command::Verify(arguments) => verify::run(context, arguments).await,
        Command::Lake(LakeCommand::Status(arguments)) => status::run(context, arguments),
        Command::Lake(LakeCommand::Rebuild(arguments)) => rebuild::run(context, arguments),
        Command::Lake(LakeCommand::Forget(arguments)) => forget::run(context, arguments),
        Command::Lake(LakeCommand::Convert(arguments)) => convert::run(context, arguments),
        Command::Api(arguments) => api::run(context, arguments).await,
        Command::Auth(AuthCommand::Check) => auth::check(context).await,
        Command::Config(ConfigCommand::Show { origin }) => config::show(context, *origin),
        Command::Completions { shell } => shell::completions(*shell),
        Command::Measures => shell::topic("measures"),
        Command::Man { out } => shell::man(out.as_deref()),
        Command::Simulate { port } => simulate::run(context, *port).await,
    }
}
