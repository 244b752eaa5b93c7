//! How sure the figures are.

use apivideo_insights::{AudienceReport, DropReason, LengthSource, Measures};

use super::figures::{duration, number, position, share};
use super::page::Page;

/// The number of plays below which shares are shown as counts.
pub(super) const FEW_PLAYS: u64 = 20;

/// Adds what limits the figures of a report.
pub(super) fn write(page: &mut Page, report: &AudienceReport, is_live: bool) {
    let measures = &report.measures;
    page.blank();
    page.heading("How sure are these numbers?");
    for (label, note) in notes(report, is_live) {
        page.note(label, &note);
    }
    if measures.plays > 0 && measures.plays < FEW_PLAYS {
        page.note(
            "Few plays",
            &format!("fewer than {FEW_PLAYS} plays: shares depend on single viewers"),
        );
    }
}

fn notes(report: &AudienceReport, is_live: bool) -> Vec<(&'static str, String)> {
    let (measures, quality) = (&report.measures, &report.measures.quality);
    let mut notes = Vec::new();
    if measures.plays > 0 {
        let estimated = match quality.estimated_share {
            Some(estimated) if estimated > 0.0 => format!(
                "{} of the watch time, where events do not say how long was played; it is between {} and {}",
                share(estimated),
                duration(quality.watch_seconds_lower),
                duration(quality.watch_seconds_upper)
            ),
            _ => "nothing".to_owned(),
        };
        notes.push(("Estimated", estimated));
    }
    let viewers = &measures.unique_viewers;
    if viewers.is_upper_bound {
        let note = match viewers.sessions_without_key {
            without if without >= quality.sessions => format!(
                "no session has a {}, and each counts as one viewer; --viewer-key selects another key",
                viewers.key
            ),
            without => format!(
                "{} no {}, and each of them counts as one viewer",
                counted(without, ("session has", "sessions have")),
                viewers.key
            ),
        };
        notes.push(("Viewers", note));
    } else if viewers.count > 0 {
        notes.push((
            "Viewers",
            format!("by {}, which every session has", viewers.key),
        ));
    }
    if !is_live {
        notes.extend(length(measures).map(|length| ("Length", length)));
    }
    if quality.sessions_open > 0 {
        let open = counted(quality.sessions_open, ("session has", "sessions have"));
        notes.push((
            "Not ended",
            format!("{open} no event that ends playback; it can still be running"),
        ));
    }
    let left_out = left_out(report);
    if !left_out.is_empty() {
        notes.push(("Left out", left_out.join("; ")));
    }
    notes.push((
        "Not measured",
        "stalls, bitrate and errors, of which the service has no events".to_owned(),
    ));
    notes
}

fn length(measures: &Measures) -> Option<String> {
    let Some(length) = measures.length else {
        return (measures.is_length_inferred && measures.plays_with_length > 0).then(|| {
            "inferred from events; with few plays it can be too short, and percentages too high. Read a longer period, or set the length of a single video with --length"
                .to_owned()
        });
    };
    let at = position(length.seconds);
    Some(match length.source {
        LengthSource::Known => format!("{at}, as given"),
        LengthSource::Ends => format!("{at}, inferred from the ends of playback"),
        _ => format!(
            "{at}, the furthest position that was played; the video can be longer: set it with --length"
        ),
    })
}

/// Returns a number with separators and its noun: `1,844 sessions`.
fn counted(n: u64, (singular, plural): (&str, &str)) -> String {
    format!("{} {}", number(n), if n == 1 { singular } else { plural })
}

fn left_out(report: &AudienceReport) -> Vec<String> {
    let quality = &report.measures.quality;
    let mut parts = Vec::new();
    let mut add = |n: u64, noun: (&str, &str)| {
        if n > 0 {
            parts.push(counted(n, noun));
        }
    };
    add(
        quality.sessions_unreadable,
        (
            "session whose events could not be read",
            "sessions whose events could not be read",
        ),
    );
    add(
        quality.sessions_without_events,
        ("session without events", "sessions without events"),
    );
    add(
        report.sessions_excluded,
        (
            "session excluded by conditions",
            "sessions excluded by conditions",
        ),
    );
    for reason in DropReason::ALL {
        let dropped = quality.dropped.count(reason);
        if dropped > 0 {
            parts.push(format!(
                "{} {}",
                counted(dropped, ("position or interval", "positions or intervals")),
                reason.as_str().replace('_', " ")
            ));
        }
    }
    parts
}
