//! Audiences of lists of sessions.

use std::fmt;

use apivideo_insights::{Audience, Event, SessionFacts};
use futures_util::StreamExt;

use crate::error::{Error, ErrorKind, Result};
use crate::list::List;
use crate::model::Session;
use crate::resources::Sessions;
use crate::stream::plan::OnInvalid;
use crate::stream::{ItemStream, ProgressWatch};

/// The number of sessions whose events are read at a time, if the list does not set it.
const CONCURRENCY: usize = 16;

impl List<Sessions> {
    /// Reads all sessions of the list with their events, and returns the [`Audience`] of them: watch time, retention, concurrency
    /// and other measures.
    ///
    /// The events of up to 16 sessions are requested concurrently, unless [`include_events`](Self::include_events) sets another
    /// number. One request is sent for each session in addition to those for the list. The sessions are not kept in memory;
    /// see [`Audience`] for the memory that it needs.
    ///
    /// A session whose events cannot be read is not lost: it counts as a session, and
    /// [`quality.sessions_unreadable`](apivideo_insights::Quality::sessions_unreadable) is the number of such sessions. A record of
    /// the list that cannot be decoded counts as well, as a session of which nothing is known; if
    /// [`on_invalid`](Self::on_invalid) is set, the handler also receives its error.
    ///
    /// ```
    /// # apivideo_simulator::doctest! { Simulator::builder().videos(1).live_streams(0).days(1).sessions(40) => |client|
    /// let video = client.video("vi4k0jvEUuaTdRAEjQ4Prklg".parse()?);
    /// let report = video.sessions("2022-01-01".parse()?).include_events(8).audience().await?.finish();
    /// println!("{} s", report.measures.watch_seconds);
    /// # assert_eq!(report.measures.quality.sessions, 40);
    /// # }
    /// ```
    ///
    /// # Errors
    /// Returns an error if the list cannot be read completely, as the [stream](Self::stream) would: nothing is returned of an
    /// incomplete list. An asset that does not exist is such an error, of kind [`Asset`](ErrorKind::Asset).
    ///
    /// # Cancel safety
    /// Dropping the future cancels the requests. The sessions that were read are lost.
    pub async fn audience(&self) -> Result<Audience> {
        self.audience_with(Audience::new()).await
    }

    /// Same as [`audience`](Self::audience), with an audience that has settings, such as breakdowns and filters.
    ///
    /// The sessions are added to those that the audience contains, so that several lists can be read into one audience. A session
    /// must not be part of two of them. Filters treat records that cannot be decoded as sessions whose values are unknown.
    ///
    /// ```
    /// use apivideo::insights::{Audience, Dimension};
    ///
    /// # apivideo_simulator::doctest! { Simulator::builder().videos(1).live_streams(0).days(1).sessions(40) => |client|
    /// let audience = Audience::new().by(Dimension::Country).exclude("metadata.role=staff".parse()?);
    /// let sessions = client.video("vi4k0jvEUuaTdRAEjQ4Prklg".parse()?).sessions("2022-01-01".parse()?);
    /// let report = sessions.audience_with(audience).await?.finish();
    /// for row in &report.breakdowns[0].rows {
    ///     println!("{:?}: {} plays", row.value, row.measures.plays);
    /// }
    /// # assert!(!report.breakdowns[0].rows.is_empty());
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`audience`](Self::audience). The audience is lost.
    ///
    /// # Cancel safety
    /// Dropping the future cancels the requests. The audience is lost.
    pub async fn audience_with(&self, audience: Audience) -> Result<Audience> {
        self.audience_reader(audience).read().await
    }

    /// Returns a reader of the sessions into an audience, whose progress can be watched. No request is sent before it
    /// [reads](AudienceReader::read).
    ///
    /// ```
    /// use apivideo::insights::Audience;
    ///
    /// # apivideo_simulator::doctest! { Simulator::builder().videos(1).live_streams(0).days(1).sessions(40) => |client|
    /// let sessions = client.video("vi4k0jvEUuaTdRAEjQ4Prklg".parse()?).sessions("2022-01-01".parse()?);
    /// let reader = sessions.audience_reader(Audience::new());
    /// let progress = reader.progress();
    /// let audience = reader.read().await?;
    /// assert_eq!(progress.get().items, audience.finish().measures.quality.sessions);
    /// # }
    /// ```
    pub fn audience_reader(&self, audience: Audience) -> AudienceReader {
        let mut list = self.clone();
        list.options.events.get_or_insert(CONCURRENCY);
        list.options.keep_unread = true;
        let on_invalid = list.options.on_invalid.take();
        let mut sessions = list.stream();
        AudienceReader {
            progress: sessions.watch(),
            sessions,
            audience,
            on_invalid,
        }
    }
}

