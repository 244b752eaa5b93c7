//! Shares of plays by position: what the charts of retention have in common.

use apivideo_insights::Retention;

use crate::axis;
use crate::format::Clock;
use crate::html::Html;
use crate::svg::{self, Anchor};

/// More bins than this are averaged in groups: a chart is less than 900 pixels wide.
const MAX_BINS: usize = 600;

/// The share of plays that played each position. Equally wide bins.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Curve {
    /// With repeats.
    pub(crate) all: Vec<f64>,
    /// Each play once.
    pub(crate) unique: Vec<f64>,
    /// The length of a bin, in seconds.
    pub(crate) seconds: f64,
}

impl Curve {
    /// Returns `None` without plays or bins.
    pub(crate) fn new(retention: &Retention) -> Option<Self> {
        let count = retention.viewers.len().min(retention.views.len());
        if retention.plays == 0 || count == 0 {
            return None;
        }
        let group = count.div_ceil(MAX_BINS);
        let thin = |counts: &[u32]| -> Vec<f64> {
            let groups = counts.chunks(group).map(|bins| {
                let sum: f64 = bins.iter().copied().map(f64::from).sum();
                sum / bins.len() as f64 / retention.plays as f64
            });
            groups.collect()
        };
        Some(Self {
            all: thin(&retention.views),
            unique: thin(&retention.viewers),
            seconds: retention.bin_seconds * group as f64,
        })
    }

    pub(crate) fn len(&self) -> usize {
        self.unique.len()
    }

    /// Returns the number of bins in a length, the last of which can be a part of one.
    pub(crate) fn width(&self, length: f64) -> f64 {
        let bins = self.len() as f64;
        (length / self.seconds).clamp((bins - 1.0).max(0.1), bins)
    }

    /// Returns the bin at a part of the length, from 0 to 1.
    pub(crate) fn at(&self, part: f64) -> usize {
        ((self.len() as f64 * part) as usize).min(self.len() - 1)
    }

    /// Returns the bin of a position in seconds.
    pub(crate) fn bin(&self, seconds: f64) -> usize {
        ((seconds / self.seconds) as usize).min(self.len() - 1)
    }

    /// Returns the share of repeats in each bin.
    pub(crate) fn repeats(&self) -> Vec<f64> {
        let pairs = self.all.iter().zip(&self.unique);
        pairs.map(|(all, unique)| (all - unique).max(0.0)).collect()
    }
}

pub(crate) fn highest(values: &[f64]) -> f64 {
    values.iter().copied().fold(0.0, f64::max)
}

/// Returns the mean of values, or zero.
pub(crate) fn mean(values: &[f64]) -> f64 {
    match values.len() {
        0 => 0.0,
        count => values.iter().sum::<f64>() / count as f64,
    }
}

/// Returns the axis of positions below a chart.
pub(crate) fn position_axis(length: f64, height: f64, clock: Clock) -> Html {
    let mut body = svg::across(height, "ax");
    let ticks = axis::time_ticks(length)
        .into_iter()
        .filter(|tick| *tick < length * 0.94);
    for (index, tick) in ticks.enumerate() {
        let x = tick / length * 100.0;
        let label = clock.format(tick);
        // On a phone, a label with hours reaches further towards that of the end.
        let is_near_end = tick > length * if label.len() > 5 { 0.76 } else { 0.84 };
        let class = if index % 2 == 1 || is_near_end {
            "w"
        } else {
            ""
        };
        let anchor = if index == 0 {
            Anchor::Start
        } else {
            Anchor::Middle
        };
        body.push(svg::upright(x, height, height + 5.0, "ax"));
        body.push(svg::text(x, height + 19.0, &label, class, anchor));
    }
    body.push(svg::upright(100.0, height, height + 5.0, "ax"));
    body.push(svg::text(
        100.0,
        height + 19.0,
        &clock.format(length),
        "",
        Anchor::End,
    ));
    body
}
