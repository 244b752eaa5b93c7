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
fn days_of_discarded_ranges_are_removed() {
    let root = tempfile::tempdir().unwrap();
    let folder = Folder::new(root.path());
    let mut staging = open(&folder);
    for number in 0..3 {
        staging.add(range(number));
    }
    let days = [vec![1, 2], vec![2, 3], vec![4]];
    for (number, days) in (0..).zip(days) {
        let rows: Vec<_> = days.into_iter().map(|of| (day(of), row("ps1"))).collect();
        let state = RangeState::Done;
        staging
            .append(number, &rows, range(number), state, Vec::new())
            .unwrap();
    }
    let expected = contents(&staging);
    staging.remove_discarded().unwrap();
    assert_eq!(contents(&staging), expected);
    staging.discard(1);
    staging.remove_discarded().unwrap();
    let left: Vec<_> = staging.days().collect();
    assert_eq!(left, [day(1), day(2), day(4)]);
    assert!(!staging.day_path(day(3)).exists());
    let expected = contents(&staging);
    drop(staging);

    // A kill can prevent that a file is removed.
    let mut staging = open(&folder);
    assert_eq!(contents(&staging), expected);
    let path = staging.day_path(day(4));
    let rows = fs::read(&path).unwrap();
    staging.discard(2);
    staging.remove_discarded().unwrap();
    fs::write(&path, rows).unwrap();
    let expected = contents(&staging);
    drop(staging);
    let mut staging = open(&folder);
    assert_eq!(contents(&staging), expected);
    let rows = [(day(4), row("ps2"))];
    staging
        .append(3, &rows, range(3), RangeState::Done, Vec::new())
        .unwrap();
    let mut rows = staging.rows(day(4)).unwrap();
    assert!(rows.next().unwrap().is_some());
    assert!(rows.next().unwrap().is_none());
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

#[test]
fn a_damaged_journal_is_discarded() {
    let root = tempfile::tempdir().unwrap();
    let folder = Folder::new(root.path());
    let mut staging = open(&folder);
    let staged = |number| [(day(number), row(&format!("ps{number}")))];
    let done = |number| (range(number), RangeState::Done);
    for number in 0..3 {
        let (range, state) = done(number);
        staging
            .append(number, &staged(1 + number), range, state, Vec::new())
            .unwrap();
    }
    staging.commit(day(1), true).unwrap();
    let (late, state) = done(3);
    staging
        .append(3, &staged(1), late, state, Vec::new())
        .unwrap();
    staging.finish_lists().unwrap();
    let compact = usize::try_from(staging.journal.length).unwrap();
    let without_last = contents(&staging);
    let (last, state) = done(4);
    staging
        .append(4, &staged(4), last, state, Vec::new())
        .unwrap();
    let all = contents(&staging);
    let versions = staging.journal.versions.clone();
    drop(staging);
    assert_eq!(contents(&open(&folder)), all);

    let path = journal_path(&folder.staging());
    let text = fs::read(&path).unwrap();
    let length = |text: &[u8]| {
        let journal = Journal::read(text, versions.clone()).unwrap();
        journal.map_or(0, |journal| journal.length as usize)
    };
    assert_eq!(length(&text), text.len());
    // A kill can truncate the last line only.
    for end in 0..text.len() {
        let expected = if end < compact { 0 } else { compact };
        assert_eq!(length(&text[..end]), expected, "{end}");
    }
    for at in 0..text.len() {
        for bit in [1, 32, 128] {
            let mut changed = text.clone();
            changed[at] ^= bit;
            let expected = if at < text.len() - 1 { 0 } else { compact };
            assert_eq!(length(&changed), expected, "{at} {bit}");
        }
    }
    let ends: Vec<usize> = (0..text.len()).filter(|at| text[*at] == b'\n').collect();
    for pair in ends.windows(2) {
        let (line, rest) = (pair[0] + 1..=pair[1], pair[1] + 1..);
        let repeated = [&text[..=pair[1]], &text[line]].concat();
        assert_eq!(length(&repeated), 0);
        if pair[1] + 1 < text.len() {
            let missing = [&text[..=pair[0]], &text[rest]].concat();
            assert_eq!(length(&missing), 0);
        }
    }

    fs::write(&path, &text[..compact]).unwrap();
    assert_eq!(contents(&open(&folder)), without_last);
    fs::write(&path, &text[..compact - 1]).unwrap();
    let discarded = open(&folder);
    assert_eq!(
        (discarded.ranges().count(), discarded.days().count()),
        (0, 0)
    );
    assert!(!discarded.day_path(day(2)).exists());
}
