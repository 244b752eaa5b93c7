//! A check of pages, as far as it is possible without a browser.

use std::collections::BTreeSet;

/// Elements without an end.
const VOID: [&str; 2] = ["meta", "br"];

/// An element that was started.
struct Tag<'p> {
    name: &'p str,
    attributes: Vec<(&'p str, &'p str)>,
    is_end: bool,
    is_empty: bool,
}

/// Fails if a page is not well-formed, names are missing or used twice, or it could run a script or make a request.
#[track_caller]
pub(crate) fn check(page: &str) {
    let mut open: Vec<&str> = Vec::new();
    let mut ids = BTreeSet::new();
    let mut regions = BTreeSet::new();
    let mut references: Vec<&str> = Vec::new();
    let mut last_heading = 0;
    let mut first_headings = 0;
    for tag in tags(page) {
        if tag.is_end {
            assert_eq!(
                open.pop(),
                Some(tag.name),
                "an element ends that was not started"
            );
            continue;
        }
        for (name, value) in &tag.attributes {
            assert!(!name.starts_with("on"), "a script in {name}");
            match *name {
                "id" => assert!(ids.insert(*value), "the id {value} is used twice"),
                "aria-labelledby" => references.extend(value.split(' ')),
                "aria-label" => assert!(regions.insert(*value), "the name {value} is used twice"),
                "href" => {
                    references.push(value.strip_prefix('#').expect("a link leaves the page"));
                }
                "src" | "srcset" | "action" | "data" | "poster" | "xlink:href" => {
                    panic!("{name} makes a request")
                }
                "style" => assert!(!value.contains("url"), "{value} makes a request"),
                _ => {}
            }
        }
        assert!(
            !matches!(
                tag.name,
                "link" | "img" | "iframe" | "object" | "embed" | "base" | "form" | "image" | "use"
            ),
            "an element {}",
            tag.name
        );
        if tag.name == "script" {
            assert_eq!(tag.attributes[0], ("type", "application/json"));
        }
        if let Some(level) = tag
            .name
            .strip_prefix('h')
            .and_then(|level| level.parse::<u32>().ok())
        {
            assert!(
                level <= last_heading + 1,
                "a heading of level {level} follows one of {last_heading}"
            );
            first_headings += u32::from(level == 1);
            last_heading = level;
        }
        if !VOID.contains(&tag.name) && !tag.is_empty {
            open.push(tag.name);
        }
    }
    assert_eq!(open, Vec::<&str>::new(), "elements do not end");
    assert_eq!(first_headings, 1, "a page has one h1");
    for reference in references {
        assert!(ids.contains(reference), "the id {reference} is missing");
    }
    assert!(page.contains(
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
    ));
    let style = &page[page.find("<style>").unwrap()..page.find("</style>").unwrap()];
    assert!(
        !style.contains("url(") && !style.contains("@import"),
        "the style makes a request"
    );
    assert!(
        !page.contains("NaN") && !page.contains("inf%"),
        "a number that is not finite"
    );
}

fn tags(page: &str) -> Vec<Tag<'_>> {
    let mut tags = Vec::new();
    let mut rest = page
        .split_once("<!doctype html>")
        .expect("a page starts with its type")
        .1;
    while let Some(start) = rest.find('<') {
        let end = start + rest[start..].find('>').expect("a tag ends");
        let inside = &rest[start + 1..end];
        rest = &rest[end + 1..];
        let (is_end, inside) = match inside.strip_prefix('/') {
            Some(inside) => (true, inside),
            None => (false, inside),
        };
        let (is_empty, inside) = match inside.strip_suffix('/') {
            Some(inside) => (true, inside),
            None => (false, inside),
        };
        let (name, attributes) = inside.split_once(' ').unwrap_or((inside, ""));
        assert!(
            name.bytes().all(|byte| byte.is_ascii_alphanumeric()),
            "an element {name:?}"
        );
        tags.push(Tag {
            name,
            attributes: attributes_of(attributes),
            is_end,
            is_empty,
        });
        if matches!(name, "style" | "script") && !is_end {
            let end = rest.find(&format!("</{name}>")).expect("the element ends");
            rest = &rest[end..];
        }
    }
    tags
}

fn attributes_of(mut rest: &str) -> Vec<(&str, &str)> {
    let mut attributes = Vec::new();
    while let Some((name, after)) = rest.split_once("=\"") {
        let (value, after) = after.split_once('"').expect("an attribute ends");
        attributes.push((name.trim(), value));
        rest = after;
    }
    assert_eq!(rest.trim(), "", "an attribute without a value in quotes");
    attributes
}
