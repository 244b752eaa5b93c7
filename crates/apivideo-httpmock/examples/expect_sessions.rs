//! A test of a program that reads sessions, without the service: what it should ask, and what it should get.
//!
//! Run it with `cargo run -p apivideo-httpmock --example expect_sessions`.

use apivideo_core::types::SessionPage;
use apivideo_core::wire::{MetadataFilter, Object};
use apivideo_core::{Client, Inner};
use apivideo_httpmock::MockServerExt;
use apivideo_httpmock::filters::MetadataExt;
use httpmock::MockServer;

/// The program: the countries of those who watched with a green hat.
async fn countries(
    client: &Client,
    video: &str,
) -> Result<Vec<String>, Box<dyn std::error::Error>> {
    let response = client
        .list_video_sessions()
        .video_id(video)
        .period("2022-01-01")
        .metadata(MetadataFilter::new().with("hats", "green"))
        .send()
        .await?;
    let locations = response
        .data
        .iter()
        .filter_map(|session| session.location.as_ref());
    Ok(locations
        .filter_map(|location| location.country.as_ref().map(ToString::to_string))
        .collect())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let page: Object<SessionPage> = serde_json::from_str(
        r#"{"data":[{"session":{"sessionId":"psEmFwGQUAXR2lFHj5nDOpy"},"location":{"country":"France"}}]}"#,
    )?;
    let server = MockServer::start();
    let mock = server.list_video_sessions(|when, then| {
        when.video_id("vi4k0jvEUuaTdRAEjQ4Prklg")
            .period("2022-01-01")
            .metadata("hats", "green");
        then.ok(&page);
    });

    let client =
        Client::new_with_client(&server.base_url(), reqwest::Client::new(), Inner::default());
    assert_eq!(
        countries(&client, "vi4k0jvEUuaTdRAEjQ4Prklg").await?,
        ["France"]
    );
    mock.assert();
    Ok(())
}
