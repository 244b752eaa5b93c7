//! The retention curve of a video.

use apivideo_insights::{Audience, DropOff, LengthSource, RetentionBin};
use serde::Serialize;

use crate::commands::questions::Asked;
use crate::commands::questions::figures::position;
use crate::context::Context;
use crate::failure::Failure;

/// The retention curve of a video.
#[derive(Debug, Serialize)]
pub(super) struct Curve {
    /// What the curve is of, such as `video/ID` or `metadata.plan=pro`.
    pub(super) name: String,
    pub(super) plays: u64,
    pub(super) length_seconds: f64,
    pub(super) length_source: LengthSource,
    pub(super) bin_seconds: f64,
    pub(super) bins: Vec<RetentionBin>,
    pub(super) drops: Vec<DropOff>,
    #[serde(skip)]
    pub(super) unreadable: u64,
}

/// Reads a curve: `None` if the command was interrupted, and `Some(None)` without a play.
pub(super) async fn read(
    context: &Context<'_>,
    asked: &Asked<'_>,
    settings: Audience,
    name: String,
) -> Result<Option<Option<Curve>>, Failure> {
    let Some(audience) = asked.read(context, settings).await? else {
        return Ok(None);
    };
    let measures = audience.finish().measures;
    if measures.plays == 0 {
        return Ok(Some(None));
    }
    let (Some(length), Some(retention)) = (measures.length, measures.retention) else {
        return Err(Failure::usage(format!(
            "the length of {name} is not known: no event of the period has a position"
        ))
        .with_hint("set the length of the video with --length SECONDS"));
    };
    Ok(Some(Some(Curve {
        name,
        plays: retention.plays,
        length_seconds: retention.length_seconds,
        length_source: length.source,
        bin_seconds: retention.bin_seconds,
        bins: retention.bins().collect(),
        drops: retention.drops,
        unreadable: measures.quality.sessions_unreadable,
    })))
}

/// Describes the length and where it comes from.
pub(super) fn length(curve: &Curve) -> String {
    let seconds = position(curve.length_seconds);
    match curve.length_source {
        LengthSource::Known => format!("{seconds} long"),
        LengthSource::Ends => format!("{seconds} long, inferred from the ends of playback"),
        _ => format!("at least {seconds} long: the furthest position that was played"),
    }
}

/// Returns the bins of a column, at least one.
pub(super) fn bins_of(bins: &[RetentionBin], column: usize, width: usize) -> &[RetentionBin] {
    let start = column * bins.len() / width;
    let end = ((column + 1) * bins.len() / width).max(start + 1);
    &bins[start.min(bins.len())..end.min(bins.len())]
}
