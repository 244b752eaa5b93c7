//! The baseline: one connection of hyper, and structs that borrow from the response.

use bytes::Bytes;
use http_body_util::{BodyExt, Empty};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::header::{AUTHORIZATION, HOST};
use hyper_util::rt::TokioIo;
use serde::Deserialize;
use tokio::net::TcpStream;

use super::tally::Tally;
use super::task::{Done, Task, VIDEO, Work, basic, unsupported};
use crate::{Result, machine};

pub(super) async fn run(task: &Task) -> Result<Done> {
    let mut connection = Connection::open(task).await?;
    match task.job {
        Work::List | Work::Pages => pages(&mut connection, task).await,
        Work::First => first(&mut connection, task).await,
        Work::Events | Work::Windows | Work::Limited => unsupported(task),
    }
}

/// All pages, one after the other.
async fn pages(connection: &mut Connection, task: &Task) -> Result<Done> {
    let mut done = Done::default();
    for number in 1.. {
        let body = connection.page(task, number).await?;
        let page: Page<'_> = serde_json::from_slice(&body)?;
        page.data
            .iter()
            .for_each(|session| touch(session, &mut done.tally));
        if number >= page.pagination.pages_total {
            break;
        }
    }
    Ok(done)
}

/// One page repeatedly, without decoding: the time of a round trip.
async fn first(connection: &mut Connection, task: &Task) -> Result<Done> {
    // The first request warms the connection up.
    connection.page(task, 1).await?;
    let mut times = Vec::new();
    for _ in 0..task.count {
        let began = machine::now();
        std::hint::black_box(connection.page(task, 1).await?);
        times.push(began.elapsed());
    }
    Ok(Done {
        times,
        ..Done::default()
    })
}

struct Connection {
    sender: SendRequest<Empty<Bytes>>,
    host: String,
    authorization: String,
}

impl Connection {
    async fn open(task: &Task) -> Result<Self> {
        let host = task
            .url
            .strip_prefix("http://")
            .ok_or("the baseline supports plain http only")?;
        let stream = TcpStream::connect(host).await?;
        stream.set_nodelay(true)?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await?;
        // It ends with the process.
        tokio::spawn(connection);
        Ok(Self {
            sender,
            host: host.to_owned(),
            authorization: basic(),
        })
    }

    async fn page(&mut self, task: &Task, number: u64) -> Result<Bytes> {
        let (period, size) = (&task.period, task.page_size);
        let uri = format!(
            "/analytics/videos/{VIDEO}?period={period}&currentPage={number}&pageSize={size}"
        );
        let request = hyper::Request::get(uri)
            .header(HOST, &self.host)
            .header(AUTHORIZATION, &self.authorization)
            .body(Empty::new())?;
        self.sender.ready().await?;
        let response = self.sender.send_request(request).await?;
        if !response.status().is_success() {
            return Err(format!("page {number} has the status {}", response.status()).into());
        }
        Ok(response.into_body().collect().await?.to_bytes())
    }
}

#[derive(Deserialize)]
struct Page<'a> {
    #[serde(borrow)]
    data: Vec<Session<'a>>,
    pagination: Pagination,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Pagination {
    pages_total: u64,
}

#[derive(Deserialize)]
struct Session<'a> {
    #[serde(borrow)]
    session: Info<'a>,
    location: Option<Location<'a>>,
    referrer: Option<Referrer<'a>>,
    device: Option<Device<'a>>,
    os: Option<Os<'a>>,
    client: Option<Program<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Info<'a> {
    session_id: &'a str,
    loaded_at: Option<&'a str>,
    ended_at: Option<&'a str>,
    #[serde(borrow, default)]
    metadata: Vec<Pair<'a>>,
}

#[derive(Deserialize)]
struct Pair<'a> {
    key: &'a str,
    value: Option<&'a str>,
}

#[derive(Deserialize)]
struct Location<'a> {
    country: Option<&'a str>,
    city: Option<&'a str>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Referrer<'a> {
    url: Option<&'a str>,
    medium: Option<&'a str>,
    source: Option<&'a str>,
    search_term: Option<&'a str>,
}

#[derive(Deserialize)]
struct Device<'a> {
    r#type: Option<&'a str>,
    vendor: Option<&'a str>,
    model: Option<&'a str>,
}

#[derive(Deserialize)]
struct Os<'a> {
    name: Option<&'a str>,
    shortname: Option<&'a str>,
    version: Option<&'a str>,
}

#[derive(Deserialize)]
struct Program<'a> {
    r#type: Option<&'a str>,
    name: Option<&'a str>,
    version: Option<&'a str>,
}

fn touch(session: &Session<'_>, tally: &mut Tally) {
    let info = &session.session;
    tally.sessions += 1;
    tally.text(Some(info.session_id));
    tally.time(info.loaded_at);
    tally.time(info.ended_at);
    for pair in &info.metadata {
        tally.text(Some(pair.key));
        tally.text(pair.value);
    }
    if let Some(location) = &session.location {
        tally.text(location.country);
        tally.text(location.city);
    }
    if let Some(referrer) = &session.referrer {
        tally.text(referrer.url);
        tally.text(referrer.medium);
        tally.text(referrer.source);
        tally.text(referrer.search_term);
    }
    if let Some(device) = &session.device {
        tally.text(device.r#type);
        tally.text(device.vendor);
        tally.text(device.model);
    }
    if let Some(os) = &session.os {
        tally.text(os.name);
        tally.text(os.shortname);
        tally.text(os.version);
    }
    if let Some(program) = &session.client {
        tally.text(program.r#type);
        tally.text(program.name);
        tally.text(program.version);
    }
}
