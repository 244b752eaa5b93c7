//! Dropped and hashed values are in no file, including the staging.
#![allow(clippy::unwrap_used, reason = "a test")]

mod common;

use apivideo_lake::Privacy;
use common::{Service, files, frames, small};

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
        let contains = |bytes: &[u8], part: &[u8]| bytes.windows(part.len()).any(|w| w == part);
        let mut staged = 0;
        for (path, bytes) in files(&service.path()) {
            let is_staged = [".rows", ".log", ".tail"]
                .iter()
                .any(|name| path.ends_with(name));
            let bytes = if is_staged { frames(&bytes) } else { bytes };
            staged += usize::from(is_staged && contains(&bytes, b"Linux"));
            for secret in cities.iter().chain(&countries).chain(&hats).chain(&urls) {
                // A staged string is preceded by its length.
                let length = u8::try_from(secret.len()).unwrap();
                let encoded = [&[length], secret.as_bytes()].concat();
                let is_found = contains(&bytes, format!("\"{secret}\"").as_bytes())
                    || is_staged && contains(&bytes, &encoded);
                assert!(!is_found, "{when}: {path} contains {secret}");
            }
        }
        staged
    };
    service
        .run(
            service
                .pull()
                .with_privacy(privacy())
                .with_max_requests(100),
        )
        .await;
    assert!(clean("staged") > 10);
    service.run(service.pull().with_privacy(privacy())).await;
    assert_eq!(clean("complete"), 0);
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
