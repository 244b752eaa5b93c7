//! The table of results.

use std::fmt::Write;

/// A row of the table.
#[derive(Clone, Debug, Default)]
pub struct Row {
    /// The job.
    pub job: String,
    /// The program, or the comparison.
    pub what: String,
    /// The wall time in seconds.
    pub wall_s: Option<f64>,
    /// The CPU time of the program, in seconds.
    pub cpu_s: Option<f64>,
    /// The peak memory in KiB.
    pub peak_kib: Option<u64>,
    /// The CPU time of the server in the same time, in seconds.
    pub server_cpu_s: Option<f64>,
    /// The result.
    pub result: Option<Value>,
    /// The goal of the result.
    pub goal: Option<Goal>,
}

/// A number with its unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Value {
    /// The number.
    pub number: f64,
    /// Its unit.
    pub unit: Unit,
}

/// The unit of a number, which determines its format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// `1.25`
    Ratio,
    /// `12.5 ×`
    Times,
    /// `3.2 %`
    Percent,
    /// `1.3 ms`
    Milliseconds,
    /// `0.4 MB`
    Megabytes,
    /// `12 345`
    Count,
}

/// The goal of a number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Goal {
    /// At most this number.
    AtMost(f64),
    /// At least this number.
    AtLeast(f64),
}

impl Goal {
    /// Returns whether a number meets the goal.
    #[must_use]
    pub fn is_met(self, number: f64) -> bool {
        match self {
            Self::AtMost(bound) => number <= bound,
            Self::AtLeast(bound) => number >= bound,
        }
    }
}

impl Row {
    /// A row that compares others.
    #[must_use]
    pub fn comparison(job: &str, what: impl Into<String>, number: f64, unit: Unit) -> Self {
        Self {
            job: job.to_owned(),
            what: what.into(),
            result: Some(Value { number, unit }),
            ..Self::default()
        }
    }

    /// Sets the goal.
    #[must_use]
    pub fn with_goal(mut self, goal: Goal) -> Self {
        self.goal = Some(goal);
        self
    }

    /// Returns whether the goal is met; `None` without a goal.
    #[must_use]
    pub fn is_met(&self) -> Option<bool> {
        Some(self.goal?.is_met(self.result?.number))
    }
}

fn formatted(number: f64, unit: Unit) -> String {
    match unit {
        Unit::Ratio => format!("{number:.2}"),
        Unit::Times => format!("{number:.1} ×"),
        Unit::Percent => format!("{number:.1} %"),
        Unit::Milliseconds => format!("{number:.2} ms"),
        Unit::Megabytes => format!("{number:.1} MB"),
        Unit::Count => format!("{number:.0}"),
    }
}

/// Formats rows as Markdown.
#[must_use]
pub fn markdown(rows: &[Row]) -> String {
    let mut lines = vec![
        [
            "job",
            "program or comparison",
            "wall",
            "CPU",
            "peak",
            "server's CPU",
            "result",
            "goal",
            "verdict",
        ]
        .map(str::to_owned),
    ];
    for row in rows {
        let seconds = |time: Option<f64>| time.map(|time| format!("{time:.3} s"));
        let goal = row.goal.zip(row.result).map(|(goal, result)| match goal {
            Goal::AtMost(bound) => format!("≤ {}", formatted(bound, result.unit)),
            Goal::AtLeast(bound) => format!("≥ {}", formatted(bound, result.unit)),
        });
        let verdict = row
            .is_met()
            .map(|met| if met { "met" } else { "**missed**" });
        lines.push([
            row.job.clone(),
            row.what.clone(),
            seconds(row.wall_s).unwrap_or_default(),
            seconds(row.cpu_s).unwrap_or_default(),
            row.peak_kib
                .map(|kib| formatted(megabytes(kib), Unit::Megabytes))
                .unwrap_or_default(),
            seconds(row.server_cpu_s).unwrap_or_default(),
            row.result
                .map(|value| formatted(value.number, value.unit))
                .unwrap_or_default(),
            goal.unwrap_or_default(),
            verdict.unwrap_or_default().to_owned(),
        ]);
    }
    let mut text = String::new();
    for (index, line) in lines.iter().enumerate() {
        // Writing to a string never fails.
        let _ = writeln!(text, "| {} |", line.join(" | "));
        if index == 0 {
            let _ = writeln!(text, "|---|---|--:|--:|--:|--:|--:|--:|---|");
        }
    }
    text
}

/// Memory in the unit of the table.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "no process holds 2^53 KiB")]
pub fn megabytes(kib: u64) -> f64 {
    kib as f64 / 1024.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_row_is_a_line_with_its_verdict() {
        let rows = [
            Row {
                job: "list".to_owned(),
                what: "floor".to_owned(),
                wall_s: Some(1.25),
                cpu_s: Some(0.5),
                peak_kib: Some(5 * 1024 + 512),
                server_cpu_s: Some(0.125),
                ..Row::default()
            },
            Row::comparison("list", "facade over floor", 1.234, Unit::Ratio)
                .with_goal(Goal::AtMost(1.3)),
            Row::comparison("windows", "8 over 1", 6.94, Unit::Times).with_goal(Goal::AtLeast(7.0)),
            Row::comparison("first", "beyond a round trip", 1.0, Unit::Milliseconds),
        ];
        assert_eq!(
            markdown(&rows),
            "\
| job | program or comparison | wall | CPU | peak | server's CPU | result | goal | verdict |
|---|---|--:|--:|--:|--:|--:|--:|---|
| list | floor | 1.250 s | 0.500 s | 5.5 MB | 0.125 s |  |  |  |
| list | facade over floor |  |  |  |  | 1.23 | ≤ 1.30 | met |
| windows | 8 over 1 |  |  |  |  | 6.9 × | ≥ 7.0 × | **missed** |
| first | beyond a round trip |  |  |  |  | 1.00 ms |  |  |
"
        );
        assert_eq!(rows[0].is_met(), None);
    }

    #[test]
    fn a_goal_is_met_at_its_bound() {
        assert!(Goal::AtMost(2.0).is_met(2.0) && !Goal::AtMost(2.0).is_met(2.1));
        assert!(Goal::AtLeast(2.0).is_met(2.0) && !Goal::AtLeast(2.0).is_met(1.9));
        assert!(!Goal::AtMost(2.0).is_met(f64::NAN));
    }
}
