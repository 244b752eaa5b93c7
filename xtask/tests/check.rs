//! Each step of `cargo xtask check` on a little workspace of its own, first as it has to be, then with what the step guards
//! against broken.

#![allow(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

use std::ffi::OsString;
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
             [workspace.package]\nrust-version = \"1.95\"\n\
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
        little.package("crates/apivideo-cli", "0.1.0", "");
        little.write("crates/apivideo-cli/src/main.rs", COMMAND);
        little.package("crates/apivideo-bench", "0.1.0", "");
        little.write("crates/apivideo-bench/src/lib.rs", "");
        little.package("xtask", "0.1.0", "");
        little.write("xtask/src/lib.rs", "");
        little.write(
            "README.md",
            "# A\n\nMinimum Rust: 1.95. See [there](CHANGELOG.md#unreleased).\n",
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
            "crates/apivideo/src",
            "crates/apivideo-core/src",
            "crates/apivideo-httpmock/src",
        ] {
            copy(&repository().join(part), &little.path(part));
        }
        let manifest = "crates/apivideo-core/Cargo.toml";
        little.write(
            manifest,
            &fs::read_to_string(repository().join(manifest)).unwrap(),
        );
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
                "[package]\nname = \"{name}\"\nversion = \"{version}\"\nedition = \"2024\"\n{more}"
            ),
        );
    }

    /// A tool that says a word and ends so.
    #[cfg(unix)]
    fn tool(&self, name: &str, status: u8) {
        use std::os::unix::fs::PermissionsExt as _;
        let path = self.path(&format!("tools/{name}"));
        self.write(
            &format!("tools/{name}"),
            &format!("#!/bin/sh\necho said: \"$@\"\nexit {status}\n"),
        );
        fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
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

    #[track_caller]
    fn skips(&self, name: &str) -> String {
        match self.step(name) {
            Outcome::Skipped(why) => why,
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

/// A command that knows one subcommand with one option that it needs.
const COMMAND: &str = r#"
fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    if words[0] != "videos" || words.iter().any(|word| word == "--no") {
        eprintln!("error: unexpected argument");
        std::process::exit(2);
    }
    println!("Usage: apivideo videos [OPTIONS] --period <PERIOD>");
}
"#;

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
fn links() {
    let little = Little::workspace();
    assert_eq!(little.passes("links"), "1 links in 2 documents");
    little.write(
        "docs/a b.md",
        "# What is `new`?\n# What is new\n[up](../README.md#a) `crates/apivideo`\n",
    );
    little.edit(
        "README.md",
        "# A",
        "# A\n\n[b](<docs/a b.md#what-is-new-1>) [c](https://example.org/#no)",
    );
    little.passes("links");
    for (broken, completed) in [
        ("[x](docs/c.md)", "README.md:1: there is no docs/c.md"),
        ("[x](#b)", "README.md:1: README.md has no heading #b"),
        (
            "[x](./docs/../CHANGELOG.md#released)",
            "README.md:1: CHANGELOG.md has no heading #released",
        ),
        (
            "See `crates/nothing/src`",
            "README.md:1: there is no crates/nothing/src",
        ),
    ] {
        let before = little.read("README.md");
        little.write("README.md", &format!("{broken}\n\n{before}"));
        let found = little.fails("links");
        assert_eq!(found.lines().next(), Some(completed));
        little.write("README.md", &before);
    }
}

#[test]
fn versions() {
    let little = Little::workspace();
    assert_eq!(little.passes("versions"), "1 mentions");
    little.edit("README.md", "1.95", "1.90");
    let found = little.fails("versions");
    assert!(
        found.starts_with("README.md:3: Rust 1.90, but Cargo.toml has 1.95"),
        "{found}"
    );
    little.edit("README.md", "1.90", "1.95");
    little.edit("CHANGELOG.md", "## Unreleased", "## 0.2.0");
    assert!(
        little
            .fails("versions")
            .contains("the newest release is 0.2.0")
    );
}

#[test]
fn commands() {
    let little = Little::workspace();
    let shell = |line: &str| little.write("docs/run.md", &format!("# Run\n\n```sh\n{line}\n```\n"));
    shell("cargo run -- videos --period 2022 > out.json\ncargo xtask check --only links,api");
    assert_eq!(little.passes("commands"), "2 command lines");
    for (line, completed) in [
        (
            "cargo run -- films",
            "docs/run.md:4: `apivideo films`: error: unexpected argument",
        ),
        (
            "apivideo videos --no",
            "docs/run.md:4: `apivideo videos --no`: error: unexpected argument",
        ),
        (
            "apivideo videos",
            "docs/run.md:4: `apivideo videos` is incomplete: --period is missing",
        ),
        (
            "cargo xtask check --only lnks",
            "docs/run.md:4: `cargo xtask check --only lnks`: error: invalid value",
        ),
    ] {
        shell(line);
        let found = little.fails("commands");
        assert!(found.starts_with(completed), "{found}");
    }
}

#[test]
fn dependencies() {
    let mut little = Little::workspace();
    assert!(
        little.fails("dependencies").contains("+reqwest"),
        "there is no listing yet"
    );
    little.context.accept = true;
    assert!(
        little
            .fails("dependencies")
            .contains("crates/apivideo-bench/README.md does not contain the number of packages")
    );
    let stated = |packages: usize| {
        format!(
            "Packages that the facade is compiled with by default, itself included: {packages}.\n"
        )
    };

    little.write("crates/apivideo-bench/README.md", &stated(2));
    little.accept("dependencies");
    assert_eq!(little.passes("dependencies"), "2 packages by default");
    assert_eq!(
        little.read("crates/apivideo/dependencies.txt"),
        "apivideo\nreqwest\n"
    );

    // One more package.
    little.package("crates/heavy", "1.0.0", "");
    little.write("crates/heavy/src/lib.rs", "");
    little.edit(
        "Cargo.toml",
        "clap =",
        "heavy = { path = \"crates/heavy\" }\nclap =",
    );
    little.package(
        "crates/reqwest",
        "0.13.5",
        "[dependencies]\nheavy.workspace = true\n",
    );
    let found = little.fails("dependencies");
    assert!(
        found.contains("+heavy") && found.contains("--only dependencies --accept"),
        "{found}"
    );
    // Updating the listing is not enough: the table of the README must match too.
    little.context.accept = true;
    let found = little.fails("dependencies");
    assert!(
        found.contains(
            "with 3 packages by default, but the table of crates/apivideo-bench/README.md reports 2"
        ) && found.contains("cargo xtask bench build --write"),
        "{found}"
    );
    little.edit("crates/apivideo-bench/README.md", &stated(2), &stated(3));
    little.accept("dependencies");

    // One that applications must not get, though the listing has it.
    little.package(
        "crates/reqwest",
        "0.13.5",
        "[dependencies]\nclap.workspace = true\n",
    );
    assert!(
        little
            .fails("dependencies")
            .contains("compiled with clap by default: a library has no command line")
    );
    little.package(
        "crates/reqwest",
        "0.13.5",
        "[dependencies]\nheavy.workspace = true\n",
    );

    // One where it does not belong.
    little.package(
        "crates/apivideo-cli",
        "0.1.0",
        "[dependencies]\nreqwest.workspace = true\n",
    );
    assert!(
        little
            .fails("dependencies")
            .contains("apivideo-cli depends on reqwest")
    );
    little.package(
        "crates/apivideo-cli",
        "0.1.0",
        "[dev-dependencies]\nreqwest.workspace = true\n",
    );
    little.passes("dependencies");

    // One that is declared apart.
    little.package(
        "crates/apivideo-cli",
        "0.1.0",
        "[dev-dependencies]\nclap = { path = \"../clap\" }\n",
    );
    assert!(
        little
            .fails("dependencies")
            .contains("crates/apivideo-cli/Cargo.toml: `clap` is declared here")
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
    assert_eq!(little.passes("features"), "8 combinations");
    little.write(
        "crates/apivideo/src/lib.rs",
        "#[cfg(all(feature = \"insights\", feature = \"schemars\", not(feature = \"native-tls\")))]\nfn broken() -> u8 {}\n",
    );
    let found = little.fails("features");
    assert!(found.starts_with("`cargo check --quiet --package apivideo --no-default-features --features insights,schemars`"), "{found}");
    assert_eq!(found.matches("--no-default-features").count(), 1, "{found}");
    little.write(
        "crates/apivideo/src/lib.rs",
        "compile_error!(\"Could not find directory of OpenSSL installation\");",
    );
    assert!(
        little
            .passes("features")
            .contains("except 8 with native-tls")
    );
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
    if !git(&little, &["init"]) {
        assert!(little.skips("changelog").contains("no git"));
        return;
    }
    assert!(
        little
            .skips("changelog")
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
    assert!(little.skips("changelog").contains("`nowhere`"));
    little.context.base = None;
    little.edit("CHANGELOG.md", "- one", "- one\n- two");
    little.passes("changelog");
}

#[cfg(unix)]
#[test]
fn external_tools() {
    let mut little = Little::workspace();
    little.context.tools = OsString::from(little.path("tools"));
    for name in ["linters", "deny", "semver"] {
        assert!(
            little.skips(name).contains(" is not installed; run `"),
            "{name}"
        );
    }
    assert!(little.skips("changelog").contains("git is not installed"));

    little.context.tools =
        std::env::join_paths([little.path("tools"), "/bin".into(), "/usr/bin".into()]).unwrap();
    for (step, tool, completed) in [
        ("linters", "redocly", "said: lint openapi/apivideo.yaml"),
        ("deny", "cargo-deny", "said: check bans licenses sources"),
    ] {
        little.tool(tool, 0);
        little.passes(step);
        little.tool(tool, 1);
        let found = little.fails(step);
        assert!(found.starts_with(completed), "{found}");
        little.tool(tool, 0);
    }

    // Spectral has no default rules.
    little.tool("spectral", 1);
    assert_eq!(little.passes("linters"), "redocly");
    little.write(".spectral.yaml", "extends: spectral:oas\n");
    assert!(little.fails("linters").starts_with("said: lint openapi/"));
    little.tool("spectral", 0);
    assert_eq!(little.passes("linters"), "redocly and spectral");

    little.tool("cargo-semver-checks", 1);
    if git(&little, &["init"]) {
        assert!(little.skips("semver").contains("no git repository"));
        assert!(git(&little, &["add", "."]) && git(&little, &["commit", "-m", "one"]));
        let found = little.fails("semver");
        assert!(
            found.starts_with("said: semver-checks --package apivideo --baseline-rev "),
            "{found}"
        );
        little.tool("cargo-semver-checks", 0);
        assert!(little.passes("semver").starts_with("compared with "));
    }
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
    let (status, out, _) = run(&["--root", &root, "--only", "links,versions"]);
    assert_eq!(status, 0);
    assert!(out.contains("\n2 passed, 0 failed, 0 skipped in"), "{out}");
    little.edit("README.md", "1.95", "1.90");
    let (status, out, _) = run(&["--root", &root, "--only", "links,versions"]);
    assert_eq!(status, 1);
    assert!(
        out.contains(
            "next: use the version of Cargo.toml\n1 passed, 1 failed (versions), 0 skipped in"
        ),
        "{out}"
    );

    let others: Vec<_> = all.into_iter().filter(|name| *name != "links").collect();
    let (status, out, _) = run(&["--root", &root, "--skip", &others.join(",")]);
    assert_eq!(status, 0);
    assert!(out.starts_with("links        passed"), "{out}");
    assert_eq!(run(&["--only", "nothing"]).0, 2);
}
