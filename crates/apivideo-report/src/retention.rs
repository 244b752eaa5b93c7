//! How much of a video is watched, by position.

use apivideo_insights::{DropOff, Retention};

use crate::axis;
use crate::chapters;
use crate::curve::{Curve, highest, position_axis};
use crate::format::{count, percent, plural, tenths};
use crate::html::{Html, Px, Wide, html};
use crate::section::{Section, chart_head, numbers};
use crate::svg::{self, Anchor, Chart};
use crate::view::View;

/// The height of the chart, without the labels of the axis.
const HEIGHT: f64 = 250.0;
/// The space above the chart, for labels.
const TOP: f64 = 22.0;
/// The number of drops that are marked.
const MAX_DROPS: usize = 3;
/// The number of positions whose values are shown when the pointer is over them.
const MAX_HOVER: usize = 60;

/// Returns the section of a video.
pub(crate) fn section(view: &View<'_>, retention: &Retention, length: f64) -> Html {
    let Some(curve) = Curve::new(retention) else {
        return Html::new();
    };
    let drops = drops(retention);
    let chart = RetentionChart {
        view,
        curve: &curve,
        length,
        drops: &drops,
        plays: retention.plays,
    };
    let numbers_mark = match drops.is_empty() {
        true => "",
        false => " Numbers mark the steepest drops of the blue line.",
    };
    let explanation = html!(
        "The blue area is the share of plays that saw each moment at least once. The orange band on top adds repeats, so the outer line can pass 100 %.{}",
        numbers_mark
    );
    let section = Section {
        title: "How much of it is watched",
        finding: finding(view, &curve, length),
        explanation,
        is_wide: false,
    };
    section.render(&view.scope, &chart.figure())
}

/// The steepest drops, by position.
pub(crate) fn drops(retention: &Retention) -> Vec<DropOff> {
    let mut drops: Vec<DropOff> = retention.drops.iter().take(MAX_DROPS).copied().collect();
    drops.sort_by(|a, b| a.from_seconds.total_cmp(&b.from_seconds));
    drops
}

fn finding(view: &View<'_>, curve: &Curve, length: f64) -> Html {
    let middle = curve.unique[curve.at(0.5)];
    let at = view.clock.format(length / 2.0);
    if view.is_small() {
        let plays = view.plays();
        return html!(
            "{} of {} saw the middle ({}).",
            count((middle * plays as f64).round() as u64),
            plural(plays, "play"),
            at
        );
    }
    let repeats = curve.repeats();
    let start = curve.len() / 10;
    let mut later = repeats.get(start..).unwrap_or_default().to_vec();
    later.sort_by(f64::total_cmp);
    let typical = later.get(later.len() / 2).copied().unwrap_or(0.0);
    let most = (start..curve.len())
        .rev()
        .max_by(|a, b| repeats[*a].total_cmp(&repeats[*b]))
        .unwrap_or(0);
    let note = if repeats[most] > 0.02 && repeats[most] > 1.5 * typical && most > start {
        let at = view.clock.format((most as f64 + 0.5) * curve.seconds);
        html!(" The part seen again most is at {}.", at)
    } else if repeats[0] > 0.1 && repeats[0] > typical {
        html!(" Most repeats start again from the beginning.")
    } else {
        Html::new()
    };
    html!(
        "{} of plays saw the middle ({}).{}",
        percent(middle),
        at,
        note
    )
}

struct RetentionChart<'a> {
    view: &'a View<'a>,
    curve: &'a Curve,
    length: f64,
    drops: &'a [DropOff],
    plays: u64,
}

