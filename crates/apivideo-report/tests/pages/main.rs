//! Pages of made-up sessions: structure, size, escaping, data.
#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]

mod common;
mod unusual;

use apivideo_insights::{Asset, SessionFacts};
use apivideo_report::{Chapter, Report, Totals, TotalsDay, TotalsRow};
use jiff::civil::date;
use jiff::tz::TimeZone;

use common::sessions::Crowd;
use common::{LIVE, VIDEO, audience, data, live, measure, measured, page, video};

/// The size that a page of one video or live stream does not exceed.
const MAX_BYTES: usize = 200_000;

const HOSTILE: &str =
    "</script><script>alert(1)</script>\"'><img src=x onerror=alert(1)>&lt;\u{2028}\0 مقدمة";

#[test]
fn pages_of_many_sessions_are_complete_and_small() {
    let hour = Crowd {
        length: Some(3_600.0),
        ..Crowd::VIDEO
    };
    let half_day = Crowd {
        length: Some(43_200.0),
        ..Crowd::VIDEO
    };
    for crowd in [Crowd::VIDEO, hour, half_day] {
        let html = page(Report::new(video("Knots"), &measured(&crowd)));
        assert!(html.len() < MAX_BYTES, "{} bytes", html.len());
        for title in [
            "How much of it is watched",
            "How far people get",
            "Day by day",
            "When people watch",
            "Where viewers are, and where they came from",
            "How sure are these numbers?",
        ] {
            assert!(html.contains(title), "{title}");
        }
    }
}

#[test]
fn a_live_event_with_thousands_of_viewers_keeps_its_exact_peak() {
    let crowd = Crowd {
        visits: 6_500,
        broadcast: Some((14, 19)),
        ..Crowd::LIVE
    };
    let measures = measured(&crowd);
    assert!(measures.measures.concurrency.steps.len() > 8_000);
    let html = page(Report::new(live("The evening"), &measures));
    assert!(html.len() < MAX_BYTES, "{} bytes", html.len());
    let data = data(&html);
    let steps = data["assets"][0]["viewers_at_once"]["steps"]
        .as_array()
        .unwrap();
    let highest = steps
        .iter()
        .map(|step| step[1].as_u64().unwrap())
        .max()
        .unwrap();
    assert_eq!(highest, measures.measures.concurrency.playing.peak);
    assert!(html.contains("Around the peak: Sat 15 January, 18:00–21:00"));
    assert!(html.contains("highest and lowest of each moment"));
}

#[test]
fn a_year_is_drawn_by_day_and_labelled_by_month() {
    let crowd = Crowd {
        days: 365,
        visits: 4_000,
        ..Crowd::VIDEO
    };
    let mut audience = apivideo_report::audience_options(apivideo_insights::Audience::new());
    for session in crowd.sessions() {
        audience.add(&session.facts(Asset::video(VIDEO)), &session.events);
    }
    let html = page(Report::new(video("Knots"), &audience.finish()));
    assert!(html.len() < MAX_BYTES, "{} bytes", html.len());
    for label in [">1 Jan<", ">1 Jul<", ">1 Dec<"] {
        assert!(html.contains(label), "{label}");
    }
}

#[test]
fn the_same_sessions_in_another_order_are_the_same_page() {
    let sessions = Crowd {
        visits: 400,
        ids: 0.5,
        ..Crowd::VIDEO
    }
    .sessions();
    let asset = Asset::video(VIDEO);
    let first = page(Report::new(video("Knots"), &measure(asset, &sessions)));
    let second = page(Report::new(
        video("Knots"),
        &measure(asset, sessions.iter().rev()),
    ));
    assert!(first == second);
}

