//! Audiences from a lake.

use std::ffi::OsStr;
use std::path::Path;
use std::thread;

use apivideo::jiff::tz::TimeZone;
use apivideo::{AssetId, Period};
use apivideo_insights::Audience;
use apivideo_lake::{Coverage, LakeReader};
use tokio::sync::oneshot;

use super::Request;
use crate::args::ResolvedPeriod;
use crate::clock;
use crate::command_line::shell_line;
use crate::context::Context;
use crate::failure::{Failure, with_cause};
use crate::stderr::print_warning;

pub(super) async fn read(
    context: &Context<'_>,
    folder: &Path,
    request: Request<'_>,
) -> Result<Option<Audience>, Failure> {
    let mut reader = LakeReader::new(folder).with_assets(request.assets.iter().cloned());
    if let Some(period) = request.period {
        reader = reader.with_period(period.utc_days);
    }
    for coverage in reader.coverage()? {
        check(context, folder, &coverage, request.period)?;
    }
    let settings = request.settings;
    in_thread(context, move || reader.audience(settings)).await
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

/// Returns an error if the lake has nothing of an asset in the period, and warns of missing days.
fn check(
    context: &Context<'_>,
    folder: &Path,
    coverage: &Coverage,
    period: Option<&ResolvedPeriod>,
) -> Result<(), Failure> {
    let (shown, asset) = (folder.display(), &coverage.asset);
    let pull = |period: Option<Period>| {
        let period = period.or_else(|| period_of(coverage));
        format!("`{}`", pull_command(folder, asset, period))
    };
    if coverage.days.is_empty() {
        let period = coverage.missing.first().copied();
        return Err(
            Failure::usage(format!("the lake {shown} does not have {asset}"))
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
            "the lake {shown} has no day of {} of {asset}; it has {}",
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
            "the lake {shown} does not have all days of the period of {asset}: {} missing; to download them, run {}",
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

/// Returns the command that adds the days of an asset to the lake.
fn pull_command(folder: &Path, asset: &AssetId, period: Option<Period>) -> String {
    let option = match asset {
        AssetId::LiveStream(_) => "--live-stream",
        _ => "--video",
    };
    let period = period.map(|period| period.to_string());
    let mut arguments: Vec<&OsStr> = vec![
        "pull".as_ref(),
        "--out".as_ref(),
        folder.as_os_str(),
        option.as_ref(),
        asset.as_str().as_ref(),
    ];
    if let Some(period) = &period {
        arguments.extend(["--period".as_ref(), OsStr::new(period)]);
    }
    shell_line("apivideo", &arguments)
}
