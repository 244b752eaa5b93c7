use std::path::Path;
use std::sync::LazyLock;

use serde_json::{Value, json};

use super::*;
use xtask_bindgen::document::Document;

fn workspace() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

fn document() -> Value {
    Document::read(&workspace().join(xtask_bindgen::generated_crates::DOCUMENT))
        .unwrap()
        .value
}

/// The facade's source, parsed once.
static FACADE: LazyLock<Source> =
    LazyLock::new(|| Source::read(&workspace().join(SOURCE)).unwrap());

/// The workspace's map after a change.
fn edited(from: &str, to: &str) -> Facade {
    let text = std::fs::read_to_string(workspace().join(MAP)).unwrap();
    assert!(text.contains(from), "{from}");
    Facade::parse(Path::new(MAP), &text.replacen(from, to, 1), FACADE.clone()).unwrap()
}

#[test]
fn the_map_is_valid() {
    let broken = Facade::read(workspace()).unwrap().check(&document());
    assert_eq!(broken, [""; 0], "fix {MAP} or the facade");
}

#[test]
fn items_are_found_by_parts_of_the_document() {
    let facade = Facade::read(workspace()).unwrap();
    assert_eq!(
        facade.of_operation("getMetric"),
        ["MetricRequest::send", "LiveStreamHandle::current_viewers"]
    );
    assert_eq!(
        facade.of_parameter("listVideos", "tags[]"),
        ["List<Videos>::tag"]
    );
    assert_eq!(facade.of_field("Device", "type"), ["Device::kind"]);
    assert_eq!(facade.of_value("Interval", "", "day"), ["Interval::Day"]);
    assert_eq!(
        facade.of_value("Aggregation", "", "average"),
        ["Metric::ImpressionTimeAverage", "Metric::WatchTimeAverage"]
    );
    assert_eq!(
        facade.of_value("Link", "rel", "next"),
        ["Pagination::has_next"]
    );
    // A part without items, and one that does not exist.
    assert_eq!(facade.of_field("LiveStream", "streamKey"), [""; 0]);
    assert_eq!(facade.of_operation("noSuch"), [""; 0]);
}

#[test]
fn new_parts_of_the_document_are_reported_with_the_line_to_add() {
    let facade = Facade::read(workspace()).unwrap();
    let mut document = document();
    document["components"]["schemas"]["Location"]["properties"]["inventedField"] =
        json!({ "type": "string" });
    document["components"]["schemas"]["Interval"]["enum"] =
        json!(["minute", "hour", "day", "inventedValue"]);
    document["components"]["schemas"]["Device"]["properties"]["type"]["enum"] =
        json!(["inventedKind"]);
    document["paths"]["/videos"]["get"]["parameters"]
        .as_array_mut()
        .unwrap()
        .push(
            json!({ "name": "inventedParameter[]", "in": "query", "schema": { "type": "string" } }),
        );
    document["paths"]["/analytics"] =
        json!({ "get": { "operationId": "inventedOperation", "responses": {} } });
    assert_eq!(
        facade.check(&document),
        [
            "the document has `inventedOperation`, which is not in the map: add the line `inventedOperation: { items: [the \
             items that rest on it], parameters: {} }` under `operations:`, or the reason instead of a list",
            "the document has `inventedParameter[]`, which is not in the map: add the line `inventedParameter[]: [the items \
             that rest on it]` under `operations: listVideos: parameters:`, or the reason instead of a list",
            "the document has `inventedField`, which is not in the map: add the line `inventedField: [the items that rest on \
             it]` under `fields: Location:`, or the reason instead of a list",
            "the document has the value `inventedValue` of Interval: add a variant with this value to `Interval` of the facade",
            "the document has `inventedKind`, which is not in the map: add the line `inventedKind: [the items that rest on \
             it]` under `enums: Device.type:`, or the reason instead of a list",
        ]
    );
}

