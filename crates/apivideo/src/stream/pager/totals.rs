//! The totals and links that pages announce.

use super::Pager;
use crate::page::Pagination;
use crate::stream::page_response::PageResponse;

impl<T> Pager<T> {
    /// Notes the totals and links of a page.
    pub(super) fn note_totals(&mut self, page: &PageResponse<T>) {
        let Pagination {
            items_total,
            pages_total,
            has_unreadable_total,
            ..
        } = page.pagination;
        let number = page.number;
        self.has_unreadable_total |= has_unreadable_total;
        let changed = match (items_total, self.total) {
            (Some(now), Some(before)) => now != before,
            (None, _) => false,
            (Some(_), None) => self.previous.is_some(),
        };
        self.has_changed |= changed;
        self.shifted |= changed && items_total < self.total;
        // A number of pages that this page contradicts is ignored.
        let pages = pages_total.filter(|total| *total >= number || page.records.is_empty());
        let pages_changed =
            matches!((pages, self.pages), (Some(now), Some(before)) if now != before);
        self.has_changed |= items_total.is_none() && pages_changed;
        self.shifted |= items_total.is_none() && pages_changed && pages < self.pages;
        self.unsure = changed || items_total.is_none() || self.contradicted;
        let has_risen = changed && items_total > self.total;
        self.total = items_total.or(self.total);
        if number == 1 {
            self.pass_total = items_total;
            self.previous_pass_highest = std::mem::take(&mut self.pass_highest);
            self.pass_risen = 0;
        }
        self.pass_highest = self.pass_highest.max(items_total.unwrap_or(0));
        if has_risen {
            self.pass_risen = self.pass_highest;
        }
        if self.announced_first.is_none() {
            self.announced_first = Some(pages.unwrap_or(number));
        }
        // An empty page does not lower the number that the page before announced.
        self.pages = match (pages, self.pages) {
            (Some(now), Some(before)) if page.records.is_empty() => Some(now.max(before)),
            (Some(now), _) => Some(now),
            (None, before) => before,
        };
        let before = std::mem::replace(&mut self.pagination, page.pagination.clone());
        if std::mem::replace(&mut self.noted, number) != number {
            self.linked = before.has_next;
        }
        let len = page.records.len() as u64;
        let by_total = self.total().and_then(|total| {
            let left = total.checked_sub(self.position.saturating_add(len))?;
            let more = u32::try_from(left.div_ceil(len.max(1))).unwrap_or(u32::MAX);
            Some(number.saturating_add(more))
        });
        let last = match (by_total, self.pages) {
            _ if len == 0 => number,
            (Some(by_total), Some(pages)) => by_total.min(pages),
            (Some(last), None) | (None, Some(last)) => last,
            (None, None) => number.saturating_add(u32::from(page.pagination.has_next)),
        };
        self.last_to_request = Some(last.max(number));
    }
}
