//! Where viewers are, and where they came from, by aggregates.

use crate::bars::{Amount, Average, Bars, Entries, Entry};
use crate::countries;
use crate::html::{Html, html};
use crate::places::{NO_PAGE, capitalized, device, system};
use crate::referrers;
use crate::section::Section;
use crate::totals::{Totals, TotalsRow};
use crate::view::{MIN_PLAYS, Scope};

fn entries(rows: &[TotalsRow], name: impl Fn(&str) -> String) -> Entries {
    let mut entries = Entries::default();
    for row in rows {
        let amount = Amount::plays(row.plays);
        match row.known() {
            None => entries.unknown.add(amount),
            Some(value) => {
                let name = name(value);
                match entries.known.iter_mut().find(|entry| entry.name == name) {
                    Some(entry) => entry.amount.add(amount),
                    None => entries.known.push(Entry {
                        name,
                        amount,
                        parts: Vec::new(),
                    }),
                }
            }
        }
    }
    entries
}

fn referrer_entries(rows: &[TotalsRow]) -> Entries {
    let mut all = entries(rows, |address| referrers::split(address).0);
    let pages = rows.iter().filter_map(|row| {
        let (host, path) = referrers::split(row.known()?);
        Some((host, path, Amount::plays(row.plays)))
    });
    // Addresses that differ in their query only are one page.
    let mut paths: Vec<(String, String, Amount)> = Vec::new();
    for (host, path, amount) in pages {
        match paths
            .iter_mut()
            .find(|page| page.0 == host && page.1 == path)
        {
            Some(page) => page.2.add(amount),
            None => paths.push((host, path, amount)),
        }
    }
    referrers::add_pages(&mut all.known, paths);
    all
}

/// Returns the section.
pub(crate) fn section(scope: &Scope, totals: &Totals) -> Html {
    let table = |caption, column, unknown: (_, _), entries: &Entries| {
        let plays = entries
            .known
            .iter()
            .map(|entry| entry.amount.plays)
            .sum::<u64>()
            + entries.unknown.plays;
        let total = totals.plays.unwrap_or(plays);
        let bars = Bars {
            caption,
            column,
            unknown: unknown.0,
            unknown_note: unknown.1,
            total,
            has_shares: total >= MIN_PLAYS,
            average: Average::None,
        };
        bars.render(entries)
    };
    const UNKNOWN: (&str, &str) = ("Unknown", "");
    let country = |value: &str| capitalized(countries::name(value));
    let tables = html!(
        "{}{}{}{}{}",
        table(
            "Countries",
            "Country",
            UNKNOWN,
            &entries(&totals.countries, country)
        ),
        table(
            "Devices",
            "Device",
            UNKNOWN,
            &entries(&totals.devices, device)
        ),
        table(
            "Pages that led here",
            "Page",
            NO_PAGE,
            &referrer_entries(&totals.referrers)
        ),
        table(
            "Operating systems",
            "System",
            UNKNOWN,
            &entries(&totals.systems, system)
        ),
        table(
            "Browsers",
            "Browser",
            ("Unknown or an app", ""),
            &entries(&totals.browsers, capitalized)
        )
    );
    if tables.is_empty() {
        return Html::new();
    }
    let section = Section {
        title: "Where viewers are, and where they came from",
        finding: Html::new(),
        explanation: html!(
            "Play presses of the period. Addresses are shown without what follows a question mark."
        ),
        is_wide: true,
    };
    section.render(scope, &html!("<div class=\"three\">{}</div>", tables))
}
