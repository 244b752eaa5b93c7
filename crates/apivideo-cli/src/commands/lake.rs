//! Code shared by the lake commands.

use std::error::Error as _;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use apivideo_lake::{Error, ErrorKind, Location, Privacy, Pull, Selection};
use etcetera::BaseStrategy;
use serde::Serialize;

use super::list;
use crate::args::{Lake, Lock};
use crate::command_line;
use crate::connection::Connection;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::{Failure, with_cause};
use crate::key::warn_if_others_can_read;
use crate::output::schema::ItemSchema;
use crate::progress::count;
use crate::stderr::{print_problem, print_warning};

/// The maximum size of a salt file.
const MAX_BYTES: u64 = 64 * 1024;

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let exit = match error.kind() {
            ErrorKind::Input => Exit::Usage,
            ErrorKind::Locked => Exit::Locked,
            ErrorKind::Service => error.service().map_or(Exit::Failed, Exit::from_error),
            _ => Exit::Failed,
        };
        Self::new(exit, error)
    }
}

/// Returns where the lake and its unfinished work are.
pub(super) fn location(arguments: &Lake) -> Result<Location, Failure> {
    let location = arguments.out.clone();
    Ok(match &arguments.staging {
        Some(folder) => location.with_staging(folder),
        None if location.is_url() => location.with_staging(default_staging()?),
        None => location,
    })
}

/// Prints where the unfinished work of a pull is, unless it is in the lake.
pub(super) fn print_staging(context: &Context<'_>, location: &Location) {
    if let Some(folder) = location.staging()
        && location.path() != Some(&*folder)
    {
        context.print_note(&format!("unfinished work is in {}", folder.display()));
    }
}

/// Returns the default folder of the unfinished work of lakes at URLs: in the platform's folder for state.
fn default_staging() -> Result<PathBuf, Failure> {
    let strategy = etcetera::base_strategy::choose_native_strategy().map_err(|error| {
        let message = with_cause("cannot find the folder for state of this user", error);
        Failure::usage(message).with_hint("set a folder for unfinished work with --staging")
    })?;
    let state = strategy.state_dir().unwrap_or_else(|| strategy.data_dir());
    Ok(state.join("apivideo").join("staging"))
}

/// Removes the lock of a killed process if that is requested.
pub(super) fn break_lock(location: &Location, arguments: &Lock) -> Result<(), Failure> {
    if arguments.break_lock
        && let Some(holder) = location.break_lock()?
    {
        print_warning(&format!("removed the lock of {holder} from {location}"));
    }
    Ok(())
}

/// Returns the location with its staging folder, after its lock was removed if that is requested.
pub(super) fn unlocked(
    location: &Location,
    staging: Option<&Path>,
    lock: &Lock,
) -> Result<Location, Failure> {
    let mut location = location.clone();
    if let Some(folder) = staging {
        location = location.with_staging(folder);
    }
    break_lock(&location, lock)?;
    Ok(location)
}

/// Prints the result of a command and its problems, and fails if there are any. `failed` is what they have in common.
pub(super) fn print_result<R: Serialize>(
    context: &Context<'_>,
    schema: &ItemSchema,
    row: &R,
    problems: &[String],
    failed: &str,
) -> Result<Exit, Failure> {
    for problem in problems {
        print_problem(problem);
    }
    list::print_items(context, schema, std::slice::from_ref(row))?;
    match problems.len() as u64 {
        0 => Ok(Exit::Done),
        n => Err(Failure::failed(format!(
            "{failed} ({}, see above)",
            count(n, ("problem", "problems"))
        ))),
    }
}

/// Returns the pull that the arguments describe.
pub(super) fn pull(
    context: &Context<'_>,
    connection: &Connection,
    location: Location,
    arguments: &Lake,
) -> Result<Pull, Failure> {
    let now = connection.now();
    let mut pull = Pull::new(&connection.client, location)
        .as_of(arguments.as_of.unwrap_or(now))
        .with_page_size(context.settings.page_size.value)
        .with_command(command_line::apivideo(&command_line::resume_arguments()))
        .with_selection(selection(arguments))
        .with_lag(arguments.lag)
        .with_privacy(privacy(arguments)?);
    // Simulated data has its own time: --as-of may be in the future of this machine.
    if !context.options.simulate {
        pull = pull.with_clock(now);
    }
    if let Some(period) = arguments.period {
        let as_of = arguments.as_of.unwrap_or(now);
        pull = pull.with_period(period.utc_days(as_of)?);
    }
    if let Some(day) = arguments.since {
        pull = pull.with_since(day);
    }
    if let Some(format) = arguments.format {
        pull = pull.with_format(format);
    }
    if arguments.delta {
        pull = pull.with_delta();
    }
    if let Some(requests) = arguments.max_requests {
        pull = pull.with_max_requests(requests);
    }
    if arguments.no_events {
        pull = pull.without_events();
    }
    if let Some(sample) = arguments.sample {
        pull = pull.with_sample(sample);
    }
    if arguments.skip_unplayed {
        pull = pull.with_skip_unplayed();
    }
    if arguments.aggregates {
        pull = pull.with_aggregates();
    }
    if arguments.accept_invalid {
        pull = pull.with_accept_invalid();
    }
    if arguments.reread {
        pull = pull.with_reread();
    }
    Ok(pull)
}

fn selection(arguments: &Lake) -> Selection {
    let is_chosen = arguments.all_videos
        || arguments.all_live_streams
        || !arguments.video.is_empty()
        || !arguments.live_stream.is_empty();
    if !is_chosen {
        return Selection::default();
    }
    let mut selection = Selection::none();
    if arguments.all_videos {
        selection = selection.with_all_videos();
    }
    if arguments.all_live_streams {
        selection = selection.with_all_live_streams();
    }
    for id in &arguments.video {
        selection = selection.with_video(id.clone());
    }
    for id in &arguments.live_stream {
        selection = selection.with_live_stream(id.clone());
    }
    selection
}

fn privacy(arguments: &Lake) -> Result<Privacy, Failure> {
    let mut privacy = Privacy::new();
    for field in &arguments.drop {
        privacy = privacy.drop(field)?;
    }
    if let Some(path) = &arguments.salt_file {
        let salt = salt(path)?;
        for field in &arguments.hash {
            privacy = privacy.hash(field, &salt)?;
        }
    }
    Ok(privacy)
}

/// Returns the salt in a file.
pub(super) fn salt(path: &Path) -> Result<Vec<u8>, Failure> {
    read_salt(path).map_err(|error| {
        Failure::usage(with_cause(
            format!("cannot read the salt from {}", path.display()),
            error,
        ))
    })
}

/// Returns the content of the file without a final line break, which editors add.
fn read_salt(path: &Path) -> io::Result<Vec<u8>> {
    let file = File::open(path)?;
    warn_if_others_can_read("the salt", path, &file);
    let mut salt = Vec::new();
    file.take(MAX_BYTES).read_to_end(&mut salt)?;
    if salt.ends_with(b"\n") {
        salt.pop();
        if salt.ends_with(b"\r") {
            salt.pop();
        }
    }
    Ok(salt)
}

/// Whether the error was caused by a failed request.
pub(super) fn is_service_error(error: &Error) -> bool {
    error.kind() == ErrorKind::Service && error.source().is_some()
}
