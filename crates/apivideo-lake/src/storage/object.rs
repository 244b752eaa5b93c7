//! A lake in an object store: Amazon S3 and compatible stores, Google Cloud Storage, or Azure Blob Storage.

use std::collections::HashSet;
use std::fmt;
use std::fs::{self, File};
use std::future::Future;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, mpsc};

use futures_util::StreamExt;
use object_store::path::Path as Location;
use object_store::{
    ObjectMeta, ObjectStore, ObjectStoreExt, PutMode, PutOptions, PutPayload, WriteMultipart,
};
use tokio::runtime::{Builder, Runtime};
use url::Url;

use super::retry::repeat;
use super::{Contents, Storage, Stored, Visit};
use crate::object_url::without_secrets;

/// The size of the parts in which larger files are sent.
const PART: usize = 16 * 1024 * 1024;

/// The number of parts that are sent at the same time.
const PARTS: usize = 4;

/// A prefix of a bucket or container.
pub(crate) struct ObjectStorage {
    store: Arc<dyn ObjectStore>,
    prefix: Location,
    /// Without user, password and query.
    url: String,
    /// The local folder of fetched objects.
    temporary: PathBuf,
    /// Requests run here while the caller waits, so that the operations can be called in and outside of a runtime.
    runtime: Option<Runtime>,
}

impl ObjectStorage {
    /// Opens a store with credentials and other settings.
    pub(crate) fn open(
        url: &Url,
        settings: Vec<(String, String)>,
        temporary: PathBuf,
    ) -> io::Result<Self> {
        let (store, prefix) = object_store::parse_url_opts(url, settings).map_err(failed)?;
        let shown = without_secrets(url.as_str());
        Self::new(Arc::from(store), prefix, shown, temporary)
    }

    fn new(
        store: Arc<dyn ObjectStore>,
        prefix: Location,
        url: String,
        temporary: PathBuf,
    ) -> io::Result<Self> {
        let mut builder = Builder::new_multi_thread();
        let runtime = builder.worker_threads(1).enable_all().build()?;
        Ok(Self {
            store,
            prefix,
            url,
            temporary,
            runtime: Some(runtime),
        })
    }

    fn location(&self, name: &str) -> io::Result<Location> {
        let location = match self.prefix.as_ref() {
            "" => Location::parse(name),
            prefix => Location::parse(format!("{prefix}/{name}")),
        };
        location.map_err(|error| io::Error::new(io::ErrorKind::InvalidInput, error))
    }

    /// Runs a request and waits for its outcome.
    fn wait<T: Send + 'static>(
        &self,
        request: impl Future<Output = io::Result<T>> + Send + 'static,
    ) -> io::Result<T> {
        let stopped = || io::Error::other("a request to the object store was cancelled");
        let runtime = self.runtime.as_ref().ok_or_else(stopped)?;
        let (sender, receiver) = mpsc::sync_channel(1);
        runtime.spawn(async move {
            // The receiver waits until there is an outcome.
            let _ = sender.send(request.await);
        });
        receiver.recv().map_err(|_| stopped())?
    }

    fn put_with(&self, name: &str, contents: &[u8], mode: PutMode) -> io::Result<bool> {
        let (store, location) = (Arc::clone(&self.store), self.location(name)?);
        let payload = PutPayload::from(contents.to_vec());
        self.wait(async move {
            let options = PutOptions::from(mode);
            match store.put_opts(&location, payload, options).await {
                Ok(_) => Ok(true),
                Err(object_store::Error::AlreadyExists { .. }) => Ok(false),
                Err(error) => Err(failed(error)),
            }
        })
    }

    fn put_parts(&self, name: &str, mut file: File) -> io::Result<()> {
        let (store, location) = (Arc::clone(&self.store), self.location(name)?);
        self.wait(async move {
            let upload = store.put_multipart(&location).await.map_err(failed)?;
            let mut upload = WriteMultipart::new_with_chunk_size(upload, PART);
            match send_parts(&mut upload, &mut file).await {
                Ok(()) => upload.finish().await.map(drop).map_err(failed),
                Err(error) => {
                    // The store keeps the parts of an upload that is neither finished nor aborted.
                    let _ = upload.abort().await;
                    Err(error)
                }
            }
        })
    }
}

async fn send_parts(upload: &mut WriteMultipart, file: &mut File) -> io::Result<()> {
    let mut buffer = vec![0; PART];
    loop {
        let count = file.read(&mut buffer)?;
        if count == 0 {
            return Ok(());
        }
        upload.wait_for_capacity(PARTS).await.map_err(failed)?;
        upload.write(buffer.get(..count).unwrap_or(&buffer));
    }
}

