//! The *when* of a rule.

use hyper::http::request::Parts;

use super::rule::Rule;
use crate::chance::{Chance, Purpose};
use crate::http::query::Query;
use crate::replay;

impl Rule {
    /// Whether a request is one of those that the rule counts.
    pub(super) fn fits(&self, parts: &Parts, query: &Query) -> bool {
        let path = parts.uri.path();
        let fits_page = |page| query.get("currentPage").map_or(Ok(1), str::parse) == Ok(page);
        let has = |(name, value): (&String, &String)| query.get(name) == Some(value);
        self.path
            .as_ref()
            .is_none_or(|pattern| replay::matches(pattern, path))
            && (self.method.as_ref())
                .is_none_or(|method| method.eq_ignore_ascii_case(parts.method.as_str()))
            && self.page.is_none_or(fits_page)
            && self.query.iter().all(has)
    }

    /// Whether it takes the `n`-th request that fits, after having taken so many; `place` is its own in the script.
    pub(super) fn takes(&self, n: u64, taken: u64, seed: u64, place: usize) -> bool {
        let since = self.from.map_or(n, |from| n.saturating_sub(from));
        let by_chance = |probability: f64| {
            let share = Chance::new(seed, Purpose::Fault, &[place as u64, n]).next();
            // Numbers below 2^53 are exact.
            ((share >> 11) as f64) < probability * (1u64 << 53) as f64
        };
        self.nth.is_none_or(|nth| n == nth)
            && self.from.is_none_or(|from| n >= from)
            && self.every.is_none_or(|every| since.is_multiple_of(every))
            && self.times.is_none_or(|times| taken < times)
            && self.probability.is_none_or(by_chance)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(rule: &Rule, requests: u64) -> Vec<u64> {
        let mut taken = Vec::new();
        for n in 1..=requests {
            if rule.takes(n, taken.len() as u64, 7, 0) {
                taken.push(n);
            }
        }
        taken
    }

    #[test]
    fn numbers_choose() {
        let rule = Rule::new;
        for (rule, expected) in [
            (rule(), vec![1, 2, 3, 4, 5, 6, 7, 8, 9]),
            (rule().nth(3), vec![3]),
            (rule().from(7), vec![7, 8, 9]),
            (rule().every(4), vec![4, 8]),
            (rule().from(2).every(3), vec![2, 5, 8]),
            (rule().times(2), vec![1, 2]),
            (rule().from(3).times(2), vec![3, 4]),
            (rule().every(2).times(3), vec![2, 4, 6]),
            (rule().probability(1.0).nth(2), vec![2]),
            (rule().probability(0.0), vec![]),
        ] {
            assert_eq!(taken(&rule, 9), expected, "{rule:?}");
        }
    }

    #[test]
    fn chance_is_the_same_for_a_seed_and_about_as_large_as_said() {
        let rule = Rule::new().probability(0.1);
        let some = taken(&rule, 10_000);
        assert_eq!(some, taken(&rule, 10_000));
        assert!((900..1_100).contains(&some.len()), "{}", some.len());
        let of = |seed, place| -> Vec<bool> {
            (1..200).map(|n| rule.takes(n, 0, seed, place)).collect()
        };
        assert_ne!(of(7, 0), of(8, 0));
        assert_ne!(of(7, 0), of(7, 1));
    }

    #[test]
    fn paths_methods_pages_and_queries_fit_or_not() {
        let fits = |rule: Rule, uri: &str| {
            let request = hyper::Request::get(uri).body(()).unwrap();
            let (parts, ()) = request.into_parts();
            rule.fits(&parts, &Query::parse(parts.uri.query().unwrap_or_default()))
        };
        let rule = Rule::new;
        for (rule, yes, no) in [
            (rule().path("/videos/*"), "/videos/a", "/videos"),
            (rule().path("/videos"), "/videos?x=1", "/videos/a"),
            (rule().page(1), "/videos", "/videos?currentPage=2"),
            (
                rule().page(2),
                "/videos?currentPage=2",
                "/videos?currentPage=x",
            ),
            (rule().query("a", "b c"), "/?a=b+c", "/?a=b"),
            (rule().method("get"), "/", ""),
            (rule(), "/", ""),
        ] {
            assert!(fits(rule.clone(), yes), "{rule:?}");
            assert!(no.is_empty() || !fits(rule.clone(), no), "{rule:?}");
        }
        assert!(!fits(rule().method("POST"), "/"));
    }
}