#[test]
fn text_of_others_is_never_interpreted() {
    let sessions = Crowd {
        visits: 60,
        ..Crowd::VIDEO
    }
    .sessions();
    let mut audience = audience().by("metadata.plan".parse().unwrap());
    for session in &sessions {
        let facts = SessionFacts {
            country: Some(HOSTILE),
            device_type: Some(HOSTILE),
            referrer_host: Some(HOSTILE),
            referrer_page: Some(format!("{HOSTILE}/{HOSTILE}?token=secret").into()),
            metadata: vec![("plan", HOSTILE.into())],
            ..session.facts(Asset::video(HOSTILE))
        };
        audience.add(&facts, &session.events);
    }
    let measures = audience.finish();
    let asset = || {
        let chapter = Chapter {
            start_seconds: 1.0,
            title: HOSTILE.to_owned(),
        };
        apivideo_report::ReportAsset::video(HOSTILE, HOSTILE).with_chapters([chapter])
    };
    let one = Report::new(asset(), &measures)
        .source(HOSTILE)
        .command(HOSTILE)
        .with_comparison(HOSTILE, &measures)
        .to_html();
    let several = Report::assets([(asset(), &measures), (asset(), &measures)])
        .title(HOSTILE)
        .to_html();
    for html in [one, several] {
        common::markup::check(&html);
        assert_eq!(html.matches("<script").count(), 1);
        assert!(!html.contains("<img"));
        assert!(!html.contains('\0'));
        assert!(!html.contains("secret"));
        assert_eq!(data(&html)["assets"][0]["title"], HOSTILE);
    }
}

#[test]
fn queries_of_referrers_are_not_in_a_page_of_totals() {
    let mut totals = Totals::new(date(2022, 1, 1), date(2022, 1, 30));
    totals.plays = Some(40);
    let row = |address: &str| TotalsRow {
        value: Some(address.to_owned()),
        plays: 20,
    };
    totals.referrers = vec![
        row("https://user:secret@www.example.com/page?token=secret"),
        row("https://example.com/page#secret"),
        TotalsRow {
            value: Some("unknown".to_owned()),
            plays: 3,
        },
    ];
    let html = page(Report::totals(video(HOSTILE), totals));
    assert!(!html.contains("secret"));
    assert!(html.contains("<bdi>example.com</bdi><small><bdi>/page</bdi></small>"));
    let referrers = &data(&html)["totals"]["referrers"];
    assert_eq!(
        referrers[0],
        serde_json::json!({ "value": "example.com/page", "plays": 40 })
    );
    assert_eq!(
        referrers[1],
        serde_json::json!({ "value": null, "plays": 3 })
    );
}

#[test]
fn totals_show_what_is_known() {
    let mut totals = Totals::new(date(2022, 1, 2), date(2022, 1, 31));
    let empty = page(Report::totals(video("Knots"), totals.clone()));
    assert!(empty.contains("Made from totals.") && !empty.contains("class=\"tile\""));
    totals.plays = Some(1_224);
    totals.peak = Some(3);
    totals.days = vec![TotalsDay {
        plays: Some(1_224),
        ..TotalsDay::new(date(2022, 1, 14))
    }];
    totals.hours = vec![("2022-01-14T22:30:00Z".parse().unwrap(), 1_224)];
    totals.countries = vec![
        TotalsRow {
            value: Some("FR".to_owned()),
            plays: 1_000,
        },
        TotalsRow {
            value: None,
            plays: 224,
        },
    ];
    let html = page(Report::totals(video("Knots"), totals.clone()));
    assert!(html.contains("Busiest on Fri 14 January, with 1,224 play presses."));
    assert!(html.contains("Most on Fridays between 22:00 and 23:00 UTC"));
    assert!(html.contains("<bdi>France</bdi>"));
    assert!(!html.contains("Views"));
    let paris = TimeZone::get("Europe/Paris").unwrap();
    let local = page(Report::totals(video("Knots"), totals).time_zone(paris));
    assert!(local.contains("Most on Fridays between 23:00 and 00:00 Europe/Paris"));
    assert!(local.contains("days in UTC, hours in Europe/Paris"));
}

#[test]
fn below_twenty_plays_counts_replace_shares() {
    let sessions = Crowd {
        play_rate: 1.0,
        ..Crowd::VIDEO
    }
    .sessions();
    let small = page(Report::new(
        video("Knots"),
        &measure(Asset::video(VIDEO), &sessions[..19]),
    ));
    let large = page(Report::new(
        video("Knots"),
        &measure(Asset::video(VIDEO), &sessions[..20]),
    ));
    assert!(small.contains("<b>Only 19 plays.</b>") && !large.contains("<b>Only"));
    for column in [
        "<th scope=\"col\">Share</th>",
        "<th scope=\"col\">Of plays</th>",
        "When people watch",
    ] {
        assert!(!small.contains(column), "{column}");
        assert!(large.contains(column), "{column}");
    }
    assert!(small.contains("<small>of 19</small>"));
}

