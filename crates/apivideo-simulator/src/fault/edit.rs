//! Edits the JSON of a page.

use serde_json::{Value, json};

use super::rule::Rule;

/// The items of other pages that a rule refers to.
#[derive(Debug, Default)]
pub(crate) struct OtherPages {
    pub(crate) replacement: Option<Vec<Value>>,
    pub(crate) previous: Option<Vec<Value>>,
}

/// Edits a page. Pointers to missing values have no effect.
pub(crate) fn edit(rule: &Rule, response: &mut Value, others: OtherPages) {
    if let Some(replacement) = others.replacement {
        set_items(response, replacement);
    }
    if let (Some(previous), Some(count)) = (others.previous, rule.overlap) {
        let count = usize::try_from(count).unwrap_or(usize::MAX);
        let mut items = previous[previous.len().saturating_sub(count)..].to_vec();
        items.extend(items_of(response));
        set_items(response, items);
    }
    if rule.endless {
        announce_next_page(response);
    }
    for (pointer, value) in &rule.replace {
        replace(response, pointer, value);
    }
    for pointer in &rule.remove {
        remove(response, pointer);
    }
}

pub(crate) fn items_of(response: &mut Value) -> Vec<Value> {
    match response.get_mut("data").map(Value::take) {
        Some(Value::Array(items)) => items,
        _ => Vec::new(),
    }
}

fn set_items(response: &mut Value, items: Vec<Value>) {
    replace(
        response,
        "/pagination/currentPageItems",
        &json!(items.len()),
    );
    replace(response, "/data", &Value::Array(items));
}

fn announce_next_page(response: &mut Value) {
    let Some(page) = response
        .pointer("/pagination/currentPage")
        .and_then(Value::as_u64)
    else {
        return;
    };
    let next = page.saturating_add(1);
    replace(response, "/pagination/pagesTotal", &json!(next));
    let Some(Value::Array(links)) = response.pointer_mut("/pagination/links") else {
        return;
    };
    let uri_of = |rel: &str| {
        let link = links.iter().find(|link| link["rel"] == rel)?;
        link["uri"].as_str()
    };
    if uri_of("next").is_none()
        && let Some(uri) = uri_of("self")
    {
        let uri = uri.replace(
            &format!("currentPage={page}&"),
            &format!("currentPage={next}&"),
        );
        links.push(json!({"rel": "next", "uri": uri}));
    }
}

fn replace(response: &mut Value, pointer: &str, value: &Value) {
    if let Some(found) = response.pointer_mut(pointer) {
        *found = value.clone();
    } else if let Some((Value::Object(parent), member)) = parent(response, pointer) {
        parent.insert(member, value.clone());
    }
}

fn remove(response: &mut Value, pointer: &str) {
    match parent(response, pointer) {
        Some((Value::Object(parent), member)) => {
            parent.remove(&member);
        }
        Some((Value::Array(parent), index)) => {
            if let Ok(index) = index.parse::<usize>()
                && index < parent.len()
            {
                parent.remove(index);
            }
        }
        _ => {}
    }
}

/// Returns the parent of the value at a pointer, and the name or index of the value in it.
fn parent<'v>(response: &'v mut Value, pointer: &str) -> Option<(&'v mut Value, String)> {
    let (above, name) = pointer.rsplit_once('/')?;
    let name = name.replace("~1", "/").replace("~0", "~");
    Some((response.pointer_mut(above)?, name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn response() -> Value {
        json!({
            "data": [{"a": {"b": 1}}, {"a": 2}],
            "pagination": {
                "currentPage": 2, "currentPageItems": 2, "pagesTotal": 2, "itemsTotal": 4,
                "links": [{"rel": "self", "uri": "/x?currentPage=2&pageSize=2"}],
            },
        })
    }

    fn edited(rule: &Rule, others: OtherPages) -> Value {
        let mut response = response();
        edit(rule, &mut response, others);
        response
    }

    #[test]
    fn values_are_replaced_added_and_removed() {
        let rule = Rule::new()
            .replace("/data/0/a", json!([]))
            .replace("/data/1/c~1d", 7)
            .replace("/data/9/a", 7)
            .remove("/pagination/links")
            .remove("/nothing/there");
        let response = edited(&rule, OtherPages::default());
        assert_eq!(response["data"], json!([{"a": []}, {"a": 2, "c/d": 7}]));
        assert_eq!(response["pagination"].get("links"), None);
        let rule = Rule::new()
            .remove("/data/0")
            .remove("/data/7")
            .remove("/pagination");
        assert_eq!(
            edited(&rule, OtherPages::default()),
            json!({"data": [{"a": 2}]})
        );
        let rule = Rule::new().empty_page();
        let response = edited(&rule, OtherPages::default());
        assert_eq!(response["data"], json!([]));
        assert_eq!(response["pagination"]["currentPageItems"], 0);
    }

    #[test]
    fn items_are_taken_from_other_pages() {
        let others = || Some(vec![json!("x"), json!("y"), json!("z")]);
        let response = edited(
            &Rule::new().items_of(1),
            OtherPages {
                replacement: others(),
                previous: None,
            },
        );
        assert_eq!(response["data"], json!(["x", "y", "z"]));
        assert_eq!(response["pagination"]["currentPageItems"], 3);
        assert_eq!(response["pagination"]["currentPage"], 2);
        let response = edited(
            &Rule::new().overlap(2),
            OtherPages {
                replacement: None,
                previous: others(),
            },
        );
        assert_eq!(
            response["data"],
            json!(["y", "z", {"a": {"b": 1}}, {"a": 2}])
        );
        assert_eq!(response["pagination"]["currentPageItems"], 4);
    }

    #[test]
    fn an_endless_list_always_has_a_next_page() {
        let response = edited(&Rule::new().endless(), OtherPages::default());
        assert_eq!(response["pagination"]["pagesTotal"], 3);
        assert_eq!(
            response["pagination"]["links"][1],
            json!({"rel": "next", "uri": "/x?currentPage=3&pageSize=2"})
        );
    }
}
