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
fn an_area_of_unicode() {
    assert_eq!(
        area(theme(40, true, false)),
        "\
100 % ┤█▇▇▆▅▅▃▂▂▁
      │██████████▇▇▆▅▄▃▂▂░░░░
      │██████████████████▇▇▆▅▄▃▂▂░░░░░
 50 % ┤███████████████████████████▇▆▅▅▃▂▂▁
"
        .to_owned()
            + ""
    );
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
