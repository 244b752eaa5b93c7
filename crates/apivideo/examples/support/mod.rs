//! The client of the examples.
#![allow(dead_code, reason = "each example uses a part of it")]
#![allow(clippy::print_stderr, reason = "a program for a terminal")]

use apivideo::{Client, ClientBuilder};
use apivideo_simulator::Simulator;

/// A client of the account in `APIVIDEO_API_KEY`, or of a simulator if the variable is not set.
///
/// The simulator runs as long as the returned value exists.
pub(crate) async fn client() -> Result<(Client, Option<Simulator>), Box<dyn std::error::Error>> {
    let (builder, simulator) = builder().await?;
    Ok((builder.build()?, simulator))
}

/// As [`client`], for examples that change the builder.
pub(crate) async fn builder()
-> Result<(ClientBuilder, Option<Simulator>), Box<dyn std::error::Error>> {
    if std::env::var_os("APIVIDEO_API_KEY").is_some() {
        return Ok((ClientBuilder::from_env()?, None));
    }
    eprintln!("APIVIDEO_API_KEY is not set: reading from a simulator");
    let simulator = Simulator::builder().sessions(500).start().await?;
    let builder = Client::builder()
        .api_key("any")
        .base_url(simulator.base_url());
    Ok((builder, Some(simulator)))
}
