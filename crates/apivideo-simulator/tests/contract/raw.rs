//! Requests that no HTTP client writes, as bytes.

use apivideo_contract::Reply;
use apivideo_simulator::Simulator;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::checked::{CONTRACT, list};

/// Sends a request line and headers, and reads the reply to its end.
async fn send(simulator: &Simulator, line: &str) -> Reply {
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
    Reply {
        status: status.parse().unwrap(),
        headers: headers
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect(),
        body: body.into(),
    }
}

#[tokio::test]
async fn odd_request_lines() {
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
        let reply = send(&simulator, line).await;
        assert_eq!(reply.status, status, "{line}");
        let violations = match CONTRACT.operation("GET", path) {
            Some(_) => CONTRACT.check_reply("GET", path, &reply),
            None => CONTRACT.check_stray(&reply),
        };
        assert!(violations.is_empty(), "{line}: {}", list(&violations));
    }
    let head = send(&simulator, "HEAD /videos").await;
    assert_eq!((head.status, head.body.as_slice()), (405, &b""[..]));
    // No HTTP: what reads the connection refuses it before anybody could know an operation.
    for line in ["GET /videos?title=<", "G\"T /videos"] {
        let refused = send(&simulator, line).await;
        assert_eq!((refused.status, refused.body.as_slice()), (400, &b""[..]));
    }
}
