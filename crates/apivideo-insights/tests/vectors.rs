//! Published examples with their published results.
#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]

mod common;

use common::published;

#[test]
fn published_vectors_have_their_published_results() {
    let mut checked = 0;
    for viewing in published() {
        let (expected, name) = (&viewing.expected, &viewing.name);
        let playback = viewing.playback();
        if let Some(seconds) = expected.watch_media_s {
            assert_eq!(playback.watch_seconds(), seconds, "{name}: watch time");
            checked += 1;
        }
        if let Some(seconds) = expected.unique_s {
            assert_eq!(playback.covered_seconds(), seconds, "{name}: unique");
        }
        if let Some(intervals) = &expected.intervals {
            let played: Vec<(f64, f64)> = (playback.intervals().iter())
                .map(|played| (played.from_seconds(), played.to_seconds()))
                .collect();
            assert_eq!(&played, intervals, "{name}: intervals");
        }
        if let Some(seconds) = expected.max_position_s {
            assert_eq!(
                playback.furthest_seconds(),
                Some(seconds),
                "{name}: furthest"
            );
        }
        if let (Some(percent), Some(length)) = (expected.engagement_pct, viewing.duration_s) {
            assert_eq!(100.0 * playback.watch_seconds() / length, percent, "{name}");
        }
    }
    assert_eq!(checked, 5);
}

#[test]
fn the_page_of_the_documentation_has_one_estimate() {
    let viewing = published().remove(0);
    let playback = viewing.playback();
    let estimated: Vec<usize> = (playback.intervals().iter().enumerate())
        .filter(|(_, played)| played.is_estimated())
        .map(|(index, _)| index)
        .collect();
    assert_eq!(estimated, [3]);
    assert_eq!(playback.playing_seconds(), 32.0);
    assert_eq!(playback.lower_seconds(), 24.0);
    assert_eq!(viewing.naive_seconds(), 38.0);
    assert_eq!(playback.visits(), 3);
    assert_eq!(playback.time_to_play_seconds(), None);
}

#[test]
fn pieces_add_up_to_intervals() {
    for viewing in published() {
        let playback = viewing.playback();
        let pieces = playback.pieces();
        let sum = |kept: fn(&apivideo_insights::PlayedPiece) -> bool| -> f64 {
            (pieces.iter())
                .filter(|piece| kept(piece))
                .map(|piece| piece.to_seconds() - piece.from_seconds())
                .sum()
        };
        assert_eq!(sum(|_| true), playback.watch_seconds(), "{}", viewing.name);
        assert_eq!(sum(|piece| !piece.is_rewatch()), playback.covered_seconds());
        let upper: f64 = pieces
            .iter()
            .map(apivideo_insights::PlayedPiece::upper_seconds)
            .sum();
        assert_eq!(upper, playback.upper_seconds());
    }
}
