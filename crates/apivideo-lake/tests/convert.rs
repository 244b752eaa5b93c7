//! Converting a lake: the files are those of a pull in the other format.
#![allow(clippy::unwrap_used, reason = "a test")]

mod common;

use apivideo_lake::{ErrorKind, Format, convert};
use apivideo_simulator::{FaultScript, Rule};
use common::{Service, differing, files, small};

fn formats() -> impl Iterator<Item = Format> {
    Format::ALL
        .into_iter()
        .filter(|format| format.is_available())
}

#[tokio::test]
async fn converted_files_are_those_of_a_pull_in_the_format() {
    let events = Rule::new().path("/analytics/sessions/*/events");
    let faults = FaultScript::new().rule(events.replace("/data/1", 7));
    let service = Service::start(small().sessions(60).days(10).faults(faults)).await;
    let pull = |format| service.pull().with_format(format).with_accept_invalid();
    let mut pulled = Vec::new();
    for format in formats() {
        service.run(pull(format)).await;
        pulled.push((format, files(&service.path())));
        std::fs::remove_dir_all(service.path()).unwrap();
    }
    service.run(pull(Format::Ndjson)).await;
    let path = service.path();
    // Each of them from each other, and back.
    let targets = [
        Format::Csv,
        Format::Parquet,
        Format::Ndjson,
        Format::Parquet,
        Format::Csv,
        Format::Ndjson,
    ];
    let mut from = Format::Ndjson;
    for to in targets.into_iter().filter(|format| format.is_available()) {
        let converted = convert(&path, to).unwrap();
        let days = if from == to { 0 } else { service.verify().days };
        assert_eq!(
            (converted.from, converted.to, converted.days),
            (from, to, days)
        );
        assert_eq!(converted.problems, [""; 0]);
        let (_, expected) = pulled.iter().find(|(format, _)| *format == to).unwrap();
        assert_eq!(
            differing(&files(&path), expected),
            [""; 0],
            "{from} to {to}"
        );
        from = to;
    }
    let again = convert(&path, from).unwrap();
    assert_eq!((again.days, again.files, again.rows), (0, 0, 0));
    let report = service.run(service.pull()).await;
    assert_eq!(report.days_written, 0);
}

#[tokio::test]
async fn aggregates_and_lakes_without_events_are_converted() {
    let service = Service::small().await;
    let pull = |format| {
        let pull = service.pull_as_of("2022-01-10T00:00:00Z");
        let pull = pull.with_since("2022-01-01".parse().unwrap());
        pull.with_format(format).without_events().with_aggregates()
    };
    service.run(pull(Format::Csv)).await;
    let expected = files(&service.path());
    std::fs::remove_dir_all(service.path()).unwrap();
    service.run(pull(Format::Ndjson)).await;
    assert!(service.verify().aggregates > 0);
    let converted = convert(service.path(), Format::Csv).unwrap();
    assert_eq!(converted.days_derived, 0);
    assert_eq!(differing(&files(&service.path()), &expected), [""; 0]);
    service.verify();
}

#[tokio::test]
async fn an_unfinished_pull_is_resumed_in_the_new_format() {
    let service = Service::small().await;
    service.run(service.pull().with_format(Format::Csv)).await;
    let expected = files(&service.path());
    std::fs::remove_dir_all(service.path()).unwrap();
    for requests in [15, 150] {
        service
            .run(service.pull().with_max_requests(requests))
            .await;
        convert(service.path(), Format::Csv).unwrap();
        let before = service.simulator.requests_total();
        service.run(service.pull().with_format(Format::Csv)).await;
        assert_eq!(differing(&files(&service.path()), &expected), [""; 0]);
        assert!(service.requests_since(before) < 330 - requests);
        std::fs::remove_dir_all(service.path()).unwrap();
    }
}

#[tokio::test]
async fn damaged_lakes_are_not_converted_and_other_formats_are_refused() {
    let service = Service::small().await;
    service.run(service.pull()).await;
    let path = service.path();
    let error = service
        .pull()
        .with_format(Format::Csv)
        .run()
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Input);
    let command = format!("`apivideo lake convert {} --format csv`", path.display());
    assert!(error.to_string().contains(&command), "{error}");

    let events = path.join("events/date=2022-01-03/events.ndjson");
    let text = std::fs::read_to_string(&events).unwrap();
    for damage in [Some(format!("{text}\n")), None] {
        match damage {
            Some(text) => std::fs::write(&events, text).unwrap(),
            None => std::fs::remove_file(&events).unwrap(),
        }
        let before = files(&path);
        let error = convert(&path, Format::Csv).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Corrupt);
        assert!(error.to_string().contains("nothing was changed"), "{error}");
        assert_eq!(differing(&files(&path), &before), [""; 0]);
    }
    service.run(service.pull()).await;
    convert(&path, Format::Csv).unwrap();
    service.verify();
    let error = convert(path.join("sessions"), Format::Csv).unwrap_err();
    assert!(error.to_string().contains("is not a lake"), "{error}");
    if !Format::Parquet.is_available() {
        let error = convert(&path, Format::Parquet).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Input);
    }
}

#[tokio::test]
async fn a_day_without_its_manifest_is_not_converted_silently() {
    let service = Service::small().await;
    service.run(service.pull()).await;
    let path = service.path();
    let manifest = path.join("_manifest/days/2022-01-03.json");
    std::fs::remove_file(&manifest).unwrap();
    let before = files(&path);
    let error = convert(&path, Format::Csv).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Corrupt);
    assert_eq!(
        error.to_string(),
        "the manifest of 2022-01-03 is missing; pull 2022-01-03 again before the lake is converted (nothing was changed)"
    );
    assert_eq!(differing(&files(&path), &before), [""; 0]);

    // If it is lost while the lake is converted, the conversion is completed, so that the day can be pulled again.
    let lake = path.join("_manifest/lake.json");
    let text = std::fs::read_to_string(&lake).unwrap();
    let converting = text.replacen('{', "{\n  \"converting\": \"csv\",", 1);
    std::fs::write(&lake, converting).unwrap();
    let status = apivideo_lake::status(&path).unwrap();
    assert_eq!(
        (status.converting, &*status.missing_days),
        (Some(Format::Csv), &["2022-01-03".to_owned()][..])
    );
    let converted = convert(&path, Format::Csv).unwrap();
    assert_eq!(converted.problems.len(), 1, "{converted:?}");
    assert!(
        converted.problems[0].contains("2022-01-03"),
        "{converted:?}"
    );
    assert_eq!(apivideo_lake::status(&path).unwrap().converting, None);
    service.run(service.pull().with_format(Format::Csv)).await;
    let old = path.join("sessions/date=2022-01-03/sessions.ndjson");
    let problems = service.problems();
    assert!(
        problems
            .iter()
            .all(|problem| problem.contains(".ndjson is in no manifest"))
    );
    assert!(old.exists() && !problems.is_empty());
}
