use std::path::{Path, PathBuf};

use super::super::process::Package;
use super::*;

fn found(text: &str) -> Vec<Found> {
    let document = Markdown::parse(PathBuf::from("A.md"), text.to_owned());
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let context = Context::at(&root, crate::parse_command_line);
    let package = |name: &str, version: &str, rust: &str| Package {
        name: name.to_owned(),
        version: version.to_owned(),
        rust_version: Some(rust.to_owned()),
        features: Default::default(),
    };
    let metadata = Metadata {
        packages: vec![
            package("apivideo", "0.1.0", "1.88"),
            package("xtask", "0.1.0", "1.95"),
        ],
        target_directory: PathBuf::new(),
    };
    missing_paths(&context, &document)
        .into_iter()
        .chain(invalid_commands(&context, &document))
        .chain(wrong_versions(&metadata, &document))
        .map(|(line, why)| (line, why.lines().next().unwrap_or_default().to_owned()))
        .collect()
}

#[test]
fn existing_paths_commands_and_versions_pass() {
    let text = "Rust 1.95 or `Rust 1.88`, `crates/apivideo/src`, `crates/*/src`, `target/doc`, `a/b`.\n\nRun `cargo xtask check --only \
                api`, or `cargo xtask generate --out DIR`.\n\n```sh\ncargo xtask generate --check   # all\nls crates/none\n```\n\n\
                ```toml\napivideo = \"0.1\"\njiff = \"7\"\n```\n";
    assert_eq!(found(text), []);
}

#[test]
fn others_are_found_with_their_lines() {
    for (text, line, why) in [
        ("a\n`crates/none/src`\n", 2, "crates/none/src not found"),
        (
            "a `cargo xtask chek`\n",
            1,
            "`cargo xtask chek`: error: unrecognized subcommand 'chek'",
        ),
        (
            "```sh\ncargo xtask generate --out DIR\n```\n",
            2,
            "`cargo xtask generate --out DIR`: error: the following required arguments were not provided:",
        ),
        (
            "```sh\ncargo xtask check \"\n```\n",
            2,
            "`cargo xtask check \"`: invalid quotes",
        ),
        (
            "Needs Rust 1.90.\n",
            1,
            "Rust 1.90: the manifests have another version",
        ),
        (
            "```toml\napivideo = \"0.2\"\n```\n",
            2,
            "apivideo 0.2: the manifests have another version",
        ),
        (
            "See apivideo 0.11\n",
            1,
            "apivideo 0.11: the manifests have another version",
        ),
    ] {
        assert_eq!(found(text), [(line, why.to_owned())], "{text}");
    }
}
