//! Sections of the changelog.

/// The name of the section of unreleased changes.
pub const UNRELEASED: &str = "Unreleased";

/// Returns the text of the section `## name`. Text after the name in the heading, such as a date, is
/// ignored.
#[must_use]
pub fn section<'a>(log: &'a str, name: &str) -> Option<&'a str> {
    let mut start = None;
    let mut at = 0;
    for line in log.split_inclusive('\n') {
        if let Some(heading) = line.strip_prefix("## ") {
            if let Some(start) = start {
                return Some(log[start..at].trim());
            }
            if heading.split_whitespace().next() == Some(name) {
                start = Some(at + line.len());
            }
        }
        at += line.len();
    }
    start.map(|start| log[start..].trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_end_where_the_next_begins() {
        let log = "# Changelog\n\n## Unreleased\n\n## 0.2.0 (2027-01-02)\n\n**added**\n\n- x\n\n## 0.1.0\n- y\n";
        assert_eq!(section(log, UNRELEASED), Some(""));
        assert_eq!(section(log, "0.2.0"), Some("**added**\n\n- x"));
        assert_eq!(section(log, "0.1.0"), Some("- y"));
        assert_eq!(section(log, "0.1"), None);
    }
}
