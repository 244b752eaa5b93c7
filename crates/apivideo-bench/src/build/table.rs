//! The table and its position in the README.

use std::fmt::Write as _;

/// The measurements of an application.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Built {
    /// The number of compiled packages, including those of build scripts.
    pub(super) packages: usize,
    /// Processor time in seconds of a debug build from scratch.
    pub(super) debug: f64,
    /// Processor time in seconds of a release build from scratch.
    pub(super) release: f64,
    /// The size of the stripped release binary in bytes.
    pub(super) bytes: u64,
}

/// The line before the table.
const BEGIN: &str = "<!-- written by `apivideo-bench build --write` -->";
/// The line after the table.
const END: &str = "<!-- end of what is written -->";
/// The text before the number of the facade's packages.
const PACKAGES: &str = "Packages that the facade is compiled with by default, itself included: ";

/// Formats the table. The other rows are compared with the first.
pub(super) fn of(rows: &[(String, Built)], packages: usize) -> String {
    let mut text = String::from(
        "| application with | packages | debug build, CPU | release build, CPU | binary |\n|---|---:|---:|---:|---:|\n",
    );
    let Some((_, first)) = rows.first() else {
        return text;
    };
    for (name, built) in rows {
        let _ = writeln!(
            text,
            "| {name} | {} ({:+}) | {:.1} s ({:.2} ×) | {:.1} s ({:.2} ×) | {:.2} MB ({:+.2}) |",
            built.packages,
            built.packages as i64 - first.packages as i64,
            built.debug,
            built.debug / first.debug,
            built.release,
            built.release / first.release,
            megabytes(built.bytes),
            megabytes(built.bytes) - megabytes(first.bytes),
        );
    }
    let _ = writeln!(text, "\n{PACKAGES}{packages}.");
    text
}

#[expect(clippy::cast_precision_loss, reason = "for people")]
fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}

/// Returns the README with the table replaced, or `None` if it lacks the markers.
pub(super) fn put(readme: &str, table: &str) -> Option<String> {
    let (before, rest) = readme.split_once(&format!("{BEGIN}\n"))?;
    let (_, after) = rest.split_once(&format!("{END}\n"))?;
    Some(format!("{before}{BEGIN}\n{table}{END}\n{after}"))
}

/// Returns the number of packages of the facade according to the README.
#[cfg(test)]
pub(super) fn packages(readme: &str) -> Option<usize> {
    let line = readme
        .lines()
        .find_map(|line| line.strip_prefix(PACKAGES))?;
    line.trim_end_matches('.').parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows() -> Vec<(String, Built)> {
        let built = |packages, debug, bytes| Built {
            packages,
            debug,
            release: 100.0,
            bytes,
        };
        vec![
            ("a".to_owned(), built(90, 50.0, 2_000_000)),
            ("b".to_owned(), built(102, 60.0, 2_750_000)),
            ("c".to_owned(), built(80, 40.0, 2_000_000)),
        ]
    }

    #[test]
    fn shows_differences_beside_totals() {
        let table = of(&rows(), 92);
        let lines: Vec<&str> = table.lines().skip(2).collect();
        assert_eq!(
            lines,
            [
                "| a | 90 (+0) | 50.0 s (1.00 ×) | 100.0 s (1.00 ×) | 2.00 MB (+0.00) |",
                "| b | 102 (+12) | 60.0 s (1.20 ×) | 100.0 s (1.00 ×) | 2.75 MB (+0.75) |",
                "| c | 80 (-10) | 40.0 s (0.80 ×) | 100.0 s (1.00 ×) | 2.00 MB (+0.00) |",
                "",
                "Packages that the facade is compiled with by default, itself included: 92.",
            ]
        );
    }

    #[test]
    fn writes_the_table_between_its_markers_and_reads_it_back() {
        let readme = format!("# A\n\n{BEGIN}\nold\n{END}\n\n## B\n");
        let table = of(&rows(), 92);
        let text = put(&readme, &table).unwrap();
        assert!(text.starts_with(&format!("# A\n\n{BEGIN}\n| application")));
        assert!(text.ends_with(&format!(": 92.\n{END}\n\n## B\n")), "{text}");
        assert_eq!(packages(&text), Some(92));
        assert_eq!(put(&text, &table).as_deref(), Some(text.as_str()));
        assert_eq!(put("# A\n", &table), None);
        assert_eq!(packages("# A\n"), None);
    }
}
