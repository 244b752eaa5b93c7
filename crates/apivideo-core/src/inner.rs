//! State that all requests of a client share.

use std::fmt;
use std::sync::Arc;

use reqwest::header::HeaderMap;
use reqwest::{Request, Response};

/// The headers, observers and limits of all requests of one [`Client`](crate::Client). Cheap to clone.
///
/// ```
/// use apivideo_core::Inner;
/// use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue};
///
/// let mut headers = HeaderMap::new();
/// headers.insert(AUTHORIZATION, HeaderValue::from_static("Bearer abc"));
/// let inner = Inner::new(headers);
/// assert!(!format!("{inner:?}").contains("abc"));
/// ```
#[derive(Clone, Default)]
pub struct Inner {
    headers: Arc<HeaderMap>,
    pub(crate) observer: Option<Arc<Observer>>,
    pub(crate) on_response: Option<Arc<ResponseObserver>>,
    pub(crate) max_body_size: Option<u64>,
}

/// Called with each request before it is sent.
pub(crate) type Observer = dyn Fn(&Request) + Send + Sync;

/// Called with each response when its headers have arrived.
pub(crate) type ResponseObserver = dyn Fn(&Response) + Send + Sync;

impl Inner {
    /// Creates the state of a client with default headers. Each replaces a header of the request with the same name.
    ///
    /// ```
    /// let inner = apivideo_core::Inner::new(reqwest::header::HeaderMap::new());
    /// assert!(inner.headers().is_empty());
    /// ```
    #[must_use]
    pub fn new(headers: HeaderMap) -> Self {
        Self {
            headers: Arc::new(headers),
            observer: None,
            on_response: None,
            max_body_size: None,
        }
    }

    /// Calls `observer` with each request as it is sent, including the default headers.
    ///
    /// ```
    /// use std::sync::Arc;
    ///
    /// let inner = apivideo_core::Inner::default().with_request_observer(Arc::new(|request| println!("{}", request.url())));
    /// ```
    #[must_use]
    pub fn with_request_observer(mut self, observer: Arc<dyn Fn(&Request) + Send + Sync>) -> Self {
        self.observer = Some(observer);
        self
    }

    /// Calls `observer` with each response, of any status, when its headers have arrived and before its body is read.
    ///
    /// ```
    /// use std::sync::Arc;
    ///
    /// let inner = apivideo_core::Inner::default();
    /// let inner = inner.with_response_observer(Arc::new(|response| println!("{}", response.status())));
    /// ```
    #[must_use]
    pub fn with_response_observer(
        mut self,
        observer: Arc<dyn Fn(&Response) + Send + Sync>,
    ) -> Self {
        self.on_response = Some(observer);
        self
    }

    /// Sets the maximum size of the body of a successful response in bytes, after decompression. Defaults to 64 MiB.
    ///
    /// A larger body is an [`Error::ResponseBodyError`](crate::Error::ResponseBodyError) with a
    /// [`BodyError`](crate::BodyError) among its sources. At most the maximum size and one chunk are held in memory.
    ///
    /// ```
    /// let inner = apivideo_core::Inner::default().with_max_body_size(1 << 20);
    /// ```
    #[must_use]
    pub fn with_max_body_size(mut self, bytes: u64) -> Self {
        self.max_body_size = Some(bytes);
        self
    }

    /// Returns the default headers.
    ///
    /// ```
    /// assert!(apivideo_core::Inner::default().headers().is_empty());
    /// ```
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }
}

/// Shows the names of headers only: any value may be a secret.
impl fmt::Debug for Inner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Inner")
            .field(&self.headers.keys().collect::<Vec<_>>())
            .finish()
    }
}
