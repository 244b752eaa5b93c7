//! Small programs against the bindings before and after each change: whether they compile, and what they do.
//!
//! All of them are targets of one package in one scratch workspace, so that cargo runs once and compiles what the
//! bindings stand on once. Targets are libraries: nothing is linked but the one program that does things.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;
use xtask_bindgen::document::Document;
use xtask_bindgen::schema::{operations, operations_mut};

use super::common::{parse, repository, root};

/// The scratch workspace as it is being written.
pub(crate) struct Probes {
    place: PathBuf,
    /// Packages with bindings, by the text of their document.
    bindings: BTreeMap<String, String>,
    targets: Vec<String>,
    behaviours: Vec<(String, String, String)>,
    written: BTreeSet<PathBuf>,
}

impl Probes {
    pub(crate) fn new() -> Self {
        let target = std::env::var_os("CARGO_TARGET_DIR")
            .map_or_else(|| root().join("target"), PathBuf::from);
        Self {
            place: target.join("diff-probes"),
            bindings: BTreeMap::new(),
            targets: Vec::new(),
            behaviours: Vec::new(),
            written: BTreeSet::new(),
        }
    }

    /// The package with the bindings of some operations of a document, or of all operations of this project's document.
    pub(crate) fn bindings(&mut self, text: Option<&str>, kept: &[&str]) -> String {
        let document = match text {
            Some(text) => only(parse(text), kept),
            None => parse(&repository()),
        };
        let key = document.value.to_string();
        if let Some(package) = self.bindings.get(&key) {
            return package.clone();
        }
        let package = format!("bindings_{}", self.bindings.len());
        let generated = xtask_bindgen::generated_crates::scratch(&document, false)
            .unwrap_or_else(|error| panic!("{error}"));
        for (path, text) in generated.files {
            let text = match path.to_str() {
                Some("Cargo.toml") => text
                    .replace("name = \"scratch\"", &format!("name = \"{package}\""))
                    .replace("\n[workspace]\n", ""),
                _ => text,
            };
            self.write(&Path::new(&package).join(path), &text);
        }
        self.bindings.insert(key, package.clone());
        package
    }

    /// Adds a program that uses a package of bindings, and returns its name.
    pub(crate) fn program(&mut self, package: &str, code: &str) -> String {
        let target = format!("program_{}", self.targets.len());
        let text = format!(
            "#![allow(unused)]\nuse {package} as bindings;\nuse bindings::{{Client, types, wire}};\n{code}\n"
        );
        self.write(&Path::new("programs").join(format!("{target}.rs")), &text);
        self.targets.push(target.clone());
        target
    }

    /// Adds a use of a client, and returns its name.
    pub(crate) fn behaviour(&mut self, package: &str, code: &str) -> String {
        let name = format!("behaviour_{}", self.behaviours.len());
        self.behaviours
            .push((name.clone(), package.to_owned(), code.to_owned()));
        name
    }

    /// Compiles and runs everything.
    pub(crate) fn run(mut self) -> Told {
        self.write_frame();
        self.remove_leftovers();
        let arguments = [
            "build",
            "--lib",
            "--examples",
            "--keep-going",
            "--message-format=json",
        ];
        let output = self
            .cargo(&[&arguments[..], &["--package", "programs"]].concat())
            .output()
            .unwrap();
        let mut failed = BTreeMap::new();
        let mut compiled = BTreeSet::new();
        for line in String::from_utf8_lossy(&output.stdout).lines() {
            let message: Value = serde_json::from_str(line).unwrap();
            let target = message["target"]["name"].as_str().unwrap_or_default();
            let completed = &message["message"];
            if completed["level"] == "error" {
                let text = completed["rendered"].as_str().unwrap_or_default();
                failed.insert(target.to_owned(), text.to_owned());
            } else if message["reason"] == "compiler-artifact" {
                compiled.insert(target.to_owned());
            }
        }
        let completed = String::from_utf8_lossy(&output.stderr);
        for target in &self.targets {
            assert!(
                compiled.contains(target) || failed.contains_key(target),
                "nothing is known of {target}: {failed:?}\n{completed}"
            );
        }
        let done = self
            .cargo(&["run", "--package", "behaviours"])
            .output()
            .unwrap();
        assert!(
            done.status.success(),
            "{}",
            String::from_utf8_lossy(&done.stderr)
        );
        let done = String::from_utf8(done.stdout).unwrap();
        let done = done.lines().filter_map(|line| line.split_once(": "));
        Told {
            failed,
            done: done
                .map(|(name, what)| (name.to_owned(), what.to_owned()))
                .collect(),
        }
    }

    fn cargo(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO"));
        command
            .args(arguments)
            .args(["--offline", "--quiet"])
            .current_dir(&self.place)
            .env("CARGO_TARGET_DIR", self.place.join("target"))
            .env("CARGO_INCREMENTAL", "0")
            .env("CARGO_TERM_COLOR", "never")
            .env_remove("RUSTFLAGS")
            .stdin(Stdio::null());
        command
    }

