use super::*;

fn failed_events() -> Error {
    let cause = Error::new(ErrorKind::Service, "the service failed")
        .with_status(StatusCode::BAD_GATEWAY)
        .with_problem(Some(Problem::default()));
    Error::events("ps1".parse().unwrap(), cause)
}

#[test]
fn an_error_has_the_size_of_a_pointer_and_is_send_and_sync() {
    fn is_shareable<T: Send + Sync + Clone + 'static>() {}
    is_shareable::<Error>();
    assert_eq!(size_of::<Error>(), size_of::<usize>());
}

#[test]
fn predicates_and_accessors_consider_the_cause() {
    let error = failed_events();
    assert!(error.is_retryable() && !error.is_terminal() && !error.is_auth());
    assert_eq!(error.status(), Some(StatusCode::BAD_GATEWAY));
    assert_eq!(error.problem(), Some(&Problem::default()));
    assert_eq!(error.session_id().unwrap().as_str(), "ps1");
    assert_eq!(
        error.to_string(),
        "the events of session ps1 could not be read"
    );
    assert_eq!(
        StdError::source(&error).unwrap().to_string(),
        "the service failed"
    );
}

#[test]
fn debug_shows_the_message_and_the_causes() {
    let asset: AssetId = "video/vi1".parse().unwrap();
    let error = Error::asset(asset.clone(), failed_events());
    assert_eq!(
        format!("{error:?}"),
        "video/vi1 was skipped\n\nCaused by:\n    the events of session ps1 could not be read\n    the service failed"
    );
    assert_eq!(error.asset_id(), Some(&asset));
    assert_eq!(
        format!("{:?}", Error::input("invalid period")),
        "invalid period"
    );
}

#[test]
fn alternate_debug_shows_the_fields_that_are_set() {
    let shown = format!("{:#?}", failed_events());
    for part in [
        "kind: Events",
        "session: SessionId(\"ps1\")",
        "status: 502",
        "source: Error {",
    ] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    assert!(!shown.contains("cursor"), "{shown}");
}

#[test]
fn an_invalid_record_is_data_and_is_not_shown() {
    let id = Some("vi2".to_owned());
    let error = Error::invalid_record(1, id, r#"{"title":"secret"}"#, "data.title");
    assert_eq!(
        error.to_string(),
        "record 1 of the page (vi2) could not be decoded at `data.title`"
    );
    let record = error.record().unwrap();
    assert_eq!((record.index, record.id.as_deref()), (1, Some("vi2")));
    assert_eq!(record.path.as_deref(), Some("data.title"));
    assert_eq!(record.raw, r#"{"title":"secret"}"#);
    assert!(!format!("{error} {error:?} {error:#?}").contains("secret"));

    let error = Error::invalid_record(0, Some("a b".to_owned()), "7", "");
    assert_eq!(
        error.to_string(),
        "record 0 of the page could not be decoded"
    );
    assert_eq!(error.record().unwrap().id, None);
}

#[test]
fn kinds_have_a_name_in_snake_case() {
    for kind in [
        ErrorKind::RateLimited,
        ErrorKind::NotFound,
        ErrorKind::Asset,
    ] {
        let debug = format!("{kind:?}");
        let name = kind.to_string();
        assert_eq!(name.replace('_', ""), debug.to_lowercase());
    }
}
