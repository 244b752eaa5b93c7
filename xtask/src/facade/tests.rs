use std::path::Path;

use serde_json::{Value, json};
use xtask_bindgen::document::Document;

use super::*;

fn workspace() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

fn document() -> Value {
    Document::read(&workspace().join(xtask_bindgen::generated_crates::DOCUMENT))
        .unwrap()
        .value
}

/// The workspace's map and listing after a change of one of them.
fn edited(from: &str, to: &str) -> Facade {
    let read = |file: &str| std::fs::read_to_string(workspace().join(file)).unwrap();
    let (map, listing) = (read(MAP), read(LISTING));
    assert!(map.contains(from) != listing.contains(from), "{from}");
    let edit = |text: &str| text.replacen(from, to, 1);
    Facade::parse(Path::new(MAP), &edit(&map), Listing::parse(&edit(&listing))).unwrap()
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
    for (operation, parameter, items) in [
        ("listVideos", "tags[]", ["List<Videos>::tag"]),
        ("listVideos", "title", ["List<Videos>::title"]),
        ("listVideos", "metadata", ["List::metadata"]),
        ("listVideos", "liveStreamId", ["List<Videos>::live_stream"]),
        ("getLiveStream", "liveStreamId", ["Client::live_stream"]),
        ("getMetric", "from", ["MetricRequest::since"]),
        ("listTimeseries", "from", ["List::since"]),
    ] {
        assert_eq!(facade.of_parameter(operation, parameter), items);
    }
    for (schema, property, items) in [
        ("Device", "type", ["Device::kind"]),
        ("Device", "vendor", ["Device::vendor"]),
        ("SessionInfo", "loadedAt", ["Session::loaded_at"]),
        ("VideoPage", "pagination", ["Page::pagination"]),
    ] {
        assert_eq!(facade.of_field(schema, property), items);
    }
    for (name, property, value, items) in [
        ("Interval", "", "day", vec!["Interval::Day"]),
        (
            "TimeseriesMetric",
            "",
            "ccv-peak",
            vec!["SeriesMetric::CcvPeak"],
        ),
        ("Link", "rel", "next", vec!["Pagination::has_next"]),
        (
            "Aggregation",
            "",
            "average",
            vec!["Metric::ImpressionTimeAverage", "Metric::WatchTimeAverage"],
        ),
    ] {
        assert_eq!(facade.of_value(name, property, value), items);
    }
    // Parts without items, and some that do not exist.
    assert_eq!(facade.of_field("LiveStream", "streamKey"), [""; 0]);
    assert_eq!(facade.of_value("DataContext", "interval", "day"), [""; 0]);
    assert_eq!(facade.of_operation("noSuch"), [""; 0]);
    // `LiveStreams` does not implement the trait with this method.
    assert_eq!(facade.of_parameter("listLiveStreams", "metadata"), [""; 0]);
}

#[test]
fn a_new_part_with_an_item_of_its_name_needs_no_line() {
    let facade = edited(
        "pub apivideo::model::Location::country:",
        "pub apivideo::model::Location::postal_code: u8\npub apivideo::model::Location::country:",
    );
    let mut document = document();
    document["components"]["schemas"]["Location"]["properties"]["postalCode"] = json!({});
    assert_eq!(facade.check(&document), [""; 0]);
    assert_eq!(
        facade.of_field("Location", "postalCode"),
        ["Location::postal_code"]
    );
}

