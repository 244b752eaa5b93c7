//! Writes a page of each kind, and of unusual data: `cargo run -p apivideo-report --example pages -- DIR`.
//!
//! The sessions are made up by a seeded generator. The same pages are written each time.

mod sessions;
mod totals;

use std::error::Error;
use std::fs;
use std::path::Path;

use apivideo_insights::{Asset, Audience, AudienceReport, MidnightRule};
use apivideo_report::{Chapter, Report, ReportAsset, audience_options};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use sessions::{Crowd, Session};

const VIDEO: &str = "vi4k0jvEUuaTdRAEjQ4Prklg";
const LIVE: &str = "li4k0jvEUuaTdRAEjQ4Jfrgz";

const LONG: &str = "مقدمة <script>alert(\"1\")</script> a title that is much too long to be on one line of a page, with \
    Averyveryverylongwordwithoutanyspaceinitthatcannotbebrokenanywhereatallbutmust";

type Failure = Box<dyn Error>;

/// What the measures of a page are set to.
#[derive(Clone)]
struct Settings {
    length: Option<f64>,
    days: u32,
    zone: TimeZone,
    is_live: bool,
    by: Option<&'static str>,
}

impl Settings {
    fn of(crowd: &Crowd) -> Self {
        Self {
            length: None,
            days: crowd.days,
            zone: TimeZone::UTC,
            is_live: crowd.length.is_none(),
            by: None,
        }
    }

    fn measure(&self, sessions: &[Session]) -> Result<AudienceReport, Failure> {
        let asset = if self.is_live {
            Asset::live_stream(LIVE)
        } else {
            Asset::video(VIDEO)
        };
        let start: Timestamp = "2022-01-01T00:00:00Z".parse()?;
        let end = start + jiff::SignedDuration::from_hours(24 * i64::from(self.days));
        let local = |at: Timestamp| self.zone.to_timestamp(TimeZone::UTC.to_datetime(at));
        let mut audience = audience_options(Audience::new())
            .with_time_zone(self.zone.clone())
            .with_period(local(start)?, local(end)?, MidnightRule::Start);
        if let Some(length) = self.length {
            audience = audience.with_length(asset, length);
        }
        if let Some(by) = self.by {
            audience = audience.by(by.parse()?);
        }
        for session in sessions {
            audience.add(&session.facts(asset), &session.events);
        }
        Ok(audience.finish())
    }
}

fn measure(crowd: &Crowd) -> Result<AudienceReport, Failure> {
    Settings::of(crowd).measure(&crowd.sessions())
}

fn video(title: &str) -> ReportAsset {
    ReportAsset::video(VIDEO, title)
}

fn live(title: &str) -> ReportAsset {
    ReportAsset::live_stream(LIVE, title)
}

fn finish(report: Report<'_>) -> Result<String, Failure> {
    let report = report
        .source("Sessions and events of api.video")
        .command(
            "apivideo report video vi4k0jvEUuaTdRAEjQ4Prklg --period 2022-01 --out report.html",
        )
        .read_at("2022-02-01T00:00:00Z".parse()?);
    Ok(report.to_html())
}

fn page(asset: ReportAsset, crowd: &Crowd) -> Result<String, Failure> {
    finish(Report::new(asset, &measure(crowd)?))
}

/// The first of the sessions that play something.
fn few(crowd: Crowd, count: usize) -> Result<AudienceReport, Failure> {
    let mut sessions = Crowd {
        play_rate: 1.0,
        ..crowd
    }
    .sessions();
    sessions.truncate(count);
    Settings::of(&crowd).measure(&sessions)
}

fn chapters() -> Vec<Chapter> {
    let chapters = [
        (0.0, "Welcome"),
        (22.0, "What you need: two ropes and a table"),
        (75.0, "The square knot <and why it slips>"),
        (150.0, "مقدمة"),
        (262.0, "End"),
    ];
    chapters
        .map(|(start_seconds, title)| Chapter {
            start_seconds,
            title: title.to_owned(),
        })
        .into()
}

