//! Types of other crates in the public API. Each couples the versions of both crates, so each requires a reason.

/// Crates whose types are allowed everywhere.
const CRATES: [(&str, &str); 10] = [
    ("apivideo", "our own"),
    ("core", "the language"),
    ("alloc", "the language"),
    ("std", "the language"),
    ("jiff", "times and days; re-exported as `apivideo::jiff`"),
    ("futures_core", "the `Stream` trait"),
    (
        "serde_core",
        "applications serialize and deserialize models",
    ),
    ("schemars", "JSON schemas, with the feature of this name"),
    ("http", "statuses and headers; stable for years"),
    ("serde_json", "values of any type"),
];

/// Items that may name types of crates that are not allowed elsewhere.
const ITEMS: [(&str, &str, &str); 5] = [
    (
        "pub fn apivideo::ClientBuilder::with_http_client(",
        "reqwest",
        "an application may pass its own HTTP client",
    ),
    (
        "pub fn apivideo::AssetStream<T>::progress(",
        "tokio",
        "progress is a watch channel",
    ),
    (
        "pub fn apivideo::ItemStream<T>::progress(",
        "tokio",
        "progress is a watch channel",
    ),
    (
        "pub fn apivideo::SessionEventsStream::progress(",
        "tokio",
        "progress is a watch channel",
    ),
    (
        "rom<apivideo_core::wire::object::Object<apivideo_core::generated::types::",
        "apivideo_core",
        "callers of `apivideo::core` convert its responses to models",
    ),
];

/// Returns the lines of a listing that name a type that is not allowed. Wire types of the core that the facade re-exports are
/// its own.
pub(super) fn leaks(listing: &str) -> Vec<String> {
    let handed_on: Vec<&str> = listing
        .lines()
        .filter_map(|line| line.strip_prefix("pub use apivideo::"))
        .collect();
    let is_blessed = |path: &str| {
        path.strip_prefix("apivideo_core::wire::")
            .and_then(|path| path.rsplit("::").next())
            .is_some_and(|name| handed_on.contains(&name))
    };
    let mut found = Vec::new();
    let mut implementation = "";
    for line in listing.lines() {
        // The functions of an implementation follow it and name the same types.
        if line.starts_with("impl") {
            implementation = line;
        }
        for path in paths(line) {
            let name = path.split("::").next().unwrap_or_default();
            let is_allowed = CRATES.iter().any(|(there, _)| *there == name)
                || is_blessed(path)
                || ITEMS.iter().any(|(part, of, _)| {
                    *of == name && (line.contains(part) || is_part_of(line, implementation, part))
                });
            if !is_allowed {
                found.push(format!("a type of {name} is public: {line}"));
            }
        }
    }
    found.sort();
    found.dedup();
    found
}

/// Returns `true` if the line is the conversion of an allowed implementation.
fn is_part_of(line: &str, implementation: &str, part: &str) -> bool {
    implementation.contains(part) && (line.contains("::from(") || line.contains("::try_from("))
}

/// Returns the paths of a line that start with a crate.
fn paths(line: &str) -> Vec<&str> {
    line.split(|c: char| !c.is_alphanumeric() && c != '_' && c != ':')
        .filter(|word| {
            let first = word.split_once("::").map(|(first, _)| first);
            first.is_some_and(|name| {
                name.starts_with(|c: char| c.is_ascii_lowercase()) && !PRIMITIVES.contains(&name)
            })
        })
        .map(|path| path.trim_end_matches(':'))
        .collect()
}

/// Primitive types, which look like crates.
const PRIMITIVES: [&str; 6] = ["u8", "u16", "u32", "u64", "usize", "str"];
