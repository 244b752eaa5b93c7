//! Each step of `cargo xtask check` on a little workspace of its own, first as it has to be, then with what the step guards
//! against broken.

#![allow(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;
use xtask::check::{Context, Outcome, STEPS};

/// A place to work in.
struct Little {
    folder: TempDir,
    context: Context,
}

impl Little {
    /// A workspace with packages of the names that steps require, without external dependencies.
    fn workspace() -> Self {
        let little = Self::empty();
        little.write(
            "Cargo.toml",
            "[workspace]\nresolver = \"3\"\nmembers = [\"crates/*\", \"xtask\"]\n\
             [workspace.dependencies]\n\
             apivideo = { path = \"crates/apivideo\", version = \"0.1.0\" }\n\
             reqwest = { path = \"crates/reqwest\", version = \"0.13.5\" }\n\
             clap = { path = \"crates/clap\", version = \"4.0.0\" }\n",
        );
        let features = "[features]\nschemars = []\ninsights = []\nnative-tls = []\n";
        little.package(
            "crates/apivideo",
            "0.1.0",
            &format!("{features}[dependencies]\nreqwest.workspace = true\n"),
        );
        little.write("crates/apivideo/src/lib.rs", "pub struct Client;\n");
        little.package("crates/reqwest", "0.13.5", "");
        little.write("crates/reqwest/src/lib.rs", "pub struct Response;\n");
        little.package("crates/clap", "4.0.0", "");
        little.write("crates/clap/src/lib.rs", "");
        little.package("xtask", "0.1.0", "");
        little.write("xtask/src/lib.rs", "");
        little.write(
            "README.md",
            "# A\n\nNeeds Rust 1.95. See [there](CHANGELOG.md#unreleased).\n",
        );
        little.write("CHANGELOG.md", "# Changelog\n\n## Unreleased\n\n- one\n");
        little
    }

    /// The document, and all that is made from it or written for it.
    fn of_this_repository() -> Self {
        let little = Self::empty();
        for part in [
            "openapi",
            "docs",
            "crates/apivideo-core/src",
            "crates/apivideo-httpmock/src",
        ] {
            copy(&repository().join(part), &little.path(part));
        }
        for file in [
            "crates/apivideo-core/Cargo.toml",
            "crates/apivideo/public-api.txt",
        ] {
            let text = fs::read_to_string(repository().join(file)).unwrap();
            little.write(file, &text);
        }
        little
    }

    fn empty() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut context = Context::at(folder.path(), xtask::parse_command_line);
        context.target = Some(folder.path().join("target"));
        Self { folder, context }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn edit(&self, name: &str, before: &str, after: &str) {
        let text = self.read(name);
        assert!(text.contains(before), "{name} has {before:?}");
        self.write(name, &text.replacen(before, after, 1));
    }

    fn package(&self, folder: &str, version: &str, more: &str) {
        let name = folder.rsplit('/').next().unwrap();
        self.write(
            &format!("{folder}/Cargo.toml"),
            &format!(
                "[package]\nname = \"{name}\"\nversion = \"{version}\"\nedition = \"2024\"\nrust-version = \"1.95\"\n{more}"
            ),
        );
    }

    /// Installs a tool that prints its arguments and exits with a status.
    #[cfg(unix)]
    fn tool(&self, name: &str, status: u8) {
        use std::os::unix::fs::PermissionsExt as _;
        let path = format!("target/tools/bin/{name}");
        self.write(&path, &format!("#!/bin/sh\necho \"$@\"\nexit {status}\n"));
        fs::set_permissions(self.path(&path), fs::Permissions::from_mode(0o755)).unwrap();
    }

    fn step(&self, name: &str) -> Outcome {
        let step = STEPS.iter().find(|step| step.name == name).unwrap();
        (step.run)(&self.context)
    }

    fn accept(&mut self, name: &str) {
        self.context.accept = true;
        assert!(matches!(self.step(name), Outcome::Passed(_)));
        self.context.accept = false;
    }