fn pages() -> Result<Vec<(&'static str, String)>, Failure> {
    let knots = "Knots for beginners";
    let clouds = "Clouds in ten minutes";
    let month = Crowd::VIDEO;
    let first = measure(&month)?;
    let other = measure(&Crowd {
        seed: 7,
        visits: 1_900,
        length: Some(420.0),
        ids: 0.9,
        patience: 0.6,
        ..month
    })?;
    let stream = measure(&Crowd::LIVE)?;
    let small = few(month, 3)?;
    let empty = Settings::of(&month).measure(&[])?;
    let large = Crowd {
        seed: 5,
        visits: 6_500,
        broadcast: Some((14, 19)),
        ids: 1.0,
        ..Crowd::LIVE
    };
    let paris = Settings {
        zone: TimeZone::get("Europe/Paris")?,
        by: Some("metadata.plan"),
        length: Some(300.0),
        ..Settings::of(&month)
    };
    let long = measure(&Crowd {
        has_long_referrers: true,
        ..month
    })?;
    let year = Crowd {
        days: 365,
        visits: 9_000,
        ids: 0.8,
        ..month
    };
    let several = [
        (video(knots), &first),
        (
            ReportAsset::video(
                "vi2hLbdxXxqAK7",
                "A longer film about ropes, and <how> to tie them",
            ),
            &other,
        ),
        (live(clouds), &stream),
        (ReportAsset::video("vi5Small", "Three plays"), &small),
        (ReportAsset::video("vi6Empty", "مقدمة في العقد"), &empty),
    ];
    Ok(vec![
        ("video", page(video(knots), &month)?),
        ("live", finish(Report::new(live(clouds), &stream))?),
        (
            "totals",
            finish(Report::totals(video(knots), totals::totals()))?,
        ),
        (
            "comparison",
            finish(Report::new(video(knots), &first).with_comparison("Knots for sailors", &other))?,
        ),
        (
            "comparison-live",
            finish(
                Report::new(live(clouds), &stream)
                    .with_comparison("December 2021", &measure(&large)?),
            )?,
        ),
        (
            "chapters",
            finish(Report::new(video(knots).with_chapters(chapters()), &first))?,
        ),
        ("assets", finish(Report::assets(several))?),
        (
            "paris",
            finish(Report::new(
                video(knots),
                &paris.measure(&Crowd { ids: 1.0, ..month }.sessions())?,
            ))?,
        ),
        ("year", page(video(knots), &year)?),
        ("live-large", page(live("The big evening"), &large)?),
        ("none", finish(Report::new(video(knots), &empty))?),
        (
            "nonelive",
            finish(Report::new(
                live(clouds),
                &Settings::of(&Crowd::LIVE).measure(&[])?,
            ))?,
        ),
        (
            "noplay",
            page(
                video(knots),
                &Crowd {
                    play_rate: 0.0,
                    visits: 40,
                    ..month
                },
            )?,
        ),
        ("one", finish(Report::new(video(knots), &few(month, 1)?))?),
        (
            "three",
            finish(Report::new(video(knots).with_chapters(chapters()), &small))?,
        ),
        (
            "livethree",
            finish(Report::new(live(clouds), &few(Crowd::LIVE, 3)?))?,
        ),
        (
            "s5",
            page(
                video("Five seconds"),
                &Crowd {
                    length: Some(5.0),
                    ..month
                },
            )?,
        ),
        (
            "h12",
            page(
                video("Twelve hours of rain"),
                &Crowd {
                    length: Some(43_200.0),
                    ..month
                },
            )?,
        ),
        (
            "hour",
            page(
                video("One hour"),
                &Crowd {
                    length: Some(3_600.0),
                    ..month
                },
            )?,
        ),
        (
            "longref",
            finish(Report::new(video(LONG), &long).with_comparison(LONG, &other))?,
        ),
    ])
}

fn main() -> Result<(), Failure> {
    let folder = std::env::args()
        .nth(1)
        .ok_or("the folder of the pages is missing")?;
    fs::create_dir_all(&folder)?;
    for (name, page) in pages()? {
        fs::write(Path::new(&folder).join(format!("{name}.html")), page)?;
    }
    Ok(())
}
