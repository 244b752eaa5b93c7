//! The steps from a measure to an aggregate.

use serde::{Serialize, Serializer};

use super::aggregates::Totals;
use super::recount::{Recounted, VIEW_SECONDS};
use crate::commands::questions::figures::duration;

/// A measure of sessions, and the aggregate that it is compared with.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Comparison {
    pub(super) measure: &'static str,
    pub(super) aggregate: &'static str,
    pub(super) unit: &'static str,
    /// From the measure to the aggregate, and what remains.
    pub(super) steps: Vec<Step>,
}

/// A number, or by how much a rule changes it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Step {
    pub(super) rule: &'static str,
    #[serde(serialize_with = "number")]
    pub(super) value: f64,
    pub(super) explanation: String,
    #[serde(skip)]
    pub(super) is_change: bool,
}

/// Serializes a number to the millisecond, and a whole number without a fraction.
pub(super) fn number<S: Serializer>(value: &f64, serializer: S) -> Result<S::Ok, S::Error> {
    /// The largest number up to which every whole number is a float.
    const MAX: f64 = 9_007_199_254_740_992.0;
    let rounded = (value * 1_000.0).round() / 1_000.0;
    match rounded.fract() == 0.0 && rounded.abs() <= MAX {
        true => serializer.serialize_i64(rounded as i64),
        false => serializer.serialize_f64(rounded),
    }
}

/// The steps so far, and their sum.
struct Steps {
    steps: Vec<Step>,
    sum: f64,
}

impl Steps {
    fn start(value: f64, explanation: impl Into<String>) -> Self {
        let mut steps = Self {
            steps: Vec::new(),
            sum: value,
        };
        steps.push("sessions", value, false, explanation);
        steps
    }

    fn push(
        &mut self,
        rule: &'static str,
        value: f64,
        is_change: bool,
        explanation: impl Into<String>,
    ) {
        self.steps.push(Step {
            rule,
            value,
            explanation: explanation.into(),
            is_change,
        });
    }

    fn change(mut self, rule: &'static str, value: f64, explanation: impl Into<String>) -> Self {
        self.sum += value;
        self.push(rule, value, true, explanation);
        self
    }

    /// Ends at the number of the service.
    fn end(
        mut self,
        service: f64,
        rule: &'static str,
        explanation: impl Into<String>,
    ) -> Vec<Step> {
        if self.steps.len() > 1 {
            let sum = self.sum;
            self.push("expected", sum, false, "the sum of the above");
        }
        self.push("service", service, false, "the aggregate");
        let rest = service - self.sum;
        self.push(rule, rest, true, explanation);
        self.steps
    }
}

/// Returns all comparisons.
pub(super) fn compare(counted: &Recounted, totals: &Totals) -> Vec<Comparison> {
    let Recounted {
        report,
        own,
        outside,
        before,
        ..
    } = counted;
    let measures = &report.measures;
    let (plays, impressions) = (measures.plays as f64, measures.impressions as f64);
    let midnight = |steps: Steps, noun: &str, before: u64, outside: u64| {
        let explanation = format!(
            "{before} {noun} of sessions that started before the period, less {outside} {noun} outside of it"
        );
        steps.change("midnight", before as f64 - outside as f64, explanation)
    };
    let unexplained = "what these rules do not explain";
    let play_steps = Steps::start(plays, "sessions that started in the period and were played")
        .change(
            "presses",
            own.presses as f64 - plays,
            "further `play` events of these sessions: the service counts every press of the button",
        );
    let play_steps = midnight(play_steps, "`play` events", before.presses, outside.presses);
    let impression_steps = Steps::start(
        impressions,
        "sessions that started in the period with a loaded player",
    )
    .change(
        "reloads",
        own.loads as f64 - impressions,
        "further `ready` events of these sessions: the service counts every load of the player",
    );
    let impression_steps = midnight(
        impression_steps,
        "`ready` events",
        before.loads,
        outside.loads,
    );
    let view_steps = Steps::start(plays, "sessions that started in the period and were played")
        .change(
            "reloads",
            own.views as f64 - plays,
            format!(
                "a view is a load of the player with at least {VIEW_SECONDS} s of playback: further loads count, shorter \
                 playback does not"
            ),
        );
    let view_steps = midnight(view_steps, "views", before.views, outside.views);
    vec![
        Comparison {
            measure: "impressions",
            aggregate: "impression/count",
            unit: "sessions",
            steps: impression_steps.end(totals.impressions, "unexplained", unexplained),
        },
        Comparison {
            measure: "plays",
            aggregate: "play/count",
            unit: "sessions",
            steps: play_steps.end(totals.plays, "unexplained", unexplained),
        },
        watch_time(counted, totals),
        Comparison {
            measure: "plays",
            aggregate: "view/count",
            unit: "sessions",
            steps: view_steps.end(totals.views, "unexplained", unexplained),
        },
        viewers(counted, totals),
    ]
}

fn watch_time(counted: &Recounted, totals: &Totals) -> Comparison {
    let measures = &counted.report.measures;
    let quality = &measures.quality;
    let (before, outside) = (counted.before_seconds, counted.outside_seconds);
    let steps = Steps::start(
        measures.watch_seconds,
        "seconds of the video that were played in sessions that started in the period",
    )
    .change(
        "clock",
        measures.playing_seconds - measures.watch_seconds,
        "the time by the clock differs from that of the video by the playback speed and by stalls",
    )
    .change(
        "midnight",
        before - outside,
        format!(
            "{} of sessions that started before the period, less {} outside of it",
            duration(before),
            duration(outside)
        ),
    );
    let unexplained = match quality.estimated_seconds > 0.0 {
        true => format!(
            "{} of the watch time are estimated, where no event reports the end, and the service may count them otherwise: the \
             watch time is between {} and {}; events are precise to a second",
            duration(quality.estimated_seconds),
            duration(quality.watch_seconds_lower),
            duration(quality.watch_seconds_upper)
        ),
        false => "what these rules do not explain; events are precise to a second".to_owned(),
    };
    Comparison {
        measure: "watch time",
        aggregate: "watch-time/sum",
        unit: "seconds",
        steps: steps.end(totals.watch_seconds, "unexplained", unexplained),
    }
}

fn viewers(counted: &Recounted, totals: &Totals) -> Comparison {
    let viewers = &counted.report.measures.unique_viewers;
    let bound = match viewers.is_upper_bound {
        true => format!(
            ", at most: {} sessions have no key and count as a viewer each",
            viewers.sessions_without_key
        ),
        false => String::new(),
    };
    let steps = Steps::start(
        viewers.played as f64,
        format!(
            "viewers who played, by {}, in the whole period{bound}",
            viewers.key
        ),
    );
    let window = "the service recognizes a viewer by IP address and browser instead of the key, and for a day: on each day of the \
                  period viewers count again";
    Comparison {
        measure: "viewers",
        aggregate: "view/count --unique",
        unit: "viewers",
        steps: steps.end(totals.unique_views, "window", window),
    }
}
