use std::path::Path;
use std::sync::LazyLock;

use serde_json::{Value, json};

use super::*;
use crate::document::Document;

fn workspace() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

fn document() -> Value {
    Document::read(&workspace().join(crate::generated_crates::DOCUMENT))
        .unwrap()
        .value
}

/// The facade's source, which takes a while to read.
static FACADE: LazyLock<Source> =
    LazyLock::new(|| Source::read(&workspace().join(SOURCE)).unwrap());

/// The workspace's map after a change of its text.
fn edited(from: &str, to: &str) -> Facade {
    let text = std::fs::read_to_string(workspace().join(MAP)).unwrap();
    assert!(text.contains(from), "{from}");
    Facade::parse(Path::new(MAP), &text.replacen(from, to, 1), FACADE.clone()).unwrap()
}

#[test]
fn the_map_is_true() {
    let broken = Facade::read(workspace()).unwrap().check(&document());
    assert_eq!(broken, [""; 0], "mend {MAP} or the facade");
}

#[test]
fn items_are_found_by_what_they_rest_on() {
    let facade = Facade::read(workspace()).unwrap();
    assert_eq!(facade.of_operation("getMetric"), ["MetricRequest::get"]);
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
    // What is not carried, and what is not there.
    assert_eq!(facade.of_field("LiveStream", "streamKey"), [""; 0]);
    assert_eq!(facade.of_operation("noSuch"), [""; 0]);
}

#[test]
fn what_the_document_gains_is_named_with_the_line_to_add() {
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
            "the document has `inventedOperation`, of which the map says nothing: add under `operations:` the line \
             `inventedOperation: { items: [the items that rest on it], parameters: {} }`, or a text in place of the list \
             that says why there are none",
            "the document has `inventedParameter[]`, of which the map says nothing: add under `operations: listVideos: \
             parameters:` the line `inventedParameter[]: [the items that rest on it]`, or a text in place of the list that says \
             why there are none",
            "the document has `inventedField`, of which the map says nothing: add under `fields: Location:` the line `inventedField: \
             [the items that rest on it]`, or a text in place of the list that says why there are none",
            "the document has the value `inventedValue` of Interval: add a variant with this word to `Interval` of the facade",
            "the document has `inventedKind`, of which the map says nothing: add under `enums: Device.type:` the line \
             `inventedKind: [the items that rest on it]`, or a text in place of the list that says why there are none",
        ]
    );
}

#[test]
fn what_the_document_loses_is_named_with_the_line_to_remove() {
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
            "the document has no `refreshAccessToken` any more: remove the line `refreshAccessToken:` under `operations:`",
            "the document has no `city` any more: remove the line `city:` under `fields: Location:`",
            "the document has no `Metadata` any more: remove `Metadata:` and what is below it under `fields:`",
            "the document has no value `live-stream` of MediaType: remove MediaType::LiveStream from the facade",
            "the document has no `Link.rel` any more: remove `Link.rel:` and what is below it under `enums:`",
        ]
    );
}

#[test]
fn items_have_to_be_public_items_of_the_facade() {
    for (from, to, expected) in [
        (
            "[Location::city]",
            "[Location::town]",
            "`fields: Location: city:` names `Location::town`, which is no public item of the facade: mend the name or \
             remove it",
        ),
        // There, but of another list; there, but not public; there, but not exported.
        (
            "[List<Videos>::tag]",
            "[List<LiveStreams>::tag]",
            "`operations: listVideos: parameters: tags[]:` names `List<LiveStreams>::tag`, which is no public item of \
             the facade: mend the name or remove it",
        ),
        (
            "[SessionHandle::events,",
            "[SessionHandle::id,",
            "`operations: listSessionEvents:` names `SessionHandle::id`, which is no public item of the facade: mend \
             the name or remove it",
        ),
        (
            "sessionId: [Client::session]",
            "sessionId: [Ask]",
            "`operations: listSessionEvents: parameters: sessionId:` names `Ask`, which is no public item of the \
             facade: mend the name or remove it",
        ),
        (
            "city: [Location::city]",
            "city: []",
            "`fields: Location: city:` is an empty list: name items, or say why there are none",
        ),
        (
            "token_type: it is always Bearer",
            "token_type: ''",
            "`fields: AccessToken: token_type:` says nothing: say why there are no items",
        ),
        (
            "{ words: Continent }",
            "{ words: Continents }",
            "`enums: Continent:` names the words of `Continents`, which is no enum of words of the facade: mend the name",
        ),
    ] {
        assert_eq!(edited(from, to).check(&document()), [expected]);
    }
}

