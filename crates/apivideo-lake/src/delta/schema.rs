//! The columns of a table in the schema language of Delta.

use serde_json::json;

use super::actions::DATE;
use crate::column::ColumnKind;
use crate::table::Table;

/// Returns the schema of a table as JSON: its columns, and the column of the partitions, which is in no file.
pub(super) fn of(table: Table) -> String {
    let field = |name: &str, kind: &str, is_nullable: bool| json!({"name": name, "type": kind, "nullable": is_nullable, "metadata": {}});
    let columns = table.columns().iter();
    let mut fields: Vec<_> = columns
        .map(|column| field(column.name, kind(column.kind), !column.is_required))
        .collect();
    if table != Table::Lengths {
        fields.push(field(DATE, "date", true));
    }
    json!({"type": "struct", "fields": fields}).to_string()
}

fn kind(kind: ColumnKind) -> &'static str {
    match kind {
        ColumnKind::String | ColumnKind::Json => "string",
        // Microseconds in UTC, as in the files.
        ColumnKind::Timestamp => "timestamp",
        ColumnKind::Integer => "long",
        ColumnKind::Number => "double",
        ColumnKind::Bool => "boolean",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    #[test]
    fn every_table_has_its_columns_and_the_date() {
        for table in Table::ALL {
            let schema: Value = serde_json::from_str(&of(table)).unwrap();
            let fields = schema["fields"].as_array().unwrap();
            let names: Vec<_> = fields.iter().map(|f| f["name"].as_str().unwrap()).collect();
            let mut expected: Vec<_> = table.columns().iter().map(|column| column.name).collect();
            if table != Table::Lengths {
                expected.push("date");
            }
            assert_eq!(names, expected);
        }
        let sessions: Value = serde_json::from_str(&of(Table::Sessions)).unwrap();
        let field = |name: &str| {
            let fields = sessions["fields"].as_array().unwrap();
            fields
                .iter()
                .find(|f| f["name"] == name)
                .unwrap()
                .to_string()
        };
        assert_eq!(
            field("session_id"),
            r#"{"metadata":{},"name":"session_id","nullable":false,"type":"string"}"#
        );
        assert_eq!(
            field("loaded_at"),
            r#"{"metadata":{},"name":"loaded_at","nullable":true,"type":"timestamp"}"#
        );
        assert_eq!(
            field("date"),
            r#"{"metadata":{},"name":"date","nullable":true,"type":"date"}"#
        );
    }
}
