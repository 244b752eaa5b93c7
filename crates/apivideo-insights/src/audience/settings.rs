//! Settings of an audience.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::accumulate::Audience;
use super::dimension::Dimension;
use super::filter::Filter;
use super::options::{MidnightRule, Options};
use crate::length::{LengthSource, MediaLength};
use crate::session::Asset;

/// Settings. They apply to the sessions that are added later, so set them first: each setting removes the sessions that were
/// added before it.
impl Audience {
    /// Adds a breakdown: all measures for each value of a dimension.
    ///
    /// `by(Dimension::Asset)` computes all measures of all videos.
    #[must_use]
    pub fn by(self, dimension: Dimension) -> Self {
        self.set(|options| {
            if !options.breakdowns.contains(&dimension) {
                options.breakdowns.push(dimension);
            }
        })
    }

    /// Leaves out the sessions that fulfil a condition, such as those of staff or bots.
    #[must_use]
    pub fn exclude(self, filter: Filter) -> Self {
        self.set(|options| options.excluded.push(filter))
    }

    /// Leaves out the sessions that do not fulfil a condition. Several conditions have to be fulfilled together.
    #[must_use]
    pub fn only(self, filter: Filter) -> Self {
        self.set(|options| options.only.push(filter))
    }

    /// Sets the dimension that identifies viewers. Defaults to `metadata.userId`.
    #[must_use]
    pub fn viewer_key(self, key: Dimension) -> Self {
        self.set(|options| {
            options.viewer_key = key;
            options.has_viewer_key = true;
        })
    }

    /// Sets the dimension that identifies viewers if [`viewer_key`](Self::viewer_key) did not set one, such as that of a lake.
    ///
    /// ```
    /// use apivideo_insights::{Audience, Dimension};
    ///
    /// let key: Dimension = "metadata.customer".parse()?;
    /// let report = Audience::new().viewer_key(key).viewer_key_or("metadata.userId".parse()?).finish();
    /// assert_eq!(report.measures.unique_viewers.key, "metadata.customer");
    /// # Ok::<(), apivideo_insights::InvalidDimension>(())
    /// ```
    #[must_use]
    pub fn viewer_key_or(self, key: Dimension) -> Self {
        self.set(|options| {
            if !options.has_viewer_key {
                options.viewer_key = key;
            }
        })
    }

    /// Sets the length of a video, in seconds. Without it, the length is inferred from events; see
    /// [`LengthEvidence`](crate::LengthEvidence).
    ///
    /// The length of a live stream, and one that is not finite and positive, is ignored.
    #[must_use]
    pub fn with_length(self, asset: Asset<'_>, seconds: f64) -> Self {
        self.with_media_length(
            asset,
            MediaLength {
                seconds,
                source: LengthSource::Known,
            },
        )
    }

    /// Sets the length of a video, which can be inferred, such as from all days of a lake. An inferred length limits estimates
    /// only, and is reported as inferred.
    #[must_use]
    pub fn with_media_length(self, asset: Asset<'_>, length: MediaLength) -> Self {
        if !(length.seconds.is_finite() && length.seconds > 0.0) {
            return self;
        }
        self.set(|options| {
            let key = (asset.kind, asset.id.to_owned());
            options.lengths.insert(key, length);
        })
    }

    /// Sets the inferred lengths of videos, such as from all days of a lake. Lengths that were set before are kept.
    #[must_use]
    pub fn with_inferred_lengths<'a>(
        self,
        lengths: impl IntoIterator<Item = (Asset<'a>, MediaLength)>,
    ) -> Self {
        self.set(|options| {
            for (asset, length) in lengths {
                if length.seconds.is_finite() && length.seconds > 0.0 {
                    let key = (asset.kind, asset.id.to_owned());
                    options.lengths.entry(key).or_insert(length);
                }
            }
        })
    }

    /// Returns whether the sessions of each minute are reported; see [`with_minutes`](Self::with_minutes).
    #[must_use]
    pub fn has_minutes(&self) -> bool {
        self.options.has_minutes
    }

    /// Sets the time zone of the time of day, of a breakdown by [day](Dimension::Day), and of the
    /// [steps](Self::with_steps) of the peak. Defaults to UTC.
    ///
    /// The zones of jiff's database are available by name with the feature `time-zones`, which compiles it into the program.
    #[must_use]
    pub fn with_time_zone(self, zone: TimeZone) -> Self {
        self.set(|options| options.time_zone = zone)
    }

    /// Sets the number of viewers below which a value has no row of its own in breakdowns. Such values are combined to a row of
    /// other values; if that has too few viewers, too, it is left out, and the number of its values is reported. Defaults to 0.
    ///
    /// The measures of all sessions contain these values. Do not publish them beside a breakdown in which values are left out:
    /// the difference would show what is left out.
    #[must_use]
    pub fn with_min_cell(self, viewers: u64) -> Self {
        self.set(|options| options.min_cell = viewers)
    }

    /// Sets the number of values with a row of their own in breakdowns: those with most plays. The others are combined. Defaults
    /// to all.
    #[must_use]
    pub fn top(self, rows: usize) -> Self {
        self.set(|options| options.top = Some(rows))
    }

    /// Computes cohorts: how many viewers of a first week were active in later weeks.
    #[must_use]
    pub fn with_cohorts(self) -> Self {
        self.set(|options| options.has_cohorts = true)
    }

    /// Reports the sessions of each minute, in the measures of all sessions. Minutes of [sealed](Self::seal_before) days are
    /// left out.
    #[must_use]
    pub fn with_minutes(self) -> Self {
        self.set(|options| options.has_minutes = true)
    }

    /// Reports each change of the number of concurrent viewers in the day of its peak, in the measures of all sessions; see
    /// [`Concurrency::steps`](crate::Concurrency::steps). The day is that of the [time zone](Self::with_time_zone).
    ///
    /// Of [sealed](Self::seal_before) days, the changes near the peak are kept if days are added and sealed in ascending order.
    #[must_use]
    pub fn with_steps(self) -> Self {
        self.set(|options| options.has_steps = true)
    }

    /// Leaves out the sessions that started before `start`, or at or after `end`; the averages of concurrency are those of the
    /// period. `rule` decides about sessions that cross its borders. Defaults to all sessions.
    #[must_use]
    pub fn with_period(self, start: Timestamp, end: Timestamp, rule: MidnightRule) -> Self {
        self.set(|options| {
            options.period = Some((start, end));
            options.midnight_rule = rule;
        })
    }

    fn set(mut self, change: impl FnOnce(&mut Options)) -> Self {
        change(&mut self.options);
        Self::with_options(self.options)
    }
}
