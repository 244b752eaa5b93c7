use std::fs;
use std::path::Path;

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::*;
use crate::column::{Cell, ColumnKind};
use crate::event_scope::EventScope;
use crate::table::ColumnInfo;

fn formats() -> impl Iterator<Item = Format> {
    Format::ALL
        .into_iter()
        .filter(|format| format.is_available())
}

/// Rows with values that formats have to escape.
fn rows(table: Table) -> Vec<Row> {
    let hard = ["plain", "a, \"b\"\r\nc", "ünïcødé 🎬", "null", "0012", " "];
    let row = |number: usize| {
        let cells = table.columns().iter().enumerate().map(|(place, column)| {
            if !column.is_required && (number + place).is_multiple_of(3) {
                return Cell::Null;
            }
            match column.kind {
                ColumnKind::String => Cell::from(hard[(number + place) % hard.len()]),
                ColumnKind::Timestamp => Cell::Timestamp(
                    ["2022-01-01T10:00:00.123456Z", "1969-12-31T23:59:59Z"][number % 2]
                        .parse()
                        .unwrap(),
                ),
                ColumnKind::Integer => Cell::Integer(number as i64),
                ColumnKind::Number => Cell::Number([0.5, -3.0, 1e20][number % 3]),
                ColumnKind::Bool => Cell::Bool(number.is_multiple_of(2)),
                ColumnKind::Json => Cell::Json(
                    json!({"b": [1, {"z": 1, "a": null}], "a": hard[number % hard.len()]}),
                ),
            }
        });
        Row::from_cells(table, cells.collect())
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
            crate::digest::of_reader(File::open(&path).unwrap()).unwrap()
        );
        let back: Vec<Row> = read_file(format, table, &path)
            .unwrap()
            .map(Result::unwrap)
            .collect();
        assert_eq!(back, rows(table), "{format} {}", table.name());
        assert_eq!(count(format, table, &path).unwrap(), 12);
    }
}

/// Strings with characters and words that have a meaning in a format.
fn strings() -> impl Strategy<Value = String> {
    let odd = prop::sample::select(vec![
        "",
        "\"",
        "\"\"",
        ",",
        "\r",
        "\n",
        "\r\n",
        "\\",
        "\0",
        "\u{1b}[31m",
        "\u{85}",
        "\u{2028}",
        "\u{feff}",
        "\u{202e}",
        "🎬",
        "null",
        "NULL",
        "\\N",
        "NaN",
        "007",
        "true",
        "{}",
        "=1+1",
        "2022-01-01",
        " ",
        "x",
    ]);
    prop_oneof![
        any::<String>(),
        prop::collection::vec(odd, 0..4).prop_map(|pieces| pieces.concat()),
    ]
}

fn values() -> impl Strategy<Value = Value> {
    let scalar = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        finite().prop_map(Value::from),
        strings().prop_map(Value::from),
    ];
    scalar.prop_recursive(4, 24, 4, |value| {
        prop_oneof![
            prop::collection::vec(value.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(strings(), value, 0..4)
                .prop_map(|object| Value::Object(object.into_iter().collect())),
        ]
    })
}

fn finite() -> impl Strategy<Value = f64> {
    any::<f64>().prop_filter("JSON numbers are finite", |number| number.is_finite())
}

/// All instants with a resolution of a microsecond.
fn times() -> impl Strategy<Value = apivideo::Timestamp> {
    let (first, last) = (apivideo::Timestamp::MIN, apivideo::Timestamp::MAX);
    (first.as_microsecond()..=last.as_microsecond())
        .prop_map(|micros| apivideo::Timestamp::from_microsecond(micros).unwrap())
}

fn cells(column: &ColumnInfo) -> BoxedStrategy<Cell<'static>> {
    let known = match column.kind {
        ColumnKind::String => strings().prop_map(|text| Cell::String(text.into())).boxed(),
        ColumnKind::Timestamp => times().prop_map(Cell::Timestamp).boxed(),
        ColumnKind::Integer => any::<i64>().prop_map(Cell::Integer).boxed(),
        ColumnKind::Number => finite().prop_map(Cell::Number).boxed(),
        ColumnKind::Bool => any::<bool>().prop_map(Cell::Bool).boxed(),
        ColumnKind::Json => prop::collection::btree_map(strings(), values(), 0..4)
            .prop_map(|object| Cell::Json(Value::Object(object.into_iter().collect::<Map<_, _>>())))
            .boxed(),
    };
    match column.is_required {
        true => known,
        false => prop_oneof![1 => Just(Cell::Null), 3 => known].boxed(),
    }
}

