//! Rules for dependencies, each with its reason.

use super::manifests::Edge;

/// Packages that only the listed packages of the workspace may depend on.
const RESERVED: [(&str, &[&str], &str); 14] = [
    (
        "apivideo-core",
        &["apivideo", "apivideo-httpmock", "apivideo-bench"],
        "only the facade uses the core; the expectations use its types, and benchmarks measure it",
    ),
    (
        "apivideo-simulator",
        &["apivideo-cli", "apivideo-bench"],
        "it is independent of the client crates; the command embeds it",
    ),
    ("apivideo-cli", &[], "it is the top of the dependency graph"),
    (
        "apivideo-lake",
        &["apivideo-cli", "apivideo-bench"],
        "files are optional; only the command depends on them, and benchmarks measure them",
    ),
    (
        "apivideo-insights",
        &[
            "apivideo",
            "apivideo-lake",
            "apivideo-report",
            "apivideo-cli",
            "apivideo-bench",
        ],
        "it knows events and sessions as plain data; the facade converts its models behind a feature",
    ),
    (
        "apivideo-report",
        &["apivideo-cli"],
        "it is pure; the command reads the measures and writes the file",
    ),
    (
        "parquet",
        &["apivideo-lake"],
        "columnar files belong to the lake, with its feature",
    ),
    (
        "progenitor-client",
        &["apivideo-core", "apivideo"],
        "generated code depends on it; the facade reads its responses and errors",
    ),
    (
        "reqwest",
        &["apivideo-core", "apivideo", "apivideo-bench"],
        "all requests to the service pass through the facade; benchmarks compare it with direct requests",
    ),
    (
        "progenitor",
        &["xtask-bindgen"],
        "only maintainers compile the generator",
    ),
    ("openapiv3", &["xtask-bindgen"], "as progenitor"),
    ("httpmock", &["apivideo-httpmock"], "it is for tests"),
    (
        "apivideo-contract",
        &[],
        "it is for tests, and contains a validator",
    ),
    (
        "hyper",
        &["apivideo", "apivideo-simulator", "apivideo-bench"],
        "the facade recognizes closed connections by its error type, the simulator needs full control of \
         responses, and the floor of the benchmarks uses it; all other requests use reqwest",
    ),
];

/// Returns the packages that the feature `insights` adds to the facade, except the crate of the measures itself.
pub(super) fn added_by_measures(before: &[String], after: &[String]) -> Vec<String> {
    let added = after.iter().filter(|package| !before.contains(package));
    added
        .filter(|package| *package != "apivideo-insights")
        .map(|package| {
            format!(
                "apivideo is compiled with {package} with the feature insights: measures add no third-party package"
            )
        })
        .collect()
}

/// Returns the violations of these rules.
pub(super) fn misplaced(edges: &[Edge]) -> Vec<String> {
    let mut found = Vec::new();
    for (package, owners, reason) in RESERVED {
        for Edge { from, .. } in edges.iter().filter(|edge| edge.to == package) {
            if !owners.contains(&from.as_str()) {
                found.push(format!("{from} depends on {package}: {reason}"));
            }
        }
    }
    found
}

type Forbidden = &'static [(&'static str, &'static str)];

/// Packages that must not be compiled into an application, by the features of the facade. A name that ends with `*` is a
/// prefix.
pub(super) const FORBIDDEN: [(&[&str], Forbidden); 3] = [
    (
        &[],
        &[
            ("arrow*", "columnar files are optional"),
            ("parquet*", "columnar files are optional"),
            ("clap*", "a library has no command line"),
            ("native-tls", "TLS defaults to rustls"),
            ("openssl", "TLS defaults to rustls"),
            ("schemars*", "JSON schemas are a feature"),
            (
                "apivideo-simulator",
                "the simulator is not part of applications",
            ),
            ("hyper-tls", "TLS defaults to rustls"),
            ("chrono", "dates use jiff"),
        ],
    ),
    (
        &["--no-default-features"],
        &[
            ("rustls*", "TLS was not requested"),
            ("native-tls", "TLS was not requested"),
            ("openssl", "TLS was not requested"),
            ("ring", "TLS was not requested"),
            ("aws-lc*", "TLS was not requested"),
        ],
    ),
    (
        &["--no-default-features", "--features", "native-tls"],
        &[
            ("rustls", "the TLS library of the platform was requested"),
            ("ring", "the TLS library of the platform was requested"),
            ("aws-lc*", "the TLS library of the platform was requested"),
        ],
    ),
];

/// Returns the forbidden packages.
pub(super) fn found(packages: &[String], options: &[&str], forbidden: Forbidden) -> Vec<String> {
    let how = match options {
        [] => "by default".to_owned(),
        options => format!("with {}", options.join(" ")),
    };
    let mut found = Vec::new();
    for (name, reason) in forbidden {
        let fits = |package: &&String| match name.strip_suffix('*') {
            Some(beginning) => package.starts_with(beginning),
            None => package == name,
        };
        for package in packages.iter().filter(fits) {
            found.push(format!(
                "apivideo is compiled with {package} {how}: {reason}"
            ));
        }
    }
    found
}
