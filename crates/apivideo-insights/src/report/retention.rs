use serde::{Serialize, Serializer};

/// Retention and drop-off of one video or live stream: measures 9, 9b, 9c and 10.
///
/// Evaluated at the midpoints of bins: of 1 s up to a length of an hour, else of a width that results in 100 to 1,000 bins.
/// For a live stream, positions are wall-clock time since the first playback in scope.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Retention {
    /// The width of a bin, in seconds. The last bin ends at the length.
    pub bin_seconds: f64,
    /// The length of the video, or the time from the first to the last playback of a live stream, in seconds.
    pub length_seconds: f64,
    /// The number of plays, by which counts are divided.
    pub plays: u64,
    /// Measure 9, as counts: the number of intervals that contain each midpoint. Divided by plays: r(t), which can exceed 1.
    ///
    /// Source: YouTube `audienceWatchRatio`. Test: `two_viewings_that_meet_in_a_bin_count_once`.
    pub views: Vec<u32>,
    /// Measure 9b, as counts: the number of sessions that played each midpoint. Divided by plays: u(t), from 0 to 1.
    ///
    /// Source: Wistia, Gcore.
    /// Test: `viostream_engagement_of_a_video_watched_one_and_a_half_times_is_150`.
    pub viewers: Vec<u32>,
    /// Measure 10: where sessions left, by bin; bins without exits are left out. Empty for live streams.
    ///
    /// The exit is m1 of the last interval. Source: YouTube key moments.
    /// Test: `exits_have_a_hazard_and_steep_falls_are_found`.
    pub exits: Vec<Exit>,
    /// The steepest falls, steepest first, at most five that do not overlap. None below 30 s of length or 20 plays.
    pub drops: Vec<DropOff>,
}

impl Retention {
    /// Returns the bins with ratios.
    ///
    /// Ratios are `None` without plays.
    pub fn bins(&self) -> impl Iterator<Item = RetentionBin> + '_ {
        let ratio = |count: u32| (self.plays > 0).then(|| f64::from(count) / self.plays as f64);
        let counts = self.views.iter().zip(&self.viewers).enumerate();
        counts.map(move |(index, (&views, &viewers))| {
            let from_seconds = index as f64 * self.bin_seconds;
            RetentionBin {
                from_seconds,
                to_seconds: (from_seconds + self.bin_seconds).min(self.length_seconds),
                absolute: ratio(views),
                unique: ratio(viewers),
                unique_lower: wilson(viewers, self.plays).map(|(lower, _)| lower),
                unique_upper: wilson(viewers, self.plays).map(|(_, upper)| upper),
                rewatch: ratio(views - viewers.min(views)),
            }
        })
    }
}

/// The retention of a bin.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct RetentionBin {
    /// The start of the bin, in seconds.
    pub from_seconds: f64,
    /// The end of the bin, in seconds.
    pub to_seconds: f64,
    /// Views of the midpoint ÷ plays; can exceed 1.
    pub absolute: Option<f64>,
    /// Sessions that played the midpoint ÷ plays, from 0 to 1.
    pub unique: Option<f64>,
    /// The lower limit of the 95 % confidence interval of `unique`, by the Wilson score.
    ///
    /// It is the uncertainty of a small number of plays, not that of estimated intervals.
    /// Test: `ratios_have_wilson_intervals`.
    pub unique_lower: Option<f64>,
    /// The upper limit of the 95 % confidence interval of `unique`.
    pub unique_upper: Option<f64>,
    /// `absolute` − `unique`.
    pub rewatch: Option<f64>,
}

/// The sessions that left in a bin.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Exit {
    /// The start of the bin, in seconds.
    pub from_seconds: f64,
    /// The end of the bin, in seconds. An exit at this position belongs to the bin.
    pub to_seconds: f64,
    /// The number of sessions whose last interval ends in the bin.
    pub exits: u64,
    /// The number of sessions that played beyond the start of the bin.
    pub reached: u64,
    /// `exits` ÷ `reached`, from 0 to 1.
    pub hazard: f64,
}

/// A steep fall of the unique retention.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct DropOff {
    /// The start of the fall, in seconds.
    pub from_seconds: f64,
    /// The end of the fall, in seconds.
    pub to_seconds: f64,
    /// The fall, in percentage points of plays.
    #[serde(serialize_with = "rounded")]
    pub points: f64,
}

/// Writes a number without the noise of its last bits.
fn rounded<S: Serializer>(value: &f64, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64((value * 1e6).round() / 1e6)
}

/// Returns the 95 % confidence interval of a ratio of counts, by the score of Wilson (1927).
fn wilson(count: u32, plays: u64) -> Option<(f64, f64)> {
    /// The 97.5th percentile of the normal distribution.
    const Z: f64 = 1.959_963_984_540_054;
    if plays == 0 {
        return None;
    }
    let plays = plays as f64;
    let ratio = (f64::from(count) / plays).min(1.0);
    let scale = 1.0 + Z * Z / plays;
    let center = ratio + Z * Z / (2.0 * plays);
    let margin = Z * (ratio * (1.0 - ratio) / plays + Z * Z / (4.0 * plays * plays)).sqrt();
    // Rounding must not move a limit beyond the ratio.
    let lower = ((center - margin) / scale).clamp(0.0, ratio);
    let upper = ((center + margin) / scale).clamp(ratio, 1.0);
    Some((lower, upper))
}
