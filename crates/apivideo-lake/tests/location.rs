//! A lake at a URL: an object store in memory has the same bytes as a local folder.
#![cfg(feature = "object-store")]
#![allow(clippy::unwrap_used, reason = "a test")]

mod common;

use std::path::Path;

use apivideo_insights::{Audience, Dimension};
use apivideo_lake::{ErrorKind, Format, LakeReader, Location, Pull};
use common::{Service, WORLD, differing, files};

fn pull(service: &Service, location: &Location) -> Pull {
    Pull::new(&service.client, location)
        .as_of("2022-03-01T00:00:00Z".parse().unwrap())
        .with_period(WORLD.parse().unwrap())
        .with_format(Format::Ndjson)
}

fn audience(location: &Location) -> String {
    let audience = Audience::new().by(Dimension::Asset);
    let reader = LakeReader::new(location).with_period(WORLD.parse().unwrap());
    let report = reader.audience(audience).unwrap().finish();
    serde_json::to_string(&report).unwrap()
}

#[tokio::test]
async fn a_lake_at_a_url_has_what_a_local_one_has() {
    let service = Service::small().await;
    let staging = service.folder.path().join("staging");
    let local = Location::from(service.path());
    let url = Location::from("memory://same/lakes/one").with_staging(&staging);

    service.run(pull(&service, &local)).await;
    let plan = pull(&service, &url).plan().await.unwrap();
    assert_eq!(plan.sessions, 300);
    // It is interrupted by its maximum of requests a few times.
    for _ in 0..3 {
        let report = service
            .run(pull(&service, &url).with_max_requests(100))
            .await;
        assert!(report.stopped);
        assert!(url.staging().unwrap().join("_staging").exists());
        let found = apivideo_lake::verify(&url).unwrap();
        assert!(
            found
                .problems
                .iter()
                .all(|text| text.contains("is not complete"))
        );
    }
    let report = service.run(pull(&service, &url)).await;
    assert!(!report.stopped);

    let (one, other) = (
        apivideo_lake::verify(&local).unwrap(),
        apivideo_lake::verify(&url).unwrap(),
    );
    assert_eq!(other.problems, [""; 0]);
    // Sizes and digests of all files are in the manifests, and were checked.
    assert_eq!(
        serde_json::to_value(&one).unwrap(),
        serde_json::to_value(&other).unwrap()
    );
    assert_eq!(audience(&local), audience(&url));
    let against = apivideo_lake::verify_against_service(&url, &service.client);
    assert_eq!(against.await.unwrap().problems, [""; 0]);

    let key = "metadata.customer";
    let rebuilt = [&local, &url].map(|location| {
        // A rebuild does not need a folder that exists later.
        let location = match location.is_url() {
            true => Location::from("memory://same/lakes/one/"),
            false => location.clone(),
        };
        apivideo_lake::rebuild(location, Some(key.parse().unwrap())).unwrap()
    });
    assert!(rebuilt[0].days_written > 0);
    assert_eq!(rebuilt[0], rebuilt[1]);
    assert_eq!(audience(&local), audience(&url));
    assert!(!url.staging().unwrap().join("_staging").exists());
    assert_eq!(service.run(pull(&service, &url)).await.days_written, 0);
}

#[tokio::test]
async fn a_pull_into_a_url_requires_a_staging_folder() {
    let service = Service::small().await;
    let error = pull(&service, &Location::from("memory://none")).run().await;
    let error = error.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Input);
    assert!(
        error.to_string().contains("missing staging folder"),
        "{error}"
    );
    assert_eq!(service.requests_since(0), 0);
}

#[tokio::test]
async fn the_staging_of_a_url_is_planned_with_the_files_of_a_day() {
    let service = Service::small().await;
    let url = Location::from("memory://plan").with_staging(service.folder.path());
    let day =
        |location: &Location| pull(&service, location).with_period("2022-01-01".parse().unwrap());
    let local = Location::from(service.path());
    let local = day(&local).plan().await.unwrap();
    let plan = day(&url).plan().await.unwrap();
    assert_eq!(plan.bytes, local.bytes);
    // All tables of the day are in the folder when it is derived.
    assert!(plan.staging_bytes > local.staging_bytes && plan.staging_bytes * 10 > plan.bytes * 9);
}

#[tokio::test]
async fn a_local_lake_can_have_its_staging_elsewhere() {
    let service = Service::small().await;
    let staging = service.folder.path().join("staging");
    let elsewhere = Location::from(service.folder.path().join("elsewhere")).with_staging(&staging);
    service.run(service.pull()).await;

    let stopped = pull(&service, &elsewhere).with_max_requests(150);
    assert!(service.run(stopped).await.stopped);
    let folder = elsewhere.staging().unwrap();
    assert!(folder.starts_with(&staging) && folder.join("_staging").exists());
    assert!(!Path::new(&elsewhere.to_string()).join("_staging").exists());
    service.run(pull(&service, &elsewhere)).await;

    let found = files(Path::new(&elsewhere.to_string()));
    assert_eq!(differing(&files(&service.path()), &found), [""; 0]);
}

#[tokio::test]
async fn what_is_staged_for_a_lake_is_not_used_for_another_one_at_the_same_url() {
    let service = Service::small().await;
    let staging = service.folder.path().join("staging");
    // The first lake is interrupted, and removed: each name is another store.
    let first = Location::from("memory://removed").with_staging(&staging);
    assert!(
        service
            .run(pull(&service, &first).with_max_requests(60))
            .await
            .stopped
    );
    let staged = first.staging().unwrap();
    assert!(!files(&staged).is_empty());
    let second = Location::from("memory://begun").with_staging(&staging);
    std::fs::rename(&staged, second.staging().unwrap()).unwrap();

    let report = service.run(pull(&service, &second)).await;
    let undisturbed = service
        .run(pull(&service, &Location::from(service.path())))
        .await;
    assert_eq!(
        report.requests, undisturbed.requests,
        "nothing staged was used"
    );
}

#[test]
fn the_lock_of_a_local_folder_cannot_be_removed() {
    let folder = tempfile::tempdir().unwrap();
    let error = Location::from(folder.path()).break_lock().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Input);
    let text = error.to_string();
    assert!(text.contains("the system releases it"), "{text}");
    assert_eq!(Location::from("memory://free").break_lock().unwrap(), None);
}

#[test]
fn readers_of_a_url_that_is_not_a_lake_report_it() {
    let url = Location::from("memory://empty/lake");
    for error in [
        apivideo_lake::verify(&url).unwrap_err(),
        apivideo_lake::rebuild(&url, None).unwrap_err(),
        LakeReader::new(&url).coverage().unwrap_err(),
    ] {
        assert_eq!(error.kind(), ErrorKind::Input);
        let expected = "memory://empty/lake is not a lake";
        assert!(error.to_string().starts_with(expected), "{error}");
    }
}
