//! The table, as markdown.

use std::fmt::Write as _;

use super::{Coverage, Kind, Level, Part};
use crate::facade::Reach;

const HEAD: &str = "<!-- Written by `cargo xtask coverage` from openapi/apivideo.yaml and openapi/facade.yaml; edits are lost. -->

# Coverage

What [the document](../openapi/apivideo.yaml) describes, and who carries it:

* **facade**: the crate `apivideo`, by the generated code below it;
* **by hand**: the crate `apivideo`, without generated code. Only good responses are generated, so errors and headers are
  read leniently by hand;
* **core**: the generated crate alone, which is reachable as `apivideo::core`;
* **nothing**: neither.

[The map](../openapi/facade.yaml) says which public items of the facade rest on which part.
";

pub(super) fn table(coverage: &Coverage) -> String {
    let mut text = HEAD.to_owned();
    text.push_str("\n| | in the document | facade | by hand | core | nothing |\n|---|---:|---:|---:|---:|---:|\n");
    for kind in &coverage.kinds {
        let count = |level| kind.parts.iter().filter(|part| part.level == level).count();
        line(
            &mut text,
            format_args!(
                "| {} | {} | {} | {} | {} | {} |",
                kind.name,
                kind.parts.len(),
                count(Level::Facade),
                count(Level::ByHand),
                count(Level::Core),
                count(Level::Nothing)
            ),
        );
    }
    missing(&mut text, coverage);
    for kind in &coverage.kinds {
        every(&mut text, kind);
    }
    text
}

/// What the facade does not carry, and why.
fn missing(text: &mut String, coverage: &Coverage) {
    text.push_str("\n## What the facade does not carry\n\n| what | who has it | why the facade has nothing |\n|---|---|---|\n");
    for kind in &coverage.kinds {
        for part in &kind.parts {
            if let Reach::Nothing(why) = &part.reach {
                let who = level(part.level);
                line(
                    text,
                    format_args!(
                        "| {} `{}` | {who} | {} |",
                        kind.part,
                        full_name(kind, part),
                        cell(why)
                    ),
                );
            }
        }
    }
    if !coverage.left_out.is_empty() {
        text.push_str("\nLeft out before generation, since the generator does not take it:\n\n");
        for left in &coverage.left_out {
            line(
                text,
                format_args!("* {}: {}", cell(&left.what), cell(&left.reason)),
            );
        }
    }
}

fn every(text: &mut String, kind: &Kind) {
    let mut title = kind.name.to_owned();
    title[..1].make_ascii_uppercase();
    line(text, format_args!("\n## {title}\n"));
    let whole = if kind.whole.is_empty() {
        String::new()
    } else {
        format!("| {} ", kind.whole)
    };
    let rule = if kind.whole.is_empty() { "" } else { "|---" };
    line(
        text,
        format_args!(
            "{whole}| {} | who has it | items of the facade |\n{rule}|---|---|---|",
            kind.part
        ),
    );
    let mut before = "";
    for part in &kind.parts {
        let whole = match (kind.whole, part.whole == before) {
            ("", _) => String::new(),
            (_, true) => "| ".to_owned(),
            (_, false) => format!("| `{}` ", part.whole),
        };
        before = &part.whole;
        let items: Vec<_> = part
            .reach
            .items()
            .iter()
            .map(|item| format!("`{item}`"))
            .collect();
        line(
            text,
            format_args!(
                "{whole}| `{}` | {} | {} |",
                part.name,
                level(part.level),
                items.join(", ")
            ),
        );
    }
}

fn level(level: Level) -> &'static str {
    match level {
        Level::Facade => "facade",
        Level::ByHand => "by hand",
        Level::Core => "core",
        Level::Nothing => "nothing",
    }
}

fn full_name(kind: &Kind, part: &Part) -> String {
    match (kind.whole, kind.part) {
        ("", _) => part.name.clone(),
        (_, "value") => format!("{} = {}", part.whole, part.name),
        _ => format!("{}.{}", part.whole, part.name),
    }
}

/// Text that leaves a table whole.
fn cell(text: &str) -> String {
    text.split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .replace('|', "\\|")
}

fn line(text: &mut String, what: std::fmt::Arguments<'_>) {
    // A String takes everything.
    let _ = writeln!(text, "{what}");
}
