//! The service: HTTP/1.1 on loopback, a thread for each connection.

use std::collections::HashMap;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::SeqCst};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use crate::envelope::Shape;
use crate::faults::{Cut, Fault, Faults, Route};
use crate::mixture::{Kind, Mixture};
use crate::records::Item;
use crate::rng::hash;
use crate::world::World;

/// A running service, stopped on drop.
pub(crate) struct Service {
    state: Arc<State>,
    address: std::net::SocketAddr,
}

pub(crate) struct State {
    mixture: Mixture,
    pub(crate) world: Arc<World>,
    faults: Faults,
    is_repaired: AtomicBool,
    is_closed: AtomicBool,
    requests: AtomicU64,
    /// Temporary faults that were delivered.
    faulted: AtomicU64,
    tokens: AtomicU64,
    /// The number of requests for each target.
    targets: Mutex<HashMap<String, u64>>,
}

struct Request {
    is_get: bool,
    path: String,
    query: HashMap<String, String>,
    target: String,
    token: String,
}

impl Request {
    fn number(&self, name: &str, default: u64) -> u64 {
        let value = self.query.get(name).and_then(|value| value.parse().ok());
        value.unwrap_or(default)
    }
}

/// A response before delivery faults.
struct Response {
    status: u16,
    headers: Vec<(&'static str, &'static str)>,
    body: Vec<u8>,
}

impl Response {
    fn json(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: body.into(),
        }
    }

    fn problem(status: u16) -> Self {
        Self::json(
            status,
            format!(
                r#"{{"type":"https://docs.api.video/","title":"Not this time","name":null,"status":{status}}}"#
            ),
        )
    }

    /// Returns the head, with the content length, if any.
    fn head(&self, length: Option<usize>, more: &str) -> Vec<u8> {
        let mut head = format!(
            "HTTP/1.1 {} Status\r\nContent-Type: application/json\r\n",
            self.status
        );
        for (name, value) in &self.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        if let Some(length) = length {
            head.push_str(&format!("Content-Length: {length}\r\n"));
        }
        head.push_str(more);
        head.push_str("\r\n");
        head.into_bytes()
    }
}

/// Whether a connection can be used again.
enum Next {
    Keep,
    Close,
    Reset,
}

impl Service {
    pub(crate) fn start(mixture: &Mixture, world: Arc<World>) -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0))?;
        let address = listener.local_addr()?;
        let state = Arc::new(State {
            faults: Faults::new(mixture, &world),
            mixture: mixture.clone(),
            world,
            is_repaired: AtomicBool::new(false),
            is_closed: AtomicBool::new(false),
            requests: AtomicU64::new(0),
            faulted: AtomicU64::new(0),
            tokens: AtomicU64::new(0),
            targets: Mutex::default(),
        });
        let accepting = Arc::clone(&state);
        thread::spawn(move || {
            let mut number = 0;
            for stream in listener.incoming() {
                if accepting.is_closed.load(SeqCst) {
                    return;
                }
                let Ok(stream) = stream else { continue };
                number += 1;
                let state = Arc::clone(&accepting);
                thread::spawn(move || {
                    // A client that disconnects is not an error.
                    let _ = state.connection(stream, number);
                });
            }
        });
        Ok(Self { state, address })
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Repairs all faults except permanent ones in the data.
    pub(crate) fn repair(&self) {
        self.state.is_repaired.store(true, SeqCst);
    }

    pub(crate) fn requests(&self) -> u64 {
        self.state.requests.load(SeqCst)
    }

    /// Returns the number of temporary faults delivered.
    pub(crate) fn faulted(&self) -> u64 {
        self.state.faulted.load(SeqCst)
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        self.state.is_closed.store(true, SeqCst);
        // Wakes the accepting thread.
        let _ = TcpStream::connect(self.address);
    }
}

