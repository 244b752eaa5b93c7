//! The report at the end of a list command: a summary, and the items that are missing in the output.

use apivideo::Progress;

use crate::checkpoint::{Checkpoint, Missing};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::schema::ItemSchema;
use crate::progress::count;
use crate::stderr::{eprint, print_hint};
use crate::text::printable;

/// Returns the summary in one line. `written_before` is the number of items that earlier runs have written.
pub(super) fn summary(
    schema: &ItemSchema,
    written_before: u64,
    checkpoint: &Checkpoint,
    progress: &Progress,
) -> String {
    let written = checkpoint.written;
    let mut line = match (written_before, progress.expected) {
        (0, Some(expected)) => format!("{written} of {}", count(expected, schema.noun)),
        (0, None) => count(written, schema.noun),
        _ => format!(
            "{}, {} of them by this run",
            count(written, schema.noun),
            written - written_before
        ),
    };
    line += &format!(", {}", count(progress.pages, ("page", "pages")));
    for (n, noun) in [
        (
            progress.duplicates,
            ("duplicate removed", "duplicates removed"),
        ),
        (progress.rereads, ("page read again", "pages read again")),
        (progress.repaired, ("record repaired", "records repaired")),
        (checkpoint.missing.count(), ("skipped", "skipped")),
        (progress.retries, ("retry", "retries")),
    ] {
        if n > 0 {
            line += &format!(", {}", count(n, noun));
        }
    }
    format!("summary: {line}")
}

/// Reports the items that are missing in the output, and returns the exit code.
pub(super) fn report_missing(missing: &Missing, (singular, plural): (&str, &str)) -> Exit {
    let (records, sessions, assets) = (&missing.records, &missing.sessions, &missing.assets);
    let invalid = (
        &*format!("invalid {singular}"),
        &*format!("invalid {plural}"),
    );
    let without_events = (
        "session whose events could not be read",
        "sessions whose events could not be read",
    );
    let not_found = (
        "video or live stream that does not exist",
        "videos or live streams that do not exist",
    );
    let reasons: Vec<String> = [
        (records, invalid),
        (sessions, without_events),
        (assets, not_found),
    ]
    .into_iter()
    .filter(|(named, _)| named.count > 0)
    .map(|(named, noun)| count(named.count, noun))
    .collect();
    let message = format!("the output is complete except for {}", reasons.join(", "));
    let exit = Failure::new(Exit::Skipped, message).report();
    let mut text = String::new();
    for named in [records, sessions, assets] {
        for name in &named.names {
            text += &format!("  {}\n", printable(name));
        }
        let more = named.count - named.names.len() as u64;
        if more > 0 {
            text += &format!("  and {more} more\n");
        }
    }
    eprint(&text);
    if let Some(session) = sessions.names.first() {
        print_hint(&format!(
            "to retry the events of a session, run `apivideo events {session}`"
        ));
    }
    exit
}
