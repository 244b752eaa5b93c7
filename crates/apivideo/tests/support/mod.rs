//! What the tests share: a mock that notes each request, and clients.
#![allow(
    dead_code,
    clippy::unwrap_used,
    reason = "helpers of tests, each of which uses a part of them"
)]

use std::sync::{Arc, Mutex};

use apivideo::retry::RetryPolicy;
use apivideo::{Client, ClientBuilder};
use httpmock::MockServer;

/// A plain mock server, not made from the document: it can contradict how the document is handled.
pub(crate) struct Mock {
    pub(crate) server: MockServer,
    asked: Arc<Mutex<Vec<Asked>>>,
}

/// A request as it was on the wire.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) line: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Asked {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }
}

impl Mock {
    /// Answers every request with this status and body, in turn; the last one again and again.
    pub(crate) fn replies(replies: &[(u16, &str)]) -> Self {
        Self::replies_of_type("application/json", replies)
    }

    /// Bodies that need not be text.
    pub(crate) fn bytes(body: &[u8]) -> Self {
        Self::of("application/json", vec![(200, body.to_vec())])
    }

    pub(crate) fn replies_of_type(content_type: &'static str, replies: &[(u16, &str)]) -> Self {
        let replies = replies.iter();
        let replies = replies.map(|(status, body)| (*status, body.as_bytes().to_vec()));
        Self::of(content_type, replies.collect())
    }

    fn of(content_type: &'static str, replies: Vec<(u16, Vec<u8>)>) -> Self {
        let server = MockServer::start();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let noted = Arc::clone(&asked);
        server.mock(|_when, then| {
            then.respond_with(move |request: &httpmock::HttpMockRequest| {
                let mut noted = noted.lock().unwrap();
                let (status, body) = &replies[noted.len().min(replies.len() - 1)];
                noted.push(Asked {
                    line: format!(
                        "{} {}",
                        request.method_str(),
                        request.uri().path_and_query().unwrap()
                    ),
                    headers: request.headers_vec().clone(),
                    body: request.body_string(),
                });
                httpmock::HttpMockResponse::builder()
                    .status(*status)
                    .header("content-type", content_type)
                    .header("x-ratelimit-remaining", "99")
                    .body(body.clone())
                    .build()
            });
        });
        Self { server, asked }
    }

    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }

    pub(crate) fn lines(&self) -> Vec<String> {
        self.asked().into_iter().map(|asked| asked.line).collect()
    }

    /// A client that tries nothing twice: each test counts requests.
    pub(crate) fn builder(&self) -> ClientBuilder {
        Client::builder()
            .api_key("a key")
            .base_url(self.server.base_url())
            .with_retry_policy(RetryPolicy::none())
    }

    /// A client that needs no exchange of its key.
    pub(crate) fn client(&self) -> Client {
        self.builder().with_basic_auth().build().unwrap()
    }
}

/// The messages of an error and its causes.
pub(crate) fn chain(error: &dyn std::error::Error) -> Vec<String> {
    let mut messages = vec![error.to_string()];
    let mut cause = error.source();
    while let Some(error) = cause {
        messages.push(error.to_string());
        cause = error.source();
    }
    messages
}

/// Answers each connection with the next of these bytes, unasked for more, and closes it; an empty reply just closes it.
///
/// The lines of the requests come out of the receiver.
pub(crate) fn raw_replies(
    replies: impl IntoIterator<Item = Vec<u8>> + Send + 'static,
) -> (String, std::sync::mpsc::Receiver<String>) {
    use std::io::{BufRead, BufReader, Read, Write};

    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (sender, receiver) = std::sync::mpsc::channel();
    let replies: Vec<_> = replies.into_iter().collect();
    std::thread::spawn(move || {
        for reply in replies {
            let (stream, _) = listener.accept().unwrap();
            let mut reader = BufReader::new(stream);
            let (mut line, mut length) = (String::new(), 0);
            reader.read_line(&mut line).unwrap();
            loop {
                let mut header = String::new();
                reader.read_line(&mut header).unwrap();
                let header = header.trim().to_ascii_lowercase();
                if header.is_empty() {
                    break;
                }
                if let Some(value) = header.strip_prefix("content-length: ") {
                    length = value.parse().unwrap();
                }
            }
            reader.read_exact(&mut vec![0; length]).unwrap();
            sender.send(line.trim().to_owned()).unwrap();
            reader.get_mut().write_all(&reply).unwrap();
        }
    });
    (url, receiver)
}

/// A reply as it goes over the wire, of which the last `cut` bytes never come.
pub(crate) fn raw_reply(status: u16, body: &str, cut: usize) -> Vec<u8> {
    let mut reply = format!(
        "HTTP/1.1 {status} x\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes();
    reply.truncate(reply.len() - cut);
    reply
}

/// What a [`raw_service`] does with one request.
pub(crate) enum Action {
    /// Sends these bytes and waits for the next request.
    Keep(Vec<u8>),
    /// Sends these bytes and closes the connection.
    Close(Vec<u8>),
    /// Sends these bytes again and again until the other side hangs up.
    Endless(Vec<u8>, Vec<u8>),
}

/// Answers as `answer` says, by the number of the connection, of the request on it (both from 1), and its line.
///
/// The number of requests so far comes out of the counter.
pub(crate) fn raw_service(
    answer: impl Fn(usize, usize, &str) -> Action + Send + Sync + 'static,
) -> (String, Arc<std::sync::atomic::AtomicUsize>) {
    use std::io::{BufRead, BufReader, Read, Write};
    use std::sync::atomic::Ordering;

    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let requests = Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let (answer, counter) = (Arc::new(answer), Arc::clone(&requests));
    let serve = move |connection: usize, stream: std::net::TcpStream| -> std::io::Result<()> {
        let mut reader = BufReader::new(stream);
        for request in 1.. {
            let (mut line, mut length) = (String::new(), 0);
            if reader.read_line(&mut line)? == 0 {
                return Ok(());
            }
            loop {
                let mut header = String::new();
                reader.read_line(&mut header)?;
                let header = header.trim().to_ascii_lowercase();
                if header.is_empty() {
                    break;
                }
                if let Some(value) = header.strip_prefix("content-length: ") {
                    length = value.parse().unwrap();
                }
            }
            reader.read_exact(&mut vec![0; length])?;
            counter.fetch_add(1, Ordering::SeqCst);
            let stream = reader.get_mut();
            match answer(connection, request, line.trim()) {
                Action::Keep(bytes) => stream.write_all(&bytes)?,
                Action::Close(bytes) => return stream.write_all(&bytes),
                Action::Endless(first, again) => {
                    stream.write_all(&first)?;
                    loop {
                        stream.write_all(&again)?;
                    }
                }
            }
        }
        Ok(())
    };
    let serve = Arc::new(serve);
    std::thread::spawn(move || {
        for (connection, stream) in (1..).zip(listener.incoming()) {
            let serve = Arc::clone(&serve);
            // The other side may hang up whenever it likes.
            std::thread::spawn(move || serve(connection, stream.unwrap()).ok());
        }
    });
    (url, requests)
}

/// A good response with a JSON body, as it goes over the wire.
pub(crate) fn raw_json(body: &str) -> Vec<u8> {
    raw_response(
        "200 OK",
        &format!("content-length: {}\r\n", body.len()),
        body.as_bytes(),
    )
}

/// A response with these headers, each with its end of line.
pub(crate) fn raw_response(status: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let head = format!("HTTP/1.1 {status}\r\ncontent-type: application/json\r\n{headers}\r\n");
    [head.as_bytes(), body].concat()
}
