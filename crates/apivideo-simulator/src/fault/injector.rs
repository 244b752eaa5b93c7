use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use hyper::Method;
use hyper::http::request::Parts;

use super::rule::Rule;
use super::script::FaultScript;
use crate::http::query::Query;
use crate::http::route::Route;
use crate::world::World;
use crate::world::changes::Span;
use crate::{Error, period};

/// A script at work: it finds the rule for each request, and counts.
#[derive(Debug)]
pub(crate) struct Injector {
    seed: u64,
    rules: Vec<Armed>,
    counts: Mutex<Vec<Count>>,
}

#[derive(Debug)]
struct Armed {
    rule: Rule,
    title: Arc<str>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Count {
    fitting: u64,
    taken: u64,
}

/// The rule that takes a request.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Taken<'a> {
    pub(super) rule: &'a Rule,
    pub(super) title: &'a Arc<str>,
}

impl Injector {
    /// Fails if the script is wrong in itself, or names assets that are not in the world.
    pub(crate) fn new(script: FaultScript, world: &World) -> Result<Self, Error> {
        const WHAT: &str = "the fault script";
        script.check(WHAT)?;
        for (place, rule) in script.rules.iter().enumerate() {
            if let Some(list) = &rule.of
                && world.asset(&list.asset).is_none()
            {
                return Err(Error::new(format!(
                    "{WHAT}, rules[{place}]: no asset `{}` in this world",
                    list.asset
                )));
            }
        }
        let counts = Mutex::new(vec![Count::default(); script.rules.len()]);
        let armed = |rule: Rule| Armed {
            title: rule.title().into(),
            rule,
        };
        Ok(Self {
            seed: script.seed,
            rules: script.rules.into_iter().map(armed).collect(),
            counts,
        })
    }

    /// Counts a request for the rules that it fits, up to the one that takes it.
    pub(crate) fn take(&self, world: &World, parts: &Parts) -> Option<Taken<'_>> {
        let query = Query::parse(parts.uri.query().unwrap_or_default());
        let mut counts = self.counts();
        for (place, (armed, count)) in self.rules.iter().zip(counts.iter_mut()).enumerate() {
            let rule = &armed.rule;
            let has_list = || !rule.changes() || rule.span(world, parts, &query).is_some();
            if !rule.fits(parts, &query) || !has_list() {
                continue;
            }
            count.fitting += 1;
            if rule.takes(count.fitting, count.taken, self.seed, place) {
                count.taken += 1;
                return Some(Taken {
                    rule,
                    title: &armed.title,
                });
            }
        }
        None
    }

    /// How many requests each rule took, in the order of the script.
    pub(crate) fn taken(&self) -> Vec<(String, u64)> {
        let counts = self.counts();
        let titles = self.rules.iter().map(|armed| armed.title.to_string());
        titles.zip(counts.iter().map(|count| count.taken)).collect()
    }

    fn counts(&self) -> MutexGuard<'_, Vec<Count>> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Rule {
    /// The list in which sessions come or go: the named one, or the one that the request asks for.
    pub(super) fn span(&self, world: &World, parts: &Parts, query: &Query) -> Option<Span> {
        let (asset, period) = match &self.of {
            Some(list) => (list.asset.as_str(), list.period.as_str()),
            None => match Route::of(parts.uri.path())? {
                Route::VideoSessions(id) | Route::LiveStreamSessions(id)
                    if parts.method == Method::GET =>
                {
                    (id, query.get("period")?)
                }
                _ => return None,
            },
        };
        Some(Span {
            asset: world.asset(asset)?,
            days: period::parse(period)?,
        })
    }
}
