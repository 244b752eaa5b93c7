//! Two retention curves on one axis, from the start to the end of each video.

use apivideo::AssetId;
use apivideo_insights::RetentionBin;
use serde::Serialize;

use super::curve::{Curve, bins_of, length, read};
use crate::args::Comparison;
use crate::chart::{Axis, Lines, Point, Tick};
use crate::commands::questions::Asked;
use crate::commands::questions::answer::{Answer, Form};
use crate::commands::questions::figures::{number, share};
use crate::commands::questions::page::Page;
use crate::commands::questions::quality::FEW_PLAYS;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::schema::CellKind::{Exact, Number};
use crate::output::schema::ItemSchema;
use crate::source::report_unreadable;

/// The number of points of the common axis.
const POINTS: usize = 100;

/// Both curves at a share of the length.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Row {
    from_percent: f64,
    to_percent: f64,
    first: Option<f64>,
    first_lower: Option<f64>,
    first_upper: Option<f64>,
    second: Option<f64>,
    second_lower: Option<f64>,
    second_upper: Option<f64>,
    /// `second` − `first`.
    difference: Option<f64>,
    /// Whether the 95 % intervals have no value in common.
    is_distinct: Option<bool>,
}

#[derive(Debug, Serialize)]
struct Compared {
    curves: [Curve; 2],
    points: Vec<Row>,
}

pub(super) fn schema() -> ItemSchema {
    let fields = [
        ("fromPercent", Number),
        ("toPercent", Number),
        ("first", Number),
        ("firstLower", Number),
        ("firstUpper", Number),
        ("second", Number),
        ("secondLower", Number),
        ("secondUpper", Number),
        ("difference", Number),
        ("isDistinct", Exact),
    ];
    let table = [
        ("fromPercent", 0),
        ("toPercent", 5),
        ("first", 1),
        ("second", 2),
        ("difference", 3),
        ("isDistinct", 4),
    ];
    ItemSchema::of_result(("point", "points"), &fields, &table)
}

/// Reads both curves, and writes them.
pub(super) async fn run(
    context: &Context<'_>,
    answer: &Answer<'_>,
    mut asked: Asked<'_>,
    with: &Comparison,
) -> Result<Exit, Failure> {
    let video = asked.assets.first().map(ToString::to_string);
    let (mut names, mut settings) = (
        [video.clone().unwrap_or_default(), String::new()],
        [asked.settings(), asked.settings()],
    );
    let mut second = (asked.assets.clone(), asked.period.clone());
    match with {
        Comparison::Video(id) => {
            names[1] = format!("video/{id}");
            second.0 = vec![AssetId::from(id)];
        }
        Comparison::Cohort(filter) => {
            names = [format!("without {filter}"), filter.to_string()];
            let [all, cohort] = settings;
            settings = [all.exclude(filter.clone()), cohort.only(filter.clone())];
        }
        Comparison::Period(period) => {
            let zone = asked.question.zone();
            let period = period.resolve(asked.source.now(), &zone)?;
            names = [
                asked
                    .period
                    .as_ref()
                    .map_or_else(String::new, |first| first.days.to_string()),
                period.days.to_string(),
            ];
            second.1 = Some(period);
        }
    }
    let mut page = match answer.form {
        Form::Page => Some(asked.page(context).await),
        _ => None,
    };
    let mut curves = Vec::new();
    for (name, settings) in names.into_iter().zip(settings) {
        let Some(curve) = read(context, &asked, settings, name.clone()).await? else {
            return Ok(Exit::Interrupted);
        };
        let Some(curve) = curve else {
            return Err(Failure::failed(format!(
                "there is nothing to compare: {name} has no play in the period"
            )));
        };
        curves.push(curve);
        (asked.assets, asked.period) = second.clone();
    }
    let Ok(curves) = <[Curve; 2]>::try_from(curves) else {
        return Err(Failure::failed("two curves are needed"));
    };
    let unreadable = curves.iter().map(|curve| curve.unreadable).sum();
    let points = points(&curves);
    match (answer.form, &mut page) {
        (Form::Page, Some(page)) => {
            write(page, &curves, &points);
            crate::output::print(&std::mem::replace(page, Page::of_stdout()).finish())?;
        }
        (Form::Rows(format), _) => answer.write_rows(format, &points)?,
        _ => answer.write_object(&Compared { curves, points })?,
    }
    Ok(report_unreadable(unreadable))
}

