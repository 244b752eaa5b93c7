//! Addresses of pages, grouped by host.

use crate::bars::{Amount, Entry};

/// The number of pages of a host that are listed.
const MAX_PAGES: usize = 3;

/// Returns the host, without `www.`, and the path of an address. Query, fragment, port and user are left out.
pub(crate) fn split(address: &str) -> (String, String) {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let rest = rest.split(['?', '#']).next().unwrap_or(rest);
    let (authority, path) = match rest.find('/') {
        Some(at) => rest.split_at(at),
        None => (rest, ""),
    };
    let host = authority
        .rsplit_once('@')
        .map_or(authority, |(_, host)| host);
    let host = match host.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        _ => host,
    };
    let host = host.strip_prefix("www.").unwrap_or(host);
    let path = if path == "/" { "" } else { path };
    (host.to_owned(), path.to_owned())
}

/// Adds the pages of each host to it. Pages of unlisted hosts are left out.
pub(crate) fn add_pages(
    hosts: &mut [Entry],
    pages: impl IntoIterator<Item = (String, String, Amount)>,
) {
    for (host, path, amount) in pages {
        if let Some(entry) = hosts.iter_mut().find(|entry| entry.name == host) {
            let name = if path.is_empty() {
                "/".to_owned()
            } else {
                path
            };
            entry.parts.push(Entry {
                name,
                amount,
                parts: Vec::new(),
            });
        }
    }
    hosts.iter_mut().for_each(limit_pages);
}

/// Keeps the first pages of a host, and combines the others.
fn limit_pages(host: &mut Entry) {
    host.parts.retain(|page| page.amount.plays > 0);
    host.parts.sort_by(|a, b| {
        b.amount
            .plays
            .cmp(&a.amount.plays)
            .then_with(|| a.name.cmp(&b.name))
    });
    if let [only] = host.parts.as_slice() {
        // The start page needs no line of its own.
        if only.name == "/" {
            host.parts.clear();
        }
    }
    if host.parts.len() > MAX_PAGES + 1 {
        let mut amount = Amount::default();
        let others = host.parts.split_off(MAX_PAGES);
        others.iter().for_each(|page| amount.add(page.amount));
        host.parts.push(Entry {
            name: format!("{} more pages", others.len()),
            amount,
            parts: Vec::new(),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_lose_query_fragment_port_and_user() {
        let split = |address| split(address);
        let pair = |host: &str, path: &str| (host.to_owned(), path.to_owned());
        assert_eq!(
            split("https://www.example.com/a/b?token=secret#top"),
            pair("example.com", "/a/b")
        );
        assert_eq!(
            split("https://user:pass@example.com:8080?q=1"),
            pair("example.com", "")
        );
        assert_eq!(split("example.com/"), pair("example.com", ""));
        assert_eq!(split(""), pair("", ""));
    }

    #[test]
    fn pages_are_below_their_host() {
        let host = |name: &str| Entry {
            name: name.to_owned(),
            ..Entry::default()
        };
        let mut hosts = [host("a.example"), host("b.example"), host("c.example")];
        let page = |host: &str, path: &str, plays| {
            (host.to_owned(), path.to_owned(), Amount::plays(plays))
        };
        let many = (0..6).map(|index| page("a.example", &format!("/{index}"), 10 - index));
        add_pages(
            &mut hosts,
            many.chain([
                page("b.example", "", 3),
                page("c.example", "/x", 2),
                page("d.example", "/y", 2),
            ]),
        );
        let names = |host: &Entry| {
            host.parts
                .iter()
                .map(|page| page.name.clone())
                .collect::<Vec<_>>()
        };
        assert_eq!(names(&hosts[0]), ["/0", "/1", "/2", "3 more pages"]);
        assert_eq!(hosts[0].parts[3].amount.plays, 7 + 6 + 5);
        assert!(hosts[1].parts.is_empty());
        assert_eq!(names(&hosts[2]), ["/x"]);
    }
}
