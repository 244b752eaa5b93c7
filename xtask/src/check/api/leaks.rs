//! Types of other crates in the public interface: each ties our versions to theirs, so each has its reason.

/// Crates whose types may be public anywhere.
const CRATES: [(&str, &str); 10] = [
    ("apivideo", "our own"),
    ("core", "the language"),
    ("alloc", "the language"),
    ("std", "the language"),
    (
        "jiff",
        "times and days, the same everywhere; handed on as `apivideo::jiff`",
    ),
    ("futures_core", "the trait that a stream is"),
    ("serde_core", "models are written and read by applications"),
    (
        "schemars",
        "contracts, where the feature of this name asks for them",
    ),
    ("http", "statuses and headers; stable for years"),
    ("serde_json", "values that have no type of their own"),
];

/// Single items that name types of crates that may not be public elsewhere.
const ITEMS: [(&str, &str, &str); 5] = [
    (
        "pub fn apivideo::ClientBuilder::with_http_client(",
        "reqwest",
        "an application may bring its own HTTP client, by way of `apivideo::reqwest`",
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
        "who calls an operation by way of `apivideo::core` makes models of its responses",
    ),
];

/// Lines of a listing that name what they must not. Wire types of the core are the facade's own once it hands them on by
/// name.
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
        // The functions of an implementation follow it, and name what it names.
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

/// Whether a line is the conversion that an allowed implementation is there for.
fn is_part_of(line: &str, implementation: &str, part: &str) -> bool {
    implementation.contains(part) && (line.contains("::from(") || line.contains("::try_from("))
}

/// The paths that a line names and that begin with a crate.
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

/// Types that are written like crates.
const PRIMITIVES: [&str; 6] = ["u8", "u16", "u32", "u64", "usize", "str"];
