//! Responses that are truncated, too large or compressed without a request; closed connections; certificates.
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

mod support;

use std::io::Write;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use apivideo::retry::RetryPolicy;
use apivideo::{Client, ClientBuilder, ErrorKind};
use support::chain;
use support::raw_server::{Action, RawServer, json, response};

const PAGE: &str = r#"{"data":[{"videoId":"vi1","title":"café"}]}"#;

fn client(url: &str) -> ClientBuilder {
    let pause = Duration::from_millis(1);
    Client::builder()
        .api_key("key")
        .base_url(url)
        .with_basic_auth()
        .with_retry_policy(
            RetryPolicy::default()
                .max_attempts(3)
                .initial_backoff(pause)
                .max_backoff(pause),
        )
}

/// Responses with truncated bodies, and the number of their bytes.
fn truncated() -> Vec<(Vec<u8>, usize)> {
    let body = PAGE.as_bytes();
    let middle = PAGE.find('\u{e9}').unwrap() + 1;
    let length = |length: usize| format!("content-length: {length}\r\n");
    let chunk = |part: &[u8]| [format!("{:x}\r\n", part.len()).as_bytes(), part, b"\r\n"].concat();
    let chunked = "transfer-encoding: chunked\r\n";
    let close = "connection: close\r\n";
    vec![
        (response("200 OK", close, &body[..20]), 20),
        // In the middle of a character.
        (response("200 OK", close, &body[..middle]), middle),
        (response("200 OK", close, b""), 0),
        (response("200 OK", &length(0), b""), 0),
        (response("200 OK", &length(20), &body[..20]), 20),
        (response("200 OK", &length(body.len()), &body[..20]), 20),
        (
            response("200 OK", &length(body.len() + 10), body),
            body.len(),
        ),
        (response("200 OK", chunked, &chunk(&body[..20])), 20),
        (
            response(
                "200 OK",
                chunked,
                &[chunk(&body[..20]), b"0\r\n\r\n".to_vec()].concat(),
            ),
            20,
        ),
    ]
}

#[tokio::test]
async fn a_truncated_body_is_requested_again() {
    for (bytes, received) in truncated() {
        let shown = String::from_utf8_lossy(&bytes).into_owned();
        let server = RawServer::start(move |connection, _, _| match connection {
            1 => Action::Close(bytes.clone()),
            _ => Action::Keep(json(PAGE)),
        });
        let page = client(&server.url)
            .build()
            .unwrap()
            .videos()
            .page(1)
            .await
            .unwrap();
        assert_eq!(page.items.len(), 1, "{shown}");
        assert_eq!(server.requests(), 2, "{shown}: {received}");
    }
}

#[tokio::test]
async fn a_body_that_is_always_truncated_is_an_error_with_its_size() {
    for (bytes, received) in truncated() {
        let shown = String::from_utf8_lossy(&bytes).into_owned();
        let server = RawServer::start(move |_, _, _| Action::Close(bytes.clone()));
        let error = client(&server.url)
            .build()
            .unwrap()
            .videos()
            .page(1)
            .await
            .unwrap_err();
        assert_eq!(
            (error.kind(), error.is_retryable()),
            (ErrorKind::Connection, true)
        );
        assert_eq!(server.requests(), 3, "{shown}");
        let chain = chain(&error);
        assert!(chain[0].contains("failed after 3 attempts"), "{chain:?}");
        assert!(
            chain[1].contains(&format!("was truncated after {received} ")),
            "{shown}: {chain:?}"
        );
    }
}

#[tokio::test]
async fn a_list_without_content_is_requested_again() {
    for status in ["204 No Content", "205 Reset Content"] {
        let server = RawServer::start(move |connection, _, _| match connection {
            1 => Action::Close(response(status, "content-length: 0\r\n", b"")),
            _ => Action::Keep(json(PAGE)),
        });
        client(&server.url)
            .build()
            .unwrap()
            .videos()
            .page(1)
            .await
            .unwrap();
        assert_eq!(server.requests(), 2);
        let server = RawServer::start(move |_, _, _| Action::Close(response(status, "", b"")));
        let error = client(&server.url)
            .build()
            .unwrap()
            .videos()
            .page(1)
            .await
            .unwrap_err();
        assert!(error.is_retryable());
        let chain = chain(&error);
        assert!(
            chain[1].contains(&format!("has the status {status} and no body")),
            "{chain:?}"
        );
    }
}

