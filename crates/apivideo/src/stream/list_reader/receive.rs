//! Classifies the records of a received page: new items, duplicates, invalid records.

use reqwest::StatusCode;

use super::ListReader;
use crate::error::{Error, Result};
use crate::stream::dedup::{MAX_KNOWN, RecentItems, fingerprint, fold};
use crate::stream::ledger::OpenPage;
use crate::stream::page_response::PageResponse;
use crate::stream::pager::{PageContents, PageEnds};
use crate::stream::window_reader::WindowReader;
use crate::transport::trace;

impl<T: 'static> ListReader<T> {
    /// Keeps the new records of a received page, and drops and counts its duplicates.
    pub(super) fn receive(&mut self, index: usize, page: PageResponse<T>) -> Result<()> {
        let Some(reader) = self.readers.get_mut(index) else {
            return Ok(());
        };
        let window = reader.window();
        let rereads = reader.rereads_page();
        let reads_again = reader.reads_again();
        self.progress.rereads += reader.take_rereads();
        let mut prints = Vec::new();
        let mut digest = 0;
        let page = match self.plan.identity {
            Some(identity) => {
                prints.reserve_exact(page.records.len());
                page.records.visit(identity, |record| {
                    prints.push(match record {
                        Ok(id) => fingerprint(id),
                        Err(error) => fingerprint_of_invalid(error, page.number, prints.len()),
                    });
                });
                digest = prints.iter().copied().fold(0, fold);
                let ends = ends(reader, &mut self.recent_items, page.number, &prints);
                match reader.join(page, ends)? {
                    Some(page) => page,
                    None => return Ok(()),
                }
            }
            None => page,
        };
        let PageResponse {
            number,
            mut records,
            repaired,
            status,
            digest: page_digest,
            ..
        } = page;
        if status != StatusCode::NOT_FOUND {
            self.progress.pages += 1;
        }
        let (mut taken, given) = reader.take_given();
        let (len, preceding, mut before) = (records.len(), reader.last(), reader.before());
        let mut new = len as u64;
        let (mut again, mut is_scattered) = (0, false);
        let (first, last) = (prints.first().copied(), prints.last().copied());
        if let Some(identity) = self.plan.identity {
            for fingerprint in &given {
                let recent = !self.recent_items.insert(*fingerprint);
                reader.known().insert(*fingerprint, recent);
            }
            new = 0;
            // The places on the page of records that are not yielded.
            let mut dropped = Vec::new();
            for (place, fingerprint) in prints.iter().enumerate() {
                let recent = !self.recent_items.insert(*fingerprint);
                let is_new = reader.known().insert(*fingerprint, recent);
                new += u64::from(is_new);
                if !is_new || recent {
                    is_scattered |= place > dropped.len();
                    dropped.push(place);
                }
            }
            taken = dropped.len();
            let yields = (len - taken) as u64;
            // A record that is not yielded and is new to the window counts as read already.
            before.read = before.read.saturating_add(new - yields);
            before.exhausted |= reads_again && yields > 0;
            if !dropped.is_empty() {
                let mut is_kept = vec![true; len];
                for place in dropped {
                    is_kept[place] = false;
                }
                let mut keeps = is_kept.iter();
                records.retain(identity, |_| keeps.next().copied().unwrap_or(true));
                let (kept, mut known): (Vec<_>, Vec<_>) = prints
                    .into_iter()
                    .zip(is_kept)
                    .partition(|(_, is_kept)| *is_kept);
                let earlier = known.iter().filter(|(print, _)| given.contains(print));
                again = (taken - earlier.count()) as u64;
                known.extend(kept);
                prints = known.into_iter().map(|(print, _)| print).collect();
            }
            if again > 0 && !rereads {
                self.progress.duplicates += again;
                trace::duplicates(&self.plan.path, number, again);
            }
        } else {
            digest = page_digest;
            // A service without pagination returns the same page for each number.
            if reader.is_copy(digest) {
                (taken, new) = (len, 0);
                self.progress.duplicates += len as u64;
                trace::duplicates(&self.plan.path, number, len as u64);
            }
            taken = taken.min(len);
            records.by_ref().take(taken).for_each(drop);
        }
        // Records that were read before were counted then.
        let repaired = if rereads { repaired.min(new) } else { repaired };
        if repaired > 0 {
            self.progress.repaired += repaired;
            trace::repaired(&self.plan.path, number, repaired);
        }
        let bad = records
            .errors()
            .inspect(|error| trace::invalid_record(&self.plan.path, error))
            .count();
        self.progress.invalid += bad as u64;
        self.progress.items += (records.len() - bad) as u64;
        let contents = PageContents {
            first,
            len,
            new,
            digest,
            repeats: again > 0 && !rereads,
            disorder: again > 0 && !rereads && (new == 0 || is_scattered),
            repeats_in_pass: reader.repeats_in_pass(&prints),
            whole: reader.is_whole(),
        };
        let settled = reader.accept(number, last, contents);
        self.progress.changed |= contents.repeats || reader.has_changed();
        match reader.total() {
            Some(total) => self.totals.insert(window, total),
            None => self.totals.remove(&window),
        };
        self.progress.expected = (!self.totals.is_empty()).then(|| self.totals.values().sum());
        let page = OpenPage {
            number,
            records: prints,
            known: taken,
            taken,
            count: taken + records.len(),
            preceding,
            last,
            again: reads_again,
            before,
            after: reader.before(),
        };
        self.ledger.received(window, page);
        settled?;
        if reader.is_last() {
            self.ledger.ended(window);
        }
        reader.hold(records);
        self.limit_known(index);
        self.report();
        Ok(())
    }

    /// Limits the fingerprints of all windows.
    fn limit_known(&mut self, index: usize) {
        if self.readers.iter().map(WindowReader::kept).sum::<usize>() > MAX_KNOWN
            && let Some(reader) = self.readers.get_mut(index)
        {
            reader.known().forget();
        }
    }
}

/// Returns the fingerprint of an invalid record: of its text if it has an id, and of its text and place otherwise, because two
/// such records can be equal.
fn fingerprint_of_invalid(error: &Error, page: u32, index: usize) -> u64 {
    let record = error.record();
    let print = fingerprint(record.map(|record| record.raw.as_str()).unwrap_or_default());
    match record.and_then(|record| record.id.as_ref()) {
        Some(_) => print,
        None => fold(fold(print, page.into()), index as u64),
    }
}

/// Returns the ends of a page. If an earlier stream stopped at an item of the page, it has read all records up to that item.
fn ends<T: 'static>(
    reader: &mut WindowReader<T>,
    recent_items: &mut RecentItems,
    number: u32,
    prints: &[u64],
) -> PageEnds {
    let anchor = reader.anchor();
    let is_given = |print: &u64| anchor == Some(*print) || reader.given().contains(print);
    let found = match anchor {
        // It has read the whole first page, if that is returned for another one.
        _ if number > 1 && !reader.is_whole() && reader.is_first_page(prints.first().copied()) => {
            prints.len().checked_sub(1)
        }
        Some(_) => prints.iter().rposition(is_given),
        None => None,
    };
    // If all items are known, their order is not needed.
    if let Some(found) = found.filter(|_| !reader.is_whole()) {
        for print in &prints[..=found] {
            let recent = !recent_items.insert(*print);
            reader.known().insert(*print, recent);
        }
    }
    let starts_known =
        |first: &u64| recent_items.contains(*first) || reader.known().contains(*first);
    PageEnds {
        starts_known: prints.first().is_some_and(starts_known),
        last: prints.last().copied(),
        anchored: anchor.is_none() || found.is_some(),
    }
}
