//! Verifying a lake: its files against the manifests, and the manifests against the service.

mod derived;
mod scan;
mod session_keys;
pub(crate) mod unknown;
mod verification;

use apivideo::Client;

use crate::error::{Error, ErrorKind, Result};
use crate::folder::Folder;
use crate::location::Location;
use crate::manifest::LakeManifest;
use crate::service;
pub use verification::Verification;

/// Reads all files of a lake and checks them against the manifests: sizes, digests, rows, events without a session, files
/// that no manifest names, the counts that the service reported, and whether the derived tables are up to date.
///
/// ```
/// # apivideo_simulator::doctest! { Simulator::builder().sessions(50) => |client|
/// # let folder = tempfile::tempdir()?;
/// # let pull = apivideo_lake::Pull::new(&client, folder.path());
/// # pull.with_format(apivideo_lake::Format::Ndjson).with_period("2022-01".parse()?).run().await?;
/// # let folder = folder.path();
/// let verification = apivideo_lake::verify(folder)?;
/// assert!(verification.problems.is_empty() && verification.sessions > 0);
/// # }
/// ```
///
/// # Errors
/// Returns an error if the folder is not a lake, another process writes to it, or a file cannot be read.
pub fn verify(location: impl Into<Location>) -> Result<Verification> {
    let folder = location.into().open()?;
    load(&folder)?;
    let _lock = folder.lock_shared()?;
    let lake = load(&folder)?;
    scan::scan(&folder, &lake)
}

/// Verifies a lake like [`verify`], and compares its counts with those of the service: one request for each asset and
/// request range.
///
/// ```
/// # apivideo_simulator::doctest! { Simulator::builder().sessions(50) => |client|
/// # let folder = tempfile::tempdir()?;
/// # let pull = apivideo_lake::Pull::new(&client, folder.path());
/// # pull.with_format(apivideo_lake::Format::Ndjson).with_period("2022-01".parse()?).run().await?;
/// # let folder = folder.path();
/// let verification = apivideo_lake::verify_against_service(folder, &client).await?;
/// assert!(verification.problems.is_empty());
/// # }
/// ```
///
/// # Errors
/// Returns the errors of [`verify`], and an error if a request fails.
pub async fn verify_against_service(
    location: impl Into<Location>,
    client: &Client,
) -> Result<Verification> {
    let folder = location.into().open()?;
    load(&folder)?;
    let _lock = folder.lock_shared()?;
    let lake = load(&folder)?;
    let mut verification = scan::scan(&folder, &lake)?;
    let mut is_any_known = lake.ranges.is_empty();
    for (checked, range) in lake.ranges.iter().enumerate() {
        verification.requests += 1;
        let current = match service::sessions(client, &range.asset, range.period)
            .total()
            .await
        {
            Ok(total) => total,
            Err(error) if error.is_not_found() => {
                verification.notes.push(format!(
                    "{}: the service no longer has it",
                    range.describe()
                ));
                continue;
            }
            Err(error) => {
                let message = format!(
                    "a request failed after {checked} of {} request ranges were compared with the service",
                    lake.ranges.len()
                );
                return Err(Error::new(ErrorKind::Service, message).with_source(error));
            }
        };
        is_any_known = true;
        let Some(recorded) = range.items_total.filter(|recorded| *recorded != current) else {
            continue;
        };
        let difference = format!(
            "{}: the service reports {current} sessions, and reported {recorded} when they were pulled",
            range.describe()
        );
        match range.is_final {
            true => verification
                .problems
                .push(format!("{difference}; pull that period again (--reread)")),
            false => verification.notes.push(format!(
                "{difference}; these days are not final, and the next pull updates them"
            )),
        }
    }
    if !is_any_known {
        verification.problems.push(
            "the service has none of the lake's videos and live streams: check that the API key is for the same account"
                .to_owned(),
        );
    }
    Ok(verification)
}

/// Loads the manifest of an existing lake.
///
/// # Errors
/// Returns an error if its conversion to another format is not complete.
pub(crate) fn load(folder: &Folder) -> Result<LakeManifest> {
    of_lake(folder, LakeManifest::load(folder))
}

/// Loads the manifest of an existing lake, also if its conversion to another format is not complete.
pub(crate) fn load_converting(folder: &Folder) -> Result<LakeManifest> {
    of_lake(folder, LakeManifest::load_converting(folder))
}

fn of_lake(folder: &Folder, loaded: Result<Option<LakeManifest>>) -> Result<LakeManifest> {
    let not_a_lake = || {
        Error::input(format!(
            "{} is not a lake: it has no _manifest/lake.json; use the folder of a pull",
            folder.path().display()
        ))
    };
    match loaded {
        Ok(lake) => lake.ok_or_else(not_a_lake),
        // The folder contains something else.
        Err(error) if error.kind() == ErrorKind::Input => Err(not_a_lake()),
        Err(error) => Err(error),
    }
}
