//! Pages that are not right: what a reply says of itself and of its items is changed.

use serde_json::{Value, json};

use super::rule::Rule;

/// The items of other pages that a rule needs.
#[derive(Debug, Default)]
pub(super) struct Others {
    pub(super) instead: Option<Vec<Value>>,
    pub(super) before: Option<Vec<Value>>,
}

/// Changes a reply; a part that is not there stays so.
pub(super) fn edit(rule: &Rule, reply: &mut Value, others: Others) {
    if let Some(instead) = others.instead {
        set_items(reply, instead);
    }
    if let (Some(before), Some(count)) = (others.before, rule.overlap) {
        let count = usize::try_from(count).unwrap_or(usize::MAX);
        let mut items = before[before.len().saturating_sub(count)..].to_vec();
        items.extend(items_of(reply));
        set_items(reply, items);
    }
    if rule.endless {
        promise_more(reply);
    }
    for (pointer, value) in &rule.replace {
        replace(reply, pointer, value);
    }
    for pointer in &rule.remove {
        remove(reply, pointer);
    }
}

pub(super) fn items_of(reply: &mut Value) -> Vec<Value> {
    match reply.get_mut("data").map(Value::take) {
        Some(Value::Array(items)) => items,
        _ => Vec::new(),
    }
}

fn set_items(reply: &mut Value, items: Vec<Value>) {
    replace(reply, "/pagination/currentPageItems", &json!(items.len()));
    replace(reply, "/data", &Value::Array(items));
}

fn promise_more(reply: &mut Value) {
    let Some(page) = reply
        .pointer("/pagination/currentPage")
        .and_then(Value::as_u64)
    else {
        return;
    };
    let next = page.saturating_add(1);
    replace(reply, "/pagination/pagesTotal", &json!(next));
    let Some(Value::Array(links)) = reply.pointer_mut("/pagination/links") else {
        return;
    };
    let of = |rel: &str| {
        let link = links.iter().find(|link| link["rel"] == rel)?;
        link["uri"].as_str()
    };
    if of("next").is_none()
        && let Some(uri) = of("self")
    {
        let uri = uri.replace(
            &format!("currentPage={page}&"),
            &format!("currentPage={next}&"),
        );
        links.push(json!({"rel": "next", "uri": uri}));
    }
}

fn replace(reply: &mut Value, pointer: &str, value: &Value) {
    if let Some(found) = reply.pointer_mut(pointer) {
        *found = value.clone();
    } else if let Some((Value::Object(parent), member)) = parent(reply, pointer) {
        parent.insert(member, value.clone());
    }
}

fn remove(reply: &mut Value, pointer: &str) {
    match parent(reply, pointer) {
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

/// What holds the part at a pointer, and the part's name in it.
fn parent<'v>(reply: &'v mut Value, pointer: &str) -> Option<(&'v mut Value, String)> {
    let (above, name) = pointer.rsplit_once('/')?;
    let name = name.replace("~1", "/").replace("~0", "~");
    Some((reply.pointer_mut(above)?, name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reply() -> Value {
        json!({
            "data": [{"a": {"b": 1}}, {"a": 2}],
            "pagination": {
                "currentPage": 2, "currentPageItems": 2, "pagesTotal": 2, "itemsTotal": 4,
                "links": [{"rel": "self", "uri": "/x?currentPage=2&pageSize=2"}],
            },
        })
    }

    fn edited(rule: &Rule, others: Others) -> Value {
        let mut reply = reply();
        edit(rule, &mut reply, others);
        reply
    }

    #[test]
    fn parts_are_replaced_set_and_removed() {
        let rule = Rule::new()
            .replace("/data/0/a", json!([]))
            .replace("/data/1/c~1d", 7)
            .replace("/data/9/a", 7)
            .remove("/pagination/links")
            .remove("/nothing/there");
        let reply = edited(&rule, Others::default());
        assert_eq!(reply["data"], json!([{"a": []}, {"a": 2, "c/d": 7}]));
        assert_eq!(reply["pagination"].get("links"), None);
        let rule = Rule::new()
            .remove("/data/0")
            .remove("/data/7")
            .remove("/pagination");
        assert_eq!(
            edited(&rule, Others::default()),
            json!({"data": [{"a": 2}]})
        );
        let rule = Rule::new().empty_page();
        let reply = edited(&rule, Others::default());
        assert_eq!(reply["data"], json!([]));
        assert_eq!(reply["pagination"]["currentPageItems"], 0);
    }

    #[test]
    fn items_come_from_other_pages() {
        let others = || Some(vec![json!("x"), json!("y"), json!("z")]);
        let reply = edited(
            &Rule::new().items_of(1),
            Others {
                instead: others(),
                before: None,
            },
        );
        assert_eq!(reply["data"], json!(["x", "y", "z"]));
        assert_eq!(reply["pagination"]["currentPageItems"], 3);
        assert_eq!(reply["pagination"]["currentPage"], 2);
        let reply = edited(
            &Rule::new().overlap(2),
            Others {
                instead: None,
                before: others(),
            },
        );
        assert_eq!(reply["data"], json!(["y", "z", {"a": {"b": 1}}, {"a": 2}]));
        assert_eq!(reply["pagination"]["currentPageItems"], 4);
    }

    #[test]
    fn there_is_always_more() {
        let reply = edited(&Rule::new().endless(), Others::default());
        assert_eq!(reply["pagination"]["pagesTotal"], 3);
        assert_eq!(
            reply["pagination"]["links"][1],
            json!({"rel": "next", "uri": "/x?currentPage=3&pageSize=2"})
        );
    }
}