impl State {
    fn connection(&self, stream: TcpStream, number: u64) -> io::Result<()> {
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_secs(300)))?;
        let mut reader = BufReader::new(stream);
        let mut used = 0;
        while let Some(request) = read(&mut reader)? {
            if self.is_closed.load(SeqCst) {
                return Ok(());
            }
            used += 1;
            let stream = reader.get_mut();
            let dies = !self.is_repaired.load(SeqCst)
                && self.mixture.has(Kind::ReusedDies)
                && used > 1
                && request.is_get
                && hash(self.mixture.seed, &format!("{number} {used}")).is_multiple_of(3);
            let next = match dies {
                true => Next::Close,
                false => self.respond(&request, stream)?,
            };
            match next {
                Next::Keep => {}
                Next::Close => return stream.shutdown(Shutdown::Both),
                Next::Reset => return Ok(()),
            }
        }
        Ok(())
    }

    fn respond(&self, request: &Request, stream: &mut TcpStream) -> io::Result<Next> {
        self.requests.fetch_add(1, SeqCst);
        if self.is_repaired.load(SeqCst) {
            let response = self.response(request, 0);
            stream.write_all(&response.head(Some(response.body.len()), ""))?;
            stream.write_all(&response.body)?;
            return Ok(Next::Keep);
        }
        let count = {
            let mut targets = lock(&self.targets);
            let count = targets.entry(request.target.clone()).or_default();
            *count += 1;
            *count
        };
        let route = Route::of(&request.path);
        let fault = self.faults.of(route, &request.target, count);
        if let Some(fault) = &fault
            && fault.is_temporary
        {
            self.faulted.fetch_add(1, SeqCst);
        }
        let response = match &fault {
            Some(Fault {
                status: Some((status, headers)),
                ..
            }) => {
                let mut response = Response::problem(*status);
                response.headers.clone_from(headers);
                response
            }
            _ => self.response(request, count),
        };
        let cut = fault.map_or(Cut::None, |fault| fault.cut);
        self.send(request, &response, cut, stream)
    }

    /// Sends a response, or a part of it.
    fn send(
        &self,
        request: &Request,
        response: &Response,
        cut: Cut,
        stream: &mut TcpStream,
    ) -> io::Result<Next> {
        let seed = self.mixture.seed;
        let mut rng = crate::rng::Rng::new(seed, &format!("cut {}", request.target));
        let mut body = response.body.clone();
        if self.mixture.has(Kind::Bom) && response.status == 200 && rng.per_mille(500) {
            body.splice(0..0, *b"\xef\xbb\xbf");
        }
        let part = &body[..rng.below(body.len())];
        let close = "Connection: close\r\n";
        match cut {
            Cut::None => {}
            Cut::BeforeHead => return Ok(Next::Close),
            Cut::Reset => return reset(stream),
            Cut::ResetInBody => {
                stream.write_all(&response.head(Some(body.len()), ""))?;
                stream.write_all(part)?;
                thread::sleep(Duration::from_millis(1));
                return reset(stream);
            }
            Cut::NoLength => {
                stream.write_all(&response.head(None, close))?;
                stream.write_all(part)?;
                return Ok(Next::Close);
            }
            Cut::Length => {
                stream.write_all(&response.head(Some(body.len()), ""))?;
                stream.write_all(part)?;
                return Ok(Next::Close);
            }
            Cut::ShortLength => {
                stream.write_all(&response.head(Some(part.len()), ""))?;
                stream.write_all(&body)?;
                return Ok(Next::Close);
            }
            Cut::Empty => {
                stream.write_all(&response.head(Some(0), ""))?;
                return Ok(Next::Keep);
            }
            Cut::NoContent => {
                stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n")?;
                return Ok(Next::Keep);
            }
            Cut::Chunks => {
                stream.write_all(&response.head(None, "Transfer-Encoding: chunked\r\n"))?;
                stream.write_all(&chunks(part, 700))?;
                return Ok(Next::Close);
            }
            Cut::Stall => {
                stream.write_all(&response.head(Some(body.len()), ""))?;
                stream.write_all(part)?;
                thread::sleep(Duration::from_millis(30));
                stream.write_all(&body[part.len()..])?;
                return Ok(Next::Keep);
            }
        }
        if self.mixture.has(Kind::Framing) && rng.per_mille(500) {
            if rng.below(2) == 0 {
                stream.write_all(&response.head(None, close))?;
                stream.write_all(&body)?;
                return Ok(Next::Close);
            }
            stream.write_all(&response.head(None, "Transfer-Encoding: chunked\r\n"))?;
            let size = rng.between(1, 2_000);
            stream.write_all(&chunks(&body, size))?;
            stream.write_all(b"0\r\n\r\n")?;
            return Ok(Next::Keep);
        }
        stream.write_all(&response.head(Some(body.len()), ""))?;
        stream.write_all(&body)?;
        Ok(Next::Keep)
    }

    fn response(&self, request: &Request, count: u64) -> Response {
        let repaired = self.is_repaired.load(SeqCst);
        let path = request.path.as_str();
        if path.starts_with("/auth/") {
            return self.token();
        }
        if self.mixture.has(Kind::TokenRevoked)
            && !repaired
            && request.token == "token1"
            && self.requests.load(SeqCst) > self.faults.revoked_at
        {
            return Response::problem(401);
        }
        let segments: Vec<&str> = path.split('/').skip(1).collect();
        let wire = |item: &'_ Item| match repaired {
            true => item.repaired.clone(),
            false => item.wire.clone(),
        };
        let mut items: Vec<Vec<u8>> = match segments[..] {
            ["videos" | "live-streams"] => {
                let is_live = path == "/live-streams";
                let assets = self.world.assets.iter();
                let mut items: Vec<_> = assets
                    .filter(|asset| asset.is_live == is_live)
                    .map(|asset| wire(&asset.item))
                    .collect();
                if self.world.unusable_asset && !repaired && !is_live {
                    items.insert(items.len() / 2, br#"{"videoId":null,"title":"x"}"#.to_vec());
                }
                items
            }
            ["analytics", "videos" | "live-streams", id] => {
                let asset = self.world.assets.iter().find(|asset| asset.id == id);
                let Some(asset) = asset.filter(|asset| repaired || !asset.is_gone) else {
                    return Response::problem(404);
                };
                let Some(period) = request.query.get("period").and_then(|text| days(text)) else {
                    return Response::problem(400);
                };
                let sessions = asset.sessions.iter();
                sessions
                    .filter(|session| period.0 <= session.day && session.day <= period.1)
                    .map(|session| wire(&session.item))
                    .collect()
            }
            ["analytics", "sessions", id, "events"] => {
                let session = self.world.sessions().find(|(_, session)| session.id == id);
                let session = session.map(|(_, session)| session);
                let session = session.filter(|it| repaired || !it.is_without_events);
                let Some(session) = session else {
                    return Response::problem(404);
                };
                session.events.iter().map(wire).collect()
            }
            _ => return Response::problem(404),
        };
        let shape = match repaired {
            true => Shape::draw(&self.mixture.repaired(), path),
            false => Shape::draw(&self.mixture, path),
        };
        // Events have no identity: a client cannot detect a change of their order.
        if shape.unordered && Route::of(path) == Route::List {
            let purpose = format!("order {} {count}", request.target);
            self.mixture.rng(&purpose).shuffle(&mut items);
        }
        let items: Vec<&[u8]> = items.iter().map(Vec::as_slice).collect();
        let (page, size) = (
            request.number("currentPage", 1),
            request.number("pageSize", 25),
        );
        match shape.page(&items, page, size) {
            Some(body) => Response::json(200, body),
            None => Response::problem(404),
        }
    }

    fn token(&self) -> Response {
        let number = self.tokens.fetch_add(1, SeqCst) + 1;
        let forms = match self.mixture.has(Kind::TokenForms) {
            true => &[
                r#""expires_in":"3600","refresh_token":null"#,
                r#""expires_in":3600.0,"refresh_token":"r""#,
                r#""token_type":"bearer""#,
                r#""expires_in":null,"refresh_token":"""#,
            ][..],
            false => &[r#""token_type":"Bearer","expires_in":3600,"refresh_token":"r""#],
        };
        let form = self.mixture.rng(&format!("token {number}")).pick(forms);
        Response::json(200, format!(r#"{{"access_token":"token{number}",{form}}}"#))
    }
}

/// Parses the first and the last day of a period in a query.
fn days(period: &str) -> Option<(String, String)> {
    let period = period.replace("%2F", "/");
    Some(match period.split_once('/') {
        Some((first, last)) => (first.to_owned(), last.to_owned()),
        None if period.len() == 10 => (period.clone(), period),
        None if period.len() == 7 && !period.contains('W') => {
            (format!("{period}-01"), format!("{period}-31"))
        }
        None if period.len() == 4 => (format!("{period}-01-01"), format!("{period}-12-31")),
        None => return None,
    })
}

fn chunks(body: &[u8], size: usize) -> Vec<u8> {
    let mut text = Vec::new();
    for chunk in body.chunks(size) {
        text.extend_from_slice(format!("{:x}\r\n", chunk.len()).as_bytes());
        text.extend_from_slice(chunk);
        text.extend_from_slice(b"\r\n");
    }
    text
}

/// Resets the connection at its end, with the option of tokio that the standard library does not have yet.
fn reset(stream: &TcpStream) -> io::Result<Next> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_io()
        .build()?;
    let _entered = runtime.enter();
    let stream = stream.try_clone()?;
    stream.set_nonblocking(true)?;
    tokio::net::TcpStream::from_std(stream)?.set_zero_linger()?;
    Ok(Next::Reset)
}

/// Reads a request; `None` at the end of the connection.
fn read(reader: &mut BufReader<TcpStream>) -> io::Result<Option<Request>> {
    let mut line = String::new();
    if reader.read_line(&mut line)? == 0 {
        return Ok(None);
    }
    let mut words = line.split_whitespace();
    let (method, target) = (words.next().unwrap_or(""), words.next().unwrap_or(""));
    let (method, target) = (method.to_owned(), target.to_owned());
    let (mut length, mut token) = (0, String::new());
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 {
            return Ok(None);
        }
        let Some((name, value)) = line.trim_end().split_once(':') else {
            break;
        };
        match name.to_ascii_lowercase().as_str() {
            "content-length" => length = value.trim().parse().unwrap_or(0),
            "authorization" => token = value.trim().trim_start_matches("Bearer ").to_owned(),
            _ => {}
        }
    }
    io::copy(&mut reader.by_ref().take(length), &mut io::sink())?;
    let (path, query) = target.split_once('?').unwrap_or((&target, ""));
    let query = query.split('&').filter_map(|pair| pair.split_once('='));
    Ok(Some(Request {
        is_get: method == "GET",
        path: path.to_owned(),
        query: query
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect(),
        target,
        token,
    }))
}

pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
