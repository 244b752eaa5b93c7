//! The explanation of one session.

use apivideo::{AssetId, LiveStreamId, SessionId, Timestamp, VideoId};
use apivideo_insights::{Asset, AssetKind, Explanation, MediaLength, Playback};

use super::{LakeReader, without_events};
use crate::date_range::DateRange;
use crate::derive::DaySource;
use crate::error::Result;
use crate::format::Format;
use crate::manifest::DayManifest;
use crate::partition::Partition;
use crate::table::Table;
use crate::verify;

/// A session of a lake, and how its events became played intervals; see [`LakeReader::explain`].
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ExplainedSession {
    /// The video or live stream.
    pub asset: Option<AssetId>,
    /// When the page with the player was loaded.
    pub loaded_at: Option<Timestamp>,
    /// When the player was last seen.
    pub ended_at: Option<Timestamp>,
    /// The inferred length of the video, to which estimates are limited; `None` if a length was given, or none is known.
    pub inferred_length: Option<MediaLength>,
    /// Whether the events could not be read when the session was pulled, or were not requested because it is not in the
    /// [sample](crate::Pull::with_sample) of the lake.
    pub is_unreadable: bool,
    /// The explanation. Its playback is that of the derived tables; estimates in its steps are not limited to an inferred length.
    pub explanation: Explanation,
}

impl LakeReader {
    /// Finds a session and explains what it played; `None` if the lake does not have it in the chosen period. It reads the files
    /// of sessions and events, and not the derived tables.
    ///
    /// `length_seconds` is the known length of a video, as for [`Playback::explain`].
    ///
    /// ```
    /// # fn example() -> apivideo_lake::Result<()> {
    /// let session = "psEmFwGQUAXR2lFHj5nDOpy".parse().expect("a session");
    /// if let Some(session) = apivideo_lake::LakeReader::new("statistics").explain(&session, None)? {
    ///     println!("{}", session.explanation);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Returns an error if the folder is not a lake, it has no events, another process writes to it, or a file cannot be read.
    pub fn explain(
        &self,
        session: &SessionId,
        length_seconds: Option<f64>,
    ) -> Result<Option<ExplainedSession>> {
        let folder = self.folder()?;
        let lake = verify::load(folder)?;
        let _lock = folder.lock_shared()?;
        if !lake.settings.events {
            return Err(without_events(folder));
        }
        let format = lake.settings.format;
        let period = self.period.map(DateRange::from);
        for partition in folder.days()? {
            let is_chosen = match (period, partition) {
                (None, _) => true,
                (Some(period), Partition::Day(day)) => period.contains(day),
                (Some(_), Partition::Unknown) => false,
            };
            let Some(day) = DayManifest::load(folder, partition)?.filter(|_| is_chosen) else {
                continue;
            };
            if !self.has_session(&day, format, session.as_str())? {
                continue;
            }
            let mut explained = None;
            DaySource::open(folder, format, &day)?.for_each(|found| {
                if found.facts.id == session.as_str() && explained.is_none() {
                    let facts = &found.facts;
                    explained = Some(ExplainedSession {
                        asset: facts.asset.and_then(asset_id),
                        loaded_at: facts.loaded_at,
                        ended_at: facts.ended_at,
                        inferred_length: None,
                        is_unreadable: day.without_events.contains(facts.id)
                            || !lake.settings.scope.includes(facts.id),
                        explanation: Playback::explain(facts, found.events, length_seconds),
                    });
                }
                Ok(())
            })?;
            if let Some(explained) = &mut explained
                && length_seconds.is_none()
            {
                self.limit(explained, format)?;
            }
            return Ok(explained);
        }
        Ok(None)
    }

    /// Limits estimates to the inferred length, as derived tables do.
    fn limit(&self, session: &mut ExplainedSession, format: Format) -> Result<()> {
        let Some(AssetId::Video(id)) = &session.asset else {
            return Ok(());
        };
        session.inferred_length = self.lengths(format)?.get(id.as_str()).copied();
        if let Some(length) = session.inferred_length {
            session.explanation.playback.limit_estimates(length.seconds);
        }
        Ok(())
    }

    fn has_session(&self, day: &DayManifest, format: Format, session: &str) -> Result<bool> {
        let Some(entry) = day.file(Table::Sessions) else {
            return Ok(false);
        };
        let columns = ["session_id"];
        for batch in
            self.folder()?
                .pulled_columns(format, Table::Sessions, &entry.path, &columns)?
        {
            let batch = batch?;
            if (0..batch.rows()).any(|row| batch.string(0, row) == Some(session)) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

fn asset_id(asset: Asset<'_>) -> Option<AssetId> {
    match asset.kind {
        AssetKind::Video => Some(VideoId::new(asset.id).ok()?.into()),
        AssetKind::LiveStream => Some(LiveStreamId::new(asset.id).ok()?.into()),
    }
}
