//! The catalogue of measures agrees with the report, the tests and the documentation.
#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]

use std::fmt::Write as _;
use std::path::Path;

use apivideo_insights::{
    Asset, Audience, Dimension, Event, EventKind, MEASURES, RULES_VERSION, SessionFacts,
};

const TESTS: [&str; 3] = [
    include_str!("audience.rs"),
    include_str!("vectors.rs"),
    include_str!("engine.rs"),
];
const REPORT: [&str; 4] = [
    include_str!("../src/report/measures.rs"),
    include_str!("../src/report/retention.rs"),
    include_str!("../src/report/concurrency.rs"),
    include_str!("../src/report/seeks.rs"),
];

#[test]
fn each_measure_is_pinned_by_a_test() {
    for measure in MEASURES {
        let function = format!("#[test]\nfn {}()", measure.test);
        assert!(
            TESTS.iter().any(|tests| tests.contains(&function)),
            "no test {}",
            measure.test
        );
    }
}

#[test]
fn each_measure_is_a_field_of_the_report() {
    let mut audience = Audience::new().by(Dimension::Asset).with_cohorts();
    let session = SessionFacts {
        asset: Some(Asset::video("vi1")),
        ..SessionFacts::new("ps1")
    };
    let event = |kind, time: &str, at| Event {
        emitted_at: Some(time.parse().unwrap()),
        at: Some(at),
        ..Event::new(kind)
    };
    audience.add(
        &session,
        &[
            event(EventKind::Play, "2022-01-01T12:00:00Z", 0.0),
            event(EventKind::End, "2022-01-01T12:01:00Z", 60.0),
        ],
    );
    let report = serde_json::to_value(audience.finish()).unwrap();
    for measure in MEASURES {
        let pointer = format!("/{}", measure.field.replace('.', "/"));
        assert!(report.pointer(&pointer).is_some(), "{}", measure.field);
    }
}

#[test]
fn the_documentation_of_each_field_has_the_formula_and_the_test() {
    for measure in MEASURES {
        let field = measure.field.rsplit('.').next().unwrap();
        let declaration = format!("    pub {field}: ");
        let documentation = REPORT
            .iter()
            .find_map(|source| source.split_once(&declaration))
            .map(|(before, _)| before.rsplit("\n    pub ").next().unwrap())
            .unwrap_or_else(|| panic!("no field {field}"))
            .lines()
            .filter_map(|line| line.trim().strip_prefix("///"))
            .collect::<String>();
        let number = format!("easure {}", measure.number);
        for part in [number.as_str(), measure.test] {
            assert!(
                documentation.contains(part),
                "the documentation of {field} does not contain {part:?}: {documentation}"
            );
        }
    }
}

#[test]
fn the_page_of_measures_is_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/measures.md");
    let expected = page();
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, &expected).unwrap();
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(
        found.replace("\r\n", "\n"),
        expected,
        "run the test with UPDATE_GOLDEN=1 to update docs/measures.md"
    );
}

/// Returns the page, generated from the catalogue.
fn page() -> String {
    let mut page = format!(
        "# Measures

Definitions of the measures that `apivideo-insights` computes: version `measures/{RULES_VERSION}`. A changed definition is a new
version. This page is generated from `MEASURES` in `crates/apivideo-insights/src/catalogue.rs`: run
`UPDATE_GOLDEN=1 cargo test -p apivideo-insights --test catalogue` to update it.

The events of a session become **played intervals**: a media position from `m0` to `m1`, and wall-clock time from `w0` to `w1`.
Intervals are half-open. `L` is the length of a video, and `P` the number of plays. Fields are those of `AudienceReport`; tests are
those of the crate.

"
    );
    page.push_str("| # | measure | field | unit | formula |\n|---|---|---|---|---|\n");
    for m in MEASURES {
        let (number, name, field) = (m.number, m.name, m.field);
        let _ = writeln!(
            page,
            "| {number} | {name} | `{field}` | {} | {} |",
            m.unit, m.formula
        );
    }
    page.push_str("\n## Sources, variants and tests\n\n");
    page.push_str("| # | measure | sources | variants | test |\n|---|---|---|---|---|\n");
    for m in MEASURES {
        let (number, name) = (m.number, m.name);
        let _ = writeln!(
            page,
            "| {number} | {name} | {} | {} | `{}` |",
            m.sources, m.variants, m.test
        );
    }
    page.push_str(NOTES);
    page
}

const NOTES: &str = "
## Length of a video

The service does not report lengths. A length is *known* if it is given to the audience; then it ends intervals, and positions that
are more than 1 s beyond it are dropped. Otherwise it is *inferred* for each video: from the furthest position on which three or
more `end` events agree within a second, else from the furthest position in any event. An inferred length limits estimates only,
and results that depend on it have `is_length_inferred: true`. Live streams have no length: percentages are absent.

## Quality of the data

Each result, and each row of a breakdown, contains: sessions; sessions without events, with unreadable events, open (no event ended
playback), and skewed (events outside of the session); dropped positions and intervals by reason; estimated seconds and their share;
and the lower and upper bound of the watch time. Rows with fewer than 20 plays have counts, but no averages, rates, percentages or
retention.

## Resolution

Positions and times are whole microseconds, so that sums are exact: days, videos and threads merge in any order to the same
result. Retention is evaluated at the midpoints of bins: of 1 s up to an hour, else of a width that results in 100 to 1,000 bins.
Counting by overlap would count a bin twice if one viewing ends and the next begins in it.

## Not computable

Rebuffering, bitrate, errors and startup failures: the service has no events for them. A seek that the player does not report, such
as one by code during playback in the video.js module, cannot be distinguished from playback.
";
