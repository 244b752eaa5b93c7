//! `apivideo completions`, `apivideo man` and the help topics, generated from the arguments.

use std::io;
use std::path::Path;

use clap_complete::Shell;

use crate::args;
use crate::exit::Exit;
use crate::failure::{Failure, with_cause};
use crate::output;

pub(crate) fn completions(shell: Shell) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut args::command(), "apivideo", &mut script);
    output::print(&String::from_utf8_lossy(&script))?;
    Ok(Exit::Done)
}

/// Prints the main page, or writes a page per command to a folder.
pub(crate) fn man(folder: Option<&Path>) -> Result<Exit, Failure> {
    let Some(folder) = folder else {
        let mut page = Vec::new();
        clap_mangen::Man::new(args::command())
            .render(&mut page)
            .map_err(Failure::output)?;
        output::print(&String::from_utf8_lossy(&page))?;
        return Ok(Exit::Done);
    };
    let write = || -> io::Result<()> {
        std::fs::create_dir_all(folder)?;
        clap_mangen::generate_to(args::command(), folder)
    };
    write().map_err(|error| {
        Failure::failed(with_cause(
            format!("cannot write the manual pages to {}", folder.display()),
            error,
        ))
    })?;
    Ok(Exit::Done)
}

/// Prints a help topic, as `apivideo help TOPIC` does.
pub(crate) fn topic(name: &str) -> Result<Exit, Failure> {
    let mut command = args::command();
    if let Some(topic) = command.find_subcommand_mut(name) {
        output::print(&topic.render_long_help().to_string())?;
    }
    Ok(Exit::Done)
}
