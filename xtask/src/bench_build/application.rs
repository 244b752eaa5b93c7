//! Small applications that are built to measure them.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Output};

use super::measurement::Built;
use crate::check::{Context, dependencies};
use xtask_bindgen::error::Error;

/// An application to measure.
pub(super) struct Application {
    /// Its dependencies, in words.
    pub(super) name: String,
    /// Lines of its manifest.
    dependencies: String,
    main: &'static str,
}

/// The dependencies of all applications.
const COMMON: &str =
    "futures = \"0.3\"\ntokio = { version = \"1\", features = [\"macros\", \"rt\"] }\n";
const REQWEST: &str =
    "reqwest = { version = \"0.13\", default-features = false, features = [\"rustls\"] }\n";

impl Application {
    /// Returns all applications, the baseline first.
    pub(super) fn all(root: &Path, with_features: bool) -> Result<Vec<Self>, Error> {
        let path = |name: &str| root.join("crates").join(name).display().to_string();
        let (core, facade) = (path("apivideo-core"), path("apivideo"));
        let with_facade = |name: String, options: &str| Self {
            name,
            dependencies: format!("{COMMON}apivideo = {{ path = {facade:?}{options} }}\n"),
            main: include_str!("facade.rs.txt"),
        };
        let mut all = vec![
            Self {
                name: "reqwest, serde, tokio, futures".to_owned(),
                dependencies: format!(
                    "{COMMON}{REQWEST}serde = {{ version = \"1\", features = [\"derive\"] }}\n"
                ),
                main: include_str!("reqwest.rs.txt"),
            },
            Self {
                name: "`apivideo-core`".to_owned(),
                dependencies: format!("{COMMON}{REQWEST}apivideo-core = {{ path = {core:?} }}\n"),
                main: include_str!("core.rs.txt"),
            },
            with_facade("`apivideo`".to_owned(), ""),
        ];
        for feature in features(root)?.into_iter().filter(|_| with_features) {
            let options = format!(", features = [{feature:?}]");
            all.push(with_facade(format!("`apivideo`, `{feature}`"), &options));
        }
        Ok(all)
    }

    /// Builds the application in debug and release mode. The inner error is the reason why this machine cannot build it.
    pub(super) fn build(&self, root: &Path) -> Result<Result<Built, String>, Error> {
        let folder = tempfile::tempdir().map_err(|source| Error::File {
            path: std::env::temp_dir(),
            tried: "failed to create a folder in",
            source,
        })?;
        let manifest = format!(
            "[package]\nname = \"application\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n[dependencies]\n{}\n\
             [profile.release]\nstrip = true\n",
            self.dependencies
        );
        let write = |name: &str, text: &[u8]| {
            let path = folder.path().join(name);
            std::fs::write(&path, text).map_err(|source| Error::File {
                path,
                tried: "failed to write",
                source,
            })
        };
        std::fs::create_dir(folder.path().join("src")).map_err(|source| Error::File {
            path: folder.path().to_owned(),
            tried: "failed to create a folder in",
            source,
        })?;
        write("Cargo.toml", manifest.as_bytes())?;
        write("src/main.rs", self.main.as_bytes())?;
        let lock = root.join("Cargo.lock");
        let lock = std::fs::read(&lock).map_err(|source| Error::File {
            path: lock.clone(),
            tried: "failed to read",
            source,
        })?;
        write("Cargo.lock", &lock)?;

        // Dependencies are fetched before the time is measured.
        let tree = cargo(
            folder.path(),
            &[
                "tree",
                "--target",
                TARGET,
                "--edges",
                "normal,build",
                "--prefix",
                "none",
            ],
        )?;
        if let Err(why) = good(&tree) {
            return Err(self.failed(&why));
        }
        let mut packages: Vec<&[u8]> = tree.stdout.split(|byte| *byte == b'\n').collect();
        packages = packages
            .into_iter()
            .map(<[u8]>::trim_ascii)
            .filter(|line| !line.is_empty() && !line.starts_with(b"application "))
            .map(|line| line.strip_suffix(b" (*)").unwrap_or(line))
            .collect();
        packages.sort_unstable();
        packages.dedup();

        let mut seconds = [None, None];
        for (options, seconds) in [&["build"][..], &["build", "--release"]]
            .into_iter()
            .zip(&mut seconds)
        {
            let before = children();
            let built = cargo(folder.path(), options)?;
            match good(&built) {
                Ok(()) => {}
                Err(why) if why.contains(NO_OPENSSL) => {
                    return Ok(Err(
                        "the headers of OpenSSL are missing; install libssl-dev".to_owned(),
                    ));
                }
                Err(why) => return Err(self.failed(&why)),
            }
            *seconds = children().zip(before).map(|(after, before)| after - before);
        }
        let binary = folder.path().join("target/release/application");
        let bytes = std::fs::metadata(&binary).map_err(|source| Error::File {
            path: binary,
            tried: "failed to inspect",
            source,
        })?;
        Ok(Ok(Built {
            crates: packages.len(),
            debug: seconds[0],
            release: seconds[1],
            bytes: bytes.len(),
        }))
    }

