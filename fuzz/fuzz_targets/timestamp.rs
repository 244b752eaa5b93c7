//! Parses arbitrary strings as times: a string is a point in time or unchanged, and values survive a round trip.
#![no_main]

use apivideo::core::wire::DateTime;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let first = parse(text);
    let printed = first.to_string();
    assert_eq!(
        parse(&printed),
        first,
        "{text:?} was printed as {printed:?}"
    );
    match &first {
        DateTime::Known(_) => assert_eq!(parse(&printed).to_string(), printed),
        DateTime::Unreadable(kept) => assert_eq!((kept.as_str(), printed.as_str()), (text, text)),
    }
});

fn parse(text: &str) -> DateTime {
    let Ok(time) = text.parse();
    time
}
