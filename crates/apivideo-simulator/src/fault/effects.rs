//! The effects of a rule, and its default name.

use super::rule::Rule;
use super::types::Reset;

impl Rule {
    /// Returns the name of the rule, or a short description of its effects.
    pub(super) fn title(&self) -> String {
        if let Some(name) = &self.name {
            return name.clone();
        }
        let pointers = |effect: &str, pointers: &mut dyn Iterator<Item = &String>| {
            let list = pointers.map(String::as_str).collect::<Vec<_>>().join(" ");
            (!list.is_empty()).then(|| format!("{effect} {list}"))
        };
        let effects = [
            self.expire_tokens.map(|_| "expire tokens".to_owned()),
            (self.delete).map(|change| format!("delete {}", change.sessions)),
            (self.insert).map(|change| format!("insert {}", change.sessions)),
            self.latency_ms.map(|ms| format!("latency {ms} ms")),
            self.status.map(|status| format!("status {status}")),
            (self.content_type.clone()).or_else(|| self.body.as_ref().map(|_| "body".to_owned())),
            self.items_of.map(|page| format!("items of page {page}")),
            self.overlap.map(|items| format!("overlap {items}")),
            self.endless.then(|| "endless".to_owned()),
            pointers("replace", &mut self.replace.keys()),
            pointers("remove", &mut self.remove.iter()),
            self.slow.map(|_| "slow".to_owned()),
            self.cut_at.map(|bytes| format!("cut at {bytes}")),
            self.reset.map(|reset| match reset {
                Reset::BeforeHead => "reset before head".to_owned(),
                Reset::AfterHead => "reset after head".to_owned(),
            }),
        ];
        let effects: Vec<String> = effects.into_iter().flatten().collect();
        if effects.is_empty() {
            return "headers".to_owned();
        }
        effects.join(", ")
    }

    pub(super) fn has_effect(&self) -> bool {
        self.latency_ms.is_some()
            || self.status.is_some()
            || !self.headers.is_empty()
            || self.retry_after_date.is_some()
            || self.content_type.is_some()
            || self.body.is_some()
            || self.slow.is_some()
            || self.cut_at.is_some()
            || self.reset.is_some()
            || self.edits_page()
            || self.expire_tokens.is_some()
            || self.changes_sessions()
    }

    /// Whether the rule edits the JSON of a page.
    pub(crate) fn edits_page(&self) -> bool {
        !self.replace.is_empty()
            || !self.remove.is_empty()
            || self.items_of.is_some()
            || self.overlap.is_some()
            || self.endless
    }

    /// Whether the rule inserts or deletes sessions.
    pub(super) fn changes_sessions(&self) -> bool {
        self.insert.is_some() || self.delete.is_some()
    }
}
