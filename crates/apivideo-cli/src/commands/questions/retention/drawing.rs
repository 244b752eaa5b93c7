//! The page of a retention curve.

use apivideo_insights::RetentionBin;

use super::curve::{Curve, bins_of, length};
use crate::chart::{Area, Axis, Column, position_ticks};
use crate::commands::questions::figures::{number, position, share};
use crate::commands::questions::page::Page;
use crate::commands::questions::quality::FEW_PLAYS;

/// The number of falls that are named.
const MAX_DROPS: usize = 3;

/// Adds the curve, and where it falls most.
pub(super) fn write(page: &mut Page, curve: &Curve) {
    let theme = page.theme();
    page.line(&format!(
        "{} plays; the video is {}",
        number(curve.plays),
        length(curve)
    ));
    page.blank();
    let mut axis = Axis {
        labels: ["100 %", "50 %", "0"].map(str::to_owned),
        ticks: Vec::new(),
    };
    let width = axis.plot_width(theme);
    axis.ticks = position_ticks(curve.length_seconds, width, position);
    let columns = columns(&curve.bins, width);
    // Repeats can exceed the plays.
    let most = columns.iter().map(|column| column.total);
    let max = (most.fold(1.0, f64::max) * 2.0 - 0.1).ceil() / 2.0;
    axis.labels = [share(max), share(max / 2.0), "0".to_owned()];
    let drops = &curve.drops[..curve.drops.len().min(MAX_DROPS)];
    let marks: Vec<(f64, char)> = drops
        .iter()
        .zip('1'..)
        .map(|(drop, mark)| (drop.from_seconds / curve.length_seconds, mark))
        .collect();
    let height = if theme.width < 60 { 8 } else { 10 };
    let area = Area {
        columns: &columns,
        height,
        max,
        axis: &axis,
        marks: &marks,
    };
    page.push(&area.render(theme));
    let (watched, again) = theme.either(("█", "░"), ("#", "+"));
    page.dim(&format!(
        "{watched} plays that watched this second   {again} watched again"
    ));
    page.blank();
    if curve.plays < FEW_PLAYS {
        page.line(&format!(
            "Fewer than {FEW_PLAYS} plays: where viewers left is not named."
        ));
    } else if drops.is_empty() {
        page.line("The curve has no steep fall.");
    } else {
        page.heading("Where most viewers left");
        for (drop, mark) in drops.iter().zip('1'..) {
            page.line(&format!(
                "{mark}  {} to {}  −{:.0} points, {}",
                position(drop.from_seconds),
                position(drop.to_seconds),
                drop.points,
                match (at(curve, drop.from_seconds), at(curve, drop.to_seconds)) {
                    (Some(from), Some(to)) =>
                        format!("from {} to {} of the plays", share(from), share(to)),
                    _ => "of the plays".to_owned(),
                }
            ));
        }
    }
}

/// Returns the share of the plays at a position.
fn at(curve: &Curve, seconds: f64) -> Option<f64> {
    let index = (seconds / curve.bin_seconds) as usize;
    let last = curve.bins.len().checked_sub(1)?;
    curve.bins.get(index.min(last))?.unique
}

/// Returns the mean of the bins of each column.
fn columns(bins: &[RetentionBin], width: usize) -> Vec<Column> {
    (0..width)
        .map(|column| {
            let bins = bins_of(bins, column, width);
            let mean = |value: fn(&RetentionBin) -> Option<f64>| {
                let values: Vec<f64> = bins.iter().filter_map(value).collect();
                values.iter().sum::<f64>() / values.len().max(1) as f64
            };
            Column {
                first: mean(|bin| bin.unique),
                total: mean(|bin| bin.absolute),
            }
        })
        .collect()
}
