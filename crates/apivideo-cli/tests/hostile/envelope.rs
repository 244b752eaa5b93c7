//! Pages: their items and their pagination.

use crate::mixture::{Kind, Mixture};
use crate::rng::Rng;

/// How a list is paged. Each list has its own shape, drawn from the kinds of the mixture.
#[derive(Debug, Default)]
pub(crate) struct Shape {
    numbers: Numbers,
    links: Links,
    pagination: Pagination,
    /// Items as an object with numeric keys.
    keyed: bool,
    /// The representation of an empty list.
    empty: Option<&'static str>,
    /// The error of the number of pages; `None` for 0 pages.
    pages_off: Option<i64>,
    total: Total,
    size: Size,
    wrong_page: bool,
    pub(crate) unordered: bool,
    after_end: AfterEnd,
}

#[derive(Debug, Default)]
enum Numbers {
    #[default]
    Integers,
    Strings,
    Floats,
}

#[derive(Debug, Default)]
enum Links {
    #[default]
    Array,
    Text(&'static str),
    Missing,
}

#[derive(Debug, Default)]
enum Pagination {
    #[default]
    Given,
    Missing,
    Text(&'static str),
}

#[derive(Debug, Default, PartialEq)]
enum Total {
    #[default]
    Right,
    Missing,
    Zero,
    More(u64),
}

#[derive(Debug, Default)]
enum Size {
    #[default]
    Honored,
    /// A quarter of what is requested.
    Quarter,
    /// All items on each page.
    All,
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
enum AfterEnd {
    #[default]
    Empty,
    NotFound,
    /// The last page, under its own number.
    Last,
    /// The last page, under the requested number.
    LastRenumbered,
    First,
}

const NULLS: &str = r#"{"currentPage":null,"currentPageItems":null,"pageSize":null,"pagesTotal":null,"itemsTotal":null,"links":null}"#;

impl Shape {
    /// The shape of the list at a path.
    pub(crate) fn draw(mixture: &Mixture, path: &str) -> Self {
        let mut shape = Self {
            pages_off: Some(0),
            ..Self::default()
        };
        // All pages of a list have the same faults.
        let kinds: Vec<Kind> = mixture.kinds().collect();
        for kind in kinds {
            let mut rng = mixture.rng(&format!("{kind:?} {path}"));
            if rng.per_mille(600) {
                shape.apply(kind, &mut rng);
            }
        }
        // Events have no identity: duplicates that fill up a total that is too high are indistinguishable from events.
        if path.ends_with("/events") && matches!(shape.total, Total::More(_)) {
            shape.size = Size::Honored;
            shape.after_end = AfterEnd::Empty;
        }
        shape
    }

