use std::borrow::Cow;

use hyper::StatusCode;

use crate::json::Object;

/// A problem of the service (RFC 9457), with recorded types and titles.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    pub(crate) status: u16,
    kind: &'static str,
    title: &'static str,
    name: Option<Cow<'static, str>>,
    detail: Option<Cow<'static, str>>,
}

impl Problem {
    fn new(status: u16, kind: &'static str, title: &'static str) -> Self {
        Self {
            status,
            kind,
            title,
            name: None,
            detail: None,
        }
    }

    fn with_name(mut self, name: impl Into<Cow<'static, str>>) -> Self {
        self.name = Some(name.into());
        self
    }

    fn with_detail(mut self, detail: impl Into<Cow<'static, str>>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// An asset, session or page that does not exist. For a session, the service reports the name `videoId`.
    pub(crate) fn not_found(name: &'static str) -> Self {
        Self::new(
            404,
            "https://docs.api.video/docs/resourcenot_found",
            "The requested resource was not found.",
        )
        .with_name(name)
    }

    pub(crate) fn unrecognized_url() -> Self {
        Self::new(
            404,
            "https://docs.api.video/reference/unrecognized-request-url",
            "Unrecognized request URL.",
        )
    }

    pub(crate) fn method_not_allowed() -> Self {
        Self::new(
            405,
            "https://docs.api.video/reference/method-not-allowed",
            "Method is not allowed for this route.",
        )
    }

    pub(crate) fn query(
        name: impl Into<Cow<'static, str>>,
        detail: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self::new(
            400,
            "https://docs.api.video/reference/request-invalid-query-parameter",
            "A query parameter is invalid.",
        )
        .with_name(name)
        .with_detail(detail)
    }

    pub(crate) fn unexpected(name: impl Into<Cow<'static, str>>) -> Self {
        Self::query(name, "This field was not expected.")
    }

    /// A required string is missing or has an unknown value.
    pub(crate) fn attribute(name: &'static str) -> Self {
        Self::new(
            400,
            "https://docs.api.video/reference/invalid-attribute",
            "An attribute is invalid.",
        )
        .with_name(name)
        .with_detail("This value must be of type string.")
    }

    pub(crate) fn payload() -> Self {
        Self::new(
            400,
            "https://docs.api.video/reference/invalid-payload",
            "The payload is invalid.",
        )
    }

    pub(crate) fn invalid_key(status: u16) -> Self {
        Self::new(
            status,
            "https://docs.api.video/reference/authentication-invalid-user-credentials",
            "The user credentials were incorrect.",
        )
        .with_name("")
    }

    pub(crate) fn unauthorized(title: &'static str) -> Self {
        Self::new(401, "https://docs.api.video/reference/unauthorized", title)
    }

    pub(crate) fn too_many_requests() -> Self {
        Self::new(
            429,
            "https://docs.api.video/reference/too-many-requests",
            "Too many requests.",
        )
    }

    pub(crate) fn server_error() -> Self {
        Self::new(
            500,
            "https://docs.api.video/reference/server-error",
            "Server error",
        )
    }

    /// A problem of a proxy in front of the service.
    pub(crate) fn of_proxy(status: StatusCode) -> Self {
        Self::new(
            status.as_u16(),
            "about:blank",
            status.canonical_reason().unwrap_or("Unknown"),
        )
    }

    pub(crate) fn render(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(256);
        let mut object = Object::begin(&mut out);
        object.string("type", self.kind);
        object.string("title", self.title);
        if let Some(name) = &self.name {
            object.string("name", name);
        }
        object.number("status", u64::from(self.status));
        if let Some(detail) = &self.detail {
            object.string("detail", detail);
        }
        object.end();
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rendered_problems_match_the_recordings() {
        let text = String::from_utf8(Problem::not_found("videoId").render()).unwrap();
        assert_eq!(
            text,
            r#"{"type":"https://docs.api.video/docs/resourcenot_found","title":"The requested resource was not found.","name":"videoId","status":404}"#
        );
        let text = String::from_utf8(Problem::invalid_key(400).render()).unwrap();
        assert!(text.ends_with(r#""name":"","status":400}"#), "{text}");
    }
}
