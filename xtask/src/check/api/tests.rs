use super::leaks::leaks;
use super::*;

fn one(line: &str) -> Vec<String> {
    leaks(&format!("pub mod apivideo\n{line}\n"))
}

#[test]
fn types_of_others_are_leaks() {
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
fn what_has_a_reason_is_none() {
    for line in [
        "pub fn apivideo::Client::video(&self, apivideo::VideoId) -> apivideo::VideoHandle",
        "pub fn apivideo::ClientBuilder::with_http_client(self, reqwest::async_impl::client::Client) -> Self",
        "pub fn apivideo::Page::when(&self) -> core::option::Option<jiff::timestamp::Timestamp>",
        "pub fn u32::from(apivideo::PageSize) -> u32",
        "pub use apivideo::reqwest",
    ] {
        assert!(one(line).is_empty(), "{line}");
    }
}

#[test]
fn a_wire_type_is_ours_where_it_is_handed_on_by_name() {
    let line = "pub apivideo::Device::extra: apivideo_core::wire::extra::Extra";
    assert_eq!(one(line).len(), 1);
    assert!(one(&format!("pub use apivideo::Extra\n{line}")).is_empty());
    assert_eq!(one(&format!("pub use apivideo::Other\n{line}")).len(), 1);
    let generated = "pub apivideo::Device::raw: apivideo_core::generated::types::Device";
    assert_eq!(
        one(&format!("pub use apivideo::Device\n{generated}")).len(),
        1
    );
}

#[test]
fn a_conversion_from_a_response_is_allowed_with_its_function_alone() {
    let conversion = "impl core::convert::TryFrom<apivideo_core::wire::object::Object<apivideo_core::generated::types::Event>> for apivideo::Event";
    let function = "pub fn apivideo::Event::try_from(apivideo_core::wire::object::Object<apivideo_core::generated::types::Event>) -> Self";
    let other = "pub fn apivideo::Event::raw(&self) -> &apivideo_core::generated::types::Event";
    assert!(one(&format!("{conversion}\n{function}")).is_empty());
    assert_eq!(one(&format!("{conversion}\n{other}")).len(), 1);
    assert_eq!(one(&format!("impl apivideo::Event\n{function}")).len(), 1);
}

#[test]
fn another_format_is_told_with_both_versions() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("apivideo.json");
    fs::write(&path, r#"{"root": 0, "format_version": 58}"#).expect("it can be written");
    let (why, next) = list(&path).expect_err("it is another version");
    assert!(
        why.contains("of version 58, and this tool reads version 57"),
        "{why}"
    );
    assert!(next.contains("cargo +1.95 xtask check"), "{next}");
}
