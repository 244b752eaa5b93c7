//! The report of a generation.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use xtask_bindgen::error::Refused;
use xtask_bindgen::generated_crates::Generated;

/// Formats a report: operations, fixups with the number of places, omitted parts with the reason, and newly
/// accepted places of fixups.
#[must_use]
pub fn report(generated: &Generated) -> String {
    let mut text = String::new();
    line(
        &mut text,
        format_args!("{} operations:", generated.operations.len()),
    );
    for operation in &generated.operations {
        line(&mut text, format_args!("  {operation}"));
    }
    line(&mut text, format_args!("fixups (places changed):"));
    for applied in &generated.applied {
        line(
            &mut text,
            format_args!(
                "  {:<22}{:>5}  {}",
                applied.name,
                applied.places.len(),
                applied.reason
            ),
        );
    }
    left_out(&mut text, "not generated", &generated.left_out);
    if let Some(refused) = &generated.left_out_of_expectations {
        left_out(&mut text, "not in the typed expectations", refused);
    }
    if !generated.newly_accepted.is_empty() {
        line(&mut text, format_args!("accepted:"));
    }
    for difference in &generated.newly_accepted {
        line(&mut text, format_args!("  {difference}"));
    }
    text
}

fn left_out(text: &mut String, title: &str, refused: &[Refused]) {
    if refused.is_empty() {
        line(text, format_args!("{title}: nothing"));
        return;
    }
    line(text, format_args!("{title}:"));
    let mut by_reason: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for Refused { what, reason } in refused {
        by_reason.entry(reason).or_default().push(what);
    }
    for (reason, whats) in by_reason {
        line(text, format_args!("  {reason}:"));
        for what in whats {
            line(text, format_args!("    {what}"));
        }
    }
}

fn line(text: &mut String, what: std::fmt::Arguments<'_>) {
    // Writing to a `String` does not fail.
    let _ = writeln!(text, "{what}");
}

#[cfg(test)]
mod tests;
