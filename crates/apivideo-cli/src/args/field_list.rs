//! `--fields list` without the arguments that a command requires otherwise.

use std::ffi::OsString;

use clap::ArgMatches;
use clap::error::ErrorKind;

use super::command;
use crate::format::EventLayout;

/// A request for the fields of a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FieldList {
    /// The names of the command and its subcommand.
    pub(crate) command: Vec<String>,
    /// The value of `--with-events`.
    pub(crate) events: Option<EventLayout>,
}

impl FieldList {
    /// Returns the request of a command line that failed because required arguments are missing; `None` if it failed for another
    /// reason, or has another value of `--fields`.
    pub(super) fn parse(error: &clap::Error, arguments: &[OsString]) -> Option<Self> {
        if error.kind() != ErrorKind::MissingRequiredArgument {
            return None;
        }
        let parsed = command()
            .ignore_errors(true)
            .try_get_matches_from(arguments);
        let mut matches: &ArgMatches = &parsed.ok()?;
        let mut names = Vec::new();
        while let Some((name, below)) = matches.subcommand() {
            names.push(name.to_owned());
            matches = below;
        }
        let fields = matches.try_get_many::<String>("fields").ok()??;
        let events = matches.try_get_one("with_events").ok().flatten();
        fields.eq(["list"]).then(|| Self {
            command: names,
            events: events.copied(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::parse_from;
    use super::*;

    fn parse(line: &str) -> Option<FieldList> {
        let arguments: Vec<OsString> = line.split(' ').map(Into::into).collect();
        FieldList::parse(&parse_from(&arguments).unwrap_err(), &arguments)
    }

    #[test]
    fn required_arguments_are_not_needed_to_list_fields() {
        for line in [
            "apivideo sessions --fields list",
            "apivideo --fields=list sessions",
            "apivideo sessions --fields list video",
            "apivideo sessions --simulate --fields list --period 2022",
        ] {
            let list = parse(line).unwrap();
            assert_eq!(list.command, ["sessions"], "{line}");
            assert_eq!(list.events, None, "{line}");
        }
        let list = parse("apivideo sessions --with-events=rows --fields list").unwrap();
        assert_eq!(list.events, Some(EventLayout::Rows));
        let list = parse("apivideo lake rebuild --fields list").unwrap();
        assert_eq!(list.command, ["lake", "rebuild"]);
    }

    #[test]
    fn other_errors_remain() {
        for line in [
            "apivideo sessions",
            "apivideo sessions --fields list,session.sessionId",
            "apivideo sessions --fields list --nonsense",
            "apivideo sessions --fields list --page-size 0",
            "apivideo --fields list",
        ] {
            assert_eq!(parse(line), None, "{line}");
        }
    }
}
