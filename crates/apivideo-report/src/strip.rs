//! Bars by day. Several strips share one axis.

use crate::axis;
use crate::calendar::{self, DayAxis};
use crate::html::{Html, Px, Wide, html};
use crate::section::chart_head;
use crate::svg::{self, Anchor, Chart};
use crate::view::Scope;

/// Above this number of days, the bars are one path and have no names of their own.
const MAX_NAMED: usize = 100;
/// The space above the bars, for the label of the highest.
const TOP: f64 = 18.0;

/// A chart with a bar for each day.
pub(crate) struct Strip<'a> {
    pub(crate) id: &'a str,
    pub(crate) title: &'a str,
    /// Right of the title: the unit, or what the dotted line is.
    pub(crate) unit: String,
    /// One for each day; `None` for days without a value.
    pub(crate) values: &'a [Option<f64>],
    pub(crate) height: f64,
    pub(crate) has_axis: bool,
    /// The unit of grid lines, such as 3600 for hours.
    pub(crate) per: f64,
    /// Whether grid lines are whole numbers.
    pub(crate) is_whole: bool,
    /// Writes the value of a bar.
    pub(crate) format: &'a dyn Fn(f64) -> String,
    /// Writes the label of a grid line.
    pub(crate) tick: &'a dyn Fn(f64) -> String,
    /// A dotted line.
    pub(crate) mean: Option<f64>,
    /// The bar to stand out; the others are paler. Weekends are paler without it.
    pub(crate) only: Option<usize>,
}

impl Strip<'_> {
    pub(crate) fn render(&self, scope: &Scope, days: &DayAxis) -> Html {
        let highest = self.values.iter().flatten().copied().fold(0.0, f64::max);
        let maximum = if highest > 0.0 { highest } else { 1.0 };
        let height = self.height;
        let y = |value: f64| TOP + (height - TOP) * (1.0 - value / maximum);
        let peak = self.peak();
        let peak_value = self.values.get(peak).copied().flatten().unwrap_or(0.0);
        let mut body = self.grid(maximum, &y);
        body.push(match days.count > MAX_NAMED {
            true => self.path(days, &y),
            false => self.rectangles(days, &y),
        });
        if peak_value > 0.0 {
            let slot = 100.0 / days.count as f64;
            let anchor = Anchor::inside((peak as f64 + 0.5) * slot, 6.0);
            let inside = match anchor {
                Anchor::Start => 0.1,
                Anchor::Middle => 0.5,
                Anchor::End => 0.9,
            };
            let x = (peak as f64 + inside) * slot;
            body.push(svg::text(
                x,
                TOP - 6.0,
                &(self.format)(peak_value),
                "k",
                anchor,
            ));
        }
        if let Some(mean) = self.mean {
            body.push(svg::across(y(mean), "ld"));
        }
        body.push(match self.has_axis {
            true => axis_of(days, height),
            false => svg::across(height, "ax"),
        });
        let description = format!(
            "One bar a day, {} days. Most on {}: {}.",
            days.count,
            calendar::weekday_day(days.date(peak)),
            (self.format)(peak_value)
        );
        let title = format!("{}, by day", self.title);
        let chart = Chart {
            id: scope.id(self.id),
            title: &title,
            description,
            height: height + if self.has_axis { 24.0 } else { 2.0 },
            has_gutter: true,
        };
        html!(
            "<div class=\"strip\">{}{}</div>",
            chart_head(scope, self.title, &self.unit),
            chart.render(&body)
        )
    }

    /// Returns the first day with the highest value.
    fn peak(&self) -> usize {
        if let Some(only) = self.only {
            return only;
        }
        let values = self.values.iter().enumerate();
        let highest = values.fold((0, 0.0), |(at, most), (index, value)| match value {
            Some(value) if *value > most => (index, *value),
            _ => (at, most),
        });
        highest.0
    }

    fn grid(&self, maximum: f64, y: &dyn Fn(f64) -> f64) -> Html {
        let lines = if self.height < 100.0 { 2 } else { 3 };
        let mut step = axis::step(maximum / self.per, lines) * self.per;
        if self.is_whole {
            step = step.round().max(1.0);
        }
        let values = axis::multiples(step, maximum).into_iter();
        let lines = values.map(|value| svg::grid(y(value), &(self.tick)(value)));
        lines.chain([svg::gutter(self.height, "0")]).collect()
    }

    fn class(&self, days: &DayAxis, index: usize) -> &'static str {
        let is_pale = match self.only {
            Some(only) => index != only,
            None => calendar::is_weekend(days.date(index)),
        };
        if is_pale { "bl" } else { "bf" }
    }

    fn rectangles(&self, days: &DayAxis, y: &dyn Fn(f64) -> f64) -> Html {
        let slot = 100.0 / days.count as f64;
        let bars = self.values.iter().enumerate().filter_map(|(index, value)| {
            let value = value.filter(|value| *value > 0.0)?;
            let date = calendar::weekday_day(days.date(index));
            Some(html!(
                "<rect class=\"{}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"><title>{}: {}</title></rect>",
                self.class(days, index),
                Wide((index as f64 + 0.12) * slot),
                Px(y(value)),
                Wide(slot * 0.76),
                Px((self.height - y(value)).max(1.0)),
                date,
                (self.format)(value)
            ))
        });
        bars.collect()
    }

    fn path(&self, days: &DayAxis, y: &dyn Fn(f64) -> f64) -> Html {
        let (mut full, mut pale) = (String::new(), String::new());
        for (index, value) in self.values.iter().enumerate() {
            let Some(value) = value.filter(|value| *value > 0.0) else {
                continue;
            };
            let path = match self.class(days, index) {
                "bl" => &mut pale,
                _ => &mut full,
            };
            let top = Px(y(value).min(self.height - 1.0)).text();
            path.push_str(&format!(
                "M{} {}V{top}h8V{}Z",
                10 * index + 1,
                self.height,
                self.height
            ));
        }
        let width = 10.0 * days.count as f64;
        let body = html!(
            "<path class=\"bf\" d=\"{}\"/><path class=\"bl\" d=\"{}\"/>",
            full,
            pale
        );
        svg::stretched(width, self.height, &body)
    }
}

