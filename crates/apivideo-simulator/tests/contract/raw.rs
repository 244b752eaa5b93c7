//! Requests that HTTP clients do not send, as bytes.

use apivideo_contract::Response;
use apivideo_simulator::Simulator;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::checked_client::{CONTRACT, list};

/// Sends a request line and headers, and returns the response.
async fn send(simulator: &Simulator, line: &str) -> Response {
    let address = simulator.base_url().strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = format!(
        "{line} HTTP/1.1\r\nhost: {address}\r\nauthorization: basic YW55IGtleTo=\r\nconnection: close\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).await.unwrap();
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    let mut lines = head.split("\r\n");
    let status = lines.next().unwrap().split(' ').nth(1).unwrap();
    let headers = lines.map(|line| line.split_once(": ").unwrap());
    Response {
        status: status.parse().unwrap(),
        headers: headers
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect(),
        body: body.into(),
    }
}

#[tokio::test]
async fn unusual_request_lines_have_documented_responses() {
    let simulator = Simulator::builder().start().await.unwrap();
    for (line, path, status) in [
        ("GET /videos?title={}|^`\\&tags[]='", "/videos", 200),
        ("GET /videos?metadata[é]=ü&=&&&", "/videos", 200),
        ("GET /videos?title=%&x=%zz", "/videos", 200),
        ("GET /videos/../live-streams", "", 404),
        ("GET /videos/\"{}|", "/videos/\"{}|", 404),
        ("GET /videos/é", "/videos/é", 404),
        (
            "GET http://elsewhere.invalid/videos?pageSize=1",
            "/videos",
            200,
        ),
        ("GET http://elsewhere.invalid", "", 404),
        ("GET videos", "", 404),
        ("OPTIONS *", "", 404),
        ("get /videos", "", 405),
        ("TRACE /videos", "", 405),
    ] {
        let response = send(&simulator, line).await;
        assert_eq!(response.status, status, "{line}");
        let violations = match CONTRACT.operation("GET", path) {
            Some(_) => CONTRACT.check_response("GET", path, &response),
            None => CONTRACT.check_unmatched(&response),
        };
        assert!(violations.is_empty(), "{line}: {}", list(&violations));
    }
    let head = send(&simulator, "HEAD /videos").await;
    assert_eq!((head.status, head.body.as_slice()), (405, &b""[..]));
    // Invalid HTTP is rejected by the HTTP server, before an operation is known.
    for line in ["GET /videos?title=<", "G\"T /videos"] {
        let refused = send(&simulator, line).await;
        assert_eq!((refused.status, refused.body.as_slice()), (400, &b""[..]));
    }
}
