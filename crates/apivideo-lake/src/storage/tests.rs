//! What every storage does: one suite for all implementations.

use std::io::Read;
use std::sync::Arc;
use std::thread;

use super::*;

/// Runs the suite on an empty storage.
fn conforms(storage: Arc<dyn Storage>, local: &Path) {
    nothing_exists(&*storage);
    objects_are_replaced(&*storage);
    files_are_moved(&*storage, local);
    lists_are_recursive(&*storage);
    one_of_several_creates_an_object(&storage);
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

fn files_are_moved(storage: &dyn Storage, local: &Path) {
    let path = local.join("incoming");
    // Larger than what is sent at once.
    for size in [0, 1, 20_000_000] {
        let contents: Vec<u8> = (0..size)
            .map(|number: u32| number.to_le_bytes()[0])
            .collect();
        std::fs::write(&path, &contents).unwrap();
        storage.put("large/x", Contents::File(&path)).unwrap();
        assert!(!path.exists());
        assert_eq!(storage.size("large/x").unwrap(), Some(u64::from(size)));
        assert_eq!(storage.read("large/x").unwrap().unwrap(), contents);
    }
    storage.delete("large/x").unwrap();
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

#[test]
fn a_local_folder_conforms() {
    let folder = tempfile::tempdir().unwrap();
    let storage = Arc::new(LocalStorage::new(folder.path().join("lake")));
    conforms(storage, folder.path());
}

#[cfg(feature = "object-store")]
#[test]
fn a_store_in_memory_conforms() {
    let folder = tempfile::tempdir().unwrap();
    let storage = object::memory::storage(&folder.path().join("fetched"));
    conforms(Arc::new(storage), folder.path());
}
