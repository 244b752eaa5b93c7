//! The requests that a rule selects.

use hyper::http::request::Parts;

use super::rule::Rule;
use crate::http::path::path_matches;
use crate::http::query::Query;
use crate::rng::{Purpose, Rng};

impl Rule {
    /// Whether the rule counts a request.
    pub(super) fn matches(&self, parts: &Parts, query: &Query) -> bool {
        let path = parts.uri.path();
        let has_page = |page| query.get("currentPage").map_or(Ok(1), str::parse) == Ok(page);
        let has_parameter = |(name, value): (&String, &String)| query.get(name) == Some(value);
        self.path
            .as_ref()
            .is_none_or(|pattern| path_matches(pattern, path))
            && (self.method.as_ref())
                .is_none_or(|method| method.eq_ignore_ascii_case(parts.method.as_str()))
            && self.page.is_none_or(has_page)
            && self.query.iter().all(has_parameter)
    }

    /// Whether the rule is applied to the `n`-th request that it counts, after `applied` applications; `index` is the
    /// position of the rule in the script.
    pub(super) fn selects(&self, n: u64, applied: u64, seed: u64, index: usize) -> bool {
        let since = self.from.map_or(n, |from| n.saturating_sub(from));
        let by_probability = |probability: f64| {
            let random = Rng::new(seed, Purpose::Fault, &[index as u64, n]).next();
            // Integers below 2^53 are exact as `f64`.
            ((random >> 11) as f64) < probability * (1u64 << 53) as f64
        };
        self.nth.is_none_or(|nth| n == nth)
            && self.from.is_none_or(|from| n >= from)
            && self.every.is_none_or(|every| since.is_multiple_of(every))
            && self.times.is_none_or(|times| applied < times)
            && self.probability.is_none_or(by_probability)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn selected(rule: &Rule, requests: u64) -> Vec<u64> {
        let mut selected = Vec::new();
        for n in 1..=requests {
            if rule.selects(n, selected.len() as u64, 7, 0) {
                selected.push(n);
            }
        }
        selected
    }

    #[test]
    fn requests_are_selected_by_number() {
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
            assert_eq!(selected(&rule, 9), expected, "{rule:?}");
        }
    }

    #[test]
    fn chance_is_deterministic_for_a_seed_and_near_the_requested_value() {
        let rule = Rule::new().probability(0.1);
        let some = selected(&rule, 10_000);
        assert_eq!(some, selected(&rule, 10_000));
        assert!((900..1_100).contains(&some.len()), "{}", some.len());
        let selections = |seed, index| -> Vec<bool> {
            (1..200).map(|n| rule.selects(n, 0, seed, index)).collect()
        };
        assert_ne!(selections(7, 0), selections(8, 0));
        assert_ne!(selections(7, 0), selections(7, 1));
    }

    #[test]
    fn requests_are_matched_by_path_method_page_and_query() {
        let matches = |rule: Rule, uri: &str| {
            let request = hyper::Request::get(uri).body(()).unwrap();
            let (parts, ()) = request.into_parts();
            rule.matches(&parts, &Query::parse(parts.uri.query().unwrap_or_default()))
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
            assert!(matches(rule.clone(), yes), "{rule:?}");
            assert!(no.is_empty() || !matches(rule.clone(), no), "{rule:?}");
        }
        assert!(!matches(rule().method("POST"), "/"));
    }
}
