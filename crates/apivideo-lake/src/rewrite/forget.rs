//! Forgetting persons: their sessions are removed, and recognized by later pulls.

use std::collections::BTreeSet;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::data_subject::DataSubject;
use super::forget_day::{Days, Removed};
use crate::delta::{self, OldFiles};
use crate::derive::{Check, Derivation};
use crate::error::{Error, ErrorKind, Result};
use crate::folder::{FORGOTTEN, Folder, INVALID_SESSIONS, files};
use crate::forgotten::ForgottenList;
use crate::invalid::{self, InvalidRecord};
use crate::location::Location;
use crate::manifest::LakeManifest;
use crate::options::system_time;
use crate::partition::Partition;
use crate::pull::recovery;
use crate::staging::Staging;
use crate::table::Table;
use crate::verify;

const STAGED_ELSEWHERE: &str = "the unfinished pull has staged its rows in another folder: run the same command with --staging DIR of \
                                that pull, or after the pull is complete";

/// Removes the sessions of persons from all tables of a lake, so that later pulls do not store them again.
///
/// The files of the days concerned are rewritten: sessions, events and derived tables, with their manifests. A lake with Delta logs
/// loses the files of all earlier versions, which can no longer be read. Invalid records are
/// removed if they are of such a session, or if any of their strings is the value. Aggregates contain no persons. What an
/// unfinished pull has staged is discarded: its lists are read again, and the events of the day that it was writing; days that
/// are written are kept.
///
/// `_manifest/forgotten.json` records a keyed hash of each value, with a random salt, before anything is removed. Pulls compare
/// what they receive with it before anything is written, and do not request the events of such sessions. If a run is
/// interrupted, [`verify`](crate::verify) reports it, and a run without a data subject completes it. The same run removes what a backup of
/// the lake has brought back. If the list is lost, pulls and everything that rewrites the lake fail until it is restored, or a run
/// with data subjects starts a new one.
///
/// If an unfinished pull has another [staging folder](Location::with_staging), that is a [problem](Forgotten::problems): what it has
/// staged is discarded by a run with that folder, and by the next pull that uses it.
///
/// The values themselves are written nowhere. The list shows whether a value that is known was forgotten to those who can read
/// the lake. Copies of the lake, backups, versions that an object store keeps, and what other programs have read are not
/// changed.
///
/// ```
/// use apivideo_lake::Forget;
/// # apivideo_simulator::doctest! { Simulator::builder().sessions(50) => |client|
/// # let folder = tempfile::tempdir()?;
/// # let folder = folder.path();
/// # let pull = apivideo_lake::Pull::new(&client, folder).with_format(apivideo_lake::Format::Ndjson);
/// # let pull = pull.with_period("2022-01".parse()?);
/// # pull.run().await?;
///
/// let forgotten = Forget::new(folder).with_subject("session=psEmFwGQUAXR2lFHj5nDOpy".parse()?).run()?;
/// assert_eq!((forgotten.recorded, forgotten.sessions), (1, 1));
/// assert!(apivideo_lake::verify(folder)?.problems.is_empty());
/// assert_eq!(pull.with_reread().run().await?.forgotten, 1);
/// # }
/// ```
#[derive(Clone, Debug)]
#[must_use = "nothing is forgotten until it is run"]
pub struct Forget {
    location: Location,
    subjects: Vec<DataSubject>,
    salt: Option<Salt>,
    is_dry_run: bool,
}

/// The salt of hashed fields, which `Debug` does not show.
#[derive(Clone)]
struct Salt(Vec<u8>);

impl std::fmt::Debug for Salt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Salt")
    }
}

/// The outcome of [`Forget::run`].
///
/// ```
/// assert_eq!(apivideo_lake::Forgotten::default().sessions, 0);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct Forgotten {
    /// Whether nothing was changed; the counts are those of what would be removed.
    pub dry_run: bool,
    /// Values that were added to the list of the lake. Those that were forgotten before are in it already.
    pub recorded: u64,
    /// Sessions that were removed.
    pub sessions: u64,
    /// Events that were removed.
    pub events: u64,
    /// Invalid records that were removed: of sessions, and of events of removed sessions.
    pub invalid_records: u64,
    /// Days whose files were rewritten.
    pub days: u64,
    /// Files that were rewritten or removed, without those of derived tables.
    pub files: u64,
    /// Days whose derived tables were written.
    pub days_derived: u64,
    /// Describes days that could not be searched or derived, and files that were not searched because no manifest names them, one
    /// message each.
    pub problems: Vec<String>,
}

impl Forget {
    /// Creates a run on a lake. Without a data subject, it applies the list of the lake again.
    ///
    /// ```
    /// let forget = apivideo_lake::Forget::new("statistics");
    /// ```
    pub fn new(location: impl Into<Location>) -> Self {
        Self {
            location: location.into(),
            subjects: Vec::new(),
            salt: None,
            is_dry_run: false,
        }
    }

