//! Runs a command on a pseudo-terminal.

use std::fs::{File, OpenOptions};
use std::io::Read;
use std::os::unix::ffi::OsStrExt;
use std::process::{Command, Stdio};
use std::thread;

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

/// The streams that are the terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Streams {
    Stdout,
    StdoutAndStderr,
}

/// Runs the command with its output on a terminal. Returns the exit code and the output.
pub(crate) fn on_terminal(mut command: Command, streams: Streams) -> (Option<i32>, String) {
    let terminal = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&terminal).unwrap();
    unlockpt(&terminal).unwrap();
    let name = ptsname(&terminal, Vec::new()).unwrap();
    let side = || {
        OpenOptions::new()
            .read(true)
            .write(true)
            .open(std::ffi::OsStr::from_bytes(name.as_bytes()))
            .unwrap()
    };
    let mut child = {
        command.stdout(side());
        match streams {
            Streams::StdoutAndStderr => command.stderr(side()),
            Streams::Stdout => command.stderr(Stdio::null()),
        };
        command.spawn().unwrap()
    };
    // The terminal ends when all of its sides are closed.
    drop(command);
    let reader = thread::spawn(move || {
        let mut terminal = File::from(terminal);
        let mut bytes = Vec::new();
        // The end of a terminal is an error.
        let _ = terminal.read_to_end(&mut bytes);
        String::from_utf8(bytes).unwrap()
    });
    let code = super::wait(&mut child);
    // A terminal puts CR before LF, also where CSV has one already.
    let shown = reader.join().unwrap();
    (code, shown.replace("\r\r\n", "\n").replace("\r\n", "\n"))
}
