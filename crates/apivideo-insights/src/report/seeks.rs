use serde::Serialize;

/// Seeks: measure 11. Seeks that follow each other within 2 s are one.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Seeks {
    /// The number of seeks.
    pub count: u64,
    /// The number of sessions with at least one.
    pub sessions: u64,
    /// The media time that was skipped, in seconds.
    pub skipped_seconds: f64,
    /// The media time that was rewound, in seconds.
    pub rewound_seconds: f64,
    /// Where seeks started. Empty if the scope has more than one video or no length.
    pub sources: Vec<SeekBin>,
    /// Where seeks led.
    pub targets: Vec<SeekBin>,
}

/// The seeks of a bin. Bins without seeks are left out.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct SeekBin {
    /// The start of the bin, in seconds.
    pub from_seconds: f64,
    /// The end of the bin, in seconds.
    pub to_seconds: f64,
    /// The number of seeks.
    pub count: u64,
}