    /// Adds a person. The sessions of each of them are removed.
    ///
    /// ```
    /// let forget = apivideo_lake::Forget::new("statistics").with_subject("metadata.userId=alice".parse()?);
    /// # Ok::<(), apivideo_lake::Error>(())
    /// ```
    pub fn with_subject(mut self, subject: DataSubject) -> Self {
        self.subjects.push(subject);
        self
    }

    /// Sets the salt of the lake's hashed fields, which is needed to find their values.
    ///
    /// ```
    /// let forget = apivideo_lake::Forget::new("statistics").with_salt(b"a salt of sixteen bytes or more");
    /// ```
    pub fn with_salt(mut self, salt: impl AsRef<[u8]>) -> Self {
        self.salt = Some(Salt(salt.as_ref().to_owned()));
        self
    }

    /// Counts what would be removed, and changes nothing.
    ///
    /// ```
    /// let forget = apivideo_lake::Forget::new("statistics").with_dry_run();
    /// ```
    pub fn with_dry_run(mut self) -> Self {
        self.is_dry_run = true;
        self
    }

    /// Removes the sessions.
    ///
    /// If it is interrupted, a run without a data subject completes it.
    ///
    /// ```no_run
    /// # let forget = apivideo_lake::Forget::new("statistics");
    /// let forgotten = forget.run()?;
    /// println!("{} sessions removed", forgotten.sessions);
    /// # Ok::<(), apivideo_lake::Error>(())
    /// ```
    ///
    /// # Errors
    /// Returns an error if the folder is not a lake, another process uses it, the lake drops a named field or hashes it with
    /// another salt, or a file cannot be read or written. A damaged file is a [problem](Forgotten::problems) instead.
    pub fn run(&self) -> Result<Forgotten> {
        self.run_in(&self.location.open()?)
    }

    pub(super) fn run_in(&self, folder: &Folder) -> Result<Forgotten> {
        verify::load(folder)?;
        let _lock = match self.is_dry_run {
            true => folder.lock_shared()?,
            false => Some(folder.lock(system_time())?),
        };
        let lake = verify::load(folder)?;
        lake.settings.format.check_available()?;
        let mut list = match self.subjects.is_empty() {
            true => Some(ForgottenList::load(folder, &lake)?),
            false => ForgottenList::load_if_present(folder)?,
        };
        // Without the file of a list that there was, these persons start a new one.
        let is_lost = list.is_none() && lake.forgotten;
        let list = list.get_or_insert_default();
        let mut forgotten = Forgotten {
            dry_run: self.is_dry_run,
            ..Forgotten::default()
        };
        let salt = self.salt.as_ref().map(|salt| &*salt.0);
        for subject in &self.subjects {
            let mut is_new = false;
            for (field, value) in subject.stored_values(&lake.settings, salt)? {
                is_new |= list.add(&field, &value)?;
            }
            forgotten.recorded += u64::from(is_new);
        }
        if list.is_empty() {
            return Err(Error::input(format!(
                "nothing to forget: the list of {} is empty; name a metadata value or a session",
                folder.path().display()
            )));
        }
        match self.is_dry_run {
            true => count(folder, &lake, list, &mut forgotten)?,
            false => remove(folder, lake, list, &mut forgotten)?,
        }
        if is_lost {
            forgotten.problems.push(format!(
                "{} was missing, and a new list was started: name each person again who was forgotten before",
                folder.path_of(FORGOTTEN).display()
            ));
        }
        Ok(forgotten)
    }
}

impl Forgotten {
    /// Adds what was removed from a day. A damaged file is a problem, and the other days are still searched.
    fn add(&mut self, day: Partition, removed: Result<Removed>) -> Result<()> {
        match removed {
            Ok(removed) => {
                self.sessions += removed.sessions;
                self.events += removed.events;
                self.invalid_records += removed.invalid_records;
                self.files += removed.files;
                self.days += u64::from(removed.sessions > 0);
            }
            Err(error) if error.kind() == ErrorKind::Corrupt => {
                let cause = std::error::Error::source(&error).map(|cause| format!(": {cause}"));
                let cause = cause.unwrap_or_default();
                let problem = format!("nothing was removed from {day}: {error}{cause}");
                self.problems.push(problem);
            }
            Err(error) => return Err(error),
        }
        Ok(())
    }
}

fn count(
    folder: &Folder,
    lake: &LakeManifest,
    list: &ForgottenList,
    forgotten: &mut Forgotten,
) -> Result<()> {
    let days = Days {
        folder,
        settings: &lake.settings,
        list,
    };
    for day in folder.days()? {
        forgotten.add(day, days.count(day))?;
    }
    for (_, records) in invalid_sessions(folder, forgotten)? {
        let found = records.iter().filter(|record| list.contains_record(record));
        let found = found.count() as u64;
        forgotten.invalid_records += found;
        forgotten.files += u64::from(found > 0);
    }
    Ok(())
}