    #[track_caller]
    fn passes(&self, name: &str) -> String {
        match self.step(name) {
            Outcome::Passed(what) => what,
            other => panic!("{name}: {other:#?}"),
        }
    }

    /// What is found; what comes next is in the last line.
    #[track_caller]
    fn fails(&self, name: &str) -> String {
        match self.step(name) {
            Outcome::Failed { findings, next } => format!("{}\n{next}", findings.join("\n")),
            other => panic!("{name}: {other:?}"),
        }
    }
}

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

const DOCUMENT: &str = "openapi/apivideo.yaml";

#[test]
fn document() {
    let little = Little::of_this_repository();
    little.passes("document");
    little.edit(
        DOCUMENT,
        "summary: List the videos of the project",
        "summary: Lists videos.",
    );
    let found = little.fails("document");
    assert!(
        found.starts_with("openapi/apivideo.yaml#/paths/~1videos/get/summary [operation-text] "),
        "{found}"
    );
    little.edit(
        DOCUMENT,
        "#/components/schemas/VideoPage",
        "#/components/schemas/Nothing",
    );
    assert!(little.fails("document").contains("cannot be followed"));
    fs::remove_file(little.path(DOCUMENT)).unwrap();
    assert!(
        little
            .fails("document")
            .contains("failed to read openapi/apivideo.yaml")
    );
}

#[test]
fn generated_and_coverage() {
    let little = Little::of_this_repository();
    little.passes("generated");
    little.passes("coverage");
    let file = "crates/apivideo-core/src/generated/types.rs";
    let before = little.read(file);
    little.write(file, &format!("{before}// by hand\n"));
    let found = little.fails("generated");
    assert!(
        found.contains("-// by hand") && found.ends_with("`cargo xtask generate`"),
        "{found}"
    );

    little.write(file, &before);
    little.edit("docs/coverage.md", "|", "||");
    assert!(little.fails("coverage").ends_with("`cargo xtask coverage`"));
    // The postconditions and the accepted are part of generation.
    little.edit(
        DOCUMENT,
        "      style: deepObject\n      explode: true\n",
        "",
    );
    little.fails("generated");
    little.fails("coverage");
}

#[test]
fn mentions() {
    let little = Little::workspace();
    assert_eq!(little.passes("mentions"), "2 documents");
    for (broken, completed) in [
        (
            "See `crates/nothing/src`",
            "README.md:1: crates/nothing/src not found",
        ),
        (
            "See `cargo xtask chek`",
            "README.md:1: `cargo xtask chek`: error: ",
        ),
        (
            "Rust 1.90",
            "README.md:1: Rust 1.90: the manifests have another version",
        ),
    ] {
        let before = little.read("README.md");
        little.write("README.md", &format!("{broken}\n\n{before}"));
        let found = little.fails("mentions");
        assert!(found.starts_with(completed), "{found}");
        little.write("README.md", &before);
    }
}

#[test]
fn dependencies() {
    let mut little = Little::workspace();
    let listing = "crates/apivideo/dependencies.txt";
    assert!(
        little.fails("dependencies").contains("+reqwest"),
        "there is no listing yet"
    );
    little.accept("dependencies");
    little.passes("dependencies");
    let head = "packages by default; a package is followed by the features that add it";
    assert_eq!(
        little.read(listing),
        format!("2 {head}\napivideo\nreqwest\n")
    );

    // A package of a dependency, and one of a feature.
    little.package(
        "crates/reqwest",
        "0.13.5",
        "[features]\ntls = [\"dep:clap\"]\n[dependencies]\nclap = { workspace = true, optional = true }\n",
    );
    little.edit(
        "crates/apivideo/Cargo.toml",
        "native-tls = []",
        "native-tls = [\"reqwest/tls\"]",
    );
    let found = little.fails("dependencies");
    assert!(
        found.contains("+clap: native-tls") && found.contains("--only dependencies --accept"),
        "{found}"
    );
    little.accept("dependencies");
    assert_eq!(
        little.read(listing),
        format!("2 {head}\napivideo\nclap: native-tls\nreqwest\n")
    );

    // One that is not declared in the root manifest.
    little.package(
        "crates/clap",
        "4.0.0",
        "[dev-dependencies]\n# A comment = none\nreqwest = { path = \"../reqwest\" }\n",
    );
    let found = little.fails("dependencies");
    assert!(
        found.starts_with("crates/clap/Cargo.toml:8: reqwest = ")
            && found.contains("[workspace.dependencies]"),
        "{found}"
    );
}

