//! Events of a session.

use crate::error::Result;
use crate::id::SessionId;
use crate::list::query::{Ask, Listing, sealed};
use crate::list::{List, fetch};
use crate::model::Event;
use crate::stream::pager::Fetched;
use crate::transport::Transport;
use crate::transport::call::Request;
use crate::transport::clock::BoxFuture;

/// One player session, by its id; see [`Client::session`](crate::Client::session).
///
/// ```
/// use apivideo::SessionHandle;
///
/// # let client = apivideo::Client::builder().api_key("key").build()?;
/// let session: SessionHandle = client.session(&"psEmFwGQUAXR2lFHj5nDOpy".parse()?);
/// let events = session.events();
/// # Ok::<(), apivideo::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct SessionHandle {
    transport: Transport,
    id: SessionId,
}

impl SessionHandle {
    pub(crate) fn new(transport: Transport, id: SessionId) -> Self {
        Self { transport, id }
    }

    /// The events of the session, in ascending order of time.
    ///
    /// ```
    /// use apivideo::Event;
    /// use futures::TryStreamExt;
    /// # use apivideo_simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let simulator = Simulator::builder().start().await?;
    /// # let client = apivideo::Client::builder().api_key("key").base_url(simulator.base_url()).build()?;
    ///
    /// let session = client.session(&"psEmFwGQUAXR2lFHj5nDOpy".parse()?);
    /// let events: Vec<Event> = session.events().stream().try_collect().await?;
    /// assert_eq!(events[0].name(), "ready");
    /// # Ok(())
    /// # }
    /// ```
    pub fn events(&self) -> List<EventsOfSession> {
        EventsOfSession::list(self.transport.clone(), self.id.clone())
    }
}

/// The query for the events of a session.
///
/// ```
/// use apivideo::{Event, EventsOfSession, List};
///
/// async fn end(events: &List<EventsOfSession>) -> apivideo::Result<Option<Event>> {
///     Ok(events.last(1).await?.pop())
/// }
/// ```
#[derive(Clone, Debug)]
pub struct EventsOfSession {
    id: SessionId,
}

impl EventsOfSession {
    pub(crate) fn list(transport: Transport, id: SessionId) -> List<Self> {
        List::new(transport, Self { id })
    }
}

impl Listing for EventsOfSession {
    type Item = Event;
}

impl sealed::Listing<Event> for EventsOfSession {
    fn path(&self) -> String {
        format!("/analytics/sessions/{}/events", self.id)
    }

    fn fetch(&self, ask: Ask) -> BoxFuture<Result<Fetched<Event>>> {
        let (page, size) = (ask.page(), ask.size());
        let id = self.id.clone();
        Box::pin(async move {
            let request = Request::new(
                "listSessionEvents",
                format!("GET /analytics/sessions/{id}/events"),
            );
            fetch::page(&ask, &request, |core| {
                let id = id.clone();
                async move {
                    core.list_session_events()
                        .session_id(id.as_str())
                        .current_page(page)
                        .page_size(size)
                        .send()
                        .await
                }
            })
            .await
        })
    }
}
