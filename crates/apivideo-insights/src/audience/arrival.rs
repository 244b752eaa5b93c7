/// A session, without its intervals.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Arrival {
    /// The index of the asset.
    pub(crate) asset: u32,
    pub(crate) viewer: Option<u64>,
    /// When the session started.
    pub(crate) start: Option<i64>,
    /// The day on which the session started, since the Unix epoch.
    pub(crate) day: Option<i64>,
    pub(crate) presence: Option<(i64, i64)>,
    pub(crate) is_play: bool,
    /// Whether the session itself is counted, and not only the time that it played.
    pub(crate) is_counted: bool,
}
