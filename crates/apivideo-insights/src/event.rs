use jiff::Timestamp;

/// An event of a player session.
///
/// ```
/// use apivideo_insights::{Event, EventKind};
///
/// let play = Event {
///     emitted_at: Some("2022-01-01T12:00:00Z".parse()?),
///     at: Some(0.0),
///     ..Event::new(EventKind::Play)
/// };
/// assert_eq!(play.from, None);
/// # Ok::<(), jiff::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Event {
    /// The kind of event.
    pub kind: EventKind,
    /// When the event happened. The service reports whole seconds.
    pub emitted_at: Option<Timestamp>,
    /// The position in the media in seconds; of seeks, `from` and `to` are used instead.
    pub at: Option<f64>,
    /// The position before a seek, in seconds.
    pub from: Option<f64>,
    /// The position after a seek, in seconds.
    pub to: Option<f64>,
}

impl Event {
    /// Creates an event without a time and positions.
    #[must_use]
    pub const fn new(kind: EventKind) -> Self {
        Self {
            kind,
            emitted_at: None,
            at: None,
            from: None,
            to: None,
        }
    }
}

/// The kind of an [`Event`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EventKind {
    /// The player was loaded.
    Ready,
    /// Playback started.
    Play,
    /// Playback paused.
    Pause,
    /// Playback resumed.
    Resume,
    /// A seek to a later position.
    SeekForward,
    /// A seek to an earlier position.
    SeekBackward,
    /// Playback reached the end.
    End,
    /// An event of another kind. It does not affect playback.
    Other,
}

impl EventKind {
    /// Returns the kind that the service calls by a name, such as `seek.forward`.
    ///
    /// ```
    /// use apivideo_insights::EventKind;
    ///
    /// assert_eq!(EventKind::from_name("seek.forward"), EventKind::SeekForward);
    /// assert_eq!(EventKind::from_name("volume"), EventKind::Other);
    /// ```
    #[must_use]
    pub fn from_name(name: &str) -> Self {
        match name {
            "ready" => Self::Ready,
            "play" => Self::Play,
            "pause" => Self::Pause,
            "resume" => Self::Resume,
            "seek.forward" => Self::SeekForward,
            "seek.backward" => Self::SeekBackward,
            "end" => Self::End,
            _ => Self::Other,
        }
    }

    /// Returns the service's name, such as `seek.forward`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::Play => "play",
            Self::Pause => "pause",
            Self::Resume => "resume",
            Self::SeekForward => "seek.forward",
            Self::SeekBackward => "seek.backward",
            Self::End => "end",
            Self::Other => "other",
        }
    }

    pub(crate) const fn is_start(self) -> bool {
        matches!(self, Self::Play | Self::Resume)
    }

    pub(crate) const fn is_stop(self) -> bool {
        matches!(self, Self::Pause | Self::End)
    }

    pub(crate) const fn is_seek(self) -> bool {
        matches!(self, Self::SeekForward | Self::SeekBackward)
    }
}
