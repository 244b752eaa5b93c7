use std::cell::RefCell;
use std::rc::Rc;

use apivideo::{Event, Session};

use super::*;
use crate::output::schema::{ItemSchema, events, sessions};

/// A writer whose content the test can read while the table owns a clone.
#[derive(Clone, Default)]
struct SharedBuffer(Rc<RefCell<Vec<u8>>>);

impl SharedBuffer {
    fn text(&self) -> String {
        String::from_utf8(self.0.borrow().clone()).unwrap()
    }
}

impl Write for SharedBuffer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn table<T: Serialize>(
    schema: &ItemSchema,
    max_width: usize,
    page_size: u32,
) -> (Box<dyn Sink<T>>, SharedBuffer) {
    let buffer = SharedBuffer::default();
    let size = PageSize::try_from(page_size).unwrap();
    let table = Table::new(
        Box::new(buffer.clone()),
        Projection::new(schema, None).unwrap(),
        size,
        max_width,
    );
    (Box::new(table), buffer)
}

fn event(text: &str) -> Event {
    serde_json::from_str(text).unwrap()
}

fn session(id: &str, country: &str, hats: &str) -> Session {
    let text = serde_json::json!({
        "session": {
            "sessionId": id, "loadedAt": "2022-01-01T00:00:00Z",
            "metadata": [{"key": "hats", "value": hats}],
        },
        "location": {"country": country},
    });
    serde_json::from_value(text).unwrap()
}

#[test]
fn the_first_page_determines_the_widths() {
    let (mut table, buffer) = table::<Event>(&events(), 80, 2);
    table.write(&event(r#"{"type":"play","at":9}"#)).unwrap();
    assert_eq!(buffer.text(), "", "the page is not full");
    table
        .write(&event(r#"{"type":"seek.forward","from":9,"to":1234.5}"#))
        .unwrap();
    let page = [
        "type          emittedAt      at    from      to\n",
        "play                          9\n",
        "seek.forward                          9  1234.5\n",
    ]
    .concat();
    assert_eq!(buffer.text(), page);
    table
        .write(&event(r#"{"type":"player_session_vod.loaded","at":100}"#))
        .unwrap();
    let last = "player_session_vod.loaded   100\n";
    assert_eq!(
        buffer.text(),
        format!("{page}{last}"),
        "a cell that is not truncated moves the following cells"
    );
    assert_eq!(table.finish().unwrap(), None);
}

#[test]
fn a_flush_writes_the_buffered_rows() {
    let (mut table, buffer) = table::<Event>(&events(), 80, 100);
    table.flush().unwrap();
    assert_eq!(buffer.text(), "", "the widths are not known without rows");
    table.write(&event(r#"{"type":"ready","at":0}"#)).unwrap();
    table.flush().unwrap();
    assert_eq!(buffer.text().lines().count(), 2);
    assert_eq!(table.finish().unwrap(), None);
}

#[test]
fn an_empty_list_has_a_heading() {
    let (mut table, buffer) = table::<Event>(&events(), 80, 100);
    assert_eq!(table.finish().unwrap(), None);
    assert_eq!(buffer.text(), "type  emittedAt      at    from      to\n");
}

#[test]
fn columns_are_selected_by_rank_and_empty_ones_last() {
    let shown = |max_width: usize| {
        let (mut table, buffer) = table::<Session>(&sessions(false, None), max_width, 1);
        table.write(&session("ps1", "France", "green")).unwrap();
        let note = table.finish().unwrap().unwrap_or_default();
        let heading = buffer.text().lines().next().unwrap().to_owned();
        assert!(
            heading.len() <= max_width.max("session.sessionId".len()),
            "{heading}"
        );
        (
            heading
                .split_whitespace()
                .map(str::to_owned)
                .collect::<Vec<_>>(),
            note,
        )
    };
    assert_eq!(shown(1).0, ["session.sessionId"]);
    assert_eq!(shown(38).0, ["session.sessionId", "location.country"]);
    assert_eq!(shown(39).0, ["session.sessionId", "session.loadedAt"]);
    assert_eq!(
        shown(80).0,
        [
            "session.sessionId",
            "session.loadedAt",
            "location.country",
            "session.metadata"
        ]
    );
    let (columns, note) = shown(100);
    assert_eq!(
        columns[3], "location.city",
        "the next column by rank that fits"
    );
    assert!(
        note.starts_with("columns not shown: session.endedAt, device.type"),
        "{note}"
    );
    assert_eq!(shown(500).0.len(), sessions(false, None).table.len());
    assert_eq!(shown(500).1, "");
}

#[test]
fn truncates_long_cells_by_display_width() {
    let (mut table, buffer) = table::<Session>(&sessions(false, None), 80, 2);
    table
        .write(&session("ps1", "日本", &"long ".repeat(20)))
        .unwrap();
    table
        .write(&session("ps2", "Côte d'Ivoire", "\u{1b}[31mred\nhat"))
        .unwrap();
    let text = buffer.text();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 3, "{text}");
    assert!(
        lines[1].ends_with('…') && text::width(lines[1]) == 80,
        "{text}"
    );
    let column = |line: &str| text::width(line.split("hats").next().unwrap());
    assert_eq!(column(lines[1]), column(lines[2]), "{text}");
    assert!(lines[2].contains(r"\u{1b}[31mred"), "{text}");
}
