//! Chapters on the axis of retention.

use crate::asset::Chapter;
use crate::curve::{Curve, mean};
use crate::format::percent;
use crate::html::{Html, Wide, html};
use crate::svg;
use crate::view::View;

/// A chapter within a video.
pub(crate) struct Part<'a> {
    title: &'a str,
    from: f64,
    to: f64,
}

/// Returns the chapters that start within a video. They are in order.
pub(crate) fn within(chapters: &[Chapter], length: f64) -> Vec<Part<'_>> {
    let ends = chapters
        .iter()
        .skip(1)
        .map(|next| next.start_seconds)
        .chain([length]);
    let parts = chapters.iter().zip(ends).map(|(chapter, end)| Part {
        title: &chapter.title,
        from: chapter.start_seconds,
        to: end.min(length),
    });
    parts.filter(|part| part.from < part.to).collect()
}

/// Returns the borders of chapters in the chart.
pub(crate) fn lines(parts: &[Part<'_>], length: f64, top: f64, bottom: f64) -> Html {
    let inside = parts.iter().filter(|part| part.from > 0.0);
    inside
        .map(|part| svg::upright(part.from / length * 100.0, top, bottom, "ld"))
        .collect()
}

/// Returns the names of chapters below the axis. The table has them again, and not shortened.
pub(crate) fn strip(parts: &[Part<'_>], length: f64) -> Html {
    if parts.is_empty() {
        return Html::new();
    }
    let mut at = 0.0;
    let names: Html = parts
        .iter()
        .map(|part| {
            let gap = (part.from - at) / length * 100.0;
            at = part.to;
            html!(
                "<span style=\"margin-left:{};width:{}\"><bdi>{}</bdi></span>",
                Wide(gap),
                Wide((part.to - part.from) / length * 100.0),
                part.title
            )
        })
        .collect();
    html!("<div class=\"chap\" aria-hidden=\"true\">{}</div>", names)
}

/// Returns a table of chapters: how many plays saw a moment of them, on average.
pub(crate) fn table(view: &View<'_>, parts: &[Part<'_>], curve: &Curve) -> Html {
    if parts.is_empty() {
        return Html::new();
    }
    let repeats = curve.repeats();
    let is_small = view.is_small();
    let rows: Html = parts
        .iter()
        .map(|part| {
            // The last bin is the one in which the chapter ends.
            let first = curve.bin(part.from);
            let end = ((part.to / curve.seconds).ceil() as usize).clamp(first + 1, curve.len());
            let (seen, again) = (mean(&curve.unique[first..end]), mean(&repeats[first..end]));
            let shares = match is_small {
                true => Html::new(),
                false => html!("<td>{}</td><td class=\"q\">{}</td>", percent(seen), percent(again)),
            };
            html!(
                "<tr><th scope=\"row\"><bdi>{}</bdi><svg aria-hidden=\"true\"><rect class=\"bf\" width=\"{}\" height=\"7\"/></svg></th><td class=\"q\">{}</td>{}</tr>",
                part.title, Wide(seen * 100.0), view.clock.format(part.from), shares
            )
        })
        .collect();
    let columns = match is_small {
        true => Html::new(),
        false => html!("<th scope=\"col\">Saw it</th><th scope=\"col\">Again</th>"),
    };
    html!(
        "<table class=\"bars chapters\"><caption>Chapters: share of plays that saw an average moment</caption><thead><tr><th scope=\"col\">Chapter</th><th scope=\"col\">Starts</th>{}</tr></thead><tbody>{}</tbody></table>",
        columns,
        rows
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chapters_end_where_the_next_starts_or_the_video_ends() {
        let chapters = [0.0, 10.0, 10.0, 50.0, 90.0].map(|start_seconds| Chapter {
            start_seconds,
            title: String::new(),
        });
        let parts: Vec<_> = within(&chapters, 60.0)
            .iter()
            .map(|part| (part.from, part.to))
            .collect();
        assert_eq!(parts, [(0.0, 10.0), (10.0, 50.0), (50.0, 60.0)]);
    }
}