    fn failed(&self, why: &str) -> Error {
        Error::Measurement(format!(
            "the application with {} does not build:\n{why}",
            self.name
        ))
    }
}

/// The platform for which packages are counted, so that the number is the same on all machines.
const TARGET: &str = "x86_64-unknown-linux-gnu";
const NO_OPENSSL: &str = "Could not find directory of OpenSSL installation";

/// Returns the number of packages that the facade is compiled with by default.
pub(super) fn packages(root: &Path) -> Result<usize, Error> {
    dependencies::by_default(&Context::at(root, |_| Ok(()))).map_or_else(
        |why| Err(Error::Measurement(why)),
        |packages| Ok(packages.len()),
    )
}

/// Returns the features of the facade that are not enabled by default.
fn features(root: &Path) -> Result<Vec<String>, Error> {
    #[derive(serde::Deserialize)]
    struct Manifest {
        features: BTreeMap<String, Vec<String>>,
    }
    let path = root.join("crates/apivideo/Cargo.toml");
    let text = std::fs::read_to_string(&path).map_err(|source| Error::File {
        path: path.clone(),
        tried: "failed to read",
        source,
    })?;
    let manifest: Manifest = toml::from_str(&text)
        .map_err(|error| Error::Measurement(format!("{}: {error}", path.display())))?;
    let usual = manifest
        .features
        .get("default")
        .cloned()
        .unwrap_or_default();
    Ok(manifest
        .features
        .into_keys()
        .filter(|feature| feature != "default" && !usual.contains(feature))
        .collect())
}

fn cargo(folder: &Path, arguments: &[&str]) -> Result<Output, Error> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    Command::new(&cargo)
        .args(arguments)
        .current_dir(folder)
        .env("CARGO_TARGET_DIR", folder.join("target"))
        .env("CARGO_TERM_COLOR", "never")
        .env_remove("RUSTC_WRAPPER")
        .output()
        .map_err(|source| Error::File {
            path: Path::new(&cargo).to_owned(),
            tried: "failed to run",
            source,
        })
}

fn good(output: &Output) -> Result<(), String> {
    if output.status.success() {
        return Ok(());
    }
    Err(String::from_utf8_lossy(&output.stderr).into_owned())
}

/// Returns the CPU time, in seconds, of the child processes that have ended, including their own children.
fn children() -> Option<f64> {
    used(&std::fs::read_to_string("/proc/self/stat").ok()?)
}

/// Parses `cutime` and `cstime` of a `/proc/…/stat`.
fn used(stat: &str) -> Option<f64> {
    /// The unit is a hundredth of a second on every Linux machine.
    const TICKS: f64 = 100.0;
    // The name of the program is in brackets, and may contain any character.
    let (_, fields) = stat.rsplit_once(')')?;
    let mut fields = fields.split_whitespace().skip(13);
    let mut next = || fields.next()?.parse::<u32>().ok();
    Some((f64::from(next()?) + f64::from(next()?)) / TICKS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_cpu_time_of_children() {
        let stat =
            "42 (a b) c) S 1 42 42 0 -1 4194560 100 200 0 0 7 8 1234 66 20 0 1 0 100 1000 10";
        assert_eq!(used(stat), Some(13.0));
        assert_eq!(used("42 (a) S 1"), None);
    }

    #[test]
    fn measures_every_feature_that_is_not_a_default() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let names: Vec<String> = Application::all(root, true)
            .unwrap()
            .into_iter()
            .map(|application| application.name)
            .collect();
        assert_eq!(names[0], "reqwest, serde, tokio, futures");
        assert!(names.contains(&"`apivideo`".to_owned()), "{names:?}");
        assert!(
            names.contains(&"`apivideo`, `schemars`".to_owned()),
            "{names:?}"
        );
        assert!(
            !names.contains(&"`apivideo`, `rustls`".to_owned()),
            "{names:?}"
        );
    }
}
