//! The hour of the week of an instant in a time zone.

use jiff::tz::TimeZone;

use crate::micros::{self, DAY, HOUR, MINUTE};

/// Hours of the week in a time zone.
///
/// Offsets of time zones are multiples of 15 min, so the hour is constant within a quarter of an hour of UTC. That of the last
/// quarter is kept, because playback at one time is usually added together.
#[derive(Clone, Debug)]
pub(crate) struct LocalHours {
    zone: TimeZone,
    is_utc: bool,
    last: Option<(i64, usize)>,
}

impl LocalHours {
    /// The time during which the hour does not change.
    pub(crate) const STEP: i64 = 15 * MINUTE;

    pub(crate) fn new(zone: TimeZone) -> Self {
        Self {
            is_utc: zone == TimeZone::UTC,
            zone,
            last: None,
        }
    }

    /// Returns the hour of the week, from 0 for Monday at midnight to 167.
    pub(crate) fn slot(&mut self, at: i64) -> usize {
        let quarter = at.div_euclid(Self::STEP);
        match self.last {
            Some((last, slot)) if last == quarter => slot,
            _ => {
                let slot = self.find(quarter * Self::STEP);
                self.last = Some((quarter, slot));
                slot
            }
        }
    }

    fn find(&self, at: i64) -> usize {
        let offset = match self.is_utc {
            true => 0,
            false => self.zone.to_offset(micros::to_timestamp(at)).seconds(),
        };
        let local = at + i64::from(offset) * micros::SECOND;
        // The Unix epoch was a Thursday.
        let weekday = (local.div_euclid(DAY) + 3).rem_euclid(7);
        let hour = local.rem_euclid(DAY) / HOUR;
        (weekday * 24 + hour) as usize
    }
}