#[tokio::test]
async fn a_reused_connection_that_is_closed_does_not_count_as_an_attempt() {
    // Each connection serves one response; the second request on it is read, and the connection closed.
    let server = RawServer::start(|_, request, _| match request {
        1 => Action::Keep(json(PAGE)),
        _ => Action::Close(Vec::new()),
    });
    let client = client(&server.url)
        .with_retry_policy(RetryPolicy::none())
        .build()
        .unwrap();
    for page in 1..=200 {
        client.videos().page(page).await.unwrap();
    }
    assert_eq!(server.requests(), 399, "all but the first were sent twice");
}

#[tokio::test]
async fn a_token_is_requested_again_when_a_reused_connection_is_closed() {
    let token = r#"{"access_token":"token","expires_in":1}"#;
    let server =
        RawServer::start(
            move |_, request, line| match (request, line.split(' ').next()) {
                (1, Some("POST")) => Action::Keep(json(token)),
                (1, _) => Action::Keep(json(PAGE)),
                _ => Action::Close(Vec::new()),
            },
        );
    let builder = Client::builder().api_key("key").base_url(&server.url);
    let client = builder
        .with_retry_policy(RetryPolicy::none())
        .build()
        .unwrap();
    for page in 1..=20 {
        client.videos().page(page).await.unwrap();
    }
}

#[tokio::test]
async fn a_new_connection_that_is_closed_counts_as_an_attempt() {
    let server = RawServer::start(|connection, request, _| match (connection, request) {
        (1, 1) => Action::Keep(json(PAGE)),
        _ => Action::Close(Vec::new()),
    });
    let client = client(&server.url).build().unwrap();
    client.videos().page(1).await.unwrap();
    let error = client.videos().page(2).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.is_retryable()),
        (ErrorKind::Connection, true)
    );
    // One on the reused connection, and three attempts.
    assert_eq!(server.requests(), 1 + 1 + 3);
}

#[tokio::test]
async fn a_body_up_to_the_maximum_is_read_and_a_larger_one_rejected() {
    let size = PAGE.len() as u64;
    let announced = json(PAGE);
    let chunked = [format!("{size:x}\r\n{PAGE}").as_bytes(), b"\r\n0\r\n\r\n"].concat();
    let chunked = response("200 OK", "transfer-encoding: chunked\r\n", &chunked);
    for bytes in [announced, chunked] {
        for (maximum, is_read) in [
            (size, true),
            (size + 1, true),
            (size - 1, false),
            (1, false),
        ] {
            let bytes = bytes.clone();
            let server = RawServer::start(move |_, _, _| Action::Keep(bytes.clone()));
            let client = client(&server.url)
                .with_max_body_size(maximum)
                .build()
                .unwrap();
            let page = client.videos().page(1).await;
            assert_eq!(page.is_ok(), is_read, "{maximum}: {page:?}");
            assert_eq!(server.requests(), 1, "it is not retried");
            // By a raw request too.
            let value = client.get("/videos").send::<serde_json::Value>().await;
            assert_eq!(value.is_ok(), is_read, "{maximum}: {value:?}");
            if let Err(error) = page {
                assert_eq!(error.kind(), ErrorKind::Unexpected);
                let message = error.to_string();
                assert!(
                    message.contains(&format!("larger than {maximum} bytes")),
                    "{message}"
                );
                assert!(message.contains("with_max_body_size"), "{message}");
            }
        }
    }
}