/// Reads the sessions of a list with their events into an [`Audience`]; see
/// [`List::audience_reader`](crate::List::audience_reader).
#[must_use = "a reader does nothing until it reads"]
pub struct AudienceReader {
    sessions: ItemStream<Session>,
    progress: ProgressWatch,
    audience: Audience,
    on_invalid: Option<OnInvalid>,
}

impl AudienceReader {
    /// Returns a handle to the progress, which can be read while the reader reads.
    ///
    /// ```
    /// use apivideo::insights::Audience;
    ///
    /// # let client = apivideo::Client::builder().api_key("key").build()?;
    /// let sessions = client.video("vi4k0jvEUuaTdRAEjQ4Prklg".parse()?).sessions("2022-01-01".parse()?);
    /// assert_eq!(sessions.audience_reader(Audience::new()).progress().get().items, 0);
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    #[must_use]
    pub fn progress(&self) -> ProgressWatch {
        self.progress.clone()
    }

    /// Reads all sessions, and returns the audience with them.
    ///
    /// ```
    /// use apivideo::insights::Audience;
    ///
    /// # apivideo_simulator::doctest! { Simulator::builder().videos(1).live_streams(0).days(1).sessions(40) => |client|
    /// let sessions = client.video("vi4k0jvEUuaTdRAEjQ4Prklg".parse()?).sessions("2022-01-01".parse()?);
    /// let audience = sessions.audience_reader(Audience::new()).read().await?;
    /// assert!(audience.finish().measures.plays > 0);
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`List::audience`](crate::List::audience).
    ///
    /// # Cancel safety
    /// Dropping the future cancels the requests. The audience is lost.
    pub async fn read(self) -> Result<Audience> {
        let Self {
            mut sessions,
            mut audience,
            on_invalid,
            ..
        } = self;
        let mut events: Vec<Event> = Vec::new();
        while let Some(session) = sessions.next().await {
            match session {
                Ok(session) => {
                    let facts = SessionFacts::from(&session);
                    match &session.events {
                        Some(read) => {
                            events.clear();
                            events.extend(read.iter().map(Event::from));
                            audience.add(&facts, &events);
                        }
                        None => audience.add_unreadable(&facts),
                    }
                }
                Err(error) if error.kind() == ErrorKind::Record => {
                    add_invalid(&mut audience, &error);
                    if let Some(handle) = &on_invalid {
                        handle(error);
                    }
                }
                Err(error) => return Err(error),
            }
        }
        Ok(audience)
    }
}

impl fmt::Debug for AudienceReader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AudienceReader")
            .field("progress", &self.progress.get())
            .finish_non_exhaustive()
    }
}

/// Counts a record that could not be decoded.
fn add_invalid(audience: &mut Audience, error: &Error) {
    let id = error.record().and_then(|record| record.id.as_deref());
    let mut facts = SessionFacts::new(id.unwrap_or_default());
    facts.asset = error.asset_id().map(Into::into);
    audience.add_unreadable(&facts);
}
