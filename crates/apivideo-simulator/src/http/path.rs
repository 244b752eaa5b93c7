//! Patterns of paths.

/// The values of the parameters in a path, in their order; empty where there are fewer.
pub(crate) type PathParameters<'a> = [&'a str; 2];

/// Returns the values of the parameters of a path such as `/videos/{videoId}`; `None` if the path is another one.
pub(crate) fn parameters<'a>(pattern: &str, path: &'a str) -> Option<PathParameters<'a>> {
    let mut found = [""; 2];
    let mut places = found.iter_mut();
    let mut segments = path.split('/');
    for expected in pattern.split('/') {
        let segment = segments.next()?;
        if expected.starts_with('{') && !segment.is_empty() {
            *places.next()? = segment;
        } else if expected.starts_with('{') || segment != expected {
            return None;
        }
    }
    segments.next().is_none().then_some(found)
}

/// Whether a path matches a pattern, in which a segment `*` matches any segment.
pub(crate) fn path_matches(pattern: &str, path: &str) -> bool {
    let mut segments = path.split('/');
    pattern.split('/').all(|expected| {
        segments
            .next()
            .is_some_and(|found| expected == "*" || expected == found)
    }) && segments.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_matches_one_segment() {
        assert!(path_matches("/a/*/c", "/a/b/c"));
        for path in ["/a/b", "/a/b/c/d", "/x/b/c", ""] {
            assert!(!path_matches("/a/*/c", path), "{path}");
        }
    }
}