impl Drop for ObjectStorage {
    fn drop(&mut self) {
        // Dropping a runtime waits for its tasks, which is not allowed in another runtime.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

impl fmt::Debug for ObjectStorage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The store may contain credentials.
        f.debug_tuple("ObjectStorage").field(&self.url).finish()
    }
}

impl Storage for ObjectStorage {
    fn path(&self, name: &str) -> PathBuf {
        match name {
            "" => PathBuf::from(&self.url),
            name => PathBuf::from(format!("{}/{name}", self.url)),
        }
    }

    fn read(&self, name: &str) -> io::Result<Option<Vec<u8>>> {
        let (store, location) = (Arc::clone(&self.store), self.location(name)?);
        self.wait(repeat(move || {
            let (store, location) = (Arc::clone(&store), location.clone());
            async move {
                let response = match store.get(&location).await {
                    Ok(response) => response,
                    Err(error) => return not_found(error),
                };
                let bytes = response.bytes().await.map_err(failed)?;
                Ok(Some(bytes.into()))
            }
        }))
    }

    fn fetch(&self, name: &str) -> io::Result<Option<File>> {
        fs::create_dir_all(&self.temporary)?;
        let temporary = self.temporary.clone();
        let (store, location) = (Arc::clone(&self.store), self.location(name)?);
        self.wait(repeat(move || {
            // Each attempt has a file of its own.
            let file = tempfile::tempfile_in(&temporary);
            let (store, location) = (Arc::clone(&store), location.clone());
            async move { fetch_into(file?, &*store, &location).await }
        }))
    }

    fn size(&self, name: &str) -> io::Result<Option<u64>> {
        let (store, location) = (Arc::clone(&self.store), self.location(name)?);
        self.wait(repeat(move || {
            let (store, location) = (Arc::clone(&store), location.clone());
            async move {
                match store.head(&location).await {
                    Ok(object) => Ok(Some(object.size)),
                    Err(error) => not_found(error),
                }
            }
        }))
    }

    fn list(&self, folder: &str, visit: &mut dyn FnMut(Stored) -> Visit) -> io::Result<()> {
        let (store, folder) = (Arc::clone(&self.store), self.location(folder)?);
        let (sender, receiver) = mpsc::channel();
        let stopped = || io::Error::other("a list of the object store was cancelled");
        let runtime = self.runtime.as_ref().ok_or_else(stopped)?;
        runtime.spawn(async move {
            let sent = Mutex::new(HashSet::new());
            let outcome = repeat(|| send_list(&*store, &folder, &sent, &sender)).await;
            let _ = sender.send(outcome.err().map(Err));
        });
        loop {
            let Some(object) = receiver.recv().map_err(|_| stopped())? else {
                return Ok(());
            };
            let object = object?;
            let Some(parts) = object.location.prefix_match(&self.prefix) else {
                continue;
            };
            let parts: Vec<String> = parts.map(|part| part.as_ref().to_owned()).collect();
            let stored = Stored {
                name: parts.join("/"),
                size: object.size,
            };
            if visit(stored) == Visit::Stop {
                return Ok(());
            }
        }
    }

    fn put(&self, name: &str, contents: Contents<'_>) -> io::Result<()> {
        match contents {
            Contents::Bytes(bytes) => self.put_with(name, bytes, PutMode::Overwrite).map(drop),
            Contents::File(path) => {
                self.put_file(name, path)?;
                fs::remove_file(path)
            }
        }
    }

    fn put_new(&self, name: &str, contents: &[u8]) -> io::Result<bool> {
        self.put_with(name, contents, PutMode::Create)
    }

    fn delete(&self, name: &str) -> io::Result<()> {
        let (store, location) = (Arc::clone(&self.store), self.location(name)?);
        self.wait(repeat(move || {
            let (store, location) = (Arc::clone(&store), location.clone());
            async move {
                match store.delete(&location).await {
                    Ok(()) => Ok(()),
                    Err(error) => not_found::<()>(error).map(drop),
                }
            }
        }))
    }
}

/// Sends the objects in a folder, but those that an earlier attempt has sent.
async fn send_list(
    store: &dyn ObjectStore,
    folder: &Location,
    sent: &Mutex<HashSet<Location>>,
    sender: &mpsc::Sender<Option<io::Result<ObjectMeta>>>,
) -> io::Result<()> {
    let mut objects = store.list(Some(folder));
    while let Some(object) = objects.next().await {
        let object = object.map_err(failed)?;
        let mut sent = sent.lock().unwrap_or_else(PoisonError::into_inner);
        let is_new = sent.insert(object.location.clone());
        // The receiver is dropped when the list is not needed any more.
        if is_new && sender.send(Some(Ok(object))).is_err() {
            return Ok(());
        }
    }
    Ok(())
}

