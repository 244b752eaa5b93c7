//! The names of the files of rows.

use super::Folder;
use crate::format::Format;
use crate::manifest::FileEntry;
use crate::partition::Partition;
use crate::table::Table;

/// The number of hexadecimal digits of a digest in a name.
const DIGITS: usize = 16;

/// How the files of rows of a lake are named.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FileNames {
    format: Format,
    is_by_content: bool,
}

impl FileNames {
    /// Names files by their contents if previous files are kept for readers of earlier versions.
    pub(crate) fn new(format: Format, is_by_content: bool) -> Self {
        Self {
            format,
            is_by_content,
        }
    }

    /// Returns the name of a file of a day with this SHA-256.
    pub(crate) fn data(self, table: Table, partition: Partition, sha256: &str) -> String {
        match self.is_by_content {
            true => by_content(table, Some(partition), self.format, sha256),
            false => Folder::data(table, partition, self.format),
        }
    }

    /// Returns the name of a table of lengths with this SHA-256.
    pub(crate) fn lengths(self, sha256: &str) -> String {
        match self.is_by_content {
            true => by_content(Table::Lengths, None, self.format, sha256),
            false => Folder::lengths(self.format),
        }
    }
}

impl FileEntry {
    /// Returns whether the entry is named like a file of a day.
    pub(crate) fn is_of(&self, table: Table, partition: Partition) -> bool {
        Format::ALL.into_iter().any(|format| {
            self.path == Folder::data(table, partition, format)
                || self.path == by_content(table, Some(partition), format, &self.written.sha256)
        })
    }

    /// Returns whether the entry is named like a table of lengths.
    pub(crate) fn is_lengths(&self, format: Format) -> bool {
        self.path == Folder::lengths(format)
            || self.path == by_content(Table::Lengths, None, format, &self.written.sha256)
    }
}

/// Returns whether a name is that of a file of the table by its contents.
pub(crate) fn is_by_content(table: Table, name: &str) -> bool {
    let (folder, file) = name.rsplit_once('/').unwrap_or_default();
    let is_folder = match folder.strip_prefix(table.name()) {
        Some("") => table == Table::Lengths,
        Some(day) => day.starts_with("/date=") && !day[1..].contains('/'),
        None => false,
    };
    let digits = file.strip_prefix(table.name()).and_then(|rest| {
        let rest = rest.strip_prefix('-')?;
        rest.strip_suffix(".parquet")
    });
    let is_digest = |digits: &str| {
        digits.len() == DIGITS
            && digits
                .bytes()
                .all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f'))
    };
    is_folder && digits.is_some_and(is_digest)
}

/// Returns whether a name is that of a file of any table by its contents.
pub(crate) fn is_of_any_table(name: &str) -> bool {
    Table::ALL
        .into_iter()
        .any(|table| is_by_content(table, name))
}

fn by_content(table: Table, day: Option<Partition>, format: Format, sha256: &str) -> String {
    let digits = sha256.get(..DIGITS).unwrap_or(sha256);
    let folder = day.map_or_else(String::new, |day| format!("/{}", day.folder()));
    format!("{table}{folder}/{table}-{digits}.{format}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::Written;

    const SHA256: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    fn entry(path: &str) -> FileEntry {
        let written = Written {
            rows: 1,
            bytes: 2,
            sha256: SHA256.to_owned(),
        };
        FileEntry {
            path: path.to_owned(),
            written,
        }
    }

    #[test]
    fn files_are_named_by_their_day_or_by_their_contents() {
        let day: Partition = "2024-05-01".parse().unwrap();
        let fixed = FileNames::new(Format::Parquet, false);
        let by_content = FileNames::new(Format::Parquet, true);
        for (names, data, lengths) in [
            (
                fixed,
                "sessions/date=2024-05-01/sessions.parquet",
                "lengths/lengths.parquet",
            ),
            (
                by_content,
                "sessions/date=2024-05-01/sessions-0123456789abcdef.parquet",
                "lengths/lengths-0123456789abcdef.parquet",
            ),
        ] {
            assert_eq!(names.data(Table::Sessions, day, SHA256), data);
            assert_eq!(names.lengths(SHA256), lengths);
            assert!(entry(data).is_of(Table::Sessions, day));
            assert!(!entry(data).is_of(Table::Events, day));
            assert!(!entry(data).is_of(Table::Sessions, Partition::Unknown));
            assert!(entry(lengths).is_lengths(Format::Parquet));
        }
        let of_other = "sessions/date=2024-05-01/sessions-fedcba9876543210.parquet";
        assert!(!entry(of_other).is_of(Table::Sessions, day));
    }

    #[test]
    fn recognizes_names_by_content() {
        for name in [
            "sessions/date=2024-05-01/sessions-0123456789abcdef.parquet",
            "sessions/date=__HIVE_DEFAULT_PARTITION__/sessions-0123456789abcdef.parquet",
        ] {
            assert!(is_by_content(Table::Sessions, name), "{name}");
            assert!(!is_by_content(Table::Events, name), "{name}");
            assert!(is_of_any_table(name));
        }
        assert!(is_by_content(
            Table::Lengths,
            "lengths/lengths-0123456789abcdef.parquet"
        ));
        for name in [
            "sessions/date=2024-05-01/sessions.parquet",
            "sessions/date=2024-05-01/sessions-0123456789abcde.parquet",
            "sessions/date=2024-05-01/sessions-0123456789abcdeg.parquet",
            "sessions/date=2024-05-01/sessions-0123456789abcdef.csv",
            "sessions/date=2024-05-01/mine.parquet",
            "sessions/sessions-0123456789abcdef.parquet",
            "sessions/date=2024-05-01/x/sessions-0123456789abcdef.parquet",
            "sessions/_delta_log/00000000000000000010.checkpoint.parquet",
            "sessions",
            "",
        ] {
            assert!(!is_of_any_table(name), "{name}");
        }
    }
}
