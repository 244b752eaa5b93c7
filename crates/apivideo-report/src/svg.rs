//! Parts of charts. The outer element is fluid: positions are percentages, heights are pixels. Paths are in a nested element
//! that is stretched.

use crate::html::{Html, Px, Wide, html};

/// Where text is relative to its position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Anchor {
    Start,
    Middle,
    End,
}

impl Anchor {
    /// Returns the anchor with which text at a position, in percent, stays inside.
    pub(crate) fn inside(position: f64, margin: f64) -> Self {
        match position {
            _ if position < margin => Self::Start,
            _ if position > 100.0 - margin => Self::End,
            _ => Self::Middle,
        }
    }

    fn attribute(self) -> Html {
        match self {
            Self::Start => Html::new(),
            Self::Middle => html!(" text-anchor=\"middle\""),
            Self::End => html!(" text-anchor=\"end\""),
        }
    }
}

/// A chart with its accessible name and description.
pub(crate) struct Chart<'a> {
    /// Unique in the page.
    pub(crate) id: String,
    pub(crate) title: &'a str,
    /// The finding that the chart shows.
    pub(crate) description: String,
    pub(crate) height: f64,
    /// Whether the labels of the vertical axis are left of the chart.
    pub(crate) has_gutter: bool,
}

impl Chart<'_> {
    pub(crate) fn render(&self, body: &Html) -> Html {
        let class = if self.has_gutter {
            html!(" class=\"pl\"")
        } else {
            Html::new()
        };
        html!(
            "<svg{} role=\"img\" aria-labelledby=\"{}-t {}-d\" height=\"{}\"><title id=\"{}-t\">{}</title><desc id=\"{}-d\">{}</desc>{}</svg>",
            class,
            self.id,
            self.id,
            Px(self.height),
            self.id,
            self.title,
            self.id,
            self.description,
            body
        )
    }
}

/// Returns a nested element, `width` units wide, that is stretched to the width of the chart.
pub(crate) fn stretched(width: f64, height: f64, body: &Html) -> Html {
    html!(
        "<svg viewBox=\"0 0 {} {}\" preserveAspectRatio=\"none\" width=\"100%\" height=\"{}\">{}</svg>",
        Px(width),
        Px(height),
        Px(height),
        body
    )
}

/// A horizontal line over the whole width.
pub(crate) fn across(y: f64, class: &'static str) -> Html {
    html!(
        "<line class=\"{}\" x1=\"0\" y1=\"{}\" x2=\"100%\" y2=\"{}\"/>",
        class,
        Px(y),
        Px(y)
    )
}

/// A vertical line at a percentage of the width.
pub(crate) fn upright(x: f64, from: f64, to: f64, class: &'static str) -> Html {
    html!(
        "<line class=\"{}\" x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\"/>",
        class,
        Wide(x),
        Px(from),
        Wide(x),
        Px(to)
    )
}

/// Text at a percentage of the width.
pub(crate) fn text(x: f64, y: f64, content: &str, class: &'static str, anchor: Anchor) -> Html {
    let class = if class.is_empty() {
        Html::new()
    } else {
        html!(" class=\"{}\"", class)
    };
    html!(
        "<text x=\"{}\" y=\"{}\"{}{}>{}</text>",
        Wide(x),
        Px(y),
        class,
        anchor.attribute(),
        content
    )
}

/// The label of a grid line, left of the chart.
pub(crate) fn gutter(y: f64, content: &str) -> Html {
    html!(
        "<text x=\"-8\" y=\"{}\" text-anchor=\"end\">{}</text>",
        Px(y + 4.0),
        content
    )
}

/// A marker: a disc at a percentage of the width.
pub(crate) fn disc(x: f64, y: f64, radius: f64) -> Html {
    html!(
        "<circle class=\"mk\" cx=\"{}\" cy=\"{}\" r=\"{}\"/>",
        Wide(x),
        Px(y),
        Px(radius)
    )
}

/// A grid line with its label, or the base line.
pub(crate) fn grid(y: f64, label: &str) -> Html {
    [across(y, "g"), gutter(y, label)].into_iter().collect()
}

/// Returns the path of a line with one level per value: the next value starts one unit to the right. The last one ends at `end`.
pub(crate) fn level_path(levels: impl IntoIterator<Item = f64>, end: f64) -> String {
    let mut path = String::new();
    let mut last = String::new();
    for (index, level) in levels.into_iter().enumerate() {
        let level = Px(level).text();
        if level != last {
            match index {
                0 => path.push_str(&format!("M0 {level}")),
                _ => path.push_str(&format!("H{index}V{level}")),
            }
            last = level;
        }
    }
    path.push_str(&format!("H{}", Px(end).text()));
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_levels_are_one_line() {
        assert_eq!(
            level_path([1.0, 1.0, 2.5, 2.51, 1.0], 5.0),
            "M0 1H2V2.5H4V1H5"
        );
        assert_eq!(level_path([3.0], 0.4), "M0 3H0.4");
    }

    #[test]
    fn labels_stay_inside() {
        assert_eq!(Anchor::inside(3.0, 6.0), Anchor::Start);
        assert_eq!(Anchor::inside(50.0, 6.0), Anchor::Middle);
        assert_eq!(Anchor::inside(95.0, 6.0), Anchor::End);
    }
}
