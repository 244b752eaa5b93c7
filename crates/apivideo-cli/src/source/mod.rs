//! Where questions are answered from: the service, a simulator or a lake.
//!
//! [`Source::open`] opens one of them, and [`Source::read`] reads the sessions of videos or live streams into an audience. A
//! command can read several audiences from one source, such as those of two periods. It prints warnings of what is missing, and
//! returns `None` if it was interrupted:
//!
//! ```text
//! let source = Source::open(context, question.from.as_ref()).await?;
//! let zone = question.zone();
//! let period = question.period(source.now())?;
//! let request = Request { assets: &assets, period: period.as_ref(), settings: question.settings(), .. };
//! let Some(audience) = source.read(context, request).await? else { return Ok(Exit::Interrupted) };
//! let report = audience.finish();
//! ```

mod lake;
mod request;
mod service;

pub(crate) use lake::in_thread;
pub(crate) use request::Request;

use apivideo::{AssetId, Timestamp};
use apivideo_insights::{Audience, MidnightRule};
use apivideo_lake::Location;

use crate::clock;
use crate::connection::Connection;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;

/// Where sessions are read from.
pub(crate) enum Source {
    /// The service, or a simulator.
    Service(Box<Connection>),
    /// A lake: no API key is needed, and no request is sent.
    Lake(Location),
}

impl Source {
    /// Opens the lake, or the service. No request is sent.
    pub(crate) async fn open(
        context: &Context<'_>,
        from: Option<&Location>,
    ) -> Result<Self, Failure> {
        Ok(match from {
            Some(lake) => Self::Lake(lake.clone()),
            None => Self::Service(Box::new(context.connect().await?)),
        })
    }

    /// Returns the current time of the simulator, or of this machine.
    pub(crate) fn now(&self) -> Timestamp {
        match self {
            Self::Service(connection) => connection.now(),
            Self::Lake(_) => clock::timestamp(),
        }
    }

    /// Returns the name of the source.
    pub(crate) fn name(&self, context: &Context<'_>) -> String {
        match self {
            Self::Service(_) if context.options.simulate => "simulated data".to_owned(),
            Self::Service(_) => "api.video".to_owned(),
            Self::Lake(lake) => format!("lake {lake}"),
        }
    }

    /// Reads sessions into an audience. Returns `None` if the command was interrupted.
    ///
    /// Warnings of missing days are printed. A lake that has no day of the period is an error, and so is an asset that the
    /// service does not have: an audience of a part of the assets would look complete.
    pub(crate) async fn read(
        &self,
        context: &Context<'_>,
        mut request: Request<'_>,
    ) -> Result<Option<Audience>, Failure> {
        if let Some(period) = request.period {
            let settings = request.settings;
            request.settings = settings.with_period(period.start, period.end, MidnightRule::Start);
        }
        match self {
            Self::Service(connection) => service::read(context, connection, request).await,
            Self::Lake(lake) => lake::read(context, lake, request).await,
        }
    }

    /// Returns all videos and all live streams of the account or of the lake; `None` if the command was interrupted.
    pub(crate) async fn assets(
        &self,
        context: &Context<'_>,
        videos: bool,
        live_streams: bool,
    ) -> Result<Option<Vec<AssetId>>, Failure> {
        match self {
            Self::Service(connection) => {
                let page_size = context.settings.page_size.value;
                let list = service::assets(&connection.client, page_size, videos, live_streams);
                Ok(context.stop.run_until(list).await.transpose()?)
            }
            Self::Lake(lake) => Ok(Some(lake::assets(lake, videos, live_streams)?)),
        }
    }

    /// Returns the title of a video or the name of a live stream. A lake has none, and a title that cannot be read is left out.
    pub(crate) async fn title(&self, context: &Context<'_>, asset: &AssetId) -> Option<String> {
        let Self::Service(connection) = self else {
            return None;
        };
        let title = service::title(&connection.client, asset);
        context.stop.run_until(title).await?
    }
}

/// Reports sessions and records that could not be read, and returns the exit code.
pub(crate) fn report_unreadable(unreadable: u64) -> Exit {
    if unreadable == 0 {
        return Exit::Done;
    }
    let noun = (
        "session whose events could not be read",
        "sessions whose events could not be read",
    );
    let unreadable = crate::progress::count(unreadable, noun);
    Failure::new(
        Exit::Skipped,
        format!("the answer is complete except for {unreadable}"),
    )
    .with_hint("they are counted as sessions, and not as plays")
    .report()
}
