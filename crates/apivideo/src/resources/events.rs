//! Events of a player session.

use futures_util::TryStreamExt;

use crate::error::{Error, ErrorKind, Result};
use crate::id::SessionId;
use crate::list::query::{ListQuery, PageRequest, sealed};
use crate::list::{List, fetch};
use crate::model::{Event, Session};
use crate::stream::page_response::PageResponse;
use crate::stream::plan::Unread;
use crate::transport::Transport;
use crate::transport::call::Operation;
use crate::transport::clock::BoxFuture;

/// A handle to a player session; see [`Client::session`](crate::Client::session).
///
/// ```
/// use apivideo::client::SessionHandle;
///
/// # let client = apivideo::Client::builder().api_key("key").build()?;
/// let session: SessionHandle = client.session("psEmFwGQUAXR2lFHj5nDOpy".parse()?);
/// let events = session.events();
/// # Ok::<(), apivideo::Error>(())
/// ```
#[derive(Clone, Debug)]
#[must_use = "a handle does nothing until its events are read"]
pub struct SessionHandle {
    transport: Transport,
    id: SessionId,
}

impl SessionHandle {
    pub(crate) fn new(transport: Transport, id: SessionId) -> Self {
        Self { transport, id }
    }

    /// Returns the id of the session.
    #[must_use]
    pub fn id(&self) -> &SessionId {
        &self.id
    }

    /// Returns the list of the events of the session, in ascending order of time.
    ///
    /// ```
    /// use apivideo::Event;
    /// use futures::TryStreamExt;
    /// # apivideo_simulator::doctest! { |client|
    /// let session = client.session("psEmFwGQUAXR2lFHj5nDOpy".parse()?);
    /// let events: Vec<Event> = session.events().stream().try_collect().await?;
    /// assert_eq!(events[0].kind.as_str(), "ready");
    /// # }
    /// ```
    #[doc(alias = "listSessionEvents")]
    #[doc(alias = "GET /analytics/sessions/{sessionId}/events")]
    pub fn events(&self) -> List<Events> {
        Events::list(self.transport.clone(), self.id.clone())
    }
}

/// The query for the events of a session.
///
/// ```
/// use apivideo::query::Events;
/// use apivideo::{Event, List};
///
/// async fn end(events: &List<Events>) -> apivideo::Result<Option<Event>> {
///     Ok(events.last(1).await?.pop())
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Events {
    id: SessionId,
}

impl Events {
    fn list(transport: Transport, id: SessionId) -> List<Self> {
        List::new(transport, Self { id })
    }
}

fetch::envelope!(EventPage of Event by "type");

impl ListQuery for Events {
    type Item = Event;
}

impl sealed::Query<Event> for Events {
    fn path(&self) -> String {
        format!("/analytics/sessions/{}/events", self.id)
    }

    fn filters(&self) -> String {
        String::new()
    }

    fn fetch(&self, request: PageRequest) -> BoxFuture<Result<PageResponse<Event>>> {
        let (page, size) = (request.page(), request.page_size());
        let query = self.clone();
        Box::pin(async move {
            let operation = Operation::new("listSessionEvents", format!("GET {}", query.path()));
            fetch::page(&request, &operation, |core| {
                let id = query.id.clone();
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

/// Reads all events of a session into it.
pub(super) fn include(
    transport: Transport,
    mut session: Session,
) -> BoxFuture<std::result::Result<Session, Unread<Session>>> {
    Box::pin(async move {
        let events = Events::list(transport, session.id.clone());
        match events.stream().try_collect().await {
            Ok(events) => {
                session.events = Some(events);
                Ok(session)
            }
            Err(error) => {
                let id = session.id.clone();
                let error = match is_of_session(&error) {
                    true => Error::events(id, error),
                    // Other sessions could meet it as well, and this one can be read later.
                    false => error.with_session(id),
                };
                Err(Unread {
                    item: session,
                    error,
                })
            }
        }
    })
}

/// Whether a failure to read the events of a session is about that session alone, and would occur again.
fn is_of_session(error: &Error) -> bool {
    use ErrorKind::{Decode, Incomplete, NotFound, Record, Rejected, Unexpected};
    matches!(
        error.kind(),
        NotFound | Record | Decode | Incomplete | Rejected | Unexpected
    ) && !(error.is_retryable() || error.is_auth() || error.is_removed())
}
