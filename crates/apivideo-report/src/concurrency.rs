//! How many viewers watch a live stream at once.

use apivideo_insights::{ConcurrencyStep, Peak};
use jiff::Timestamp;
use jiff::civil::Date;

use crate::axis;
use crate::calendar::{self, time_of_day, weekday_day};
use crate::days::Days;
use crate::format::{count, lasting, plural, whole};
use crate::html::{Html, Px, html};
use crate::section::{Section, chart_head, numbers};
use crate::strip::Strip;
use crate::svg::{self, Anchor, Chart};
use crate::thin::{Point, thin};
use crate::view::View;

const HEIGHT: f64 = 210.0;
/// The space above the line, for the label of the peak.
const TOP: f64 = 26.0;
/// The horizontal units of the line.
const WIDTH: f64 = 2_000.0;
/// The columns in which a line with many changes is drawn.
const COLUMNS: u32 = 720;
/// The chart shows a part of the day if nearly all viewers were there within this time.
const MAX_PART: i64 = 12 * HOUR;
const HOUR: i64 = 3_600;

/// Returns the section of a live stream with a peak.
pub(crate) fn section(view: &View<'_>) -> Html {
    let peak = &view.measures().concurrency.playing;
    let Some(peak_at) = peak.peak_at.filter(|_| peak.peak > 0) else {
        return Html::new();
    };
    let at = view.zone.at(peak_at);
    let when = format!(
        "on {} at {} {}",
        weekday_day(at.date()),
        time_of_day(at),
        view.zone.name()
    );
    let lasted = peak
        .seconds
        .map(|seconds| format!(", for {}", lasting(seconds)))
        .unwrap_or_default();
    let finding = match peak.times {
        Some(times) if times > 1 => html!(
            "The peak of {} was reached {}, first {}{}.",
            count(peak.peak),
            plural(times, "time"),
            when,
            lasted
        ),
        _ => html!("The peak of {} was {}{}.", count(peak.peak), when, lasted),
    };
    let exact = match peak.is_exact {
        true => "Counted exactly: a",
        false => "Parts of the data were added later, so the peak can have been higher. A",
    };
    let explanation = html!(
        "{} viewer counts from the second playback starts to the second it stops. Dashboards that count whole minutes show higher peaks.",
        exact
    );
    let mut body = Html::new();
    let table = days(view, peak_at, &mut body);
    body.push(day(view, peak, peak_at));
    body.push(table);
    Section {
        title: "How many at once",
        finding,
        explanation,
        is_wide: false,
    }
    .render(&view.scope, &html!("<figure>{}</figure>", body))
}

/// Adds the peaks of all days to the body, and returns their table. Peaks are those of days of UTC.
fn days(view: &View<'_>, peak_at: Timestamp, body: &mut Html) -> Html {
    let date = calendar::Zone::utc().at(peak_at).date();
    let Some(days) = Days::of_utc(view, date) else {
        return Html::new();
    };
    let peak_day = days.axis.index(date);
    let peaks: Vec<_> = view.measures().days.iter().collect();
    let on = |date: Date| {
        peaks
            .iter()
            .find(|day| day.date == date)
            .filter(|day| day.peak > 0)
    };
    if days.axis.count > 1 {
        let values: Vec<Option<f64>> = (0..days.axis.count)
            .map(|index| on(days.axis.date(index)).map(|day| day.peak as f64))
            .collect();
        let unit = if view.zone.is_utc() {
            "viewers at once"
        } else {
            "viewers at once, days in UTC"
        };
        let strip = Strip {
            id: "cm",
            title: "The peak of each day",
            unit: unit.to_owned(),
            values: &values,
            height: 110.0,
            has_axis: true,
            per: 1.0,
            is_whole: true,
            format: &whole,
            tick: &whole,
            mean: None,
            only: peak_day,
        };
        body.push(strip.render(&view.scope, &days.axis));
    }
    let rows = (0..days.axis.count).map(|index| {
        let date = days.axis.date(index);
        let day = on(date);
        let at = day
            .and_then(|day| day.peak_at)
            .map(|at| time_of_day(view.zone.at(at)));
        vec![
            weekday_day(date),
            count(day.map_or(0, |day| day.peak)),
            at.unwrap_or_else(|| "–".to_owned()),
        ]
    });
    let at = format!("First at ({})", view.zone.name());
    numbers(
        &view.scope,
        "The numbers, day by day",
        "Viewers at once, day by day",
        &["Day", "Peak", &at],
        rows,
    )
}

