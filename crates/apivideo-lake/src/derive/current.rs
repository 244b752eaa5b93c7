//! Reading a day step by step, to inspect it or to write its derived files.

use std::collections::BTreeMap;

use apivideo_insights::Playback;

use super::Derivation;
use super::manifest::VideoOfDay;
use super::output::Output;
use super::source::DaySource;
use crate::asset_id;
use crate::error::Result;
use crate::manifest::DayManifest;

/// The number of sessions that a step reads.
const SESSIONS_AT_A_TIME: usize = 1_024;

/// A day that is being read.
pub(super) struct Current {
    manifest: DayManifest,
    source: DaySource,
    videos: BTreeMap<String, VideoOfDay>,
    /// The files that are written; `None` if the day is only inspected.
    output: Option<Output>,
}

impl Derivation {
    /// Opens the files of a day, to inspect it or to write its derived files.
    pub(super) fn open(
        &mut self,
        manifest: DayManifest,
        videos: BTreeMap<String, VideoOfDay>,
        is_written: bool,
    ) -> Result<()> {
        let day = manifest.date;
        let is_intact = match is_written {
            true => Ok(()),
            false => self.check_inputs(&manifest),
        };
        let source = is_intact.and_then(|()| DaySource::open(&self.folder, self.format, &manifest));
        match source {
            Ok(source) => {
                self.current = Some(Current {
                    output: is_written.then(|| {
                        Output::new(&self.folder, self.format, self.names, self.scope, day)
                    }),
                    manifest,
                    source,
                    videos,
                });
                Ok(())
            }
            Err(error) => self.skip(day, error),
        }
    }

    /// Reads the next sessions of the current day.
    pub(super) fn continue_day(&mut self, mut current: Current) -> Result<()> {
        let day = current.manifest.date;
        let has_more = match &mut current.output {
            Some(output) => self.write_next(&mut current.source, output),
            None => Self::inspect_next(&mut current.source, &mut current.videos),
        };
        match has_more {
            Ok(true) => self.current = Some(current),
            Ok(false) => match current.output {
                Some(output) => match output.finish() {
                    Ok(files) => self.replace_day(&current.manifest, current.videos, files)?,
                    Err(error) => self.skip(day, error)?,
                },
                None => {
                    self.add_evidence(&current.videos);
                    self.stale.insert(day, current.videos);
                }
            },
            Err(error) => self.skip(day, error)?,
        }
        Ok(())
    }

    fn inspect_next(
        source: &mut DaySource,
        videos: &mut BTreeMap<String, VideoOfDay>,
    ) -> Result<bool> {
        source.visit_next(SESSIONS_AT_A_TIME, |session| {
            if session.asset_kind == asset_id::VIDEO
                && let Some(asset) = session.facts.asset
            {
                let playback = Playback::new(&session.facts, session.events, None);
                match videos.get_mut(asset.id) {
                    Some(video) => video.observe(&playback),
                    None => videos
                        .entry(asset.id.to_owned())
                        .or_default()
                        .observe(&playback),
                }
            }
            Ok(())
        })
    }

    fn write_next(&self, source: &mut DaySource, output: &mut Output) -> Result<bool> {
        source.visit_next(SESSIONS_AT_A_TIME, |session| {
            // What sessions outside of the sample played is not known.
            if !self.scope.includes(session.facts.id) {
                return Ok(());
            }
            let mut playback = Playback::new(&session.facts, session.events, None);
            if let Some(asset) = session.facts.asset
                && session.asset_kind == asset_id::VIDEO
                && let Some(length) = self.length(asset.id)
            {
                playback.limit_estimates(length);
            }
            output.push(&session, &playback, &self.viewer_key)
        })
    }
}