#[test]
fn pages_without_visits_or_plays_explain_it() {
    let video_page = page(Report::new(
        video("Knots"),
        &measure(Asset::video(VIDEO), []),
    ));
    assert!(video_page.contains("This video was not opened in the period."));
    let live_page = page(Report::new(
        live("Clouds"),
        &measure(Asset::live_stream(LIVE), []),
    ));
    assert!(live_page.contains("This live stream was not opened in the period."));
    let loads = page(Report::new(
        video("Knots"),
        &measured(&Crowd {
            play_rate: 0.0,
            visits: 40,
            ..Crowd::VIDEO
        }),
    ));
    assert!(loads.contains("40 visits loaded the player; play was never pressed."));
    for html in [video_page, live_page, loads] {
        assert!(!html.contains("<svg"), "there is nothing to draw");
    }
    page(Report::assets([]));
}

#[test]
fn a_comparison_shows_changes_and_confidence_intervals() {
    let this = measured(&Crowd::VIDEO);
    let other = measured(&Crowd {
        seed: 9,
        visits: 1_000,
        length: Some(420.0),
        ..Crowd::VIDEO
    });
    let html =
        page(Report::new(video("Knots"), &this).with_comparison("Knots for sailors", &other));
    assert!(html.contains("Compared with Knots for sailors"));
    assert!(html.contains("by part of the video (5:00 and 7:00)"));
    let changed = this.measures.plays as f64 / other.measures.plays as f64 * 100.0 - 100.0;
    assert!(html.contains(&format!("there: +{changed:.0}\u{a0}%")));
    assert_eq!(
        data(&html)["comparison"]["measures"]["plays"],
        other.measures.plays
    );
    let few = measured(&Crowd {
        visits: 10,
        ..Crowd::VIDEO
    });
    let html = page(Report::new(video("Knots"), &this).with_comparison("Few", &few));
    assert!(html.contains("One side has fewer than 20 plays"));
    assert!(!html.contains("confidence"));
}

#[test]
fn chapters_are_on_the_axis_and_in_a_table() {
    let chapters = [
        (262.0, "The end"),
        (0.0, "Welcome"),
        (400.0, "After the end"),
        (f64::NAN, "Never"),
    ];
    let chapters = chapters.map(|(start_seconds, title)| Chapter {
        start_seconds,
        title: title.to_owned(),
    });
    let html = page(Report::new(
        video("Knots").with_chapters(chapters),
        &measured(&Crowd::VIDEO),
    ));
    assert!(html.contains("<span style=\"margin-left:0%;width:87.33%\"><bdi>Welcome</bdi></span>"));
    assert!(html.contains("<bdi>The end</bdi>"));
    assert!(!html.contains("Never"));
    assert!(!html.contains("<bdi>After the end</bdi>"));
}

#[test]
fn several_assets_have_a_table_and_sections_of_their_own() {
    let first = measured(&Crowd::VIDEO);
    let second = measured(&Crowd::LIVE);
    // Equal titles: names of regions stay unique, which `page` checks.
    let html = page(Report::assets([
        (video("Same"), &first),
        (live("Same"), &second),
        (video("Same"), &first),
    ]));
    assert!(html.contains("<h1 dir=\"auto\">3 videos and live streams</h1>"));
    for index in 1..=3 {
        assert!(html.contains(&format!("href=\"#a{index}-top\"")));
        assert!(html.contains(&format!("<article id=\"a{index}-top\">")));
    }
    assert_eq!(data(&html)["assets"].as_array().unwrap().len(), 3);
}

