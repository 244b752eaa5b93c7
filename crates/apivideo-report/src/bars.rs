//! Tables with a bar in each row.

use crate::format::{Clock, count, percent, share, shorten};
use crate::html::{Html, Wide, html};
use crate::view::MIN_PLAYS;

/// The number of rows before the others are combined.
const MAX_ROWS: usize = 10;

/// What a row counts: sums, so that rows can be combined.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Amount {
    pub(crate) plays: u64,
    pub(crate) watch_seconds: f64,
    /// The plays of videos with a length.
    pub(crate) plays_with_length: u64,
}

impl Amount {
    pub(crate) fn plays(plays: u64) -> Self {
        Self {
            plays,
            ..Self::default()
        }
    }

    pub(crate) fn add(&mut self, other: Self) {
        self.plays += other.plays;
        self.watch_seconds += other.watch_seconds;
        self.plays_with_length += other.plays_with_length;
    }
}

/// A value with its plays.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Entry {
    pub(crate) name: String,
    pub(crate) amount: Amount,
    /// Parts of the value, such as the pages of a host.
    pub(crate) parts: Vec<Entry>,
}

/// The values of a property: the known ones, and those that are combined or not known.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Entries {
    pub(crate) known: Vec<Entry>,
    /// The number of values that were combined before, and their amount.
    pub(crate) other: (u64, Amount),
    pub(crate) unknown: Amount,
    /// The number of values that are left out because they have too few viewers.
    pub(crate) suppressed: u64,
}

impl Entries {
    /// Orders by plays, and combines what follows the first ten. One more row is shown if it would be the only one.
    fn ranked(&self) -> (Vec<&Entry>, u64, Amount) {
        let mut known: Vec<&Entry> = self
            .known
            .iter()
            .filter(|entry| entry.amount.plays > 0)
            .collect();
        known.sort_by(|a, b| {
            b.amount
                .plays
                .cmp(&a.amount.plays)
                .then_with(|| a.name.cmp(&b.name))
        });
        let (mut others, mut amount) = self.other;
        if known.len() > MAX_ROWS + usize::from(others == 0) {
            for entry in known.drain(MAX_ROWS..) {
                others += 1;
                amount.add(entry.amount);
            }
        }
        (known, others, amount)
    }

    /// Returns the known value with most plays.
    pub(crate) fn first(&self) -> Option<&Entry> {
        self.ranked().0.first().copied()
    }
}

/// The last column of a table.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Average {
    None,
    /// The average share of a video of this length, in seconds.
    Share(f64),
    /// The average watch time of a play.
    Time,
}

/// A table of the values of a property.
pub(crate) struct Bars<'a> {
    pub(crate) caption: &'a str,
    pub(crate) column: &'a str,
    pub(crate) unknown: &'a str,
    /// Explains the row of unknown values.
    pub(crate) unknown_note: &'a str,
    /// The number of plays that is 100 %.
    pub(crate) total: u64,
    /// Whether shares and averages are shown.
    pub(crate) has_shares: bool,
    pub(crate) average: Average,
}

/// A row of the table.
struct Row<'a> {
    name: &'a str,
    note: &'a str,
    amount: Amount,
    is_grey: bool,
}

