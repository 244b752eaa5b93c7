//! Records which items a stream has yielded: the source of cursor positions.

use std::collections::VecDeque;

use crate::cursor::{Before, Hex, MAX_GIVEN, OpenWindow, WindowsPosition};
use crate::error::{Error, Result};

/// The record of which items a stream has yielded.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    next_window: u32,
    /// In ascending order.
    open: Vec<Entry>,
}

/// One window that is not finished.
#[derive(Debug)]
struct Entry {
    window: u32,
    /// The page after those in `pages`.
    next_page: u32,
    /// Received pages of which some records were not yielded.
    pages: VecDeque<OpenPage>,
    /// Whether no page follows.
    ended: bool,
    /// The last record of the last received page.
    last: Option<u64>,
    /// The items that were read, including those of the received pages.
    read: Before,
    /// The items that were yielded; `None` once there are too many.
    known: Option<Vec<u64>>,
    /// The position of the window when the stream was resumed, until its first page is received.
    resumed: Option<OpenWindow>,
}

/// A page of which some records were not yielded.
#[derive(Debug)]
pub(crate) struct OpenPage {
    pub(crate) number: u32,
    /// The fingerprints of its records, where items have an identity: first those that were known when it was received, then
    /// the others in their order.
    pub(crate) records: Vec<u64>,
    /// The number of its records that were known when it was received.
    pub(crate) known: usize,
    /// The number of its records that were yielded, by this stream or an earlier one.
    pub(crate) taken: usize,
    /// The number of its records.
    pub(crate) count: usize,
    /// The last record of the page before.
    pub(crate) preceding: Option<u64>,
    /// Its last record.
    pub(crate) last: Option<u64>,
    /// Whether the list is read again, and is not resumed on this page.
    pub(crate) again: bool,
    /// The items that were read before it.
    pub(crate) before: Before,
    /// The items that were read, including it.
    pub(crate) after: Before,
}

impl OpenPage {
    fn position(&self, window: u32, known: Vec<Hex>) -> OpenWindow {
        let new = self.taken.saturating_sub(self.known);
        let mut read = self.before;
        let mut last = self.preceding;
        if new > 0 && !self.records.is_empty() {
            read.read = read.read.saturating_add(new as u64);
            last = self.records.get(self.taken - 1).copied();
        }
        // A window that was read to its end is not resumed on a page.
        let given = if read.exhausted { 0 } else { self.taken };
        OpenWindow {
            window,
            page: self.number,
            taken: u32::try_from(self.taken).unwrap_or(u32::MAX),
            given: self.records.iter().take(given).copied().map(Hex).collect(),
            last: last.map(Hex),
            read,
            known,
        }
    }
}

/// The start of a window: its first page, and what an earlier stream has yielded of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Start {
    pub(crate) window: u32,
    pub(crate) page: u32,
    pub(crate) taken: usize,
    pub(crate) given: Vec<u64>,
    /// The last item that was yielded.
    pub(crate) last: Option<u64>,
    /// The items of the window that were read.
    pub(crate) read: Before,
    /// All items that were yielded, as far as the cursor contains them.
    pub(crate) known: Vec<u64>,
}

impl Entry {
    /// Remembers an item that was yielded.
    fn remember(&mut self, fingerprint: u64) {
        if self
            .known
            .as_ref()
            .is_some_and(|known| known.len() >= MAX_GIVEN)
        {
            self.known = None;
        }
        if let Some(known) = &mut self.known {
            known.push(fingerprint);
        }
    }

    fn known(&self) -> Vec<Hex> {
        let known = self.known.iter().flatten();
        known.copied().map(Hex).collect()
    }
}

impl Ledger {
    /// Begins the next window; `None` if there are no more than `windows`.
    pub(crate) fn begin(&mut self, windows: u32) -> Option<Start> {
        let window = self.next_window;
        if window >= windows {
            return None;
        }
        self.next_window += 1;
        // Windows are begun in order.
        self.open.push(Entry {
            window,
            next_page: 1,
            pages: VecDeque::new(),
            ended: false,
            last: None,
            read: Before::default(),
            known: Some(Vec::new()),
            resumed: None,
        });
        Some(Start {
            window,
            page: 1,
            taken: 0,
            given: Vec::new(),
            last: None,
            read: Before::default(),
            known: Vec::new(),
        })
    }

    /// Returns the index of a window, or the index at which it would be inserted.
    fn index_of(&self, window: u32) -> std::result::Result<usize, usize> {
        self.open
            .binary_search_by_key(&window, |entry| entry.window)
    }

    fn entry(&mut self, window: u32) -> Option<&mut Entry> {
        let place = self.index_of(window).ok()?;
        self.open.get_mut(place)
    }

