use super::*;

fn theme(width: usize, unicode: bool, color: bool) -> Theme {
    Theme {
        width,
        unicode,
        color,
    }
}

fn axis(theme: Theme) -> Axis {
    let mut axis = Axis {
        labels: ["100 %", "50 %", "0"].map(str::to_owned),
        ticks: Vec::new(),
    };
    axis.ticks = position_ticks(180.0, axis.plot_width(theme), |seconds| {
        format!("{}:{:02}", seconds as u64 / 60, seconds as u64 % 60)
    });
    axis
}

fn area(theme: Theme) -> String {
    let axis = axis(theme);
    let width = axis.plot_width(theme);
    let columns: Vec<Column> = (0..width)
        .map(|column| {
            let first = 1.0 - 0.9 * column as f64 / width as f64;
            let again = if column > width / 2 { 0.25 } else { 0.0 };
            Column {
                first,
                total: first + again,
            }
        })
        .collect();
    let area = Area {
        columns: &columns,
        height: 6,
        max: 1.0,
        axis: &axis,
        marks: &[(0.5, '1')],
    };
    area.render(theme)
}

#[test]
fn every_width_theme_and_value_renders_within_the_width() {
    for width in [24, 40, 80, 200] {
        for unicode in [false, true] {
            let plain = area(theme(width, unicode, false));
            for line in plain.lines() {
                assert!(crate::text::width(line) <= width, "{width}: {line:?}");
                assert!(unicode || line.is_ascii(), "{line:?}");
            }
            let colored = area(theme(width, unicode, true));
            assert_ne!(colored, plain);
            assert_eq!(without_colors(&colored), plain);
        }
    }
}

/// Removes the sequences that set colors.
fn without_colors(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("\u{1b}[") {
        plain.push_str(before);
        rest = after.split_once('m').map_or("", |(_, rest)| rest);
    }
    plain + rest
}

#[test]
fn an_area_shows_both_layers() {
    let plain = area(theme(24, false, false));
    assert_eq!(
        plain,
        "\
100 % +##
      |#####    +
      |######## ++++
 50 % +############++++
      |###############++
      |#################
    0 ++---------------+
       0:00         3:00
               1
"
    );
}

#[test]
fn bars_and_sparklines_show_the_smallest_share() {
    let (unicode, ascii) = (theme(80, true, false), theme(80, false, false));
    assert_eq!(bar(unicode, 0.5, 5), "██▌");
    assert_eq!(bar(ascii, 0.5, 4), "##");
    assert_eq!(bar(unicode, 0.0001, 5), "▏");
    assert_eq!(bar(ascii, 0.0001, 5), "#");
    for share in [0.0, -1.0, f64::NAN] {
        assert_eq!(bar(unicode, share, 5), "");
    }
    assert_eq!(bar(unicode, f64::INFINITY, 2), "");
    assert_eq!(bar(unicode, 7.0, 2), "██");
    assert_eq!(sparkline(unicode, &[0.0, 1.0, 2.0, 9.0], 2.0), "▁▅██");
    assert_eq!(sparkline(ascii, &[0.0, 1.0, 2.0], 2.0), "_+#");
    assert_eq!(sparkline(ascii, &[0.0, f64::NAN], 0.0), "__");
}

#[test]
fn ticks_are_round_and_end_at_the_end() {
    let labels = |length: f64, width: usize| -> Vec<String> {
        let ticks = position_ticks(length, width, |seconds| seconds.to_string());
        ticks.into_iter().map(|tick| tick.label).collect()
    };
    assert_eq!(labels(180.0, 30), ["0", "60", "120", "180"]);
    assert_eq!(
        labels(185.0, 74),
        ["0", "30", "60", "90", "120", "150", "185"]
    );
    assert_eq!(labels(0.5, 80), ["0", "0.5"]);
    assert_eq!(labels(40_000.0, 27), ["0", "18000", "40000"]);
    for length in [0.1, 1.0, 59.0, 3_601.0, 1e6, 1e9] {
        for width in [10, 40, 200] {
            let count = labels(length, width).len();
            assert!((2..=10).contains(&count), "{length} {width}: {count}");
        }
    }
}

#[test]
fn ticks_of_time_are_round_in_the_time_zone() {
    use apivideo::jiff::tz::TimeZone;
    let labels = |start: &str, end: &str, zone: &TimeZone| -> Vec<String> {
        let ticks = time_ticks(start.parse().unwrap(), end.parse().unwrap(), zone, 40);
        ticks.into_iter().map(|tick| tick.label).collect()
    };
    let utc = TimeZone::UTC;
    assert_eq!(
        labels("2022-01-01T08:10:00Z", "2022-01-01T09:59:00Z", &utc),
        ["08:30", "09:00", "09:30"]
    );
    let delhi = TimeZone::get("Asia/Kolkata").unwrap();
    assert_eq!(
        labels("2022-01-01T08:10:00Z", "2022-01-01T13:59:00Z", &delhi),
        ["14:00", "16:00", "18:00"]
    );
    assert_eq!(
        labels("2022-01-01T00:00:00Z", "2022-01-05T00:00:00Z", &utc),
        ["01-01", "01-02", "01-03", "01-04"]
    );
    assert_eq!(
        labels("2022-01-01T00:00:00Z", "2022-01-01T00:00:04Z", &utc),
        ["00:00:00", "00:00:01", "00:00:02", "00:00:03"]
    );
}
