//! Downloads the viewing statistics of api.video into a lake: a folder of Parquet, NDJSON or CSV files by day, which query
//! engines read directly, on a local disk or in an object store ([`Location`]).
//!
//! ```text
//! DIR/sessions/date=2024-05-01/sessions.parquet    one file for each table and UTC day, with all assets,
//! DIR/events/date=2024-05-01/events.parquet        sorted by asset and session, replaced as a whole
//! DIR/played/date=2024-05-01/played.parquet        derived from sessions and events: what was played
//! DIR/_manifest/lake.json, days/2024-05-01.json    what the lake contains, with counts and digests
//! DIR/_manifest/runs.json                          the last pulls: the only file that depends on time
//! DIR/_invalid/                                    records that could not be decoded, as NDJSON; see below
//! ```
//!
//! * [`Pull`] brings a lake up to date. Final days are read once, mutable days in each run. An interrupted run is resumed
//!   by the next one, and the same data always has the same bytes.
//! * [`Pull::plan`] estimates the requests and files of a pull.
//! * [`verify`] checks the files of a lake against its manifests, and [`verify_against_service`] against the service.
//! * [`LakeReader`] reads what was played into an [`Audience`](apivideo_insights::Audience), which computes all measures.
//! * [`rebuild`] computes the derived tables again, without a request.
//! * [`status`] shows what a lake contains, its settings and its last runs, while a pull is running as well.
//! * [`convert`] changes the format of all files of a lake.
//! * [`Forget`] removes the sessions of persons, and later pulls do not store them again.
//! * [`Pull::with_delta`] makes the tables of a lake Delta Lake tables as well.
//! * [`Privacy`] drops or hashes fields before anything is written.
//! * [`columns`] has the columns of each item type; [`Table::columns`] those of a table.
//!
//! # Terms
//!
//! * **Day**: the UTC day on which a session was loaded. Its events are stored under the same day. If the day is unknown,
//!   the folder is `date=__HIVE_DEFAULT_PARTITION__`, which query engines read as NULL.
//! * **Final day**: a day that ended more than [the lag](Pull::with_lag) ago and was read completely. It is not read again.
//!   All other days are **mutable**.
//! * **Request range**: an asset and a range of days whose sessions are requested as one list.
//! * **Derived table**: a table that is computed from the files of sessions and events at the end of a pull: `played`,
//!   `playbacks`, `seeks` and `lengths`. It depends only on these files, the version of the rules
//!   ([`RULES_VERSION`](apivideo_insights::RULES_VERSION)) and the [viewer key](ViewerKey).
//! * **Staging**: what an unfinished pull has read, in `_staging` of the lake or of [another
//!   folder](Location::with_staging). What was staged of a day is removed when the day is written, the rest when the pull is
//!   complete.
//! * **Sample**: the share of the sessions whose events are pulled; see [`Pull::with_sample`].
//!
//! # Invalid records
//!
//! A record that cannot be decoded, and a session whose events cannot be read, are stored in `_invalid` with the reason and
//! the record as received. Days with such records are not final: each pull reads them again, and [`verify`] reports them,
//! unless they were accepted ([`Pull::with_accept_invalid`]). If fields are dropped or hashed, the stored record is its JSON
//! without them; a record that is not a JSON object is replaced by its SHA-256.
//!
//! # Features
//!
//! * `parquet` (default): the format Parquet. NDJSON and CSV are always available.
//! * `aws`, `gcp`, `azure`: lakes in object stores; see [`Location`]. Each enables `object-store`, which they have in common.

mod asset_id;
mod budget;
mod clock;
mod column;
pub mod columns;
mod date_range;
mod delta;
mod derive;
mod digest;
mod error;
mod event_scope;
mod extra;
mod folder;
mod forgotten;
mod format;
mod invalid;
mod location;
mod manifest;
mod metadata;
mod object_url;
mod options;
mod page_reader;
mod partition;
mod plan;
mod privacy;
mod progress;
mod pull;
mod reader;
mod rebuild;
mod report;
mod rewrite;
mod row;
mod run_outcome;
mod runs;
mod sample;
mod selection;
mod service;
mod staging;
mod status;
mod storage;
mod table;
mod verify;
mod viewer_key;

pub use error::{Error, ErrorKind, Result};
pub use format::Format;
pub use location::Location;
pub use plan::Plan;
pub use privacy::Privacy;
pub use progress::{Progress, ProgressWatch, Stage};
pub use pull::Pull;
pub use reader::LakeReader;
pub use reader::coverage::Coverage;
pub use reader::explain::ExplainedSession;
pub use rebuild::{Rebuilt, rebuild};
pub use report::Report;
pub use rewrite::convert::{Converted, convert};
pub use rewrite::data_subject::DataSubject;
pub use rewrite::forget::{Forget, Forgotten};
pub use run_outcome::RunOutcome;
pub use runs::RunRecord;
pub use sample::Sample;
pub use selection::Selection;
pub use status::{Status, TableStatus, status};
pub use table::{ColumnInfo, Table};
pub use verify::{Verification, verify, verify_against_service};
pub use viewer_key::ViewerKey;

/// The examples of the package README are tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