    /// Notes a received page.
    pub(crate) fn received(&mut self, window: u32, page: OpenPage) {
        if let Some(entry) = self.entry(window) {
            if !page.again {
                // A page that is empty now may have items later.
                entry.next_page = page
                    .number
                    .saturating_add(u32::from(page.last.is_some() || page.count > 0));
                entry.last = page.last.or(page.preceding);
            }
            entry.read = page.after;
            entry.resumed = None;
            entry.pages.push_back(page);
        }
        self.drop_finished(window);
    }

    /// Notes that the next record of the window was yielded.
    pub(crate) fn yielded(&mut self, window: u32) {
        if let Some(entry) = self.entry(window)
            && let Some(page) = entry.pages.front_mut()
        {
            let fingerprint = page.records.get(page.taken).copied();
            page.taken += 1;
            let is_whole = page.taken >= page.count;
            if let Some(fingerprint) = fingerprint {
                entry.remember(fingerprint);
            }
            if !is_whole {
                return;
            }
        }
        self.drop_finished(window);
    }

    /// Notes that no page of the window follows.
    pub(crate) fn ended(&mut self, window: u32) {
        if let Some(entry) = self.entry(window) {
            entry.ended = true;
        }
        self.drop_finished(window);
    }

    /// Drops pages and windows that were yielded completely.
    fn drop_finished(&mut self, window: u32) {
        let Ok(place) = self.index_of(window) else {
            return;
        };
        let entry = &mut self.open[place];
        while entry
            .pages
            .front()
            .is_some_and(|page| page.taken >= page.count)
        {
            entry.pages.pop_front();
        }
        if entry.ended && entry.pages.is_empty() {
            self.open.remove(place);
        }
    }

    pub(crate) fn position(&self) -> WindowsPosition {
        let open = self
            .open
            .iter()
            .map(|entry| match (&entry.resumed, entry.pages.front()) {
                (Some(resumed), _) => resumed.clone(),
                (None, Some(page)) => page.position(entry.window, entry.known()),
                (None, None) => OpenWindow {
                    window: entry.window,
                    page: entry.next_page,
                    taken: 0,
                    given: Vec::new(),
                    last: entry.last.map(Hex),
                    read: entry.read,
                    known: entry.known(),
                },
            })
            .map(|open| match open.is_whole() {
                true => open,
                // A part of them would not help.
                false => OpenWindow {
                    known: Vec::new(),
                    ..open
                },
            });
        WindowsPosition {
            next_window: self.next_window,
            open: open.collect(),
        }
    }

    /// Returns the ledger of a stream that continues from a position, and the starts of its open windows.
    pub(crate) fn resume(position: &WindowsPosition, windows: u32) -> Result<(Self, Vec<Start>)> {
        let damaged = || {
            Error::input(
                "the cursor does not match this list: it was damaged; start from the beginning, or use an older cursor",
            )
        };
        let in_bounds = |open: &OpenWindow| {
            open.window < position.next_window && (1..u32::MAX).contains(&open.page)
        };
        if position.next_window > windows || !position.open.iter().all(in_bounds) {
            return Err(damaged());
        }
        let mut ledger = Self {
            next_window: position.next_window,
            open: Vec::new(),
        };
        let mut starts = Vec::new();
        for open in &position.open {
            let Err(place) = ledger.index_of(open.window) else {
                return Err(damaged());
            };
            let entry = Entry {
                window: open.window,
                next_page: open.page,
                pages: VecDeque::new(),
                ended: false,
                last: None,
                read: open.read,
                known: open
                    .is_whole()
                    .then(|| open.known.iter().map(|hex| hex.0).collect()),
                resumed: Some(open.clone()),
            };
            ledger.open.insert(place, entry);
            starts.push(Start {
                window: open.window,
                page: open.page,
                taken: usize::try_from(open.taken).unwrap_or(usize::MAX),
                given: open.given.iter().map(|hex| hex.0).collect(),
                last: open.last.map(|hex| hex.0),
                read: open.read,
                known: open.known.iter().map(|hex| hex.0).collect(),
            });
        }
        Ok((ledger, starts))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_windows_in_any_order_of_a_position() {
        let mut ledger = Ledger::default();
        while ledger.begin(4).is_some() {}
        ledger.ended(1);
        let mut position = ledger.position();
        let windows = |position: &WindowsPosition| -> Vec<u32> {
            position.open.iter().map(|open| open.window).collect()
        };
        assert_eq!(windows(&position), [0, 2, 3]);

        position.open.reverse();
        let (mut ledger, starts) = Ledger::resume(&position, 4).unwrap();
        let begun: Vec<u32> = starts.iter().map(|start| start.window).collect();
        assert_eq!(begun, [3, 2, 0]);
        ledger.ended(2);
        assert_eq!(windows(&ledger.position()), [0, 3]);
        ledger.ended(2);
        ledger.ended(0);
        assert_eq!(windows(&ledger.position()), [3]);
    }
}