/// Writes an object to a file; returns `None` if it does not exist.
async fn fetch_into(
    mut file: File,
    store: &dyn ObjectStore,
    location: &Location,
) -> io::Result<Option<File>> {
    let response = match store.get(location).await {
        Ok(response) => response,
        Err(error) => return not_found(error),
    };
    let size = response.meta.size;
    let mut parts = response.into_stream();
    let mut received = 0;
    while let Some(part) = parts.next().await {
        let part = part.map_err(failed)?;
        received += part.len() as u64;
        file.write_all(&part)?;
    }
    if received != size {
        let why = format!("{received} bytes of {size} were received");
        return Err(io::Error::new(io::ErrorKind::UnexpectedEof, why));
    }
    file.seek(SeekFrom::Start(0))?;
    Ok(Some(file))
}

impl ObjectStorage {
    fn put_file(&self, name: &str, path: &Path) -> io::Result<()> {
        let mut file = File::open(path)?;
        if file.metadata()?.len() > PART as u64 {
            return self.put_parts(name, file);
        }
        let mut contents = Vec::new();
        file.read_to_end(&mut contents)?;
        self.put_with(name, &contents, PutMode::Overwrite).map(drop)
    }
}

/// Returns `None` if an object does not exist.
fn not_found<T>(error: object_store::Error) -> io::Result<Option<T>> {
    match error {
        object_store::Error::NotFound { .. } => Ok(None),
        error => Err(failed(error)),
    }
}

#[expect(clippy::needless_pass_by_value, reason = "for `map_err`")]
fn failed(error: object_store::Error) -> io::Error {
    super::object_error::convert(&error)
}

/// Stores in the memory of this process, by their names.
pub(crate) mod memory {
    use std::collections::BTreeMap;

    use object_store::memory::InMemory;

    use super::*;

    static STORES: Mutex<BTreeMap<String, Arc<InMemory>>> = Mutex::new(BTreeMap::new());

    /// Opens the store of a URL. It exists until the process ends.
    pub(crate) fn open(url: &Url, temporary: PathBuf) -> io::Result<ObjectStorage> {
        let name = url.host_str().unwrap_or_default().to_owned();
        let mut stores = STORES.lock().unwrap_or_else(PoisonError::into_inner);
        let store = Arc::clone(stores.entry(name).or_default());
        let invalid = |error| io::Error::new(io::ErrorKind::InvalidInput, error);
        let prefix = Location::from_url_path(url.path()).map_err(invalid)?;
        let shown = without_secrets(url.as_str());
        ObjectStorage::new(store, prefix, shown, temporary)
    }

    /// Creates an empty store in memory.
    #[cfg(test)]
    pub(crate) fn storage(temporary: &Path) -> ObjectStorage {
        let store = Arc::new(InMemory::new());
        let (prefix, url) = (
            Location::from("lakes/one"),
            "memory:///lakes/one".to_owned(),
        );
        ObjectStorage::new(store, prefix, url, temporary.to_owned()).unwrap()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use object_store::memory::InMemory;

    use super::super::flaky::Flaky;
    use super::*;

    #[test]
    fn operations_succeed_after_dropped_connections() {
        let temporary = tempfile::tempdir().unwrap();
        let flaky = Arc::new(Flaky {
            store: Arc::new(InMemory::new()),
            failures: AtomicU32::new(0),
        });
        let store: Arc<dyn ObjectStore> = flaky.clone();
        let path = temporary.path().to_owned();
        let storage = ObjectStorage::new(store, Location::from("lake"), "x://lake".into(), path);
        let storage = storage.unwrap();
        for name in ["a/1", "a/2", "a/3", "a/4"] {
            let contents = Contents::Bytes(b"part and rest");
            storage.put(name, contents).unwrap();
        }
        let fail = |failures| flaky.failures.store(failures, Ordering::Relaxed);

        fail(2);
        let contents = storage.read("a/1").unwrap().unwrap();
        assert_eq!(contents, b"part and rest");
        fail(2);
        let mut text = String::new();
        let mut file = storage.fetch("a/1").unwrap().unwrap();
        file.read_to_string(&mut text).unwrap();
        assert_eq!(text, "part and rest");
        fail(2);
        assert_eq!(storage.size("a/1").unwrap(), Some(13));
        fail(2);
        let mut names = Vec::new();
        let visit = &mut |stored: Stored| {
            names.push(stored.name);
            Visit::Continue
        };
        storage.list("a", visit).unwrap();
        names.sort_unstable();
        assert_eq!(names, ["a/1", "a/2", "a/3", "a/4"]);
        fail(2);
        storage.delete("a/1").unwrap();
        assert_eq!(storage.size("a/1").unwrap(), None);

        // A failure that does not end is reported.
        fail(100);
        let error = storage.read("a/2").unwrap_err();
        assert!(error.to_string().contains("connection closed"), "{error}");
        storage.list("a", &mut |_| Visit::Continue).unwrap_err();
    }
}