impl RetentionChart<'_> {
    fn figure(&self) -> Html {
        let (view, curve) = (self.view, self.curve);
        let scope = &view.scope;
        let chart = Chart {
            id: scope.id("ret"),
            title: "How much of the video was watched, by position",
            description: self.description(),
            height: HEIGHT + 26.0,
            has_gutter: true,
        };
        let unit = match view.is_small() {
            true => format!("of {}", plural(self.plays, "play")),
            false => format!("% of {}", plural(self.plays, "play")),
        };
        let chapters = chapters::within(view.asset.chapters(), self.length);
        let mut body = self.areas();
        body.push(self.grid());
        body.push(position_axis(self.length, HEIGHT, view.clock));
        body.push(chapters::lines(&chapters, self.length, TOP, HEIGHT));
        body.push(self.labels());
        body.push(self.markers());
        body.push(self.hover());
        html!(
            "<figure>{}{}{}{}{}{}</figure>",
            chart_head(scope, "Plays that watched each moment", &unit),
            chart.render(&body),
            chapters::strip(&chapters, self.length),
            self.drop_list(),
            chapters::table(view, &chapters, curve),
            self.numbers()
        )
    }

    /// Writes a share of plays: the number of plays if there are few.
    fn amount(&self, share: f64) -> String {
        match self.view.is_small() {
            true => count((share * self.plays as f64).round() as u64),
            false => percent(share),
        }
    }

    fn top(&self) -> f64 {
        (highest(&self.curve.all) * 1.02).max(1.0)
    }

    fn y(&self, share: f64) -> f64 {
        TOP + (HEIGHT - TOP) * (1.0 - share / self.top())
    }

    fn areas(&self) -> Html {
        // The last bin can be shorter than the others.
        let width = self.curve.width(self.length);
        let path =
            |values: &[f64]| svg::level_path(values.iter().map(|value| self.y(*value)), width);
        let (unique, all) = (path(&self.curve.unique), path(&self.curve.all));
        let base = Px(HEIGHT);
        let paths = html!(
            "<path class=\"fb\" d=\"{}V{}H0Z\"/><path class=\"fa\" d=\"{}V{}H0Z\"/><path class=\"lb\" d=\"{}\"/><path class=\"la\" d=\"{}\"/>",
            all,
            base,
            unique,
            base,
            all,
            unique
        );
        svg::stretched(width, HEIGHT, &paths)
    }

    fn grid(&self) -> Html {
        let top = self.top();
        let plays = self.plays as f64;
        let step = match (self.view.is_small(), top <= 1.3) {
            (true, _) => axis::step(top * plays, 4).round().max(1.0) / plays,
            (false, true) => 0.25,
            (false, false) => axis::step(highest(&self.curve.all), 4),
        };
        let lines = axis::multiples(step, top).into_iter();
        let lines = lines.map(|value| svg::grid(self.y(value), &self.amount(value)));
        lines.chain([svg::gutter(HEIGHT, "0")]).collect()
    }

    /// Names of the areas, where they are wide enough.
    fn labels(&self) -> Html {
        let curve = self.curve;
        let mut body = Html::new();
        let places = [0.42, 0.3, 0.55, 0.2, 0.7].map(|part| curve.at(part));
        let is_wide = |bin: &usize| HEIGHT - self.y(curve.unique[*bin]) >= 26.0;
        let x = |bin: usize| bin as f64 / curve.len() as f64 * 100.0;
        if let Some(bin) = places.into_iter().find(is_wide) {
            let y = self.y(curve.unique[bin] * 0.5) + 4.0;
            body.push(svg::text(
                x(bin),
                y,
                "Watched at least once",
                "ta",
                Anchor::Middle,
            ));
        }
        if let Some(bin) = repeated_at(curve) {
            // Clear of the line over the width of the text on a phone.
            let width = curve.at(0.32);
            let near = bin.saturating_sub(width)..(bin + width + 1).min(curve.len());
            let y = self.y(highest(&curve.all[near])) - 9.0;
            let anchor = Anchor::inside(x(bin), 16.0);
            body.push(svg::text(x(bin), y, "Watched again", "tb hl", anchor));
        }
        body
    }

    fn markers(&self) -> Html {
        let markers = self.drops.iter().enumerate().map(|(index, drop)| {
            let middle = (drop.from_seconds + drop.to_seconds) / 2.0;
            let x = (middle / self.length * 100.0).clamp(0.0, 100.0);
            let y = self.y(self.curve.unique[self.curve.bin(middle)]);
            let number = svg::text(x, y + 4.0, &(index + 1).to_string(), "mt", Anchor::Middle);
            [svg::disc(x, y, 9.0), number].into_iter().collect::<Html>()
        });
        markers.collect()
    }

    /// Invisible columns with the values of their position.
    fn hover(&self) -> Html {
        let curve = self.curve;
        let columns = MAX_HOVER.min(curve.len());
        let width = 100.0 / columns as f64;
        let columns = (0..columns).map(|index| {
            let bin = curve.at((index as f64 + 0.5) * width / 100.0);
            let at = self.view.clock.format(bin as f64 * curve.seconds);
            html!(
                "<rect class=\"hv\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"><title>{}: {} once, {} with repeats</title></rect>",
                Wide(index as f64 * width), Px(TOP), Wide(width), Px(HEIGHT - TOP),
                at, self.amount(curve.unique[bin]), self.amount(curve.all[bin])
            )
        });
        columns.collect()
    }

    fn description(&self) -> String {
        let curve = self.curve;
        let clock = self.view.clock;
        let plays = if self.view.is_small() {
            "plays"
        } else {
            "of plays"
        };
        let mut text = format!(
            "{} {plays} at the start, {} at the end ({}). With repeats at most {}.",
            self.amount(curve.unique[0]),
            self.amount(curve.unique[curve.len() - 1]),
            clock.format(self.length),
            self.amount(highest(&curve.all))
        );
        for (index, drop) in self.drops.iter().enumerate() {
            text.push_str(&format!(
                " Drop {}: {} of plays between {} and {}.",
                index + 1,
                percent(drop.points / 100.0),
                clock.format(drop.from_seconds),
                clock.format(drop.to_seconds)
            ));
        }
        text
    }

    fn drop_list(&self) -> Html {
        if self.drops.is_empty() {
            return Html::new();
        }
        let clock = self.view.clock;
        let drops: Html = self
            .drops
            .iter()
            .enumerate()
            .map(|(index, drop)| {
                html!(
                    "<li><i>{}</i><b>{}–{}</b> loses {} points</li>",
                    index + 1,
                    clock.format(drop.from_seconds),
                    clock.format(drop.to_seconds),
                    tenths_of(drop.points)
                )
            })
            .collect();
        html!("<ol class=\"drops\">{}</ol>", drops)
    }

    fn numbers(&self) -> Html {
        let curve = self.curve;
        let repeats = curve.repeats();
        let rows = (0..=20_u32).map(|part| {
            let part = f64::from(part) / 20.0;
            let bin = curve.at(part);
            vec![
                self.view.clock.format(part * self.length),
                self.amount(curve.unique[bin]),
                self.amount(curve.all[bin]),
                self.amount(repeats[bin]),
            ]
        });
        let columns = [
            "Position",
            "Watched at least once",
            "With repeats",
            "Repeats",
        ];
        let name = "The numbers, every 5 % of the video";
        numbers(&self.view.scope, name, name, &columns, rows)
    }
}

/// Returns where the area of repeats is named: right of the middle if there are some, else where there are most.
fn repeated_at(curve: &Curve) -> Option<usize> {
    const SEEN: f64 = 0.02;
    let repeats = curve.repeats();
    let places = [0.64, 0.5, 0.36].map(|part| curve.at(part));
    let most = (0..curve.len())
        .rev()
        .max_by(|a, b| repeats[*a].total_cmp(&repeats[*b]));
    let mut places = places.into_iter().chain(most);
    places.find(|bin| repeats[*bin] > SEEN)
}

/// Points always have a decimal, so that they can be compared.
fn tenths_of(points: f64) -> String {
    match tenths(points) {
        text if text.contains('.') => text,
        text => format!("{text}.0"),
    }
}
