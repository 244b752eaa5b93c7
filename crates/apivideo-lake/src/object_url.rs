//! URLs of object stores as text: they are recognized and shown in builds without object stores as well.

/// Splits a URL into its scheme and the rest; `None` if it is a path. A single letter is a drive of Windows.
pub(crate) fn split(text: &str) -> Option<(&str, &str)> {
    let (scheme, rest) = text.split_once("://")?;
    let is_scheme = scheme.len() > 1
        && scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme
            .chars()
            .all(|character| character.is_ascii_alphanumeric() || "+-.".contains(character));
    is_scheme.then_some((scheme, rest))
}

/// Returns the URL that a path seems to be, with one slash after its scheme.
pub(crate) fn with_missing_slash(path: &str) -> Option<String> {
    let url = path.replacen(":/", "://", 1);
    (split(path).is_none() && split(&url).is_some()).then_some(url)
}

/// Returns a URL without user, password, query and slashes at its end. The user in a URL of Azure is the container, and is kept.
pub(crate) fn without_secrets(url: &str) -> String {
    let Some((scheme, rest)) = split(url) else {
        return url.to_owned();
    };
    let end = rest.find(['?', '#']).unwrap_or(rest.len());
    let rest = rest.get(..end).unwrap_or_default();
    let (authority, path) = match rest.find('/') {
        Some(start) => rest.split_at(start),
        None => (rest, ""),
    };
    // A password can contain a slash.
    let (authority, path) = match rest.rsplit_once('@') {
        Some((_, after)) if authority.contains(':') && !authority.contains('@') => {
            after.split_at(after.find('/').unwrap_or(after.len()))
        }
        _ => (authority, path),
    };
    let (user, host) = match authority.rsplit_once('@') {
        Some((user, host)) => (user.split(':').next().unwrap_or_default(), host),
        None => ("", authority),
    };
    let user = match user {
        "" => String::new(),
        container if is_azure(scheme) => format!("{container}@"),
        _ => String::new(),
    };
    let path = path.trim_end_matches('/');
    format!("{scheme}://{user}{host}{path}")
}

/// Returns whether a scheme is one of Azure, whose URLs have the container where others have the user.
pub(crate) fn is_azure(scheme: &str) -> bool {
    ["az", "adl", "azure", "abfs", "abfss"]
        .iter()
        .any(|known| scheme.eq_ignore_ascii_case(known))
}
