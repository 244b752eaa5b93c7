//! What shells and readers of manuals need, made from the command line itself.

use std::io;
use std::path::Path;

use clap_complete::Shell;

use crate::args;
use crate::exit::Exit;
use crate::failure::{Failure, because};
use crate::output;

pub(crate) fn completions(shell: Shell) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut args::command(), "apivideo", &mut script);
    output::print(&String::from_utf8_lossy(&script))?;
    Ok(Exit::Done)
}

/// The page of the whole to stdout, or a page per command into a folder.
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
        Failure::failed(because(
            format!("the manual can't be written to {}", folder.display()),
            error,
        ))
    })?;
    Ok(Exit::Done)
}
