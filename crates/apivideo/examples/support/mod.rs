//! Creates the client of the examples.
#![allow(dead_code, reason = "each example uses a part of it")]
#![allow(clippy::print_stderr, reason = "a program for a terminal")]

use apivideo::{Client, ClientBuilder};
use apivideo_simulator::Simulator;

/// Returns a client with the key in `APIVIDEO_API_KEY`, or of a simulator if the variable is not set.
///
/// The simulator stops when the second value is dropped.
pub(crate) async fn client() -> Result<(Client, Option<Simulator>), Box<dyn std::error::Error>> {
    let (builder, simulator) = builder().await?;
    Ok((builder.build()?, simulator))
}

/// Same as [`client`], for examples that set options of the client.
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