#[test]
fn the_data_has_the_numbers_of_the_page() {
    let measures = measured(&Crowd::VIDEO);
    let html = page(Report::new(video("Knots"), &measures));
    let data = data(&html);
    let asset = &data["assets"][0];
    assert_eq!(asset["measures"]["plays"], measures.measures.plays);
    assert_eq!(asset["rules"], "measures/1");
    assert_eq!(asset["days"].as_array().unwrap().len(), 31);
    let retention = measures.measures.retention.as_ref().unwrap();
    assert_eq!(
        asset["retention"]["viewers"],
        serde_json::json!(retention.viewers)
    );
    let plays: u64 = asset["days"]
        .as_array()
        .unwrap()
        .iter()
        .map(|day| day["plays"].as_u64().unwrap())
        .sum();
    assert_eq!(plays, measures.measures.plays);
    assert_eq!(data["read_at"], "2022-02-01T00:00:00Z");
}

#[test]
fn days_and_hours_are_those_of_the_time_zone() {
    let zone = TimeZone::get("Europe/Paris").unwrap();
    let crowd = Crowd {
        visits: 400,
        ..Crowd::VIDEO
    };
    let mut audience = audience().with_time_zone(zone);
    let mut in_utc = common::audience();
    for session in crowd.sessions() {
        audience.add(&session.facts(Asset::video(VIDEO)), &session.events);
        in_utc.add(&session.facts(Asset::video(VIDEO)), &session.events);
    }
    let (local, utc) = (audience.finish(), in_utc.finish());
    let local = page(Report::new(video("Knots"), &local));
    let utc = page(Report::new(video("Knots"), &utc));
    assert!(local.contains("days and hours in Europe/Paris"));
    assert!(local.contains("1 January 2022, 01:00 – 1 February 2022, 01:00"));
    let days = |page: &str| data(page)["assets"][0]["days"].as_array().unwrap().len();
    assert_eq!((days(&local), days(&utc)), (32, 31));
}

#[test]
fn times_of_an_unknown_zone_are_in_utc() {
    let zone = TimeZone::posix("ABC-5").unwrap();
    let mut audience = audience().with_time_zone(zone.clone());
    for session in (Crowd {
        visits: 400,
        ..Crowd::LIVE
    })
    .sessions()
    {
        audience.add(&session.facts(Asset::live_stream(LIVE)), &session.events);
    }
    let measures = audience.finish();
    let unknown = page(Report::new(live("Clouds"), &measures));
    assert!(unknown.contains("days in UTC, hours in unnamed"));
    assert!(
        unknown.contains(" unnamed: "),
        "the hours of the week are not those of UTC"
    );
    let known = page(Report::new(live("Clouds"), &measures).time_zone(zone));
    assert!(known.contains("days and hours in local time"));
    let at = |page: &str| {
        data(page)["assets"][0]["viewers_at_once"]["steps"]
            .as_array()
            .unwrap()
            .len()
    };
    assert_eq!(at(&unknown), at(&known), "the day of the peak is the same");
}

#[test]
fn plays_without_loads_count_all_visits() {
    let sessions = Crowd {
        visits: 200,
        play_rate: 1.0,
        ..Crowd::VIDEO
    }
    .sessions();
    let mut audience = audience();
    for session in &sessions {
        audience.add(&session.facts(Asset::video(VIDEO)), &session.events[1..]);
    }
    let html = page(Report::new(video("Knots"), &audience.finish()));
    assert!(html.contains("Of 200 visits, <b>200 pressed play</b>"));
}

#[test]
fn a_period_of_millennia_is_cut_to_its_activity() {
    let mut audience = apivideo_report::audience_options(apivideo_insights::Audience::new())
        .with_period(
            "-009998-01-01T00:00:00Z".parse().unwrap(),
            "9999-01-01T00:00:00Z".parse().unwrap(),
            apivideo_insights::MidnightRule::Start,
        );
    let empty = audience.fork().finish();
    page(Report::new(live("Clouds"), &empty));
    for session in (Crowd {
        visits: 60,
        ..Crowd::LIVE
    })
    .sessions()
    {
        audience.add(&session.facts(Asset::live_stream(LIVE)), &session.events);
    }
    let measures = audience.finish();
    for asset in [live("Clouds"), video("Knots")] {
        let html = page(Report::new(asset, &measures));
        assert!(html.len() < MAX_BYTES, "{} bytes", html.len());
    }
}
