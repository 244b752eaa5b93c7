//! The stream of one asset, and the items that come of it.

use std::sync::Arc;

use futures_core::Stream;
use serde::{Deserialize, Serialize};

use crate::cursor::Cursor;
use crate::error::Result;
use crate::id::AssetId;
use crate::model::Session;
use crate::progress::Progress;
use crate::stream::items::ItemStream;
use crate::stream::with_events::{SessionEvents, SessionEventsStream};
use crate::transport::Transport;

/// An item, and the asset that it is of. As JSON it is the item with the asset's id before.
///
/// ```
/// use apivideo::{AssetId, OfAsset, Session};
///
/// let text = r#"{"videoId":"vi1","session":{"sessionId":"ps1"}}"#;
/// let session: OfAsset<Session> = serde_json::from_str(text)?;
/// assert_eq!(session.asset, AssetId::Video("vi1".parse()?));
/// assert_eq!(serde_json::to_string(&session)?, text);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct OfAsset<T> {
    /// The video or live stream.
    #[serde(flatten)]
    pub asset: AssetId,
    /// The item.
    #[serde(flatten)]
    pub item: T,
}

/// The stream of one asset.
pub(crate) trait Part<T>: Stream<Item = Result<T>> + Send + Unpin {
    /// Where it stands.
    fn stands(&self) -> Cursor;
    /// How far it has come, but for what its requests count.
    fn come(&self) -> &Progress;
}

impl Part<Session> for ItemStream<Session> {
    fn stands(&self) -> Cursor {
        self.cursor()
    }

    fn come(&self) -> &Progress {
        self.told()
    }
}

impl Part<SessionEvents> for SessionEventsStream {
    fn stands(&self) -> Cursor {
        self.cursor()
    }

    fn come(&self) -> &Progress {
        self.told()
    }
}

/// Opens the stream of one asset, from where one stood.
pub(crate) type Open<T> =
    Arc<dyn Fn(&Transport, &AssetId, Option<&Cursor>) -> Result<Box<dyn Part<T>>> + Send + Sync>;
