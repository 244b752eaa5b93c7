//! Makes plans for streams from lists.

use std::sync::Arc;

use super::List;
use super::query::{ListQuery, PageRequest};
use crate::cursor::Hex;
use crate::stream::dedup::fingerprint;
use crate::stream::plan::{AssetsPlan, Events, Filters, Plan, Source};

impl<Q: ListQuery> List<Q> {
    /// Returns what a stream of items reads; of a single asset as one of several where `is_of_assets` is set.
    pub(super) fn source(&self, is_of_assets: bool) -> Source<Q::Item> {
        match self.query.assets() {
            Some(assets) if assets.len() != 1 || is_of_assets => {
                let concurrency = self.concurrency();
                // Where fewer assets than that are read, the windows of each are read at a time.
                let windows = match self.options.concurrency {
                    Some(_) => concurrency / assets.len().clamp(1, concurrency),
                    None => 1,
                };
                self.assets_plan(assets.into(), windows)
            }
            _ => Source::List(self.plan(self.options.concurrency.unwrap_or(1).max(1))),
        }
    }

    /// Returns what a stream of pages reads: whole periods, in order, without events.
    pub(super) fn pages_source(&self) -> Source<Q::Item> {
        let mut list = self.clone();
        list.options.window = None;
        list.options.ordered = true;
        list.options.events = None;
        list.source(false)
    }

    fn assets_plan(&self, assets: Arc<[crate::id::AssetId]>, windows: usize) -> Source<Q::Item> {
        let list = self.clone();
        Source::Assets(AssetsPlan {
            assets,
            list: Arc::new(move |asset| list.of_asset(asset).plan(windows)),
            concurrency: self.concurrency(),
            ordered: self.options.ordered,
            error: self.query.check().err(),
        })
    }

    /// Returns the plan of one list, of which this number of windows is read at a time.
    pub(super) fn plan(&self, concurrency: usize) -> Plan<Q::Item> {
        let options = &self.options;
        let windows = match options.window {
            Some(window) => self.query.windows(window),
            None => vec![self.query.clone()],
        };
        let size = options.page_size;
        let count = u32::try_from(windows.len()).unwrap_or(u32::MAX);
        let events = options.events.and_then(|concurrency| {
            Some(Events {
                read: Q::read_events()?,
                concurrency: concurrency.max(1),
                keep_unread: options.keep_unread,
            })
        });
        Plan {
            path: self.query.path(),
            page_size: size,
            fetch: Arc::new(move |transport, window, number| {
                // There are as many windows as the plan says.
                let query = &windows[window as usize];
                if let Err(error) = query.check() {
                    return Box::pin(std::future::ready(Err(error)));
                }
                query.fetch(PageRequest {
                    transport: transport.clone(),
                    number,
                    size,
                })
            }),
            windows: count,
            concurrency,
            ordered: options.ordered,
            prefetch: options.prefetch,
            identity: Q::identity(),
            on_invalid: options.on_invalid.clone(),
            events,
            asset: match self.query.assets() {
                Some([asset]) => Some(asset.clone()),
                _ => None,
            },
        }
    }

    /// Returns what the cursors of this list must match.
    pub(super) fn filters(&self) -> Filters {
        let text = format!("{} {:?}", self.query.filters(), self.options.window);
        Filters {
            fingerprint: Hex(fingerprint(&text)),
            page_size: self.options.page_size,
        }
    }
}
