use apivideo_insights::{Audience, Dimension};

/// The values of a dimension that are kept apart: more than a page lists, so that pages can be grouped by host.
const ROWS: usize = 400;

/// Sets what a report needs: the breakdowns by country, type of device, referrer and day, and the changes of the number of
/// concurrent viewers in the day of the peak.
///
/// Other breakdowns, such as by `metadata.plan`, are shown too. As all settings, this removes sessions that were added before.
///
/// ```
/// use apivideo_insights::{Audience, Dimension};
///
/// let audience = apivideo_report::audience_options(Audience::new());
/// let audience = audience.by("metadata.plan".parse()?);
/// assert_eq!(audience.finish().breakdowns.len(), 6);
/// # Ok::<(), apivideo_insights::InvalidDimension>(())
/// ```
#[must_use]
pub fn audience_options(audience: Audience) -> Audience {
    audience
        .by(Dimension::Country)
        .by(Dimension::DeviceType)
        .by(Dimension::ReferrerHost)
        .by(Dimension::ReferrerPage)
        .by(Dimension::Day)
        .with_steps()
        .top(ROWS)
}
