//! Who may depend on what. Each rule has its reason beside it.

use super::manifests::Edge;

/// Packages that only these of ours may be compiled with.
const RESERVED: [(&str, &[&str], &str); 12] = [
    (
        "apivideo-core",
        &["apivideo", "apivideo-httpmock", "apivideo-bench"],
        "nobody but the facade touches the core; the expectations are made for its types, and measurements look below",
    ),
    (
        "apivideo-simulator",
        &["apivideo-cli", "apivideo-bench"],
        "it knows nothing of the client crates, and they nothing of it; the command embeds it",
    ),
    ("apivideo-cli", &[], "it is the end of the arrows"),
    (
        "apivideo-lake",
        &["apivideo-cli"],
        "files are for whoever wants them, and for the command",
    ),
    (
        "parquet",
        &["apivideo-lake"],
        "files in columns are the lake's, by its feature",
    ),
    (
        "progenitor-client",
        &["apivideo-core", "apivideo"],
        "it is what generated code runs on; the facade takes its responses and errors apart",
    ),
    (
        "reqwest",
        &["apivideo-core", "apivideo", "apivideo-bench"],
        "there is one way to the service, with its authorization, pace and retries; measurements compare it with none",
    ),
    (
        "progenitor",
        &["xtask"],
        "generation is the maintainers' business, and nobody compiles the generator to use what it made",
    ),
    ("openapiv3", &["xtask"], "as progenitor"),
    ("httpmock", &["apivideo-httpmock"], "it is for tests"),
    (
        "apivideo-contract",
        &[],
        "it is for tests, and brings a validator that nobody else needs",
    ),
    (
        "hyper",
        &["apivideo", "apivideo-simulator", "apivideo-bench"],
        "the facade recognizes by its error type that a reused connection was closed, the simulator is a server that has to \
         misbehave, and the floor of the measurements is written in it; requests are reqwest's",
    ),
];

/// What breaks a reservation.
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

/// What must not be compiled into an application, by the options that the facade is used with. A name that ends with `*`
/// stands for all that begin so.
pub(super) const FORBIDDEN: [(&[&str], Forbidden); 3] = [
    (
        &[],
        &[
            ("arrow*", "files in columns are not for everybody"),
            ("parquet*", "files in columns are not for everybody"),
            ("clap*", "a library has no command line"),
            (
                "native-tls",
                "TLS is rustls unless the feature native-tls asks otherwise",
            ),
            (
                "openssl",
                "TLS is rustls unless the feature native-tls asks otherwise",
            ),
            ("schemars*", "contracts are a feature"),
            ("apivideo-simulator", "nobody ships the simulator by chance"),
            (
                "hyper-tls",
                "TLS is rustls unless the feature native-tls asks otherwise",
            ),
            ("chrono", "dates are jiff's"),
        ],
    ),
    (
        &["--no-default-features"],
        &[
            ("rustls*", "no TLS was asked for"),
            ("native-tls", "no TLS was asked for"),
            ("openssl", "no TLS was asked for"),
            ("ring", "no TLS was asked for"),
            ("aws-lc*", "no TLS was asked for"),
        ],
    ),
    (
        &["--no-default-features", "--features", "native-tls"],
        &[
            ("rustls", "TLS by the platform's own library was asked for"),
            ("ring", "TLS by the platform's own library was asked for"),
            ("aws-lc*", "TLS by the platform's own library was asked for"),
        ],
    ),
];

/// What of these packages is forbidden.
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