fn tables() -> impl Strategy<Value = (Table, Vec<Row>)> {
    prop::sample::select(Table::ALL.to_vec()).prop_flat_map(|table| {
        let cells: Vec<_> = table.columns().iter().map(cells).collect();
        let row = cells.prop_map(move |cells| Row::from_cells(table, cells));
        prop::collection::vec(row, 0..6).prop_map(move |rows| (table, rows))
    })
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 64,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn every_format_reads_back_any_row((table, rows) in tables()) {
        let folder = tempfile::tempdir().unwrap();
        for format in formats() {
            let path = folder.path().join("any");
            let written = write(format, table, &path, &rows);
            let back: Vec<Row> = read_file(format, table, &path).unwrap().map(Result::unwrap).collect();
            prop_assert_eq!(&back, &rows, "{}", format);
            // Unchanged rows of a day are read and written again, and must have the same bytes.
            prop_assert_eq!(write(format, table, &path, &back), written, "{}", format);
        }
    }
}

#[test]
fn csv_distinguishes_an_empty_string_from_null() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x");
    let cells = vec![
        Cell::from("video"),
        Cell::from("vi1"),
        Cell::from("play"),
        Cell::from("country"),
        Cell::from(""),
        Cell::Null,
        Cell::Null,
    ];
    let row = Row::from_cells(Table::Buckets, cells);
    write(
        Format::Csv,
        Table::Buckets,
        &path,
        std::slice::from_ref(&row),
    );
    let file = fs::read_to_string(&path).unwrap();
    assert_eq!(file.lines().nth(1), Some("video,vi1,play,country,\"\",,"));
    let mut back = read_file(Format::Csv, Table::Buckets, &path).unwrap();
    assert_eq!(back.next().unwrap().unwrap(), row);
}

#[test]
fn damaged_csv_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x");
    let header = "asset_kind,asset_id,metric,emitted_at,metric_value,extra\r\n";
    for (damaged, why) in [
        (String::new(), "header"),
        (header.replace("metric,", ""), "header"),
        (format!("{header}video,vi1,play,,1,"), "truncated"),
        (format!("{header}video,vi1,play,,1\r\n"), "5 fields"),
        (format!("{header}video,vi1,\"play,,1,\r\n"), "quote"),
        (format!("{header}video,vi1,pl\"\"ay,,1,\r\n"), "quote"),
        (format!("{header}video,vi1,\"pl\"ay\",,1,\"\r\n"), "quote"),
        (format!("{header}video,,play,,1,\r\n"), "asset_id"),
        (format!("{header}video,vi1,play,soon,1,\r\n"), "emitted_at"),
        (format!("{header}video,vi1,play,,\"\",\r\n"), "metric_value"),
    ] {
        fs::write(&path, &damaged).unwrap();
        let error = count(Format::Csv, Table::Timeseries, &path).unwrap_err();
        let source = std::error::Error::source(&error).unwrap().to_string();
        assert!(source.contains(why), "{damaged:?}: {source}");
    }
}

