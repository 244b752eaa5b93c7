//! Where a stream stands, and how that is kept.

use std::collections::VecDeque;

use crate::cursor::{Before, Hex, MAX_GIVEN, OpenWindow, WindowsPosition};
use crate::error::{Error, Result};

/// What has been given and what has not: the source of cursors.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    next_window: u32,
    /// In ascending order.
    open: Vec<Entry>,
}

/// One window that is not done.
#[derive(Debug)]
struct Entry {
    window: u32,
    /// The page after the ones in `pages`.
    next_page: u32,
    /// Pages that came, and are not given whole.
    pages: VecDeque<OpenPage>,
    /// No page will follow.
    ended: bool,
    /// The last record of the page that came last.
    last: Option<u64>,
    /// What was read with the pages that came.
    read: Before,
    /// The items that were given; `None` once there are too many.
    known: Option<Vec<u64>>,
    /// How the window stood when the stream was resumed, until its first page has come.
    resumed: Option<OpenWindow>,
}

/// A page of which not all has been given.
#[derive(Debug)]
pub(crate) struct OpenPage {
    pub(crate) number: u32,
    /// The fingerprints of its records, where items have an identity: first those that were known when it came, then the
    /// others in their order.
    pub(crate) records: Vec<u64>,
    /// How many of its records were known when it came.
    pub(crate) known: usize,
    /// How many of its records have been given, by this stream or one before.
    pub(crate) taken: usize,
    /// How many records it has.
    pub(crate) count: usize,
    /// The last record of the page before.
    pub(crate) preceding: Option<u64>,
    /// Its last record.
    pub(crate) last: Option<u64>,
    /// Whether the list is read again, and is not resumed on this page.
    pub(crate) again: bool,
    /// What was read before it.
    pub(crate) before: Before,
    /// What was read with it.
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
        // What was read to its end is not resumed on a page.
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

/// What a window begins with: the page, and what of it was given before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Start {
    pub(crate) window: u32,
    pub(crate) page: u32,
    pub(crate) taken: usize,
    pub(crate) given: Vec<u64>,
    /// The last item that was given.
    pub(crate) last: Option<u64>,
    /// What was read of the window.
    pub(crate) read: Before,
    /// All items that were given, as far as the cursor has them.
    pub(crate) known: Vec<u64>,
}

impl Entry {
    /// An item was given.
    fn knows(&mut self, fingerprint: u64) {
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
    /// Where the next window begins; `None` when there are no more than `windows`.
    pub(crate) fn begin(&mut self, windows: u32) -> Option<Start> {
        let window = self.next_window;
        if window >= windows {
            return None;
        }
        self.next_window += 1;
        // Windows are begun in their order.
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

    /// Where the entry of a window is, or where it would be.
    fn index_of(&self, window: u32) -> Result<usize, usize> {
        self.open
            .binary_search_by_key(&window, |entry| entry.window)
    }

    fn entry(&mut self, window: u32) -> Option<&mut Entry> {
        let place = self.index_of(window).ok()?;
        self.open.get_mut(place)
    }

    /// A page came, with `count` records: those that are to be given after `taken` that were before.
    pub(crate) fn received(&mut self, window: u32, page: OpenPage) {
        if let Some(entry) = self.entry(window) {
            if !page.again {
                // A page that came empty may be there another time.
                entry.next_page = page
                    .number
                    .saturating_add(u32::from(page.last.is_some() || page.count > 0));
                entry.last = page.last.or(page.preceding);
            }
            entry.read = page.after;
            entry.resumed = None;
            entry.pages.push_back(page);
        }
        self.settle(window);
    }

    /// The next record of the window has left the stream.
    pub(crate) fn yielded(&mut self, window: u32) {
        if let Some(entry) = self.entry(window)
            && let Some(page) = entry.pages.front_mut()
        {
            let fingerprint = page.records.get(page.taken).copied();
            page.taken += 1;
            let is_whole = page.taken >= page.count;
            if let Some(fingerprint) = fingerprint {
                entry.knows(fingerprint);
            }
            if !is_whole {
                return;
            }
        }
        self.settle(window);
    }

    /// No page of the window will follow.
    pub(crate) fn ended(&mut self, window: u32) {
        if let Some(entry) = self.entry(window) {
            entry.ended = true;
        }
        self.settle(window);
    }

    /// Forgets what has been given whole.
    fn settle(&mut self, window: u32) {
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
                // Some of them would not help.
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