#[test]
fn removed_parts_of_the_document_are_reported_with_the_line_to_remove() {
    let facade = Facade::read(workspace()).unwrap();
    let mut document = document();
    let schemas = &mut document["components"]["schemas"];
    schemas["Location"]["properties"]
        .as_object_mut()
        .unwrap()
        .remove("city");
    schemas.as_object_mut().unwrap().remove("Metadata");
    schemas["MediaType"]["enum"] = json!(["video"]);
    schemas["Link"]["properties"]["rel"] = json!({ "type": "string" });
    document["paths"]
        .as_object_mut()
        .unwrap()
        .remove("/auth/refresh");
    assert_eq!(
        facade.check(&document),
        [
            "the document no longer has `refreshAccessToken`: remove the line `refreshAccessToken:` under `operations:`",
            "the document no longer has `city`: remove the line `city:` under `fields: Location:`",
            "the document no longer has `Metadata`: remove `Metadata:` and what is below it under `fields:`",
            "the document has no value `live-stream` of MediaType: remove MediaType::LiveStream from the facade",
            "the document no longer has `Link.rel`: remove `Link.rel:` and what is below it under `enums:`",
        ]
    );
}

#[test]
fn items_must_be_public_items_of_the_facade() {
    for (from, to, expected) in [
        (
            "[Location::city]",
            "[Location::town]",
            "`fields: Location: city:` names `Location::town`, which is not a public item of the facade: fix the name or \
             remove it",
        ),
        // An item of another list, one that is not public, and one that is not exported.
        (
            "[List<Videos>::tag]",
            "[List<LiveStreams>::tag]",
            "`operations: listVideos: parameters: tags[]:` names `List<LiveStreams>::tag`, which is not a public item \
             of the facade: fix the name or remove it",
        ),
        (
            "[SessionHandle::events,",
            "[SessionHandle::new,",
            "`operations: listSessionEvents:` names `SessionHandle::new`, which is not a public item of the facade: \
             fix the name or remove it",
        ),
        (
            "sessionId: [Client::session]",
            "sessionId: [PageRequest]",
            "`operations: listSessionEvents: parameters: sessionId:` names `PageRequest`, which is not a public item of \
             the facade: fix the name or remove it",
        ),
        (
            "city: [Location::city]",
            "city: []",
            "`fields: Location: city:` is an empty list: name items, or write the reason why there are none",
        ),
        (
            "token_type: it is always Bearer",
            "token_type: ''",
            "`fields: AccessToken: token_type:` is empty: write the reason for the absence of items",
        ),
        (
            "{ enum: Continent }",
            "{ enum: Continents }",
            "`enums: Continent:` names `Continents`, which is not a string enum of the facade: fix the name",
        ),
    ] {
        assert_eq!(edited(from, to).check(&document()), [expected]);
    }
}

#[test]
fn the_map_must_agree_with_the_calls() {
    for (from, to, expected) in [
        (
            "streamKey: the keys of live streams are secrets, and are not sent",
            "streamKey: [Client::live_streams]",
            "`operations: listLiveStreams: parameters: streamKey:` names items, and the facade never calls \
             `list_live_streams().stream_key(..)`: set it, or write the reason here",
        ),
        (
            "tags[]: [List<Videos>::tag]",
            "tags[]: no",
            "`operations: listVideos: parameters: tags[]:` has a reason instead of items, and the facade calls \
             `list_videos().tags(..)`: name the items",
        ),
        (
            "items: [VideoHandle::get]",
            "items: not yet",
            "`operations: getVideo:` has a reason instead of items, and the facade calls `get_video()`: name the items",
        ),
        (
            "    tag: [Filter::tag]",
            "    tag: not yet",
            "`fields: Filter: tag:` has a reason instead of items, and the facade calls `get_metric().filter_by_tag(..)`: \
             name the items",
        ),
    ] {
        assert_eq!(edited(from, to).check(&document())[0], expected);
    }
}

