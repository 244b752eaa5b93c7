//! Axes: labels on the left, and ticks with labels below.

use apivideo::Timestamp;
use apivideo::jiff::tz::TimeZone;

use super::theme::{Cells, Ink, Theme};
use crate::text;

/// The most ticks of an axis.
const MAX_TICKS: usize = 8;
/// The number of columns that a label and its gap need.
const LABEL_WIDTH: usize = 9;

/// A tick of a horizontal axis.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Tick {
    /// The place on the axis, from 0 to 1.
    pub(crate) at: f64,
    pub(crate) label: String,
}

/// The axes of a chart.
#[derive(Clone, Debug)]
pub(crate) struct Axis {
    /// The labels of the largest value, of its half and of zero.
    pub(crate) labels: [String; 3],
    pub(crate) ticks: Vec<Tick>,
}

impl Axis {
    /// Returns the number of columns of the labels on the left, with the line.
    pub(super) fn gutter(&self) -> usize {
        let widest = self.labels.iter().map(|label| text::width(label)).max();
        widest.unwrap_or(0) + 2
    }

    /// Returns the number of columns of the chart.
    pub(crate) fn plot_width(&self, theme: Theme) -> usize {
        theme.width.saturating_sub(self.gutter()).max(10)
    }

    /// Writes the label and the line on the left of a row.
    pub(super) fn write_label(&self, theme: Theme, row: usize, height: usize, out: &mut String) {
        let label = match row {
            0 => self.labels[0].as_str(),
            row if row * 2 == height => self.labels[1].as_str(),
            _ => "",
        };
        let pad = self.gutter().saturating_sub(2 + text::width(label));
        let tick = match label.is_empty() {
            true => theme.either("│", "|"),
            false => theme.either("┤", "+"),
        };
        let text = format!("{}{label} {tick}", " ".repeat(pad));
        out.push_str(&theme.paint(Ink::Dim, &text));
    }

    /// Writes the horizontal axis and its labels.
    pub(super) fn write_bottom(&self, theme: Theme, width: usize, out: &mut String) {
        let zero = &self.labels[2];
        let pad = self.gutter().saturating_sub(2 + text::width(zero));
        let places: Vec<usize> = self
            .ticks
            .iter()
            .map(|tick| place(tick.at, width))
            .collect();
        let mut line = format!("{}{zero} {}", " ".repeat(pad), theme.either("└", "+"));
        for column in 0..width {
            line.push(match places.contains(&column) {
                true => theme.either('┴', '+'),
                false => theme.either('─', '-'),
            });
        }
        out.push_str(&theme.paint(Ink::Dim, &line));
        out.push('\n');
        let mut labels = Cells::default();
        for _ in 0..self.gutter() {
            labels.push(' ', None);
        }
        let mut row = vec![' '; width];
        // The last label is always shown: others must not cover it.
        let mut free_until = width;
        if let (Some(tick), Some(&place)) = (self.ticks.last(), places.last()) {
            let label_width = tick.label.chars().count();
            let start = (place + 1).saturating_sub(label_width);
            put(&mut row, start, &tick.label);
            free_until = start.saturating_sub(1);
        }
        let mut free_from = 0;
        for (tick, &place) in self.ticks.iter().zip(&places).rev().skip(1).rev() {
            let label_width = tick.label.chars().count();
            let start = place.saturating_sub(label_width / 2);
            if start >= free_from && start + label_width <= free_until {
                put(&mut row, start, &tick.label);
                free_from = start + label_width + 1;
            }
        }
        for c in row {
            labels.push(c, Some(Ink::Dim));
        }
        labels.write(theme, out);
        out.push('\n');
    }
}

fn put(row: &mut [char], start: usize, label: &str) {
    for (cell, c) in row.iter_mut().skip(start).zip(label.chars()) {
        *cell = c;
    }
}

/// Returns the column of a place on an axis.
pub(super) fn place(at: f64, width: usize) -> usize {
    let last = width.saturating_sub(1);
    ((at.clamp(0.0, 1.0) * width as f64) as usize).min(last)
}

/// Returns the number of ticks that fit into a width.
fn count(width: usize) -> f64 {
    (width / LABEL_WIDTH).clamp(1, MAX_TICKS) as f64
}

/// Returns ticks of media positions: at round seconds, minutes or hours, and at the end.
pub(crate) fn position_ticks(
    length_seconds: f64,
    width: usize,
    label: impl Fn(f64) -> String,
) -> Vec<Tick> {
    const STEPS: [f64; 20] = [
        1.0, 2.0, 5.0, 10.0, 15.0, 20.0, 30.0, 60.0, 120.0, 300.0, 600.0, 900.0, 1_200.0, 1_800.0,
        3_600.0, 7_200.0, 18_000.0, 36_000.0, 86_400.0, 864_000.0,
    ];
    let fits = |step: &&f64| length_seconds / **step <= count(width);
    let step = STEPS.iter().find(fits).copied().unwrap_or(length_seconds);
    let mut ticks = Vec::new();
    let mut position = 0.0;
    // The end has a label of its own.
    while position == 0.0 || position < length_seconds - step / 2.0 {
        ticks.push(Tick {
            at: position / length_seconds,
            label: label(position),
        });
        position += step;
    }
    ticks.push(Tick {
        at: 1.0,
        label: label(length_seconds),
    });
    ticks
}

/// Returns ticks at round times of a time zone: minutes or hours within a day, else days.
pub(crate) fn time_ticks(
    start: Timestamp,
    end: Timestamp,
    zone: &TimeZone,
    width: usize,
) -> Vec<Tick> {
    const STEPS: [i64; 17] = [
        1, 5, 15, 60, 300, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200, 86_400, 172_800,
        604_800, 1_209_600, 2_592_000,
    ];
    let span = (end.as_second() - start.as_second()).max(1);
    let fits = |step: &&i64| (span / **step) as f64 <= count(width);
    let step = STEPS.iter().find(fits).copied().unwrap_or(span);
    let mut ticks = Vec::new();
    let offset = i64::from(zone.to_offset(start).seconds());
    let first = (start.as_second() + offset).div_euclid(step) * step - offset;
    let mut second = first;
    while second < end.as_second() {
        if second >= start.as_second()
            && let Ok(instant) = Timestamp::from_second(second)
        {
            let here = zone.to_datetime(instant);
            let label = match step {
                86_400.. => here.date().to_string().split_off(5),
                60.. => format!("{:02}:{:02}", here.hour(), here.minute()),
                _ => format!(
                    "{:02}:{:02}:{:02}",
                    here.hour(),
                    here.minute(),
                    here.second()
                ),
            };
            ticks.push(Tick {
                at: (second - start.as_second()) as f64 / span as f64,
                label,
            });
        }
        second += step;
    }
    ticks
}
