use std::cell::RefCell;
use std::rc::Rc;

use apivideo::{Event, Session};

use super::*;
use crate::output::record::{EVENTS, Kind, SESSIONS};

/// What was written, to be looked at while a table holds the other end.
#[derive(Clone, Default)]
struct Paper(Rc<RefCell<Vec<u8>>>);

impl Paper {
    fn text(&self) -> String {
        String::from_utf8(self.0.borrow().clone()).unwrap()
    }
}

impl Write for Paper {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn table<T: Serialize>(kind: &Kind, room: usize, page_size: u32) -> (Box<dyn Sink<T>>, Paper) {
    let paper = Paper::default();
    let size = PageSize::try_from(page_size).unwrap();
    let table = Table::new(
        Box::new(paper.clone()),
        View::new(kind, None).unwrap(),
        size,
        room,
    );
    (Box::new(table), paper)
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
fn the_first_page_settles_the_widths() {
    let (mut table, paper) = table::<Event>(&EVENTS, 80, 2);
    table.item(&event(r#"{"type":"play","at":9}"#)).unwrap();
    assert_eq!(paper.text(), "", "the page is not full");
    table
        .item(&event(r#"{"type":"seek.forward","from":9,"to":1234.5}"#))
        .unwrap();
    let page = [
        "type          emittedAt      at    from      to\n",
        "play                          9\n",
        "seek.forward                          9  1234.5\n",
    ]
    .concat();
    assert_eq!(paper.text(), page);
    table
        .item(&event(r#"{"type":"player_session_vod.loaded","at":100}"#))
        .unwrap();
    let last = "player_session_vod.loaded   100\n";
    assert_eq!(
        paper.text(),
        format!("{page}{last}"),
        "what is never cut pushes the others aside"
    );
    assert_eq!(table.finish().unwrap(), None);
}

#[test]
fn a_pause_writes_what_there_is() {
    let (mut table, paper) = table::<Event>(&EVENTS, 80, 100);
    table.pause().unwrap();
    assert_eq!(paper.text(), "", "nothing came yet, nothing is known");
    table.item(&event(r#"{"type":"ready","at":0}"#)).unwrap();
    table.pause().unwrap();
    assert_eq!(paper.text().lines().count(), 2);
    assert_eq!(table.finish().unwrap(), None);
}

#[test]
fn an_empty_list_has_a_heading() {
    let (mut table, paper) = table::<Event>(&EVENTS, 80, 100);
    assert_eq!(table.finish().unwrap(), None);
    assert_eq!(paper.text(), "type  emittedAt      at    from      to\n");
}

#[test]
fn columns_get_in_by_rank_and_empty_ones_last() {
    let shown = |room: usize| {
        let (mut table, paper) = table::<Session>(&SESSIONS, room, 1);
        table.item(&session("ps1", "France", "green")).unwrap();
        let remark = table.finish().unwrap().unwrap_or_default();
        let heading = paper.text().lines().next().unwrap().to_owned();
        assert!(
            heading.len() <= room.max("session.sessionId".len()),
            "{heading}"
        );
        (
            heading
                .split_whitespace()
                .map(str::to_owned)
                .collect::<Vec<_>>(),
            remark,
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
    let (columns, remark) = shown(100);
    assert_eq!(
        columns[3], "location.city",
        "the next by its rank that fits"
    );
    assert!(
        remark.starts_with("no room for session.endedAt, device.type"),
        "{remark}"
    );
    assert_eq!(shown(500).0.len(), SESSIONS.columns.len());
    assert_eq!(shown(500).1, "");
}

#[test]
fn long_cells_are_cut_to_the_room_and_wide_ones_are_measured() {
    let (mut table, paper) = table::<Session>(&SESSIONS, 80, 2);
    table
        .item(&session("ps1", "日本", &"long ".repeat(20)))
        .unwrap();
    table
        .item(&session("ps2", "Côte d'Ivoire", "\u{1b}[31mred\nhat"))
        .unwrap();
    let text = paper.text();
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
