//! Types of other crates in the public API: each couples the versions of both crates, so that each has a reason.

/// Crates whose types may be public anywhere.
const CRATES: [(&str, &str); 11] = [
    ("apivideo", "the crate itself"),
    (
        "apivideo_insights",
        "measures, with the feature `insights`; re-exported as `apivideo::insights`, and released together",
    ),
    ("core", "the language"),
    ("alloc", "the language"),
    ("std", "the language"),
    (
        "jiff",
        "times and days; stable, and re-exported as `apivideo::jiff`",
    ),
    ("futures_core", "the trait `Stream`"),
    ("serde_core", "applications serialize and decode models"),
    ("schemars", "JSON schemas, with the feature `schemars`"),
    ("http", "statuses, methods and headers; stable"),
    ("serde_json", "values without a type"),
];

/// Items that may name a type of another crate.
const ITEMS: [(&str, &str, &str); 1] = [(
    "::ClientBuilder::with_http_client(",
    "reqwest",
    "an application can use its own HTTP client; a new release of reqwest is a minor release of this crate",
)];

/// Lines of a listing that name a type of another crate without a reason. Wire types of the generated crate are allowed if the
/// facade re-exports them by name.
pub(super) fn leaks(listing: &str) -> Vec<String> {
    let reexported: Vec<&str> = listing
        .lines()
        .filter_map(|line| line.strip_prefix("pub use apivideo::")?.rsplit("::").next())
        .collect();
    let is_reexported = |path: &str| {
        path.strip_prefix("apivideo_core::wire::")
            .and_then(|path| path.rsplit("::").next())
            .is_some_and(|name| reexported.contains(&name))
    };
    let mut leaks = Vec::new();
    for line in listing.lines() {
        for path in paths(line) {
            let name = path.split("::").next().unwrap_or_default();
            let is_allowed = CRATES.iter().any(|(allowed, _)| *allowed == name)
                || is_reexported(path)
                || ITEMS
                    .iter()
                    .any(|(item, of, _)| *of == name && line.contains(item));
            if !is_allowed {
                leaks.push(format!("a type of {name} is public: {line}"));
            }
        }
    }
    leaks.sort();
    leaks.dedup();
    leaks
}

/// The paths of a line that begin with a crate.
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

/// Primitive types, whose paths look like those of crates.
const PRIMITIVES: [&str; 6] = ["u8", "u16", "u32", "u64", "usize", "str"];
