//! Chapters of a video: their list and their files.

use super::videos::VideoHandle;
use crate::error::{Error, ErrorKind, Result};
use crate::id::VideoId;
use crate::list::query::{ListQuery, PageRequest, sealed};
use crate::list::{List, fetch};
use crate::model::Chapters;
use crate::stream::page_response::PageResponse;
use crate::transport::call::Operation;
use crate::transport::clock::BoxFuture;
use crate::transport::download;

impl VideoHandle {
    /// Returns the list of the chapters of the video: one item for each language.
    ///
    /// ```
    /// use apivideo::model::Chapters;
    /// use futures::TryStreamExt;
    /// # apivideo_simulator::doctest! { |client|
    /// let video = client.video("vi4k0jvEUuaTdRAEjQ4Prklg".parse()?);
    /// let chapters: Vec<Chapters> = video.chapters().stream().try_collect().await?;
    /// assert_eq!(chapters[0].language.as_deref(), Some("en"));
    /// # }
    /// ```
    #[doc(alias = "listVideoChapters")]
    #[doc(alias = "GET /videos/{videoId}/chapters")]
    pub fn chapters(&self) -> List<VideoChapters> {
        let query = VideoChapters {
            id: self.id().clone(),
        };
        List::new(self.transport().clone(), query)
    }

    /// Downloads the WebVTT file of chapters: an item of [`chapters`](Self::chapters).
    ///
    /// The file is usually on another host than the service, so that the request contains neither a key nor a token, and
    /// does not count against the rate limit. It is sent once, within the client's timeout, and redirects are not followed. The
    /// URL must be `https`, or `http` to a loopback address if the base URL of the client has one. At most 1 MB is read.
    ///
    /// ```
    /// use futures::TryStreamExt;
    /// # apivideo_simulator::doctest! { |client|
    /// let video = client.video("vi4k0jvEUuaTdRAEjQ4Prklg".parse()?);
    /// if let Some(chapters) = video.chapters().stream().try_next().await? {
    ///     let file = video.download_chapters(&chapters).await?;
    ///     assert!(file.starts_with(b"WEBVTT"));
    /// }
    /// # }
    /// ```
    ///
    /// # Errors
    /// Returns an error if the request fails, of kind [`NotFound`](ErrorKind::NotFound) if the file does not exist, and of kind
    /// [`Unexpected`](ErrorKind::Unexpected) if the URL is missing or not accepted, or the file is too large. The message
    /// contains the host alone: the path and the query of a URL can contain a secret.
    ///
    /// # Cancel safety
    /// Dropping the future cancels the request.
    pub async fn download_chapters(&self, chapters: &Chapters) -> Result<Vec<u8>> {
        let file = match chapters.src.as_deref() {
            Some(src) => {
                download::file(&self.transport().shared, src, "the file of chapters").await
            }
            None => Err(Error::new(
                ErrorKind::Unexpected,
                "the service did not return the URL of the file of chapters",
            )),
        };
        file.map_err(|error| error.with_asset(self.id().clone().into()))
    }
}

/// The query for the chapters of a video.
///
/// ```
/// use apivideo::List;
/// use apivideo::model::Chapters;
/// use apivideo::query::VideoChapters;
/// use futures::TryStreamExt;
///
/// async fn french(chapters: &List<VideoChapters>) -> apivideo::Result<Option<Chapters>> {
///     let all: Vec<Chapters> = chapters.stream().try_collect().await?;
///     Ok(all.into_iter().find(|chapters| chapters.language.as_deref() == Some("fr")))
/// }
/// ```
#[derive(Clone, Debug)]
pub struct VideoChapters {
    id: VideoId,
}

fetch::envelope!(ChaptersPage of Chapters by "language");

impl ListQuery for VideoChapters {
    type Item = Chapters;
}

impl sealed::Query<Chapters> for VideoChapters {
    fn path(&self) -> String {
        format!("/videos/{}/chapters", self.id)
    }

    fn filters(&self) -> String {
        String::new()
    }

    fn fetch(&self, request: PageRequest) -> BoxFuture<Result<PageResponse<Chapters>>> {
        let (page, size) = (request.page(), request.page_size());
        let query = self.clone();
        Box::pin(async move {
            let operation = Operation::new("listVideoChapters", format!("GET {}", query.path()));
            fetch::page(&request, &operation, |core| {
                let id = query.id.clone();
                async move {
                    core.list_video_chapters()
                        .video_id(id.as_str())
                        .current_page(page)
                        .page_size(size)
                        .send()
                        .await
                }
            })
            .await
        })
    }
}
