//! Dropped and hashed values are in no file, including the staging.
#![allow(clippy::unwrap_used, reason = "a test")]

mod common;

use apivideo_lake::Privacy;
use common::{Service, files, small};

const SALT: &[u8] = b"a salt of sixteen bytes or more";

#[tokio::test]
async fn no_file_contains_dropped_or_hashed_values() {
    let service = Service::start(small().sessions(1_000)).await;
    service.run(service.pull()).await;
    let plain = service.rows("sessions");
    let values = |name: &str| -> std::collections::BTreeSet<String> {
        plain
            .iter()
            .filter_map(|row| row[name].as_str())
            .map(str::to_owned)
            .collect()
    };
    let (cities, countries) = (values("location_city"), values("location_country"));
    let urls = values("referrer_url");
    assert!(urls.len() > 1, "{urls:?}");
    let hats: std::collections::BTreeSet<_> = plain
        .iter()
        .filter_map(|row| row["metadata"]["hats"].as_str())
        .map(str::to_owned)
        .collect();
    assert!(
        cities.len() > 10 && countries.len() > 5 && hats.len() > 1,
        "{cities:?} {countries:?} {hats:?}"
    );
    std::fs::remove_dir_all(service.path()).unwrap();

    let privacy = || {
        let privacy = Privacy::new()
            .drop("city")
            .unwrap()
            .drop("referrer.url")
            .unwrap();
        privacy
            .hash("country", SALT)
            .unwrap()
            .hash("metadata.hats", SALT)
            .unwrap()
    };
    let clean = |when: &str| {
        for (path, bytes) in files(&service.path()) {
            let text = String::from_utf8(bytes).unwrap();
            for secret in cities.iter().chain(&countries).chain(&hats).chain(&urls) {
                assert!(
                    !text.contains(&format!("\"{secret}\"")),
                    "{when}: {path} contains {secret}"
                );
            }
        }
    };
    service
        .run(
            service
                .pull()
                .with_privacy(privacy())
                .with_max_requests(100),
        )
        .await;
    clean("staged");
    service.run(service.pull().with_privacy(privacy())).await;
    clean("complete");
    let rows = service.rows("sessions");
    assert_eq!(rows.len(), plain.len());
    // Equal values stay equal.
    for (one, hashed) in plain.iter().zip(&rows) {
        assert_eq!(one["session_id"], hashed["session_id"]);
        for (other, other_hashed) in plain.iter().zip(&rows).take(50) {
            let same = one["location_country"] == other["location_country"];
            assert_eq!(
                same,
                hashed["location_country"] == other_hashed["location_country"]
            );
        }
    }
    service.verify();
}
