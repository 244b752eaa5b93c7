//! Requests and responses as bytes, without an HTTP client.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use apivideo_simulator::{Behaviour, Simulator, TUTORIAL_VIDEO};

#[tokio::test(flavor = "multi_thread")]
async fn raw_brackets_and_pluses_are_accepted_on_a_reused_connection() {
    let simulator = Simulator::builder().start().await.unwrap();
    let address = simulator
        .base_url()
        .trim_start_matches("http://")
        .to_owned();
    let request = |query: &str, connection: &str| {
        // base64 of "k:"
        format!(
            "GET /analytics/videos/{TUTORIAL_VIDEO}?period=2022-01-01{query} HTTP/1.1\r\n\
             Host: {address}\r\nAuthorization: Basic azo=\r\nConnection: {connection}\r\n\r\n"
        )
    };
    let mut stream = TcpStream::connect(&address).unwrap();
    stream
        .write_all(request("&metadata[hats]=green", "keep-alive").as_bytes())
        .unwrap();
    stream
        .write_all(request("&metadata[userName]=John+Doe", "close").as_bytes())
        .unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    assert_eq!(text.matches("HTTP/1.1 200 OK\r\n").count(), 2, "{text}");
    assert!(text.contains(r#""value":"green""#));
    assert_eq!(simulator.requests_total(), 2);
    assert_eq!(
        simulator.requests()[1].query(),
        Some("period=2022-01-01&metadata[userName]=John+Doe")
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_are_served_concurrently() {
    let simulator = Simulator::builder().start().await.unwrap();
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let calls = (1..=40).map(|page| {
        let url = format!(
            "{}/videos?pageSize=1&currentPage={page}",
            simulator.base_url()
        );
        let request = http.get(url).header("authorization", "Basic azo=");
        tokio::spawn(async move { request.send().await.unwrap().status().as_u16() })
    });
    for call in calls.collect::<Vec<_>>() {
        assert_eq!(call.await.unwrap(), 200);
    }
    assert_eq!(simulator.requests_total(), 40);
}

#[tokio::test]
async fn responses_are_compressed_if_requested_and_enabled() {
    let ask = async |compression: bool, accepted: Option<&str>, path: &str| {
        let mut behaviour = Behaviour::default();
        behaviour.compression = compression;
        let simulator = Simulator::builder().behaviour(behaviour);
        let simulator = simulator.start().await.unwrap();
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        let request = http
            .get(format!("{}{path}", simulator.base_url()))
            .header("authorization", "Basic azo=");
        let request = match accepted {
            Some(accepted) => request.header("accept-encoding", accepted),
            None => request,
        };
        let response = request.send().await.unwrap();
        let coding = response.headers().get("content-encoding").cloned();
        (coding, response.bytes().await.unwrap())
    };
    let (coding, plain) = ask(true, None, "/videos").await;
    assert_eq!(coding, None);
    for accepted in ["gzip", "br, GZIP;q=0.5", "deflate,gzip"] {
        let (coding, body) = ask(true, Some(accepted), "/videos").await;
        assert_eq!(coding.unwrap(), "gzip", "{accepted}");
        assert!(
            body.len() < plain.len() / 2,
            "{} of {}",
            body.len(),
            plain.len()
        );
        let mut read = Vec::new();
        flate2::read::GzDecoder::new(&body[..])
            .read_to_end(&mut read)
            .unwrap();
        assert_eq!(read, plain);
    }
    for (compression, accepted, path) in [
        (false, "gzip", "/videos"),
        (true, "br", "/videos"),
        (true, "gzip;q=0", "/videos"),
        (true, "gzip", "/nothing"),
    ] {
        let (coding, body) = ask(compression, Some(accepted), path).await;
        assert_eq!(coding, None, "{accepted} {path}");
        assert!(body.starts_with(b"{"));
    }
}
