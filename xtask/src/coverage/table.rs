//! The table in Markdown.

use std::fmt::Write as _;

use super::{Coverage, Kind, Level, Part};
use crate::facade::Reach;

const HEAD: &str = "<!-- Written by `cargo xtask coverage` from openapi/apivideo.yaml and openapi/facade.yaml; do not edit. -->

# Coverage

The parts of [the document](../openapi/apivideo.yaml) and the crates that support them:

* **facade**: the crate `apivideo`, with generated code;
* **hand-written**: the crate `apivideo`, with hand-written code. Only success responses are \
             generated, so errors and
  headers are read by hand-written code;
* **core**: only the generated crate;
* **none**: neither.

The public items of the facade that depend on each part have its name, or are in [the coverage \
             map](../openapi/facade.yaml).
";

pub(super) fn table(coverage: &Coverage) -> String {
    let mut text = HEAD.to_owned();
    text.push_str("\n| | in the document | facade | hand-written | core | none |\n|---|---:|---:|---:|---:|---:|\n");
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

/// The parts that the facade does not support, with the reason.
fn missing(text: &mut String, coverage: &Coverage) {
    text.push_str(
        "\n## Not supported by the facade\n\n| part | supported by | reason |\n|---|---|---|\n",
    );
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
        text.push_str("\nNot generated, because the generator does not support it:\n\n");
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
            "{whole}| {} | supported by | items of the facade |\n{rule}|---|---|---|",
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

/// Escapes text for a cell of a table.
fn cell(text: &str) -> String {
    text.split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .replace('|', "\\|")
}

fn line(text: &mut String, what: std::fmt::Arguments<'_>) {
    // Writing to a `String` does not fail.
    let _ = writeln!(text, "{what}");
}