#[test]
fn equal_rows_have_equal_bytes() {
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
fn errors_of_damaged_files_name_the_file() {
    let folder = tempfile::tempdir().unwrap();
    for format in formats() {
        let path = folder.path().join("broken");
        write(format, Table::Events, &path, &rows(Table::Events));
        let mut bytes = fs::read(&path).unwrap();
        bytes.truncate(bytes.len() - 20);
        fs::write(&path, bytes).unwrap();
        let error = count(format, Table::Events, &path).unwrap_err();
        assert!(
            error.to_string().starts_with("cannot decode") && error.to_string().ends_with("broken"),
            "{format}: {error}"
        );
    }
}

#[test]
fn ndjson_has_all_columns_in_their_order() {
    let cells = vec![
        Cell::from("video"),
        Cell::from("vi1"),
        Cell::from("ps1"),
        Cell::Integer(0),
        Cell::from("play"),
        Cell::Timestamp("2022-01-01T10:00:00Z".parse().unwrap()),
        Cell::Number(3.0),
        Cell::Null,
        Cell::Null,
        Cell::Json(json!({"b": 1, "a": 0.5})),
    ];
    let mut line = String::new();
    write_row(&Row::from_cells(Table::Events, cells), &mut line);
    assert_eq!(
        line,
        r#"{"asset_kind":"video","asset_id":"vi1","session_id":"ps1","number":0,"type":"play","emitted_at":"2022-01-01T10:00:00Z","at_seconds":3,"from_seconds":null,"to_seconds":null,"extra":{"a":0.5,"b":1}}"#
    );
}

#[cfg(feature = "parquet")]
#[test]
fn parquet_metadata_has_the_table_and_the_schema_version() {
    use ::parquet::file::reader::{FileReader, SerializedFileReader};

    use crate::columns::SCHEMA_VERSION;

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x");
    write(
        Format::Parquet,
        Table::Sessions,
        &path,
        &rows(Table::Sessions),
    );
    let pairs = |path: &Path| -> Vec<String> {
        let reader = SerializedFileReader::new(File::open(path).unwrap()).unwrap();
        let metadata = reader.metadata().file_metadata().key_value_metadata();
        let pairs = metadata.unwrap().iter();
        pairs
            .map(|pair| format!("{}={}", pair.key, pair.value.as_deref().unwrap()))
            .collect()
    };
    let schema = format!("apivideo.schema={SCHEMA_VERSION}");
    assert_eq!(pairs(&path), ["apivideo.table=sessions", &schema]);

    let scope = EventScope {
        sample: Some("2.5%".parse().unwrap()),
        skip_unplayed: true,
    };
    for (table, is_labelled) in [
        (Table::Sessions, false),
        (Table::Events, true),
        (Table::Played, true),
        (Table::Buckets, false),
    ] {
        let writer = Writer::new(Format::Parquet, table, scope, File::create(&path).unwrap());
        writer.unwrap().finish().unwrap();
        let labels = ["apivideo.sample=2.5%", "apivideo.skip_unplayed=true"].map(str::to_owned);
        assert_eq!(pairs(&path).ends_with(&labels), is_labelled, "{table}");
    }
}

#[cfg(feature = "parquet")]
#[test]
fn parquet_stores_json_as_strings() {
    use ::parquet::basic::{ConvertedType, LogicalType};
    use ::parquet::file::reader::{FileReader, SerializedFileReader};

    let folder = tempfile::tempdir().unwrap();
    for table in Table::ALL {
        let path = folder.path().join(table.name());
        write(Format::Parquet, table, &path, &rows(table));
        let reader = SerializedFileReader::new(File::open(&path).unwrap()).unwrap();
        let schema = reader.metadata().file_metadata().schema_descr_ptr();
        for (column, written) in table.columns().iter().zip(schema.columns()) {
            if matches!(column.kind, ColumnKind::String | ColumnKind::Json) {
                assert_eq!(
                    (written.logical_type_ref(), written.converted_type()),
                    (Some(&LogicalType::String), ConvertedType::UTF8),
                    "{}",
                    column.name
                );
            }
        }
    }
}

fn write(format: Format, table: Table, path: &Path, rows: &[Row]) -> Written {
    let mut writer = Writer::new(
        format,
        table,
        EventScope::default(),
        File::create(path).unwrap(),
    )
    .unwrap();
    rows.iter().for_each(|row| writer.push(row).unwrap());
    writer.finish().unwrap()
}

fn read_file(format: Format, table: Table, path: &Path) -> Result<Rows> {
    read(format, table, File::open(path).unwrap(), path.to_owned())
}

fn count(format: Format, table: Table, path: &Path) -> Result<u64> {
    let mut rows = 0;
    for row in read_file(format, table, path)? {
        row?;
        rows += 1;
    }
    Ok(rows)
}
