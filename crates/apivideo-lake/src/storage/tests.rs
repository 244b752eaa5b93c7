//! What every storage does: one suite for all implementations.
//!
//! The store that the environment variable `STORAGE_URL` names is tested by `an_object_store_conforms`. `.ci/storage/run` starts
//! stores and runs the suite on each.

use std::io::Read;
use std::sync::Arc;
use std::thread;

use super::*;

/// Runs the suite on the storage of an empty lake. `open` returns that of a lake by its name.
fn conforms(open: &dyn Fn(&str) -> Arc<dyn Storage>, local: &Path) {
    let storage = open("lake");
    nothing_exists(&*storage);
    objects_are_replaced(&*storage);
    readers_find_the_old_or_the_new_contents(&storage);
    files_are_moved(&*storage, local);
    names_are_kept(&*storage);
    lists_are_recursive(&*storage);
    long_lists_are_complete(&storage);
    existing_objects_are_not_created(&*storage);
    one_of_several_creates_an_object(&storage);
    // Its name starts with the name of the other.
    let neighbour = open("lake-2");
    assert_eq!(names(&*neighbour, ""), []);
    neighbour.put("x", Contents::Bytes(b"x")).unwrap();
    let listed = names(&*storage, "");
    assert!(listed.iter().all(|(name, _)| name != "x"), "{listed:?}");
    neighbour.delete("x").unwrap();
    for (name, _) in listed {
        storage.delete(&name).unwrap();
    }
    assert_eq!(names(&*storage, ""), []);
}

fn names(storage: &dyn Storage, folder: &str) -> Vec<(String, u64)> {
    let mut names = Vec::new();
    let visit = &mut |stored: Stored| {
        names.push((stored.name, stored.size));
        Visit::Continue
    };
    storage.list(folder, visit).unwrap();
    names.sort();
    names
}

fn fetched(storage: &dyn Storage, name: &str) -> String {
    let mut text = String::new();
    let mut file = storage.fetch(name).unwrap().unwrap();
    file.read_to_string(&mut text).unwrap();
    text
}

fn nothing_exists(storage: &dyn Storage) {
    for name in ["a", "a/b", "date=2024-05-01/x.parquet"] {
        assert_eq!(storage.read(name).unwrap(), None);
        assert!(storage.fetch(name).unwrap().is_none());
        assert_eq!(storage.size(name).unwrap(), None);
        storage.delete(name).unwrap();
    }
    for folder in ["", "a", "a/b"] {
        assert_eq!(names(storage, folder), []);
    }
}

fn objects_are_replaced(storage: &dyn Storage) {
    let name = "sessions/date=2024-05-01/sessions.csv";
    for contents in ["old", "", "newer"] {
        storage
            .put(name, Contents::Bytes(contents.as_bytes()))
            .unwrap();
        assert_eq!(storage.read(name).unwrap().unwrap(), contents.as_bytes());
        assert_eq!(fetched(storage, name), contents);
        assert_eq!(storage.size(name).unwrap(), Some(contents.len() as u64));
        assert_eq!(names(storage, "").len(), 1);
    }
    // A file that is being read stays as it is.
    let mut file = storage.fetch(name).unwrap().unwrap();
    storage.put(name, Contents::Bytes(b"newest")).unwrap();
    let mut text = String::new();
    file.read_to_string(&mut text).unwrap();
    assert_eq!(text, "newer");
    storage.delete(name).unwrap();
    storage.delete(name).unwrap();
    assert_eq!(names(storage, ""), []);
}

/// A process that is killed while it replaces an object leaves the old or the new contents as well.
fn readers_find_the_old_or_the_new_contents(storage: &Arc<dyn Storage>) {
    let name = "_manifest/lake.json";
    let contents = |version: u8| vec![version; 300_000];
    storage.put(name, Contents::Bytes(&contents(0))).unwrap();
    let writer = Arc::clone(storage);
    let writer = thread::spawn(move || {
        for version in 1..=20 {
            writer
                .put(name, Contents::Bytes(&contents(version)))
                .unwrap();
        }
    });
    let mut last = 0;
    while last < 20 {
        let is_finished = writer.is_finished();
        let found = storage.read(name).unwrap().unwrap();
        let version = found.first().copied().unwrap_or_default();
        assert!(
            found == contents(version),
            "a mix at {version} after {last}"
        );
        assert!(version >= last, "{version} after {last}");
        assert!(!is_finished || version == 20, "{version} at the end");
        last = version;
    }
    writer.join().unwrap();
    storage.delete(name).unwrap();
}

