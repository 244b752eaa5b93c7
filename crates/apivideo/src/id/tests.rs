use std::collections::HashMap;

use super::*;

#[test]
fn ids_of_any_prefix_and_length_are_valid() {
    for id in [
        "vi4k0jvEUuaTdRAEjQ4Prklg",
        "psEmFwGQUAXR2lFHj5nDOpy",
        "sessionId",
        "a",
        "x-y_z",
    ] {
        assert_eq!(id.parse::<SessionId>().unwrap().as_str(), id);
    }
}

#[test]
fn an_id_that_is_not_a_single_path_segment_is_rejected_with_the_reason() {
    let long = "a".repeat(65);
    for (id, reason) in [
        ("", "it is empty"),
        ("..", "it contains '.'"),
        ("a/b", "it contains '/'"),
        ("a\\b", "it contains '\\\\'"),
        ("a?b", "it contains '?'"),
        ("a%2e", "it contains '%'"),
        ("vié", "it contains 'é'"),
        ("plays", "it is reserved for another route"),
        (long.as_str(), "longer than 64"),
    ] {
        let error = id.parse::<VideoId>().unwrap_err().to_string();
        assert!(error.contains(reason), "{id}: {error}");
        assert!(error.contains("invalid video id"), "{error}");
    }
}

#[test]
fn ids_are_checked_when_deserialized() {
    let id: LiveStreamId = serde_json::from_str("\"li400\"").unwrap();
    assert_eq!(serde_json::to_string(&id).unwrap(), "\"li400\"");
    assert!(serde_json::from_str::<LiveStreamId>("\"li/400\"").is_err());
}

#[test]
fn a_map_of_ids_is_searched_by_str() {
    let map = HashMap::from([(SessionId::new("ps1").unwrap(), 7)]);
    assert_eq!(map.get("ps1"), Some(&7));
    assert!(SessionId::new("ps1").unwrap() == "ps1");
}

#[test]
fn asset_ids_round_trip_as_strings_and_json() {
    for (asset, json) in [
        ("video/vi1", r#"{"videoId":"vi1"}"#),
        ("live-stream/li1", r#"{"liveStreamId":"li1"}"#),
    ] {
        let id: AssetId = asset.parse().unwrap();
        assert_eq!(id.to_string(), asset);
        assert_eq!(serde_json::to_string(&id).unwrap(), json);
        assert_eq!(serde_json::from_str::<AssetId>(json).unwrap(), id);
    }
}

#[test]
fn an_asset_id_without_a_known_kind_is_rejected() {
    for asset in ["vi1", "videos/vi1", "video/", "video/a/b", ""] {
        let error = asset.parse::<AssetId>().unwrap_err();
        assert_eq!(error.kind(), crate::ErrorKind::Input);
    }
}

#[test]
fn references_to_ids_convert_to_asset_ids() {
    let video: VideoId = "vi1".parse().unwrap();
    let live_stream: LiveStreamId = "li1".parse().unwrap();
    let asset = AssetId::from(&video);
    assert_eq!(asset, AssetId::Video(video.clone()));
    assert_eq!(
        AssetId::from(&live_stream),
        AssetId::LiveStream(live_stream)
    );
    assert_eq!(AssetId::from(&asset), AssetId::from(video));
}