    fn apply(&mut self, kind: Kind, rng: &mut Rng) {
        match kind {
            Kind::NumberForms => {
                self.numbers = match rng.below(2) {
                    0 => Numbers::Strings,
                    _ => Numbers::Floats,
                };
            }
            Kind::Links => {
                self.links = match rng.below(5) {
                    0 => Links::Missing,
                    choice => Links::Text(
                        ["[]", "{}", "null", r#"{"rel":"self","uri":"/x"}"#][choice - 1],
                    ),
                };
            }
            Kind::NoPagination => {
                self.pagination = match rng.below(5) {
                    0 => Pagination::Missing,
                    choice => Pagination::Text(["null", "[]", "{}", NULLS][choice - 1]),
                };
            }
            Kind::DataForms => {
                self.keyed = rng.below(2) == 0;
                self.empty = Some(rng.pick(&["{}", "null", "[]"]));
            }
            Kind::PagesTotalWrong => {
                self.pages_off = rng.pick(&[Some(-1), Some(1), Some(3), None]);
            }
            Kind::TotalMissing => self.total = Total::Missing,
            Kind::TotalZero => self.total = Total::Zero,
            Kind::TotalTooBig => {
                self.total = Total::More(rng.pick(&[1, 2, 100, 99_999_999_999]));
            }
            Kind::SizeNotHonored => {
                self.size = match rng.below(2) {
                    0 => Size::Quarter,
                    _ => Size::All,
                };
            }
            Kind::WrongPage => self.wrong_page = true,
            Kind::Unordered => self.unordered = true,
            Kind::AfterEnd => {
                self.after_end = rng.pick(&[
                    AfterEnd::NotFound,
                    AfterEnd::Last,
                    AfterEnd::LastRenumbered,
                    AfterEnd::First,
                ]);
            }
            _ => {}
        }
    }

    /// Returns a page of these items as text; `None` if it does not exist.
    pub(crate) fn page(&self, items: &[&[u8]], requested: u64, size: u64) -> Option<Vec<u8>> {
        let total = items.len() as u64;
        let real_size = match self.size {
            Size::Honored => size,
            Size::Quarter => (size / 4).max(1),
            Size::All => total.max(1),
        };
        let pages = total.div_ceil(real_size);
        let (mut place, mut number) = (requested, requested);
        match self.size {
            Size::All => place = 1,
            _ if requested > pages.max(1) => match self.after_end {
                AfterEnd::Empty => {}
                AfterEnd::NotFound => return None,
                AfterEnd::Last => (place, number) = (pages.max(1), pages.max(1)),
                AfterEnd::LastRenumbered => place = pages.max(1),
                AfterEnd::First => place = 1,
            },
            _ => {}
        }
        let start = (place.saturating_sub(1))
            .saturating_mul(real_size)
            .min(total);
        let end = (start + real_size).min(total);
        let bounds = usize::try_from(start).ok().zip(usize::try_from(end).ok());
        let items = bounds.map_or(&[][..], |(start, end)| &items[start..end]);
        if self.wrong_page {
            number = 1;
        }
        let mut text = b"{\"data\":".to_vec();
        self.data(items, &mut text);
        let pagination = self.pagination(number, items.len() as u64, size, pages, total);
        if let Some(pagination) = pagination {
            text.extend_from_slice(b",\"pagination\":");
            text.extend_from_slice(pagination.as_bytes());
        }
        text.push(b'}');
        Some(text)
    }

    fn data(&self, items: &[&[u8]], text: &mut Vec<u8>) {
        if items.is_empty() {
            text.extend_from_slice(self.empty.unwrap_or("[]").as_bytes());
            return;
        }
        text.push(if self.keyed { b'{' } else { b'[' });
        for (index, item) in items.iter().enumerate() {
            if index > 0 {
                text.push(b',');
            }
            if self.keyed {
                text.extend_from_slice(format!("\"{index}\":").as_bytes());
            }
            text.extend_from_slice(item);
        }
        text.push(if self.keyed { b'}' } else { b']' });
    }

    fn pagination(
        &self,
        number: u64,
        items: u64,
        size: u64,
        pages: u64,
        total: u64,
    ) -> Option<String> {
        match self.pagination {
            Pagination::Missing => return None,
            Pagination::Text(text) => return Some(text.to_owned()),
            Pagination::Given => {}
        }
        let pages_total = match self.pages_off {
            Some(off) => pages.saturating_add_signed(off),
            None => 0,
        };
        let items_total = match self.total {
            Total::Right => Some(total),
            Total::Missing => None,
            Total::Zero => Some(0),
            Total::More(more) => Some(total + more),
        };
        let named = [
            ("currentPage", Some(number)),
            ("currentPageItems", Some(items)),
            ("pageSize", Some(size)),
            ("pagesTotal", Some(pages_total)),
            ("itemsTotal", items_total),
        ];
        let named = named
            .into_iter()
            .filter_map(|(name, value)| Some((name, value?)));
        let mut members: Vec<String> = named
            .map(|(name, value)| match self.numbers {
                Numbers::Integers => format!("\"{name}\":{value}"),
                Numbers::Strings => format!("\"{name}\":\"{value}\""),
                Numbers::Floats => format!("\"{name}\":{value}.0"),
            })
            .collect();
        match self.links {
            Links::Missing => {}
            Links::Text(text) => members.push(format!("\"links\":{text}")),
            Links::Array => {
                let mut links = vec![
                    link("self", number),
                    link("first", 1),
                    link("last", pages.max(1)),
                ];
                if number < pages {
                    links.push(link("next", number + 1));
                }
                members.push(format!("\"links\":[{}]", links.join(",")));
            }
        }
        Some(format!("{{{}}}", members.join(",")))
    }
}

fn link(rel: &str, page: u64) -> String {
    format!("{{\"rel\":\"{rel}\",\"uri\":\"/x?currentPage={page}\"}}")
}