/// The time that a chart covers, in seconds since the epoch.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Range {
    from: i64,
    to: i64,
}

impl Range {
    fn part(self, at: Timestamp) -> f64 {
        (at.as_microsecond() as f64 / 1e6 - self.from as f64) / (self.to - self.from) as f64
    }
}

/// Returns the chart of the day of the peak, if its steps are known.
fn day(view: &View<'_>, peak: &Peak, peak_at: Timestamp) -> Html {
    let steps = &view.measures().concurrency.steps;
    let date = view.zone.at(peak_at).date();
    let Some(whole_day) = day_range(view, date) else {
        return Html::new();
    };
    let range = busy_part(steps, peak.peak, whole_day);
    let points = points(steps, range);
    let thinned = thin(&points, COLUMNS);
    let is_part = range != whole_day;
    let day_text = weekday_day(date);
    let is_first = peak.times.is_some_and(|times| times > 1);
    let title = match is_part {
        true => format!(
            "Around the peak: {day_text}, {}–{}",
            hour(view, range.from),
            hour(view, range.to)
        ),
        false => format!(
            "The day of the {}peak: {day_text}",
            if is_first { "first " } else { "" }
        ),
    };
    let unit = match thinned.len() == points.len() {
        true => "every change, to the second",
        false => "highest and lowest of each moment",
    };
    let at = view.zone.at(peak_at);
    let lasted = peak
        .seconds
        .map(|seconds| format!(" for {}", lasting(seconds)))
        .unwrap_or_default();
    let chart = Chart {
        id: view.scope.id("cd"),
        title: &format!("Viewers at once on {day_text}"),
        description: format!(
            "Step line from {} to {}; peak of {} at {} {}{lasted}.",
            hour(view, range.from),
            hour(view, range.to),
            count(peak.peak),
            at.time(),
            view.zone.name()
        ),
        height: HEIGHT + 26.0,
        has_gutter: true,
    };
    let label = format!("{} at once, {}", count(peak.peak), time_of_day(at));
    let body = step_line(
        view,
        &thinned,
        range,
        peak.peak,
        (range.part(peak_at), &label),
    );
    let outside = steps_outside(steps, range);
    let outside = match outside.filter(|_| is_part) {
        Some(most) => html!(
            "<p class=\"how\">In the other hours of the day, at most {} at once.</p>",
            plural(most, "viewer")
        ),
        None => Html::new(),
    };
    html!(
        "<div class=\"strip\">{}{}{}</div>",
        chart_head(&view.scope, &title, unit),
        chart.render(&body),
        outside
    )
}

/// Returns the day of the steps, which is that of the time zone of the measures.
fn day_range(view: &View<'_>, date: Date) -> Option<Range> {
    let from = view.measures().concurrency.steps.first()?.at.as_second();
    let next = view.zone.start_of(date.tomorrow().ok()?)?.as_second();
    let to = match view.zone.is_known() && next > from {
        true => next,
        false => from + 24 * HOUR,
    };
    Some(Range { from, to })
}

/// Returns the line that is drawn: its start, and the seconds since then with the viewers from each of them on.
pub(crate) fn drawn(view: &View<'_>) -> Option<(Timestamp, Vec<Point>)> {
    let concurrency = &view.measures().concurrency;
    let date = view.zone.at(concurrency.playing.peak_at?).date();
    let range = busy_part(
        &concurrency.steps,
        concurrency.playing.peak,
        day_range(view, date)?,
    );
    let length = (range.to - range.from) as f64;
    let points = thin(&points(&concurrency.steps, range), COLUMNS).into_iter();
    let points: Vec<Point> = points
        .map(|(part, viewers)| (part * length, viewers))
        .collect();
    Some((Timestamp::from_second(range.from).ok()?, points))
}

fn hour(view: &View<'_>, second: i64) -> String {
    Timestamp::from_second(second)
        .map_or_else(|_| String::new(), |at| time_of_day(view.zone.at(at)))
}