#[test]
fn api() {
    let mut little = Little::workspace();
    little.edit("crates/apivideo/src/lib.rs", "", "pub struct Video;\n");
    assert!(
        little.fails("api").contains("+pub struct apivideo::Client"),
        "there is no listing yet"
    );
    little.accept("api");
    assert_eq!(little.passes("api"), "3 items");

    little.edit(
        "crates/apivideo/src/lib.rs",
        "pub struct Video;",
        "struct Video;",
    );
    let found = little.fails("api");
    assert!(
        found.contains("-pub struct apivideo::Video") && found.contains("--only api --accept"),
        "{found}"
    );

    little.write(
        "crates/apivideo/src/lib.rs",
        "pub struct Client;\npub fn response() -> reqwest::Response { loop {} }\n",
    );
    little.accept_is_refused();
    let found = little.fails("api");
    assert!(
        found.starts_with(
            "a type of reqwest is public: pub fn apivideo::response() -> reqwest::Response"
        ),
        "{found}"
    );

    little.write("crates/apivideo/src/lib.rs", "pub fn broken(");
    assert!(little.fails("api").contains("error"));
}

impl Little {
    /// A leak is not accepted with the listing.
    fn accept_is_refused(&mut self) {
        self.context.accept = true;
        self.fails("api");
        self.context.accept = false;
    }
}

#[test]
fn features() {
    let little = Little::workspace();
    assert_eq!(little.passes("features"), "5 combinations");
    for (condition, features) in [
        (
            "not(feature = \"insights\")",
            ["", "native-tls", "schemars"].as_slice(),
        ),
        (
            "all(feature = \"insights\", not(feature = \"schemars\"))",
            &["insights"],
        ),
        (
            "all(feature = \"insights\", feature = \"schemars\")",
            &["insights,native-tls,schemars"],
        ),
    ] {
        little.write(
            "crates/apivideo/src/lib.rs",
            &format!("#[cfg({condition})]\nfn broken() -> u8 {{}}\n"),
        );
        let found = little.fails("features");
        for features in features {
            let line = format!(
                "`cargo check --quiet --package apivideo --no-default-features --features {features}`:\n"
            );
            assert!(found.contains(&line), "{line}\n{found}");
        }
        assert_eq!(
            found.matches("`cargo check").count(),
            features.len(),
            "{found}"
        );
    }
}

/// Runs git in the place, if there is one on this machine.
fn git(little: &Little, arguments: &[&str]) -> bool {
    Command::new("git")
        .args([
            "-c",
            "user.name=a",
            "-c",
            "user.email=a@example.org",
            "-c",
            "init.defaultBranch=main",
        ])
        .args(["-c", "commit.gpgsign=false", "-c", "core.autocrlf=false"])
        .args(arguments)
        .current_dir(little.folder.path())
        .output()
        .is_ok_and(|output| output.status.success())
}

