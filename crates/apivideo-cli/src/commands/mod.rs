//! The commands.

mod list;
mod simulate;

use crate::args::{Cli, Command, Sessions};
use crate::connection::Connection;
use crate::failure::Failure;

/// Does what the command line says.
pub(crate) async fn run(cli: &Cli) -> Result<(), Failure> {
    let options = &cli.options;
    let open = || Connection::open(options);
    match &cli.command {
        Command::Sessions(Sessions::Video { id, when, metadata }) => {
            let connection = open().await?;
            let mut sessions = connection.client.video(id.clone()).sessions(when.period);
            for (key, value) in metadata {
                sessions = sessions.metadata(key, value);
            }
            list::run(sessions, options).await
        }
        Command::Sessions(Sessions::LiveStream { id, when }) => {
            let connection = open().await?;
            let sessions = connection
                .client
                .live_stream(id.clone())
                .sessions(when.period);
            list::run(sessions, options).await
        }
        Command::Events { session } => {
            let connection = open().await?;
            list::run(connection.client.session(session).events(), options).await
        }
        Command::Videos => list::run(open().await?.client.videos(), options).await,
        Command::LiveStreams => list::run(open().await?.client.live_streams(), options).await,
        Command::Simulate { port } => simulate::run(&options.world, *port).await,
    }
}
