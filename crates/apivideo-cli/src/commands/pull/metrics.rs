//! The metrics file of `apivideo pull`: the last run in the OpenMetrics text format.
//!
//! All metrics are gauges of the last run, labelled with the lake, so that the files of several lakes can be collected together.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicU64;

use apivideo::Timestamp;
use apivideo::jiff::civil::Date;
use apivideo::jiff::tz::TimeZone;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::{Registry, Unit};

use super::summary::Summary;
use crate::failure::{Failure, with_cause};
use crate::folder;

/// The time of the last successful run.
const LAST_SUCCESS: &str = "apivideo_pull_last_success_timestamp_seconds";

/// The last day up to which everything is complete.
const COMPLETE_UNTIL: &str = "apivideo_pull_complete_until_timestamp_seconds";

/// Values of an earlier run that a file keeps if a later run has none.
#[derive(Clone, Copy, Debug, Default)]
struct Kept {
    last_success: Option<f64>,
    complete_until: Option<f64>,
}

/// Checks that the file can be written, before anything is done.
pub(super) fn check(path: &Path) -> Result<(), Failure> {
    target(path)
        .and_then(|path| temporary(&path).map(drop))
        .map_err(|error| Failure::usage(with_cause(cannot_write(path), error)))
}

/// Returns the file to replace: that of a link is the one that it names. Devices and folders are not replaced.
fn target(path: &Path) -> io::Result<PathBuf> {
    match fs::metadata(path) {
        Ok(metadata) if metadata.is_file() => fs::canonicalize(path),
        Ok(_) => Err(io::Error::other("it is not a regular file")),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(path.to_owned()),
        Err(error) => Err(error),
    }
}

/// Replaces the file with the metrics of a run.
pub(super) fn write(path: &Path, summary: &Summary) -> Result<(), Failure> {
    let failed = |error: io::Error| Failure::failed(with_cause(cannot_write(path), error));
    let target = target(path).map_err(failed)?;
    let before = fs::read_to_string(&target).unwrap_or_default();
    let formatted = |kept| format(summary, kept).map_err(|error| failed(io::Error::other(error)));
    let labels = labels_of(&formatted(Kept::default())?);
    let mut kept = Kept {
        last_success: value_of(&before, LAST_SUCCESS, &labels),
        complete_until: value_of(&before, COMPLETE_UNTIL, &labels),
    };
    if summary.exit_code == 0 {
        kept.last_success = Some(seconds(summary.ended));
    }
    let text = formatted(kept)?;
    let mut file = temporary(&target).map_err(failed)?;
    file.write_all(text.as_bytes()).map_err(failed)?;
    file.persist(&target).map_err(|error| failed(error.error))?;
    Ok(())
}

fn cannot_write(path: &Path) -> String {
    format!("cannot write the metrics to {}", path.display())
}

/// Creates a file beside the metrics file that other users can read, as the collector does.
fn temporary(path: &Path) -> io::Result<tempfile::NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".apivideo-").suffix(".tmp");
    let file = builder.tempfile_in(folder::parent(path))?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // Whatever the umask of the service is.
        file.as_file()
            .set_permissions(fs::Permissions::from_mode(0o644))?;
    }
    Ok(file)
}

