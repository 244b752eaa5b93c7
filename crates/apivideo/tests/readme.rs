//! The test that crates/apivideo/README.md shows, verbatim: `apivideo-cli/tests/readme.rs` compares the two.

use apivideo_simulator::Simulator;
use futures::TryStreamExt;

#[tokio::test]
async fn lists_the_videos() -> Result<(), Box<dyn std::error::Error>> {
    let simulator = Simulator::builder().seed(7).sessions(1_000).start().await?;
    let client = apivideo::Client::builder()
        .api_key("any")
        .base_url(simulator.base_url())
        .build()?;
    let videos: Vec<_> = client.videos().stream().try_collect().await?;
    assert!(!videos.is_empty());
    Ok(())
}
