use std::fs;

use serde_json::json;

use super::*;
use crate::table::Cell;

fn formats() -> impl Iterator<Item = Format> {
    Format::ALL
        .into_iter()
        .filter(|format| format.is_available())
}

fn object(value: serde_json::Value) -> Cell {
    let serde_json::Value::Object(object) = value else {
        panic!("no object")
    };
    Cell::Json(object)
}

/// Rows with everything that can go wrong on the way.
fn rows(table: Table) -> Vec<Row> {
    let hard = ["plain", "a, \"b\"\r\nc", "ünïcødé 🎬", "null", "0012", " "];
    let row = |number: usize| {
        let cells = table.columns().enumerate().map(|(place, column)| {
            if !column.is_required && (number + place).is_multiple_of(3) {
                return Cell::Null;
            }
            match column.kind {
                crate::table::ColumnKind::Text => {
                    Cell::Text(hard[(number + place) % hard.len()].to_owned())
                }
                crate::table::ColumnKind::Time => Cell::Time(
                    ["2022-01-01T10:00:00.123456Z", "1969-12-31T23:59:59Z"][number % 2]
                        .parse()
                        .unwrap(),
                ),
                crate::table::ColumnKind::Integer => Cell::Integer(number as i64),
                crate::table::ColumnKind::Number => Cell::Number([0.5, -3.0, 1e20][number % 3]),
                crate::table::ColumnKind::Json => {
                    object(json!({"b": [1, {"z": 1, "a": null}], "a": hard[number % hard.len()]}))
                }
            }
        });
        Row(cells.collect())
    };
    (0..12).map(row).collect()
}

#[test]
fn every_format_reads_back_what_it_wrote() {
    let folder = tempfile::tempdir().unwrap();
    for (format, table) in formats().flat_map(|format| Table::ALL.map(|table| (format, table))) {
        let path = folder.path().join(format!("{}.{format}", table.name()));
        let written = write(format, table, &path, &rows(table));
        assert_eq!(written.rows, 12);
        assert_eq!(
            (written.bytes, written.sha256),
            crate::digest::of_file(&path).unwrap()
        );
        let back: Vec<Row> = read(format, table, &path)
            .unwrap()
            .map(Result::unwrap)
            .collect();
        assert_eq!(back, rows(table), "{format} {}", table.name());
        assert_eq!(count(format, table, &path).unwrap(), 12);
    }
}

#[test]
fn the_same_rows_are_the_same_bytes() {
    let folder = tempfile::tempdir().unwrap();
    for format in formats() {
        let [one, two] = ["one", "two"].map(|name| {
            let path = folder.path().join(name);
            write(format, Table::Sessions, &path, &rows(Table::Sessions)).sha256
        });
        assert_eq!(one, two, "{format}");
    }
}

#[test]
fn a_file_without_rows_reads_back_empty() {
    let folder = tempfile::tempdir().unwrap();
    for format in formats() {
        let path = folder.path().join("none");
        assert_eq!(write(format, Table::Events, &path, &[]).rows, 0);
        assert_eq!(count(format, Table::Events, &path).unwrap(), 0);
    }
}

#[test]
fn what_is_broken_is_an_error_that_names_the_file() {
    let folder = tempfile::tempdir().unwrap();
    for format in formats() {
        let path = folder.path().join("broken");
        write(format, Table::Events, &path, &rows(Table::Events));
        let mut bytes = fs::read(&path).unwrap();
        bytes.truncate(bytes.len() - 20);
        fs::write(&path, bytes).unwrap();
        let error = count(format, Table::Events, &path).unwrap_err();
        assert!(
            error.to_string().contains("broken can't be understood"),
            "{format}: {error}"
        );
    }
}

#[test]
fn lines_of_json_have_all_columns_in_their_order() {
    let row = Row(vec![
        Cell::Text("video".into()),
        Cell::Text("vi1".into()),
        Cell::Text("ps1".into()),
        Cell::Integer(0),
        Cell::Text("play".into()),
        Cell::Time("2022-01-01T10:00:00Z".parse().unwrap()),
        Cell::Number(3.0),
        Cell::Null,
        Cell::Null,
        object(json!({"b": 1, "a": 0.5})),
    ]);
    let mut text = String::new();
    line(Table::Events, &row, &mut text);
    assert_eq!(
        text,
        r#"{"asset_kind":"video","asset_id":"vi1","session_id":"ps1","number":0,"type":"play","emitted_at":"2022-01-01T10:00:00Z","at_seconds":3,"from_seconds":null,"to_seconds":null,"extra":{"a":0.5,"b":1}}"#
    );
}

#[cfg(feature = "parquet")]
#[test]
fn parquet_names_its_table_and_the_version_of_its_columns() {
    use ::parquet::file::reader::{FileReader, SerializedFileReader};

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x");
    write(
        Format::Parquet,
        Table::Sessions,
        &path,
        &rows(Table::Sessions),
    );
    let reader = SerializedFileReader::new(File::open(&path).unwrap()).unwrap();
    let metadata = reader
        .metadata()
        .file_metadata()
        .key_value_metadata()
        .unwrap()
        .clone();
    let said: Vec<_> = metadata
        .iter()
        .map(|pair| (pair.key.as_str(), pair.value.as_deref()))
        .collect();
    assert_eq!(
        said,
        [
            ("apivideo.table", Some("sessions")),
            ("apivideo.schema", Some("1"))
        ]
    );
}

fn write(format: Format, table: Table, path: &Path, rows: &[Row]) -> Written {
    let mut writer = Writer::new(format, table, File::create(path).unwrap()).unwrap();
    rows.iter().for_each(|row| writer.push(row).unwrap());
    writer.finish().unwrap()
}

fn count(format: Format, table: Table, path: &Path) -> Result<u64> {
    let mut rows = 0;
    for row in read(format, table, path)? {
        row?;
        rows += 1;
    }
    Ok(rows)
}
