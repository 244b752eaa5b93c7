//! An object store in memory in which each operation fails a few times after it has begun, as if the connection was dropped.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use futures_util::StreamExt;
use futures_util::stream::{self, BoxStream};
use object_store::memory::InMemory;
use object_store::path::Path;
use object_store::{
    CopyOptions, Error, GetOptions, GetResult, GetResultPayload, ListResult, MultipartUpload,
    ObjectMeta, ObjectStore, PutMultipartOptions, PutOptions, PutPayload, PutResult, Result,
};

type Response<'a, T> = Pin<Box<dyn Future<Output = Result<T>> + Send + 'a>>;

#[derive(Debug)]
pub(super) struct Flaky {
    pub(super) store: Arc<InMemory>,
    /// The number of operations that fail.
    pub(super) failures: AtomicU32,
}

impl Flaky {
    fn fails(&self) -> bool {
        let less = |failures: u32| failures.checked_sub(1);
        let (set, get) = (Ordering::Relaxed, Ordering::Relaxed);
        self.failures.fetch_update(set, get, less).is_ok()
    }
}

impl fmt::Display for Flaky {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("flaky")
    }
}

fn dropped() -> Error {
    Error::Generic {
        store: "flaky",
        source: "connection closed before message completed".into(),
    }
}

impl ObjectStore for Flaky {
    fn put_opts<'a, 'b, 'c>(
        &'a self,
        location: &'b Path,
        payload: PutPayload,
        options: PutOptions,
    ) -> Response<'c, PutResult>
    where
        'a: 'c,
        'b: 'c,
    {
        self.store.put_opts(location, payload, options)
    }

    fn put_multipart_opts<'a, 'b, 'c>(
        &'a self,
        location: &'b Path,
        options: PutMultipartOptions,
    ) -> Response<'c, Box<dyn MultipartUpload>>
    where
        'a: 'c,
        'b: 'c,
    {
        self.store.put_multipart_opts(location, options)
    }

    fn get_opts<'a, 'b, 'c>(
        &'a self,
        location: &'b Path,
        options: GetOptions,
    ) -> Response<'c, GetResult>
    where
        'a: 'c,
        'b: 'c,
    {
        Box::pin(async move {
            let is_head = options.head;
            let mut result = self.store.get_opts(location, options).await?;
            if self.fails() {
                if is_head {
                    return Err(dropped());
                }
                let first = stream::iter([Ok("part".into()), Err(dropped())]);
                result.payload = GetResultPayload::Stream(first.boxed());
            }
            Ok(result)
        })
    }

    fn delete_stream(
        &self,
        locations: BoxStream<'static, Result<Path>>,
    ) -> BoxStream<'static, Result<Path>> {
        match self.fails() {
            true => stream::iter([Err(dropped())]).boxed(),
            false => self.store.delete_stream(locations),
        }
    }

    fn list(&self, prefix: Option<&Path>) -> BoxStream<'static, Result<ObjectMeta>> {
        let objects = self.store.list(prefix);
        match self.fails() {
            true => objects
                .take(2)
                .chain(stream::iter([Err(dropped())]))
                .boxed(),
            false => objects,
        }
    }

    fn list_with_delimiter<'a, 'b, 'c>(
        &'a self,
        prefix: Option<&'b Path>,
    ) -> Response<'c, ListResult>
    where
        'a: 'c,
        'b: 'c,
    {
        self.store.list_with_delimiter(prefix)
    }

    fn copy_opts<'a, 'b, 'd, 'c>(
        &'a self,
        from: &'b Path,
        to: &'d Path,
        options: CopyOptions,
    ) -> Response<'c, ()>
    where
        'a: 'c,
        'b: 'c,
        'd: 'c,
    {
        self.store.copy_opts(from, to, options)
    }
}