fn files_are_moved(storage: &dyn Storage, local: &Path) {
    let path = local.join("incoming");
    // What is sent at once, and in up to three parts.
    const PART: usize = 16 * 1024 * 1024;
    for size in [0, 1, PART, PART + 1, 2 * PART + 12_345] {
        let contents = different_bytes(size);
        std::fs::write(&path, &contents).unwrap();
        storage.put("large/x", Contents::File(&path)).unwrap();
        assert!(!path.exists());
        assert_eq!(storage.size("large/x").unwrap(), Some(size as u64));
        // Without the bytes in the message.
        assert!(storage.read("large/x").unwrap().unwrap() == contents);
        let mut fetched = Vec::new();
        let mut file = storage.fetch("large/x").unwrap().unwrap();
        file.read_to_end(&mut fetched).unwrap();
        assert!(fetched == contents);
        assert_eq!(names(storage, "large"), [("large/x".into(), size as u64)]);
    }
    storage.delete("large/x").unwrap();
}

/// Returns bytes that differ in all parts of a large object.
fn different_bytes(size: usize) -> Vec<u8> {
    let mut bytes: Vec<u8> = (0..size.div_ceil(8) as u64)
        .flat_map(|number| (number.wrapping_mul(0x9e37_79b9_7f4a_7c15)).to_le_bytes())
        .collect();
    bytes.truncate(size);
    bytes
}

/// Ids of assets are parts of names, and days are `date=…`.
fn names_are_kept(storage: &dyn Storage) {
    let all = [
        "date=unknown/x",
        "_invalid/sessions/video-vi%2F1.ndjson",
        "_invalid/sessions/video-vi%252F1.ndjson",
        "_invalid/sessions/video-a+b c.ndjson",
        "_invalid/sessions/video-é~'().ndjson",
    ];
    for name in all {
        storage.put(name, Contents::Bytes(name.as_bytes())).unwrap();
    }
    for name in all {
        assert_eq!(fetched(storage, name), name);
        let size = name.len() as u64;
        assert_eq!(storage.size(name).unwrap(), Some(size));
        assert!(names(storage, "").contains(&(name.to_owned(), size)));
    }
    for (index, name) in all.iter().enumerate() {
        storage.delete(name).unwrap();
        assert_eq!(names(storage, "").len(), all.len() - index - 1);
    }
}

fn lists_are_recursive(storage: &dyn Storage) {
    let all = ["a/b/1", "a/b/c/2", "a/bc/3", "a=1/é/4", "b"];
    for name in all {
        storage.put(name, Contents::Bytes(name.as_bytes())).unwrap();
    }
    let listed = |folder: &str| -> Vec<String> {
        let names = names(storage, folder).into_iter();
        names.map(|(name, _)| name).collect()
    };
    let mut sorted = all;
    sorted.sort_unstable();
    assert_eq!(listed(""), sorted);
    assert_eq!(listed("a/b"), ["a/b/1", "a/b/c/2"]);
    assert_eq!(names(storage, "a=1"), [("a=1/é/4".to_owned(), 8)]);
    let mut visited = 0;
    let visit = &mut |_| {
        visited += 1;
        Visit::Stop
    };
    storage.list("", visit).unwrap();
    assert_eq!(visited, 1);
    all.iter().for_each(|name| storage.delete(name).unwrap());
    assert_eq!(listed(""), Vec::<String>::new());
}

/// Stores list up to 1,000 objects at once, which a lake has after a year.
fn long_lists_are_complete(storage: &Arc<dyn Storage>) {
    const WRITERS: usize = 8;
    const OBJECTS: usize = 1_048;
    let name = |object: usize| format!("days/{object:04}");
    let in_parallel = |operation: fn(&dyn Storage, &str)| {
        let threads: Vec<_> = (0..WRITERS)
            .map(|writer| {
                let storage = Arc::clone(storage);
                thread::spawn(move || {
                    let objects = (writer..OBJECTS).step_by(WRITERS);
                    objects.for_each(|object| operation(&*storage, &name(object)));
                })
            })
            .collect();
        threads
            .into_iter()
            .for_each(|thread| thread.join().unwrap());
    };
    in_parallel(|storage, name| storage.put(name, Contents::Bytes(b"1")).unwrap());
    let expected: Vec<_> = (0..OBJECTS).map(|object| (name(object), 1)).collect();
    assert!(names(&**storage, "days") == expected);
    assert_eq!(names(&**storage, "").len(), OBJECTS);
    in_parallel(|storage, name| storage.delete(name).unwrap());
    assert_eq!(names(&**storage, ""), []);
}