/// Returns the hours in which there were more than 2 % of the peak, or the day if they are most of it.
fn busy_part(steps: &[ConcurrencyStep], peak: u64, day: Range) -> Range {
    let is_busy = |step: &&ConcurrencyStep| step.viewers > 0 && step.viewers * 50 > peak;
    let first = steps.iter().find(is_busy).map(|step| step.at.as_second());
    let last = steps.iter().rposition(|step| is_busy(&step));
    // The last busy step lasts until the next one.
    let end = last.map(|index| {
        steps
            .get(index + 1)
            .map_or(day.to, |next| next.at.as_second() + 1)
    });
    let (Some(first), Some(end)) = (first, end) else {
        return day;
    };
    // Hours of the day, which can start at another minute than those of UTC.
    let from = day.from + (first - day.from).div_euclid(HOUR) * HOUR;
    let to = (day.from + (end - day.from + HOUR - 1).div_euclid(HOUR) * HOUR).min(day.to);
    match to - from <= MAX_PART && to > from {
        true => Range {
            from: from.max(day.from),
            to,
        },
        false => day,
    }
}

/// Returns the steps within a range, from its start.
fn points(steps: &[ConcurrencyStep], range: Range) -> Vec<Point> {
    let before = steps
        .iter()
        .take_while(|step| range.part(step.at) <= 0.0)
        .last();
    let start = (0.0, before.map_or(0, |step| step.viewers));
    let inside = steps.iter().map(|step| (range.part(step.at), step.viewers));
    let inside = inside.filter(|(part, _)| *part > 0.0 && *part < 1.0);
    [start].into_iter().chain(inside).collect()
}

/// Returns the highest number outside of a range.
fn steps_outside(steps: &[ConcurrencyStep], range: Range) -> Option<u64> {
    let next = steps
        .iter()
        .skip(1)
        .map(|step| range.part(step.at))
        .chain([f64::INFINITY]);
    let outside = steps
        .iter()
        .zip(next)
        .filter(|(step, next)| range.part(step.at) < 0.0 || *next > 1.0);
    outside
        .map(|(step, _)| step.viewers)
        .max()
        .filter(|most| *most > 0)
}

fn step_line(
    view: &View<'_>,
    points: &[Point],
    range: Range,
    peak: u64,
    label: (f64, &str),
) -> Html {
    let maximum = peak.max(1) as f64;
    let y = |viewers: u64| TOP + (HEIGHT - TOP) * (1.0 - viewers as f64 / maximum);
    let mut path = String::new();
    let mut last = String::new();
    for (part, viewers) in points {
        let (x, level) = (Px(part * WIDTH).text(), Px(y(*viewers)).text());
        if level != last {
            match path.is_empty() {
                true => path.push_str(&format!("M{x} {level}")),
                false => path.push_str(&format!("H{x}V{level}")),
            }
            last = level;
        }
    }
    let (width, height) = (Px(WIDTH), Px(HEIGHT));
    let paths = html!(
        "<path class=\"fa\" d=\"{}H{}V{}H0Z\"/><path class=\"la thin\" d=\"{}H{}\"/>",
        path,
        width,
        height,
        path,
        width
    );
    let mut body = svg::stretched(WIDTH, HEIGHT, &paths);
    let step = axis::step(maximum, 4).round().max(1.0);
    for value in axis::multiples(step, maximum) {
        body.push(svg::grid(
            TOP + (HEIGHT - TOP) * (1.0 - value / maximum),
            &whole(value),
        ));
    }
    body.push(svg::gutter(HEIGHT, "0"));
    body.push(svg::across(HEIGHT, "ax"));
    body.push(time_axis(view, range));
    let x = label.0 * 100.0;
    body.push(svg::disc(x, y(peak), 4.5));
    body.push(svg::text(
        x,
        y(peak) - 11.0,
        label.1,
        "k hl",
        Anchor::inside(x, 20.0),
    ));
    body
}

fn time_axis(view: &View<'_>, range: Range) -> Html {
    let length = range.to - range.from;
    let step = match i64::from(axis::time_step(length as f64)).max(60) {
        // 24 h in steps of 3 h.
        14_400 => 10_800,
        step => step,
    };
    let count = length / step;
    let ticks = (0..=count).map(|index| range.from + index * step);
    let mut body = Html::new();
    for (index, at) in ticks.enumerate() {
        let x = (at - range.from) as f64 / length as f64 * 100.0;
        let is_last_of_day = index > 0 && at == range.to && hour(view, at) == "00:00";
        let label = if is_last_of_day {
            "24:00".to_owned()
        } else {
            hour(view, at)
        };
        let anchor = match x {
            _ if index == 0 => Anchor::Start,
            _ if x > 96.0 => Anchor::End,
            _ => Anchor::Middle,
        };
        let class = if index % 2 == 1 { "w" } else { "" };
        body.push(svg::upright(x, HEIGHT, HEIGHT + 5.0, "ax"));
        body.push(svg::text(x, HEIGHT + 19.0, &label, class, anchor));
    }
    body
}
