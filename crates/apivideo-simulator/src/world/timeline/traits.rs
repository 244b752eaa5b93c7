//! The peculiarities of real viewers and players, and how frequent they are.
//!
//! The constants are probabilities in 1/10,000. The comments state the share of sessions that results, where it is known of
//! real sessions.

use crate::rng::Rng;
use crate::time::{MINUTE, SECOND};

/// Per session: the player sends no event. 2.6 % of real sessions.
const NO_EVENTS: u64 = 260;
/// Per session: an event is received after the next one. 0.15 % of real sessions; not every session has two events that are
/// far enough apart.
const OUT_OF_ORDER: u64 = 27;
/// Per session: the clock of the viewer is wrong by 10 s to 10 min.
const CLOCK_SKEW: u64 = 20;
/// Per session of a video: the playback speed in percent.
const SPEEDS: [(u64, i64); 3] = [(600, 125), (400, 150), (200, 200)];

/// Per load that plays: `play` is called before the metadata is loaded, and sent before `ready`.
pub(super) const PLAY_BEFORE_READY: u64 = 150;
/// Per load that plays: playback starts with `resume`.
pub(super) const RESUME_WITHOUT_PLAY: u64 = 100;
/// Per departure during playback: the page disappears without an event. 2.5 % of real sessions that play.
pub(super) const NO_CLOSING_EVENT: u64 = 350;
/// Per step of playback: `play` or `resume` is sent again. 21 % of real sessions.
pub(super) const DUPLICATE_START: u64 = 660;
/// Of the duplicates: in the same instant as the start.
pub(super) const DUPLICATE_AT_ONCE: u64 = 2_500;
/// Of the duplicates: `play` instead of `resume`.
pub(super) const DUPLICATE_PLAY: u64 = 2_000;
/// Per seek: `resume` is sent before the target is reached. 12 % of real sessions.
pub(super) const EARLY_RESUME: u64 = 1_150;
/// Per seek during playback: the player reports the target as the origin too.
pub(super) const SEEK_WITHOUT_ORIGIN: u64 = 400;
/// Per step of playback: playback stalls.
pub(super) const STALL: u64 = 300;

/// The duration of a stall.
pub(super) const STALL_MS: (i64, i64) = (500, 8 * SECOND);
/// The maximum that a viewer who leaves watches after the last step.
pub(super) const LAST_STEP_MS: i64 = 25 * SECOND;
/// The time from a `resume` until the target of the seek is reached.
pub(super) const SEEK_MS: (i64, i64) = (50, 600);
/// The time from `play` to `ready` if the metadata was not loaded.
pub(super) const METADATA_MS: i64 = 70;
/// The maximum time between two events that are received in the wrong order.
pub(super) const MAX_DELAY: i64 = 30 * SECOND;

/// What is special about a whole session.
#[derive(Clone, Copy, Debug)]
pub(super) struct Traits {
    pub(super) has_events: bool,
    pub(super) is_out_of_order: bool,
    pub(super) skew_ms: i64,
    pub(super) speed_percent: i64,
}

impl Traits {
    /// A regular session has no peculiarities, and a live stream is played at normal speed.
    pub(super) fn generate(rng: &mut Rng, is_regular: bool, is_live: bool) -> Self {
        let mut traits = Self {
            has_events: true,
            is_out_of_order: false,
            skew_ms: 0,
            speed_percent: 100,
        };
        if is_regular {
            return traits;
        }
        traits.has_events = !rng.per_ten_thousand(NO_EVENTS);
        traits.is_out_of_order = rng.per_ten_thousand(OUT_OF_ORDER);
        if rng.per_ten_thousand(CLOCK_SKEW) {
            let skew_ms = rng.between(10 * SECOND, 10 * MINUTE);
            traits.skew_ms = *rng.choose(&[skew_ms, -skew_ms]);
        }
        if !is_live {
            let mut number = rng.below(10_000);
            for (share, speed_percent) in SPEEDS {
                if number < share {
                    traits.speed_percent = speed_percent;
                    break;
                }
                number -= share;
            }
        }
        traits
    }
}
