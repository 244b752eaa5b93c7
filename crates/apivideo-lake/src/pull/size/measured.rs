//! The measured sizes of files of simulated sessions.

use crate::format::Format;

/// The manifest of the derived files of a day, in bytes.
pub(super) const DERIVED_MANIFEST: u64 = 1_500;

/// The manifest of a lake without lists, in bytes.
pub(super) const LAKE: u64 = 1_000;

/// The table of lengths, in bytes.
pub(super) const LENGTHS: u64 = 1_800;

/// A list in the manifest of a lake, in bytes.
pub(super) const LIST: u64 = 192;

/// What the rows of a further asset add to a file, in bytes.
const ASSET: u64 = 18;

/// The share of sessions without a row in a derived table other than `playbacks`, in percent.
const WITHOUT_PIECES: u64 = 40;

/// The entry of a file in the manifest of its day, in bytes.
const MANIFEST_ENTRY: u64 = 225;

/// The number of sessions of a file after which values are often the same as before.
const FEW: u64 = 5;

/// The number of sessions of a file after which rows are further ones.
const FIRST: u64 = 300;

/// The measured size of a file of a table.
#[derive(Clone, Copy)]
pub(super) struct Size {
    /// A file without rows, in bytes.
    file: u64,
    /// What the first rows add in addition, in bytes.
    few: u64,
    /// A hundred of the first rows, in bytes.
    first: u64,
    /// A hundred further rows, in bytes: columns are smaller in a larger file.
    further: u64,
}

/// The measured sizes of the tables in a format.
pub(super) struct Sizes {
    pub(super) session: Size,
    pub(super) event: Size,
    pub(super) playback: Size,
    /// The other derived tables, by the events that they are derived from.
    pub(super) piece: Size,
}

/// The files of a table, each with the same number of rows.
#[derive(Clone, Copy)]
pub(super) struct Files {
    pub(super) count: u64,
    /// The sessions of all files.
    pub(super) sessions: u64,
    /// The sum of the numbers of assets of the files.
    pub(super) assets: u64,
}

impl Files {
    /// Some files with sessions of one asset each.
    pub(super) fn new(count: u64, sessions: u64) -> Self {
        Self {
            count,
            sessions,
            assets: count,
        }
    }

    /// Returns the size of the files in bytes.
    pub(super) fn size(self, size: Size, rows: u64) -> u64 {
        let first = match self.sessions {
            0 => 0,
            sessions => rows * sessions.min(self.count * FIRST) / sessions,
        };
        let rows = (first * size.first + (rows - first) * size.further) / 100;
        let few = self.sessions.min(self.count * FEW) * size.few;
        self.count * size.file + few + rows + self.assets.saturating_sub(self.count) * ASSET
    }

    /// Returns the size of the entries of the files in the manifests of their days, in bytes.
    pub(super) fn entries(self) -> u64 {
        self.count * MANIFEST_ENTRY
    }

    /// Returns those of the files that a table has which does not have rows of each session.
    fn of_pieces(self) -> Self {
        let sessions = self.sessions / self.count.max(1);
        let without =
            (0..sessions.min(10)).fold(self.count, |count, _| count * WITHOUT_PIECES / 100);
        Self {
            count: self.count - without,
            ..self
        }
    }
}

impl Sizes {
    /// Returns the size of the derived files of some days and their manifests, in bytes.
    pub(super) fn derived(&self, files: Files, sessions: u64, events: u64) -> u64 {
        let playbacks = files.size(self.playback, sessions);
        let pieces = files.of_pieces().size(self.piece, events);
        files.count * DERIVED_MANIFEST + playbacks + pieces
    }

    pub(super) fn of(format: Format) -> Self {
        let size = |file, first, further| Size {
            file,
            few: 0,
            first,
            further,
        };
        match format {
            Format::Parquet => Self {
                session: Size {
                    few: 250,
                    ..size(5_250, 4_200, 3_550)
                },
                event: size(2_900, 1_020, 905),
                playback: size(9_700, 5_000, 4_300),
                piece: size(12_800, 1_500, 1_230),
            },
            Format::Ndjson => Self {
                session: size(0, 60_000, 60_000),
                event: size(0, 23_200, 23_200),
                playback: size(0, 80_900, 80_900),
                piece: size(0, 29_200, 29_200),
            },
            Format::Csv => Self {
                session: size(330, 24_100, 24_100),
                event: size(110, 9_500, 9_500),
                playback: size(400, 24_800, 24_800),
                piece: size(400, 11_400, 11_400),
            },
        }
    }
}
