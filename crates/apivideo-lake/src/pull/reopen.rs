//! Days that were final and have to be read again: made final by a clock that was ahead, or with missing files.

use apivideo::jiff::SignedDuration;

use super::state::Run;
use crate::error::Result;
use crate::partition::Partition;

/// The failure of a range whose sessions may be stored under other days, in a file that is missing.
pub(super) const MISSING_FILE: &str = "a file with some of its sessions is missing";

impl Run {
    /// Compares the clocks, and makes days mutable that cannot be final yet or whose files are missing.
    pub(super) fn reopen(&mut self) -> Result<()> {
        self.check_clocks();
        let claimable = self.options.claimable_until(self.lake.lag);
        if self.lake.reopen_after(claimable) {
            let until = claimable.map_or_else(|| "none".to_owned(), |day| day.to_string());
            self.warn(format!(
                "an earlier pull, run with a clock that was ahead, made days final too early (the last day that can be final: \
                 {until}): they are read again"
            ));
        }
        self.lake
            .reopen_aggregates(claimable, &self.damage.aggregates);
        let is_any_too_early = self.staging.ranges().any(|(_, staged)| {
            staged.range.is_final && claimable.is_none_or(|last| staged.range.period.last > last)
        });
        if is_any_too_early {
            for (number, _) in self.staged_ranges() {
                self.staging.discard(number);
            }
        }
        if let Some(missing) = self.damage.missing() {
            self.warn(missing);
        }
        // The request ranges of the sessions in a missing file are only known by its day.
        let is_unknown = self.damage.sessions.contains(&Partition::Unknown);
        if !self.damage.sessions.is_empty() {
            for range in &mut self.lake.ranges {
                if is_unknown || range.out_of_period > 0 {
                    range.is_final = false;
                    range.failed.get_or_insert_with(|| MISSING_FILE.to_owned());
                    self.lake.complete_until = None;
                }
            }
        }
        self.lake.save(self.folder())
    }

    /// Reports clocks that differ. The service's clock is known after the first response.
    pub(super) fn check_clocks(&mut self) {
        if self.is_skew_reported {
            return;
        }
        let warning = if let Some(skew) = self.options.skew() {
            let side = match skew.is_negative() {
                true => "behind",
                false => "ahead of",
            };
            format!(
                "the clock of this machine is {} {side} the service's: set the clock; the earlier one decides which days are \
                 final",
                approximate(skew)
            )
        } else if self.options.is_in_future() {
            format!(
                "{} is in the future: days are final as of now, {}",
                self.options.as_of,
                self.options.now()
            )
        } else {
            return;
        };
        self.is_skew_reported = true;
        self.warn(warning);
    }
}

/// Formats the length of a duration by its two largest units.
fn approximate(duration: SignedDuration) -> String {
    let seconds = duration.as_secs().unsigned_abs();
    let units = [
        (seconds / 86_400, "d"),
        (seconds / 3_600 % 24, "h"),
        (seconds / 60 % 60, "m"),
        (seconds % 60, "s"),
    ];
    let largest = units.iter().skip_while(|(n, _)| *n == 0).take(2);
    let shown: Vec<String> = largest
        .filter(|(n, _)| *n > 0)
        .map(|(n, unit)| format!("{n}{unit}"))
        .collect();
    shown.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_their_two_largest_units() {
        for (milliseconds, text) in [
            (432_000_573, "5d"),
            (-432_000_573, "5d"),
            (90_061_000, "1d 1h"),
            (3_725_000, "1h 2m"),
            (3_605_000, "1h"),
            (61_000, "1m 1s"),
        ] {
            let duration = SignedDuration::from_millis(milliseconds);
            assert_eq!(approximate(duration), text);
        }
    }
}