#[test]
fn new_parts_of_the_document_are_reported_with_the_line_to_add() {
    let facade = Facade::read(workspace()).unwrap();
    let mut document = document();
    let schemas = &mut document["components"]["schemas"];
    schemas["Location"]["properties"]["inventedField"] = json!({ "type": "string" });
    schemas["Interval"]["enum"] = json!(["minute", "hour", "day", "invented-value"]);
    schemas["Device"]["properties"]["type"]["enum"] = json!(["inventedKind"]);
    document["paths"]["/videos"]["get"]["parameters"]
        .as_array_mut()
        .unwrap()
        .push(
            json!({ "name": "inventedParameter[]", "in": "query", "schema": { "type": "string" } }),
        );
    document["paths"]["/videos"]["get"]["responses"]["200"]["headers"]["X-Invented"] = json!({});
    document["paths"]["/analytics"] =
        json!({ "get": { "operationId": "inventedOperation", "responses": {} } });
    assert_eq!(
        facade.check(&document),
        [
            "the operation `inventedOperation` is not covered: add the line `inventedOperation: { items: [its items], type: \
             the type that sets its parameters }` or `inventedOperation: { items: the reason for their absence }` under \
             `operations:`",
            "the parameter `inventedParameter[]` of listVideos is not covered: add `List<Videos>::invented_parameter` to the \
             facade, and to its listing by `cargo xtask check --only api --accept`; or add the line `inventedParameter[]: [its \
             items]` or `inventedParameter[]: the reason for their absence` under `operations: listVideos: parameters:`",
            "the header `X-Invented` is not covered: add the line `X-Invented: [its items]` or `X-Invented: the reason for \
             their absence` under `headers:`",
            "the property `inventedField` of Location is not covered: add `Location::invented_field` to the facade, and to \
             its listing by `cargo xtask check --only api --accept`; or add the line `inventedField: [its items]` or \
             `inventedField: the reason for their absence` under `fields: Location:`",
            "the value `inventedKind` of Device.type is not covered: add the line `inventedKind: [its items]` or `inventedKind: the \
             reason for their absence` under `enums: Device.type:`",
            "the value `invented-value` of Interval is not covered: add `Interval::InventedValue` to the facade, and to its \
             listing by `cargo xtask check --only api --accept`; or add the line `invented-value: [its items]` or \
             `invented-value: the reason for their absence` under `enums: Interval:`",
        ]
    );
}

#[test]
fn lines_without_a_part_of_the_document_are_reported() {
    let facade = Facade::read(workspace()).unwrap();
    let mut document = document();
    let schemas = &mut document["components"]["schemas"];
    let properties = |schema: &mut Value| schema["properties"].as_object_mut().unwrap().clone();
    let mut device = properties(&mut schemas["Device"]);
    device.remove("type");
    schemas["Device"]["properties"] = device.into();
    schemas.as_object_mut().unwrap().remove("Timeframe");
    schemas["SortOrder"]["enum"] = json!(["asc"]);
    schemas["Link"]["properties"]["rel"] = json!({ "type": "string" });
    let parameters = &mut document["paths"]["/videos"]["get"]["parameters"];
    parameters
        .as_array_mut()
        .unwrap()
        .retain(|parameter| parameter["name"] != "tags[]");
    let sessions = "/analytics/sessions/{sessionId}/events";
    let paths = document["paths"].as_object_mut().unwrap();
    paths.remove(sessions);
    let no_part = |place: &str, name: &str| {
        format!("the document has no part for the line `{name}:` under `{place}:`: remove the line")
    };
    assert_eq!(
        facade.check(&document),
        [
            no_part("operations: listVideos: parameters", "tags[]"),
            no_part("operations", "listSessionEvents"),
            no_part("parameters", "sessionId"),
            no_part("types", "Timeframe"),
            no_part("fields: Device", "type"),
            no_part("enums: Link.rel", "first"),
            no_part("enums: Link.rel", "last"),
            no_part("enums: Link.rel", "next"),
            no_part("enums: Link.rel", "previous"),
            no_part("enums: Link.rel", "self"),
            no_part("enums: SortOrder", "desc"),
        ]
    );
}