/// Returns the bin in the middle of a point.
fn bin(bins: &[RetentionBin], point: usize, points: usize) -> Option<&RetentionBin> {
    let bins = bins_of(bins, point, points);
    bins.get(bins.len() / 2)
}

fn points([first, second]: &[Curve; 2]) -> Vec<Row> {
    (0..POINTS)
        .filter_map(|point| {
            let first = bin(&first.bins, point, POINTS)?;
            let second = bin(&second.bins, point, POINTS)?;
            let is_distinct = || {
                Some(
                    first.unique_upper? < second.unique_lower?
                        || second.unique_upper? < first.unique_lower?,
                )
            };
            Some(Row {
                from_percent: 100.0 * point as f64 / POINTS as f64,
                to_percent: 100.0 * (point + 1) as f64 / POINTS as f64,
                first: first.unique,
                first_lower: first.unique_lower,
                first_upper: first.unique_upper,
                second: second.unique,
                second_lower: second.unique_lower,
                second_upper: second.unique_upper,
                difference: first
                    .unique
                    .zip(second.unique)
                    .map(|(one, other)| other - one),
                is_distinct: is_distinct(),
            })
        })
        .collect()
}

fn write(page: &mut Page, curves: &[Curve; 2], points: &[Row]) {
    let theme = page.theme();
    let markers = Lines::markers(theme);
    for (curve, marker) in curves.iter().zip(markers) {
        page.line(&format!(
            "{marker} {}: {} plays, {}",
            curve.name,
            number(curve.plays),
            length(curve)
        ));
    }
    page.blank();
    let axis = Axis {
        labels: ["100 %", "50 %", "0"].map(str::to_owned),
        ticks: [
            (0.0, "start"),
            (0.25, "25 %"),
            (0.5, "50 %"),
            (0.75, "75 %"),
            (1.0, "end"),
        ]
        .map(|(at, label)| Tick {
            at,
            label: label.to_owned(),
        })
        .to_vec(),
    };
    let width = axis.plot_width(theme);
    let series = |curve: &Curve| -> Vec<Point> {
        (0..width)
            .map(|column| {
                let bin = bin(&curve.bins, column, width);
                let value = |value: fn(&RetentionBin) -> Option<f64>| {
                    bin.and_then(value).unwrap_or_default()
                };
                Point {
                    value: value(|bin| bin.unique),
                    lower: value(|bin| bin.unique_lower),
                    upper: value(|bin| bin.unique_upper),
                }
            })
            .collect()
    };
    let [first, second] = [series(&curves[0]), series(&curves[1])];
    let lines = Lines {
        first: &first,
        second: &second,
        height: if theme.width < 60 { 10 } else { 14 },
        max: 1.0,
        axis: &axis,
    };
    page.push(&lines.render(theme));
    let shades = theme.either("░ ▒", ". :");
    page.dim(&format!(
        "{} both curves   {shades} 95 % intervals of the share of plays that watched this part",
        markers[2]
    ));
    page.blank();
    page.push(&table(page, points));
    page.dim("* the 95 % intervals have no value in common");
    if curves.iter().any(|curve| curve.plays < FEW_PLAYS) {
        page.blank();
        page.line(&format!(
            "A curve has fewer than {FEW_PLAYS} plays: its intervals are wide."
        ));
    }
}

/// Returns every tenth point as a row.
fn table(page: &Page, points: &[Row]) -> String {
    let markers = Lines::markers(page.theme());
    let mut text = format!(
        "{:>6}  {:>6}  {:>6}  {:>10}\n",
        "at", markers[0], markers[1], "difference"
    );
    let shown = |value: Option<f64>| value.map_or_else(String::new, share);
    for percent in (0..100).step_by(10).chain([99]) {
        let Some(point) = points.get(percent) else {
            continue;
        };
        let at = if percent == 99 {
            "end".to_owned()
        } else {
            format!("{percent} %")
        };
        let difference = point.difference.map_or_else(String::new, |difference| {
            let points = (difference * 100.0).round();
            let sign = if points > 0.0 { "+" } else { "" };
            // The minus sign of a page.
            let points = format!("{sign}{points:.0}")
                .replace('-', "−")
                .replace("−0", "0");
            match point.is_distinct {
                Some(true) => format!("{points:>3} points *"),
                _ => format!("{points:>3} points"),
            }
        });
        text += page
            .shown(&format!(
                "{at:>6}  {:>6}  {:>6}  {difference}",
                shown(point.first),
                shown(point.second)
            ))
            .trim_end();
        text.push('\n');
    }
    text
}
