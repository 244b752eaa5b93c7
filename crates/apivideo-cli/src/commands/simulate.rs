//! A simulator for others to ask, until Ctrl-C.

use crate::connection;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::{Failure, say};
use crate::output;

/// Runs until Ctrl-C.
pub(crate) async fn run(context: &Context<'_>, port: u16) -> Result<Exit, Failure> {
    let simulator = connection::simulate(&context.options.world, port).await?;
    let url = simulator.base_url();
    output::print(&format!("{url}\n"))?;
    say(&format!(
        "a simulator of api.video answers there; any API key that is not empty will do\n  \
         ask it:   APIVIDEO_API_KEY=any apivideo videos --base-url {url}\n  \
         by curl:  curl --user any: {url}/videos\n  \
         stop it:  Ctrl-C\n"
    ));
    // It was meant to be stopped so.
    context.stop.requested().await;
    Ok(Exit::Done)
}
