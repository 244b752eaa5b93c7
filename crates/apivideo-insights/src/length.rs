use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::micros::{self, SECOND};
use crate::playback::Playback;

/// The number of ends that have to agree.
const AGREEING_ENDS: u64 = 3;

/// The length of a video and where it comes from.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct MediaLength {
    /// The length in seconds.
    pub seconds: f64,
    /// Where the length comes from.
    pub source: LengthSource,
}

/// Where a [`MediaLength`] comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LengthSource {
    /// It was given.
    Known,
    /// Inferred: three or more `end` events agree on it within a second.
    Ends,
    /// Inferred: the furthest position in any event. The video can be longer.
    FurthestPosition,
}

impl LengthSource {
    /// Returns the name, such as `furthest_position`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Known => "known",
            Self::Ends => "ends",
            Self::FurthestPosition => "furthest_position",
        }
    }

    /// Returns whether the length is inferred.
    #[must_use]
    pub const fn is_inferred(self) -> bool {
        !matches!(self, Self::Known)
    }
}

/// What the events of a video show of its length. The service does not report lengths.
///
/// Evidence merges in any order to the same result. Memory: one entry for each distinct whole second at which playback ended.
///
/// ```
/// use apivideo_insights::{Event, EventKind, LengthEvidence, LengthSource, Playback, SessionFacts};
///
/// let end = Event { at: Some(60.0), ..Event::new(EventKind::End) };
/// let playback = Playback::new(&SessionFacts::new("ps1"), &[end], None);
/// let mut evidence = LengthEvidence::default();
/// evidence.observe(&playback);
/// assert_eq!(evidence.length().map(|length| length.source), Some(LengthSource::FurthestPosition));
/// evidence.observe(&playback);
/// evidence.observe(&playback);
/// assert_eq!(evidence.length().map(|length| length.source), Some(LengthSource::Ends));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LengthEvidence {
    /// For each whole second: the number of ends in it, and the furthest of them.
    ends: BTreeMap<i64, (u64, i64)>,
    furthest: Option<i64>,
}

impl LengthEvidence {
    /// Adds what a session shows.
    pub fn observe(&mut self, playback: &Playback) {
        for &end in &playback.end_positions {
            self.add_end(end, 1);
        }
        self.furthest = self.furthest.max(playback.furthest_seen);
    }

    /// Adds other evidence of the same video.
    pub fn merge(&mut self, other: &Self) {
        for &(count, furthest) in other.ends.values() {
            self.add_end(furthest, count);
        }
        self.furthest = self.furthest.max(other.furthest);
    }

    /// Returns the inferred length: the furthest position on which three ends agree within a second, else the furthest
    /// position of any event; `None` without positions.
    #[must_use]
    pub fn length(&self) -> Option<MediaLength> {
        let agreed = self.ends.iter().rev().find(|&(&second, &(count, _))| {
            let before = self.ends.get(&(second - 1)).map_or(0, |&(count, _)| count);
            count + before >= AGREEING_ENDS
        });
        let (micros, source) = match agreed {
            Some((_, &(_, furthest))) => (furthest, LengthSource::Ends),
            None => (self.furthest?, LengthSource::FurthestPosition),
        };
        (micros > 0).then(|| MediaLength {
            seconds: micros::to_seconds(micros),
            source,
        })
    }

    fn add_end(&mut self, end: i64, count: u64) {
        let entry = self.ends.entry(end.div_euclid(SECOND)).or_default();
        entry.0 += count;
        entry.1 = entry.1.max(end);
    }
}
