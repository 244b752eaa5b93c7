//! A function of an application, and its test with mocked requests.
//!
//! `cargo test -p apivideo --example test_with_mocks`
#![allow(clippy::print_stdout, reason = "a program for a terminal")]

mod support;

use apivideo::{Client, Period, Result, VideoId};

/// Returns the number of sessions whose metadata contains this user.
async fn sessions_of_user(
    client: &Client,
    video: VideoId,
    period: Period,
    user: &str,
) -> Result<u64> {
    client
        .video(video)
        .sessions(period)
        .metadata("user", user)
        .total()
        .await
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::result::Result<(), Box<dyn std::error::Error>> {
    let (client, _simulator) = support::client().await?;
    let video = "vi4k0jvEUuaTdRAEjQ4Prklg".parse()?;
    println!(
        "{}",
        sessions_of_user(&client, video, "2022-01".parse()?, "Ada").await?
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use apivideo_core::types::SessionPage;
    use apivideo_httpmock::MockServerExt;
    use apivideo_httpmock::filters::MetadataExt;
    use httpmock::MockServer;

    #[tokio::test]
    async fn filters_by_user() -> std::result::Result<(), Box<dyn std::error::Error>> {
        let server = MockServer::start_async().await;
        let page: apivideo_core::wire::Object<SessionPage> = serde_json::from_str(
            r#"{"data":[],"pagination":{"itemsTotal":0,"pagesTotal":1,"currentPage":1}}"#,
        )?;
        // The conditions are typed. If the request differs, `mock.assert()` fails the test.
        let mock = server.list_video_sessions(|when, then| {
            when.video_id("vi4k0jvEUuaTdRAEjQ4Prklg")
                .period("2022-01")
                .metadata("user", "Ada");
            then.ok(&page);
        });

        let client = Client::builder()
            .api_key("any")
            // Basic authentication needs no token, so that one request and one mock are enough.
            .with_basic_auth()
            .base_url(server.base_url())
            .build()?;
        let video = "vi4k0jvEUuaTdRAEjQ4Prklg".parse()?;
        assert_eq!(
            sessions_of_user(&client, video, "2022-01".parse()?, "Ada").await?,
            0
        );
        mock.assert();
        Ok(())
    }
}
