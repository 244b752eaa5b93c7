use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use hyper::Method;
use hyper::http::request::Parts;

use super::rule::Rule;
use super::script::FaultScript;
use crate::error::Error;
use crate::http::path;
use crate::http::query::Query;
use crate::period;
use crate::world::World;
use crate::world::changes::ListRange;

/// The lists of the sessions of an asset.
const LISTS: [&str; 2] = [
    "/analytics/videos/{videoId}",
    "/analytics/live-streams/{liveStreamId}",
];

/// Selects the rule for each request, and counts.
#[derive(Debug)]
pub(crate) struct Injector {
    seed: u64,
    rules: Vec<ActiveRule>,
    counts: Mutex<Vec<RuleCounts>>,
}

#[derive(Debug)]
struct ActiveRule {
    rule: Rule,
    title: Arc<str>,
}

#[derive(Clone, Copy, Debug, Default)]
struct RuleCounts {
    matched: u64,
    applied: u64,
}

/// The rule to apply to a request.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SelectedRule<'a> {
    pub(crate) rule: &'a Rule,
    pub(crate) title: &'a Arc<str>,
}

impl Injector {
    /// Fails if the script is invalid, or names an asset that is not in the world.
    pub(crate) fn new(script: FaultScript, world: &World) -> Result<Self, Error> {
        const WHAT: &str = "fault script";
        script.validate(WHAT)?;
        for (index, rule) in script.rules.iter().enumerate() {
            if let Some(list) = &rule.list
                && world.asset(&list.asset).is_none()
            {
                return Err(Error::new(format!(
                    "invalid {WHAT}: rules[{index}]: asset {:?} does not exist in this world",
                    list.asset
                )));
            }
        }
        let counts = Mutex::new(vec![RuleCounts::default(); script.rules.len()]);
        let activate = |rule: Rule| ActiveRule {
            title: rule.title().into(),
            rule,
        };
        Ok(Self {
            seed: script.seed,
            rules: script.rules.into_iter().map(activate).collect(),
            counts,
        })
    }

    /// Returns the first rule that selects a request, and counts the request for the rules up to that one.
    pub(crate) fn select(&self, world: &World, parts: &Parts) -> Option<SelectedRule<'_>> {
        let query = Query::parse(parts.uri.query().unwrap_or_default());
        let mut counts = self.counts();
        for (index, (active, count)) in self.rules.iter().zip(counts.iter_mut()).enumerate() {
            let rule = &active.rule;
            let has_list =
                || !rule.changes_sessions() || rule.list_range(world, parts, &query).is_some();
            if !rule.matches(parts, &query) || !has_list() {
                continue;
            }
            count.matched += 1;
            if rule.selects(count.matched, count.applied, self.seed, index) {
                count.applied += 1;
                return Some(SelectedRule {
                    rule,
                    title: &active.title,
                });
            }
        }
        None
    }

    /// Returns the title of each rule and the number of its applications, in the order of the script.
    pub(crate) fn applied_counts(&self) -> Vec<(String, u64)> {
        let counts = self.counts();
        let titles = self.rules.iter().map(|active| active.title.to_string());
        titles
            .zip(counts.iter().map(|count| count.applied))
            .collect()
    }

    fn counts(&self) -> MutexGuard<'_, Vec<RuleCounts>> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Rule {
    /// Returns the list in which sessions are inserted or deleted: the one of the rule, or else the requested one.
    pub(crate) fn list_range(
        &self,
        world: &World,
        parts: &Parts,
        query: &Query,
    ) -> Option<ListRange> {
        let (asset, period) = match &self.list {
            Some(list) => (list.asset.as_str(), list.period.as_str()),
            None if parts.method != Method::GET => return None,
            None => {
                let mut lists = LISTS.iter();
                let path = parts.uri.path();
                let [asset, _] = lists.find_map(|list| path::parameters(list, path))?;
                (asset, query.get("period")?)
            }
        };
        Some(ListRange {
            asset: world.asset(asset)?,
            days: period::parse(period)?,
        })
    }
}
