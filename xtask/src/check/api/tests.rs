use super::leaks::leaks;
use super::*;

fn one(line: &str) -> Vec<String> {
    leaks(&format!("pub mod apivideo\n{line}\n"))
}

#[test]
fn types_of_other_crates_are_leaks() {
    for (line, of) in [
        (
            "pub fn apivideo::Client::raw(&self) -> &apivideo_core::Client",
            "apivideo_core",
        ),
        (
            "pub fn apivideo::Error::inner(self) -> progenitor_client::Error<()>",
            "progenitor_client",
        ),
        (
            "pub apivideo::Page::response: reqwest::async_impl::response::Response",
            "reqwest",
        ),
        (
            "impl core::convert::From<reqwest::error::Error> for apivideo::Error",
            "reqwest",
        ),
        (
            "pub fn apivideo::List<L>::join(self) -> tokio::task::JoinHandle<()>",
            "tokio",
        ),
        (
            "pub fn apivideo::Client::from(apivideo_core::wire::object::Object<u8>) -> Self",
            "apivideo_core",
        ),
    ] {
        assert_eq!(one(line), [format!("a type of {of} is public: {line}")]);
    }
}

#[test]
fn a_type_with_a_reason_is_not_a_leak() {
    for line in [
        "pub fn apivideo::client::Client::video(&self, apivideo::VideoId) -> apivideo::client::VideoHandle",
        "pub fn apivideo::client::ClientBuilder::with_http_client(self, reqwest::async_impl::client::Client) -> Self",
        "pub fn apivideo::Page::when(&self) -> core::option::Option<jiff::timestamp::Timestamp>",
        "pub fn u32::from(apivideo::PageSize) -> u32",
    ] {
        assert!(one(line).is_empty(), "{line}");
    }
}

#[test]
fn a_wire_type_is_allowed_if_it_is_reexported_by_name() {
    let line = "pub apivideo::model::Device::extra: apivideo_core::wire::extra::Extra";
    assert_eq!(one(line).len(), 1);
    assert!(one(&format!("pub use apivideo::model::Extra\n{line}")).is_empty());
    assert_eq!(
        one(&format!("pub use apivideo::model::Other\n{line}")).len(),
        1
    );
}

#[test]
fn a_generated_type_is_a_leak() {
    for line in [
        "pub apivideo::model::Device::raw: apivideo_core::generated::types::Device",
        "impl core::convert::TryFrom<apivideo_core::wire::object::Object<apivideo_core::generated::types::Event>> for \
         apivideo::model::Event",
    ] {
        assert!(!one(&format!("pub use apivideo::model::Device\n{line}")).is_empty());
    }
}

#[test]
fn an_unsupported_format_is_reported_with_both_versions() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("apivideo.json");
    fs::write(&path, r#"{"root": 0, "format_version": 58}"#).expect("it can be written");
    let (why, next) = list(&path).expect_err("it is another version");
    assert!(
        why.contains("writes rustdoc JSON version 58, but this tool reads version 57"),
        "{why}"
    );
    assert!(next.contains("cargo +1.95 xtask check"), "{next}");
}