#[test]
fn what_is_said_of_calls_has_to_be_so() {
    for (from, to, expected) in [
        (
            "streamKey: the keys of live streams do not pass through the facade",
            "streamKey: [Client::live_streams]",
            "`operations: listLiveStreams: parameters: streamKey:` names items, and the facade never calls \
             `list_live_streams().stream_key(..)`: set it, or say here why not",
        ),
        (
            "tags[]: [List<Videos>::tag]",
            "tags[]: no",
            "`operations: listVideos: parameters: tags[]:` says why there are no items, and the facade calls \
             `list_videos().tags(..)`: name the items",
        ),
        (
            "items: [VideoHandle::get]",
            "items: nobody looks",
            "`operations: getVideo:` says why there are no items, and the facade calls `get_video()`: name the items",
        ),
        (
            "    tag: [Filter::tag]",
            "    tag: not yet",
            "`fields: Filter: tag:` says why there are no items, and the facade calls `get_metric().filter_by_tag(..)`: \
             name the items",
        ),
    ] {
        assert_eq!(edited(from, to).check(&document())[0], expected);
    }
}

#[test]
fn an_operation_that_is_not_called_is_no_longer_reached() {
    let text = std::fs::read_to_string(workspace().join(MAP)).unwrap();
    let mut source = FACADE.clone();
    for calls in &mut source.calls {
        calls.remove("get_live_stream");
    }
    let facade = Facade::parse(Path::new(MAP), &text, source).unwrap();
    assert_eq!(
        facade.check(&document()),
        [
            "`operations: getLiveStream:` names items, and the facade never calls `get_live_stream()`: call it, or say \
             here why not"
        ]
    );
}

#[test]
fn a_map_of_another_form_is_refused_with_its_place() {
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
fn the_source_is_seen_through_macros_and_without_tests() {
    let lib = "mod a;\npub use a::{Known, List};\n";
    let a = r#"
        macro_rules! words { ($name:ident { $($variant:ident = $word:literal,)* }) => {
            pub enum $name { $($variant,)* }
            impl $name { pub fn as_str(self) -> &'static str { match self { $(Self::$variant => $word,)* } } }
        } }
        words! { Known { One = "one", Two = "two", } }
        macro_rules! setters { ($($with:tt)*) => { pub fn from(self) -> Self { $($with)*(self) } } }
        macro_rules! scoped { ($call:expr) => { $call.from(1).to(2) } }
        pub struct List<T>(T);
        pub struct Hidden;
        impl List<Known> { setters!(change); fn private(&self) {} }
        impl<T: Clone> List<T> {
            pub const MAX: u8 = 1;
            pub fn page(&self) { let _ = || async { scoped!(core.list_all()).send() }; }
        }
        #[cfg(test)]
        mod tests { pub fn no() { core.list_tests() } }
    "#;
    let source = Source::parse(&[(Path::new("a.rs"), a), (Path::new("lib.rs"), lib)]).unwrap();
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
        ]
    );
    assert_eq!(
        source.words["Known"],
        [("One", "one"), ("Two", "two")].map(|(a, b)| (a.to_owned(), b.to_owned()))
    );
    let called: Vec<&String> = source.calls.iter().flatten().collect();
    assert_eq!(called, ["from", "list_all", "send", "to"]);
}
