//! A mirror of api.video's viewing statistics in files that other tools read as they are.
//!
//! ```text
//! DIR/sessions/date=2024-05-01/sessions.parquet    a file for each table and UTC day, all assets together,
//! DIR/events/date=2024-05-01/events.parquet        sorted by asset and session, replaced whole
//! DIR/_manifest/lake.json, days/2024-05-01.json    what there is, with counts and digests
//! DIR/_invalid/                                    records that could not be decoded, as lines of JSON; see below
//! ```
//!
//! * [`Pull`] brings a folder up to date: what is final is read once, in the longest stretches of time, and what can
//!   still change again. Wherever it is stopped, it goes on; the same data gives the same bytes.
//! * [`Pull::plan`] tells what a pull would ask for.
//! * [`verify`] holds a folder against its manifests, and [`verify_against_service`] against the service.
//! * [`Privacy`] leaves out or hashes fields before anything is written.
//!
//! The day of a session, and of all its events, is the UTC day on which it was loaded. Where that is not known, the folder
//! is `date=__HIVE_DEFAULT_PARTITION__`, which query engines read as NULL. [`Table::columns`] tells the columns. What this version does not know of a session is in its column `extra`.
//!
//! # Invalid records
//!
//! A record that can't be decoded, and a session whose events can't be read, are kept in `_invalid` with the reason and the text of the
//! record. Days with such records are not final: each pull reads them again, and [`verify`] reports them, unless they were accepted
//! ([`Pull::with_accept_invalid`]). Where fields are dropped or hashed, the kept text is the JSON of the record without them; a text that
//! is not a JSON object is left out then, and its SHA-256 is kept in its place.
//!
//! # Features
//!
//! * `parquet` (default): the format Parquet. Lines of JSON and CSV are always there.

mod aggregates;
mod asset;
mod digest;
mod error;
mod folder;
mod format;
mod invalid;
mod manifest;
mod plan;
mod privacy;
mod progress;
mod pull;
mod requests;
mod rows;
mod span;
mod staging;
mod table;
mod verify;

pub use asset::Asset;
pub use error::{Error, ErrorKind, Result};
pub use format::Format;
pub use plan::Plan;
pub use privacy::Privacy;
pub use progress::{Progress, Stage};
pub use pull::{Pull, Report, Selection};
pub use table::{Column, ColumnKind, Table};
pub use verify::{Verification, verify, verify_against_service};
