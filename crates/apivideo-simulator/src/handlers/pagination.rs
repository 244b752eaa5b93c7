use std::ops::Range;

use crate::behaviour::{Behaviour, InvalidInput, PastTheEnd};
use crate::http::problem::Problem;
use crate::json::{self, Object};
use crate::state::ApiRequest;

const DEFAULT_PAGE_SIZE: u64 = 25;
const MAX_PAGE_SIZE: u64 = 100;

/// A page of a list of known length.
#[derive(Debug)]
pub(crate) struct Page<'a> {
    request: ApiRequest<'a>,
    number: u64,
    size: u64,
    pages_total: u64,
    items_total: u64,
}

impl<'a> Page<'a> {
    pub(crate) fn new(
        request: ApiRequest<'a>,
        behaviour: &Behaviour,
        items_total: u64,
    ) -> Result<Self, Problem> {
        let bounded = |name, default, max| {
            parse_number(
                request.query.get(name),
                default,
                max,
                behaviour.invalid_pagination,
            )
            .ok_or_else(|| Problem::query(name, out_of_bounds(max)))
        };
        let number = bounded("currentPage", 1, u64::from(u32::MAX))?;
        let size = bounded("pageSize", DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE)?;
        let pages_total = match items_total.div_ceil(size) {
            0 => u64::from(behaviour.empty_pages_total),
            pages => pages,
        };
        if number > pages_total.max(1) && behaviour.past_the_end == PastTheEnd::NotFound {
            return Err(Problem::not_found("currentPage"));
        }
        Ok(Self {
            request,
            number,
            size,
            pages_total,
            items_total,
        })
    }

    /// Returns the indices of the items of the page.
    pub(crate) fn items(&self) -> Range<u64> {
        let start = ((self.number - 1) * self.size).min(self.items_total);
        start..(start + self.size).min(self.items_total)
    }

    /// Writes the member `pagination`.
    pub(crate) fn write(&self, response: &mut Object<'_>) {
        let items = self.items();
        let mut object = Object::begin(response.key("pagination"));
        object.number("currentPage", self.number);
        object.number("currentPageItems", items.end - items.start);
        object.number("pageSize", self.size);
        object.number("pagesTotal", self.pages_total);
        object.number("itemsTotal", self.items_total);
        let filters = self.request.query.filters();
        let last = self.pages_total.max(1);
        let links = [
            ("self", Some(self.number)),
            ("first", Some(1)),
            ("previous", (self.number > 1).then(|| self.number - 1)),
            ("next", (self.number < last).then(|| self.number + 1)),
            ("last", Some(last)),
        ];
        let present = links.iter().filter_map(|&(rel, page)| Some((rel, page?)));
        json::array(object.key("links"), present, |out, (rel, page)| {
            let mut link = Object::begin(out);
            link.string("rel", rel);
            let (path, size) = (self.request.path, self.size);
            let uri = format!("{path}?{filters}currentPage={page}&pageSize={size}");
            link.string("uri", &uri);
            link.end();
        });
        object.end();
    }
}

fn parse_number(text: Option<&str>, default: u64, max: u64, invalid: InvalidInput) -> Option<u64> {
    let Some(text) = text else {
        return Some(default);
    };
    match (text.parse::<u64>(), invalid) {
        (Ok(value), _) if (1..=max).contains(&value) => Some(value),
        (Ok(value), InvalidInput::Tolerate) => Some(value.clamp(1, max)),
        (Err(_), InvalidInput::Tolerate) => Some(default),
        (_, InvalidInput::Reject) => None,
    }
}

fn out_of_bounds(max: u64) -> String {
    match max {
        MAX_PAGE_SIZE => format!("This value should be between 1 and {MAX_PAGE_SIZE}."),
        _ => "This value should be 1 or more.".to_owned(),
    }
}

/// Parses `sortOrder`.
pub(crate) fn descending(request: ApiRequest<'_>, default: bool) -> Result<bool, Problem> {
    match request.query.get("sortOrder") {
        None => Ok(default),
        Some("asc") => Ok(false),
        Some("desc") => Ok(true),
        Some(_) => Err(Problem::query(
            "sortOrder",
            "This value must be part of the following values: asc,desc",
        )),
    }
}

/// Parses `sortBy`: one of `allowed`, by default the first.
pub(crate) fn sort_by(
    request: ApiRequest<'_>,
    allowed: &[&'static str],
) -> Result<&'static str, Problem> {
    let Some(requested) = request.query.get("sortBy") else {
        return Ok(allowed[0]);
    };
    let found = allowed.iter().copied().find(|name| *name == requested);
    found.ok_or_else(|| {
        let list = allowed.join(",");
        Problem::query(
            "sortBy",
            format!("This value must be part of the following values: {list}"),
        )
    })
}

