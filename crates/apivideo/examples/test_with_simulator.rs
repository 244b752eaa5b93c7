//! A function of an application, and its tests against the simulator.
//!
//! `cargo test -p apivideo --example test_with_simulator`
#![allow(clippy::print_stdout, reason = "a program for a terminal")]

mod support;

use apivideo::{Client, Period, Result, VideoId};
use futures::TryStreamExt;

/// Returns the share of sessions whose city is known.
async fn share_with_city(client: &Client, video: VideoId, period: Period) -> Result<f64> {
    let mut sessions = client.video(video).sessions(period).stream();
    let (mut known, mut all) = (0_u32, 0_u32);
    while let Some(session) = sessions.try_next().await? {
        all += 1;
        known += u32::from(session.location.city.is_some());
    }
    Ok(f64::from(known) / f64::from(all.max(1)))
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::result::Result<(), Box<dyn std::error::Error>> {
    let (client, _simulator) = support::client().await?;
    let share = share_with_city(
        &client,
        "vi4k0jvEUuaTdRAEjQ4Prklg".parse()?,
        "2022-01".parse()?,
    )
    .await?;
    println!("{:.1} % of the sessions have a city", share * 100.0);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use apivideo_simulator::{FaultScript, Rule, Simulator, TUTORIAL_VIDEO};

    async fn client(
        faults: FaultScript,
    ) -> std::result::Result<(Client, Simulator), Box<dyn std::error::Error>> {
        let simulator = Simulator::builder()
            .seed(7)
            .sessions(300)
            .faults(faults)
            .start()
            .await?;
        let client = Client::builder()
            .api_key("any")
            .base_url(simulator.base_url())
            .build()?;
        Ok((client, simulator))
    }

    #[tokio::test]
    async fn is_a_share() -> std::result::Result<(), Box<dyn std::error::Error>> {
        let (client, _simulator) = client(FaultScript::new()).await?;
        let share = share_with_city(&client, TUTORIAL_VIDEO.parse()?, "2022".parse()?).await?;
        assert!((0.0..=1.0).contains(&share), "{share}");
        Ok(())
    }

    #[tokio::test]
    async fn survives_an_outage() -> std::result::Result<(), Box<dyn std::error::Error>> {
        let outage = Rule::new().path("/analytics/videos/*").status(503).times(2);
        let (client, simulator) = client(FaultScript::new().rule(outage)).await?;
        share_with_city(&client, TUTORIAL_VIDEO.parse()?, "2022".parse()?).await?;
        assert_eq!(simulator.faults_injected(), 2);
        Ok(())
    }
}
