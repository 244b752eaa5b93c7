//! Aggregates as the service would report them.

use apivideo_report::{Totals, TotalsDay, TotalsRow};
use jiff::civil::date;
use jiff::{SignedDuration, Timestamp, ToSpan};

use crate::sessions::Random;

fn rows(rows: &[(&str, u64)]) -> Vec<TotalsRow> {
    let row = |(value, plays): &(&str, u64)| TotalsRow {
        value: (!value.is_empty()).then(|| (*value).to_owned()),
        plays: *plays,
    };
    rows.iter().map(row).collect()
}

pub(crate) fn totals() -> Totals {
    let mut random = Random::new(11);
    let (first, last) = (date(2022, 1, 2), date(2022, 1, 31));
    let mut totals = Totals::new(first, last);
    let mut hour = "2022-01-02T00:00:00Z"
        .parse()
        .unwrap_or(Timestamp::UNIX_EPOCH);
    for day in 0..30_i64 {
        let mut plays = 0;
        for of_day in 0..24_i32 {
            let evening = (-f64::from((of_day - 20).pow(2)) / 40.0).exp();
            let pressed = (evening * 15.0 * random.unit() + random.unit() * 2.0) as u64;
            plays += pressed;
            totals.hours.push((hour, pressed));
            hour += SignedDuration::from_hours(1);
        }
        totals.days.push(TotalsDay {
            plays: Some(plays),
            loads: Some(plays * 118 / 100),
            views: Some(plays * 94 / 100),
            ends: Some(plays * 13 / 100),
            peak: Some(2 + u64::from(random.chance(0.3))),
            ..TotalsDay::new(first.checked_add(day.days()).unwrap_or(last))
        });
    }
    let sum =
        |value: fn(&TotalsDay) -> Option<u64>| totals.days.iter().filter_map(value).sum::<u64>();
    let plays = sum(|day| day.plays);
    totals.loads = Some(sum(|day| day.loads));
    totals.views = Some(sum(|day| day.views));
    totals.ends = Some(sum(|day| day.ends));
    totals.plays = Some(plays);
    totals.daily_viewers = Some(plays * 7 / 10);
    totals.watch_seconds = Some(plays as f64 * 78.0);
    totals.average_watch_seconds = Some(118.0);
    totals.peak = Some(3);
    let part = |percent: u64| plays * percent / 100;
    totals.countries = rows(&[
        ("FR", part(35)),
        ("US", part(15)),
        ("GB", part(14)),
        ("VN", part(8)),
        ("DE", part(8)),
        ("BR", part(7)),
        ("JP", part(4)),
        ("CA", part(3)),
        ("MA", part(2)),
        ("AU", part(1)),
        ("unknown", part(2)),
    ]);
    totals.devices = rows(&[
        ("computer", part(44)),
        ("phone", part(33)),
        ("tv", part(13)),
        ("tablet", part(10)),
    ]);
    totals.referrers = rows(&[
        ("", part(57)),
        ("https://api.video/", part(15)),
        ("https://social.example/posts/42?token=secret", part(9)),
        ("https://social.example/posts/42", part(5)),
        ("https://social.example/posts/7", part(3)),
        ("https://www.example.org/courses", part(11)),
    ]);
    totals.systems = rows(&[
        ("android", part(34)),
        ("windows", part(23)),
        ("ios", part(11)),
        ("linux", part(11)),
        ("mac os", part(11)),
        ("ipados", part(10)),
    ]);
    totals.browsers = rows(&[
        ("chrome", part(35)),
        ("safari", part(32)),
        ("firefox", part(22)),
        ("unknown", part(11)),
    ]);
    totals
}