/// Renders a page: `data`, with a call of `write` per item, and `pagination`.
pub(crate) fn render(
    page: &Page<'_>,
    bytes_per_item: usize,
    write: impl FnMut(&mut Vec<u8>, u64),
) -> Vec<u8> {
    let items = page.items();
    let mut out = Vec::with_capacity(1_024 + (items.end - items.start) as usize * bytes_per_item);
    let mut object = Object::begin(&mut out);
    json::array(object.key("data"), items, write);
    page.write(&mut object);
    object.end();
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::query::Query;

    fn page(
        raw: &str,
        items_total: u64,
        behaviour: &Behaviour,
    ) -> Result<serde_json::Value, Problem> {
        let query = Query::parse(raw);
        let request = ApiRequest {
            path: "/list",
            parameters: [""; 2],
            query: &query,
            now_ms: 0,
        };
        let page = Page::new(request, behaviour, items_total)?;
        let text = render(&page, 8, json::number);
        Ok(serde_json::from_slice(&text).unwrap())
    }

    fn links(response: &serde_json::Value) -> Vec<(&str, &str)> {
        let links = response["pagination"]["links"].as_array().unwrap();
        links
            .iter()
            .map(|link| (link["rel"].as_str().unwrap(), link["uri"].as_str().unwrap()))
            .collect()
    }

    #[test]
    fn pages_have_their_items_and_links() {
        let behaviour = Behaviour::default();
        let first = page("period=2022&pageSize=4", 10, &behaviour).unwrap();
        assert_eq!(first["data"], serde_json::json!([0, 1, 2, 3]));
        assert_eq!(
            links(&first),
            [
                ("self", "/list?period=2022&currentPage=1&pageSize=4"),
                ("first", "/list?period=2022&currentPage=1&pageSize=4"),
                ("next", "/list?period=2022&currentPage=2&pageSize=4"),
                ("last", "/list?period=2022&currentPage=3&pageSize=4"),
            ]
        );
        let middle = page("pageSize=4&currentPage=2", 10, &behaviour).unwrap();
        let rels: Vec<_> = links(&middle).iter().map(|link| link.0).collect();
        assert_eq!(rels, ["self", "first", "previous", "next", "last"]);
        let last = page("pageSize=4&currentPage=3", 10, &behaviour).unwrap();
        assert_eq!(last["data"], serde_json::json!([8, 9]));
        assert_eq!(last["pagination"]["currentPageItems"], 2);
        assert_eq!(last["pagination"]["pagesTotal"], 3);
        assert!(links(&last).iter().all(|link| link.0 != "next"));
    }

    #[test]
    fn empty_lists_and_pages_past_the_end() {
        let mut behaviour = Behaviour::default();
        let empty = page("", 0, &behaviour).unwrap();
        assert_eq!(empty["data"], serde_json::json!([]));
        assert_eq!(empty["pagination"]["pagesTotal"], 1);
        let beyond = page("currentPage=7", 10, &behaviour).unwrap();
        assert_eq!(beyond["data"], serde_json::json!([]));
        assert_eq!(beyond["pagination"]["currentPage"], 7);
        behaviour.empty_pages_total = 0;
        behaviour.past_the_end = PastTheEnd::NotFound;
        assert_eq!(
            page("", 0, &behaviour).unwrap()["pagination"]["pagesTotal"],
            0
        );
        assert_eq!(
            page("currentPage=2", 10, &behaviour).unwrap_err().status,
            404
        );
    }

    #[test]
    fn invalid_pagination_is_rejected_or_tolerated() {
        let mut behaviour = Behaviour::default();
        for raw in [
            "pageSize=0",
            "pageSize=101",
            "pageSize=x",
            "pageSize=",
            "currentPage=0",
            "currentPage=-1",
        ] {
            assert_eq!(page(raw, 10, &behaviour).unwrap_err().status, 400, "{raw}");
        }
        behaviour.invalid_pagination = InvalidInput::Tolerate;
        for (raw, size) in [("pageSize=0", 1), ("pageSize=101", 100), ("pageSize=x", 25)] {
            assert_eq!(
                page(raw, 10, &behaviour).unwrap()["pagination"]["pageSize"],
                size,
                "{raw}"
            );
        }
    }
}
