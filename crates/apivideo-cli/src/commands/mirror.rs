//! What the commands about a mirror have in common.

use std::error::Error as _;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use apivideo_lake::{Error, ErrorKind, Privacy, Pull, Selection};

use crate::again;
use crate::args::Mirror;
use crate::connection::Connection;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::{Failure, because};
use crate::key::warn_if_others_can_read;

/// A salt is not longer.
const MOST_BYTES: u64 = 64 * 1024;

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let exit = match error.kind() {
            ErrorKind::Input => Exit::Usage,
            ErrorKind::Service => error.service().map_or(Exit::Failed, Exit::of),
            _ => Exit::Failed,
        };
        Self::new(exit, error)
    }
}

/// The pull that is asked for.
pub(super) fn pull(
    context: &Context<'_>,
    connection: &Connection,
    mirror: &Mirror,
) -> Result<Pull, Failure> {
    let now = connection.now();
    let as_of = mirror.as_of.unwrap_or(now);
    let mut pull = Pull::new(&connection.client, &mirror.out, as_of)
        .with_page_size(context.settings.page_size.value)
        .with_command(again::command(&again::arguments()))
        .with_selection(selection(mirror))
        .with_lag(mirror.lag)
        .with_privacy(privacy(mirror)?);
    // A simulated world is at any time that is asked for.
    if !context.options.simulate {
        pull = pull.with_clock(now);
    }
    if let Some(period) = mirror.period {
        pull = pull.with_period(period);
    }
    if let Some(day) = mirror.since {
        pull = pull.with_since(day);
    }
    if let Some(format) = mirror.format {
        pull = pull.with_format(format);
    }
    if let Some(requests) = mirror.max_requests {
        pull = pull.with_max_requests(requests);
    }
    if mirror.no_events {
        pull = pull.without_events();
    }
    if mirror.aggregates {
        pull = pull.with_aggregates();
    }
    if mirror.accept_invalid {
        pull = pull.with_accept_invalid();
    }
    if mirror.reread {
        pull = pull.with_reread();
    }
    Ok(pull)
}

fn selection(mirror: &Mirror) -> Selection {
    let is_chosen = mirror.all_videos
        || mirror.all_live_streams
        || !mirror.video.is_empty()
        || !mirror.live_stream.is_empty();
    if !is_chosen {
        return Selection::default();
    }
    let mut selection = Selection::none();
    if mirror.all_videos {
        selection = selection.with_all_videos();
    }
    if mirror.all_live_streams {
        selection = selection.with_all_live_streams();
    }
    for id in &mirror.video {
        selection = selection.with_video(id.clone());
    }
    for id in &mirror.live_stream {
        selection = selection.with_live_stream(id.clone());
    }
    selection
}

fn privacy(mirror: &Mirror) -> Result<Privacy, Failure> {
    let mut privacy = Privacy::new();
    for field in &mirror.drop {
        privacy = privacy.drop(field)?;
    }
    if let Some(path) = &mirror.salt_file {
        let salt = salt(path).map_err(|error| {
            Failure::usage(because(
                format!("the salt can't be read from {}", path.display()),
                error,
            ))
        })?;
        for field in &mirror.hash {
            privacy = privacy.hash(field, &salt)?;
        }
    }
    Ok(privacy)
}

/// All bytes of the file but the end of its last line, which editors add.
fn salt(path: &Path) -> io::Result<Vec<u8>> {
    let file = File::open(path)?;
    warn_if_others_can_read("the salt", path, &file);
    let mut salt = Vec::new();
    file.take(MOST_BYTES).read_to_end(&mut salt)?;
    if salt.ends_with(b"\n") {
        salt.pop();
        if salt.ends_with(b"\r") {
            salt.pop();
        }
    }
    Ok(salt)
}

/// Whether the service was the cause, whatever was said first.
pub(super) fn is_of_service(error: &Error) -> bool {
    error.kind() == ErrorKind::Service && error.source().is_some()
}
