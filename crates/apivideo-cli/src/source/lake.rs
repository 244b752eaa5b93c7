//! Audiences from a lake.

use std::ffi::OsStr;
use std::path::Path;
use std::thread;

use apivideo::jiff::tz::TimeZone;
use apivideo::{AssetId, Period};
use apivideo_insights::Audience;
use apivideo_lake::{Coverage, LakeReader, Location};
use tokio::sync::oneshot;

use super::request::Request;
use crate::args::ResolvedPeriod;
use crate::clock;
use crate::command_line::shell_line;
use crate::context::Context;
use crate::failure::{Failure, with_cause};
use crate::stderr::print_warning;

pub(super) async fn read(
    context: &Context<'_>,
    lake: &Location,
    request: Request<'_>,
) -> Result<Option<Audience>, Failure> {
    let mut reader = LakeReader::new(lake).with_assets(request.assets.iter().cloned());
    if let Some(period) = request.period {
        reader = reader.with_period(period.utc_days);
    }
    let coverage = reader.coverage()?;
    for coverage in summarized(coverage) {
        check(context, lake, &coverage, request.period)?;
    }
    if let Some(sample) = reader.sample()? {
        print_warning(&format!(
            "the lake {lake} has the events of a sample of {sample} of the sessions: multiply counts and durations by {} to \
             estimate those of all sessions",
            sample.factor()
        ));
    }
    let settings = request.settings;
    in_thread(context, move || reader.audience(settings)).await
}

/// Returns the videos and the live streams of which the lake has a day.
pub(super) fn assets(
    lake: &Location,
    videos: bool,
    live_streams: bool,
) -> Result<Vec<AssetId>, Failure> {
    let is_chosen = |asset: &AssetId| match asset {
        AssetId::Video(_) => videos,
        AssetId::LiveStream(_) => live_streams,
        _ => false,
    };
    let all = LakeReader::new(lake).coverage()?.into_iter();
    Ok(all
        .map(|coverage| coverage.asset)
        .filter(is_chosen)
        .collect())
}

/// Runs a function that reads files in a thread, so that the command can be interrupted. Returns `None` in this case.
pub(crate) async fn in_thread<T: Send + 'static>(
    context: &Context<'_>,
    read: impl FnOnce() -> apivideo_lake::Result<T> + Send + 'static,
) -> Result<Option<T>, Failure> {
    let (sender, receiver) = oneshot::channel();
    thread::Builder::new()
        .name("lake".to_owned())
        .spawn(move || {
            // The receiver is dropped if the command was interrupted.
            let _ = sender.send(read());
        })
        .map_err(|error| Failure::failed(with_cause("cannot start a thread", error)))?;
    match context.stop.run_until(receiver).await {
        None => Ok(None),
        Some(Ok(result)) => Ok(Some(result?)),
        Some(Err(_)) => Err(Failure::failed(
            "cannot read the lake: its thread has ended",
        )),
    }
}

/// Returns one of the assets whose days are the same: a lake of all assets has one warning.
fn summarized(coverage: Vec<Coverage>) -> Vec<Summary> {
    let mut summaries: Vec<Summary> = Vec::new();
    for coverage in coverage {
        let same = summaries.iter_mut().find(|summary| {
            summary.coverage.days == coverage.days
                && summary.coverage.missing == coverage.missing
                && summary.coverage.mutable == coverage.mutable
                && summary.coverage.problems == coverage.problems
        });
        match same {
            Some(summary) => summary.others += 1,
            None => summaries.push(Summary {
                coverage,
                others: 0,
            }),
        }
    }
    summaries
}

/// What a lake has of an asset, and the number of others of which it has the same.
struct Summary {
    coverage: Coverage,
    others: usize,
}

/// Returns an error if the lake has nothing of an asset in the period, and warns of missing days.
fn check(
    context: &Context<'_>,
    lake: &Location,
    summary: &Summary,
    period: Option<&ResolvedPeriod>,
) -> Result<(), Failure> {
    let coverage = &summary.coverage;
    let id = &coverage.asset;
    let asset = match summary.others {
        0 => id.to_string(),
        1 => format!("{id} and another asset"),
        others => format!("{id} and {others} other assets"),
    };
    let pull = |period: Option<Period>| {
        let period = period.or_else(|| period_of(coverage));
        format!(
            "`{}`",
            pull_command(lake, (summary.others == 0).then_some(id), period)
        )
    };
    if coverage.days.is_empty() {
        let period = coverage.missing.first().copied();
        return Err(
            Failure::usage(format!("the lake {lake} does not have {asset}"))
                .with_hint(format!("to download it, run {}", pull(period))),
        );
    }
    let Some(period) = period else {
        return Ok(());
    };
    let today = TimeZone::UTC.to_datetime(clock::timestamp()).date();
    let missing: Vec<&Period> = coverage
        .missing
        .iter()
        .filter(|days| days.first_day() <= today)
        .collect();
    let is_whole = |days: &&Period| {
        days.first_day() == period.utc_days.first_day()
            && days.last_day() == period.utc_days.last_day()
    };
    if coverage.missing.iter().any(|days| is_whole(&days)) {
        return Err(Failure::usage(format!(
            "the lake {lake} has no day of {} of {asset}; it has {}",
            period.days,
            joined(&coverage.days)
        ))
        .with_hint(format!(
            "to download these days, run {}",
            pull(Some(period.utc_days))
        )));
    }
    if let Some(first) = missing.first() {
        print_warning(&format!(
            "the lake {lake} does not have all days of the period of {asset}: {} missing; to download them, run {}",
            match missing.len() {
                1 => format!("{first} is"),
                _ => format!("{} are", joined(missing.iter().copied())),
            },
            pull(Some(period.utc_days))
        ));
    }
    for problem in &coverage.problems {
        print_warning(problem);
    }
    if !coverage.mutable.is_empty() {
        context.print_note(&format!(
            "{asset}: {} can still change, and the next pull updates them",
            joined(&coverage.mutable)
        ));
    }
    Ok(())
}

/// Returns the days that the lake has, as one period.
fn period_of(coverage: &Coverage) -> Option<Period> {
    let (first, last) = (coverage.days.first()?, coverage.days.last()?);
    Period::range(first.first_day(), last.last_day()).ok()
}

fn joined<'p>(periods: impl IntoIterator<Item = &'p Period>) -> String {
    let periods: Vec<String> = periods.into_iter().map(Period::to_string).collect();
    periods.join(", ")
}

/// Returns the command that adds the days of an asset, or of all assets, to the lake.
fn pull_command(lake: &Location, asset: Option<&AssetId>, period: Option<Period>) -> String {
    let period = period.map(|period| period.to_string());
    let shown = lake.to_string();
    let out = lake.path().map_or(OsStr::new(&shown), Path::as_os_str);
    let mut arguments: Vec<&OsStr> = vec!["pull".as_ref(), "--out".as_ref(), out];
    if let Some(asset) = asset {
        let option = match asset {
            AssetId::LiveStream(_) => "--live-stream",
            _ => "--video",
        };
        arguments.extend([OsStr::new(option), OsStr::new(asset.as_str())]);
    }
    if let Some(period) = &period {
        arguments.extend(["--period".as_ref(), OsStr::new(period)]);
    }
    shell_line("apivideo", &arguments)
}
