//! Rules about responses.

use std::collections::BTreeSet;

use super::find::all_operations;
use super::{Found, Rule, Subject};

pub(super) const STATUSES: Rule = Rule {
    id: "response-statuses",
    reason: "applications must know the possible statuses; the simulator responds with the same",
    check: statuses,
};

fn statuses(subject: &Subject<'_>, found: &mut Found) {
    let document = &subject.document.value;
    for operation in all_operations(document) {
        let responses = operation.responses(document);
        let has = |status: &str| responses.iter().any(|(there, _)| there == status);
        let mut wanted = vec!["200", "400", "401", "500"];
        if !operation.is_open() {
            wanted.extend(["403", "429"]);
        }
        if operation.path.contains('{') {
            wanted.push("404");
        }
        for status in wanted {
            if !has(status) {
                found.at(
                    format!("{}/responses", operation.at.pointer),
                    format!("does not document status {status}; add it"),
                );
            }
        }
        let good = responses
            .iter()
            .filter(|(status, _)| status.starts_with('2'));
        if good.count() > 1 {
            found.at(
                format!("{}/responses", operation.at.pointer),
                "documents several success responses, but the generated method has one type",
            );
        }
    }
}

pub(super) const RATE_LIMIT: Rule = Rule {
    id: "rate-limit-headers",
    reason: "the rate limiter uses them, so every response to an authorized call must have them",
    check: rate_limit,
};

fn rate_limit(subject: &Subject<'_>, found: &mut Found) {
    let document = &subject.document.value;
    let mut reported = BTreeSet::new();
    for operation in all_operations(document) {
        if operation.is_open() {
            continue;
        }
        for (_, response) in operation.responses(document) {
            for name in ["Limit", "Remaining", "Retry-After"] {
                let name = format!("X-RateLimit-{name}");
                let has = response
                    .child("headers")
                    .is_some_and(|at| at.node.get(&name).is_some());
                if !has && reported.insert((response.pointer.clone(), name.clone())) {
                    found.at(
                        &response.pointer,
                        format!("does not document the header {name}; add it"),
                    );
                }
            }
        }
    }
}

pub(super) const PROBLEMS: Rule = Rule {
    id: "problems",
    reason: "every failure is read as a problem, and the service sends it under either type",
    check: problems,
};

fn problems(subject: &Subject<'_>, found: &mut Found) {
    let document = &subject.document.value;
    let mut reported = BTreeSet::new();
    for operation in all_operations(document) {
        for (status, response) in operation.responses(document) {
            if status.starts_with('2') {
                continue;
            }
            for kind in ["application/json", "application/problem+json"] {
                let schema = response
                    .child("content")
                    .and_then(|at| at.child(kind)?.child("schema"));
                let fits = schema
                    .as_ref()
                    .is_some_and(|at| at.text("$ref") == Some("#/components/schemas/Problem"));
                if !fits && reported.insert((response.pointer.clone(), kind)) {
                    found.at(&response.pointer, format!("must be a Problem as {kind}"));
                }
            }
        }
    }
}
