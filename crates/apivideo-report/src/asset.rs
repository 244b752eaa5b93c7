use apivideo_insights::AssetKind;

/// The video or live stream of a report.
///
/// ```
/// use apivideo_report::ReportAsset;
///
/// let asset = ReportAsset::video("vi4k0jvEUuaTdRAEjQ4Prklg", "Knots for beginners");
/// assert_eq!(asset.title(), "Knots for beginners");
/// assert_eq!(ReportAsset::video("vi4k0jvEUuaTdRAEjQ4Prklg", "").title(), "vi4k0jvEUuaTdRAEjQ4Prklg");
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct ReportAsset {
    kind: AssetKind,
    id: String,
    title: String,
    chapters: Vec<Chapter>,
}

impl ReportAsset {
    /// Creates a video.
    #[must_use]
    pub fn video(id: impl Into<String>, title: impl Into<String>) -> Self {
        Self::new(AssetKind::Video, id.into(), title.into())
    }

    /// Creates a live stream.
    #[must_use]
    pub fn live_stream(id: impl Into<String>, title: impl Into<String>) -> Self {
        Self::new(AssetKind::LiveStream, id.into(), title.into())
    }

    fn new(kind: AssetKind, id: String, title: String) -> Self {
        Self {
            kind,
            id,
            title,
            chapters: Vec::new(),
        }
    }

    /// Sets the chapters of a video, which are drawn on the axis of retention. Chapters of a live stream are ignored, and those
    /// that do not start within the video.
    #[must_use]
    pub fn with_chapters(mut self, chapters: impl IntoIterator<Item = Chapter>) -> Self {
        self.chapters.extend(chapters);
        self.chapters
            .retain(|chapter| chapter.start_seconds.is_finite() && chapter.start_seconds >= 0.0);
        self.chapters
            .sort_by(|a, b| a.start_seconds.total_cmp(&b.start_seconds));
        self
    }

    /// Returns the kind.
    #[must_use]
    pub const fn kind(&self) -> AssetKind {
        self.kind
    }

    /// Returns the identifier.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Returns the title, or the identifier if the title is empty.
    #[must_use]
    pub fn title(&self) -> &str {
        match self.title.trim() {
            "" => &self.id,
            title => title,
        }
    }

    pub(crate) fn chapters(&self) -> &[Chapter] {
        &self.chapters
    }

    /// The kind in a sentence: `video` or `live stream`.
    pub(crate) fn kind_text(&self) -> &'static str {
        match self.kind {
            AssetKind::Video => "video",
            AssetKind::LiveStream => "live stream",
        }
    }
}

/// A chapter of a video. It ends where the next one starts.
#[derive(Clone, Debug, PartialEq)]
pub struct Chapter {
    /// The start, in seconds.
    pub start_seconds: f64,
    /// The title.
    pub title: String,
}
