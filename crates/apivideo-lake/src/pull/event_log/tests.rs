use std::fs;

use super::super::session_index::Source;
use super::*;
use crate::table::Key;

fn sessions(count: usize) -> SessionIndex {
    let mut sessions = SessionIndex::default();
    for number in 0..count {
        sessions.push(("video", "vi1", &format!("ps{number:06}")), state(number));
    }
    sessions
}

fn state(number: usize) -> SessionState {
    SessionState {
        ended_at: i64::try_from(number).ok(),
        is_kept: false,
        source: Source::Service,
    }
}

fn events(key: &Key, count: usize) -> StagedEvents {
    let event: apivideo::Event = serde_json::from_str(
        r#"{"type": "play", "emittedAt": "2022-01-01T00:00:00Z", "at": 3, "x": "0123456789"}"#,
    )
    .unwrap();
    StagedEvents {
        rows: Some(crate::row::events(key, &vec![event; count])),
        outcome: EventsOutcome::default(),
    }
}

fn append(log: &mut EventLog, sessions: &SessionIndex, index: usize) {
    let key = sessions.key(index).unwrap();
    let events = events(&key, index % 40);
    log.append(index, key.as_ref(), state(index), &events)
        .unwrap();
}

fn check(log: &mut EventLog, sessions: &SessionIndex, present: impl Fn(usize) -> bool) {
    for index in 0..sessions.len() {
        let key = sessions.key(index).unwrap();
        let found = log.events(index, key.as_ref()).unwrap();
        assert_eq!(found.is_some(), present(index), "{index}");
        if let Some(found) = found {
            assert_eq!(found.rows, events(&key, index % 40).rows, "{index}");
        }
        assert_eq!(log.has_current(index, state(index)), present(index));
    }
}

#[test]
fn events_are_read_from_both_files_and_after_a_kill() {
    let folder = tempfile::tempdir().unwrap();
    let paths = || ["log", "tail"].map(|name| folder.path().join(name));
    let sessions = sessions(2_000);
    let mut log = EventLog::open(paths(), &sessions).unwrap();
    for index in (0..sessions.len()).filter(|index| index % 2 == 0) {
        append(&mut log, &sessions, index);
    }
    let length = |path: &PathBuf| fs::metadata(path).unwrap().len();
    let [log_path, tail_path] = paths();
    assert!(length(&log_path) > 1_000 && length(&tail_path) > 1_000);
    check(&mut log, &sessions, |index| index % 2 == 0);
    drop(log);

    // The end of the last append is missing.
    let tail = fs::read(&tail_path).unwrap();
    fs::write(&tail_path, &tail[..tail.len() - 1]).unwrap();
    let mut log = EventLog::open(paths(), &sessions).unwrap();
    check(&mut log, &sessions, |index| {
        index % 2 == 0 && index != 1_998
    });
    for index in (0..sessions.len()).filter(|index| index % 2 == 1 || *index == 1_998) {
        append(&mut log, &sessions, index);
    }
    check(&mut log, &sessions, |_| true);
    drop(log);

    // A kill before the tail is emptied leaves its records in both files; half of a frame is ignored.
    let mut log = fs::read(&log_path).unwrap();
    log.extend_from_within(..1_000);
    fs::write(&log_path, log).unwrap();
    let whole = fs::read(&tail_path).unwrap();
    fs::write(&tail_path, [&tail[..], &whole[..]].concat()).unwrap();
    let mut log = EventLog::open(paths(), &sessions).unwrap();
    check(&mut log, &sessions, |_| true);
}

#[test]
fn incomplete_events_are_not_current() {
    let folder = tempfile::tempdir().unwrap();
    let paths = || ["log", "tail"].map(|name| folder.path().join(name));
    let sessions = sessions(3);
    let mut log = EventLog::open(paths(), &sessions).unwrap();
    let key = sessions.key(1).unwrap();
    let missing = StagedEvents {
        rows: None,
        outcome: EventsOutcome {
            is_missing: true,
            ..EventsOutcome::default()
        },
    };
    append(&mut log, &sessions, 0);
    log.append(1, key.as_ref(), state(1), &missing).unwrap();
    // They are not requested again by the process that could not read them.
    assert!(log.has_current(1, state(1)));
    drop(log);
    let mut log = EventLog::open(paths(), &sessions).unwrap();
    assert!(log.has_current(0, state(0)) && !log.has_current(1, state(1)));
    assert!(!log.has_current(0, state(7)), "the session has changed");
    let found = log.events(1, key.as_ref()).unwrap().unwrap();
    assert!(found.rows.is_none() && found.outcome.is_missing);
    let unknown = SessionState {
        ended_at: None,
        ..state(0)
    };
    let key = sessions.key(2).unwrap();
    log.append(2, key.as_ref(), unknown, &events(&key, 1))
        .unwrap();
    drop(log);
    let log = EventLog::open(paths(), &sessions).unwrap();
    assert!(
        !log.has_current(2, unknown),
        "the end of the session is not known"
    );
}