impl Bars<'_> {
    pub(crate) fn render(&self, entries: &Entries) -> Html {
        let (known, others, other) = entries.ranked();
        let widest = known.iter().map(|entry| entry.amount.plays);
        let widest = widest
            .chain([other.plays, entries.unknown.plays])
            .max()
            .unwrap_or(0)
            .max(1);
        let mut rows = Html::new();
        for entry in known {
            let (note, pages) = match entry.parts.as_slice() {
                [] => ("", &[][..]),
                [page] => (page.name.as_str(), &[][..]),
                pages => ("", pages),
            };
            rows.push(self.row(
                &Row {
                    name: &entry.name,
                    note,
                    amount: entry.amount,
                    is_grey: false,
                },
                widest,
            ));
            rows.push(pages.iter().map(|page| self.part(page)).collect());
        }
        if others > 0 && other.plays > 0 {
            let name = format!("Other ({others})");
            rows.push(self.row(
                &Row {
                    name: &name,
                    note: "",
                    amount: other,
                    is_grey: true,
                },
                widest,
            ));
        }
        if entries.unknown.plays > 0 {
            let row = Row {
                name: self.unknown,
                note: self.unknown_note,
                amount: entries.unknown,
                is_grey: true,
            };
            rows.push(self.row(&row, widest));
        }
        if rows.is_empty() {
            return Html::new();
        }
        let share = if self.has_shares {
            html!("<th scope=\"col\">Share</th>")
        } else {
            Html::new()
        };
        let average = match (self.has_shares, self.average) {
            (false, _) | (_, Average::None) => Html::new(),
            (_, Average::Share(_)) => html!("<th scope=\"col\">Watched</th>"),
            (_, Average::Time) => html!("<th scope=\"col\">Average</th>"),
        };
        let table = html!(
            "<table class=\"bars\"><caption>{}</caption><thead><tr><th scope=\"col\">{}</th><th scope=\"col\">Plays</th>{}{}</tr></thead><tbody>{}</tbody></table>",
            self.caption,
            self.column,
            share,
            average,
            rows
        );
        match entries.suppressed {
            0 => table,
            left => html!(
                "<div>{}<p class=\"how\">Values with too few viewers are left out: {}.</p></div>",
                table,
                count(left)
            ),
        }
    }

    fn row(&self, row: &Row<'_>, widest: u64) -> Html {
        let note = match row.note {
            "" => Html::new(),
            note if row.is_grey => html!("<small>{}</small>", note),
            note => html!("<small><bdi>{}</bdi></small>", shorten(note, 39, 22)),
        };
        let (heading, bar) = if row.is_grey {
            (html!(" class=\"q\""), "bg")
        } else {
            (Html::new(), "bf")
        };
        html!(
            "<tr><th scope=\"row\"{}><bdi>{}</bdi>{}<svg aria-hidden=\"true\"><rect class=\"{}\" width=\"{}\" height=\"7\"/></svg></th>{}</tr>",
            heading,
            shorten(row.name, 59, 22),
            note,
            bar,
            Wide(row.amount.plays as f64 / widest as f64 * 100.0),
            self.cells(row.amount)
        )
    }

    fn part(&self, part: &Entry) -> Html {
        html!(
            "<tr class=\"sub\"><th scope=\"row\"><bdi>{}</bdi></th>{}</tr>",
            shorten(&part.name, 39, 22),
            self.cells(part.amount)
        )
    }

    fn cells(&self, amount: Amount) -> Html {
        let mut cells = html!("<td>{}</td>", count(amount.plays));
        if self.has_shares {
            cells.push(html!("<td>{}</td>", share(amount.plays, self.total)));
            if self.average != Average::None {
                cells.push(html!(
                    "<td class=\"q\">{}</td>",
                    average_text(self.average, amount)
                ));
            }
        }
        cells
    }
}

/// Averages of fewer than 20 plays are not shown.
fn average_text(average: Average, amount: Amount) -> String {
    match average {
        Average::Share(length) if amount.plays_with_length >= MIN_PLAYS && length > 0.0 => {
            percent(amount.watch_seconds / length / amount.plays_with_length as f64)
        }
        Average::Time if amount.plays >= MIN_PLAYS => {
            Clock::default().format(amount.watch_seconds / amount.plays as f64)
        }
        _ => "–".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries(plays: &[u64]) -> Entries {
        let known = plays.iter().enumerate().map(|(index, plays)| Entry {
            name: format!("v{index}"),
            amount: Amount::plays(*plays),
            parts: Vec::new(),
        });
        Entries {
            known: known.collect(),
            ..Entries::default()
        }
    }

    #[test]
    fn ten_rows_are_shown_and_the_others_combined() {
        let eleven = entries(&[9; 11]);
        let (known, others, amount) = eleven.ranked();
        assert_eq!((known.len(), others, amount.plays), (11, 0, 0));
        let all = entries(&[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 0]);
        let (known, others, amount) = all.ranked();
        assert_eq!(known[0].name, "v11");
        assert_eq!((known.len(), others, amount.plays), (10, 2, 3));
    }

    #[test]
    fn other_and_unknown_rows_are_last_and_grey() {
        let mut all = entries(&[5; 12]);
        all.unknown = Amount::plays(100);
        let bars = Bars {
            caption: "Countries",
            column: "Country",
            unknown: "Unknown",
            unknown_note: "",
            total: 160,
            has_shares: true,
            average: Average::None,
        };
        let html = bars.render(&all).into_string();
        let other = html.find("Other (2)").unwrap();
        let unknown = html.find("Unknown").unwrap();
        assert!(
            html.find("v7").unwrap() < other && other < unknown,
            "{html}"
        );
        assert!(html.contains("class=\"bg\" width=\"10%\""), "{html}");
        assert!(html.contains("class=\"bg\" width=\"100%\""), "{html}");
    }

    #[test]
    fn averages_need_twenty_plays() {
        let amount = |plays| Amount {
            plays,
            watch_seconds: 20.0 * plays as f64,
            plays_with_length: plays,
        };
        assert_eq!(average_text(Average::Share(40.0), amount(20)), "50\u{a0}%");
        assert_eq!(average_text(Average::Share(40.0), amount(19)), "–");
        assert_eq!(average_text(Average::Time, amount(20)), "0:20");
    }
}
