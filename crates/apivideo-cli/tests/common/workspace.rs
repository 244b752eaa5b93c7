//! A folder for commands that write files.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{Outcome, command, finish};

/// A temporary folder in which commands run.
pub(crate) struct Workspace(tempfile::TempDir);

impl Workspace {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    pub(crate) fn command(&self, line: &str) -> Command {
        let mut command = command(&line.split_whitespace().collect::<Vec<_>>());
        command.current_dir(self.path());
        command
    }

    #[track_caller]
    pub(crate) fn run(&self, line: &str) -> Outcome {
        finish(self.command(line))
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        fs::write(self.path().join(name), text).unwrap();
    }

    /// Returns all files of a folder with their contents, except the lock and the record of runs, which has times.
    pub(crate) fn files(&self, folder: &str) -> Vec<(PathBuf, Vec<u8>)> {
        fn walk(folder: &Path, found: &mut Vec<(PathBuf, Vec<u8>)>) {
            let mut entries: Vec<_> = fs::read_dir(folder)
                .unwrap()
                .map(|entry| entry.unwrap().path())
                .collect();
            entries.sort();
            for path in entries {
                match path.is_dir() {
                    true => walk(&path, found),
                    false if path.ends_with("_lock") => {}
                    false if path.ends_with("_manifest/runs.json") => {}
                    false => found.push((path.clone(), fs::read(&path).unwrap())),
                }
            }
        }
        let mut found = Vec::new();
        walk(&self.path().join(folder), &mut found);
        found
    }
}