/// The labels of days: each day, Mondays, or first days of months.
fn axis_of(days: &DayAxis, y: f64) -> Html {
    let months = days.count / 30;
    let stride = months / 13 + 1;
    let mut body = svg::across(y, "ax");
    let mut last_month = None;
    let mut labels = 0_usize;
    let mut month = 0_usize;
    for index in 0..days.count {
        let date = days.date(index);
        let name = calendar::short(calendar::month(date));
        let (is_label, label) = match days.count {
            0..=10 => (true, day_label(date.day(), name, last_month != Some(name))),
            11..=70 => {
                let label = day_label(date.day(), name, last_month != Some(name));
                let first = if labels == 0 { "Mon " } else { "" };
                (calendar::weekday(date) == "Mon", format!("{first}{label}"))
            }
            _ => {
                let is_first = date.day() == 1;
                month += usize::from(is_first);
                let label = match days.count {
                    0..=366 => format!("1 {name}"),
                    _ => format!("{name} {}", date.year()),
                };
                (is_first && (month - 1).is_multiple_of(stride), label)
            }
        };
        if !is_label {
            continue;
        }
        last_month = Some(name);
        let x = (index as f64 + 0.5) / days.count as f64 * 100.0;
        // On a phone.
        let is_kept = match days.count {
            11..40 => true,
            200.. => labels.is_multiple_of(3),
            _ => labels.is_multiple_of(2),
        };
        body.push(svg::upright(x, y, y + 5.0, "ax"));
        body.push(svg::text(
            x,
            y + 19.0,
            &label,
            if is_kept { "" } else { "w" },
            Anchor::inside(x, 4.0),
        ));
        labels += 1;
    }
    body
}

fn day_label(day: i8, month: &str, has_month: bool) -> String {
    match has_month {
        true => format!("{day} {month}"),
        false => day.to_string(),
    }
}