    fn write_frame(&mut self) {
        let packages: Vec<String> = self.bindings.values().cloned().collect();
        let dependencies: String = packages
            .iter()
            .map(|name| format!("{name} = {{ path = \"../{name}\" }}\n"))
            .collect();
        let members: Vec<String> = packages
            .iter()
            .map(String::as_str)
            .chain(["programs", "behaviours"])
            .map(|name| format!("{name:?}"))
            .collect();
        let workspace = format!(
            "[workspace]\nresolver = \"3\"\nmembers = [{}]\n\n[profile.dev]\ndebug = false\n",
            members.join(", ")
        );
        self.write(Path::new("Cargo.toml"), &workspace);
        let lock = std::fs::read_to_string(root().join("Cargo.lock")).unwrap();
        self.write(Path::new("Cargo.lock"), &lock);

        let mut programs = package("programs", &dependencies);
        for target in &self.targets {
            write!(
                programs,
                "\n[[example]]\nname = {target:?}\npath = \"{target}.rs\"\ncrate-type = [\"lib\"]\n"
            )
            .unwrap();
        }
        self.write(Path::new("programs/Cargo.toml"), &programs);
        self.write(Path::new("programs/src/lib.rs"), "");

        let more = "serde_json = \"1\"\nreqwest = { version = \"0.13\", default-features = false }\n\
                    tokio = { version = \"1\", features = [\"rt\", \"net\", \"time\"] }\n";
        self.write(
            Path::new("behaviours/Cargo.toml"),
            &package("behaviours", &format!("{dependencies}{more}")),
        );
        let mut main = include_str!("behaviours.rs.txt").to_owned();
        let mut calls = String::new();
        for (name, package, code) in &self.behaviours {
            write!(
                main,
                "\nmod {name} {{\n    use {package} as bindings;\n    use bindings::{{Client, types}};\n    pub async fn \
                 run(address: String) -> Result<(), String> {{\n        let client = \
                 Client::new_with_client(&address, reqwest::Client::new(), bindings::Inner::default());\n        \
                 ({code}).map_err(|error| error.to_string())\n    }}\n}}\n"
            )
            .unwrap();
            writeln!(calls, "    report({name:?}, {name}::run);").unwrap();
        }
        write!(main, "\nfn all() {{\n{calls}}}\n").unwrap();
        self.write(Path::new("behaviours/src/main.rs"), &main);
    }

    /// Writes what is not there yet, so that cargo sees what is new.
    fn write(&mut self, path: &Path, text: &str) {
        let full = self.place.join(path);
        self.written.insert(full.clone());
        if std::fs::read_to_string(&full).is_ok_and(|there| there == text) {
            return;
        }
        std::fs::create_dir_all(full.parent().unwrap()).unwrap();
        std::fs::write(full, text).unwrap();
    }

    /// Removes packages of an earlier run that this one does not have.
    fn remove_leftovers(&self) {
        for entry in std::fs::read_dir(&self.place).unwrap() {
            let path = entry.unwrap().path();
            let is_ours = path
                .file_name()
                .and_then(|name| name.to_str())
                .is_some_and(|name| name.starts_with("bindings_"));
            if is_ours
                && !self
                    .written
                    .iter()
                    .any(|written| written.starts_with(&path))
            {
                std::fs::remove_dir_all(path).unwrap();
            }
        }
    }
}

fn package(name: &str, dependencies: &str) -> String {
    format!(
        "[package]\nname = {name:?}\nversion = \"0.0.0\"\nedition = \"2024\"\npublish = false\n\n\
         [dependencies]\n{dependencies}"
    )
}

/// The document with these operations alone.
fn only(mut document: Document, kept: &[&str]) -> Document {
    let mut gone = Vec::new();
    for (method, path, operation) in operations(&document.value) {
        let id = operation["operationId"].as_str().unwrap_or_default();
        if !kept.contains(&id) {
            gone.push((method.to_owned(), path.to_owned()));
        }
    }
    for (method, path) in gone {
        let item = document.value["paths"][&path].as_object_mut().unwrap();
        item.remove(&method);
    }
    operations_mut(&mut document.value, |_, _, operation| {
        assert!(kept.iter().any(|id| operation["operationId"] == *id));
    });
    document
}

/// What came of the programs.
pub(crate) struct Told {
    failed: BTreeMap<String, String>,
    done: BTreeMap<String, String>,
}

impl Told {
    /// What the compiler said of a program that it did not take.
    pub(crate) fn error(&self, program: &str) -> Option<&str> {
        self.failed.get(program).map(String::as_str)
    }

    /// What a behaviour did.
    pub(crate) fn done(&self, behaviour: &str) -> &str {
        &self.done[behaviour]
    }
}