#[test]
fn an_operation_with_items_must_be_called() {
    let text = std::fs::read_to_string(workspace().join(MAP)).unwrap();
    let mut source = FACADE.clone();
    for function in &mut source.functions {
        function.calls.remove("get_live_stream");
    }
    let facade = Facade::parse(Path::new(MAP), &text, source).unwrap();
    assert_eq!(
        facade.check(&document()),
        [
            "`operations: getLiveStream:` names items, and the facade never calls `get_live_stream()`: call it, or \
             write the reason here"
        ]
    );
}

#[test]
fn an_invalid_map_is_rejected_with_its_position() {
    let source = Source::default;
    let parse = |text: &str| Facade::parse(Path::new("map.yaml"), text, source()).unwrap_err();
    let error =
        parse("operations: {}\nheaders: {}\nfields: { A: { b: 7 } }\nenums: {}\n").to_string();
    assert!(
        error.starts_with("map.yaml is invalid:\n  at `fields.A.b`: "),
        "{error}"
    );
    let error = parse("operations: {}\nheaders: {}\nheaders: {}\n").to_string();
    assert!(error.starts_with("map.yaml:3:1: "), "{error}");
}

#[test]
fn the_source_is_read_through_macros_and_without_tests() {
    let lib = "mod a;\npub mod b;\npub use a::{Known, List};\n";
    let b = "pub use crate::a::Nested; pub struct Own { pub field: u8 }";
    let a = r#"
        macro_rules! string_enum { ($name:ident { $($variant:ident = $value:literal,)* }) => {
            pub enum $name { $($variant,)* }
            impl $name { pub fn as_str(self) -> &'static str { match self { $(Self::$variant => $value,)* } } }
        } }
        string_enum! { Known { One = "one", Two = "two", } }
        macro_rules! query { ($name:ident of $builder:ident { $($field:ident => $method:ident,)* }) => {
            impl $name { fn set_on<'a>(&self, call: builder::$builder<'a>) -> builder::$builder<'a> {
                $(let call = call.$method(self.$field);)* call
            } }
        } }
        query! { Nested of ListThings { kind => sort_by, } }
        macro_rules! setters { ($($with:tt)*) => { pub fn from(self) -> Self { $($with)*(self) } } }
        macro_rules! scoped { ($call:expr) => { $call.from(1).to(2) } }
        pub struct List<T>(T);
        pub struct Hidden;
        pub struct Nested;
        impl List<Known> { setters!(change); fn private(&self) {} }
        impl<T: Clone> List<T> {
            pub const MAX: u8 = 1;
            pub fn page(&self) { let _ = || async { scoped!(core.list_all()).send() }; }
        }
        #[cfg(test)]
        mod tests { pub fn no() { core.list_tests() } }
    "#;
    let source = Source::parse(&[
        (Path::new("src/a.rs"), a),
        (Path::new("src/b.rs"), b),
        (Path::new("src/a/b.rs"), ""),
        (Path::new("src/lib.rs"), lib),
    ])
    .unwrap();
    let items: Vec<&str> = source.items.iter().map(String::as_str).collect();
    assert_eq!(
        items,
        [
            "Known",
            "Known::One",
            "Known::Two",
            "Known::as_str",
            "List",
            "List::MAX",
            "List::page",
            "List<Known>::from",
            "Nested",
            "Own",
            "Own::field",
        ]
    );
    assert_eq!(
        source.string_enums["Known"],
        [("One", "one"), ("Two", "two")].map(|(a, b)| (a.to_owned(), b.to_owned()))
    );
    let functions = source.functions.iter();
    let called: Vec<Vec<&str>> = functions
        .map(|function| function.calls.iter().map(String::as_str).collect())
        .filter(|calls: &Vec<&str>| !calls.is_empty())
        .collect();
    assert_eq!(
        called,
        [vec!["sort_by"], vec!["from", "list_all", "send", "to"]]
    );
    let set = source
        .functions
        .iter()
        .find(|function| function.signature.contains("ListThings"))
        .unwrap();
    assert!(set.calls.contains("sort_by"));
}
