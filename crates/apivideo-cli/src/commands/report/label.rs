//! The name of a period that a report is compared with.

use apivideo::Period;
use apivideo::jiff::civil::Date;

/// Returns `December 2021` for a month, `1 December 2021` for a day, and otherwise both ends.
pub(super) fn days(period: &Period) -> String {
    let (first, last) = (period.first_day(), period.last_day());
    let full = |day: Date| day.strftime("%-d %B %Y").to_string();
    if first == last {
        full(first)
    } else if first.first_of_month() == first
        && last.last_of_month() == last
        && same_month(first, last)
    {
        first.strftime("%B %Y").to_string()
    } else if same_month(first, last) {
        format!("{}–{}", first.day(), full(last))
    } else if first.year() == last.year() {
        format!("{} – {}", first.strftime("%-d %B"), full(last))
    } else {
        format!("{} – {}", full(first), full(last))
    }
}

fn same_month(first: Date, last: Date) -> bool {
    (first.year(), first.month()) == (last.year(), last.month())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_have_names() {
        for (period, name) in [
            ("2021-12", "December 2021"),
            ("2021-12-01", "1 December 2021"),
            ("2021-12-02/2021-12-31", "2–31 December 2021"),
            ("2021-11-02/2021-12-31", "2 November – 31 December 2021"),
            ("2021-12-31/2022-01-01", "31 December 2021 – 1 January 2022"),
            ("2022", "1 January – 31 December 2022"),
        ] {
            assert_eq!(days(&period.parse().unwrap()), name);
        }
    }
}
