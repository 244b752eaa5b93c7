//! `--fields list` of a command whose required arguments are missing.

use super::questions::{audience, concurrency, explain, reconcile, retention};
use super::{convert, forget, list, plan, pull, rebuild, status, verify, watch};
use crate::args::FieldList;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::schema::{self, ItemSchema};

/// Prints the names of the fields of a command.
pub(crate) fn list_fields(request: &FieldList) -> Result<Exit, Failure> {
    if request.command == ["report"] {
        return Err(
            Failure::usage("a report is HTML and has no fields").with_hint(
                "to get its figures as rows, use `apivideo audience`, `retention` or `concurrency`",
            ),
        );
    }
    match schema_of(request) {
        Some(schema) => list::print_names(&schema)?,
        None => {
            let command = request.command.join(" ");
            return Err(list::unknown_fields().with_hint(format!(
                "run `apivideo {command} --help` for the required arguments"
            )));
        }
    }
    Ok(Exit::Done)
}

/// Returns the items of a command with required arguments; `None` if they depend on the arguments.
fn schema_of(request: &FieldList) -> Option<ItemSchema> {
    let names: Vec<&str> = request.command.iter().map(String::as_str).collect();
    Some(match names[..] {
        ["sessions"] => schema::sessions(true, request.events),
        ["events"] => schema::events(),
        ["audience"] => audience::schema(),
        ["retention"] => retention::schema(),
        ["concurrency"] => concurrency::schema(),
        ["explain"] => explain::schema(),
        ["reconcile"] => reconcile::schema(),
        ["metrics"] => schema::metrics(),
        ["buckets"] => schema::buckets(),
        ["timeseries"] => schema::timeseries(),
        ["watch"] => watch::schema(),
        ["pull"] => pull::schema(),
        ["lake", "status"] => status::schema(),
        ["plan"] => plan::schema(),
        ["verify"] => verify::schema(),
        ["lake", "rebuild"] => rebuild::schema(),
        ["lake", "forget"] => forget::schema(),
        ["lake", "convert"] => convert::schema(),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use clap::Command;

    use super::*;
    use crate::args;

    /// Commands without fields that are known before they run.
    const WITHOUT_FIELDS: [&str; 4] = ["api", "completions", "report", "simulate"];

    #[test]
    fn every_command_with_required_arguments_lists_its_fields() {
        fn check(command: &Command, path: &[String]) {
            for below in command.get_subcommands() {
                let path = [path, &[below.get_name().to_owned()]].concat();
                check(below, &path);
                let is_required = below.get_arguments().any(clap::Arg::is_required_set);
                if is_required && !WITHOUT_FIELDS.contains(&&*path.join(" ")) {
                    let request = FieldList {
                        command: path.clone(),
                        events: None,
                    };
                    assert!(schema_of(&request).is_some(), "{path:?}");
                }
            }
        }
        check(&args::command(), &[]);
    }
}