#[test]
fn lines_that_the_rule_makes_redundant_are_reported() {
    let redundant = |place: &str, name: &str| {
        format!(
            "the line `{name}:` under `{place}:` is redundant, because the names are the same: remove the line"
        )
    };
    for (from, to, expected) in [
        (
            "    shortname: [",
            "    version: [OperatingSystem::version]\n    shortname: [",
            redundant("fields: OperatingSystem", "version"),
        ),
        (
            "      tags[]: [",
            "      title: [List<Videos>::title]\n      tags[]: [",
            redundant("operations: listVideos: parameters", "title"),
        ),
        (
            "      metric: [Client::timeseries]",
            "      metric: [Client::timeseries]\n      from: [List::since]",
            redundant("operations: listTimeseries: parameters", "from"),
        ),
        (
            "  SessionInfo: Session\n",
            "  SessionInfo: Session\n  Device: Device\n",
            redundant("types", "Device"),
        ),
        (
            "  SortOrder:\n",
            "  Interval:\n    day: [Interval::Day]\n  SortOrder:\n",
            redundant("enums: Interval", "day"),
        ),
        // The facade covers a part that the map gives a reason for.
        (
            "    shortname: [",
            "    version: not yet\n    shortname: [",
            "`fields: OperatingSystem: version:` has a reason instead of items, and the facade has \
             `OperatingSystem::version`: remove the line"
                .to_owned(),
        ),
    ] {
        assert_eq!(edited(from, to).check(&document()), [expected]);
    }
}

#[test]
fn items_must_be_public_items_of_the_facade() {
    let unknown = |place: &str, item: &str| {
        format!(
            "`{place}:` names `{item}`, which is not in the listing of the facade: fix the name, or, if the item is new, run `cargo xtask check --only api --accept`"
        )
    };
    for (from, to, expected) in [
        (
            "[Session::id]",
            "[Session::identifier]",
            unknown("fields: SessionInfo: sessionId", "Session::identifier"),
        ),
        // An item of another list, and one that only a trait has.
        (
            "[List<Videos>::tag]",
            "[List<LiveStreams>::tag]",
            unknown("operations: listVideos: parameters: tags[]", "List<LiveStreams>::tag"),
        ),
        (
            "[SessionHandle::events,",
            "[SessionHandle::clone,",
            unknown("operations: listSessionEvents: items", "SessionHandle::clone"),
        ),
        (
            "[Session::id]",
            "[]",
            "`fields: SessionInfo: sessionId:` is an empty list: name items, or write the reason why there are none"
                .to_owned(),
        ),
        (
            "token_type: it is always Bearer",
            "token_type: ''",
            "`fields: AccessToken: token_type:` is empty: write the reason for the absence of items".to_owned(),
        ),
        (
            "TimeseriesOrder: SeriesOrder",
            "TimeseriesOrder: SeriesOrders",
            "`types: TimeseriesOrder: SeriesOrders` is not a public type of the facade: fix the name".to_owned(),
        ),
        (
            "    type: MetricRequest",
            "    type: MetricRequests",
            "`operations: getMetric: type: MetricRequests` is not a public type of the facade: fix the name".to_owned(),
        ),
        // An item that the facade no longer has.
        (
            "pub apivideo::model::Location::city:",
            "pub apivideo::model::Location::town:",
            "the property `city` of Location is not covered: add `Location::city` to the facade, and to its listing by `cargo \
             xtask check --only api --accept`; or add the line `city: [its items]` or `city: the reason for their absence` under \
             `fields: Location:`"
                .to_owned(),
        ),
    ] {
        let broken = edited(from, to).check(&document());
        assert!(broken.contains(&expected), "{expected}\n{broken:#?}");
    }
}

#[test]
fn an_invalid_line_is_reported_with_its_place() {
    let parse = |text: &str| {
        let facade = Facade::parse(Path::new("map.yaml"), text, Listing::default());
        facade.unwrap_err().to_string()
    };
    let error = parse(
        "{ operations: {}, parameters: {}, headers: {}, types: {}, fields: { A: { b: 7 } }, enums: {} }",
    );
    assert!(
        error.starts_with("map.yaml is invalid:\n  at `fields.A.b`: "),
        "{error}"
    );
    let error = parse("operations: {}\nheaders: {}\nheaders: {}\n");
    assert!(error.starts_with("map.yaml:3:1: "), "{error}");
}
