use super::*;

string_enum! {
    /// Sizes.
    open Size, "size" {
        /// Small.
        Small = "s",
        /// Large.
        Large = "l",
    }
}

string_enum! {
    /// Kinds.
    received Kind {
        /// The first kind.
        First = "first",
    }
}

string_enum! {
    /// Directions.
    closed Direction, "direction" {
        /// Up.
        Up = "up",
    }
}

#[test]
fn known_values_round_trip() {
    assert_eq!(
        (Kind::KNOWN, Direction::KNOWN),
        (&[Kind::First][..], &[Direction::Up][..])
    );
    for size in Size::KNOWN {
        assert_eq!(size.as_str().parse::<Size>().unwrap(), *size);
        assert_eq!(Size::other(size.as_str()).unwrap(), *size);
    }
    assert_eq!(Direction::Up.to_string(), "up");
    assert_eq!("up".parse::<Direction>().unwrap(), Direction::Up);
}

#[test]
fn from_str_rejects_an_unknown_value_and_names_the_known_ones() {
    assert_eq!(
        "xl".parse::<Size>().unwrap_err().to_string(),
        "invalid size \"xl\": expected s or l"
    );
    assert_eq!(
        "left".parse::<Direction>().unwrap_err().to_string(),
        "invalid direction \"left\": expected up"
    );
    assert_eq!("second".parse::<Kind>().unwrap().as_str(), "second");
}

#[test]
fn other_accepts_a_value_that_is_safe_in_a_path() {
    assert_eq!(Size::other("x-large").unwrap().as_str(), "x-large");
    for value in ["", "..", ".a", "a/b", "a?b", "a b", "é", &"a".repeat(65)] {
        let error = Size::other(value).unwrap_err().to_string();
        assert!(error.starts_with("invalid size"), "{error}");
    }
    assert!(check_segments("metric", "ccv/live").is_ok());
    for value in ["ccv", "ccv/", "/live", "a/b/c", "../x"] {
        assert!(check_segments("metric", value).is_err(), "{value}");
    }
    assert_eq!(Kind::other("a b/é").unwrap().as_str(), "a b/é");
}

#[test]
fn other_values_survive_serialization() {
    for size in [Size::Small, Size::other("xl").unwrap()] {
        let json = serde_json::to_string(&size).unwrap();
        assert_eq!(json, format!("\"{size}\""));
        assert_eq!(serde_json::from_str::<Size>(&json).unwrap(), size);
    }
    assert!(serde_json::from_str::<Size>("\"a/b\"").is_err());
    assert!(serde_json::from_str::<Direction>("\"down\"").is_err());
    assert_eq!(serde_json::from_str::<Kind>("\"\"").unwrap().as_str(), "");
}
