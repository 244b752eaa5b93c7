//! Names an operation in messages, traces and observers.

use std::borrow::Cow;

/// The operation of a request.
#[derive(Clone, Debug)]
pub(crate) struct Operation {
    /// The `operationId`, or `get` and `list` for raw requests.
    pub(super) id: &'static str,
    /// Method and path. Without the query, which can contain personal data.
    line: Cow<'static, str>,
    pub(super) page: Option<u32>,
}

impl Operation {
    pub(crate) fn new(id: &'static str, line: impl Into<Cow<'static, str>>) -> Self {
        Self {
            id,
            line: line.into(),
            page: None,
        }
    }

    /// The same operation for one page of a list.
    pub(crate) fn at_page(&self, number: u32) -> Self {
        Self {
            page: Some(number),
            ..self.clone()
        }
    }

    pub(crate) fn is_page(&self) -> bool {
        self.page.is_some()
    }

    /// Whether the service counts its requests against the rate limit, which it does for all but those for tokens.
    pub(crate) fn is_counted(&self) -> bool {
        !self.line.starts_with("POST /auth/")
    }

    /// Method and path.
    pub(crate) fn line(&self) -> &str {
        &self.line
    }
}