/// Returns the metrics as text, which ends with `# EOF`.
fn format(summary: &Summary, kept: Kept) -> Result<String, std::fmt::Error> {
    let lake = ("lake".into(), summary.folder.clone().into());
    let mut registry = Registry::with_labels([lake].into_iter());
    let registry_of_pull = registry.sub_registry_with_prefix("apivideo_pull");
    let mut gauge = |name: &str, help: &str, unit: Option<Unit>, value: f64| {
        let metric = Gauge::<f64, AtomicU64>::default();
        metric.set(value);
        match unit {
            Some(unit) => registry_of_pull.register_with_unit(name, help, unit, metric),
            None => registry_of_pull.register(name, help, metric),
        }
    };
    let seconds_unit = || Some(Unit::Seconds);
    gauge(
        "last_start_timestamp",
        "When the last run started, as Unix time",
        seconds_unit(),
        seconds(summary.started),
    );
    gauge(
        "last_end_timestamp",
        "When the last run ended, as Unix time",
        seconds_unit(),
        seconds(summary.ended),
    );
    if let Some(at) = kept.last_success {
        gauge(
            "last_success_timestamp",
            "When the last run with the exit code 0 ended, as Unix time",
            seconds_unit(),
            at,
        );
    }
    let until = summary.complete_until.as_deref();
    let until = until.and_then(|day| end_of_day(day.parse().ok()?));
    if let Some(at) = until.map(seconds).or(kept.complete_until) {
        gauge(
            "complete_until_timestamp",
            "The end of the last day up to which everything is complete and final, as Unix time",
            seconds_unit(),
            at,
        );
    }
    gauge(
        "duration",
        "The duration of the last run",
        seconds_unit(),
        summary.duration_seconds,
    );
    gauge(
        "success",
        "Whether the last run had the exit code 0",
        None,
        f64::from(u8::from(summary.exit_code == 0)),
    );
    gauge(
        "exit_code",
        "The exit code of the last run",
        None,
        f64::from(summary.exit_code),
    );
    gauge(
        "waited",
        "The time in which requests of the last run waited for the rate limit or a retry",
        seconds_unit(),
        number(summary.waited_seconds),
    );
    gauge(
        "written",
        "The size of the files that the last run wrote",
        Some(Unit::Bytes),
        number(summary.bytes_written),
    );
    for (name, help, value) in [
        (
            "attempts",
            "Attempts of the last run, including those resumed by --retry-for",
            summary.attempts,
        ),
        (
            "requests",
            "Requests of the last run, including retries",
            summary.requests,
        ),
        (
            "retries",
            "Requests of the last run that were retried",
            summary.retries,
        ),
        (
            "waits",
            "Requests of the last run that waited for the rate limit",
            summary.waits,
        ),
        (
            "sessions",
            "Sessions that the last run received",
            summary.sessions,
        ),
        (
            "days_written",
            "Days whose files the last run wrote",
            summary.days_written,
        ),
        (
            "rows_written",
            "Rows of the files that the last run wrote",
            summary.rows_written,
        ),
        (
            "invalid_records",
            "Records that the last run could not decode",
            summary.invalid,
        ),
        (
            "sessions_without_events",
            "Sessions whose events the last run could not read",
            summary.without_events,
        ),
    ] {
        gauge(name, help, None, number(value));
    }
    let mut text = String::new();
    encode(&mut text, &registry)?;
    Ok(text)
}

fn seconds(at: Timestamp) -> f64 {
    at.as_duration().as_secs_f64()
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a sample is a floating-point number; counts are smaller than 2^53"
)]
fn number(count: u64) -> f64 {
    count as f64
}

fn end_of_day(day: Date) -> Option<Timestamp> {
    let next = day.tomorrow().ok()?;
    let start = TimeZone::UTC.to_timestamp(next.at(0, 0, 0, 0));
    start.ok()
}

/// Returns the labels of the metrics in a text, with the braces.
fn labels_of(text: &str) -> String {
    let mut lines = text.lines().filter(|line| !line.starts_with('#'));
    let labels = lines.find_map(|line| line.get(line.find('{')?..=line.rfind('}')?));
    labels.unwrap_or_default().to_owned()
}

/// Returns the time in an earlier file of the same lake, by the name and the labels of its metric.
fn value_of(text: &str, name: &str, labels: &str) -> Option<f64> {
    let mut lines = text.lines();
    let value = lines.find_map(|line| {
        let rest = line.strip_prefix(name)?.strip_prefix(labels)?;
        rest.strip_prefix(' ')
    })?;
    let value: f64 = value.parse().ok()?;
    (value.is_finite() && value > 0.0).then_some(value)
}
