use apivideo::Period;

use super::*;
use crate::column::Cell;
use crate::event_scope::EventScope;
use crate::format::Format;
use crate::privacy::Privacy;
use crate::table::Table;

fn open(folder: &Folder) -> Staging {
    let settings = Settings::new(Format::Ndjson, true, EventScope::default(), &Privacy::new());
    Staging::open(folder, &settings, None).unwrap()
}

fn row(session: &str) -> Row {
    let mut cells = vec![Cell::Null; Table::Sessions.columns().len()];
    for (cell, text) in cells.iter_mut().zip(["video", "vi1", session]) {
        *cell = Cell::from(text).into_owned();
    }
    Row::from_cells(Table::Sessions, cells)
}

fn day(number: u32) -> Partition {
    format!("2022-01-{number:02}").parse().unwrap()
}

fn range(number: u32) -> RequestRange {
    let period: Period = "2022-01".parse().unwrap();
    let asset = format!("video/vi{number}").parse().unwrap();
    RequestRange::new(asset, period.into(), true)
}

/// What a staging contains, except request ranges of which nothing was read.
fn contents(staging: &Staging) -> String {
    let read = staging
        .ranges()
        .filter(|(_, staged)| staged.state != RangeState::New);
    let ranges: Vec<_> = read.collect();
    let journal = &staging.journal;
    let mut rows = Vec::new();
    for day in staging.days() {
        let mut staged = staging.rows(day).unwrap();
        while let Some(record) = staged.next().unwrap() {
            rows.push((day, record.to_vec()));
        }
    }
    format!(
        "{ranges:?} {:?} {:?} {rows:?}",
        journal.lengths, journal.committed
    )
}

#[test]
fn a_compact_journal_records_the_same() {
    let root = tempfile::tempdir().unwrap();
    let folder = Folder::new(root.path());
    let mut staging = open(&folder);
    for number in 0..4 {
        staging.add(range(number));
    }
    for page in 0..60_u32 {
        let number = page % 3;
        let mut range = range(number);
        range.sessions = u64::from(page);
        let rows = [(day(1 + page % 9), row(&format!("ps{page}")))];
        let state = match page {
            57.. => RangeState::Done,
            _ => RangeState::At(None),
        };
        staging
            .append(number, &rows, range, state, Vec::new())
            .unwrap();
    }
    staging.discard(1);
    // A day is committed, and another one has new rows after its commit.
    for number in [2, 3] {
        staging.commit(day(number), true).unwrap();
    }
    let rows = [(day(3), row("ps-late"))];
    staging
        .append(2, &rows, range(2), RangeState::Done, Vec::new())
        .unwrap();
    let expected = contents(&staging);
    let before = staging.journal.length;
    staging.compact_at = 1;
    staging.sync().unwrap();
    assert!(staging.journal.length * 5 < before, "{before}");
    assert_eq!(contents(&staging), expected);
    drop(staging);
    // A kill can leave a new journal that is not complete.
    let new = folder.staging().join("journal.new");
    fs::write(&new, r#"{"versions""#).unwrap();

    let mut staging = open(&folder);
    assert_eq!(contents(&staging), expected);
    assert_eq!(staging.journal.next_number, 4);
    assert!(!new.exists());
    let rows = [(day(4), row("ps-last"))];
    staging
        .append(0, &rows, range(0), RangeState::Done, Vec::new())
        .unwrap();
    let expected = contents(&staging);
    drop(staging);
    assert_eq!(contents(&open(&folder)), expected);
}

#[test]
fn the_length_of_the_journal_does_not_depend_on_the_pages() {
    let root = tempfile::tempdir().unwrap();
    let mut staging = open(&Folder::new(root.path()));
    let mut longest = 0;
    for page in 0..1_500_u64 {
        let mut range = range(0);
        range.sessions = page;
        range.failed = Some("a long reason ".repeat(200));
        staging
            .append(0, &[], range, RangeState::At(None), Vec::new())
            .unwrap();
        longest = longest.max(staging.journal.length);
    }
    let file = fs::metadata(staging.journal_path()).unwrap();
    assert_eq!(file.len(), staging.journal.length);
    assert!(
        (MAX_JOURNAL / 2..=MAX_JOURNAL).contains(&longest),
        "{longest}"
    );
}