fn remove(
    folder: &Folder,
    mut lake: LakeManifest,
    list: &mut ForgottenList,
    forgotten: &mut Forgotten,
) -> Result<()> {
    // First: from now on, pulls do not store the sessions again, and another run completes this one.
    list.save(folder, false)?;
    if !lake.forgotten {
        lake.forgotten = true;
        folder.check_lock()?;
        lake.save(folder)?;
    }
    recovery::recover(folder)?;
    remove_temporary_files(folder)?;
    let has_journal = Staging::has_journal(folder);
    let mut is_staged = Staging::discard_unusable(folder, &lake.settings, list.fingerprint())?;
    if !lake.unfinished.is_empty() && !is_staged {
        match has_journal {
            // The next run finds it, and knows that the rows are not in another folder.
            true => {
                Staging::open(folder, &lake.settings, list.fingerprint())?;
                is_staged = true;
            }
            false => forgotten.problems.push(STAGED_ELSEWHERE.to_owned()),
        }
    }
    let days = Days {
        folder,
        settings: &lake.settings,
        list,
    };
    for day in folder.days()? {
        forgotten.add(day, days.remove(day))?;
    }
    let missing = lake.missing_days(folder)?;
    forgotten.problems.extend(missing.into_iter().map(|day| {
        format!("nothing was removed from {day}: its manifest is missing; run the pull again, and forget again")
    }));
    remove_invalid_sessions(folder, &mut lake, list, forgotten)?;
    if lake.settings.events && !lake.is_older() {
        let mut derivation = Derivation::start(folder, &lake, Check::Sizes, &BTreeSet::new())?;
        while derivation.step()? {}
        let derived = derivation.finish();
        forgotten.days_derived = derived.days_written;
        forgotten.problems.extend(derived.problems);
    }
    // Earlier versions have the sessions.
    delta::publish(folder, system_time(), OldFiles::Delete)?;
    let unsearched = verify::unknown::unsearched_files(folder, &lake)?;
    forgotten
        .problems
        .extend(unsearched.into_iter().map(|name| {
            let path = folder.path_of(&name);
            format!(
                "{} is in no manifest and was not searched; move it out of the lake",
                path.display()
            )
        }));
    if !is_staged {
        files::remove_dir(&folder.staging())?;
    }
    match forgotten.problems.is_empty() {
        true => list.save(folder, true),
        false => Ok(()),
    }
}

/// Returns the files of invalid sessions with their records: also files that the manifest does not name, which a kill can leave.
/// A damaged file is a problem.
fn invalid_sessions(
    folder: &Folder,
    forgotten: &mut Forgotten,
) -> Result<Vec<(String, Vec<InvalidRecord>)>> {
    let mut files = Vec::new();
    for stored in folder.list_all(INVALID_SESSIONS)? {
        if is_temporary(&stored.name) {
            continue;
        }
        match InvalidRecord::load(folder, &stored.name) {
            Ok(records) => files.push((stored.name, records)),
            Err(error) if error.kind() == ErrorKind::Corrupt => {
                forgotten.problems.push(format!(
                    "{error}: nothing was removed from it; move it out of the lake, and pull its sessions with --reread"
                ));
            }
            Err(error) => return Err(error),
        }
    }
    Ok(files)
}

/// Returns whether an object is a file that a kill has left before it was renamed.
fn is_temporary(name: &str) -> bool {
    Path::new(name)
        .extension()
        .is_some_and(|extension| extension == "tmp")
}

/// Removes the files that a kill has left before they were renamed.
fn remove_temporary_files(folder: &Folder) -> Result<()> {
    let tables = Table::ALL.map(Table::name);
    for name in tables.into_iter().chain(["_manifest", "_invalid"]) {
        for stored in folder.list_all(name)? {
            if is_temporary(&stored.name) {
                folder.delete(&stored.name)?;
            }
        }
    }
    Ok(())
}

/// Removes records from the files of invalid sessions. The manifest is written first, so that another run finds the records
/// again if this one is interrupted.
fn remove_invalid_sessions(
    folder: &Folder,
    lake: &mut LakeManifest,
    list: &ForgottenList,
    forgotten: &mut Forgotten,
) -> Result<()> {
    for (path, mut records) in invalid_sessions(folder, forgotten)? {
        let count = records.len();
        records.retain(|record| !list.contains_record(record));
        if records.len() == count {
            continue;
        }
        forgotten.invalid_records += (count - records.len()) as u64;
        forgotten.files += 1;
        let entry = match records.is_empty() {
            true => None,
            false => Some(invalid::encode(&path, &records)?.1),
        };
        folder.check_lock()?;
        let is_named = lake.invalid.iter().any(|entry| entry.path == path);
        lake.invalid.retain(|entry| entry.path != path);
        lake.invalid.extend(entry.filter(|_| is_named));
        lake.invalid.sort_by(|one, other| one.path.cmp(&other.path));
        lake.save(folder)?;
        invalid::replace(folder, &path, &records)?;
    }
    Ok(())
}
