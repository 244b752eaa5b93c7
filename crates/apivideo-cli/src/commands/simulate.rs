//! A simulator for others to ask, until Ctrl-C.

use std::io::{self, Write};
use std::pin::pin;

use futures_util::FutureExt;

use crate::args::World;
use crate::connection;
use crate::failure::{Failure, because, say};

/// Runs until Ctrl-C.
pub(crate) async fn run(world: &World, port: u16) -> Result<(), Failure> {
    let unheard = |error| Failure::failed(because("Ctrl-C can't be waited for", error));
    let mut stop = pin!(tokio::signal::ctrl_c());
    // The first poll begins to listen, so that a Ctrl-C right after the URL is not missed.
    if let Some(heard) = stop.as_mut().now_or_never() {
        return heard.map_err(unheard);
    }
    let simulator = connection::simulate(world, port).await?;
    let url = simulator.base_url();
    let mut stdout = io::stdout();
    writeln!(stdout, "{url}")
        .and_then(|()| stdout.flush())
        .map_err(Failure::output)?;
    say(&format!(
        "a simulator of api.video answers there; any API key that is not empty will do\n  \
         ask it:   APIVIDEO_API_KEY=any apivideo videos --base-url {url}\n  \
         by curl:  curl --user any: {url}/videos\n  \
         stop it:  Ctrl-C\n"
    ));
    stop.await.map_err(unheard)
}
