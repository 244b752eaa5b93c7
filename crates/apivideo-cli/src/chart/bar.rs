//! Bars and sparklines.

use super::theme::{Ink, Theme};

const PARTS: [char; 8] = [' ', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/// Returns a bar of a share from 0 to 1 in a width. A share above zero is at least visible.
pub(crate) fn bar(theme: Theme, share: f64, width: usize) -> String {
    let share = if share.is_finite() {
        share.clamp(0.0, 1.0)
    } else {
        0.0
    };
    let units = theme.either(8, 1);
    let mut filled = (share * (width * units) as f64).round() as usize;
    if share > 0.0 && width > 0 {
        filled = filled.max(1);
    }
    let mut text = theme.either("█", "#").repeat(filled / units);
    if let Some(part) = PARTS.get(filled % units).filter(|part| **part != ' ') {
        text.push(*part);
    }
    theme.paint(Ink::First, &text)
}

/// Returns a character for each value, from the lowest at zero to the highest at `max`.
pub(crate) fn sparkline(theme: Theme, values: &[f64], max: f64) -> String {
    let levels: &[char] = theme.either(
        &['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'],
        &['_', '.', '-', '=', '+', '*', '%', '#'],
    );
    let top = levels.len() - 1;
    let level = |value: &f64| {
        let share = if max > 0.0 {
            (value / max).clamp(0.0, 1.0)
        } else {
            0.0
        };
        levels[((share * top as f64).round() as usize).min(top)]
    };
    let text: String = values.iter().map(level).collect();
    theme.paint(Ink::First, &text)
}