#[test]
fn changelog() {
    let mut little = Little::empty();
    little.write("CHANGELOG.md", "# Changelog\n\n## Unreleased\n\n- one\n");
    little.write("crates/apivideo/public-api.txt", "pub mod apivideo\n");
    assert!(git(&little, &["init"]));
    assert!(
        little
            .fails("changelog")
            .contains("no git repository with a commit")
    );
    assert!(git(&little, &["add", "."]) && git(&little, &["commit", "-m", "one"]));
    little.passes("changelog");

    little.write(
        "crates/apivideo/public-api.txt",
        "pub mod apivideo\npub fn apivideo::new()\n",
    );
    let found = little.fails("changelog");
    assert!(
        found.ends_with("describe the change for users in CHANGELOG.md, under Unreleased"),
        "{found}"
    );
    // A branch is compared with where it left the main one, not with itself.
    assert!(git(&little, &["checkout", "-b", "branch"]) && git(&little, &["commit", "-am", "two"]));
    little.fails("changelog");
    little.context.base = Some("branch".to_owned());
    little.passes("changelog");
    little.context.base = Some("nowhere".to_owned());
    assert!(little.fails("changelog").contains("`nowhere`"));
    little.context.base = None;
    little.edit("CHANGELOG.md", "- one", "- one\n- two");
    little.passes("changelog");
    // The last commit of the main branch is compared with the previous one.
    assert!(git(&little, &["branch", "-f", "main"]));
    assert!(git(&little, &["stash"]));
    little.fails("changelog");
    assert!(
        git(&little, &["stash", "pop"]) && git(&little, &["commit", "-a", "--amend", "-m", "two"])
    );
    assert!(git(&little, &["branch", "-f", "main"]));
    little.passes("changelog");
}

#[cfg(unix)]
#[test]
fn tools() {
    let little = Little::workspace();
    for (step, tool, arguments) in [
        ("spelling", "typos", "\n"),
        ("links", "lychee", "--offline "),
        (
            "deny",
            "cargo-deny",
            "--exclude-dev check --deny=unused-wrapper bans\n",
        ),
    ] {
        let found = little.fails(step);
        let missing = format!("target/tools/bin/{tool} does not exist\nrun `.ci/tools`");
        assert!(found.starts_with(&missing), "{found}");
        little.tool(tool, 0);
        assert!(little.passes(step).starts_with(tool));
        little.tool(tool, 1);
        let found = little.fails(step);
        assert!(found.starts_with(arguments), "{found}");
    }
    // The licenses and sources are a second run.
    little.write(
        "target/tools/bin/cargo-deny",
        "#!/bin/sh\necho \"$@\"\n[ \"$1\" = --exclude-dev ]\n",
    );
    assert!(little.fails("deny").starts_with("check licenses sources\n"));
}

/// Status, stdout and stderr of `cargo xtask check …`.
fn run(arguments: &[&str]) -> (u8, String, String) {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let all = ["xtask", "check"].iter().chain(arguments);
    let status = xtask::run(all.map(Into::into), &mut out, &mut err);
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (status, text(out), text(err))
}

#[test]
fn the_command_line() {
    let (status, out, _) = run(&["--list"]);
    assert_eq!(status, 0);
    let listed: Vec<_> = out
        .lines()
        .map(|line| line.split(' ').next().unwrap())
        .collect();
    let all: Vec<_> = STEPS.iter().map(|step| step.name).collect();
    assert_eq!(listed, all);

    let little = Little::workspace();
    let root = little.path("").display().to_string();
    let (status, out, _) = run(&["--root", &root, "--only", "modules,mentions"]);
    assert_eq!(status, 0);
    assert!(out.contains("\n2 passed, 0 failed in"), "{out}");
    little.edit("README.md", "1.95", "1.90");
    let (status, out, _) = run(&["--root", &root, "--only", "modules,mentions"]);
    assert_eq!(status, 1);
    assert!(
        out.contains("    next: fix the document, or what it mentions\n")
            && out.contains("\n1 passed, 1 failed (mentions) in"),
        "{out}"
    );

    let others: Vec<_> = all.into_iter().filter(|name| *name != "modules").collect();
    let (status, out, _) = run(&["--root", &root, "--skip", &others.join(",")]);
    assert_eq!(status, 0);
    assert!(out.starts_with("modules      passed"), "{out}");
    assert_eq!(run(&["--only", "nothing"]).0, 2);
}
