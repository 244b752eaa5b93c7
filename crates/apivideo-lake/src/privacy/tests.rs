use super::*;
use crate::{format, row};

const SALT: &[u8] = b"a salt of sixteen bytes or more";

fn applied(privacy: &Privacy, session: &str) -> Row {
    let asset = "video/vi1".parse().unwrap();
    let mut row = row::session(&asset, &serde_json::from_str(session).unwrap());
    privacy.apply(&mut row);
    row
}

#[test]
fn dropped_fields_are_null_and_hashed_fields_stay_equal() {
    let session = r#"{"session":{"sessionId":"ps1","metadata":[{"key":"userId","value":"u7"},{"key":"n","value":7}]},
        "location":{"country":"France","city":"Paris"}}"#;
    let privacy = Privacy::new()
        .drop("city")
        .unwrap()
        .drop("metadata.n")
        .unwrap();
    let privacy = privacy
        .hash("metadata.userId", SALT)
        .unwrap()
        .hash("country", SALT)
        .unwrap();
    let row = applied(&privacy, session);
    assert_eq!(row.cell("location_city"), Some(&Cell::Null));
    let Some(Cell::String(country)) = row.cell("location_country") else {
        panic!()
    };
    assert_eq!(country.len(), 64);
    assert_eq!(row, applied(&privacy, session));
    let Some(Cell::Json(metadata)) = row.cell("metadata") else {
        panic!()
    };
    assert_eq!(metadata.as_object().unwrap().len(), 1);
    // The output of `printf u7 | openssl dgst -sha256 -hmac "a salt of sixteen bytes or more"`.
    assert_eq!(
        metadata["userId"],
        "a16e651198942e390415397898581f748a67901ab8bf0196dc5a4a0984c6d8bf"
    );
    assert!(!format!("{row:?}").contains("u7"));
}

#[test]
fn names_of_fields_are_resolved_and_never_ambiguous() {
    for name in ["city", "location.city", "location_city"] {
        assert_eq!(Target::parse(name).unwrap().name(), "location_city");
    }
    assert_eq!(Target::parse("metadata").unwrap().name(), "metadata");
    for (name, why) in [
        ("version", "write os.version or client.version"),
        ("sessionId", "a lake needs"),
        ("loaded_at", "a lake needs"),
        ("asset_id", "a lake needs"),
        ("", "invalid field \"\""),
        (
            "town",
            "invalid field \"town\": expected session.metadata, location.country",
        ),
        ("metadata.", "invalid field"),
    ] {
        let error = Target::parse(name).unwrap_err().to_string();
        assert!(error.contains(why), "{name}: {error}");
    }
    assert!(Privacy::new().hash("metadata", SALT).is_err());
}

#[test]
fn fields_of_unexpected_types_are_dropped_and_hashed_as_well() {
    let privacy = Privacy::new()
        .drop("city")
        .unwrap()
        .drop("metadata.plan")
        .unwrap()
        .hash("country", SALT)
        .unwrap();
    for session in [
        r#"{"session":{"sessionId":"ps1"},"location":{"city":["SECRET"],"country":["SECRET"]}}"#,
        r#"{"session":{"sessionId":"ps1"},"location":"SECRET"}"#,
        r#"{"session":{"sessionId":"ps1","metadata":[{"key":"plan","value":"SECRET","more":"SECRET"}]}}"#,
        r#"{"session":{"sessionId":"ps1","metadata":{"plan":"SECRET"}}}"#,
        r#"{"session":{"sessionId":"ps1","metadata":"plan=SECRET"}}"#,
    ] {
        let mut line = String::new();
        format::write_row(&applied(&privacy, session), &mut line);
        assert!(!line.contains("SECRET"), "{session}: {line}");
    }
}

#[test]
fn debug_output_has_no_salt_and_salts_must_not_differ() {
    let privacy = Privacy::new().hash("city", SALT).unwrap();
    assert!(!format!("{privacy:?}").contains("sixteen"));
    let other = Privacy::new()
        .hash("city", b"another salt of that length")
        .unwrap();
    assert_ne!(privacy.salt_fingerprint(), other.salt_fingerprint());
    assert!(
        privacy
            .hash("country", b"another salt of that length")
            .is_err()
    );
}
