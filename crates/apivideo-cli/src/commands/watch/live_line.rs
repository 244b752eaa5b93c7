//! A line on a terminal that shows the current viewers and their past as a sparkline.

use std::collections::VecDeque;

use apivideo::jiff::tz::Offset;

use super::Sample;
use crate::chart::{self, Ink, Theme};
use crate::text;

/// The most samples that a line shows.
const MAX_SAMPLES: usize = 200;
/// The narrowest sparkline.
const MIN_SPARKLINE: usize = 8;
const GAP: &str = "  ";

/// A line that is updated in place, with carriage returns only.
#[derive(Debug, Default)]
pub(super) struct LiveLine {
    samples: VecDeque<Sample>,
    /// The most viewers so far.
    peak: u64,
    /// The number of columns of the line on the screen.
    shown: usize,
}

impl LiveLine {
    pub(super) fn add(&mut self, sample: Sample) {
        if self.samples.len() == MAX_SAMPLES {
            self.samples.pop_front();
        }
        self.samples.push_back(sample);
        self.peak = self.peak.max(sample.viewers);
    }

    /// Whether a line is on the screen.
    pub(super) fn is_shown(&self) -> bool {
        self.shown > 0
    }

    /// Returns what replaces the line on the screen.
    pub(super) fn update(&mut self, theme: Theme) -> String {
        let (line, width) = self.render(theme);
        let rest = self.shown.saturating_sub(width);
        self.shown = width;
        format!("\r{line}{}", " ".repeat(rest))
    }

    /// Returns what removes the line from the screen.
    pub(super) fn clear(&mut self) -> String {
        let shown = std::mem::take(&mut self.shown);
        match shown {
            0 => String::new(),
            shown => format!("\r{}\r", " ".repeat(shown)),
        }
    }

    /// Returns the line, and its width. It leaves the last column free, where some terminals wrap.
    fn render(&self, theme: Theme) -> (String, usize) {
        let Some(last) = self.samples.back() else {
            return (String::new(), 0);
        };
        let width = theme.width.saturating_sub(1);
        let time = Offset::UTC.to_datetime(last.at).time();
        let (hour, minute, second) = (time.hour(), time.minute(), time.second());
        let noun = match last.viewers {
            1 => "viewer",
            _ => "viewers",
        };
        let viewers = format!("{} {noun}", last.viewers);
        let peak = format!("peak {}", self.peak);
        let time = format!("{hour:02}:{minute:02}:{second:02} UTC");
        // A short sparkline is more important than the time, and the time than the peak.
        let limit = width.saturating_sub(GAP.len() + MIN_SPARKLINE);
        let mut parts = vec![(Ink::Heading, viewers)];
        let mut used = text::width(&parts[0].1);
        let mut add = |part: (Ink, String), first: bool| {
            let needed = text::width(&part.1) + GAP.len();
            if used + needed <= limit {
                used += needed;
                parts.insert(if first { 0 } else { parts.len() }, part);
            }
        };
        add((Ink::Dim, time), true);
        add((Ink::Dim, peak), false);
        let room = width.saturating_sub(used + GAP.len());
        let painted: Vec<String> = parts
            .iter()
            .map(|(ink, part)| theme.paint(*ink, part))
            .collect();
        let mut line = painted.join(GAP);
        if room >= MIN_SPARKLINE {
            let first = self.samples.len().saturating_sub(room);
            let values: Vec<f64> = self
                .samples
                .range(first..)
                .map(|sample| sample.viewers as f64)
                .collect();
            line.push_str(GAP);
            line.push_str(&chart::sparkline(theme, &values, self.peak as f64));
            used += GAP.len() + values.len();
        }
        (line, used)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(samples: u64) -> LiveLine {
        let mut line = LiveLine::default();
        for n in 0..samples {
            let second = 1_640_995_200 + 20 * n as i64;
            line.add(Sample {
                at: apivideo::Timestamp::from_second(second).unwrap(),
                viewers: n * n % 97,
            });
        }
        line
    }

    fn theme(width: usize, unicode: bool) -> Theme {
        Theme {
            width,
            unicode,
            color: false,
        }
    }

    #[test]
    fn the_line_fits_the_terminal() {
        assert_eq!(
            line(6).render(theme(80, true)).0,
            "00:01:40 UTC  25 viewers  peak 25  ▁▁▂▄▅█"
        );
        assert_eq!(
            line(6).render(theme(80, false)).0,
            "00:01:40 UTC  25 viewers  peak 25  __.=+#"
        );
        for width in [24, 40, 80, 200] {
            for unicode in [true, false] {
                for samples in [1, 10, 1_000] {
                    let (line, shown) = line(samples).render(theme(width, unicode));
                    assert_eq!(text::width(&line), shown, "{line}");
                    assert!(shown < width, "{line}");
                    assert!(line.contains(" viewer"), "{line}");
                    assert_eq!(line.is_ascii(), !unicode, "{line}");
                }
            }
        }
        let color = Theme {
            color: true,
            ..theme(40, true)
        };
        let (colored, width) = line(9).render(color);
        assert_eq!(width, line(9).render(theme(40, true)).1);
        assert!(colored.contains("\u{1b}["), "{colored}");
    }

    #[test]
    fn a_shorter_line_covers_the_previous_one() {
        let mut line = line(1_000);
        let before = text::width(line.update(theme(80, true)).trim_start_matches('\r'));
        let after = line.update(theme(40, true));
        assert_eq!(text::width(after.trim_start_matches('\r')), before);
        let cleared = line.clear();
        assert!(
            cleared.trim().is_empty() && cleared.ends_with('\r'),
            "{cleared:?}"
        );
        assert!(!line.is_shown());
        assert_eq!(line.clear(), "");
    }
}
