//! A server that responds with raw bytes: truncated bodies, closed connections, invalid headers.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

/// The response of a [`RawServer`] to one request.
pub(crate) enum Action {
    /// Sends these bytes, and waits for the next request on the connection.
    Keep(Vec<u8>),
    /// Sends these bytes, and closes the connection.
    Close(Vec<u8>),
    /// Sends the first bytes once, and the second ones until the client closes the connection.
    Endless(Vec<u8>, Vec<u8>),
}

/// A running server. It runs until the process ends.
pub(crate) struct RawServer {
    pub(crate) url: String,
    lines: Arc<Mutex<Vec<String>>>,
}

impl RawServer {
    /// Responds as `respond` decides by the number of the connection, the number of the request on it (both counted from 1),
    /// and the request line.
    pub(crate) fn start(
        respond: impl Fn(usize, usize, &str) -> Action + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let lines = Arc::new(Mutex::default());
        let (respond, recorded) = (Arc::new(respond), Arc::clone(&lines));
        thread::spawn(move || {
            for (connection, stream) in (1..).zip(listener.incoming()) {
                let (respond, recorded) = (Arc::clone(&respond), Arc::clone(&recorded));
                thread::spawn(move || {
                    let respond = |request, line: &str| {
                        record(&recorded).push(line.to_owned());
                        respond(connection, request, line)
                    };
                    // The client may close the connection at any time.
                    serve(stream.unwrap(), respond).ok();
                });
            }
        });
        Self { url, lines }
    }

    /// Responds to the request of each connection with the next of these bytes, and closes it.
    pub(crate) fn per_connection(responses: impl IntoIterator<Item = Vec<u8>>) -> Self {
        let responses: Vec<_> = responses.into_iter().collect();
        Self::start(move |connection, _, _| {
            let response = responses.get(connection - 1);
            Action::Close(response.cloned().unwrap_or_default())
        })
    }

    /// The lines of all requests so far.
    pub(crate) fn lines(&self) -> Vec<String> {
        record(&self.lines).clone()
    }

    /// The number of requests so far.
    pub(crate) fn requests(&self) -> usize {
        record(&self.lines).len()
    }
}

fn record(lines: &Mutex<Vec<String>>) -> std::sync::MutexGuard<'_, Vec<String>> {
    lines.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Serves the requests of one connection.
fn serve(stream: TcpStream, respond: impl Fn(usize, &str) -> Action) -> io::Result<()> {
    let mut reader = BufReader::new(stream);
    for request in 1.. {
        let Some(line) = read_request(&mut reader)? else {
            return Ok(());
        };
        let stream = reader.get_mut();
        match respond(request, &line) {
            Action::Keep(bytes) => stream.write_all(&bytes)?,
            Action::Close(bytes) => return stream.write_all(&bytes),
            Action::Endless(first, rest) => {
                stream.write_all(&first)?;
                loop {
                    stream.write_all(&rest)?;
                }
            }
        }
    }
    Ok(())
}

/// Reads a whole request, and returns its line; `None` when the client closed the connection.
fn read_request(reader: &mut BufReader<TcpStream>) -> io::Result<Option<String>> {
    let (mut line, mut length) = (String::new(), 0);
    if reader.read_line(&mut line)? == 0 {
        return Ok(None);
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
    Ok(Some(line.trim().to_owned()))
}

/// A successful response with a JSON body.
pub(crate) fn json(body: &str) -> Vec<u8> {
    let length = format!("content-length: {}\r\n", body.len());
    response("200 OK", &length, body.as_bytes())
}

/// A response with a JSON body that closes the connection, without the last `truncated` bytes.
pub(crate) fn closing(status: u16, body: &str, truncated: usize) -> Vec<u8> {
    let headers = format!("connection: close\r\ncontent-length: {}\r\n", body.len());
    let mut response = response(&format!("{status} x"), &headers, body.as_bytes());
    response.truncate(response.len() - truncated);
    response
}

/// A response with these headers, each terminated by CRLF.
pub(crate) fn response(status: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let head = format!("HTTP/1.1 {status}\r\ncontent-type: application/json\r\n{headers}\r\n");
    [head.as_bytes(), body].concat()
}