#[tokio::test]
async fn an_endless_body_and_one_of_a_gigabyte_are_rejected_at_the_default_maximum() {
    let spaces = vec![b' '; 1 << 20];
    let chunk = [
        format!("{:x}\r\n", spaces.len()).as_bytes(),
        &spaces,
        b"\r\n",
    ]
    .concat();
    for (headers, chunk) in [
        ("transfer-encoding: chunked\r\n", chunk),
        ("content-length: 1073741824\r\n", spaces.clone()),
        ("connection: close\r\n", spaces),
    ] {
        let sent = Arc::new(Mutex::new(0));
        let head = response("200 OK", headers, b"");
        let counted = Arc::clone(&sent);
        let server = RawServer::start(move |_, _, _| {
            *counted.lock().unwrap() += 1;
            Action::Endless(head.clone(), chunk.clone())
        });
        let error = client(&server.url)
            .build()
            .unwrap()
            .videos()
            .page(1)
            .await
            .unwrap_err();
        let message = error.to_string();
        assert!(message.contains("larger than 67108864 bytes"), "{message}");
        assert!(!error.is_retryable());
        assert_eq!(*sent.lock().unwrap(), 1);
    }
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[tokio::test]
async fn a_body_that_is_compressed_without_a_request_is_an_error() {
    let body = gzip(PAGE.as_bytes());
    let length = format!("content-length: {}\r\n", body.len());
    let mut cases = vec![
        (response("200 OK", &length, &body), "gzip"),
        (
            response(
                "200 OK",
                "content-length: 3\r\ncontent-encoding: br\r\n",
                b"\x0b\x01\x80",
            ),
            "br",
        ),
    ];
    if cfg!(not(feature = "gzip")) {
        let headers = format!("{length}content-encoding: gzip\r\n");
        cases.push((response("200 OK", &headers, &body), "gzip"));
    }
    for (bytes, encoding) in cases {
        let server = RawServer::start(move |_, _, _| Action::Keep(bytes.clone()));
        let error = client(&server.url)
            .build()
            .unwrap()
            .videos()
            .page(1)
            .await
            .unwrap_err();
        assert_eq!(
            (error.kind(), error.is_retryable()),
            (ErrorKind::Decode, false)
        );
        assert_eq!(server.requests(), 1);
        let message = error.to_string();
        let expected = format!("is compressed with {encoding}, which was not requested");
        assert!(message.contains(&expected), "{message}");
        let is_choice = encoding == "gzip" && cfg!(not(feature = "gzip"));
        assert_eq!(
            message.contains("enable the feature `gzip`"),
            is_choice,
            "{message}"
        );
    }
}

/// 80 KB that decompress to 80 MB: no more than the maximum is decompressed.
#[cfg(feature = "gzip")]
#[tokio::test]
async fn a_decompression_bomb_is_rejected() {
    let bomb = gzip(&vec![b' '; 80 << 20]);
    assert!(bomb.len() < 1 << 17);
    let headers = format!(
        "content-length: {}\r\ncontent-encoding: gzip\r\n",
        bomb.len()
    );
    let bytes = response("200 OK", &headers, &bomb);
    let server = RawServer::start(move |_, _, _| Action::Close(bytes.clone()));
    let error = client(&server.url)
        .build()
        .unwrap()
        .videos()
        .page(1)
        .await
        .unwrap_err();
    let message = error.to_string();
    assert!(message.contains("larger than 67108864 bytes"), "{message}");
}

/// A service over TLS with a self-signed certificate.
#[cfg(any(feature = "rustls", feature = "native-tls"))]
#[tokio::test]
async fn an_invalid_certificate_is_not_retried() {
    use tokio_rustls::TlsAcceptor;
    use tokio_rustls::rustls::ServerConfig;

    let certificate = include_bytes!("data/self_signed_certificate.der").to_vec();
    let key = include_bytes!("data/self_signed_key.der").to_vec();
    let config = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.into()], key.try_into().unwrap())
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://{}", listener.local_addr().unwrap());
    let connections = Arc::new(Mutex::new(0));
    let counted = Arc::clone(&connections);
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            *counted.lock().unwrap() += 1;
            acceptor.accept(stream).await.ok();
        }
    });
    for builder in [
        client(&url),
        Client::builder().api_key("key").base_url(&url),
    ] {
        let error = builder.build().unwrap().videos().page(1).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.is_retryable()),
            (ErrorKind::Certificate, false)
        );
        assert_eq!(error.attempts(), Some(1));
        assert!(
            error
                .to_string()
                .contains("the certificate of https://127.0.0.1:"),
            "{error}"
        );
        let chain = chain(&error).join(": ");
        assert!(
            chain.contains("certificate"),
            "the cause is reported: {chain}"
        );
    }
    assert_eq!(*connections.lock().unwrap(), 2);
}
