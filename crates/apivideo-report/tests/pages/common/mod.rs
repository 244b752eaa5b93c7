//! Measures and pages for tests.

pub(crate) mod markup;
#[path = "../../../examples/pages/sessions.rs"]
pub(crate) mod sessions;

use apivideo_insights::{Asset, Audience, AudienceReport, MidnightRule};
use apivideo_report::{Report, ReportAsset, audience_options};

use sessions::{Crowd, Session};

pub(crate) const VIDEO: &str = "vi4k0jvEUuaTdRAEjQ4Prklg";
pub(crate) const LIVE: &str = "li4k0jvEUuaTdRAEjQ4Jfrgz";

/// An audience of January 2022.
pub(crate) fn audience() -> Audience {
    audience_options(Audience::new()).with_period(
        "2022-01-01T00:00:00Z".parse().unwrap(),
        "2022-02-01T00:00:00Z".parse().unwrap(),
        MidnightRule::Start,
    )
}

pub(crate) fn asset_of(crowd: &Crowd) -> Asset<'static> {
    match crowd.length {
        Some(_) => Asset::video(VIDEO),
        None => Asset::live_stream(LIVE),
    }
}

pub(crate) fn measure<'s>(
    asset: Asset<'_>,
    sessions: impl IntoIterator<Item = &'s Session>,
) -> AudienceReport {
    let mut audience = audience();
    for session in sessions {
        audience.add(&session.facts(asset), &session.events);
    }
    audience.finish()
}

pub(crate) fn measured(crowd: &Crowd) -> AudienceReport {
    measure(asset_of(crowd), &crowd.sessions())
}

pub(crate) fn video(title: &str) -> ReportAsset {
    ReportAsset::video(VIDEO, title)
}

pub(crate) fn live(title: &str) -> ReportAsset {
    ReportAsset::live_stream(LIVE, title)
}

pub(crate) fn page(report: Report<'_>) -> String {
    let html = report
        .source("Sessions and events of api.video")
        .command(
            "apivideo report video vi4k0jvEUuaTdRAEjQ4Prklg --period 2022-01 --out report.html",
        )
        .read_at("2022-02-01T00:00:00Z".parse().unwrap())
        .to_html();
    markup::check(&html);
    html
}

/// Returns the data of a page.
pub(crate) fn data(page: &str) -> serde_json::Value {
    let (_, rest) = page.split_once("id=\"report-data\">").unwrap();
    let (json, _) = rest.split_once("</script>").unwrap();
    serde_json::from_str(json).unwrap()
}