fn existing_objects_are_not_created(storage: &dyn Storage) {
    let name = "_lock";
    assert!(storage.put_new(name, b"first").unwrap());
    assert!(!storage.put_new(name, b"second").unwrap());
    assert_eq!(storage.read(name).unwrap().unwrap(), b"first");
    storage.put(name, Contents::Bytes(b"replaced")).unwrap();
    assert!(!storage.put_new(name, b"third").unwrap());
    assert_eq!(fetched(storage, name), "replaced");
    storage.delete(name).unwrap();
    assert!(storage.put_new(name, b"fourth").unwrap());
    assert_eq!(names(storage, ""), [(name.to_owned(), 6)]);
    storage.delete(name).unwrap();
}

fn one_of_several_creates_an_object(storage: &Arc<dyn Storage>) {
    const WRITERS: usize = 4;
    const OBJECTS: usize = 60;
    let writers: Vec<_> = (0..WRITERS)
        .map(|writer| {
            let storage = Arc::clone(storage);
            thread::spawn(move || {
                let created = (0..OBJECTS).filter(|object| {
                    let contents = format!("{writer}");
                    storage
                        .put_new(
                            &format!("_delta_log/{object:020}.json"),
                            contents.as_bytes(),
                        )
                        .unwrap()
                });
                created.collect::<Vec<usize>>()
            })
        })
        .collect();
    let mut created = Vec::new();
    for (writer, thread) in writers.into_iter().enumerate() {
        for object in thread.join().unwrap() {
            let name = format!("_delta_log/{object:020}.json");
            let contents = storage.read(&name).unwrap().unwrap();
            assert_eq!(contents, writer.to_string().as_bytes());
            created.push(object);
        }
    }
    created.sort_unstable();
    assert!(created.into_iter().eq(0..OBJECTS));
    assert_eq!(names(&**storage, "_delta_log").len(), OBJECTS);
}

/// A folder goes with its last object, at any time of another operation.
#[test]
fn folders_are_removed_while_others_write_into_them() {
    const WRITERS: usize = 8;
    let folder = tempfile::tempdir().unwrap();
    let storage = &LocalStorage::new(folder.path().join("lake"));
    thread::scope(|scope| {
        for writer in 0..WRITERS {
            scope.spawn(move || {
                let name = format!("sessions/date=2022-01-01/{writer}");
                for _ in 0..50 {
                    storage.put(&name, Contents::Bytes(b"1")).unwrap();
                    storage.delete(&name).unwrap();
                    assert!(storage.put_new(&name, b"2").unwrap());
                    assert_eq!(fetched(storage, &name), "2");
                    storage.delete(&name).unwrap();
                }
            });
        }
    });
    assert_eq!(names(storage, ""), []);
}

#[test]
fn a_local_folder_conforms() {
    let folder = tempfile::tempdir().unwrap();
    let open = |name: &str| Arc::new(LocalStorage::new(folder.path().join(name))) as _;
    conforms(&open, folder.path());
}

#[cfg(feature = "object-store")]
#[test]
fn a_store_in_memory_conforms() {
    let folder = tempfile::tempdir().unwrap();
    let fetched = folder.path().join("fetched");
    let open = |name: &str| {
        let url = format!("memory://conformance/lakes/{name}");
        Arc::new(object::memory::open(&url.parse().unwrap(), fetched.clone()).unwrap()) as _
    };
    conforms(&open, folder.path());
}

#[cfg(feature = "object-store")]
#[test]
#[ignore = "needs STORAGE_URL, the URL of an empty folder in an object store"]
fn an_object_store_conforms() {
    let url = std::env::var("STORAGE_URL");
    let url = url.expect(
        "STORAGE_URL is not set: set it to the URL of an empty folder, or run .ci/storage/run",
    );
    let folder = tempfile::tempdir().unwrap();
    let fetched = folder.path().join("fetched");
    let open = |name: &str| {
        let url = format!("{}/{name}", url.trim_end_matches('/'));
        Arc::new(scheme::open(&url, &url, &fetched).unwrap()) as _
    };
    conforms(&open, folder.path());
}
