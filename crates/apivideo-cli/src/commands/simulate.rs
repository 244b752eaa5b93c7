//! A simulator for others to ask, until Ctrl-C.

use std::io::{self, Write};

use crate::args::World;
use crate::connection;
use crate::failure::{Failure, because, say};

/// Runs until Ctrl-C.
pub(crate) async fn run(world: &World, port: u16) -> Result<(), Failure> {
    let simulator = connection::simulate(world, port).await?;
    let url = simulator.base_url();
    let mut stdout = io::stdout().lock();
    writeln!(stdout, "{url}")
        .and_then(|()| stdout.flush())
        .map_err(Failure::output)?;
    drop(stdout);
    say(&format!(
        "ask it:  APIVIDEO_API_KEY=any apivideo videos --base-url {url}\nstop it: Ctrl-C\n"
    ));
    tokio::signal::ctrl_c()
        .await
        .map_err(|error| Failure::failed(because("Ctrl-C can\'t be waited for", error)))
}
